//! The edge of stability, drawn on a map.

use crate::analysis::map::Map;
use crate::app::theme;
use crate::experiment::Quantity;
use egui::{Align2, FontId, Painter, Pos2, Rect, Stroke, Ui, vec2};

/// Draws it dashed, with its meaning; `position` says where values lie on the screen.
pub fn draw(
    map: &Map,
    position: impl Fn([f64; 2]) -> Pos2,
    frame: Rect,
    painter: &Painter,
    ui: &Ui,
) {
    let points: Vec<Pos2> = map.edge().iter().map(|values| position(*values)).collect();
    let colour = theme::colour(theme::of(ui).text);
    let painter = painter.with_clip_rect(frame);
    for dash in points.chunks(2) {
        if let [from, to] = *dash {
            painter.line_segment([from, to], Stroke::new(2.0, colour));
        }
    }
    let middle = points.get(points.len() / 2);
    let Some(at) = middle.filter(|at| frame.contains(**at)) else {
        return;
    };
    let font = FontId::proportional(11.0);
    let (text, align, beside) = match map.question().x.quantity == Quantity::LearningRate {
        true => ("← stable", Align2::RIGHT_CENTER, vec2(-6.0, 0.0)),
        false => ("↓ stable", Align2::CENTER_TOP, vec2(0.0, 4.0)),
    };
    let galley = painter.layout_no_wrap(text.to_owned(), font, colour);
    let place = align.anchor_size(*at + beside, galley.size());
    // Where there is no room beside it, the line says enough.
    if frame.contains_rect(place) {
        let halo = theme::translucent(theme::of(ui).halo, 0.7);
        painter.rect_filled(place.expand2(vec2(3.0, 0.0)), 3, halo);
        painter.galley(place.min, galley, colour);
    }
}
