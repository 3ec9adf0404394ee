//! Tasks learnt one after the other: how well each is known over the epochs, and what is left of
//! it at the end.

use crate::app::state::Lab;
use crate::app::theme;
use crate::engine::continual::Results;
use crate::engine::{Measured, Record};
use crate::experiment::{ObjectiveSpec, TasksSpec};
use crate::models::continual::Scenario;
use egui::{Grid, ScrollArea, Stroke, Ui, vec2};
use egui_plot::{Line, Plot, PlotPoints, VLine};

/// Where the accuracies by task begin among what is measured.
const FIRST_TASK: usize = 4;

/// The least height of a task's plot.
const LEAST_HEIGHT: f32 = 110.0;

/// Whether tasks are what the experiment learns.
pub fn applies(lab: &Lab) -> bool {
    matches!(lab.experiment.objective, ObjectiveSpec::Tasks(_))
}

/// Shows a plot for each task over the accuracies at the end.
pub fn show(lab: &Lab, ui: &mut Ui) {
    let Some((record, tasks)) = lab.record_here().and_then(|record| {
        let tasks = record.checked.sequence()?.tasks();
        Some((record, tasks))
    }) else {
        ui.weak("Nothing recorded yet.");
        return;
    };
    let rows = lab.shown_runs().count() as f32;
    let below = (48.0 + 24.0 * rows).min(ui.available_height() * 0.4);
    let height = (ui.available_height() - below) / tasks.max(1) as f32 - 24.0;
    ScrollArea::vertical()
        .id_salt("accuracy by task")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            for task in 0..tasks {
                ui.strong(format!("Test accuracy on task {}", task + 1));
                plot(lab, record, (task, tasks), height.max(LEAST_HEIGHT), ui);
            }
            table(lab, record, ui);
        });
}

/// The accuracy of every run on one task, with the borders between tasks.
fn plot(lab: &Lab, record: &Record, (task, tasks): (usize, usize), height: f32, ui: &mut Ui) {
    let per_epoch = record.checked.updates_per_epoch() as f64;
    let tokens = theme::of(ui);
    let quiet = Stroke::new(1.0, theme::translucent(tokens.text, 0.5));
    let curve = |measured: &Measured| -> PlotPoints<'static> {
        let steps = measured.steps().iter().map(|&step| step as f64 / per_epoch);
        let pairs = steps.zip(measured.values(FIRST_TASK + task));
        pairs.map(|(epoch, value)| [epoch, value]).collect()
    };
    Plot::new(("accuracy on task", task))
        .height(height)
        .x_axis_label("epoch")
        .include_y(0.0)
        .include_y(1.0)
        .allow_scroll(false)
        .show(ui, |plot| {
            for border in 1..tasks as u64 {
                let epoch = (border * record.checked.experiment.epochs) as f64;
                let name = format!("task {} begins", border + 1);
                plot.vline(VLine::new(name, epoch).stroke(quiet));
            }
            for (run, colour) in lab.shown_runs() {
                let label = record.checked.runs.get(run).map_or("", |run| &run.label);
                let colour = tokens.run(colour);
                for trace in record.history.traces_of(run).skip(1) {
                    let thin = Stroke::new(0.75, theme::translucent(colour, 0.5));
                    plot.line(Line::new(label, curve(&trace.measured)).stroke(thin));
                }
                if let Some(trace) = record.history.traces.get(run) {
                    let stroke = Stroke::new(1.75, theme::colour(colour));
                    plot.line(Line::new(label, curve(&trace.measured)).stroke(stroke));
                }
            }
            let epoch = lab.playhead.step() as f64 / per_epoch;
            plot.vline(VLine::new("playhead", epoch).stroke(quiet));
        });
}

/// What every run has learnt and what is left of it after the tasks that it has finished.
fn table(lab: &Lab, record: &Record, ui: &mut Ui) {
    let traces = &record.history.traces;
    Grid::new("forgetting")
        .striped(true)
        .spacing(vec2(12.0, 4.0))
        .show(ui, |ui| {
            for (heading, help) in [
                ("run", "The run's name."),
                (
                    "when learnt",
                    "The accuracy on each task just after it, in %.",
                ),
                (
                    "at the end",
                    "The accuracy on each task after the last finished one, in %.",
                ),
                (
                    "forgetting",
                    "What tasks before the last lost of their best, in points.",
                ),
            ] {
                ui.strong(heading).on_hover_text(help);
            }
            ui.end_row();
            for (run, _) in lab.shown_runs() {
                let Some(results) = Results::of(&record.checked, traces, run) else {
                    continue;
                };
                row(&record.checked.runs[run].label, &results, ui);
            }
        });
}

fn row(label: &str, results: &Results, ui: &mut Ui) {
    let rows = &results.matrix.rows;
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    let join = |shares: Vec<f64>| {
        shares
            .into_iter()
            .map(percent)
            .collect::<Vec<_>>()
            .join(", ")
    };
    ui.label(label);
    ui.label(join((0..rows.len()).map(|task| rows[task][task]).collect()));
    let last = rows.last().map_or(&[][..], |last| &last[..rows.len()]);
    ui.label(join(last.to_vec()));
    let forgetting = results.matrix.forgetting();
    ui.label(forgetting.map_or_else(|| "–".to_owned(), percent));
    ui.end_row();
}

/// Says what the tasks are; they are changed in the experiment's file.
pub fn describe(spec: &TasksSpec, ui: &mut Ui) {
    let tasks = spec.scenario.tasks();
    let made = match &spec.scenario {
        Scenario::Split { .. } | Scenario::Even { .. } => "with classes of their own",
        Scenario::Permuted { .. } => "with rearranged inputs",
        Scenario::Rotated { .. } => "with turned inputs",
    };
    ui.label(format!("{tasks} tasks {made}, one after the other."));
    ui.label(format!(
        "Head: {}. Batches of {}.",
        spec.head.name(),
        spec.batch_size
    ));
    ui.weak(
        "At the end of a task its data are gone. Tasks and remedies are changed in the \
         experiment's file.",
    );
}
