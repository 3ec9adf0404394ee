//! Marks that both views have.

use crate::app::state::Lab;
use crate::app::theme;
use crate::figures::theme::Theme;
use egui::{Painter, Pos2, Stroke, vec2};

/// Every listed minimum, and whether it is the least.
pub fn minima(lab: &Lab) -> Vec<([f64; 2], bool)> {
    let landscape = lab.landscape();
    let card = landscape.card();
    let least = card.least_value() + 1e-9;
    let minima = card.minima.iter();
    minima
        .map(|minimum| (minimum.at, minimum.value <= least))
        .collect()
}

/// The cross at a minimum, larger at the least one.
pub fn cross(painter: &Painter, at: Pos2, is_least: bool, opacity: f32, tokens: &Theme) {
    let size = if is_least { 6.0 } else { 4.0 };
    for (width, colour) in [(4.0, tokens.halo), (1.5, tokens.text)] {
        let stroke = Stroke::new(width, theme::colour(colour).gamma_multiply(opacity));
        for arm in [vec2(size, 0.0), vec2(0.0, size)] {
            painter.line_segment([at - arm, at + arm], stroke);
        }
    }
}

/// The ring at a start that is not the first.
pub fn small_ring(painter: &Painter, at: Pos2, opacity: f32, tokens: &Theme) {
    for (width, colour) in [(2.5, tokens.halo), (1.2, tokens.text)] {
        let colour = theme::colour(colour).gamma_multiply(opacity);
        painter.circle_stroke(at, 3.5, Stroke::new(width, colour));
    }
}

/// The head of a run from another start or with another seed.
pub fn small_head(painter: &Painter, at: Pos2, run: u8, opacity: f32, tokens: &Theme) {
    let [fill, halo] =
        [tokens.run(run), tokens.halo].map(|c| theme::colour(c).gamma_multiply(opacity));
    painter.circle(at, 2.5, fill, Stroke::new(1.0, halo));
}

/// The point that the readout tells of.
pub fn dot(painter: &Painter, at: Pos2, tokens: &Theme) {
    let halo = Stroke::new(1.5, theme::colour(tokens.halo));
    painter.circle(at, 3.5, theme::colour(tokens.text), halo);
}
