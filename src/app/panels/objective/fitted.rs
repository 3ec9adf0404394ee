//! The data behind a loss, with what every shown run makes of them at the playhead.

use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::named;
use crate::landscapes::Fitted;
use egui::{Stroke, Ui};
use egui_plot::{Line, Plot, PlotPoints, Points};

/// How high the picture is.
const HEIGHT: f32 = 96.0;

/// Points that a curve is drawn through.
const STEPS: usize = 80;

/// Shows the points, and a curve for every run.
pub fn show(lab: &Lab, fitted: &Fitted, ui: &mut Ui) {
    let (left, right) = inputs(fitted);
    let tokens = theme::of(ui);
    let response = Plot::new("fitted data")
        .height(HEIGHT)
        .show_grid(false)
        .show_x(false)
        .show_y(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .include_x(left)
        .include_x(right)
        .include_y(-0.1)
        .include_y(1.1)
        .show(ui, |plot| {
            for (parameters, colour) in at_playhead(lab) {
                let point = |step: usize| {
                    let x = left + (right - left) * step as f64 / STEPS as f64;
                    [x, (fitted.model)(parameters, x)]
                };
                let curve: PlotPoints<'_> = (0..=STEPS).map(point).collect();
                let stroke = Stroke::new(1.5, theme::colour(tokens.run(colour)));
                plot.line(
                    Line::new("model", curve)
                        .allow_band(false)
                        .stroke(stroke)
                        .allow_hover(false),
                );
            }
            let data: PlotPoints<'_> = fitted.points.iter().map(|&(x, y)| [x, y]).collect();
            let points = Points::new("data", data).radius(3.0);
            let colour = theme::colour(tokens.text);
            plot.points(points.color(colour).allow_hover(false));
        });
    named(response.response, "Data and fitted models").on_hover_text(fitted.caption);
}

/// The inputs, with a margin.
fn inputs(fitted: &Fitted) -> (f64, f64) {
    let inputs = fitted.points.iter().map(|point| point.0);
    let least = inputs.clone().fold(f64::INFINITY, f64::min);
    let most = inputs.fold(f64::NEG_INFINITY, f64::max);
    let margin = 0.1 * (most - least);
    (least - margin, most + margin)
}

/// The parameters and the colour of every shown run at the playhead.
fn at_playhead(lab: &Lab) -> Vec<([f64; 2], u8)> {
    let Some(record) = lab.record_here() else {
        return Vec::new();
    };
    let step = lab.playhead.step();
    let there = |(run, colour)| {
        let frame = record.history.frame(run, step)?;
        Some(([frame.parameters[0], frame.parameters[1]], colour))
    };
    lab.shown_runs().filter_map(there).collect()
}
