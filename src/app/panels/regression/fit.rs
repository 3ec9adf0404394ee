//! Predictions against targets, residuals, and the parameters over time.

use crate::app::panels::{Commands, unrecorded};
use crate::app::state::Lab;
use crate::app::theme;
use crate::engine::Record;
use crate::models::regression::Regression;
use egui::{Stroke, Ui};
use egui_plot::{AxisHints, HLine, Line, Plot, PlotPoints, Points, VLine};

/// The most points of a scatter plot.
const MOST_POINTS: usize = 3000;

/// The most points of a parameter's curve.
const MOST_STEPS: usize = 2000;

/// The most parameters that are drawn.
const MOST_PARAMETERS: usize = 16;

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    Predictions,
    Residuals,
    Parameters,
}

const CHOICES: [(Shown, &str, &str); 3] = [
    (
        Shown::Predictions,
        "Predictions",
        "ŷ against y at the playhead; on the line they agree.",
    ),
    (
        Shown::Residuals,
        "Residuals",
        "e = ŷ − y of every row at the playhead.",
    ),
    (
        Shown::Parameters,
        "Parameters",
        "Every parameter of the run at hand over the updates; the dashes are least squares.",
    ),
];

/// The panel, with the predictions on show.
#[derive(Default)]
pub struct FitPanel {
    shown: Shown,
    key: Option<Key>,
    /// (run's colour, its label, (row, y, ŷ) of some rows).
    predicted: Vec<(u8, String, Vec<[f64; 3]>)>,
}

/// What predictions were made for.
#[derive(PartialEq)]
struct Key {
    record: (u64, u64),
    step: u64,
    shown: Vec<(usize, u8)>,
}

impl FitPanel {
    /// Shows the chosen plot.
    pub fn show(&mut self, lab: &Lab, _: &mut Commands, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            for (choice, name, help) in CHOICES {
                if ui
                    .selectable_label(self.shown == choice, name)
                    .on_hover_text(help)
                    .clicked()
                {
                    self.shown = choice;
                }
            }
        });
        let Some(record) = lab.record_here() else {
            unrecorded::say(lab, ui);
            return;
        };
        let Some(regression) = record.checked.regression() else {
            return;
        };
        match self.shown {
            Shown::Parameters => parameters(lab, record, regression, ui),
            Shown::Predictions | Shown::Residuals => {
                self.predict(lab, record, regression);
                self.scatter(ui);
            }
        }
    }

    fn predict(&mut self, lab: &Lab, record: &Record, regression: &Regression) {
        let key = Key {
            record: record.identity(),
            step: lab.playhead.step(),
            shown: lab.shown_runs().collect(),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let every = regression.table().rows().div_ceil(MOST_POINTS).max(1);
        let predicted = key.shown.iter().filter_map(|&(run, colour)| {
            let frame = record.history.frame(run, key.step)?;
            let predictions = regression.predictions(frame.parameters);
            let pairs = regression.targets().iter().zip(predictions).enumerate();
            let points = pairs.step_by(every);
            let points = points.map(|(row, (y, predicted))| [(row + 1) as f64, *y, predicted]);
            Some((
                colour,
                record.checked.runs[run].label.clone(),
                points.collect(),
            ))
        });
        self.predicted = predicted.collect();
        self.key = Some(key);
    }

    fn scatter(&self, ui: &mut Ui) {
        let residuals = self.shown == Shown::Residuals;
        let (across, up) = match residuals {
            true => ("row", "ŷ − y"),
            false => ("target y", "prediction ŷ"),
        };
        let tokens = theme::of(ui);
        let quiet = Stroke::new(1.0, theme::translucent(tokens.text, 0.5));
        Plot::new(("fit", residuals))
            .custom_x_axes(vec![across_axis(across)])
            .y_axis_label(up)
            .grid_color(theme::colour(tokens.grid))
            .grid_spacing(8.0..=40.0)
            .allow_scroll(false)
            .show(ui, |plot| {
                if residuals {
                    plot.hline(HLine::new("agreement", 0.0).stroke(quiet));
                } else {
                    let targets = self.predicted.iter().flat_map(|(_, _, points)| points);
                    let ends = targets
                        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| {
                            (low.min(p[1]), high.max(p[1]))
                        });
                    let diagonal = vec![[ends.0, ends.0], [ends.1, ends.1]];
                    plot.line(
                        Line::new("agreement", PlotPoints::from(diagonal))
                            .allow_band(false)
                            .stroke(quiet),
                    );
                }
                for (colour, label, points) in &self.predicted {
                    let place = |&[row, y, predicted]: &[f64; 3]| match residuals {
                        true => [row, predicted - y],
                        false => [y, predicted],
                    };
                    let points: Vec<_> = points.iter().map(place).collect();
                    let points = Points::new(label.as_str(), PlotPoints::from(points))
                        .radius(3.0)
                        .shape(shape(*colour))
                        .color(theme::colour(tokens.run(*colour)));
                    plot.points(points);
                }
            });
    }
}

/// Runs differ by shape as by colour.
fn shape(colour: u8) -> egui_plot::MarkerShape {
    let mut shapes = egui_plot::MarkerShape::all();
    shapes
        .nth(usize::from(colour) % 8)
        .unwrap_or(egui_plot::MarkerShape::Circle)
}

/// Every parameter of the run at hand over the updates.
fn parameters(lab: &Lab, record: &Record, regression: &Regression, ui: &mut Ui) {
    let Some(trace) = record.history.traces.get(lab.run_at_hand()) else {
        ui.weak("No run is shown.");
        return;
    };
    let names = regression.model().parameters();
    let fit = regression.fit().ok();
    let every = trace.len().div_ceil(MOST_STEPS).max(1);
    let tokens = theme::of(ui);
    let step = lab.playhead.step();
    Plot::new("parameters")
        .custom_x_axes(vec![across_axis("update")])
        .grid_color(theme::colour(tokens.grid))
        .grid_spacing(8.0..=40.0)
        .legend(egui_plot::Legend::default())
        .allow_scroll(false)
        .show(ui, |plot| {
            for (index, name) in names.iter().enumerate().take(MOST_PARAMETERS) {
                let frames = trace.steps().iter().zip(trace.parameters()).step_by(every);
                let points: Vec<[f64; 2]> =
                    frames.map(|(step, w)| [*step as f64, w[index]]).collect();
                let colour = theme::colour(tokens.run((index % 8) as u8));
                plot.line(
                    Line::new(name.as_str(), PlotPoints::from(points))
                        .allow_band(false)
                        .color(colour)
                        .width(1.8),
                );
                if let Some(fit) = fit {
                    let target =
                        HLine::new(format!("{name}, least squares"), fit.parameters[index]);
                    let style = egui_plot::LineStyle::dashed_loose();
                    plot.hline(target.color(colour.gamma_multiply(0.7)).style(style));
                }
            }
            let quiet = Stroke::new(1.0, theme::translucent(tokens.text, 0.6));
            plot.vline(VLine::new("playhead", step as f64).stroke(quiet));
        });
}

/// An axis along the bottom with a number at every grid line that has room for it.
fn across_axis<'a>(label: &str) -> AxisHints<'a> {
    AxisHints::new_x().label(label).label_spacing(32.0..=44.0)
}
