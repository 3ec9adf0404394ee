//! What a symbol of an explained step stands for on the landscape.

use crate::analysis::explanation::{Explanation, Line, Remembered};
use crate::optimizers::{Holds, Slot};

/// A symbol that is pointed at, and what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Pointed {
    /// The symbol.
    pub symbol: String,
    /// Where the rule stood before the step, in all parameters.
    pub at: Vec<f64>,
    /// What it stands for there.
    pub meant: Meant,
    /// The colour of the run.
    pub colour: u8,
}

/// What a symbol can stand for on a landscape.
#[derive(Clone, Debug, PartialEq)]
pub enum Meant {
    /// A vector that points where the gradient does; drawn downhill.
    Uphill(Vec<f64>),
    /// A vector that points where steps go.
    Downhill(Vec<f64>),
    /// Squares of sizes, one a parameter.
    Squares(Vec<f64>),
    /// Sizes, one a parameter.
    Sizes(Vec<f64>),
    /// A point among the parameters.
    Place(Vec<f64>),
    /// The step, to this point.
    Step(Vec<f64>),
}

impl Pointed {
    /// What `symbol` stands for in an explained step; none where that has no place on the
    /// landscape.
    pub fn of(explained: &Explanation, symbol: &str, colour: u8) -> Option<Self> {
        let meant = meant(explained, symbol)?;
        let at = explained.parameters.iter().map(|moved| moved.before);
        Some(Self {
            symbol: symbol.to_owned(),
            at: at.collect(),
            meant,
            colour,
        })
    }
}

fn meant(of: &Explanation, symbol: &str) -> Option<Meant> {
    let after = of.parameters.iter().map(|moved| moved.after).collect();
    match symbol {
        "g" => Some(Meant::Uphill(
            of.disturbed.as_ref().unwrap_or(&of.gradient).clone(),
        )),
        // The rate scales the step, and the parameters are where it leads.
        "θ" | "α" => Some(Meant::Step(after)),
        "J" => {
            let before = of.parameters.iter().map(|moved| moved.before);
            Some(Meant::Place(before.collect()))
        }
        _ => remembered(of, symbol).or_else(|| corrected(of, symbol)),
    }
}

/// What is remembered under that symbol, one number a parameter.
fn remembered(of: &Explanation, symbol: &str) -> Option<Meant> {
    let is_it = |memory: &&Remembered| memory.symbol == symbol;
    let memory = of.memory.iter().find(is_it)?;
    let slot = slot(of, symbol)?;
    let values: Vec<f64> = memory.numbers.iter().map(|number| number.after).collect();
    let is_each = memory.numbers.iter().all(|number| number.entry.is_some());
    (is_each && values.len() == of.parameters.len()).then(|| read(slot.holds, values))?
}

/// What is worked out of a remembered number and is read as that: m̂ as m, v̂ as v.
fn corrected(of: &Explanation, symbol: &str) -> Option<Meant> {
    let bare = match symbol {
        "ŝ" => "s".to_owned(),
        _ => symbol.strip_suffix('\u{302}')?.to_owned(),
    };
    let slot = slot(of, &bare)?;
    let line = of.lines.iter().find(|line| is_of_each(line, symbol, of))?;
    read(
        slot.holds,
        line.worked.iter().map(|worked| worked.value).collect(),
    )
}

fn is_of_each(line: &Line, symbol: &str, of: &Explanation) -> bool {
    line.symbol == symbol && line.worked.len() == of.parameters.len()
}

/// The slot of the rule's own card with this symbol.
fn slot(of: &Explanation, symbol: &str) -> Option<&'static Slot> {
    of.card.slots.iter().find(|slot| slot.symbol == symbol)
}

fn read(holds: Holds, values: Vec<f64>) -> Option<Meant> {
    match holds {
        Holds::Uphill => Some(Meant::Uphill(values)),
        Holds::Downhill => Some(Meant::Downhill(values)),
        Holds::Squares => Some(Meant::Squares(values)),
        Holds::Sizes => Some(Meant::Sizes(values)),
        Holds::Place => Some(Meant::Place(values)),
        Holds::Numbers => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::explanation;
    use crate::experiment::built_in;

    #[test]
    fn symbols_stand_for_what_the_cards_say() {
        let checked = built_in::find("hw3_q3a").unwrap().experiment();
        let checked = checked.check().unwrap();
        let adam = checked
            .runs
            .iter()
            .position(|run| run.optimizer.card().id == "adam");
        let of = explanation::explain(&checked, adam.unwrap(), 3).unwrap();
        let meant = |symbol: &str| Pointed::of(&of, symbol, 0).map(|pointed| pointed.meant);
        assert_eq!(meant("g"), Some(Meant::Uphill(of.gradient.clone())));
        assert!(matches!(meant("m"), Some(Meant::Uphill(_))));
        assert!(matches!(meant("v"), Some(Meant::Squares(_))));
        // Corrected moments are read as the moments are, with their own values.
        let value = |symbol: &str| -> Vec<f64> {
            let line = of.lines.iter().find(|line| line.symbol == symbol).unwrap();
            line.worked.iter().map(|worked| worked.value).collect()
        };
        let (m, v) = ("m\u{302}", "v\u{302}");
        assert_eq!(meant(m), Some(Meant::Uphill(value(m))));
        assert_eq!(meant(v), Some(Meant::Squares(value(v))));
        let after = of.parameters.iter().map(|moved| moved.after).collect();
        assert_eq!(meant("θ"), Some(Meant::Step(after)));
        for symbol in ["β₁", "ε", "β₁ᵗ", "no such symbol"] {
            assert_eq!(meant(symbol), None, "{symbol}");
        }
    }
}
