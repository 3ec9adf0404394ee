//! The names that a formula may use.

use super::mistake::Mistake;
use super::program::{CONSTANT_NAMES, FUNCTIONS, Instruction};
use super::tokens::shortened;
use std::f64::consts::{E, PI};

/// The variables of a formula by name, beside the functions and constants that every formula
/// has.
#[derive(Clone, Debug)]
pub struct Vocabulary<'a> {
    names: Vec<(&'a str, usize)>,
    described: &'a str,
    hint: &'a str,
}

impl<'a> Vocabulary<'a> {
    /// These names for the variables with these numbers; one variable may have several.
    /// Messages call them `described`, and say `hint` where there is no formula at all.
    pub fn new(
        names: impl IntoIterator<Item = (&'a str, usize)>,
        described: &'a str,
        hint: &'a str,
    ) -> Self {
        Self {
            names: names.into_iter().collect(),
            described,
            hint,
        }
    }

    pub(super) fn described(&self) -> &str {
        self.described
    }

    /// What is wrong with no formula.
    pub(super) fn empty(&self) -> Mistake {
        Mistake::Empty {
            hint: self.hint.to_owned(),
        }
    }

    /// A variable or a constant.
    pub(super) fn value_of(&self, name: &str) -> Option<Instruction> {
        let known = self.names.iter().find(|(known, _)| *known == name);
        match (known, name) {
            (Some(&(_, variable)), _) => Some(Instruction::Variable(variable)),
            (None, "pi") => Some(Instruction::Constant(PI)),
            (None, "e") => Some(Instruction::Constant(E)),
            (None, _) => None,
        }
    }

    /// What `count` arguments of a function may look like.
    pub(super) fn arguments(&self, count: usize) -> String {
        let names = self.names.iter().map(|(name, _)| *name);
        let names: Vec<_> = names.chain(["1", "2"]).take(count).collect();
        names.join(", ")
    }

    /// What is wrong with a name that nothing has.
    pub(super) fn unknown(&self, name: &str) -> Mistake {
        let functions = FUNCTIONS.iter().map(|(known, _)| *known);
        let names = self.names.iter().map(|(known, _)| *known);
        let known = names.chain(functions).chain(CONSTANT_NAMES);
        // A long name is like none; its beginning tells as much.
        let lower: String = name.to_lowercase().chars().take(32).collect();
        let nearest = match lower.as_str() {
            "log" => "ln",
            "arcsin" => "asin",
            "arccos" => "acos",
            "arctan" => "atan",
            _ => known
                .min_by_key(|known| strsim::damerau_levenshtein(&lower, known))
                .unwrap_or("pi"),
        };
        Mistake::Name {
            found: shortened(name),
            nearest: nearest.to_owned(),
        }
    }
}

/// Whether a text can be the name of a variable: letters, digits and `_`, no digit first, and
/// no function or constant.
///
/// # Errors
/// Why it cannot.
pub fn check_name(name: &str) -> Result<(), String> {
    let is_part = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_';
    let begins_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if FUNCTIONS.iter().any(|(function, _)| *function == name) {
        Err(format!(
            "`{name}` is a function of the formula language; choose another name"
        ))
    } else if CONSTANT_NAMES.contains(&name) {
        Err(format!(
            "`{name}` is a constant of the formula language; choose another name"
        ))
    } else if name.is_empty() {
        Err("a name is empty; give one of letters, digits and `_`".to_owned())
    } else if !begins_well || !name.chars().all(is_part) {
        Err(format!(
            "`{}` cannot stand in a formula; give a name of letters, digits and `_` that begins \
             with a letter",
            shortened(name).replace(char::is_control, " ")
        ))
    } else {
        Ok(())
    }
}
