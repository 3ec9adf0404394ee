//! Mathematics on paper: one tree for LaTeX, MathML and plain text.

use std::fmt::Write;

/// A piece of mathematics.
#[derive(Clone, Debug, PartialEq)]
pub enum Math {
    /// A number, shown with up to eight digits.
    Number(f64),
    /// A name.
    Name(String),
    /// A sign between others: `+`, `−`, `·`, `=`, `←`, `∈`, …
    Operator(&'static str),
    /// Words.
    Words(String),
    /// One behind the other.
    Row(Vec<Self>),
    /// (a).
    Fenced(Box<Self>),
    /// |a|.
    Absolute(Box<Self>),
    /// a over b.
    Fraction(Box<Self>, Box<Self>),
    /// √a.
    Root(Box<Self>),
    /// a with b above.
    Superscript(Box<Self>, Box<Self>),
    /// a with b below.
    Subscript(Box<Self>, Box<Self>),
    /// A letter with a hat.
    Hat(String),
    /// A function's name and its arguments.
    Call(&'static str, Vec<Self>),
}

impl Math {
    /// One behind the other.
    pub fn row(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::Row(parts.into_iter().collect())
    }

    /// Words.
    pub fn words(text: impl Into<String>) -> Self {
        Self::Words(text.into())
    }

    /// A name; digits at its end become its index.
    pub fn name(name: &str) -> Self {
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &name[letters.len()..];
        let letters = letters
            .strip_suffix('_')
            .filter(|l| !l.is_empty())
            .unwrap_or(letters);
        if digits.is_empty() || letters.is_empty() {
            return Self::Name(name.to_owned());
        }
        Self::Name(letters.to_owned()).below(Self::Words(digits.to_owned()))
    }

    /// This with an index.
    #[must_use]
    pub fn below(self, index: Self) -> Self {
        Self::Subscript(Box::new(self), Box::new(index))
    }

    /// This to a power.
    #[must_use]
    pub fn above(self, exponent: Self) -> Self {
        Self::Superscript(Box::new(self), Box::new(exponent))
    }

    /// a over b.
    pub fn fraction(a: Self, b: Self) -> Self {
        Self::Fraction(Box::new(a), Box::new(b))
    }

    /// ∂a/∂b.
    pub fn partial(a: Self, b: Self) -> Self {
        let of = |what| Self::row([Self::Operator("∂"), what]);
        Self::fraction(of(a), of(b))
    }

    /// A number, in parentheses where it is negative: as a factor or behind a sign.
    pub fn factor(value: f64) -> Self {
        match value < 0.0 {
            true => Self::Fenced(Box::new(Self::Number(value))),
            false => Self::Number(value),
        }
    }

    /// As LaTeX, without dollar signs.
    pub fn to_latex(&self) -> String {
        match self {
            Self::Number(value) => latex_number(*value),
            Self::Name(name) => latex_name(name),
            Self::Operator(sign) => latex_operator(sign).to_owned(),
            Self::Words(text) => format!("\\text{{{}}}", latex_escaped(text)),
            Self::Row(parts) => parts
                .iter()
                .map(Self::to_latex)
                .collect::<Vec<_>>()
                .join(" "),
            Self::Fenced(a) => format!("\\left({}\\right)", a.to_latex()),
            Self::Absolute(a) => format!("\\left|{}\\right|", a.to_latex()),
            Self::Fraction(a, b) => format!("\\frac{{{}}}{{{}}}", a.to_latex(), b.to_latex()),
            Self::Root(a) => format!("\\sqrt{{{}}}", a.to_latex()),
            Self::Superscript(a, b) => format!("{{{}}}^{{{}}}", a.to_latex(), b.to_latex()),
            Self::Subscript(a, b) => format!("{}_{{{}}}", a.to_latex(), b.to_latex()),
            Self::Hat(letter) => format!("\\hat{{{letter}}}"),
            Self::Call(name, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(Self::to_latex).collect();
                format!(
                    "\\operatorname{{{name}}}\\left({}\\right)",
                    arguments.join(", ")
                )
            }
        }
    }

    /// As a MathML element, as browsers show it without any program or font from elsewhere.
    pub fn to_mathml(&self) -> String {
        let mut text = String::new();
        self.write_mathml(&mut text);
        text
    }

    fn write_mathml(&self, out: &mut String) {
        let mut element = |name: &str, children: &[&Self]| {
            let _ = write!(out, "<{name}>");
            for child in children {
                child.write_mathml(out);
            }
            let _ = write!(out, "</{name}>");
        };
        match self {
            Self::Number(value) => {
                let (sign, size) = match *value < 0.0 {
                    true => ("<mo form=\"prefix\">−</mo>", -value),
                    false => ("", *value),
                };
                let _ = write!(out, "<mrow>{sign}<mn>{}</mn></mrow>", number(size));
            }
            Self::Name(name) => {
                let _ = write!(out, "<mi>{}</mi>", escaped(name));
            }
            Self::Operator(sign) => {
                let _ = write!(out, "<mo>{}</mo>", escaped(sign));
            }
            Self::Words(text) => {
                let _ = write!(out, "<mtext>{}</mtext>", escaped(text));
            }
            Self::Row(parts) => element("mrow", &parts.iter().collect::<Vec<_>>()),
            Self::Fenced(a) => element("mrow", &[&Self::Operator("("), a, &Self::Operator(")")]),
            Self::Absolute(a) => element("mrow", &[&Self::Operator("|"), a, &Self::Operator("|")]),
            Self::Fraction(a, b) => element("mfrac", &[a, b]),
            Self::Root(a) => element("msqrt", &[a]),
            Self::Superscript(a, b) => element("msup", &[a, b]),
            Self::Subscript(a, b) => element("msub", &[a, b]),
            Self::Hat(letter) => {
                let _ = write!(
                    out,
                    "<mover accent=\"true\"><mi>{letter}</mi><mo>^</mo></mover>"
                );
            }
            Self::Call(name, arguments) => {
                let _ = write!(out, "<mrow><mi>{name}</mi><mo>(</mo>");
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        out.push_str("<mo>,</mo>");
                    }
                    argument.write_mathml(out);
                }
                out.push_str("<mo>)</mo></mrow>");
            }
        }
    }

    /// As plain Unicode text.
    pub fn to_text(&self) -> String {
        match self {
            Self::Number(value) => number(*value),
            Self::Name(name) => name.clone(),
            Self::Operator("\u{2062}") => "·".to_owned(),
            Self::Operator(sign @ ("(" | ")" | "|" | "·" | "∂" | "Σ")) => (*sign).to_owned(),
            Self::Operator(sign) => format!(" {sign} "),
            Self::Words(text) => text.clone(),
            Self::Row(parts) => {
                let text: String = parts.iter().map(Self::to_text).collect();
                // A sign that begins something stands close.
                match text.strip_prefix(" − ") {
                    Some(rest) => format!("−{rest}"),
                    None => text,
                }
            }
            Self::Fenced(a) => format!("({})", a.to_text()),
            Self::Absolute(a) => format!("|{}|", a.to_text()),
            Self::Fraction(a, b) => format!("{}/{}", a.simple_or_fenced(), b.simple_or_fenced()),
            Self::Root(a) => format!("√{}", a.simple_or_fenced()),
            Self::Superscript(a, b) => superscript(a, b),
            Self::Subscript(a, b) => format!("{}{}", a.to_text(), subscript(&b.to_text())),
            Self::Hat(letter) => format!("{letter}\u{302}"),
            Self::Call(name, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(Self::to_text).collect();
                format!("{name}({})", arguments.join(", "))
            }
        }
    }

    fn simple_or_fenced(&self) -> String {
        let text = self.to_text();
        match text.contains([' ', '·', '/']) {
            true => format!("({text})"),
            false => text,
        }
    }
}

/// Up to eight digits, with a true minus.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let rounded: f64 = format!("{value:.7e}").parse().unwrap_or(value);
    let size = rounded.abs();
    let text = match size == 0.0 || (1e-4..1e9).contains(&size) {
        true => (rounded + 0.0).to_string(),
        false => format!("{rounded:e}"),
    };
    text.replace('-', "−")
}

fn latex_number(value: f64) -> String {
    let text = number(value).replace('−', "-");
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{digits} \\cdot 10^{{{exponent}}}"),
        None => text.replace("inf", "\\infty"),
    }
}

fn latex_name(name: &str) -> String {
    match (name, name.chars().count()) {
        ("α", _) => "\\alpha".to_owned(),
        ("β", _) => "\\beta".to_owned(),
        ("μ", _) => "\\mu".to_owned(),
        ("σ", _) => "\\sigma".to_owned(),
        ("δ", _) => "\\delta".to_owned(),
        (_, 1) => name.to_owned(),
        _ => format!("\\mathit{{{}}}", latex_escaped(name)),
    }
}

fn latex_escaped(text: &str) -> String {
    let special = |c: char| matches!(c, '_' | '%' | '&' | '#' | '$' | '{' | '}');
    let escape = |c: char| match c {
        '\\' => "\\textbackslash{}".to_owned(),
        c if special(c) => format!("\\{c}"),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

fn latex_operator(sign: &'static str) -> &'static str {
    match sign {
        "−" => "-",
        "·" => "\\cdot",
        "\u{2062}" => "\\,",
        "←" => "\\leftarrow",
        "∂" => "\\partial",
        "Σ" => "\\sum",
        "≤" => "\\le",
        "≈" => "\\approx",
        "…" => "\\dots",
        other => other,
    }
}

/// Text as HTML and XML hold it.
pub fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        c if c.is_control() && c != '\n' => " ".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

fn superscript(a: &Math, b: &Math) -> String {
    let base = a.to_text();
    match b {
        Math::Number(2.0) => format!("{base}²"),
        Math::Number(3.0) => format!("{base}³"),
        _ => format!("{base}^{}", b.simple_or_fenced()),
    }
}

fn subscript(text: &str) -> String {
    let lower = |c: char| match c.to_digit(10) {
        Some(digit) => char::from_u32('₀' as u32 + digit).unwrap_or(c),
        None => c,
    };
    match text.chars().all(|c| c.is_ascii_digit()) {
        true => text.chars().map(lower).collect(),
        false => format!("_{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_eight_digits() {
        for (value, text) in [
            (3.679_999_999_999_999_7, "3.68"),
            (-8.0, "−8"),
            (-0.0, "0"),
            (1e-300, "1e−300"),
            (123_456.789, "123456.79"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn one_tree_in_three_languages() {
        let slope = Math::partial(Math::name("J"), Math::name("w1"));
        let whole = Math::row([slope, Math::Operator("="), Math::Number(-40.0)]);
        assert_eq!(
            whole.to_latex(),
            "\\frac{\\partial J}{\\partial w_{\\text{1}}} = -40"
        );
        assert_eq!(whole.to_text(), "∂J/∂w₁ = −40");
        assert_eq!(
            whole.to_mathml(),
            "<mrow><mfrac><mrow><mo>∂</mo><mi>J</mi></mrow><mrow><mo>∂</mo><msub><mi>w</mi>\
             <mtext>1</mtext></msub></mrow></mfrac><mo>=</mo><mrow><mo form=\"prefix\">−</mo>\
             <mn>40</mn></mrow></mrow>"
        );
    }
}
