//! A program on many rows of data at once, and its derivatives by one sweep backwards.
//!
//! Every instruction becomes a node with room for a block of rows. Going forwards, a node is
//! computed for the whole block before the next; going backwards, every node hands the
//! derivative that has arrived at it on to its operands. The derivatives by all parameters then
//! cost a small multiple of the values, however many parameters there are (reverse accumulation:
//! Griewank & Walther 2008, Evaluating Derivatives, § 3.2).

use super::evaluation::{combined, of_one, whole_power};
use super::program::{Instruction, Program};
use crate::numbers::{Dual, Real};

/// A program prepared for blocks of rows: its first variables are parameters, the others are
/// columns of the data.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Operands stand before what is made of them; the last node is the result.
    nodes: Vec<Node>,
    parameters: usize,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    operation: Operation,
    /// Whether a parameter has a say in it.
    is_active: bool,
    /// Whether a column has a say in it.
    varies: bool,
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    Constant(f64),
    Variable(usize),
    Of(Instruction, usize),
    Both(Instruction, usize, usize),
}

/// The numbers of a sweep over one block of rows after another.
#[derive(Clone, Debug)]
pub struct Workspace<R> {
    /// Node after node, one number a row.
    values: Vec<R>,
    /// The derivative of the result by each node; of nodes that are the same in every row, what
    /// has arrived from all blocks so far.
    slopes: Vec<R>,
    rows: usize,
}

/// How many rows a block has best: its numbers then stay in the first cache.
pub const BLOCK: usize = 128;

impl Sweep {
    /// The first `parameters` variables of the program are parameters.
    pub fn new(program: &Program, parameters: usize) -> Self {
        let mut sweep = Self {
            nodes: Vec::new(),
            parameters,
        };
        let mut stack = Vec::new();
        let mut known: Vec<(usize, usize)> = Vec::new();
        for &instruction in program.instructions() {
            let mut pop = || stack.pop().expect("a program leaves what it takes");
            let operation = match instruction {
                Instruction::Constant(value) => Operation::Constant(value),
                Instruction::Variable(variable) => {
                    if let Some(&(_, node)) = known.iter().find(|(other, _)| *other == variable) {
                        stack.push(node);
                        continue;
                    }
                    known.push((variable, sweep.nodes.len()));
                    Operation::Variable(variable)
                }
                _ if instruction.taken() == 1 => Operation::Of(instruction, pop()),
                _ => {
                    let second = pop();
                    Operation::Both(instruction, pop(), second)
                }
            };
            stack.push(sweep.nodes.len());
            sweep.push(operation);
        }
        sweep
    }

    fn push(&mut self, operation: Operation) {
        let of = |node: usize| (self.nodes[node].is_active, self.nodes[node].varies);
        let (is_active, varies) = match operation {
            Operation::Constant(_) => (false, false),
            Operation::Variable(variable) => {
                (variable < self.parameters, variable >= self.parameters)
            }
            Operation::Of(_, a) => of(a),
            Operation::Both(_, a, b) => (of(a).0 || of(b).0, of(a).1 || of(b).1),
        };
        self.nodes.push(Node {
            operation,
            is_active,
            varies,
        });
    }

    /// Whether the program is linear in its parameters, as far as its form tells: 2 for what is
    /// neither free of them (0) nor linear (1).
    pub fn is_linear(&self) -> bool {
        let mut degrees: Vec<u8> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let of = |node: usize| degrees[node];
            let degree = match node.operation {
                _ if !node.is_active => 0,
                Operation::Constant(_) => 0,
                Operation::Variable(_) => 1,
                Operation::Of(Instruction::Negate | Instruction::WholePower(1, false), a) => of(a),
                Operation::Both(Instruction::Add | Instruction::Subtract, a, b) => of(a).max(of(b)),
                Operation::Both(Instruction::Multiply, a, b) => (of(a) + of(b)).min(2),
                Operation::Both(Instruction::Divide, a, b) if of(b) == 0 => of(a),
                Operation::Of(..) | Operation::Both(..) => 2,
            };
            degrees.push(degree);
        }
        degrees.last().is_none_or(|&degree| degree < 2)
    }

    /// Room for blocks of up to `rows` rows, with the parameters at `at`.
    pub fn workspace<R: Real>(&self, at: &[R], rows: usize) -> Workspace<R> {
        let zeros = vec![R::zero(); self.nodes.len() * rows];
        let mut work = Workspace {
            values: zeros.clone(),
            slopes: zeros,
            rows,
        };
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, n)| !n.varies) {
            let (below, own) = work.values.split_at_mut(index * rows);
            match node.operation {
                Operation::Variable(parameter) => own[..rows].fill(at[parameter]),
                operation => compute(operation, below, &mut own[..rows], rows),
            }
        }
        work
    }

    /// The results for a block of at most the workspace's rows; `column` writes what a column
    /// (from 0) holds in them.
    pub fn forwards<'w, R: Real>(
        &self,
        work: &'w mut Workspace<R>,
        rows: usize,
        mut column: impl FnMut(usize, &mut [R]),
    ) -> &'w [R] {
        let stride = work.rows;
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, n)| n.varies) {
            let (below, own) = work.values.split_at_mut(index * stride);
            match node.operation {
                Operation::Variable(variable) => {
                    column(variable - self.parameters, &mut own[..rows]);
                }
                operation => compute(operation, below, &mut own[..rows], stride),
            }
        }
        let last = (self.nodes.len() - 1) * stride;
        &work.values[last..last + rows]
    }

    /// Takes in the derivatives of something by the results of the block that was computed last.
    pub fn backwards<R: Real>(&self, work: &mut Workspace<R>, seeds: &[R]) {
        let Some(last) = self.nodes.last() else {
            return;
        };
        let begin = (self.nodes.len() - 1) * work.rows;
        let own = &mut work.slopes[begin..begin + seeds.len()];
        give(own, last.varies, [seeds; 3], |seed, _, _| seed);
        for (index, node) in self.nodes.iter().enumerate().rev() {
            if node.is_active && node.varies {
                self.hand_down(index, work, seeds.len());
            }
        }
    }

    /// Adds the derivatives by the parameters of everything that was taken in to `gradient`.
    pub fn finish<R: Real>(&self, work: &mut Workspace<R>, gradient: &mut [R]) {
        for (index, node) in self.nodes.iter().enumerate().rev() {
            if node.varies || !node.is_active {
                continue;
            }
            let own = &mut work.slopes[index * work.rows..(index + 1) * work.rows];
            let total = own.iter().fold(R::zero(), |sum, &slope| sum + slope);
            own.fill(R::zero());
            own[0] = total;
            match node.operation {
                Operation::Variable(parameter) => gradient[parameter] = gradient[parameter] + total,
                _ => self.hand_down(index, work, 1),
            }
        }
    }

    /// The derivatives of each result of the block that was computed last by every parameter:
    /// `row` is called with a parameter and one number a row.
    pub fn slopes<R: Real>(
        &self,
        work: &mut Workspace<R>,
        rows: usize,
        mut row: impl FnMut(usize, &[R]),
    ) {
        work.slopes.fill(R::zero());
        let ones = vec![R::one(); rows];
        self.backwards(work, &ones);
        for (index, node) in self.nodes.iter().enumerate().rev() {
            if node.varies || !node.is_active {
                continue;
            }
            match node.operation {
                Operation::Variable(parameter) => {
                    let begin = index * work.rows;
                    row(parameter, &work.slopes[begin..begin + rows]);
                }
                _ => self.hand_down(index, work, rows),
            }
        }
        work.slopes.fill(R::zero());
    }

    /// Hands what has arrived at a node in the first `rows` rows on to its operands.
    fn hand_down<R: Real>(&self, index: usize, work: &mut Workspace<R>, rows: usize) {
        let stride = work.rows;
        let (below, own) = work.slopes.split_at_mut(index * stride);
        let own = &own[..rows];
        let value = |node: usize| &work.values[node * stride..node * stride + rows];
        let mut give = |node: usize, x: &[R], y: &[R], slope: &dyn Slope<R>| {
            let Node {
                is_active, varies, ..
            } = self.nodes[node];
            if is_active {
                let target = &mut below[node * stride..node * stride + rows];
                slope.give(target, varies, [own, x, y]);
            }
        };
        match self.nodes[index].operation {
            Operation::Constant(_) | Operation::Variable(_) => {}
            Operation::Of(instruction, a) => {
                let x = value(a);
                match instruction {
                    Instruction::Negate => give(a, x, x, &By(|own: R, _, _| -own)),
                    Instruction::WholePower(n, is_inverse) => {
                        give(
                            a,
                            x,
                            x,
                            &By(|own, x, _| own * power_slope(x, n, is_inverse)),
                        );
                    }
                    Instruction::Apply(function) => give(
                        a,
                        x,
                        x,
                        &By(|own, x, _| own * of_one(function, Dual::variables([x])[0]).slope[0]),
                    ),
                    _ => {}
                }
            }
            Operation::Both(instruction, a, b) => {
                let (x, y) = (value(a), value(b));
                match instruction {
                    Instruction::Add => {
                        give(a, x, y, &By(|own: R, _, _| own));
                        give(b, x, y, &By(|own: R, _, _| own));
                    }
                    Instruction::Subtract => {
                        give(a, x, y, &By(|own: R, _, _| own));
                        give(b, x, y, &By(|own: R, _, _| -own));
                    }
                    Instruction::Multiply => {
                        give(a, x, y, &By(|own: R, _, y| own * y));
                        give(b, x, y, &By(|own: R, x, _| own * x));
                    }
                    Instruction::Divide => {
                        give(a, x, y, &By(|own: R, _, y| own / y));
                        give(b, x, y, &By(|own: R, x: R, y| -(own * x / y / y)));
                    }
                    of_two => {
                        let slope = |x: R, y: R| {
                            let [x, y] = Dual::variables([x, y]);
                            combined(of_two, x, y).slope
                        };
                        give(a, x, y, &By(|own, x, y| own * slope(x, y)[0]));
                        give(b, x, y, &By(|own, x, y| own * slope(x, y)[1]));
                    }
                }
            }
        }
    }
}

/// How a slope goes on to an operand, given the operands' values. It is chosen once a block, and
/// its loop is compiled for it.
trait Slope<R> {
    fn give(&self, target: &mut [R], replaces: bool, given: [&[R]; 3]);
}

struct By<F>(F);

impl<R: Real, F: Fn(R, R, R) -> R> Slope<R> for By<F> {
    fn give(&self, target: &mut [R], replaces: bool, given: [&[R]; 3]) {
        give(target, replaces, given, &self.0);
    }
}

/// Writes what `slope` makes of the slope and the operands over the target, or adds it. Nothing is
/// made of nothing, however steep: the branch that a maximum leaves out has no say.
fn give<R: Real>(
    target: &mut [R],
    replaces: bool,
    [own, x, y]: [&[R]; 3],
    slope: impl Fn(R, R, R) -> R,
) {
    let slope = |own: R, x, y| {
        let is_something = R::zero().less_than(own.absolute());
        // What is no number stays so.
        R::select(is_something, slope(own, x, y), own)
    };
    let given = own.iter().zip(x).zip(y);
    let pairs = target.iter_mut().zip(given);
    if replaces {
        // A node that varies is the operand of a single other.
        pairs.for_each(|(target, ((&own, &x), &y))| *target = slope(own, x, y));
    } else {
        pairs.for_each(|(target, ((&own, &x), &y))| *target = *target + slope(own, x, y));
    }
}

/// Computes a node for a block from those before it.
fn compute<R: Real>(operation: Operation, below: &[R], own: &mut [R], stride: usize) {
    let value = |node: usize| &below[node * stride..];
    match operation {
        Operation::Constant(value) => own.fill(R::constant(value)),
        Operation::Variable(_) => {}
        Operation::Of(instruction, a) => {
            let pairs = own.iter_mut().zip(value(a));
            match instruction {
                Instruction::Negate => pairs.for_each(|(own, &x)| *own = -x),
                Instruction::WholePower(n, is_inverse) => {
                    pairs.for_each(|(own, &x)| *own = whole_power(x, n, is_inverse));
                }
                Instruction::Apply(function) => {
                    pairs.for_each(|(own, &x)| *own = of_one(function, x));
                }
                _ => {}
            }
        }
        Operation::Both(instruction, a, b) => {
            let (x, y) = (value(a), value(b));
            match instruction {
                Instruction::Add => fill(own, x, y, |x, y| x + y),
                Instruction::Subtract => fill(own, x, y, |x, y| x - y),
                Instruction::Multiply => fill(own, x, y, |x, y| x * y),
                Instruction::Divide => fill(own, x, y, |x, y| x / y),
                of_two => fill(own, x, y, |x, y| combined(of_two, x, y)),
            }
        }
    }
}

fn fill<R: Real>(own: &mut [R], x: &[R], y: &[R], of: impl Fn(R, R) -> R) {
    let pairs = own.iter_mut().zip(x.iter().zip(y));
    pairs.for_each(|(own, (&x, &y))| *own = of(x, y));
}

/// (xⁿ)′ = n·xⁿ⁻¹, and (x⁻ⁿ)′ = −n·x⁻ⁿ⁻¹.
fn power_slope<R: Real>(x: R, exponent: u32, is_inverse: bool) -> R {
    let factor = R::constant(f64::from(exponent));
    match (exponent, is_inverse) {
        (0, _) => R::zero(),
        (n, false) => factor * whole_power(x, n - 1, false),
        (n, true) => -(factor * whole_power(x, n + 1, true)),
    }
}
