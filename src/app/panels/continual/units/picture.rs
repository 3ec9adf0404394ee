//! The heat map: units across; down the classes, the importance to every task that is over, and a
//! lane for every role.

use super::sheet::{Role, Sheet};
use crate::app::theme::{self, Appearance};
use crate::app::widgets::{heat, nudge};
use egui::{
    Align2, Color32, ColorImage, FontId, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};

/// Room for the names at the left.
const GUTTER: f32 = 112.0;

/// The height of a row, at least and at most.
const ROWS: (f32, f32) = (12.0, 22.0);

/// From this importance on a colour is the brightest, in units of the layer's mean.
const BRIGHTEST: f64 = 4.0;

/// The texture of the sheet on show.
#[derive(Default)]
pub struct HeatMap {
    drawn: Option<((u64, Appearance), TextureHandle)>,
}

/// Where things of the map lie on the screen.
struct Layout {
    map: Rect,
    row: f32,
    column: f32,
    classes: usize,
    finished: usize,
}

impl Layout {
    /// The top of a row.
    fn top(&self, row: usize) -> f32 {
        self.map.top() + row as f32 * self.row
    }

    /// The first row of the lanes; one row is left free before it.
    fn lanes(&self) -> usize {
        self.classes + self.finished
    }

    fn column(&self, place: usize) -> Rect {
        let left = self.map.left() + place as f32 * self.column;
        Rect::from_min_max(
            pos2(left, self.map.top()),
            pos2(left + self.column, self.map.bottom()),
        )
    }
}

impl HeatMap {
    /// Shows a sheet with unit `chosen` marked; gives the number of a unit that is chosen now.
    /// Sheets of the same serial number have the same picture.
    pub fn show(
        &mut self,
        sheet: &Sheet,
        (serial, chosen): (u64, usize),
        colour: u8,
        ui: &mut Ui,
    ) -> Option<usize> {
        if sheet.units.is_empty() || sheet.concepts.is_empty() {
            return None;
        }
        self.draw(sheet, serial, ui);
        let rows = sheet.concepts.len() + sheet.finished + Role::ALL.len();
        let row = (ui.available_height() / rows as f32 - 0.5).clamp(ROWS.0, ROWS.1);
        let inner = ScrollArea::vertical()
            .id_salt("heat map of units")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let size = vec2(ui.available_width(), rows as f32 * row);
                let (rect, response) = ui.allocate_exact_size(size, Sense::click());
                let map = Rect::from_min_max(rect.min + vec2(GUTTER, 0.0), rect.max);
                let layout = Layout {
                    map,
                    row,
                    column: map.width() / sheet.units.len() as f32,
                    classes: sheet.concepts.len(),
                    finished: sheet.finished,
                };
                self.paint(sheet, &layout, (chosen, colour), &response, ui);
                answer(sheet, &layout, chosen, &response, ui)
            });
        inner.inner
    }

    /// Makes the texture of the responses and of the importance, a pixel a unit and row.
    fn draw(&mut self, sheet: &Sheet, serial: u64, ui: &Ui) {
        let key = (serial, Appearance::of(ui));
        if self.drawn.as_ref().is_some_and(|(made, _)| *made == key) {
            return;
        }
        let tokens = theme::of(ui);
        let mut pixels = Vec::new();
        for class in 0..sheet.concepts.len() {
            let shares = sheet.units.iter().map(|unit| unit.share(class));
            pixels.extend(shares.map(|share| heat::colour(tokens, share)));
        }
        for task in 0..sheet.finished {
            let importance = sheet.units.iter().map(|unit| unit.importance.get(task));
            pixels.extend(importance.map(|importance| {
                let share = importance.map_or(f64::NAN, |i| f64::from(*i) / BRIGHTEST);
                heat::colour(tokens, share)
            }));
        }
        let height = sheet.concepts.len() + sheet.finished;
        let image = ColorImage::new([sheet.units.len(), height], pixels);
        let options = TextureOptions::NEAREST;
        let texture = match self.drawn.take() {
            Some((_, mut texture)) => {
                texture.set(image, options);
                texture
            }
            None => ui.ctx().load_texture("units", image, options),
        };
        self.drawn = Some((key, texture));
    }

    fn paint(
        &self,
        sheet: &Sheet,
        layout: &Layout,
        (chosen, colour): (usize, u8),
        response: &Response,
        ui: &Ui,
    ) {
        let painter = ui.painter();
        let tokens = theme::of(ui);
        if let Some((_, texture)) = &self.drawn {
            let bottom = layout.top(layout.lanes());
            let rect = Rect::from_min_max(layout.map.min, pos2(layout.map.right(), bottom));
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            painter.image(texture.id(), rect, whole, Color32::WHITE);
        }
        lanes(sheet, layout, colour, ui);
        names(sheet, layout, ui);
        borders(sheet, layout, ui);
        let place = sheet.units.iter().position(|unit| unit.number == chosen);
        if let Some(place) = place {
            let column = layout.column(place).expand2(vec2(1.0, 0.0));
            let stroke = Stroke::new(1.5, theme::colour(tokens.accent));
            painter.rect_stroke(column, 0, stroke, StrokeKind::Outside);
        }
        if response.has_focus() {
            let stroke = ui.visuals().selection.stroke;
            painter.rect_stroke(layout.map, 0, stroke, StrokeKind::Outside);
        }
    }
}

/// A mark in the lane of its role for every unit: where it stands says it, not only its colour.
fn lanes(sheet: &Sheet, layout: &Layout, colour: u8, ui: &Ui) {
    let tokens = theme::of(ui);
    let ground = theme::colour(tokens.ground);
    let fill = theme::colour(tokens.run(colour));
    let first = layout.lanes();
    let top = pos2(layout.map.left(), layout.top(first));
    let painter = ui.painter();
    painter.rect_filled(Rect::from_min_max(top, layout.map.max), 0, ground);
    for (place, unit) in sheet.units.iter().enumerate() {
        let lane = Role::ALL.iter().position(|role| *role == unit.role);
        let column = layout.column(place);
        let top = layout.top(first + lane.unwrap_or(0)) + 2.0;
        let gap = if layout.column > 4.0 { 1.0 } else { 0.0 };
        let mark = Rect::from_min_max(
            pos2(column.left() + gap, top),
            pos2(column.right() - gap, top + layout.row - 4.0),
        );
        painter.rect_filled(mark, 0, fill);
    }
}

/// What every row is, at its left.
fn names(sheet: &Sheet, layout: &Layout, ui: &Ui) {
    let tokens = theme::of(ui);
    let quiet = theme::colour(tokens.quiet_text);
    let text = theme::colour(tokens.text);
    let concepts = sheet.concepts.iter().map(|concept| {
        let is_present = concept.task == sheet.task;
        (concept.name.clone(), if is_present { text } else { quiet })
    });
    let importance = (1..=sheet.finished).map(|task| (format!("importance, task {task}"), quiet));
    let lanes = Role::ALL.map(|role| {
        let name = format!("{} {}", sheet.count(role), role.name());
        (name, text)
    });
    let font = FontId::proportional((layout.row - 2.0).clamp(9.0, 11.0));
    let gutter = Rect::from_min_max(
        pos2(layout.map.left() - GUTTER, layout.map.top()),
        pos2(layout.map.left() - 4.0, layout.map.bottom()),
    );
    let painter = ui
        .painter()
        .with_clip_rect(gutter.intersect(ui.clip_rect()));
    for (row, (name, colour)) in concepts.chain(importance).chain(lanes).enumerate() {
        let at = pos2(gutter.right(), layout.top(row) + layout.row / 2.0);
        let galley = painter.layout_no_wrap(name, font.clone(), colour);
        // A name that is too long is read from its beginning.
        let anchor = match galley.size().x > gutter.width() {
            true => Align2::LEFT_CENTER,
            false => Align2::RIGHT_CENTER,
        };
        let at = match anchor {
            Align2::LEFT_CENTER => pos2(gutter.left(), at.y),
            _ => at,
        };
        let rect = anchor.anchor_size(at, galley.size());
        painter.galley(rect.min, galley, colour);
    }
}

/// Lines between the classes of different tasks, the importance and the lanes.
fn borders(sheet: &Sheet, layout: &Layout, ui: &Ui) {
    let line = Stroke::new(1.0, theme::colour(theme::of(ui).text));
    let classes = sheet.concepts.windows(2).enumerate();
    let tasks = classes.filter(|(_, pair)| pair[0].task != pair[1].task);
    let rows = tasks.map(|(row, _)| row + 1);
    for row in rows.chain([layout.classes, layout.lanes()]) {
        let range = layout.map.left() - GUTTER..=layout.map.right();
        ui.painter().hline(range, layout.top(row), line);
    }
}

/// What the mouse or the keyboard chooses, and what is said of it.
fn answer(
    sheet: &Sheet,
    layout: &Layout,
    chosen: usize,
    response: &Response,
    ui: &Ui,
) -> Option<usize> {
    let name = format!(
        "Heat map of {} units and {} classes; the field Unit tells the numbers of one",
        sheet.units.len(),
        sheet.concepts.len()
    );
    response.widget_info(|| WidgetInfo::labeled(egui::Role::GraphicsDocument, true, &name));
    if response.clicked() {
        response.request_focus();
    }
    let last = sheet.units.len() - 1;
    let place_of = |number: usize| sheet.units.iter().position(|unit| unit.number == number);
    if let Some(presses) = nudge::asked(response.id, false, ui) {
        let by = presses.signum() * presses.abs().max(1.0).round();
        let place = place_of(chosen).unwrap_or(0) as f64 + by;
        return Some(sheet.units[place.clamp(0.0, last as f64) as usize].number);
    }
    nudge::hold_focus(response, false, ui);
    let at = response.hover_pos().filter(|at| layout.map.contains(*at))?;
    let place = (((at.x - layout.map.left()) / layout.column) as usize).min(last);
    let unit = &sheet.units[place];
    let words = format!("Unit {}: {}", unit.number + 1, super::in_words(sheet, unit));
    response.clone().on_hover_text_at_pointer(words);
    response.clicked().then_some(unit.number)
}
