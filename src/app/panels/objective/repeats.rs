//! Where runs start, and what disturbs them: starts, gradient noise, seeds.

use super::super::Commands;
use crate::app::command::Action;
use crate::app::widgets::named;
use crate::app::widgets::number::{exact, number_field, slider_and_field_from, whole_field};
use crate::app::widgets::reset;
use crate::experiment::Experiment;
use crate::experiment::starts::MAX_RECORDS;
use crate::landscapes::LandscapeCard;
use crate::optimizers::{Domain, Scale};
use egui::{DragValue, Ui};

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// The noise that the slider offers; the field takes any.
const NOISE: (f64, f64) = (0.0, 100.0);

/// The most seeds that the field offers.
const MOST_SEEDS: usize = 256;

/// Shows the first start as numbers.
pub fn start(edited: &mut Experiment, card: &LandscapeCard<'_>, ui: &mut Ui) {
    let [mut w1, mut w2] = edited.start();
    ui.horizontal(|ui| {
        let is_usual = [w1, w2] == card.start;
        let usual = format!("({}, {})", exact(card.start[0]), exact(card.start[1]));
        let meaning = "Where every run begins, the first of several starts. Drag the ring on the \
                       landscape, double-click there, or type.";
        if reset::short_caption(ui, "Start", "start", is_usual, meaning, &usual) {
            [w1, w2] = card.start;
        }
        ui.label("w1");
        number_field(ui, "Start w1", &mut w1, FINITE);
        ui.label("w2");
        number_field(ui, "Start w2", &mut w2, FINITE);
    });
    if [w1, w2] != edited.start() {
        edited.set_start([w1, w2]);
    }
}

/// Shows how many starts there are, and how to have others.
pub fn starts(edited: &Experiment, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let count = edited.all_starts().len();
        let text = match count {
            1 => "Several starts…".to_owned(),
            _ => format!("{count} starts…"),
        };
        let button = named(ui.button(text), Action::Starts.card().name);
        if button.on_hover_text(Action::Starts.card().help).clicked() {
            commands.act(Action::Starts);
        }
        if count > 1 {
            ui.weak("every run from each");
        }
    });
}

/// Shows the noise as a slider and exactly.
pub fn noise(edited: &mut Experiment, ui: &mut Ui) {
    let before = edited.objective.noise();
    let mut noise = before;
    ui.horizontal(|ui| {
        let meaning = "Standard deviation of a Gaussian added to each gradient component: the \
                       same draw for every run at the same step. The slider is logarithmic, with \
                       0 at its left end.";
        if reset::short_caption(ui, "Noise", "gradient noise", noise == 0.0, meaning, "0") {
            noise = 0.0;
        }
        let spread = (NOISE, Scale::Logarithmic, Domain::NON_NEGATIVE);
        slider_and_field_from(ui, "Gradient noise", &mut noise, 0.0, spread).on_hover_text(meaning);
    });
    if noise != before {
        edited.objective.set_noise(noise);
    }
}

/// Shows the first seed and how many there are.
pub fn seeds(edited: &mut Experiment, commands: &mut Commands, ui: &mut Ui) {
    let present = edited.all_seeds();
    let (mut first, mut count) = (present[0], present.len());
    ui.horizontal(|ui| {
        ui.label("Seed")
            .on_hover_text("The same seed gives the same noise, always.");
        whole_field(ui, "Seed", &mut first, 0);
        let again = ui.button("New seed");
        if again.on_hover_text(Action::Reseed.card().help).clicked() {
            commands.act(Action::Reseed);
        }
        ui.label("×");
        let most = MAX_RECORDS / (edited.runs.len() * edited.all_starts().len()).max(1);
        // A field must not change what a file says only by showing it.
        let most = most.clamp(1, MOST_SEEDS).max(count);
        let field = DragValue::new(&mut count).range(1..=most);
        named(ui.add(field), "Number of seeds").on_hover_text(
            "With how many seeds every run goes: this one and those that follow it. The loss plot \
             then shows the median and the middle half. Without noise all seeds give the same.",
        );
    });
    if (first, count) != (present[0], present.len()) {
        edited.set_seeds(first, count);
    }
}
