//! What is wrong with a field of the experiment, said beside it.

use crate::app::state::Lab;
use egui::{Label, Response, RichText, Ui};

/// Shows every problem whose place is `place` or lies within it.
pub fn beside(lab: &Lab, place: &str, ui: &mut Ui) {
    show(lab, |found| is_within(found, place), ui);
}

/// Shows every problem whose place is exactly `place`.
pub fn at(lab: &Lab, place: &str, ui: &mut Ui) {
    show(lab, |found| found == place, ui);
}

fn show(lab: &Lab, is_meant: impl Fn(&str) -> bool, ui: &mut Ui) {
    let meant = lab
        .problems
        .iter()
        .filter(|problem| is_meant(&problem.place));
    for problem in meant {
        say(&problem.message, ui).on_hover_text(&problem.place);
    }
}

/// Shows what is wrong, in as many lines as it takes.
pub fn say(message: &str, ui: &mut Ui) -> Response {
    let text = RichText::new(message).color(ui.visuals().error_fg_color);
    ui.add(Label::new(text).wrap())
}

/// Whether a place is another or a part of it: `a.b[0].c` lies within `a.b`, `a.bc` does not.
pub fn is_within(place: &str, whole: &str) -> bool {
    let rest = place.strip_prefix(whole);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_part_of_a_field_lies_within_it_and_a_longer_name_does_not() {
        for (place, whole, expected) in [
            ("objective.scenario", "objective.scenario", true),
            ("objective.scenario.tasks[1]", "objective.scenario", true),
            ("objective.layers[2]", "objective.layers", true),
            ("objective.heads", "objective.head", false),
            ("objective", "objective.head", false),
        ] {
            assert_eq!(is_within(place, whole), expected, "{place} in {whole}");
        }
    }
}
