//! The accuracy on every task over the epochs, with the borders between tasks: one plot a task,
//! all runs side by side, over all seeds.

use crate::app::command::Command;
use crate::app::panels::{Commands, unrecorded};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::marker;
use crate::engine::Record;
use crate::engine::continual::FIRST_TASK;
use crate::engine::over_seeds::Spread;
use crate::figures::theme::Theme;
use egui::{Align2, RichText, ScrollArea, Stroke, Ui};
use egui_plot::{FilledArea, Line, Plot, PlotPoint, PlotPoints, PlotUi, Polygon, Text, VLine};

/// The least height of a task's plot.
const LEAST_HEIGHT: f32 = 110.0;

/// From so many tasks on the borders have numbers in place of words.
const MANY_TASKS: usize = 5;

/// The panel, with the curves on show.
#[derive(Default)]
pub struct AccuracyPanel {
    key: Option<Key>,
    /// One list a task, one curve a shown run.
    curves: Vec<Vec<Curve>>,
}

/// What curves were made for.
#[derive(PartialEq)]
struct Key {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
}

/// The accuracy of a run on a task over all seeds.
#[derive(Debug, Default)]
struct Curve {
    colour: u8,
    label: String,
    epochs: Vec<f64>,
    mean: Vec<f64>,
    /// A standard deviation below and above; as the mean with one seed.
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl AccuracyPanel {
    /// Shows a plot for each task.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some((record, tasks)) = lab.record_here().and_then(|record| {
            let tasks = record.checked.sequence()?.tasks();
            Some((record, tasks))
        }) else {
            unrecorded::say(lab, ui);
            return;
        };
        self.prepare(lab, record, tasks);
        caption(record, ui);
        let height = ui.available_height() / tasks.max(1) as f32 - 24.0;
        ScrollArea::vertical()
            .id_salt("accuracy by task")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                for task in 0..tasks {
                    ui.strong(format!("Test accuracy on task {}", task + 1));
                    self.plot(
                        lab,
                        record,
                        (task, tasks),
                        height.max(LEAST_HEIGHT),
                        commands,
                        ui,
                    );
                }
            });
    }

    fn prepare(&mut self, lab: &Lab, record: &Record, tasks: usize) {
        let key = Key {
            record: record.identity(),
            shown: lab.shown_runs().collect(),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let of_task = |task: usize| {
            let runs = key.shown.iter();
            runs.map(|&(run, colour)| curve(record, (run, colour), task))
                .collect()
        };
        self.curves = (0..tasks).map(of_task).collect();
        self.key = Some(key);
    }

    fn plot(
        &self,
        lab: &Lab,
        record: &Record,
        (task, tasks): (usize, usize),
        height: f32,
        commands: &mut Commands,
        ui: &mut Ui,
    ) {
        let per_epoch = record.checked.updates_per_epoch() as f64;
        let per_task = record.checked.experiment.epochs as f64;
        let tokens = theme::of(ui);
        let curves = self.curves.get(task).map_or(&[][..], Vec::as_slice);
        let here = lab.playhead.step() as f64 / per_epoch;
        let response = Plot::new(("accuracy on task", task))
            .height(height)
            .x_axis_label("epoch")
            .include_x(0.0)
            .include_x(per_task * tasks as f64)
            .include_y(0.0)
            .include_y(1.0)
            .allow_scroll(false)
            .show(ui, |plot| {
                borders(plot, (task, tasks), per_task, tokens);
                curves.iter().for_each(|curve| draw(plot, curve, tokens));
                let quiet = Stroke::new(1.0, theme::translucent(tokens.text, 0.5));
                plot.vline(VLine::new("playhead", here).stroke(quiet));
            });
        let painter = ui.painter().with_clip_rect(*response.transform.frame());
        let ground = theme::colour(tokens.ground);
        let ends = (1..=tasks).map(|task| per_task * task as f64);
        let marked: Vec<f64> = ends.chain([here]).collect();
        for curve in curves {
            for at in marked.iter().filter_map(|&epoch| curve.at(epoch)) {
                let at = response.transform.position_from_point(&at);
                let fill = theme::colour(tokens.run(curve.colour));
                marker::of_look(&painter, curve.colour, at, 4.0, fill, ground);
            }
        }
        describe(task, curves, here, &response.response);
        if response.response.clicked()
            && let Some(at) = response.response.interact_pointer_pos()
        {
            let epoch = response.transform.value_from_position(at).x.max(0.0);
            commands.push(Command::Seek((epoch * per_epoch).round() as u64));
        }
    }
}

/// What is drawn, in words.
fn caption(record: &Record, ui: &mut Ui) {
    let text = match record.history.variations.len() {
        0 => "One seed. Shaded: while the task itself is learnt; its data are gone after that. A \
              click moves the playhead."
            .to_owned(),
        others => format!(
            "Lines: means over {} seeds; areas: ± standard deviation. Shaded: while the task \
             itself is learnt. A click moves the playhead.",
            others + 1
        ),
    };
    let text = RichText::new(text).small().weak();
    ui.add(egui::Label::new(text).truncate());
}

fn curve(record: &Record, (run, colour): (usize, u8), task: usize) -> Curve {
    let mut curve = Curve {
        colour,
        label: record
            .checked
            .runs
            .get(run)
            .map_or_else(String::new, |run| run.label.clone()),
        ..Curve::default()
    };
    let Some(first) = record.history.traces.get(run) else {
        return curve;
    };
    let per_epoch = record.checked.updates_per_epoch() as f64;
    for &step in first.measured.steps() {
        let of_seed = |trace: &crate::engine::Trace| {
            let values = trace.measured.exactly_at(step)?;
            values.get(FIRST_TASK + task).copied()
        };
        let values: Vec<f64> = record.history.traces_of(run).filter_map(of_seed).collect();
        if let Some(spread) = Spread::of(&values) {
            let deviation = spread.deviation.unwrap_or(0.0);
            curve.epochs.push(step as f64 / per_epoch);
            curve.mean.push(spread.mean);
            curve.lower.push((spread.mean - deviation).max(0.0));
            curve.upper.push((spread.mean + deviation).min(1.0));
        }
    }
    curve
}

impl Curve {
    /// The last point that was measured not after an epoch; none where the curve has ended before.
    fn at(&self, epoch: f64) -> Option<PlotPoint> {
        let after = self.epochs.partition_point(|&at| at <= epoch + 1e-9);
        let index = after.checked_sub(1)?;
        let is_over = after == self.epochs.len() && epoch > self.epochs[index] + 1.0;
        (!is_over).then(|| PlotPoint::new(self.epochs[index], self.mean[index]))
    }
}

/// The spans of the tasks: that of the plot's own shaded, all with their numbers.
fn borders(plot: &mut PlotUi<'_>, (task, tasks): (usize, usize), per_task: f64, tokens: &Theme) {
    let (begin, end) = (task as f64 * per_task, (task + 1) as f64 * per_task);
    let corners = vec![[begin, 0.0], [end, 0.0], [end, 1.0], [begin, 1.0]];
    let shade = Polygon::new("while it is learnt", PlotPoints::from(corners))
        .fill_color(theme::translucent(tokens.accent, 0.10))
        .stroke(Stroke::NONE)
        .allow_hover(false);
    plot.polygon(shade);
    let quiet = Stroke::new(1.0, theme::translucent(tokens.text, 0.35));
    for number in 0..tasks {
        let begin = number as f64 * per_task;
        if number > 0 {
            let name = format!("task {} begins", number + 1);
            plot.vline(VLine::new(name, begin).stroke(quiet));
        }
        let text = match tasks {
            MANY_TASKS.. => (number + 1).to_string(),
            _ => format!("learning task {}", number + 1),
        };
        let at = PlotPoint::new(begin + 0.5 * per_task, 0.01);
        let text = RichText::new(text).small();
        let text = Text::new("", at, text)
            .color(theme::colour(tokens.quiet_text))
            .anchor(Align2::CENTER_BOTTOM)
            .allow_hover(false);
        plot.text(text);
    }
}

fn draw(plot: &mut PlotUi<'_>, curve: &Curve, tokens: &Theme) {
    let colour = tokens.run(curve.colour);
    if curve.lower != curve.upper {
        let fill = theme::translucent(colour, 0.2);
        let area = FilledArea::new("", &curve.epochs, &curve.lower, &curve.upper).fill_color(fill);
        plot.add(area.allow_hover(false));
    }
    let points = curve.epochs.iter().zip(&curve.mean);
    let points: PlotPoints<'_> = points.map(|(&epoch, &mean)| [epoch, mean]).collect();
    let stroke = Stroke::new(1.75, theme::colour(colour));
    plot.line(
        Line::new(curve.label.clone(), points)
            .allow_band(false)
            .stroke(stroke),
    );
}

/// Says in words what the plot shows at the playhead, for screen readers.
fn describe(task: usize, curves: &[Curve], here: f64, response: &egui::Response) {
    let words = |curve: &Curve| {
        let at = curve.at(here)?;
        Some(format!("{} {:.1} %", curve.label, 100.0 * at.y))
    };
    let words: Vec<_> = curves.iter().filter_map(words).collect();
    let text = format!(
        "Accuracy on task {} at epoch {here:.0}: {}",
        task + 1,
        words.join(", ")
    );
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_label(text);
        node.set_role(egui::Role::GraphicsDocument);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_rests_at_what_was_measured_last_and_ends_where_its_run_did() {
        let curve = Curve {
            epochs: vec![0.0, 1.0, 2.0],
            mean: vec![0.1, 0.5, 0.9],
            ..Curve::default()
        };
        let y = |epoch: f64| curve.at(epoch).map(|at| at.y);
        assert_eq!((y(0.0), y(1.7), y(2.0)), (Some(0.1), Some(0.5), Some(0.9)));
        assert_eq!((y(2.5), y(4.0), y(-1.0)), (Some(0.9), None, None));
    }
}
