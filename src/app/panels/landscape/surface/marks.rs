//! Marks on the surface: its minima, and the point that the readout tells of.

use super::scene::{Scene, Spot};
use crate::app::panels::landscape::marks;
use crate::app::state::Lab;
use crate::app::theme;
use egui::{Painter, Shape, Stroke, Ui};

/// A cross at every minimum, faint where it is hidden.
pub fn minima(lab: &Lab, scene: &Scene<'_>, painter: &Painter, ui: &Ui) {
    for (w, is_least) in marks::minima(lab) {
        if let Some(Spot { at, is_hidden }) = scene.spot(w) {
            let opacity = if is_hidden { 0.35 } else { 1.0 };
            marks::cross(painter, at, is_least, opacity, theme::of(ui));
        }
    }
}

/// The lines of equal w1 and of equal w2 through a point, on the surface.
pub fn cross_hair(w: [f64; 2], scene: &Scene<'_>, painter: &Painter, ui: &Ui) {
    let Some(spot) = scene.spot(w) else { return };
    let tokens = theme::of(ui);
    let relief = &scene.answer.relief;
    let window = relief.window();
    let lines = [
        [[window.x.0, w[1]], [window.x.1, w[1]]],
        [[w[0], window.y.0], [w[0], window.y.1]],
    ];
    for ends in lines {
        let line = relief.drape(ends.map(|w| (0, w)));
        for (is_hidden, part) in scene.parts(&line) {
            let opacity = if is_hidden { 0.12 } else { 0.55 };
            let stroke = Stroke::new(1.0, theme::translucent(tokens.text, opacity));
            let points = part.into_iter().map(|(_, at)| at).collect();
            painter.add(Shape::line(points, stroke));
        }
    }
    marks::dot(painter, spot.at, tokens);
}
