//! Formulas that were just made.

use super::{Formula, FormulaError};
use crate::landscapes::Chosen;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept: the one that is typed, the one before, and those of a few threads.
const KEPT: usize = 8;

/// The newest first. Everything that draws or runs asks for the landscape of an experiment many
/// times a frame, and the search for minima is worth doing once; that is all that is shared.
static RECENT: Mutex<VecDeque<Arc<Formula>>> = Mutex::new(VecDeque::new());

/// The landscape of a formula over a range.
///
/// # Errors
/// The first mistake in the text, with its place.
pub fn own(text: &str, range: [(f64, f64); 2]) -> Result<Chosen, FormulaError> {
    if let Some(known) = known(text, range) {
        return Ok(chosen(known));
    }
    // Made without holding the lock: another thread may make the same, which does no harm.
    let made = Arc::new(Formula::new(text, range)?);
    let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    recent.push_front(Arc::clone(&made));
    recent.truncate(KEPT);
    Ok(chosen(made))
}

/// The formula as an experiment chooses it.
pub fn chosen(formula: Arc<Formula>) -> Chosen {
    let ends = formula.range.map(|(low, high)| [low, high]);
    Chosen::set(formula, ends.as_flattened())
}

fn known(text: &str, range: [(f64, f64); 2]) -> Option<Arc<Formula>> {
    let recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    recent
        .iter()
        .find(|formula| formula.is_of(text, range))
        .map(Arc::clone)
}
