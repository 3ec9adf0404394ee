//! From the record of a step to the lines of its explanation.

use super::names::{Names, PARAMETER};
use super::sheet::Sheet;
use super::taken::Taken;
use super::{Expression, Piece, Show};
use crate::numbers::recorded::{Name, Operation, Record};
use crate::numbers::{Recorded, Scalar};
use std::collections::BTreeMap;

/// An operation that holds more than so many others gets a line of its own.
const LONGEST: usize = 12;

/// One line: what is worked out, as a formula, and its numbers for every parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is worked out.
    pub symbol: String,
    /// What becomes of it.
    pub role: Role,
    /// Whether the parameters must be named in the formula, as it mixes them.
    pub mixes_components: bool,
    /// The line with its numbers, once a parameter where each has its own.
    pub worked: Vec<Worked>,
}

/// What becomes of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is used further on in this step.
    Intermediate,
    /// It is remembered for the next step.
    Memory,
    /// It is the new value of a parameter.
    Parameter,
}

/// A line in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Worked {
    /// For which parameter; none where it is one for all.
    pub component: Option<usize>,
    /// How it was worked out.
    pub expression: Expression,
    /// The result.
    pub value: f64,
}

impl Worked {
    /// The formula in numbers and its result, in six digits.
    pub fn rounded(&self) -> String {
        let value = Expression::Number(self.value).text(Show::Rounded);
        format!("{} = {value}", self.expression.text(Show::Rounded))
    }
}

impl Line {
    /// The line without what settings of 0 switch off; none where nothing is left of it.
    pub(super) fn in_force(&self, is_setting: &dyn Fn(&str) -> bool) -> Option<Self> {
        let reduced = |worked: &Worked| Worked {
            expression: worked.expression.in_force(is_setting),
            ..worked.clone()
        };
        let worked: Vec<Worked> = self.worked.iter().map(reduced).collect();
        let is_idle = |worked: &Worked| {
            matches!(&worked.expression, Expression::Symbol(symbol)
                if symbol.name == self.symbol && symbol.component == worked.component)
        };
        (!worked.iter().all(is_idle)).then(|| Self {
            worked,
            ..self.clone()
        })
    }

    /// `←` for what replaces an earlier value, `=` for the rest.
    pub fn sign(&self) -> &'static str {
        match self.role {
            Role::Intermediate => "=",
            Role::Memory | Role::Parameter => "←",
        }
    }

    /// How its formulas are written: with the parameters' names where it mixes them.
    pub fn show<'a>(&self, parameter_names: &'a [String]) -> Show<'a> {
        match self.mixes_components {
            true => Show::Components(parameter_names),
            false => Show::Names,
        }
    }

    /// What is worked out, the sign, and one of its formulas, in pieces.
    pub fn pieces(&self, worked: &Worked, parameter_names: &[String]) -> Vec<Piece> {
        let head = Piece {
            text: self.symbol.clone(),
            symbol: Some(self.symbol.clone()),
        };
        let sign = Piece {
            text: format!(" {} ", self.sign()),
            symbol: None,
        };
        let formula = worked.expression.pieces(self.show(parameter_names));
        [head, sign].into_iter().chain(formula).collect()
    }

    /// The same as a text.
    pub fn formula(&self, worked: &Worked, parameter_names: &[String]) -> String {
        let pieces = self.pieces(worked, parameter_names).into_iter();
        pieces.map(|piece| piece.text).collect()
    }
}

/// A number with a name that is worked out in this step.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub name: Name,
    pub role: Role,
}

/// The lines of a step, in the order in which they were worked out.
pub(super) fn lines(taken: &Taken, names: &Names) -> Vec<Line> {
    let targets = targets(taken, names);
    let mut sheet = Sheet::new(&taken.record);
    let copies = sheet.enter(&targets);
    let uses = uses(&taken.record, &targets);
    let own_lines = own_lines(&taken.record, &uses, sheet.heads());
    for place in own_lines {
        sheet.write(place);
    }
    for (head, source) in copies {
        sheet.copy(head, source);
    }
    sheet.into_lines()
}

/// What the step was for: new parameters first, as memory often keeps a copy of them.
fn targets(taken: &Taken, names: &Names) -> Vec<(Head, Recorded)> {
    let pairs = taken.start.iter().zip(&taken.end).enumerate();
    let parameters = pairs.map(|(index, (&before, &after))| {
        let name = Name {
            symbol: PARAMETER.into(),
            component: Some(index),
        };
        (name, Role::Parameter, before, after)
    });
    let memory = taken.memory.iter().map(|number| {
        let name = names.of_memory(number.owner, number.place);
        (name, Role::Memory, number.before, number.after)
    });
    let all = parameters.chain(memory);
    let changed = all.filter(|(_, _, before, after)| {
        let is_same = before.to_f64().to_bits() == after.to_f64().to_bits();
        before.place() != after.place() && !(after.place().is_none() && is_same)
    });
    changed
        .map(|(name, role, _, after)| (Head { name, role }, after))
        .collect()
}

/// The operands of an operation.
fn operands(operation: &Operation) -> impl Iterator<Item = Recorded> {
    let pair = match *operation {
        Operation::Given(_) => [None, None],
        Operation::Named(_, x) | Operation::Unary(_, x) => [Some(x), None],
        Operation::Binary(_, a, b) => [Some(a), Some(b)],
    };
    pair.into_iter().flatten()
}

/// How often every note is used on the way to the targets; those not used at all lie on branches
/// that were not taken.
fn uses(record: &Record, targets: &[(Head, Recorded)]) -> Vec<u32> {
    let notes = record.notes();
    let mut uses = vec![0_u32; notes.len()];
    for place in targets.iter().filter_map(|(_, target)| target.place()) {
        uses[place] += 1;
    }
    for place in (0..notes.len()).rev() {
        if uses[place] > 0 {
            let operands = operands(&notes[place].operation);
            for operand in operands.filter_map(Recorded::place) {
                uses[operand] += 1;
            }
        }
    }
    uses
}

/// The notes that get a line: those with a name, those that are used twice and more than one
/// operation long, and parts of what would become too long to read.
fn own_lines(record: &Record, uses: &[u32], heads: &BTreeMap<usize, Head>) -> Vec<usize> {
    let mut lines = Vec::new();
    let mut lengths = vec![0_usize; uses.len()];
    for (place, note) in record.notes().iter().enumerate() {
        if uses[place] == 0 || matches!(note.operation, Operation::Given(_)) {
            continue;
        }
        let inside = operands(&note.operation).filter_map(Recorded::place);
        let length = 1 + inside.map(|place| lengths[place]).sum::<usize>();
        let is_named = heads.contains_key(&place) || matches!(note.operation, Operation::Named(..));
        if is_named || uses[place] > 1 && length > 1 || length > LONGEST {
            lines.push(place);
        } else {
            lengths[place] = length;
        }
    }
    lines
}
