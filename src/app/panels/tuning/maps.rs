//! The map: what becomes of a run over two of its quantities.

use super::axes;
use super::choose;
use super::colour_bar;
use super::picture::MapPicture;
use super::range_test::RangePlot;
use crate::analysis::map::MapValue;
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::tuning::{CELLS_ALONE, Cost, MapForm, TuningCommand};
use crate::app::widgets::number::number_field;
use crate::optimizers::Domain;
use egui::{ScrollArea, Ui};

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// The panel, with the picture of its map.
#[derive(Default)]
pub struct MapsPanel {
    picture: MapPicture,
    range: RangePlot,
}

impl MapsPanel {
    /// Shows the controls and the map, and asks for the map that they stand at.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        if lab.experiment.runs.is_empty() {
            ui.weak("Add a run to see what becomes of it over its learning rate and decay.");
            return;
        }
        ScrollArea::vertical()
            .id_salt("maps")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let mut form = lab.tuning.map.clone();
                form.run = form.run.min(lab.experiment.runs.len() - 1);
                controls(lab, &mut form, ui);
                if form != lab.tuning.map {
                    commands.push(Command::Tuning(TuningCommand::SetMap(Box::new(
                        form.clone(),
                    ))));
                }
                let question = form.question(&lab.experiment);
                match question.filter(|_| lab.problems.is_empty()) {
                    Some(question) => {
                        let mut is_asked = lab.tuning.mapper.has_asked(&question);
                        if !is_asked && (is_quick(lab, form.run) || compute_button(ui)) {
                            let asked = TuningCommand::AskMap(Box::new(question.clone()));
                            commands.push(Command::Tuning(asked));
                            is_asked = true;
                        }
                        let asked = (&question, is_asked);
                        let legend = self.picture.show(lab, &form, asked, commands, ui);
                        colour_bar::show(lab, &form, legend, ui);
                    }
                    None => {
                        ui.weak("There is no map of this: check the ends of the axes.");
                    }
                }
                ui.separator();
                self.range.show(lab, form.run, commands, ui);
            });
    }
}

fn controls(lab: &Lab, form: &mut MapForm, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let runs = lab.experiment.runs.iter().enumerate();
        let runs: Vec<_> = runs
            .map(|(index, run)| (index, run.display_label()))
            .collect();
        choose(
            ui,
            "Run on the map",
            &mut form.run,
            &runs,
            "Whose map this is.",
        );
        let values: Vec<_> = MapValue::ALL
            .iter()
            .map(|value| (*value, value.name().to_owned()))
            .collect();
        choose(
            ui,
            "Value of the map",
            &mut form.value,
            &values,
            "What the colours mean.",
        );
        if form.value == MapValue::EpochsToTarget {
            ui.label("target");
            let present = form.target(&lab.experiment);
            let mut target = present;
            number_field(ui, "Target of the map", &mut target, FINITE)
                .on_hover_text("The loss that is to be reached.");
            if target != present {
                form.target = Some(target);
            }
        }
    });
    axes::show(lab, form, ui);
}

/// Multiplications of a whole map that are not worth a question: seconds.
const QUICK: u64 = 4_000_000_000;

/// Whether maps are computed unasked: on landscapes, where a trial takes microseconds, and with
/// few data. Trainings never are.
fn is_quick(lab: &Lab, run: usize) -> bool {
    match Cost::of(&lab.experiment, run) {
        Cost::Packed => true,
        Cost::Trained => false,
        Cost::Alone if lab.experiment.objective.landscape().is_some() => true,
        Cost::Alone => lab.record.as_ref().is_some_and(|record| {
            let checked = &record.checked;
            let update = checked.objective.work_per_update();
            let cells = CELLS_ALONE as u64 * CELLS_ALONE as u64;
            let updates = checked.updates().saturating_mul(cells);
            update.saturating_mul(updates) <= QUICK
        }),
    }
}

/// What takes long is not begun unasked.
fn compute_button(ui: &mut Ui) -> bool {
    ui.button("Compute the map")
        .on_hover_text("Run once for every cell; this may take long and can be left at any time.")
        .clicked()
}
