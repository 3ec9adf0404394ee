//! A formula as a flat list of instructions for a stack of numbers.

use super::evaluation::Fixed;

/// The functions of formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// sin x.
    Sine,
    /// cos x.
    Cosine,
    /// tan x.
    Tangent,
    /// arcsin x.
    ArcSine,
    /// arccos x.
    ArcCosine,
    /// arctan x.
    ArcTangent,
    /// sinh x.
    HyperbolicSine,
    /// cosh x.
    HyperbolicCosine,
    /// tanh x.
    HyperbolicTangent,
    /// eˣ.
    Exponential,
    /// ln x.
    NaturalLogarithm,
    /// log₁₀ x.
    CommonLogarithm,
    /// √x.
    SquareRoot,
    /// |x|.
    Absolute,
    /// The smaller of two.
    Smaller,
    /// The larger of two.
    Larger,
    /// xʸ.
    Power,
}

/// Every function and its name in formulas.
pub const FUNCTIONS: [(&str, Function); 17] = [
    ("sin", Function::Sine),
    ("cos", Function::Cosine),
    ("tan", Function::Tangent),
    ("asin", Function::ArcSine),
    ("acos", Function::ArcCosine),
    ("atan", Function::ArcTangent),
    ("sinh", Function::HyperbolicSine),
    ("cosh", Function::HyperbolicCosine),
    ("tanh", Function::HyperbolicTangent),
    ("exp", Function::Exponential),
    ("ln", Function::NaturalLogarithm),
    ("log10", Function::CommonLogarithm),
    ("sqrt", Function::SquareRoot),
    ("abs", Function::Absolute),
    ("min", Function::Smaller),
    ("max", Function::Larger),
    ("pow", Function::Power),
];

/// The names of constants.
pub const CONSTANT_NAMES: [&str; 2] = ["pi", "e"];

impl Function {
    /// Its name in formulas.
    pub fn name(self) -> &'static str {
        let named = FUNCTIONS.iter().find(|(_, function)| *function == self);
        named.map_or("?", |(name, _)| name)
    }

    /// How many arguments it takes.
    pub fn arguments(self) -> usize {
        match self {
            Self::Smaller | Self::Larger | Self::Power => 2,
            _ => 1,
        }
    }

    /// Whether it has no derivative somewhere in the middle of its domain.
    pub fn is_kinked(self) -> bool {
        matches!(
            self,
            Self::Absolute | Self::SquareRoot | Self::Smaller | Self::Larger
        )
    }
}

/// The largest exponent, and with a minus the smallest, that becomes a product.
pub const LARGEST_PRODUCT: u32 = 64;

/// One step of the evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Instruction {
    /// Puts a number on the stack.
    Constant(f64),
    /// Puts the variable with this number on the stack.
    Variable(usize),
    /// The sum of the two upper numbers, in their place; so the following.
    Add,
    /// Their difference.
    Subtract,
    /// Their product.
    Multiply,
    /// Their quotient.
    Divide,
    /// The upper number with the other sign.
    Negate,
    /// The upper number to a whole power: the exponent, and whether it is negative.
    WholePower(u32, bool),
    /// A function of the upper number, or of the two upper ones.
    Apply(Function),
}

impl Instruction {
    /// How many numbers it takes from the stack.
    pub fn taken(self) -> usize {
        match self {
            Self::Constant(_) | Self::Variable(_) => 0,
            Self::Negate | Self::WholePower(..) => 1,
            Self::Apply(function) => function.arguments(),
            _ => 2,
        }
    }
}

/// A formula without names and parentheses, in postfix order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    instructions: Vec<Instruction>,
    /// The most numbers on the stack at a time.
    pub(super) height: usize,
    /// How many are on it after the last instruction.
    present: usize,
}

impl Program {
    /// Appends an instruction, and computes at once what depends on no variable: constants then
    /// have no derivative that could be infinite, and whole exponents are seen as such.
    pub fn push(&mut self, instruction: Instruction) {
        let taken = instruction.taken();
        if instruction == Instruction::Apply(Function::Power)
            && let Some(&Instruction::Constant(exponent)) = self.instructions.last()
            && let Some(product) = whole_power(exponent)
        {
            self.instructions.pop();
            self.present -= 1;
            return self.push(product);
        }
        self.instructions.push(instruction);
        self.present = self.present + 1 - taken;
        self.height = self.height.max(self.present);
        self.fold(taken);
    }

    /// Replaces the last instruction and its `taken` operands by their value, where all of them
    /// are constants.
    fn fold(&mut self, taken: usize) {
        let operands = self.instructions.len() - 1 - taken;
        let is_constant = |operand: &Instruction| matches!(operand, Instruction::Constant(_));
        let last = self.instructions.len() - 1;
        if taken == 0 || !self.instructions[operands..last].iter().all(is_constant) {
            return;
        }
        let value = Fixed(&self.instructions[operands..]).value();
        self.instructions.truncate(operands);
        self.instructions.push(Instruction::Constant(value));
    }

    /// The instructions, in the order in which they are carried out.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// Whether the variable with this number has a say in it.
    pub fn names(&self, variable: usize) -> bool {
        self.instructions.contains(&Instruction::Variable(variable))
    }

    /// Whether its slope may jump somewhere.
    pub fn is_kinked(&self) -> bool {
        self.instructions.iter().any(
            |instruction| matches!(instruction, Instruction::Apply(function) if function.is_kinked()),
        )
    }
}

fn whole_power(exponent: f64) -> Option<Instruction> {
    let is_product = exponent.trunc() == exponent && exponent.abs() <= f64::from(LARGEST_PRODUCT);
    is_product.then(|| Instruction::WholePower(exponent.abs() as u32, exponent < 0.0))
}
