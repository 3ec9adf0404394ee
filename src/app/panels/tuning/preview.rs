//! The path of the map's cell under the pointer, on the landscape.

use crate::app::state::Lab;
use crate::app::theme;
use egui::{Painter, Pos2, Shape, Stroke, Ui};

/// Draws it; `at` says where a point of the plane lies.
pub fn show(lab: &Lab, at: &dyn Fn([f64; 2]) -> Pos2, painter: &Painter, ui: &Ui) {
    let Some(preview) = lab.tuning.mapper.shown_preview(lab.document.id) else {
        return;
    };
    let is_drawable = |point: &Pos2| point.x.abs() < 1e6 && point.y.abs() < 1e6;
    let points: Vec<Pos2> = preview
        .path
        .iter()
        .map(|w| at(*w))
        .take_while(is_drawable)
        .collect();
    let tokens = theme::of(ui);
    let (halo, text) = (
        theme::translucent(tokens.halo, 0.8),
        theme::colour(tokens.text),
    );
    painter.add(Shape::line(points.clone(), Stroke::new(4.0, halo)));
    painter.extend(Shape::dashed_line(
        &points,
        Stroke::new(1.5, text),
        5.0,
        3.0,
    ));
    if let Some(end) = points.last() {
        painter.circle_filled(*end, 3.0, text);
    }
}
