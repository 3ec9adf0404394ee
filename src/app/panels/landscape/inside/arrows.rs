//! The arrows, ellipses and points.

use super::{Ground, Scene};
use crate::app::theme;
use crate::engine::inside::Remembered;
use crate::figures::theme::Theme;
use crate::optimizers::Holds;
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Vec2};
use std::f32::consts::TAU;

/// How long the arrow of the slope is, in points.
pub(super) const SLOPE: f32 = 64.0;
/// How long the first arrow of a memory is; every further one is a little shorter.
pub(super) const MEMORY: f32 = 54.0;
/// The shortest and longest arrow of a step; in between it is as long as the step itself.
pub(super) const STEP: (f32, f32) = (26.0, 110.0);
/// The longer half axis of the first ellipse; every further one is a little smaller.
const ELLIPSE: f32 = 40.0;
/// By how much a further arrow or ellipse is smaller.
const SMALLER: f32 = 8.0;

/// The colours of what is drawn.
pub(super) struct Ink {
    pub slope: Color32,
    pub memory: Color32,
    pub step: Color32,
    pub halo: Color32,
}

/// Draws what happened at the update, from where the rule stood before it.
pub fn draw(scene: &Scene<'_>, ground: &Ground<'_>, painter: &Painter, tokens: &Theme) {
    let ink = Ink {
        slope: theme::colour(tokens.text),
        memory: theme::colour(tokens.warning),
        step: theme::colour(tokens.run(scene.colour)),
        halo: theme::colour(tokens.halo),
    };
    let update = &scene.update;
    let Some(origin) = position(ground, update.before) else {
        return;
    };
    if scene.is_made {
        memory(scene, ground, origin, &ink, painter);
    }
    let down = |g: &[f64]| [-g[0], -g[1]];
    if update.seen != update.gradient {
        let towards = direction(ground, down(update.seen));
        arrow(
            painter,
            origin,
            towards * SLOPE * 0.8,
            "−g",
            (ink.slope, 1.0),
            ink.halo,
        );
    }
    let towards = direction(ground, down(update.gradient));
    arrow(
        painter,
        origin,
        towards * SLOPE,
        "−∇J",
        (ink.slope, 1.5),
        ink.halo,
    );
    if scene.is_made {
        let along = direction(
            ground,
            [
                update.after[0] - update.before[0],
                update.after[1] - update.before[1],
            ],
        );
        let there = position(ground, update.after);
        let length = there.map_or(STEP.1, |there| there.distance(origin));
        let step = along * length.clamp(STEP.0, STEP.1);
        arrow(painter, origin, step, "Δθ", (ink.step, 3.0), ink.halo);
    }
}

/// What the rule remembers, as the card says that it is read.
fn memory(scene: &Scene<'_>, ground: &Ground<'_>, origin: Pos2, ink: &Ink, painter: &Painter) {
    let (mut length, mut radius) = (MEMORY, ELLIPSE);
    for slot in scene.ledger.slots() {
        let values = scene.update.slot(slot);
        let &[x, y] = values else { continue };
        if !slot.is_by_parameter {
            continue;
        }
        let sign = match slot.holds {
            Holds::Uphill => -1.0,
            _ => 1.0,
        };
        match slot.holds {
            Holds::Uphill | Holds::Downhill => {
                let towards = direction(ground, [sign * x, sign * y]);
                let text = label(slot, sign);
                arrow(
                    painter,
                    origin,
                    towards * length,
                    &text,
                    (ink.memory, 2.0),
                    ink.halo,
                );
                length = (length - SMALLER).max(2.0 * SMALLER);
            }
            Holds::Squares | Holds::Sizes => {
                let axes = half_axes(slot.holds, [x, y], radius);
                ellipse(painter, ground, origin, axes, ink, 1.2);
                radius = (radius - SMALLER).max(SMALLER);
            }
            Holds::Place => point(painter, ground, [x, y], slot.symbol, ink),
            Holds::Numbers => {}
        }
    }
}

/// What stands at the tip of a memory's arrow.
fn label(slot: &Remembered, sign: f64) -> String {
    let minus = if sign < 0.0 { "−" } else { "" };
    format!("{minus}{}", slot.symbol)
}

/// The half axes of an ellipse in points: a size along each parameter, the root where squares
/// are kept, the larger one `radius` long.
pub(super) fn half_axes(holds: Holds, values: [f64; 2], radius: f32) -> [f32; 2] {
    let sizes = values.map(|value| match holds {
        Holds::Squares => value.max(0.0).sqrt(),
        _ => value.abs(),
    });
    let larger = sizes[0].max(sizes[1]);
    sizes.map(|size| match larger > 0.0 && larger.is_finite() {
        true => radius * (size / larger) as f32,
        false => 0.0,
    })
}

/// An ellipse with these half axes along the parameters.
pub(super) fn ellipse(
    painter: &Painter,
    ground: &Ground<'_>,
    centre: Pos2,
    axes: [f32; 2],
    ink: &Ink,
    width: f32,
) {
    const CORNERS: usize = 48;
    let [first, second] = [[1.0, 0.0], [0.0, 1.0]].map(|axis| direction(ground, axis));
    let corner = |index: usize| {
        let angle = TAU * index as f32 / CORNERS as f32;
        centre + first * axes[0] * angle.cos() + second * axes[1] * angle.sin()
    };
    let corners: Vec<Pos2> = (0..CORNERS).map(corner).collect();
    let halo = Stroke::new(width + 1.8, ink.halo.gamma_multiply(0.6));
    painter.add(Shape::closed_line(corners.clone(), halo));
    painter.add(Shape::closed_line(corners, Stroke::new(width, ink.memory)));
}

/// A point among the parameters that the rule remembers.
pub(super) fn point(painter: &Painter, ground: &Ground<'_>, w: [f64; 2], symbol: &str, ink: &Ink) {
    let Some(at) = position(ground, &w) else {
        return;
    };
    let reach = 4.0;
    let corners = [
        at + Vec2::new(reach, 0.0),
        at + Vec2::new(0.0, reach),
        at - Vec2::new(reach, 0.0),
        at - Vec2::new(0.0, reach),
    ];
    let stroke = Stroke::new(1.5, ink.memory);
    painter.add(Shape::convex_polygon(corners.to_vec(), ink.halo, stroke));
    write(
        painter,
        at + Vec2::new(9.0, -9.0),
        symbol,
        ink.memory,
        ink.halo.gamma_multiply(0.65),
    );
}

/// An arrow with its name beyond the tip; nothing where it has no direction.
pub(super) fn arrow(
    painter: &Painter,
    origin: Pos2,
    vector: Vec2,
    name: &str,
    (colour, width): (Color32, f32),
    halo: Color32,
) {
    let length = vector.length();
    if length < 1.0 {
        return;
    }
    let along = vector / length;
    let (tip, side) = (origin + vector, along.rot90());
    let head = (4.0 + 1.6 * width).min(length);
    let neck = tip - head * along;
    let corners = vec![tip, neck + side * head * 0.5, neck - side * head * 0.5];
    painter.line_segment(
        [origin, neck],
        Stroke::new(width + 2.5, halo.gamma_multiply(0.7)),
    );
    painter.line_segment([origin, neck], Stroke::new(width, colour));
    painter.add(Shape::convex_polygon(
        corners,
        colour,
        Stroke::new(1.0, halo),
    ));
    let ground = halo.gamma_multiply(0.65);
    write(painter, tip + along * 12.0, name, colour, ground);
}

/// A name around a place, on a ground of its own.
pub fn write(painter: &Painter, at: Pos2, text: &str, colour: Color32, ground: Color32) {
    let galley = painter.layout_no_wrap(text.to_owned(), FontId::proportional(12.0), colour);
    let rect: Rect = Align2::CENTER_CENTER.anchor_size(at, galley.size());
    painter.rect_filled(rect.expand2(Vec2::new(3.0, 0.0)), 3, ground);
    painter.galley(rect.min, galley, colour);
}

/// Where a point lies, unless that is far from the view or not seen at all.
pub fn position(ground: &Ground<'_>, w: &[f64]) -> Option<Pos2> {
    let at = (ground.at)([w[0], w[1]])?;
    ground.frame.expand(4096.0).contains(at).then_some(at)
}

/// The direction on the screen; none (0) where there is none in the plane.
pub(super) fn direction(ground: &Ground<'_>, along: [f64; 2]) -> Vec2 {
    let longer = along[0].abs().max(along[1].abs());
    if longer == 0.0 || !longer.is_finite() {
        return Vec2::ZERO;
    }
    // First to a size that no square of overflows.
    let towards = (ground.towards)(along.map(|part| part / longer));
    if towards.is_finite() {
        towards
    } else {
        Vec2::ZERO
    }
}
