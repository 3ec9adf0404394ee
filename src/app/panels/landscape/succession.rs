//! Surfaces that follow one another, on the map: the optimum of each with its number, and the
//! ellipses of what pulls runs back to those that are over.

use super::inside::{Ground, write};
use super::marks;
use crate::app::state::Lab;
use crate::app::succession::Held;
use crate::app::theme;
use crate::figures::axis::significant;
use crate::figures::clip;
use crate::figures::field::Window;
use crate::figures::theme::Theme;
use crate::models::continual::Ellipse;
use egui::{Color32, Label, Painter, Pos2, Rect, RichText, Shape, Stroke, Ui, pos2, vec2};
use std::f64::consts::TAU;

/// Corners of an ellipse.
const CORNERS: usize = 120;

/// An axis along which nothing pulls reaches so far, in widths of the range.
const FAR: f64 = 20.0;

/// Draws the optima and the ellipses.
pub fn show(lab: &Lab, held: &[Held], ground: &Ground<'_>, painter: &Painter, ui: &Ui) {
    if lab.experiment.objective.later_surfaces() == 0 {
        return;
    }
    let tokens = theme::of(ui);
    for (index, held) in held.iter().enumerate() {
        pull(lab, held, index, ground, painter, ui);
    }
    for (task, optimum) in lab.optima().into_iter().enumerate() {
        let Some(at) = optimum.and_then(|w| (ground.at)(w)) else {
            continue;
        };
        marks::cross(painter, at, true, 1.0, tokens);
        let text = format!("optimum {}", task + 1);
        let colour = theme::colour(tokens.text);
        write(painter, at + vec2(0.0, 16.0), &text, colour, behind(tokens));
    }
}

fn pull(lab: &Lab, held: &Held, index: usize, ground: &Ground<'_>, painter: &Painter, ui: &Ui) {
    let tokens = theme::of(ui);
    let colour = theme::colour(tokens.run(held.colour));
    let halo = Stroke::new(3.5, theme::colour(tokens.halo).gamma_multiply(0.6));
    let width = if lab.run_at_hand() == held.run {
        2.0
    } else {
        1.4
    };
    // The outer one is solid, the inner one dashed.
    for (ellipse, is_outer) in held.ellipses.iter().zip([false, true]) {
        let corners = corners(lab, ellipse, ground);
        if corners.len() <= CORNERS {
            continue;
        }
        // Where nothing pulls along an axis the ellipse leads far out of the view.
        let parts = seen(&corners, ground.frame);
        let line = |part: &Vec<Pos2>, stroke| painter.add(Shape::line(part.clone(), stroke));
        for part in &parts {
            line(part, halo);
        }
        let stroke = Stroke::new(width, colour);
        if is_outer {
            for part in &parts {
                line(part, stroke);
            }
            // Names stand at different places, so that those of nearly equal ellipses are read,
            // and where they are seen.
            let first = CORNERS / 8 + index * CORNERS / 5;
            let inside = ground.frame.shrink(12.0);
            let mut around = (first..first + CORNERS).map(|corner| corners[corner % CORNERS]);
            if let Some(at) = around.find(|at| inside.contains(*at)) {
                let text = format!("pull of {}", held.remedy);
                write(painter, at, &text, colour, behind(tokens));
            }
        } else {
            for part in &parts {
                painter.extend(Shape::dashed_line(part, stroke, 6.0, 4.0));
            }
        }
    }
}

/// What of a line is in the view, or just beyond its border.
fn seen(line: &[Pos2], frame: Rect) -> Vec<Vec<Pos2>> {
    let frame = frame.expand(8.0);
    let window = Window {
        x: (frame.left().into(), frame.right().into()),
        y: (frame.top().into(), frame.bottom().into()),
    };
    let points = line.iter().map(|at| [f64::from(at.x), f64::from(at.y)]);
    let on_screen = |part: Vec<[f64; 2]>| -> Vec<Pos2> {
        part.iter()
            .map(|at| pos2(at[0] as f32, at[1] as f32))
            .collect()
    };
    let parts = clip::polyline(window, points).into_iter();
    parts.map(on_screen).collect()
}

/// The closed line of an ellipse; nothing where a part of it is not seen at all.
fn corners(lab: &Lab, ellipse: &Ellipse, ground: &Ground<'_>) -> Vec<Pos2> {
    let landscape = lab.landscape();
    let range = landscape.card().range;
    let axes = [0, 1].map(|axis| {
        let most = FAR * (range[axis].1 - range[axis].0);
        ellipse.half_axes[axis].min(most)
    });
    let corner = |index: usize| {
        let angle = TAU * (index % CORNERS) as f64 / CORNERS as f64;
        let [x, y] = ellipse.centre;
        (ground.at)([x + axes[0] * angle.cos(), y + axes[1] * angle.sin()])
    };
    let corners: Option<Vec<Pos2>> = (0..=CORNERS).map(corner).collect();
    corners.unwrap_or_default()
}

/// The ground that names stand on.
fn behind(tokens: &Theme) -> Color32 {
    theme::translucent(tokens.panel, 0.8)
}

/// Says which task is at hand and how far every pull reaches.
pub fn caption(lab: &Lab, held: &[Held], ui: &mut Ui) {
    let later = lab.experiment.objective.later_surfaces();
    if later == 0 {
        return;
    }
    let task = lab.surface_at_hand() + 1;
    let mut text = format!("Task {task} of {} at the playhead.", later + 1);
    for held in held {
        text += &in_words(lab, held);
    }
    // In one line, so that the map keeps its height; the whole is in the tooltip.
    let label = Label::new(RichText::new(&text).small().weak()).truncate();
    ui.add(label).on_hover_ui(|ui| {
        ui.label(text);
        ui.weak(
            "Ellipses are lines of equal pull. On the solid one the pull costs as much as the \
             present task can gain at most, on the dashed one a quarter of it.",
        );
    });
}

fn in_words(lab: &Lab, held: &Held) -> String {
    let number = |value: f64| significant(value, 3);
    let run = lab.experiment.runs.get(held.run);
    let name = run.map_or_else(String::new, |run| run.display_label());
    let Ellipse { centre, half_axes } = held.ellipses[1];
    let reach = half_axes.map(|half| match half.is_finite() {
        true => format!("±{}", number(half)),
        false => "without end".to_owned(),
    });
    format!(
        " {name}: pull centred at ({}, {}), as costly as all that the task can gain ({}) at {} in \
         w1 and {} in w2.",
        number(centre[0]),
        number(centre[1]),
        number(held.gain),
        reach[0],
        reach[1]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_far_out_of_the_view_is_cut_to_it() {
        let frame = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 50.0));
        let far = [pos2(10.0, -1e9), pos2(10.0, 1e9), pos2(1e9, 20.0)];
        let parts = seen(&far, frame);
        let inside = frame.expand(8.1);
        assert!(!parts.is_empty());
        assert!(
            parts.iter().flatten().all(|at| inside.contains(*at)),
            "{parts:?}"
        );
    }
}
