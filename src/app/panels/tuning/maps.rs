//! The map: what becomes of a run over two of its quantities.

use super::axes;
use super::choose;
use super::colour_bar;
use super::picture::MapPictures;
use super::range_test::RangePlot;
use crate::analysis::map::{MapQuestion, MapValue};
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::tuning::{Cost, Fineness, MapForm, Stage, TuningCommand};
use crate::app::widgets::named;
use crate::app::widgets::number::number_field;
use crate::optimizers::Domain;
use egui::{ScrollArea, Ui};
use std::time::Duration;

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// The panel, with the picture of its map.
#[derive(Default)]
pub struct MapsPanel {
    pictures: MapPictures,
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
                let questions = form.questions(lab);
                if form.all && lab.shown_runs().count() == 0 {
                    ui.weak("No run is shown. Show those whose maps are wanted.");
                } else if questions.is_empty() || !lab.problems.is_empty() {
                    ui.weak("There is no map of this: check the ends of the axes.");
                } else {
                    let mut is_asked = lab.tuning.mapper.has_asked(lab.document.id, &questions);
                    if !is_asked && (are_quick(lab, &questions) || compute_button(ui)) {
                        let asked = TuningCommand::AskMaps(questions.clone());
                        commands.push(Command::Tuning(asked));
                        is_asked = true;
                    }
                    let asked = (&questions[..], is_asked);
                    let legend = self.pictures.show(lab, &form, asked, commands, ui);
                    colour_bar::show(lab, &form, legend, ui);
                    if is_asked {
                        stage(lab, questions.clone(), commands, ui);
                    }
                    only_the_first(lab, &questions, ui);
                }
                ui.separator();
                self.range.show(lab, form.run, commands, ui);
            });
    }
}

fn controls(lab: &Lab, form: &mut MapForm, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let runs = lab.experiment.runs.iter().enumerate();
        let mut runs: Vec<_> = runs
            .map(|(index, run)| (Some(index), run.display_label()))
            .collect();
        if runs.len() > 1 {
            runs.push((None, "All runs on show".to_owned()));
        }
        let mut chosen = Some(form.run).filter(|_| !form.all);
        let explain = "Whose map this is.";
        if choose(ui, "Run on the map", &mut chosen, &runs, explain) {
            form.all = chosen.is_none();
            form.run = chosen.unwrap_or(form.run);
        }
        let is_landscape = lab.experiment.objective.landscape().is_some();
        let values: Vec<_> = MapValue::ALL
            .iter()
            .filter(|value| is_landscape || !value.needs_minima())
            .map(|value| (*value, value.name().to_owned()))
            .collect();
        if !values.iter().any(|(value, _)| *value == form.value) {
            form.value = MapValue::default();
        }
        choose(
            ui,
            "Value of the map",
            &mut form.value,
            &values,
            "What the colours mean.",
        );
    });
    ui.horizontal(|ui| {
        let cost = Cost::of(&lab.experiment, form.run);
        let finenesses = Fineness::ALL.map(|fineness| {
            let side = form.cells_a_side(fineness, cost);
            (fineness, format!("{side} × {side} cells"))
        });
        let explain = "How many cells the map has.";
        choose(ui, "Cells", &mut form.fineness, &finenesses, explain);
        if form.value == MapValue::EpochsToTarget {
            ui.label("target");
            let present = form.target(lab);
            let mut target = present;
            number_field(ui, "Target of the map", &mut target, FINITE)
                .on_hover_text("The loss that is to be reached.");
            if target != present {
                form.target = Some((lab.document.id, target));
            }
        }
    });
    axes::show(lab, form, ui);
}

/// Multiplications of a whole map that are not worth a question: seconds.
const QUICK: u64 = 4_000_000_000;

/// Whether maps are computed unasked: on landscapes, where a trial takes microseconds, and with
/// few data. Trainings never are.
fn are_quick(lab: &Lab, questions: &[MapQuestion]) -> bool {
    let is_quick = |question: &MapQuestion| match Cost::of(&lab.experiment, question.run) {
        Cost::Packed => true,
        Cost::Trained => false,
        Cost::Alone if lab.experiment.objective.landscape().is_some() => true,
        Cost::Alone => lab.record.as_ref().is_some_and(|record| {
            let checked = &record.checked;
            let update = checked.objective.work_per_update();
            let cells = (question.cells[0] * question.cells[1] * questions.len()) as u64;
            let updates = checked.updates().saturating_mul(cells);
            update.saturating_mul(updates) <= QUICK
        }),
    };
    questions.iter().all(is_quick)
}

/// What is sooner there needs no word.
const SOON: Duration = Duration::from_millis(500);

/// Says that maps are still being computed, or were broken off, with a button that changes it.
fn stage(lab: &Lab, questions: Vec<MapQuestion>, commands: &mut Commands, ui: &mut Ui) {
    match lab.tuning.mapper.stage() {
        Stage::Computing(time) => {
            ui.ctx().request_repaint_after(SOON);
            if time < SOON {
                return;
            }
            ui.horizontal(|ui| {
                ui.small(format!("Computing for {} s", time.as_secs()));
                let button = named(ui.small_button("Cancel"), "Cancel the map");
                let explain = "End it; what is there stays.";
                if button.on_hover_text(explain).clicked() {
                    commands.push(Command::Tuning(TuningCommand::StopMaps));
                }
            });
        }
        Stage::Stopped => {
            ui.horizontal(|ui| {
                ui.small("Broken off");
                let button = named(ui.small_button("Compute again"), "Compute the map again");
                if button.clicked() {
                    commands.push(Command::Tuning(TuningCommand::AskMaps(questions)));
                }
            });
        }
        Stage::Done => {}
    }
}

/// Says what of the experiment is not on the maps.
fn only_the_first(lab: &Lab, questions: &[MapQuestion], ui: &mut Ui) {
    let axes = questions.iter().flat_map(|asked| [&asked.x, &asked.y]);
    if let Some(left_out) = lab.experiment.left_out(axes.map(|axis| &axis.quantity)) {
        ui.small(left_out);
    }
    let missing = lab.shown_runs().count().saturating_sub(questions.len());
    if missing > 0 && lab.tuning.map.all {
        let runs = if missing == 1 { "run has" } else { "runs have" };
        ui.small(format!("{missing} {runs} not both of these quantities."));
    }
}

/// What takes long is not begun unasked.
fn compute_button(ui: &mut Ui) -> bool {
    ui.button("Compute the map")
        .on_hover_text("Run once for every cell; this may take long and can be left at any time.")
        .clicked()
}
