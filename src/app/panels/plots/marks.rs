//! Where the playhead stands on the plots, and where runs leave them.

use super::hover::Hover;
use super::prepared::Prepared;
use crate::app::state::Lab;
use crate::app::theme;
use crate::figures::curves::Abscissa;
use crate::figures::theme::Theme;
use egui::{Color32, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

/// The lines that mark the playhead, (x, colour): one over the epochs. Over evaluations every
/// run has its own, in its colour where no other run has used as many.
pub fn playheads(lab: &Lab, tokens: &Theme) -> Vec<(f64, Color32)> {
    let accent = theme::translucent(tokens.accent, 0.9);
    let step = lab.playhead.step();
    if lab.abscissa() == Abscissa::Epochs {
        return vec![(start_of_axis(lab, step), accent)];
    }
    let Some(record) = lab.record_here() else {
        return Vec::new();
    };
    let place = |(run, colour)| Some((record.history.frame(run, step)?.evaluations, colour));
    let mut places: Vec<(u64, u8)> = lab.shown_runs().filter_map(place).collect();
    places.sort_unstable();
    let line = |runs: &[(u64, u8)]| match runs {
        [(x, colour)] => {
            let colour = theme::translucent(tokens.run(*colour), 0.7);
            (start_of_axis(lab, *x), colour)
        }
        _ => (start_of_axis(lab, runs[0].0), accent),
    };
    places.chunk_by(|a, b| a.0 == b.0).map(line).collect()
}

/// Where a place stands on the x-axis. The start, which has no logarithm, stands at the left end
/// of a logarithmic one.
fn start_of_axis(lab: &Lab, place: u64) -> f64 {
    lab.along().place(place as f64).max(0.0)
}

/// A dot on each curve at the playhead, an arrow where a run leaves at the top, and the line
/// under the pointer, which may be on another plot.
pub fn show(
    lab: &Lab,
    prepared: &Prepared,
    transform: &PlotTransform,
    hovered: Option<Hover>,
    ui: &Ui,
) {
    let tokens = theme::of(ui);
    let painter = ui.painter().with_clip_rect(*transform.frame());
    for curve in &prepared.whole.curves {
        let fill = theme::colour(tokens.run(curve.colour));
        if let Some([x, y]) = curve.whole.at_step(lab.playhead.step()) {
            let at = transform.position_from_point(&PlotPoint::new(x, y));
            painter.circle(at, 3.0, fill, Stroke::new(1.0, theme::colour(tokens.halo)));
        }
        if let Some(x) = curve.leaves_at {
            arrow_at_top(x, transform, fill, &painter);
        }
    }
    if let Some(hover) = hovered {
        let quiet = theme::translucent(tokens.text, 0.5);
        let x = transform.position_from_point_x(hover.x);
        painter.vline(x, transform.frame().y_range(), Stroke::new(1.0, quiet));
        for curve in &prepared.whole.curves {
            let Some([x, y]) = curve.whole.at_place(hover.x) else {
                continue;
            };
            let at = transform.position_from_point(&PlotPoint::new(x, y));
            let stroke = Stroke::new(1.5, theme::colour(tokens.run(curve.colour)));
            painter.circle(at, 3.0, theme::colour(tokens.ground), stroke);
        }
    }
}

fn arrow_at_top(x: f64, transform: &PlotTransform, fill: Color32, painter: &egui::Painter) {
    let frame = *transform.frame();
    let tip = pos2(transform.position_from_point_x(x), frame.top() + 1.0);
    painter.add(Shape::convex_polygon(
        vec![tip, tip + vec2(4.0, 8.0), tip + vec2(-4.0, 8.0)],
        fill,
        Stroke::NONE,
    ));
}
