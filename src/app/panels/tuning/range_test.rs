//! The learning-rate range test: loss against rate.

use crate::analysis::range_test::{Point, RangeTest};
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::tuning::{Cost, RangeQuestion, TuningCommand};
use crate::app::widgets::{axis, named};
use crate::experiment::Quantity;
use crate::figures::axis::significant;
use crate::figures::curves::AxisScale;
use egui::{Align, Ui};
use egui_plot::{Line, Plot, PlotPoints, Span};

/// Labelled ticks of the plot.
const TICKS: usize = 5;

/// Frames until it is unfolded and its answer is there.
const UNFOLDING: u32 = 30;

/// The plot, folded until it is wanted.
#[derive(Default)]
pub struct RangePlot {
    /// Frames for which what was unfolded is still brought into sight.
    unfolding: u32,
    was_open: bool,
}

impl RangePlot {
    /// Shows the test of a run, and asks for it when it is unfolded.
    pub fn show(&mut self, lab: &Lab, run: usize, commands: &mut Commands, ui: &mut Ui) {
        let header = egui::CollapsingHeader::new("Learning-rate range test").id_salt("range test");
        let shown = header.show(ui, |ui| {
            if let Some(spec) = lab.experiment.runs.get(run) {
                ui.small(format!("Of {}.", spec.display_label()));
            }
            let question = RangeQuestion::of(lab, run);
            let is_asked = lab.tuning.has_asked_range(&question);
            // A training is seconds of work; it is not begun anew at every change.
            let begins =
                |ui: &mut Ui| Cost::of(&lab.experiment, run) != Cost::Trained || begin_button(ui);
            if lab.problems.is_empty() && !is_asked && begins(ui) {
                let asked = TuningCommand::AskRange(Box::new(question.clone()));
                commands.push(Command::Tuning(asked));
            }
            let is_of_run = |of: &RangeQuestion| (of.document, of.run) == (question.document, run);
            match &lab.tuning.range_test {
                Some((of, Some(test))) if *of == question => {
                    plot(test, ui);
                    band(lab, run, test, commands, ui);
                    if let Some(left_out) = lab.experiment.left_out([]) {
                        ui.small(left_out);
                    }
                }
                Some((of, None)) if *of == question => {
                    ui.weak("This run cannot be tested.");
                }
                // The plot stays while its run changes under a slider; what it suggests does not.
                Some((of, Some(test))) if is_asked && is_of_run(of) => {
                    plot(test, ui);
                    ui.weak("Testing … The plot is of before the change.");
                }
                _ if is_asked => {
                    ui.weak("Testing …");
                }
                _ => {}
            }
        });
        let is_open = shown.body_response.is_some();
        if is_open && !self.was_open {
            self.unfolding = UNFOLDING;
        }
        self.was_open = is_open;
        if let Some(body) = shown.body_response.filter(|_| self.unfolding > 0) {
            self.unfolding -= 1;
            body.scroll_to_me(Some(Align::BOTTOM));
            ui.ctx().request_repaint();
        }
        shown.header_response.on_hover_text(
            "One run whose rate grows from far too small to far too large (L. N. Smith, 2017).",
        );
    }
}

fn begin_button(ui: &mut Ui) -> bool {
    let button = named(ui.button("Test the rates"), "Test the learning rates");
    let explain = "Train once, with a rate that grows at every update; this takes an epoch or two.";
    button.on_hover_text(explain).clicked()
}

/// How the losses of a test are drawn.
struct Losses {
    scale: AxisScale,
    /// The ends of the axis, as they are drawn.
    ends: (f64, f64),
}

impl Losses {
    /// On a logarithmic axis where none is below 0. What rises far above the beginning is cut off:
    /// the explosion at the end would press everything before it to the floor.
    fn of(test: &RangeTest) -> Self {
        let losses = || test.points.iter().map(|point| point.loss);
        let is_logarithmic = losses().all(|loss| loss >= 0.0 || loss.is_nan());
        let drawn =
            || losses().filter(|loss| loss.is_finite() && !(is_logarithmic && *loss == 0.0));
        let lowest = drawn().fold(f64::INFINITY, f64::min);
        let highest = drawn().fold(f64::NEG_INFINITY, f64::max);
        let Some(first) = drawn().next() else {
            return Self {
                scale: AxisScale::Linear,
                ends: (0.0, 1.0),
            };
        };
        match is_logarithmic {
            true => Self {
                scale: AxisScale::Logarithmic,
                ends: with_room(lowest.log10(), highest.min(10.0 * first).log10()),
            },
            false => Self {
                scale: AxisScale::Linear,
                ends: with_room(lowest, highest.min(first + (first - lowest))),
            },
        }
    }
}

/// The ends of an axis a little beyond the least and the greatest of what it shows.
fn with_room(low: f64, high: f64) -> (f64, f64) {
    let room = 0.05 * (high - low).max(1e-3 * low.abs()).max(1e-9);
    (low - room, high + room)
}

fn plot(test: &RangeTest, ui: &mut Ui) {
    let colour = theme::colour(theme::of(ui).accent);
    let losses = Losses::of(test);
    let scale = losses.scale;
    let line = |of: fn(&Point) -> f64| -> PlotPoints<'_> {
        let pairs = test.points.iter().map(|point| (point.rate, of(point)));
        let placed = pairs.map(|(rate, loss)| [rate.log10(), scale.place(loss)]);
        placed
            .filter(|point| point.iter().all(|place| place.is_finite()))
            .collect()
    };
    let (single, smoothed) = (line(|point| point.loss), line(|point| point.smoothed));
    let shaded = theme::translucent(theme::of(ui).accent, 0.18);
    let faint = theme::translucent(theme::of(ui).accent, 0.45);
    Plot::new("range test")
        .height(150.0)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .show_x(false)
        .show_y(false)
        .show_grid(false)
        .x_axis_label("learning rate")
        .y_axis_label("loss")
        .x_grid_spacer(|input| axis::marks(&input, AxisScale::Logarithmic, TICKS))
        .y_grid_spacer(move |input| axis::marks(&input, scale, TICKS))
        .x_axis_formatter(|mark, range| axis::label(mark, range, AxisScale::Logarithmic, TICKS))
        .y_axis_formatter(move |mark, range| axis::label(mark, range, scale, TICKS))
        .show(ui, |plot| {
            plot.set_plot_bounds_y(losses.ends.0..=losses.ends.1);
            if let Some((low, high)) = test.band {
                plot.span(Span::new("suggested", low.log10()..=high.log10()).fill(shaded));
            }
            plot.line(
                Line::new("loss of each step", single)
                    .allow_band(false)
                    .color(faint)
                    .width(1.0),
            );
            plot.line(
                Line::new("loss", smoothed)
                    .allow_band(false)
                    .color(colour)
                    .width(2.0),
            );
        });
}

/// What the test suggests, and a button that takes it.
fn band(lab: &Lab, run: usize, test: &RangeTest, commands: &mut Commands, ui: &mut Ui) {
    if let Some(rate) = test.diverged_at {
        ui.small(format!(
            "It diverges at a rate of {}.",
            significant(rate, 3)
        ));
    }
    let Some((low, high)) = test.band else {
        ui.small(match test.falls {
            true => "The loss falls in one step of the rate: no band is suggested.",
            false => "The loss never falls: no rate is suggested.",
        });
        return;
    };
    ui.horizontal_wrapped(|ui| {
        let text = format!(
            "Suggested: {} to {}.",
            significant(low, 3),
            significant(high, 3)
        );
        ui.small(text).on_hover_text(
            "From where the loss begins to fall to a quarter of the rate at which its first great \
             fall ends (to there where it falls so late): a rate that is too high shows only some \
             steps later.",
        );
        // Halfway on the logarithmic axis: fast, and away from the edge.
        let middle: f64 = format!("{:.1e}", (low * high).sqrt())
            .parse()
            .unwrap_or(low);
        let button = ui.button(format!("Take {}", significant(middle, 2)));
        let button = named(button, "Take the suggested rate");
        if button.on_hover_text("The middle of the band.").clicked() {
            let mut edited = lab.experiment.clone();
            Quantity::LearningRate.set(&mut edited, run, middle);
            commands.push(Command::Edit(Box::new(edited)));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test_of(losses: &[f64]) -> RangeTest {
        let point = |(index, &loss): (usize, &f64)| Point {
            rate: 1e-3 * 2_f64.powi(index as i32),
            loss,
            smoothed: loss,
        };
        RangeTest {
            points: losses.iter().enumerate().map(point).collect(),
            band: None,
            falls: true,
            diverged_at: None,
        }
    }

    #[test]
    fn losses_below_0_are_drawn_and_explosions_are_cut_off() {
        let below = Losses::of(&test_of(&[-10.0, -70.0, -78.0, 1e12, f64::INFINITY]));
        assert!(matches!(below.scale, AxisScale::Linear));
        assert!(below.ends.0 < -78.0 && (50.0..70.0).contains(&below.ends.1));
        let above = Losses::of(&test_of(&[100.0, 1.0, 0.01, 1e200]));
        assert!(matches!(above.scale, AxisScale::Logarithmic));
        assert!(above.ends.0 < -2.0 && (3.0..3.5).contains(&above.ends.1));
        // One that stays where it is has room around it.
        let flat = Losses::of(&test_of(&[5.0, 5.0]));
        assert!(flat.ends.0 < flat.ends.1);
        assert_eq!(Losses::of(&test_of(&[])).ends, (0.0, 1.0));
        let reached = Losses::of(&test_of(&[4.0, 1.0, 0.0]));
        assert!(matches!(reached.scale, AxisScale::Logarithmic) && reached.ends.0 > -1.0);
    }
}
