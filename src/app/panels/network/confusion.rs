//! The confusion matrix: numbers on colours, and the examples of the cell that was clicked.

use super::predictions::Judged;
use super::thumbnails::{Example, Part, Thumbnails};
use crate::analysis::classification::taken_for;
use crate::app::theme;
use crate::app::widgets::{heat, nudge};
use egui::epaint::TextShape;
use egui::{
    Align2, FontId, Pos2, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};
use std::f32::consts::FRAC_PI_2;
use std::ops::Range;

/// Room for the names of the true classes and of the predicted ones.
const NAMES: Vec2 = vec2(78.0, 70.0);

/// Room for the share that was recognised.
const RECOGNISED: f32 = 48.0;

/// The side of a cell.
const CELLS: (f32, f32) = (14.0, 36.0);

/// The narrowest list beside the matrix.
const LIST: f32 = 108.0;

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

/// Where the cells lie on the screen.
#[derive(Clone, Copy)]
struct Cells {
    grid: Pos2,
    side: f32,
    classes: usize,
}

impl Cells {
    fn whole(self) -> Rect {
        Rect::from_min_size(self.grid, Vec2::splat(self.side * self.classes as f32))
    }

    /// Of a true and a predicted class.
    fn rect(self, (truth, predicted): (usize, usize)) -> Rect {
        let corner = self.grid + self.side * vec2(predicted as f32, truth as f32);
        Rect::from_min_size(corner, Vec2::splat(self.side)).shrink(0.5)
    }

    /// The cell at a place of the screen.
    fn at(self, at: Pos2) -> Option<(usize, usize)> {
        let place = (at - self.grid) / self.side;
        let is_inside = place.min_elem() >= 0.0 && place.max_elem() < self.classes as f32;
        is_inside.then_some((place.y as usize, place.x as usize))
    }

    /// The classes whose rows and columns reach into a part of the screen.
    fn seen(self, part: Rect) -> [Range<usize>; 2] {
        let from = (part.min - self.grid) / self.side;
        let to = (part.max - self.grid) / self.side;
        // Negative numbers become 0.
        let range = |from: f32, to: f32| {
            (from.floor() as usize).min(self.classes)..(to.ceil() as usize).min(self.classes)
        };
        [range(from.y, to.y), range(from.x, to.x)]
    }
}

fn matrix(
    judged: &Judged,
    chosen: &mut Option<(usize, usize)>,
    (side, size): (f32, Vec2),
    ui: &mut Ui,
) {
    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
    let classes = &judged.data.test.classes;
    let cells = Cells {
        grid: area.min + NAMES,
        side,
        classes: classes.len(),
    };
    let [rows, columns] = cells.seen(ui.clip_rect());
    names(classes, cells, [&rows, &columns], ui);
    // One control for all cells: there can be tens of thousands.
    let id = ui.scope_id().with("cells");
    let response = ui.interact(cells.whole(), id, Sense::click());
    *chosen = moved(*chosen, cells, &response, ui);
    let hovered = response.hover_pos().and_then(|at| cells.at(at));
    for truth in rows {
        for predicted in columns.clone() {
            let cell = (truth, predicted);
            let is = [*chosen == Some(cell), hovered == Some(cell)];
            draw(judged, cell, cells.rect(cell), is, ui);
        }
        recognised(judged, truth, cells, ui);
    }
    if response.has_focus() {
        let stroke = ui.visuals().selection.stroke;
        let whole = cells.whole();
        ui.painter()
            .rect_stroke(whole, 0, stroke, StrokeKind::Outside);
    }
    let of_chosen = chosen.map_or("No cell is chosen".to_owned(), |cell| {
        in_words(judged, cell)
    });
    let name = format!(
        "Confusion matrix of {} classes. {of_chosen}. Arrow keys choose another cell",
        classes.len()
    );
    response.widget_info(|| WidgetInfo::labeled(Role::GraphicsDocument, true, &name));
    if let Some(cell) = hovered {
        let share = 100.0 * share(judged, cell);
        let hint = format!("{} ({share:.1} % of the class)", in_words(judged, cell));
        response.on_hover_text_at_pointer(hint);
    }
}

/// The cell that a click or an arrow key chooses, or the one before.
fn moved(
    chosen: Option<(usize, usize)>,
    cells: Cells,
    response: &Response,
    ui: &Ui,
) -> Option<(usize, usize)> {
    if response.clicked() {
        response.request_focus();
        let at = response.interact_pointer_pos().and_then(|at| cells.at(at));
        return at.or(chosen).or(Some((0, 0)));
    }
    let [right, up] = [false, true].map(|upright| nudge::asked(response.id, upright, ui));
    nudge::hold_focus(response, true, ui);
    if right.is_none() && up.is_none() {
        return chosen;
    }
    let Some((truth, predicted)) = chosen else {
        return Some((0, 0));
    };
    let last = cells.classes.saturating_sub(1);
    let step = |place: usize, by: Option<f64>| {
        let by = by.map_or(0.0, |by| by.signum() * by.abs().max(1.0).round());
        (place as f64 + by).clamp(0.0, last as f64) as usize
    };
    let cell = (step(truth, up.map(|by| -by)), step(predicted, right));
    ui.scroll_to_rect(cells.rect(cell), None);
    Some(cell)
}

/// How many of a class were recognised, behind its row.
fn recognised(judged: &Judged, truth: usize, cells: Cells, ui: &Ui) {
    let share = 100.0 * judged.confusion.recognised(truth);
    let text = match share.is_nan() {
        true => "–".to_owned(),
        false => format!("{share:.1} %"),
    };
    let right = cells.whole().right() + RECOGNISED - 2.0;
    let at = pos2(right, cells.grid.y + cells.side * (truth as f32 + 0.5));
    let font = FontId::proportional(11.0);
    let colour = ui.visuals().weak_text_color();
    ui.painter()
        .text(at, Align2::RIGHT_CENTER, text, font, colour);
}

/// The names of the classes: true ones to the left, predicted ones above.
fn names(classes: &[String], cells: Cells, [rows, columns]: [&Range<usize>; 2], ui: &Ui) {
    let Cells { grid, side, .. } = cells;
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
        if rows.contains(&index) {
            let left = pos2(grid.x - 4.0, grid.y + along);
            let text = shortened(name, NAMES.x - 6.0);
            painter.text(left, Align2::RIGHT_CENTER, text, font.clone(), colour);
        }
        if !columns.contains(&index) {
            continue;
        }
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

fn in_words(judged: &Judged, (truth, predicted): (usize, usize)) -> String {
    let classes = &judged.data.test.classes;
    let count = judged.confusion.count(truth, predicted);
    format!(
        "{} taken for {}: {count}",
        classes[truth], classes[predicted]
    )
}

/// Which share of its class a cell has.
fn share(judged: &Judged, (truth, predicted): (usize, usize)) -> f64 {
    let confusion = &judged.confusion;
    let all = confusion.examples(truth).max(1) as f64;
    confusion.count(truth, predicted) as f64 / all
}

/// Draws one cell.
fn draw(
    judged: &Judged,
    cell: (usize, usize),
    rect: Rect,
    [is_chosen, is_hovered]: [bool; 2],
    ui: &Ui,
) {
    let tokens = theme::of(ui);
    let fill = heat::colour(tokens, share(judged, cell));
    let painter = ui.painter();
    painter.rect_filled(rect, 2, fill);
    let count = judged.confusion.count(cell.0, cell.1);
    if count > 0 && rect.width() >= 16.0 {
        let font = FontId::proportional((rect.width() * 0.36).clamp(8.0, 12.0));
        let text = count.to_string();
        let colour = heat::legible_on(fill);
        painter.text(rect.center(), Align2::CENTER_CENTER, text, font, colour);
    }
    if is_chosen || is_hovered {
        let width = if is_chosen { 2.0 } else { 1.0 };
        let stroke = Stroke::new(width, theme::colour(tokens.accent));
        painter.rect_stroke(rect, 2, stroke, StrokeKind::Outside);
    } else if cell.0 == cell.1 {
        // What is right is framed, so that it is told apart without colours too.
        let stroke = Stroke::new(1.0, theme::colour(tokens.text));
        painter.rect_stroke(rect, 2, stroke, StrokeKind::Inside);
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
    ui.strong(format!("{true_name} taken for {predicted_name}"));
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
