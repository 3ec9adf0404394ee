//! A formula as a tree: as mathematics on paper, as Python, and differentiated by the rules.

use super::mathematics::Math;
use super::program::{Function, Instruction, Program};

/// A formula as people write it.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// The variable with this number.
    Variable(usize),
    /// −a.
    Negative(Box<Self>),
    /// a + b.
    Sum(Box<Self>, Box<Self>),
    /// a − b.
    Difference(Box<Self>, Box<Self>),
    /// a·b.
    Product(Box<Self>, Box<Self>),
    /// a/b.
    Quotient(Box<Self>, Box<Self>),
    /// aᵇ.
    Power(Box<Self>, Box<Self>),
    /// A function of one number or two.
    Call(Function, Vec<Self>),
}

use Expression::{Call, Difference, Negative, Number, Power, Product, Quotient, Sum, Variable};

/// The largest program whose derivatives are written out; those of longer ones fill pages.
pub const MOST_INSTRUCTIONS: usize = 400;

impl Expression {
    /// The tree of a program.
    pub fn of(program: &Program) -> Self {
        let mut stack: Vec<Self> = Vec::new();
        for &instruction in program.instructions() {
            let last = match instruction.taken() {
                0 => None,
                _ => stack.pop(),
            };
            let tree = match (instruction, last) {
                (Instruction::Constant(value), _) => Number(value),
                (Instruction::Variable(variable), _) => Variable(variable),
                (_, None) => Number(f64::NAN),
                (Instruction::Negate, Some(a)) => negative(a),
                (Instruction::WholePower(n, is_inverse), Some(a)) => {
                    let n = f64::from(n);
                    power(a, Number(if is_inverse { -n } else { n }))
                }
                (Instruction::Apply(function), Some(a)) if function.arguments() == 1 => {
                    Call(function, vec![a])
                }
                (of_two, Some(b)) => {
                    let a = stack.pop().unwrap_or(Number(f64::NAN));
                    both(of_two, a, b)
                }
            };
            stack.push(tree);
        }
        stack.pop().unwrap_or(Number(f64::NAN))
    }

    /// ∂/∂variable, with what is 0 or 1 left out.
    pub fn derivative(&self, variable: usize) -> Self {
        let by = |tree: &Self| tree.derivative(variable);
        match self {
            Number(_) => Number(0.0),
            Variable(own) => Number(if *own == variable { 1.0 } else { 0.0 }),
            Negative(a) => negative(by(a)),
            Sum(a, b) => sum(by(a), by(b)),
            Difference(a, b) => difference(by(a), by(b)),
            Product(a, b) => sum(product(by(a), (**b).clone()), product((**a).clone(), by(b))),
            Quotient(a, b) => {
                let first = quotient(by(a), (**b).clone());
                let square = power((**b).clone(), Number(2.0));
                difference(first, quotient(product((**a).clone(), by(b)), square))
            }
            Power(a, b) => power_derivative(a, b, variable),
            Call(function, arguments) => {
                let slopes = slopes(*function, arguments);
                let terms = slopes.into_iter().zip(arguments);
                terms.fold(Number(0.0), |total, (slope, argument)| {
                    sum(total, product(slope, by(argument)))
                })
            }
        }
    }

    /// As Python with NumPy as `np`.
    pub fn to_python(&self, names: &[String]) -> String {
        let of = |tree: &Self| tree.to_python(names);
        match self {
            Number(value) => python_number(*value),
            Variable(variable) => names.get(*variable).cloned().unwrap_or_default(),
            Negative(a) => format!("(-{})", of(a)),
            Sum(a, b) => format!("({} + {})", of(a), of(b)),
            Difference(a, b) => format!("({} - {})", of(a), of(b)),
            Product(a, b) => format!("({} * {})", of(a), of(b)),
            Quotient(a, b) => format!("({} / {})", of(a), of(b)),
            Power(a, b) => format!("({} ** {})", of(a), of(b)),
            Call(function, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(of).collect();
                format!("np.{}({})", numpy_name(*function), arguments.join(", "))
            }
        }
    }

    /// As mathematics.
    pub fn to_math(&self, names: &[String]) -> Math {
        let of = |tree: &Self| tree.to_math(names);
        let factor = |tree: &Self| tree.fenced_below(3, names);
        match self {
            Number(value) => Math::Number(*value),
            Variable(variable) => Math::name(names.get(*variable).map_or("?", String::as_str)),
            Negative(a) => Math::row([Math::Operator("−"), a.fenced_below(2, names)]),
            Sum(a, b) => Math::row([of(a), Math::Operator("+"), b.fenced_below(2, names)]),
            Difference(a, b) => Math::row([of(a), Math::Operator("−"), b.fenced_below(2, names)]),
            Product(a, b) if matches!(**b, Number(_)) => {
                Math::row([a.fenced_below(2, names), Math::Operator("·"), factor(b)])
            }
            Product(a, b) => Math::row([
                a.fenced_below(2, names),
                Math::Operator("\u{2062}"),
                factor(b),
            ]),
            Quotient(a, b) => Math::Fraction(Box::new(of(a)), Box::new(of(b))),
            Power(a, b) => Math::Superscript(Box::new(a.fenced_below(4, names)), Box::new(of(b))),
            Call(Function::SquareRoot, arguments) => Math::Root(Box::new(of(&arguments[0]))),
            Call(Function::Absolute, arguments) => Math::Absolute(Box::new(of(&arguments[0]))),
            Call(Function::Power, arguments) => {
                let base = arguments[0].fenced_below(4, names);
                Math::Superscript(Box::new(base), Box::new(of(&arguments[1])))
            }
            Call(function, arguments) => {
                Math::Call(function.name(), arguments.iter().map(of).collect())
            }
        }
    }

    /// In parentheses where it binds weaker than `level`: 1 sums, 2 products, 3 signs, 4 powers.
    fn fenced_below(&self, level: u8, names: &[String]) -> Math {
        let own = match self {
            Sum(..) | Difference(..) => 1,
            Product(..) => 2,
            Negative(_) => 1,
            Number(value) if *value < 0.0 => 1,
            Quotient(..) | Power(..) => 3,
            Number(_) | Variable(_) | Call(..) => 4,
        };
        let inner = self.to_math(names);
        if own < level {
            Math::Fenced(Box::new(inner))
        } else {
            inner
        }
    }
}

fn both(instruction: Instruction, a: Expression, b: Expression) -> Expression {
    let (a, b) = (Box::new(a), Box::new(b));
    match instruction {
        Instruction::Add => Sum(a, b),
        Instruction::Subtract => Difference(a, b),
        Instruction::Multiply => Product(a, b),
        Instruction::Divide => Quotient(a, b),
        Instruction::Apply(Function::Power) => Power(a, b),
        Instruction::Apply(function) => Call(function, vec![*a, *b]),
        // The rest takes one number and never comes here.
        _ => *b,
    }
}

const ZERO: Expression = Number(0.0);
const ONE: Expression = Number(1.0);

fn negative(a: Expression) -> Expression {
    match a {
        Number(value) => Number(0.0 - value),
        Negative(inner) => *inner,
        other => Negative(Box::new(other)),
    }
}

fn sum(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (zero, other) | (other, zero) if zero == ZERO => other,
        (Number(a), Number(b)) => Number(a + b),
        (a, b) => Sum(Box::new(a), Box::new(b)),
    }
}

fn difference(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (a, zero) if zero == ZERO => a,
        (zero, b) if zero == ZERO => negative(b),
        (Number(a), Number(b)) => Number(a - b),
        (a, b) => Difference(Box::new(a), Box::new(b)),
    }
}

fn product(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (zero, _) | (_, zero) if zero == ZERO => ZERO,
        (one, other) | (other, one) if one == ONE => other,
        (Number(a), Number(b)) => Number(a * b),
        (a, b) => Product(Box::new(a), Box::new(b)),
    }
}

fn quotient(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (zero, _) if zero == ZERO => ZERO,
        (a, one) if one == ONE => a,
        (a, b) => Quotient(Box::new(a), Box::new(b)),
    }
}

fn power(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (a, one) if one == ONE => a,
        (_, zero) if zero == ZERO => ONE,
        (a, b) => Power(Box::new(a), Box::new(b)),
    }
}

fn call(function: Function, a: &Expression) -> Expression {
    Call(function, vec![a.clone()])
}

/// (aᵇ)′ = b·aᵇ⁻¹·a′ + aᵇ·ln a·b′.
fn power_derivative(a: &Expression, b: &Expression, variable: usize) -> Expression {
    let (inner, outer) = (a.derivative(variable), b.derivative(variable));
    let less = match b {
        Number(exponent) => Number(exponent - 1.0),
        other => difference(other.clone(), ONE),
    };
    let first = product(product(b.clone(), power(a.clone(), less)), inner);
    if outer == ZERO {
        return first;
    }
    let whole = Power(Box::new(a.clone()), Box::new(b.clone()));
    let second = product(product(whole, call(Function::NaturalLogarithm, a)), outer);
    sum(first, second)
}

/// ∂f/∂argument for each argument.
fn slopes(function: Function, arguments: &[Expression]) -> Vec<Expression> {
    let x = &arguments[0];
    let square = |of: Expression| power(of, Number(2.0));
    let one = match function {
        Function::Sine => call(Function::Cosine, x),
        Function::Cosine => negative(call(Function::Sine, x)),
        Function::Tangent => quotient(ONE, square(call(Function::Cosine, x))),
        Function::ArcSine | Function::ArcCosine => {
            let under = difference(ONE, square(x.clone()));
            let slope = quotient(ONE, Call(Function::SquareRoot, vec![under]));
            match function {
                Function::ArcSine => slope,
                _ => negative(slope),
            }
        }
        Function::ArcTangent => quotient(ONE, sum(ONE, square(x.clone()))),
        Function::HyperbolicSine => call(Function::HyperbolicCosine, x),
        Function::HyperbolicCosine => call(Function::HyperbolicSine, x),
        Function::HyperbolicTangent => {
            difference(ONE, square(call(Function::HyperbolicTangent, x)))
        }
        Function::Exponential => call(Function::Exponential, x),
        Function::NaturalLogarithm => quotient(ONE, x.clone()),
        Function::CommonLogarithm => {
            quotient(ONE, product(Number(std::f64::consts::LN_10), x.clone()))
        }
        Function::SquareRoot => {
            let root = call(Function::SquareRoot, x);
            quotient(ONE, product(Number(2.0), root))
        }
        Function::Absolute => quotient(x.clone(), call(Function::Absolute, x)),
        Function::Smaller | Function::Larger | Function::Power => {
            return slopes_of_two(function, arguments);
        }
    };
    vec![one]
}

/// min and max by their half sums: min = (a + b − |a − b|)/2.
fn slopes_of_two(function: Function, arguments: &[Expression]) -> Vec<Expression> {
    let (a, b) = (&arguments[0], &arguments[1]);
    if function == Function::Power {
        let less = difference(b.clone(), ONE);
        let whole = Power(Box::new(a.clone()), Box::new(b.clone()));
        return vec![
            product(b.clone(), power(a.clone(), less)),
            product(whole, call(Function::NaturalLogarithm, a)),
        ];
    }
    let apart = difference(a.clone(), b.clone());
    let sign = quotient(apart.clone(), Call(Function::Absolute, vec![apart]));
    let half = |of: Expression| quotient(of, Number(2.0));
    let (plus, minus) = (half(sum(ONE, sign.clone())), half(difference(ONE, sign)));
    match function {
        Function::Larger => vec![plus, minus],
        _ => vec![minus, plus],
    }
}

fn numpy_name(function: Function) -> &'static str {
    match function {
        Function::ArcSine => "arcsin",
        Function::ArcCosine => "arccos",
        Function::ArcTangent => "arctan",
        Function::NaturalLogarithm => "log",
        Function::Smaller => "minimum",
        Function::Larger => "maximum",
        Function::Power => "power",
        other => other.name(),
    }
}

/// A number that Python reads back to the same bits; powers of whole numbers stay floats.
pub fn python_number(value: f64) -> String {
    if value.is_nan() {
        return "np.nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "np.inf" } else { "(-np.inf)" }.to_owned();
    }
    let text = format!("{value:?}");
    if value < 0.0 {
        format!("({text})")
    } else {
        text
    }
}
