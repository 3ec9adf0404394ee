//! Where theory puts the edge of stability on a map.

use crate::analysis::map::Map;
use crate::analysis::stability;
use crate::app::theme;
use crate::experiment::Quantity;
use egui::{Align2, FontId, Painter, Pos2, Rect, Stroke, Ui, vec2};

/// Parts of the other axis between two points of the edge.
const PARTS: u32 = 64;

/// The edge in values along the axes: on axes of the learning rate, where the greatest curvature
/// is the same everywhere.
pub fn find(map: &Map) -> Vec<[f64; 2]> {
    let question = map.question();
    let rate_is_x = question.x.quantity == Quantity::LearningRate;
    if !rate_is_x && question.y.quantity != Quantity::LearningRate {
        return Vec::new();
    }
    let checked = question.experiment.check().ok();
    let Some(curvature) = checked.and_then(|checked| stability::curvature_of(&checked)) else {
        return Vec::new();
    };
    let other = if rate_is_x { &question.y } else { &question.x };
    // Nothing else on an axis bends what is minimised.
    let bends = matches!(other.quantity, Quantity::Surface(_));
    (0..=PARTS)
        .filter_map(|part| {
            let value = other.at(f64::from(part) / f64::from(PARTS));
            let mut experiment = question.experiment.clone();
            other.quantity.set(&mut experiment, question.run, value);
            let checked = experiment.check().ok()?;
            let curvature = match bends {
                true => stability::curvature_of(&checked)?,
                false => curvature,
            };
            let rate = stability::greatest_rate(checked.runs.get(question.run)?, curvature)?;
            Some(match rate_is_x {
                true => [rate, value],
                false => [value, rate],
            })
        })
        .collect()
}

/// Draws it dashed, with its meaning; `position` says where values lie on the screen.
pub fn draw(
    map: &Map,
    position: impl Fn([f64; 2]) -> Pos2,
    edge: &[[f64; 2]],
    frame: Rect,
    painter: &Painter,
    ui: &Ui,
) {
    let points: Vec<Pos2> = edge.iter().map(|values| position(*values)).collect();
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
