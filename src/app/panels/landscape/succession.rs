//! Surfaces that follow one another, on the map: the optimum of each with its number, and the
//! ellipses of what pulls runs back to those that are over.

use super::inside::Ground;
use super::marks;
use crate::app::state::Lab;
use crate::app::succession::Held;
use crate::app::theme;
use crate::figures::axis::significant;
use crate::models::continual::Ellipse;
use egui::{Align2, Color32, FontId, Label, Painter, Pos2, RichText, Shape, Stroke, Ui, vec2};
use std::f64::consts::TAU;

/// Corners of an ellipse.
const CORNERS: usize = 120;

/// An axis along which nothing pulls reaches so far, in widths of the range.
const FAR: f64 = 20.0;

/// Draws the optima and the ellipses.
pub fn show(lab: &Lab, ground: &Ground<'_>, painter: &Painter, ui: &Ui) {
    if lab.experiment.objective.later_surfaces() == 0 {
        return;
    }
    let tokens = theme::of(ui);
    for (index, held) in lab.held_runs().iter().enumerate() {
        pull(lab, held, index, ground, painter, ui);
    }
    for (task, optimum) in lab.optima().into_iter().enumerate() {
        let Some(at) = optimum.and_then(|w| (ground.at)(w)) else {
            continue;
        };
        marks::cross(painter, at, true, 1.0, tokens);
        let text = format!("optimum {}", task + 1);
        let colour = theme::colour(tokens.text);
        write(painter, at + vec2(0.0, 16.0), &text, colour, ui);
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
        painter.add(Shape::line(corners.clone(), halo));
        let stroke = Stroke::new(width, colour);
        if is_outer {
            painter.add(Shape::line(corners.clone(), stroke));
            // Names stand at different places, so that those of nearly equal ellipses are read,
            // and where they are seen.
            let first = CORNERS / 8 + index * CORNERS / 5;
            let inside = ground.frame.shrink(12.0);
            let seen = (first..first + CORNERS).map(|corner| corners[corner % CORNERS]);
            if let Some(at) = seen.into_iter().find(|at| inside.contains(*at)) {
                write(painter, at, &format!("pull of {}", held.remedy), colour, ui);
            }
        } else {
            painter.extend(Shape::dashed_line(&corners, stroke, 6.0, 4.0));
        }
    }
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

fn write(painter: &Painter, at: Pos2, text: &str, colour: Color32, ui: &Ui) {
    let galley = painter.layout_no_wrap(text.to_owned(), FontId::proportional(11.0), colour);
    let rect = Align2::CENTER_CENTER.anchor_size(at, galley.size());
    let ground = theme::translucent(theme::of(ui).panel, 0.8);
    painter.rect_filled(rect.expand2(vec2(3.0, 0.0)), 3, ground);
    painter.galley(rect.min, galley, colour);
}

/// Says which task is at hand and how far every pull reaches.
pub fn caption(lab: &Lab, ui: &mut Ui) {
    let later = lab.experiment.objective.later_surfaces();
    if later == 0 {
        return;
    }
    let task = lab.surface_at_hand() + 1;
    let mut text = format!("Task {task} of {} at the playhead.", later + 1);
    for held in lab.held_runs() {
        text += &in_words(lab, &held);
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
