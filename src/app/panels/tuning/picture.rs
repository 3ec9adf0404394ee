//! The pictures of the maps: their cells, what is under the pointer, and where the run stands.

use super::edge;
use crate::analysis::map::{Cell, Map, MapQuestion, MapValue};
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::tuning::{Colours, Legend, MapForm, Place, TuningCommand, picture};
use crate::app::widgets::named;
use crate::app::widgets::number::exact;
use crate::experiment::{Axis, Experiment};
use crate::figures::axis::significant;
use egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, TextureHandle,
    TextureOptions, Ui, Vec2, pos2, vec2,
};
use std::sync::Arc;

/// Room for the labels of the ends of the axes.
const MARGIN: f32 = 18.0;

/// The least width of one of several maps.
const LEAST_WIDTH: f32 = 150.0;

/// Below this width the names of the axes have no room between their ends.
const NAMED_WIDTH: f32 = 220.0;

/// What the textures were made for.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    serial: u64,
    value: MapValue,
    dark: bool,
}

/// The textures of the maps on show.
#[derive(Default)]
pub struct MapPictures {
    shown: Option<(Key, Legend)>,
    textures: Vec<TextureHandle>,
}

/// One map among those on show.
struct Tile<'a> {
    index: usize,
    map: &'a Map,
    texture: &'a TextureHandle,
    size: Vec2,
    /// Whether the map answers what the controls stand at.
    is_present: bool,
}

impl MapPictures {
    /// Shows the maps of these questions, where they were asked for; a click adopts the cell under
    /// the pointer. Gives what the colours mean.
    pub fn show(
        &mut self,
        lab: &Lab,
        form: &MapForm,
        (questions, is_asked): (&[MapQuestion], bool),
        commands: &mut Commands,
        ui: &mut Ui,
    ) -> Option<&Legend> {
        let mapper = &lab.tuning.mapper;
        let present = mapper.maps_of(questions);
        let before = || mapper.maps_before(lab.document.id, questions);
        let maps = present.or_else(before).filter(|_| is_asked).map(Arc::clone);
        let Some(maps) = maps else {
            empty(is_asked, ui);
            return None;
        };
        let is_present = present.is_some();
        self.paint(lab, form, &maps, ui);
        let tile = |index: usize, size: Vec2| {
            Some(Tile {
                index,
                map: maps.get(index)?,
                texture: self.textures.get(index)?,
                size,
                is_present,
            })
        };
        let mut hovered = None;
        if maps.len() == 1 && !form.all {
            let width = ui.available_width();
            let height = (ui.available_height() - 120.0).clamp(140.0, width.max(140.0));
            if let Some(tile) = tile(0, vec2(width, height + MARGIN)) {
                hovered = tile.show(lab, form, commands, ui);
            }
        } else {
            let gap = ui.spacing().item_spacing.x;
            let columns = ((ui.available_width() + gap) / (LEAST_WIDTH + gap)).max(1.0) as usize;
            let columns = columns.min(maps.len());
            let width = (ui.available_width() + gap) / columns as f32 - gap;
            let size = vec2(width, 0.8 * width + MARGIN);
            for row in (0..maps.len()).step_by(columns) {
                ui.horizontal(|ui| {
                    for index in row..(row + columns).min(maps.len()) {
                        let Some(tile) = tile(index, size) else {
                            continue;
                        };
                        ui.vertical(|ui| {
                            ui.set_width(width);
                            let found = tile.titled(lab, form, commands, ui);
                            hovered = hovered.or(found);
                        });
                    }
                });
            }
        }
        if is_present {
            let previewed = mapper.shown_preview(lab.document.id);
            if hovered != previewed.map(|preview| preview.place) {
                commands.push(Command::Tuning(TuningCommand::Preview(hovered)));
            }
        }
        self.shown.as_ref().map(|(_, legend)| legend)
    }

    /// Makes the textures where the maps have changed.
    fn paint(&mut self, lab: &Lab, form: &MapForm, maps: &[Map], ui: &Ui) {
        let serial = lab.tuning.mapper.serial();
        let key = Key {
            serial,
            value: form.value,
            dark: ui.visuals().dark_mode,
        };
        if self.shown.as_ref().is_some_and(|(made, _)| *made == key) {
            return;
        }
        let legend = Legend::of(maps, form.value);
        let colours = Colours::of(theme::of(ui));
        self.textures.truncate(maps.len());
        for (index, map) in maps.iter().enumerate() {
            let image = picture(map, form.value, &legend, &colours);
            let options = TextureOptions::NEAREST;
            match self.textures.get_mut(index) {
                Some(texture) => texture.set(image, options),
                None => {
                    let name = format!("map {index}");
                    self.textures
                        .push(ui.ctx().load_texture(name, image, options));
                }
            }
        }
        self.shown = Some((key, legend));
    }
}

/// The place of a map that is not there.
fn empty(is_asked: bool, ui: &mut Ui) {
    let width = ui.available_width();
    let height = (ui.available_height() - 120.0).clamp(140.0, width.max(140.0));
    let (whole, response) = ui.allocate_exact_size(vec2(width, height + MARGIN), Sense::hover());
    named(response, "Map");
    let frame = inner(whole);
    let painter = ui.painter_at(whole);
    painter.rect_filled(frame, 0.0, ui.visuals().extreme_bg_color);
    let text = match is_asked {
        true => "No cell is known yet",
        false => "Not computed yet",
    };
    painter.text(
        frame.center(),
        Align2::CENTER_CENTER,
        text,
        FontId::proportional(13.0),
        ui.visuals().weak_text_color(),
    );
}

/// What lies inside the labels of the axes.
fn inner(whole: Rect) -> Rect {
    Rect::from_min_max(
        whole.min + vec2(MARGIN, 0.0),
        pos2(whole.right(), whole.bottom() - MARGIN),
    )
}

impl Tile<'_> {
    /// The map under the name of its run; gives the cell under the pointer.
    fn titled(
        &self,
        lab: &Lab,
        form: &MapForm,
        commands: &mut Commands,
        ui: &mut Ui,
    ) -> Option<Place> {
        let run = lab.experiment.runs.get(self.map.question().run);
        let text = run.map_or_else(String::new, |run| run.display_label());
        ui.add(egui::Label::new(egui::RichText::new(text).strong()).truncate());
        self.show(lab, form, commands, ui)
    }

    /// The map; gives the cell under the pointer.
    fn show(
        &self,
        lab: &Lab,
        form: &MapForm,
        commands: &mut Commands,
        ui: &mut Ui,
    ) -> Option<Place> {
        let (whole, response) = ui.allocate_exact_size(self.size, Sense::click());
        let frame = inner(whole);
        let painter = ui.painter_at(whole);
        let name = match self.index {
            0 => "Map".to_owned(),
            index => format!("Map {}", index + 1),
        };
        let response = named(response, &name);
        let texture = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(self.texture.id(), frame, texture, Color32::WHITE);
        labels(self.map, frame, &painter, ui);
        let at = |values| position(self.map, frame, values);
        edge::draw(self.map, at, frame, &painter, ui);
        let hovered = self.answer(lab, form, (frame, &painter, response), commands);
        ring(lab, self.map, frame, &painter, ui);
        hovered
    }

    /// What the map says of the cell under the pointer, and what a click on it does.
    fn answer(
        &self,
        lab: &Lab,
        form: &MapForm,
        (frame, painter, response): (Rect, &Painter, Response),
        commands: &mut Commands,
    ) -> Option<Place> {
        let at = response.hover_pos().filter(|_| self.is_present)?;
        let cell = cell_at(self.map, frame, at)?;
        hover(lab, self.map, form, cell, frame, painter, &response);
        if response.clicked() {
            let adopted = adopt(&lab.experiment, self.map, cell);
            commands.push(Command::Edit(Box::new(adopted)));
        }
        Some(Place {
            map: self.index,
            cell,
        })
    }
}

/// The cell under a point of the screen, counted from the left and from the bottom.
fn cell_at(map: &Map, frame: Rect, at: Pos2) -> Option<[usize; 2]> {
    if !frame.contains(at) {
        return None;
    }
    let [columns, rows] = map.question().cells;
    let share = (at - frame.min) / frame.size();
    let index = |share: f32, count: usize| ((share * count as f32) as usize).min(count - 1);
    Some([index(share.x, columns), index(1.0 - share.y, rows)])
}

/// Where a pair of values lies on the screen.
fn position(map: &Map, frame: Rect, [x, y]: [f64; 2]) -> Pos2 {
    let question = map.question();
    let share = |axis: &Axis, value: f64| axis.share(value) as f32;
    pos2(
        frame.left() + share(&question.x, x) * frame.width(),
        frame.bottom() - share(&question.y, y) * frame.height(),
    )
}

/// The name of what varies along an axis.
fn name(axis: &Axis, question: &MapQuestion) -> String {
    let traits = axis.quantity.traits(&question.experiment, question.run);
    traits.map_or_else(|_| axis.quantity.to_string(), |traits| traits.name)
}

/// The ends of the axes, and their names.
fn labels(map: &Map, frame: Rect, painter: &Painter, ui: &Ui) {
    let question = map.question();
    let font = FontId::proportional(11.0);
    let colour = ui.visuals().weak_text_color();
    let below = frame.bottom() + 2.0;
    let number = |value: f64| significant(value, 3);
    let x = &question.x;
    let is_named = frame.width() >= NAMED_WIDTH;
    let middle = |axis: &Axis| match is_named {
        true => name(axis, question),
        false => String::new(),
    };
    for (at, align, text) in [
        (frame.left(), Align2::LEFT_TOP, number(x.low)),
        (frame.center().x, Align2::CENTER_TOP, middle(x)),
        (frame.right(), Align2::RIGHT_TOP, number(x.high)),
    ] {
        painter.text(pos2(at, below), align, text, font.clone(), colour);
    }
    let y = &question.y;
    for (at, align, text) in [
        (frame.bottom(), -1.0, number(y.low)),
        (frame.center().y, 0.0, middle(y)),
        (frame.top(), 1.0, number(y.high)),
    ] {
        // Read from below upwards.
        let galley = painter.layout_no_wrap(text, font.clone(), colour);
        let length = galley.size().x;
        let from = at + length * (0.5 + 0.5 * align);
        let left = frame.left() - galley.size().y - 2.0;
        let shape = egui::epaint::TextShape::new(pos2(left, from), galley, colour);
        painter.add(shape.with_angle(-std::f32::consts::FRAC_PI_2));
    }
}

/// A ring where the experiment stands now.
fn ring(lab: &Lab, map: &Map, frame: Rect, painter: &Painter, ui: &Ui) {
    let question = map.question();
    let value = |axis: &Axis| axis.quantity.value(&lab.experiment, question.run);
    let (Some(x), Some(y)) = (value(&question.x), value(&question.y)) else {
        return;
    };
    let at = position(map, frame, [x, y]);
    if at.x.is_nan() || at.y.is_nan() {
        return;
    }
    let tokens = theme::of(ui);
    let (halo, accent) = (theme::colour(tokens.halo), theme::colour(tokens.accent));
    let painter = painter.with_clip_rect(frame);
    if frame.contains(at) {
        painter.circle_stroke(at, 6.0, Stroke::new(4.0, halo));
        painter.circle_stroke(at, 6.0, Stroke::new(2.0, accent));
        return;
    }
    // Beyond the edge, as a decay of 0 is on a logarithmic axis: an arrow points there.
    let tip = at.clamp(frame.shrink(1.0).min, frame.shrink(1.0).max);
    let out = |at: f32, low: f32, high: f32| match at {
        at if at < low => -1.0,
        at if at > high => 1.0,
        _ => 0.0,
    };
    let way = vec2(
        out(at.x, frame.left(), frame.right()),
        out(at.y, frame.top(), frame.bottom()),
    );
    let way = way.normalized();
    let (back, side) = (tip - 11.0 * way, 6.0 * way.rot90());
    let corners = vec![tip, back + side, back - side];
    painter.add(Shape::convex_polygon(
        corners,
        accent,
        Stroke::new(1.5, halo),
    ));
}

/// The experiment with the values of a cell.
fn adopt(experiment: &Experiment, map: &Map, cell: [usize; 2]) -> Experiment {
    let question = map.question();
    let mut adopted = experiment.clone();
    let [x, y] = map.values(cell);
    question.x.quantity.set(&mut adopted, question.run, x);
    question.y.quantity.set(&mut adopted, question.run, y);
    adopted
}

/// The cell under the pointer, in words.
fn hover(
    lab: &Lab,
    map: &Map,
    form: &MapForm,
    cell: [usize; 2],
    frame: Rect,
    painter: &Painter,
    response: &Response,
) {
    let at = position(map, frame, map.values(cell));
    for stroke in [
        Stroke::new(3.0, Color32::from_black_alpha(90)),
        Stroke::new(1.0, Color32::from_white_alpha(200)),
    ] {
        painter.hline(frame.x_range(), at.y, stroke);
        painter.vline(at.x, frame.y_range(), stroke);
    }
    let question = map.question();
    let [x, y] = map.values(cell);
    response.clone().on_hover_ui_at_pointer(|ui| {
        if let Some(run) = lab.experiment.runs.get(question.run).filter(|_| form.all) {
            ui.label(run.display_label());
        }
        ui.strong(in_words(map.cell(cell, form.value), form.value));
        for (axis, value) in [(&question.x, x), (&question.y, y)] {
            ui.label(format!(
                "{} {}",
                name(axis, question),
                significant(value, 5)
            ));
        }
        if let Some(reached) = map.reached(cell) {
            let best = reached.best.map(|best| best.loss);
            let best = best.map_or("–".to_owned(), |loss| significant(loss, 5));
            ui.weak(format!(
                "final loss {}, best {best}",
                significant(reached.loss, 5)
            ));
            if let Some(step) = reached.left {
                ui.weak(format!("leaves the range at update {step}"));
            }
        }
        let preview = lab.tuning.mapper.shown_preview(lab.document.id);
        if let Some(epochs) = preview.and_then(|preview| preview.cut_at) {
            ui.weak(format!("The path shows its first {epochs} epochs."));
        }
        ui.weak("A click takes these values.");
    });
}

/// What a cell shows, in words.
pub fn in_words(cell: Cell, value: MapValue) -> String {
    match cell {
        Cell::Unknown => "not computed yet".to_owned(),
        Cell::Number(number) if value == MapValue::EpochsToTarget => format!("{number} epochs"),
        Cell::Number(number) => significant(number, 5),
        Cell::Minimum(index) => format!("minimum {}", index + 1),
        Cell::NoMinimum => "no minimum".to_owned(),
        Cell::Finite => "stays finite".to_owned(),
        Cell::NotReached => "target not reached".to_owned(),
        Cell::Diverged(step) => format!("diverges at update {}", exact(step as f64)),
    }
}
