//! Formulas in LaTeX.

use super::expression::{ATOM, Binding, NEGATIVE, POWER, PRODUCT, SUM, name_binding};
use super::{Expression, Show, Symbol, number};
use crate::numbers::recorded::{Binary, Unary};

impl Expression {
    /// The formula in LaTeX, without the dollars around it.
    pub fn latex(&self, show: Show<'_>) -> String {
        self.set(show).0
    }

    fn set(&self, show: Show<'_>) -> (String, Binding) {
        match self {
            Self::Number(value) => set_number(*value),
            Self::Symbol(symbol) if show == Show::Values => set_number(symbol.value),
            Self::Symbol(symbol) => (set_symbol(symbol, show), name_binding(&symbol.name)),
            Self::Unary(function, x) => unary(*function, x, show),
            Self::Binary(operation, a, b) => binary(*operation, a, b, show),
        }
    }

    fn set_at_least(&self, binding: Binding, show: Show<'_>) -> String {
        let (text, own) = self.set(show);
        if own < binding {
            format!(r"\left({text}\right)")
        } else {
            text
        }
    }
}

fn set_number(value: f64) -> (String, Binding) {
    let text = number::latex(value);
    let binding = match value {
        _ if value.is_sign_negative() => NEGATIVE,
        _ if text.contains("cdot") => PRODUCT,
        _ => ATOM,
    };
    (text, binding)
}

fn set_symbol(symbol: &Symbol, show: Show<'_>) -> String {
    let mut text = name(&symbol.name);
    if symbol.is_old {
        text = format!(r"{{{text}}}^{{\text{{old}}}}");
    }
    if let (Some(component), Show::Components(names)) = (symbol.component, show) {
        let parameter = names.get(component).cloned();
        let parameter = parameter.unwrap_or_else(|| (component + 1).to_string());
        text = format!(r"{{{text}}}_{{\text{{{parameter}}}}}");
    }
    text
}

fn unary(function: Unary, x: &Expression, show: Show<'_>) -> (String, Binding) {
    let inside = || x.latex(show);
    match function {
        Unary::Negation => (format!("-{}", x.set_at_least(POWER, show)), NEGATIVE),
        Unary::SquareRoot => (format!(r"\sqrt{{{}}}", inside()), ATOM),
        Unary::Square => (format!("{}^2", x.set_at_least(ATOM, show)), POWER),
        Unary::Absolute => (format!(r"\left|{}\right|", inside()), ATOM),
        Unary::Sign => (
            format!(r"\operatorname{{sign}}\left({}\right)", inside()),
            ATOM,
        ),
        Unary::Function(name) => (format!(r"\{name}\left({}\right)", inside()), ATOM),
    }
}

fn binary(operation: Binary, a: &Expression, b: &Expression, show: Show<'_>) -> (String, Binding) {
    let joined = |sign: &str, binding: Binding| {
        let left = a.set_at_least(binding, show);
        let right = b.set_at_least(binding + 1, show);
        (format!("{left}{sign}{right}"), binding)
    };
    let pair = |function: &str| {
        let text = format!(
            r"{function}\left({}, {}\right)",
            a.latex(show),
            b.latex(show)
        );
        (text, ATOM)
    };
    match operation {
        Binary::Sum => joined(" + ", SUM),
        Binary::Difference => joined(" - ", SUM),
        Binary::Product => joined(r" \cdot ", PRODUCT),
        Binary::Quotient => (
            format!(r"\frac{{{}}}{{{}}}", a.latex(show), b.latex(show)),
            POWER,
        ),
        Binary::Power => (
            format!("{}^{{{}}}", a.set_at_least(ATOM, show), b.latex(show)),
            POWER,
        ),
        Binary::Larger => pair(r"\max"),
        Binary::Smaller => pair(r"\min"),
    }
}

/// A symbol of the cards in LaTeX: `β₁ᵗ` is `\beta_{1}^{t}`.
pub(super) fn name(symbol: &str) -> String {
    let (mut out, mut last) = (String::new(), String::new());
    let mut rest = symbol.chars().peekable();
    while let Some(c) = rest.next() {
        if let Some(accent) = accent(c) {
            last = format!(r"{accent}{{{}}}", last.trim_end());
        } else if let Some((mark, mut text)) = small(c) {
            while let Some((_, more)) = rest.peek().and_then(|&c| small(c)).filter(|s| s.0 == mark)
            {
                text.push_str(more.as_str());
                rest.next();
            }
            last += &format!("{mark}{{{text}}}");
        } else {
            out += &std::mem::take(&mut last);
            last = plain(c, &mut rest);
        }
    }
    out += &last;
    out.trim_end().to_owned()
}

/// An accent over the letter before.
fn accent(c: char) -> Option<&'static str> {
    match c {
        '\u{302}' => Some(r"\hat"),
        '\u{303}' => Some(r"\tilde"),
        '\u{304}' => Some(r"\bar"),
        _ => None,
    }
}

/// A raised or lowered character: where it stands, and what it is.
fn small(c: char) -> Option<(char, String)> {
    const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉";
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    for (mark, digits) in [('_', LOWERED), ('^', RAISED)] {
        if let Some(digit) = digits.chars().position(|digit| digit == c) {
            return Some((mark, digit.to_string()));
        }
    }
    let (mark, text) = match c {
        '₊' => ('_', "+"),
        '₋' => ('_', "-"),
        '∞' => ('_', r"\infty"),
        'ᵢ' => ('_', "i"),
        'ₖ' => ('_', "k"),
        'ₙ' => ('_', "n"),
        '⁺' => ('^', "+"),
        '⁻' => ('^', "-"),
        'ᵗ' => ('^', "t"),
        'ᵀ' => ('^', "T"),
        '*' => ('^', "*"),
        _ => return None,
    };
    Some((mark, text.to_owned()))
}

/// Any other character; a word of the alphabet is set upright as one.
fn plain(c: char, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    const GREEK: [(char, &str); 27] = [
        ('α', "alpha"),
        ('β', "beta"),
        ('γ', "gamma"),
        ('δ', "delta"),
        ('ε', "varepsilon"),
        ('η', "eta"),
        ('θ', "theta"),
        ('κ', "kappa"),
        ('λ', "lambda"),
        ('μ', "mu"),
        ('ν', "nu"),
        ('π', "pi"),
        ('ρ', "rho"),
        ('σ', "sigma"),
        ('τ', "tau"),
        ('φ', "varphi"),
        ('χ', "chi"),
        ('ψ', "psi"),
        ('Δ', "Delta"),
        ('Π', "Pi"),
        ('Σ', "Sigma"),
        ('∇', "nabla"),
        ('‖', "Vert"),
        ('·', "cdot"),
        ('√', "surd"),
        ('⟨', "langle"),
        ('⟩', "rangle"),
    ];
    if let Some((_, name)) = GREEK.iter().find(|(greek, _)| *greek == c) {
        return format!(r"\{name} ");
    }
    match c {
        '−' => "-".to_owned(),
        'û' => r"\hat{u}".to_owned(),
        'ŝ' => r"\hat{s}".to_owned(),
        _ if c.is_ascii_alphabetic() => {
            let mut word = c.to_string();
            while let Some(next) = rest.next_if(char::is_ascii_alphabetic) {
                word.push(next);
            }
            if word.len() > 1 {
                format!(r"\text{{{word}}}")
            } else {
                word
            }
        }
        _ => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::expression::tests::{of, symbol};
    use super::*;

    #[test]
    fn symbols_of_the_cards_are_set() {
        for (symbol, latex) in [
            ("β₁ᵗ", r"\beta _{1}^{t}"),
            ("m\u{302}", r"\hat{m}"),
            ("ŝ", r"\hat{s}"),
            ("θ⁻", r"\theta ^{-}"),
            ("ε_r", r"\varepsilon _r"),
            ("pairs", r"\text{pairs}"),
            ("β₂ᵗ⁻¹", r"\beta _{2}^{t-1}"),
            ("J⟨2⟩", r"J\langle 2\rangle"),
        ] {
            assert_eq!(name(symbol), latex, "{symbol}");
        }
    }

    #[test]
    fn quotients_are_fractions() {
        let (m, root) = (symbol("m", Some(0), -2.0), symbol("v", Some(0), 1e-8));
        let root = Expression::Unary(Unary::SquareRoot, Box::new(root));
        let quotient = of(Binary::Quotient, m, root);
        assert_eq!(quotient.latex(Show::Names), r"\frac{m}{\sqrt{v}}");
        assert_eq!(
            quotient.latex(Show::Values),
            r"\frac{-2}{\sqrt{1\cdot 10^{-8}}}"
        );
    }
}
