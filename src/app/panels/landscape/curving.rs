//! How the landscape curves where the run at hand is, and the path of gradient flow.

use super::inside::{Ground, position, write};
use crate::analysis::curvature::Curvature;
use crate::app::state::Lab;
use crate::app::theme;
use crate::figures::axis::significant;
use crate::figures::theme::Theme;
use egui::{Color32, Painter, Pos2, Shape, Stroke, Ui, Vec2};

/// The longer half axis of the curvature's ellipse, in points, and as a share of a small view.
const AXIS: (f32, f32) = (64.0, 0.25);
/// The shortest half axis that can still be seen.
const SHORTEST: f32 = 5.0;
/// Corners of an ellipse.
const CORNERS: usize = 96;
/// Heights of the model's contours above its bottom, as shares of the run's own.
const CONTOURS: [f64; 2] = [1.0, 0.25];
/// The most points of the flow's path that are drawn.
const MOST_POINTS: usize = 2000;
/// Dashes and the gaps between them, in points.
const DASH: (f32, f32) = (6.0, 4.0);

/// Draws the model's contours and the directions of curvature at the playhead, where they are
/// wanted.
pub fn show(lab: &Lab, ground: &Ground<'_>, painter: &Painter, ui: &Ui) {
    if !lab.settings.shows_curvature {
        return;
    }
    let here = lab.curvature_here();
    let Some(curvature) = here.and_then(|here| here.on_landscape.as_ref()) else {
        return;
    };
    let tokens = theme::of(ui);
    let [(left, right), (low, high)] = lab.landscape().card().range;
    let reach = 2.0 * (right - left).hypot(high - low);
    model(curvature, ground, painter, tokens);
    saddle(curvature, reach, ground, painter, tokens);
    ellipse(curvature, ground, painter, tokens);
}

/// The local quadratic model: its contour through the run's place and a lower one, dashed, and a
/// diamond at its bottom; nothing where it has no bottom.
fn model(of: &Curvature, ground: &Ground<'_>, painter: &Painter, tokens: &Theme) {
    let (Some(bottom), Some(height)) = (of.bottom(), of.left_to_bottom()) else {
        return;
    };
    let centre = [bottom[0], bottom[1]];
    let ink = theme::colour(tokens.accent);
    for share in CONTOURS {
        let contour = of.ellipse(centre, share * height, CORNERS);
        let points: Option<Vec<Pos2>> = contour
            .unwrap_or_default()
            .into_iter()
            .map(|w| position(ground, &w))
            .collect();
        let Some(mut points) = points.filter(|points| !points.is_empty()) else {
            continue;
        };
        points.push(points[0]);
        dashed(&points, Stroke::new(3.0, halo(tokens)), painter);
        dashed(&points, Stroke::new(1.2, ink), painter);
    }
    middle(centre, "model", ground, painter, tokens);
}

/// The model where it is a saddle: its contours on either side, dashed, and a diamond where it is
/// level; nothing where it is none.
fn saddle(of: &Curvature, reach: f64, ground: &Ground<'_>, painter: &Painter, tokens: &Theme) {
    let Some(centre) = of.centre().filter(|centre| centre.len() == 2) else {
        return;
    };
    let height = of.value - of.model(&centre);
    let centre = [centre[0], centre[1]];
    let ink = theme::colour(tokens.accent);
    let mut is_drawn = false;
    for share in CONTOURS.into_iter().chain(CONTOURS.map(|share| -share)) {
        let branches = of.hyperbola(centre, share * height, reach, CORNERS);
        for branch in branches.into_iter().flatten() {
            // What is not seen parts a branch.
            let places: Vec<Option<Pos2>> = branch.iter().map(|w| position(ground, w)).collect();
            for seen in places.split(Option::is_none) {
                let line: Vec<Pos2> = seen.iter().copied().flatten().collect();
                is_drawn |= line.len() > 1;
                dashed(&line, Stroke::new(3.0, halo(tokens)), painter);
                dashed(&line, Stroke::new(1.2, ink), painter);
            }
        }
    }
    if is_drawn {
        middle(centre, "model: saddle", ground, painter, tokens);
    }
}

/// A diamond where the model is level.
fn middle(centre: [f64; 2], name: &str, ground: &Ground<'_>, painter: &Painter, tokens: &Theme) {
    let ink = theme::colour(tokens.accent);
    if let Some(at) = position(ground, &centre) {
        let reach = 4.5;
        let corners = [
            at + Vec2::new(reach, 0.0),
            at + Vec2::new(0.0, reach),
            at - Vec2::new(reach, 0.0),
            at - Vec2::new(0.0, reach),
        ];
        let stroke = Stroke::new(1.5, ink);
        let fill = theme::colour(tokens.halo);
        painter.add(Shape::convex_polygon(corners.to_vec(), fill, stroke));
        write(
            painter,
            at + Vec2::new(0.0, 13.0),
            name,
            ink,
            behind(tokens),
        );
    }
}

/// The directions in which the landscape curves most and least: long where it curves little, as
/// the ellipse of equal height; dashed where it curves downwards.
fn ellipse(of: &Curvature, ground: &Ground<'_>, painter: &Painter, tokens: &Theme) {
    let Some(centre) = position(ground, &of.at) else {
        return;
    };
    let ink = theme::colour(tokens.text);
    let longest = AXIS.0.min(AXIS.1 * ground.frame.size().min_elem());
    let axes = half_axes(&of.eigen.values, longest);
    let along: Vec<Vec2> = of
        .eigen
        .vectors
        .iter()
        .map(|vector| (ground.towards)([vector[0], vector[1]]))
        .collect();
    if of.flattest() > 0.0 {
        let corner = |index: usize| {
            let angle = std::f32::consts::TAU * index as f32 / CORNERS as f32;
            centre + along[0] * axes[0] * angle.cos() + along[1] * axes[1] * angle.sin()
        };
        let corners: Vec<Pos2> = (0..CORNERS).map(corner).collect();
        let ground = Stroke::new(3.5, halo(tokens));
        painter.add(Shape::closed_line(corners.clone(), ground));
        painter.add(Shape::closed_line(corners, Stroke::new(1.5, ink)));
    }
    for (index, (value, along)) in of.eigen.values.iter().zip(&along).enumerate() {
        if !along.is_finite() || axes[index] == 0.0 {
            continue;
        }
        let ends = [centre - *along * axes[index], centre + *along * axes[index]];
        painter.line_segment(ends, Stroke::new(3.5, halo(tokens)));
        if *value < 0.0 {
            dashed(&ends, Stroke::new(1.5, ink), painter);
        } else {
            painter.line_segment(ends, Stroke::new(1.5, ink));
        }
        let name = if index == 0 { "λ_max" } else { "λ_min" };
        let text = format!("{name} {}", significant(*value, 4));
        let beyond = axes[index] + 14.0 + 22.0 * along.x.abs();
        write(
            painter,
            centre + *along * beyond,
            &text,
            ink,
            behind(tokens),
        );
    }
}

/// Half axes in points: 1/√|λ| each, the longer one `longest` long. Both where nothing curves.
fn half_axes(values: &[f64], longest: f32) -> [f32; 2] {
    let widths = [0, 1].map(|index| 1.0 / values.get(index).map_or(0.0, |v| v.abs()).sqrt());
    let [first, second] = widths;
    match (first.is_finite(), second.is_finite()) {
        (true, true) => {
            let longer = first.max(second);
            widths.map(|width| ((width / longer) as f32 * longest).max(SHORTEST))
        }
        // What doesn't curve at all is endlessly wide.
        (true, false) => [SHORTEST, longest],
        (false, true) => [longest, SHORTEST],
        (false, false) => [longest, longest],
    }
}

/// Draws the path of gradient flow from the explained start, where it is wanted.
pub fn flow(lab: &Lab, ground: &Ground<'_>, painter: &Painter, ui: &Ui) {
    let Some(path) = lab.gradient_flow() else {
        return;
    };
    let tokens = theme::of(ui);
    let stride = path.len().div_ceil(MOST_POINTS).max(1);
    let last = path.last();
    let points = path.iter().step_by(stride).chain(last);
    let places = points.map(|w| lab.foot_on_landscape(w).and_then(|w| position(ground, &w)));
    let mut line: Vec<Pos2> = Vec::new();
    let (ink, ground_ink) = (theme::colour(tokens.text), halo(tokens));
    let draw = |line: &[Pos2]| {
        if line.len() > 1 {
            painter.add(Shape::line(line.to_vec(), Stroke::new(4.0, ground_ink)));
            dashed(line, Stroke::new(1.8, ink), painter);
        }
    };
    for at in places {
        match at {
            Some(at) => line.push(at),
            None => draw(&std::mem::take(&mut line)),
        }
    }
    draw(&line);
    if let Some(middle) = line.get(line.len() / 2) {
        let at = *middle + Vec2::new(16.0, -12.0);
        write(painter, at, "flow", ink, behind(tokens));
    }
}

fn dashed(line: &[Pos2], stroke: Stroke, painter: &Painter) {
    painter.extend(Shape::dashed_line(line, stroke, DASH.0, DASH.1));
}

fn halo(tokens: &Theme) -> Color32 {
    theme::translucent(tokens.halo, 0.6)
}

/// The ground that names stand on.
fn behind(tokens: &Theme) -> Color32 {
    theme::translucent(tokens.halo, 0.65)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_directions_are_long_and_sharp_ones_short() {
        let axes = |values: [f64; 2]| half_axes(&values, 64.0);
        assert_eq!(axes([4.0, 1.0]), [32.0, 64.0]);
        assert_eq!(axes([1.0, -16.0]), [64.0, 16.0]);
        assert_eq!(axes([1e9, 1.0]), [SHORTEST, 64.0]);
        assert_eq!(axes([3.0, 0.0]), [SHORTEST, 64.0]);
        assert_eq!(axes([0.0, 0.0]), [64.0, 64.0]);
    }
}
