//! Where runs start, and what disturbs them: starts, gradient noise, seeds.

use super::super::Commands;
use crate::app::command::Action;
use crate::app::widgets::named;
use crate::app::widgets::number::{number_field, slider_and_field};
use crate::experiment::Experiment;
use crate::experiment::starts::MAX_RECORDS;
use crate::optimizers::{Domain, Scale};
use egui::{DragValue, Ui};

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// The noise that the slider offers; the field takes any.
const NOISE: (f64, f64) = (0.0, 100.0);

/// The most seeds that the field offers.
const MOST_SEEDS: usize = 256;

/// Shows the first start as numbers.
pub fn start(edited: &mut Experiment, ui: &mut Ui) {
    let [mut w1, mut w2] = edited.start();
    ui.horizontal(|ui| {
        ui.label("Start").on_hover_text(
            "Where every run begins. Drag the ring on the landscape, double-click there, or type. \
             With several starts, the first of them.",
        );
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
        ui.label("Noise").on_hover_text(
            "Standard deviation of a Gaussian added to each gradient component: the same draw \
             for every run at the same step. The slider is logarithmic, 0 at its left end.",
        );
        let name = "Gradient noise";
        let domain = Domain::NON_NEGATIVE;
        slider_and_field(ui, name, &mut noise, NOISE, Scale::Logarithmic, domain);
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
        named(ui.add(DragValue::new(&mut first)), "Seed");
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
