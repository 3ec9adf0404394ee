//! The confusion matrix: numbers on colours, and the examples of the cell that was clicked.

use super::predictions::Judged;
use super::thumbnails::{Example, Part, Thumbnails};
use crate::analysis::classification::taken_for;
use crate::app::theme;
use crate::app::widgets::named;
use crate::figures::theme::{HeightColours, Rgb};
use egui::epaint::TextShape;
use egui::{
    Align2, Color32, FontId, Pos2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};
use std::f32::consts::FRAC_PI_2;

/// Room for the names of the true classes and of the predicted ones.
const NAMES: Vec2 = vec2(78.0, 70.0);

/// Room for the share that was recognised.
const RECOGNISED: f32 = 48.0;

/// The side of a cell.
const CELLS: (f32, f32) = (14.0, 36.0);

/// The narrowest list beside the matrix.
const LIST: f32 = 150.0;

/// The side of a picture in the list.
const PICTURE: f32 = 40.0;

/// Shows the matrix, and the examples of the chosen cell beside or below it.
pub fn show(
    judged: &Judged,
    cell: &mut Option<(usize, usize)>,
    (chosen, thumbnails): (&mut Example, &mut Thumbnails),
    ui: &mut Ui,
) {
    let classes = judged.confusion.classes();
    *cell = cell.filter(|(truth, predicted)| truth.max(predicted) < &classes);
    let room = ui.available_size() - vec2(0.0, 24.0);
    let across = (room.x - NAMES.x - RECOGNISED) / classes.max(1) as f32;
    let down = (room.y - NAMES.y) / classes.max(1) as f32;
    let side = across.min(down.max(20.0)).clamp(CELLS.0, CELLS.1).floor();
    let size = vec2(
        NAMES.x + RECOGNISED + side * classes as f32,
        NAMES.y + side * classes as f32,
    );
    let copy = ui.button("Copy as CSV");
    let help = "Puts the matrix on the clipboard: a row a true class.";
    if copy.on_hover_text(help).clicked() {
        let text = judged.confusion.to_csv(&judged.data.test.classes);
        ui.ctx().copy_text(text);
    }
    let is_beside = room.x >= size.x + LIST;
    ScrollArea::both()
        .id_salt("confusion")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if is_beside {
                ui.horizontal_top(|ui| {
                    matrix(judged, cell, (side, size), ui);
                    ui.vertical(|ui| {
                        list(judged, *cell, (chosen, thumbnails), ui);
                    });
                });
            } else {
                matrix(judged, cell, (side, size), ui);
                list(judged, *cell, (chosen, thumbnails), ui);
            }
        });
}

fn matrix(
    judged: &Judged,
    chosen: &mut Option<(usize, usize)>,
    (side, size): (f32, Vec2),
    ui: &mut Ui,
) {
    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
    let grid = area.min + NAMES;
    let classes = &judged.data.test.classes;
    names(classes, grid, side, ui);
    let colours = theme::of(ui).height_colours();
    for truth in 0..classes.len() {
        for predicted in 0..classes.len() {
            let corner = grid + side * vec2(predicted as f32, truth as f32);
            let rect = Rect::from_min_size(corner, Vec2::splat(side)).shrink(0.5);
            if cell(judged, (truth, predicted), (rect, *chosen), &colours, ui) {
                *chosen = Some((truth, predicted));
            }
        }
        let share = 100.0 * judged.confusion.recognised(truth);
        let text = match share.is_nan() {
            true => "–".to_owned(),
            false => format!("{share:.1} %"),
        };
        let right = grid.x + side * classes.len() as f32 + RECOGNISED - 2.0;
        let at = pos2(right, grid.y + side * (truth as f32 + 0.5));
        let font = FontId::proportional(11.0);
        let colour = ui.visuals().weak_text_color();
        ui.painter()
            .text(at, Align2::RIGHT_CENTER, text, font, colour);
    }
}

/// The names of the classes: true ones to the left, predicted ones above.
fn names(classes: &[String], grid: Pos2, side: f32, ui: &Ui) {
    let font = FontId::proportional(11.0_f32.min(side));
    let colour = ui.visuals().text_color();
    let quiet = ui.visuals().weak_text_color();
    let painter = ui.painter();
    let shortened = |name: &str, room: f32| {
        let mut text = name.to_owned();
        let width = |text: &str| {
            let galley = painter.layout_no_wrap(text.to_owned(), font.clone(), colour);
            galley.size().x
        };
        while width(&text) > room && text.chars().count() > 2 {
            text = text.trim_end_matches('…').to_owned();
            text.pop();
            text.push('…');
        }
        text
    };
    for (index, name) in classes.iter().enumerate() {
        let along = side * (index as f32 + 0.5);
        let left = pos2(grid.x - 4.0, grid.y + along);
        let text = shortened(name, NAMES.x - 6.0);
        painter.text(left, Align2::RIGHT_CENTER, text, font.clone(), colour);
        let text = shortened(name, NAMES.y - 6.0);
        let galley = painter.layout_no_wrap(text, font.clone(), colour);
        // Read from below upwards.
        let at = pos2(grid.x + along - galley.size().y / 2.0, grid.y - 4.0);
        painter.add(TextShape::new(at, galley, colour).with_angle(-FRAC_PI_2));
    }
    let corner = grid - vec2(4.0, NAMES.y - 10.0);
    let small = FontId::proportional(10.0);
    painter.text(
        corner,
        Align2::RIGHT_CENTER,
        "predicted →",
        small.clone(),
        quiet,
    );
    let below = corner + vec2(0.0, 14.0);
    painter.text(below, Align2::RIGHT_CENTER, "true ↓", small, quiet);
}

/// One cell; whether it was clicked.
fn cell(
    judged: &Judged,
    (truth, predicted): (usize, usize),
    (rect, chosen): (Rect, Option<(usize, usize)>),
    colours: &HeightColours,
    ui: &Ui,
) -> bool {
    let confusion = &judged.confusion;
    let classes = &judged.data.test.classes;
    let count = confusion.count(truth, predicted);
    let id = ui.scope_id().with(("cell", truth, predicted));
    let response = ui.interact(rect, id, Sense::click());
    let name = format!(
        "{} taken for {}: {count}",
        classes[truth], classes[predicted]
    );
    let is_chosen = chosen == Some((truth, predicted));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &name));
    let share = count as f64 / confusion.examples(truth).max(1) as f64;
    let fill = colours.at(share);
    let painter = ui.painter();
    painter.rect_filled(rect, 2, theme::colour(fill));
    let text = if count == 0 {
        String::new()
    } else {
        count.to_string()
    };
    let size = (rect.width() * 0.36).clamp(8.0, 12.0);
    if rect.width() >= 16.0 {
        let font = FontId::proportional(size);
        painter.text(
            rect.center(),
            Align2::CENTER_CENTER,
            text,
            font,
            legible(fill),
        );
    }
    let tokens = theme::of(ui);
    if is_chosen || response.hovered() || response.has_focus() {
        let width = if is_chosen { 2.0 } else { 1.0 };
        let stroke = Stroke::new(width, theme::colour(tokens.accent));
        painter.rect_stroke(rect, 2, stroke, StrokeKind::Outside);
    } else if truth == predicted {
        // What is right is framed, so that it is told apart without colours too.
        let stroke = Stroke::new(1.0, theme::colour(tokens.text));
        painter.rect_stroke(rect, 2, stroke, StrokeKind::Inside);
    }
    let hint = format!("{name} ({:.1} % of the class)", 100.0 * share);
    response.on_hover_text(hint).clicked()
}

/// Black or white, whichever is easier to read on a colour.
fn legible([r, g, b]: Rgb) -> Color32 {
    let light = 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b);
    if light > 120.0 {
        Color32::BLACK
    } else {
        Color32::WHITE
    }
}

/// The examples of the chosen cell.
fn list(
    judged: &Judged,
    cell: Option<(usize, usize)>,
    (chosen, thumbnails): (&mut Example, &mut Thumbnails),
    ui: &mut Ui,
) {
    const MOST: usize = 300;
    let Some((truth, predicted)) = cell else {
        ui.weak("Click a cell to see its examples.");
        return;
    };
    let test = &judged.data.test;
    let members = taken_for(test, &judged.judgements, (truth, predicted));
    let (true_name, predicted_name) = (&test.classes[truth], &test.classes[predicted]);
    let heading = ui.strong(format!("{true_name} taken for {predicted_name}"));
    named(
        heading,
        &format!("Examples: {true_name} taken for {predicted_name}"),
    );
    ui.weak(format!("{} test examples", members.len()));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for &index in members.iter().take(MOST) {
            let example = Example {
                part: Part::Test,
                index,
            };
            let look = (PICTURE, *chosen == example);
            if thumbnails.show(&judged.data, example, look, ui).clicked() {
                *chosen = example;
            }
        }
    });
    if members.len() > MOST {
        ui.weak(format!("and {} more", members.len() - MOST));
    }
}
