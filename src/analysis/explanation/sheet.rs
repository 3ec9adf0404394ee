//! The lines of a step while they are written.

use super::worked::{Head, Line, Role, Worked};
use super::{Expression, Show, Symbol};
use crate::numbers::recorded::{Binary, Name, Operation, Record, Unary};
use crate::numbers::{Recorded, Scalar};
use std::collections::BTreeMap;

/// Everything that is known while the lines are made.
pub(super) struct Sheet<'a> {
    record: &'a Record,
    /// By the place of the note.
    heads: BTreeMap<usize, Head>,
    /// Where a remembered number or a parameter gets its new value.
    replaced: BTreeMap<Name, usize>,
    lines: Vec<Line>,
}

impl<'a> Sheet<'a> {
    /// An empty one.
    pub fn new(record: &'a Record) -> Self {
        Self {
            record,
            heads: BTreeMap::new(),
            replaced: BTreeMap::new(),
            lines: Vec::new(),
        }
    }

    /// What has a name, by the place of its note.
    pub fn heads(&self) -> &BTreeMap<usize, Head> {
        &self.heads
    }

    /// The lines that were written.
    pub fn into_lines(self) -> Vec<Line> {
        self.lines
    }

    /// Enters the targets; returns those that are copies of a number that has a name already.
    pub fn enter(&mut self, targets: &[(Head, Recorded)]) -> Vec<(Head, Recorded)> {
        let mut copies = Vec::new();
        for (head, target) in targets {
            let note = target.place().map(|place| &self.record.notes()[place]);
            let is_new = note.is_some_and(|note| !matches!(note.operation, Operation::Given(_)));
            match target.place() {
                Some(place) if is_new && !self.heads.contains_key(&place) => {
                    self.heads.insert(place, head.clone());
                    self.replaced.insert(head.name.clone(), place);
                }
                _ => copies.push((head.clone(), *target)),
            }
        }
        copies
    }

    /// Writes the line of a note.
    pub fn write(&mut self, place: usize) {
        let note = &self.record.notes()[place];
        let expression = match note.operation {
            Operation::Named(_, x) => self.expression(x, place),
            _ => self.worked_out(&note.operation, place),
        };
        let value = note.value;
        let head = match (self.heads.get(&place), &note.operation) {
            (Some(head), _) => head.clone(),
            (None, Operation::Named(symbol, _)) => self.intermediate(symbol, &expression),
            (None, _) => self.unnamed(&expression),
        };
        self.heads.insert(place, head.clone());
        if !self.has(&head, &expression) {
            self.add(head, expression, value);
        }
    }

    /// Whether a line says so already: some rules work the same thing out twice.
    fn has(&self, head: &Head, expression: &Expression) -> bool {
        let mut lines = self.lines.iter();
        head.role == Role::Intermediate
            && lines.any(|line| {
                let says_so = |worked: &Worked| {
                    worked.component == head.name.component && worked.expression == *expression
                };
                line.symbol == head.name.symbol && line.worked.iter().any(says_so)
            })
    }

    /// Writes the line of what is a copy of another number.
    pub fn copy(&mut self, head: Head, source: Recorded) {
        let end = self.record.notes().len();
        let expression = self.expression(source, end);
        let is_itself = matches!(&expression, Expression::Symbol(symbol)
            if symbol.name.as_str() == head.name.symbol);
        if !is_itself {
            self.add(head, expression, source.to_f64());
        }
    }

    /// Appends to the line of the same formula for another parameter, or begins a line.
    fn add(&mut self, head: Head, expression: Expression, value: f64) {
        let symbols = expression.symbols();
        let foreign = |symbol: &&Symbol| {
            symbol.component.is_some() && symbol.component != head.name.component
        };
        let mixes_components = symbols.iter().any(foreign);
        let formula = expression.text(Show::Names);
        let component = head.name.component;
        let worked = Worked {
            component,
            expression,
            value,
        };
        let same = self.lines.iter_mut().find(|line| {
            line.symbol == head.name.symbol
                && line.role == head.role
                && !mixes_components
                && !line.mixes_components
                && component.is_some()
                && line.worked.iter().all(|other| other.component != component)
                && line.worked[0].expression.text(Show::Names) == formula
        });
        if let Some(line) = same {
            line.worked.push(worked);
            return;
        }
        self.lines.push(Line {
            symbol: head.name.symbol.into_owned(),
            role: head.role,
            mixes_components,
            worked: vec![worked],
        });
    }

    /// A named number; where the same name stands for several, they are counted.
    fn intermediate(&self, symbol: &'static str, expression: &Expression) -> Head {
        let component = common_component(expression);
        let counted = (2..).map(|count| format!("{symbol}⟨{count}⟩"));
        let candidates = std::iter::once(symbol.to_owned()).chain(counted);
        let mut heads = candidates.map(|symbol| Head {
            name: Name {
                symbol: symbol.into(),
                component,
            },
            role: Role::Intermediate,
        });
        let is_free = |head: &Head| {
            let mut others = self.heads.values();
            !others.any(|other| other.name == head.name)
        };
        let free = heads.find(|head| is_free(head) || self.has(head, expression));
        free.expect("one of the endless candidates is free")
    }

    /// A number that no card names: ⟨1⟩, ⟨2⟩, …; the same for every parameter where only the
    /// parameter differs.
    fn unnamed(&self, expression: &Expression) -> Head {
        let component = common_component(expression);
        let formula = expression.text(Show::Names);
        let unnamed = self
            .lines
            .iter()
            .filter(|line| line.symbol.starts_with('⟨'));
        let count = unnamed.clone().count();
        let mut same = unnamed.filter(|line| {
            component.is_some()
                && !line.mixes_components
                && line.worked[0].expression.text(Show::Names) == formula
                && line
                    .worked
                    .iter()
                    .all(|other| other.component != component || other.expression == *expression)
        });
        let symbol = match same.next() {
            Some(line) => line.symbol.clone(),
            None => format!("⟨{}⟩", count + 1),
        };
        Head {
            name: Name {
                symbol: symbol.into(),
                component,
            },
            role: Role::Intermediate,
        }
    }

    /// A number as an operand in the line of the note at `line`.
    fn expression(&self, number: Recorded, line: usize) -> Expression {
        let Some(place) = number.place() else {
            return Expression::Number(number.to_f64());
        };
        let value = number.to_f64();
        let operation = &self.record.notes()[place].operation;
        let symbol = |name: &Name, is_old| {
            Expression::Symbol(Symbol {
                name: name.symbol.to_string(),
                component: name.component,
                is_old,
                value,
            })
        };
        if let Operation::Given(name) = operation {
            let replaced = self.replaced.get(name);
            return symbol(name, replaced.is_some_and(|&replaced| replaced < line));
        }
        match self.heads.get(&place) {
            Some(head) if place < line => symbol(&head.name, false),
            _ => self.worked_out(operation, line),
        }
    }

    fn worked_out(&self, operation: &Operation, line: usize) -> Expression {
        match operation {
            Operation::Given(_) => Expression::Number(f64::NAN),
            Operation::Named(_, x) => self.expression(*x, line),
            Operation::Unary(function, x) => unary(*function, self.expression(*x, line)),
            Operation::Binary(operation, a, b) => {
                let (a, b) = (self.expression(*a, line), self.expression(*b, line));
                binary(*operation, a, b)
            }
        }
    }
}

fn unary(function: Unary, x: Expression) -> Expression {
    Expression::Unary(function, Box::new(x))
}

/// Leaves out what changes nothing: a constant 0 that is added, a constant 1 that is multiplied.
fn binary(operation: Binary, a: Expression, b: Expression) -> Expression {
    let is = |x: &Expression, constant: f64| *x == Expression::Number(constant);
    match operation {
        Binary::Sum if is(&a, 0.0) => b,
        Binary::Sum | Binary::Difference if is(&b, 0.0) => a,
        Binary::Product if is(&a, 1.0) => b,
        Binary::Product | Binary::Quotient if is(&b, 1.0) => a,
        _ => Expression::Binary(operation, Box::new(a), Box::new(b)),
    }
}

/// The parameter that everything in an expression belongs to; none where nothing belongs to one,
/// or several are mixed.
fn common_component(expression: &Expression) -> Option<usize> {
    let symbols = expression.symbols();
    let mut components = symbols.iter().filter_map(|symbol| symbol.component);
    let first = components.next()?;
    components.all(|other| other == first).then_some(first)
}
