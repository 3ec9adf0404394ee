//! A formula as it was worked out once, in symbols and in numbers.

use super::shortest;
use crate::numbers::recorded::{Binary, Unary};

/// How a number came about from others that have names, or are constants.
///
/// Written out it keeps every grouping of the arithmetic, so that the numbers in it give the
/// result when they are worked out in double precision from left to right: to the last bit, but
/// for quotients by what several runs have in common, which are worked out as products with the
/// reciprocal.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A constant of the formula.
    Number(f64),
    /// Something with a name.
    Symbol(Symbol),
    /// A function of one number.
    Unary(Unary, Box<Expression>),
    /// An operation on two numbers.
    Binary(Binary, Box<Expression>, Box<Expression>),
}

/// Something with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// As in the rule's formula.
    pub name: String,
    /// Which parameter it belongs to, where it is one of several.
    pub component: Option<usize>,
    /// Whether it stands for what was remembered before this step, where this step has replaced
    /// it already.
    pub is_old: bool,
    /// Its value.
    pub value: f64,
}

/// What stands in place of symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show<'a> {
    /// Names alone, where all belong to the same parameter.
    Names,
    /// Names with those of their parameters: `g[w1]`.
    Components(&'a [String]),
    /// Values, with all their digits.
    Values,
    /// Values in six digits, to be read.
    Rounded,
}

impl Show<'_> {
    fn is_of_values(self) -> bool {
        matches!(self, Self::Values | Self::Rounded)
    }
}

/// How tightly a text holds together: a sum, a product, a power, a single thing.
pub(super) type Binding = u8;
pub(super) const NEGATIVE: Binding = 0;
pub(super) const SUM: Binding = 1;
pub(super) const PRODUCT: Binding = 2;
pub(super) const POWER: Binding = 3;
pub(super) const ATOM: Binding = 4;

/// A part of a formula as it is written: a name or its value, or what stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As it is written.
    pub text: String,
    /// The name of the symbol that it is, or is the value of; none for signs and constants.
    pub symbol: Option<String>,
}

/// A text in pieces, while it is put together.
#[derive(Default)]
struct Text(Vec<Piece>);

impl Text {
    fn of(text: String, symbol: &Symbol) -> Self {
        Self(vec![Piece {
            text,
            symbol: Some(symbol.name.clone()),
        }])
    }

    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut().filter(|last| last.symbol.is_none()) {
            Some(last) => last.text.push_str(text),
            None => self.0.push(Piece {
                text: text.to_owned(),
                symbol: None,
            }),
        }
    }

    fn append(&mut self, other: Self) {
        for piece in other.0 {
            match piece.symbol {
                Some(_) => self.0.push(piece),
                None => self.push(&piece.text),
            }
        }
    }

    fn within(self, before: &str, after: &str) -> Self {
        let mut text = Self::default();
        text.push(before);
        text.append(self);
        text.push(after);
        text
    }

    fn joined(self, between: &str, other: Self) -> Self {
        let mut text = self;
        text.push(between);
        text.append(other);
        text
    }
}

impl Expression {
    /// The formula in Unicode mathematics.
    pub fn text(&self, show: Show<'_>) -> String {
        let pieces = self.pieces(show).into_iter();
        pieces.map(|piece| piece.text).collect()
    }

    /// The same in pieces, each with the symbol that it stands for.
    pub fn pieces(&self, show: Show<'_>) -> Vec<Piece> {
        self.written(show).0.0
    }

    fn written(&self, show: Show<'_>) -> (Text, Binding) {
        match self {
            Self::Number(value) => {
                let (text, binding) = number(*value, show);
                let mut written = Text::default();
                written.push(&text);
                (written, binding)
            }
            Self::Symbol(symbol) if show.is_of_values() => {
                let (text, binding) = number(symbol.value, show);
                (Text::of(text, symbol), binding)
            }
            Self::Symbol(symbol) => {
                let text = symbol.text(show);
                let binding = name_binding(&text);
                (Text::of(text, symbol), binding)
            }
            Self::Unary(function, x) => unary(*function, x, show),
            Self::Binary(operation, a, b) => binary(*operation, a, b, show),
        }
    }

    fn at_least(&self, binding: Binding, show: Show<'_>) -> Text {
        let (text, own) = self.written(show);
        if own < binding {
            text.within("(", ")")
        } else {
            text
        }
    }

    /// Every symbol in it, from left to right.
    pub fn symbols(&self) -> Vec<&Symbol> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Symbol(symbol) => vec![symbol],
            Self::Unary(_, x) => x.symbols(),
            Self::Binary(_, a, b) => [a.symbols(), b.symbols()].concat(),
        }
    }
}

impl Symbol {
    /// The name, with what tells it apart.
    pub(super) fn text(&self, show: Show<'_>) -> String {
        let mut text = self.name.clone();
        if self.is_old {
            text += "(old)";
        }
        if let (Some(component), Show::Components(names)) = (self.component, show) {
            let name = names.get(component).cloned();
            text += &format!("[{}]", name.unwrap_or_else(|| (component + 1).to_string()));
        }
        text
    }
}

fn number(value: f64, show: Show<'_>) -> (String, Binding) {
    let value = match show {
        Show::Rounded => format!("{value:.5e}").parse().unwrap_or(value),
        _ => value,
    };
    let binding = match value {
        _ if value.is_sign_negative() => NEGATIVE,
        _ if value != 0.0 && !(1e-5..1e16).contains(&value) => POWER,
        _ => ATOM,
    };
    (shortest(value), binding)
}

/// How tightly a name holds together: `g⁻·d⁻` is a product to the eye.
pub(super) fn name_binding(name: &str) -> Binding {
    match () {
        () if name.contains(['·', '+', '−', '/', '^', ' ']) => SUM,
        () if name.ends_with(['ᵗ', '²', '¹', '⁻', '⁺']) => POWER,
        () => ATOM,
    }
}

fn unary(function: Unary, x: &Expression, show: Show<'_>) -> (Text, Binding) {
    let inside = || x.written(show).0;
    match function {
        Unary::Negation => (x.at_least(POWER, show).within("−", ""), NEGATIVE),
        Unary::SquareRoot => (x.at_least(ATOM, show).within("√", ""), ATOM),
        Unary::Square => (x.at_least(ATOM, show).within("", "²"), POWER),
        Unary::Absolute => (inside().within("|", "|"), ATOM),
        Unary::Sign => (inside().within("sign(", ")"), ATOM),
        Unary::Function(name) => (inside().within(&format!("{name}("), ")"), ATOM),
    }
}

fn binary(operation: Binary, a: &Expression, b: &Expression, show: Show<'_>) -> (Text, Binding) {
    let joined = |sign: &str, binding: Binding| {
        let (left, right) = (a.at_least(binding, show), b.at_least(binding + 1, show));
        (left.joined(sign, right), binding)
    };
    let of_both = |name: &str| {
        let (a, b) = (a.written(show).0, b.written(show).0);
        (a.joined(", ", b).within(&format!("{name}("), ")"), ATOM)
    };
    match operation {
        Binary::Sum => joined(" + ", SUM),
        Binary::Difference => joined(" − ", SUM),
        Binary::Product => joined("·", PRODUCT),
        Binary::Quotient => joined("/", PRODUCT),
        Binary::Power => {
            let (base, exponent) = (a.at_least(ATOM, show), b.at_least(ATOM, show));
            (base.joined("^", exponent), POWER)
        }
        Binary::Larger => of_both("max"),
        Binary::Smaller => of_both("min"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn symbol(name: &str, component: Option<usize>, value: f64) -> Expression {
        Expression::Symbol(Symbol {
            name: name.into(),
            component,
            is_old: false,
            value,
        })
    }

    pub fn of(operation: Binary, a: Expression, b: Expression) -> Expression {
        Expression::Binary(operation, Box::new(a), Box::new(b))
    }

    #[test]
    fn formulas_keep_their_grouping() {
        let (a, b) = (symbol("a", None, -1.5), symbol("β₁ᵗ", None, 1e-8));
        let sum = of(Binary::Sum, a.clone(), b.clone());
        let product = of(Binary::Product, sum.clone(), sum.clone());
        let root = Expression::Unary(Unary::SquareRoot, Box::new(sum.clone()));
        let square = Expression::Unary(Unary::Square, Box::new(b.clone()));
        let nested = of(Binary::Difference, a.clone(), of(Binary::Difference, b, a));
        for (expression, names, values) in [
            (
                product,
                "(a + β₁ᵗ)·(a + β₁ᵗ)",
                "((-1.5) + 1e-8)·((-1.5) + 1e-8)",
            ),
            (root, "√(a + β₁ᵗ)", "√((-1.5) + 1e-8)"),
            (square, "(β₁ᵗ)²", "(1e-8)²"),
            (nested, "a − (β₁ᵗ − a)", "(-1.5) − (1e-8 − (-1.5))"),
        ] {
            assert_eq!(expression.text(Show::Names), names);
            assert_eq!(expression.text(Show::Values), values);
        }
    }

    #[test]
    fn pieces_know_the_symbols_that_they_are_or_are_the_values_of() {
        let m = symbol("m", Some(0), -0.5);
        let sum = of(
            Binary::Sum,
            of(Binary::Product, Expression::Number(2.0), m.clone()),
            m,
        );
        for (show, name) in [(Show::Names, "m"), (Show::Values, "-0.5")] {
            let pieces = sum.pieces(show);
            let of_m = pieces.iter().filter(|piece| piece.symbol.is_some());
            let of_m: Vec<_> = of_m.map(|piece| piece.text.as_str()).collect();
            assert_eq!(of_m, [name, name]);
            let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(whole, sum.text(show));
        }
    }

    #[test]
    fn components_are_named_where_they_are_mixed() {
        let names = ["w1".to_owned(), "w2".to_owned()];
        let dot = of(
            Binary::Product,
            symbol("g", Some(0), 2.0),
            symbol("g", Some(1), 3.0),
        );
        assert_eq!(dot.text(Show::Components(&names)), "g[w1]·g[w2]");
    }
}
