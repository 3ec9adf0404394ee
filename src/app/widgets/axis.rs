//! What all plots share: ticks of `figures::axis` on egui_plot's axes, and how a view moves.

use crate::figures::axis::{Tick, linear_ticks, logarithmic_ticks};
use crate::figures::curves::AxisScale;
use egui::{PointerButton, Response, Vec2};
use egui_plot::{GridInput, GridMark, PlotUi};
use std::ops::RangeInclusive;

fn ticks(low: f64, high: f64, scale: AxisScale, count: usize) -> Vec<Tick> {
    match scale {
        AxisScale::Linear => linear_ticks(low, high, count),
        AxisScale::Logarithmic => logarithmic_ticks(low, high, count),
    }
}

/// Grid lines at the ticks, about `count` of them labelled.
pub fn marks(input: &GridInput, scale: AxisScale, count: usize) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    ticks(low, high, scale, count)
        .into_iter()
        .map(|tick| GridMark {
            value: tick.at,
            // The step decides how strongly a line and its label are drawn; the ticks are
            // chosen for the size already, so labelled ones are drawn in full.
            step_size: if tick.label.is_empty() {
                (high - low) / 12.0
            } else {
                high - low
            },
        })
        .collect()
}

/// The label of a grid line: that of the tick it came from.
pub fn label(
    mark: GridMark,
    range: &RangeInclusive<f64>,
    scale: AxisScale,
    count: usize,
) -> String {
    let (low, high) = (*range.start(), *range.end());
    ticks(low, high, scale, count)
        .into_iter()
        .find(|tick| (tick.at - mark.value).abs() <= 1e-9 * (high - low))
        .map_or_else(String::new, |tick| tick.label)
}

/// Lets the wheel zoom at the pointer; whether it did.
pub fn zoom_with_wheel(plot: &mut PlotUi<'_>) -> bool {
    let scroll = plot.ctx().input(|input| input.smooth_scroll_delta().y);
    let zooms = plot.response().hovered() && scroll != 0.0;
    if zooms {
        plot.zoom_bounds_around_hovered(Vec2::splat((scroll / 200.0).exp()));
    }
    zooms
}

/// Whether the pointer is moving the view: panning, or drawing a rectangle to zoom to.
pub fn moves_view(response: &Response) -> bool {
    response.dragged_by(PointerButton::Primary)
        || response.drag_stopped_by(PointerButton::Secondary)
        || response.hovered() && response.ctx.input(|input| input.zoom_delta() != 1.0)
}
