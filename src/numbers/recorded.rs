//! `Recorded`: a number that writes down how it came about.

use super::{CommonDivisor, Real, Scalar};
use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A plain f64 that notes every operation made with it while a [`record`] is kept.
///
/// Its values are those of f64 to the last bit. A choice between two numbers leaves no note of
/// its own: what is noted is how the chosen one came about, so that the notes of a formula are
/// the formula as it was worked out this time, without the branches not taken.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    value: f64,
    /// Its note; none for a constant, and outside of a recording.
    note: Option<u32>,
}

/// How a number came about.
#[derive(Clone, Debug)]
pub enum Operation {
    /// It was there before.
    Given(Name),
    /// It is another number, under a name of its own.
    Named(&'static str, Recorded),
    /// A function of one number.
    Unary(Unary, Recorded),
    /// An operation on two numbers.
    Binary(Binary, Recorded, Recorded),
}

/// What a given number is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The symbol in formulas.
    pub symbol: Cow<'static, str>,
    /// Which component, where there is one a parameter.
    pub component: Option<usize>,
}

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// −x.
    Negation,
    /// √x.
    SquareRoot,
    /// x².
    Square,
    /// |x|.
    Absolute,
    /// −1, 0 or 1.
    Sign,
    /// A function that is written by its name.
    Function(&'static str),
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// a + b.
    Sum,
    /// a − b.
    Difference,
    /// a·b.
    Product,
    /// a/b.
    Quotient,
    /// aᵇ.
    Power,
    /// The larger.
    Larger,
    /// The smaller.
    Smaller,
}

/// One note of a recording.
#[derive(Clone, Debug)]
pub struct Note {
    /// How the number came about.
    pub operation: Operation,
    /// The number.
    pub value: f64,
}

/// Everything that was noted, in the order in which it happened.
#[derive(Clone, Debug, Default)]
pub struct Record {
    notes: Vec<Note>,
}

impl Record {
    /// The note of a number; none for a constant.
    pub fn note(&self, number: Recorded) -> Option<&Note> {
        self.notes.get(number.note? as usize)
    }

    /// Every note, in order.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

thread_local! {
    /// The record that is kept at present.
    static RECORD: RefCell<Option<Record>> = const { RefCell::new(None) };
}

/// Keeps a record of everything that `work` does with recorded numbers on this thread.
pub fn record<T>(work: impl FnOnce() -> T) -> (T, Record) {
    let outer = RECORD.replace(Some(Record::default()));
    let result = work();
    let record = RECORD.replace(outer).unwrap_or_default();
    (result, record)
}

impl Recorded {
    /// A number that is there already, under its name.
    pub fn given(
        symbol: impl Into<Cow<'static, str>>,
        component: Option<usize>,
        value: f64,
    ) -> Self {
        let symbol = symbol.into();
        noted(Operation::Given(Name { symbol, component }), value)
    }

    /// The place of its note in the record; none for a constant.
    pub fn place(self) -> Option<usize> {
        self.note.map(|note| note as usize)
    }

    fn unary(self, function: Unary, value: f64) -> Self {
        noted(Operation::Unary(function, self), value)
    }

    fn function(self, name: &'static str, value: f64) -> Self {
        self.unary(Unary::Function(name), value)
    }

    fn binary(self, other: Self, operation: Binary, value: f64) -> Self {
        noted(Operation::Binary(operation, self, other), value)
    }
}

/// The number with its note, where a record is kept.
fn noted(operation: Operation, value: f64) -> Recorded {
    let note = RECORD.with_borrow_mut(|record| {
        let notes = &mut record.as_mut()?.notes;
        let place = u32::try_from(notes.len()).ok()?;
        notes.push(Note { operation, value });
        Some(place)
    });
    Recorded { value, note }
}

impl Add for Recorded {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.binary(other, Binary::Sum, self.value + other.value)
    }
}

impl Sub for Recorded {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.binary(other, Binary::Difference, self.value - other.value)
    }
}

impl Mul for Recorded {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        self.binary(other, Binary::Product, self.value * other.value)
    }
}

impl Div for Recorded {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        self.binary(other, Binary::Quotient, self.value / other.value)
    }
}

impl Neg for Recorded {
    type Output = Self;

    fn neg(self) -> Self {
        self.unary(Unary::Negation, -self.value)
    }
}

impl PartialEq for Recorded {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialOrd for Recorded {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl Scalar for Recorded {
    fn to_f64(self) -> f64 {
        self.value
    }
}

impl Real for Recorded {
    type Mask = bool;

    fn constant(value: f64) -> Self {
        Self { value, note: None }
    }

    fn square_root(self) -> Self {
        self.unary(Unary::SquareRoot, self.value.square_root())
    }

    fn absolute(self) -> Self {
        self.unary(Unary::Absolute, self.value.absolute())
    }

    fn exponential(self) -> Self {
        self.function("exp", self.value.exponential())
    }

    fn natural_logarithm(self) -> Self {
        self.function("ln", self.value.natural_logarithm())
    }

    fn sine(self) -> Self {
        self.function("sin", self.value.sine())
    }

    fn cosine(self) -> Self {
        self.function("cos", self.value.cosine())
    }

    fn hyperbolic_tangent(self) -> Self {
        self.function("tanh", self.value.hyperbolic_tangent())
    }

    fn arc_sine(self) -> Self {
        self.function("arcsin", self.value.arc_sine())
    }

    fn arc_cosine(self) -> Self {
        self.function("arccos", self.value.arc_cosine())
    }

    fn arc_tangent(self) -> Self {
        self.function("arctan", self.value.arc_tangent())
    }

    fn power(self, exponent: Self) -> Self {
        self.binary(exponent, Binary::Power, self.value.power(exponent.value))
    }

    fn less_than(self, other: Self) -> bool {
        self.value < other.value
    }

    fn select(mask: bool, if_true: Self, if_false: Self) -> Self {
        if mask { if_true } else { if_false }
    }

    fn any(mask: bool) -> bool {
        mask
    }

    /// The inverse leaves no trace: what is noted is the quotient.
    fn common_divisor(self) -> CommonDivisor<Self> {
        CommonDivisor {
            divisor: self,
            inverse: self,
        }
    }

    fn over_common(self, common: CommonDivisor<Self>) -> Self {
        let divisor = common.divisor;
        let alone = divisor.value.common_divisor();
        let quotient = self.value.over_common(alone);
        self.binary(divisor, Binary::Quotient, quotient)
    }

    fn sign(self) -> Self {
        self.unary(Unary::Sign, self.value.sign())
    }

    fn larger(self, other: Self) -> Self {
        self.binary(other, Binary::Larger, self.value.larger(other.value))
    }

    fn smaller(self, other: Self) -> Self {
        self.binary(other, Binary::Smaller, self.value.smaller(other.value))
    }

    fn squared(self) -> Self {
        self.unary(Unary::Square, self.value.squared())
    }

    fn named(self, symbol: &'static str) -> Self {
        noted(Operation::Named(symbol, self), self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_noted_and_what_is_not_chosen_is_not_used() {
        let (result, record) = record(|| {
            let x = Recorded::given("x", Some(1), -3.0);
            let root = (x.squared() + Recorded::constant(16.0))
                .square_root()
                .named("r");
            Recorded::select(x < Recorded::zero(), root, x)
        });
        assert_eq!(result.to_f64(), 5.0);
        let Some(Note {
            operation: Operation::Named("r", root),
            ..
        }) = record.note(result)
        else {
            panic!("{record:?}");
        };
        let Some(Note {
            operation: Operation::Unary(Unary::SquareRoot, sum),
            ..
        }) = record.note(*root)
        else {
            panic!("{record:?}");
        };
        assert_eq!(record.note(*sum).unwrap().value, 25.0);
        assert_eq!(record.notes().len(), 5);
    }

    #[test]
    fn nothing_is_noted_without_a_record_and_records_nest() {
        assert_eq!((Recorded::one() + Recorded::one()).place(), None);
        let ((), outer) = record(|| {
            let one = Recorded::given("a", None, 1.0);
            let ((), inner) = record(|| {
                let _ = Recorded::given("b", None, 2.0);
            });
            assert_eq!(inner.notes().len(), 1);
            let _ = one + one;
        });
        assert_eq!(outer.notes().len(), 2);
    }

    #[test]
    fn values_are_those_of_plain_numbers() {
        for (x, y) in [(0.3, -2.5), (f64::NAN, 1.0), (-0.0, 0.0), (1e300, 1e300)] {
            let (a, b) = (Recorded::constant(x), Recorded::constant(y));
            let pairs = [
                (a + b, x + y),
                (a - b, x - y),
                (a * b, x * y),
                (a / b, x / y),
                (-a, -x),
                (a.power(b), x.power(y)),
                (a.larger(b), x.larger(y)),
                (a.smaller(b), x.smaller(y)),
                (a.sign(), x.sign()),
                (a.squared(), x.squared()),
                (a.exponential(), x.exponential()),
                (a.hyperbolic_tangent(), x.hyperbolic_tangent()),
            ];
            for (recorded, plain) in pairs {
                assert_eq!(recorded.to_f64().to_bits(), plain.to_bits(), "{x}, {y}");
            }
        }
    }
}
