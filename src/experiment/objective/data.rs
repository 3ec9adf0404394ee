//! What can be wrong with the data that a network is trained on.

use crate::experiment::check::Problems;
use crate::models::datasets::{MAX_TOY, Source};
use crate::numbers::Domain;

/// Adds what is wrong with `source`, which stands at `place` in the file.
pub fn check(place: &str, source: &Source, problems: &mut Problems) {
    if let Some((toy, examples, noise)) = source.toy() {
        let least = toy.classes();
        if !(least..=MAX_TOY).contains(&examples) {
            let message = format!("{examples} is out of range; give {least} to {MAX_TOY}");
            problems.add(&format!("{place}.examples"), message);
        }
        let domain = Domain::NON_NEGATIVE;
        let place = format!("{place}.noise");
        problems.number(&place, noise, domain.contains(noise), &domain);
    }
    if let Source::Csv { test_share, .. } = source {
        let share = *test_share;
        let is_share = share > 0.0 && share < 1.0;
        let place = format!("{place}.test_share");
        problems.number(&place, share, is_share, &"a number between 0 and 1");
    }
    match source.rows() {
        Some(Err(error)) => problems.add(&format!("{place}.file"), error.to_string()),
        Some(Ok(rows)) if rows.rows() < 2 => {
            let message = "it has one row; give at least one to train on and one to test on";
            problems.add(&format!("{place}.file"), message.into());
        }
        _ => {}
    }
}
