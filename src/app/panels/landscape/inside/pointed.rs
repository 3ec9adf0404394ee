//! What is pointed at in an explained step, lit on the landscape.

use super::Ground;
use super::arrows::{
    Ink, MEMORY, SLOPE, STEP, arrow, direction, ellipse, half_axes, point, position,
};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::understanding::{Meant, Pointed};
use crate::figures::theme::Theme;
use crate::optimizers::Holds;
use egui::{Painter, Stroke};

/// How thick what is lit is.
const WIDTH: f32 = 4.0;
/// The longer half axis of a lit ellipse, in points.
const RADIUS: f32 = 44.0;

/// Lights what is pointed at, if it is on this landscape.
pub fn show(lab: &Lab, ground: &Ground<'_>, painter: &Painter, tokens: &Theme) {
    let Some(pointed) = &lab.view.pointed else {
        return;
    };
    let foot = |w: &[f64]| {
        lab.foot_on_landscape(w)
            .filter(|w| w.iter().all(|x| x.is_finite()))
    };
    let Some(origin) = foot(&pointed.at) else {
        return;
    };
    let Some(at) = position(ground, &origin) else {
        return;
    };
    // On a slice of many parameters a vector is drawn by its part in the plane.
    let along = |vector: &[f64], sign: f64| -> Option<[f64; 2]> {
        let moved = pointed.at.iter().zip(vector).map(|(w, v)| w + v);
        let tip = match pointed.at.len() {
            2 => return Some([sign * vector[0], sign * vector[1]]),
            _ => foot(&moved.collect::<Vec<_>>())?,
        };
        Some([0, 1].map(|i| sign * (tip[i] - origin[i])))
    };
    let accent = theme::colour(tokens.accent);
    let ink = Ink {
        slope: accent,
        memory: accent,
        step: accent,
        halo: theme::colour(tokens.halo),
    };
    let symbol = &pointed.symbol;
    let lit = |name: &str, vector: egui::Vec2| {
        arrow(painter, at, vector, name, (accent, WIDTH), ink.halo);
    };
    painter.circle_stroke(at, 8.0, Stroke::new(2.0, accent));
    match &pointed.meant {
        Meant::Uphill(vector) => {
            let Some(down) = along(vector, -1.0) else {
                return;
            };
            let length = if symbol == "g" { SLOPE } else { MEMORY };
            lit(&format!("−{symbol}"), direction(ground, down) * length);
        }
        Meant::Downhill(vector) => {
            let Some(down) = along(vector, 1.0) else {
                return;
            };
            lit(symbol, direction(ground, down) * MEMORY);
        }
        Meant::Step(to) => step(pointed, (ground, &foot, at, origin), to, &lit),
        Meant::Squares(values) | Meant::Sizes(values) => {
            let &[x, y] = values.as_slice() else { return };
            let holds = match pointed.meant {
                Meant::Squares(_) => Holds::Squares,
                _ => Holds::Sizes,
            };
            let axes = half_axes(holds, [x, y], RADIUS);
            ellipse(painter, ground, at, axes, &ink, WIDTH * 0.75);
        }
        Meant::Place(place) => {
            if let Some(place) = foot(place) {
                point(painter, ground, place, symbol, &ink);
            }
        }
    }
}

/// Where a point in all parameters is on the landscape.
type Foot<'a> = &'a dyn Fn(&[f64]) -> Option<[f64; 2]>;

/// The arrow of the step, as long as the step is where that can be seen.
fn step(
    pointed: &Pointed,
    (ground, foot, at, origin): (&Ground<'_>, Foot<'_>, egui::Pos2, [f64; 2]),
    to: &[f64],
    lit: &dyn Fn(&str, egui::Vec2),
) {
    let Some(to) = foot(to) else { return };
    let towards = direction(ground, [to[0] - origin[0], to[1] - origin[1]]);
    let length = position(ground, &to).map_or(STEP.1, |tip| tip.distance(at));
    let name = if pointed.symbol == "α" {
        "α: Δθ"
    } else {
        "Δθ"
    };
    lit(name, towards * length.clamp(STEP.0, STEP.1));
}
