//! The picture of the map: its cells, what is under the pointer, and where theory puts the edge.

use crate::analysis::map::{Cell, Map, MapQuestion, MapValue};
use crate::analysis::stability;
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::tuning::{Colours, Legend, MapForm, TuningCommand, picture};
use crate::app::widgets::named;
use crate::app::widgets::number::exact;
use crate::experiment::{Axis, Experiment, Quantity};
use crate::figures::axis::significant;
use egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Response, Sense, Stroke, TextureHandle,
    TextureOptions, Ui, pos2, vec2,
};

/// Room for the labels of the ends of the axes.
const MARGIN: f32 = 18.0;

/// What the texture was made for.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    serial: u64,
    value: MapValue,
    dark: bool,
}

/// The texture of the map on show.
#[derive(Default)]
pub struct MapPicture {
    shown: Option<(Key, TextureHandle, Legend)>,
    /// The map's number, and where theory puts the edge of stability on its axes.
    edge: Option<(u64, Vec<[f64; 2]>)>,
}

impl MapPicture {
    /// Shows the map of a question, where it was asked for; a click adopts the cell under the
    /// pointer. Gives what the colours mean.
    pub fn show(
        &mut self,
        lab: &Lab,
        form: &MapForm,
        (question, is_asked): (&MapQuestion, bool),
        commands: &mut Commands,
        ui: &mut Ui,
    ) -> Option<&Legend> {
        let width = ui.available_width();
        let height = (ui.available_height() - 120.0).clamp(140.0, width.max(140.0));
        let size = vec2(width, height + MARGIN);
        let (whole, response) = ui.allocate_exact_size(size, Sense::click());
        let frame = Rect::from_min_max(
            whole.min + vec2(MARGIN, 0.0),
            pos2(whole.right(), whole.bottom() - MARGIN),
        );
        let painter = ui.painter_at(whole);
        painter.rect_filled(frame, 0.0, ui.visuals().extreme_bg_color);
        let response = named(response, "Map");
        let mapper = &lab.tuning.mapper;
        let present = mapper.map_of(question);
        let before = || mapper.map_before(lab.document.id, question);
        let map = present.or_else(before).filter(|_| is_asked);
        let Some(map) = map.cloned() else {
            let centre = frame.center();
            let font = FontId::proportional(13.0);
            let text = match is_asked {
                true => "Computing the map …",
                false => "Not computed yet",
            };
            painter.text(
                centre,
                Align2::CENTER_CENTER,
                text,
                font,
                ui.visuals().weak_text_color(),
            );
            return None;
        };
        self.draw(lab, form, &map, frame, ui);
        labels(&map, frame, &painter, ui);
        draw_edge(&map, self.edge(lab, &map), frame, &painter, ui);
        if present.is_some() {
            answer(lab, form, &map, (frame, &painter, response), commands);
        }
        ring(lab, &map, frame, &painter, ui);
        self.shown.as_ref().map(|(_, _, legend)| legend)
    }

    /// The edge of stability, found once a map: every point of it checks an experiment.
    fn edge(&mut self, lab: &Lab, map: &Map) -> &[[f64; 2]] {
        let serial = lab.tuning.mapper.serial();
        let kept = self.edge.take().filter(|(made, _)| *made == serial);
        let found = kept.unwrap_or_else(|| (serial, edge(map)));
        &self.edge.insert(found).1
    }

    fn draw(&mut self, lab: &Lab, form: &MapForm, map: &Map, frame: Rect, ui: &Ui) {
        let key = Key {
            serial: lab.tuning.mapper.serial(),
            value: form.value,
            dark: ui.visuals().dark_mode,
        };
        if self.shown.as_ref().is_none_or(|(made, ..)| *made != key) {
            let (image, legend) = picture(map, form.value, &Colours::of(theme::of(ui)));
            let options = TextureOptions::NEAREST;
            let texture = match self.shown.take() {
                Some((_, mut texture, _)) => {
                    texture.set(image, options);
                    texture
                }
                None => ui.ctx().load_texture("map", image, options),
            };
            self.shown = Some((key, texture, legend));
        }
        if let Some((_, texture, _)) = &self.shown {
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            ui.painter()
                .image(texture.id(), frame, whole, Color32::WHITE);
        }
    }
}

/// What the map says of the cell under the pointer, and what a click on it does.
fn answer(
    lab: &Lab,
    form: &MapForm,
    map: &Map,
    (frame, painter, response): (Rect, &Painter, Response),
    commands: &mut Commands,
) {
    let cell = response.hover_pos().and_then(|at| cell_at(map, frame, at));
    let previewed = lab.tuning.mapper.shown_preview(lab.document.id);
    let previewed = previewed.map(|preview| preview.cell);
    if cell != previewed {
        commands.push(Command::Tuning(TuningCommand::Preview(cell)));
    }
    if let Some(cell) = cell {
        hover(map, form.value, cell, frame, painter, &response);
        if response.clicked() {
            let adopted = adopt(&lab.experiment, map, cell);
            commands.push(Command::Edit(Box::new(adopted)));
        }
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

/// The ends of the axes, and their names.
fn labels(map: &Map, frame: Rect, painter: &Painter, ui: &Ui) {
    let question = map.question();
    let font = FontId::proportional(11.0);
    let colour = ui.visuals().weak_text_color();
    let below = frame.bottom() + 2.0;
    let number = |value: f64| significant(value, 3);
    let name = |axis: &Axis| {
        let traits = axis.quantity.traits(&question.experiment, question.run);
        traits.map_or_else(|_| axis.quantity.to_string(), |traits| traits.name)
    };
    let x = &question.x;
    for (at, align, text) in [
        (frame.left(), Align2::LEFT_TOP, number(x.low)),
        (frame.center().x, Align2::CENTER_TOP, name(x)),
        (frame.right(), Align2::RIGHT_TOP, number(x.high)),
    ] {
        painter.text(pos2(at, below), align, text, font.clone(), colour);
    }
    let y = &question.y;
    for (at, align, text) in [
        (frame.bottom(), -1.0, number(y.low)),
        (frame.center().y, 0.0, name(y)),
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

/// Where theory puts the edge of stability, in values along the axes: on axes of the learning
/// rate, where the greatest curvature is the same everywhere.
fn edge(map: &Map) -> Vec<[f64; 2]> {
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
    (0..=64)
        .filter_map(|k| {
            let value = other.at(f64::from(k) / 64.0);
            let mut experiment = question.experiment.clone();
            other.quantity.set(&mut experiment, question.run, value);
            let checked = experiment.check().ok()?;
            let rate = stability::greatest_rate(checked.runs.get(question.run)?, curvature)?;
            Some(match rate_is_x {
                true => [rate, value],
                false => [value, rate],
            })
        })
        .collect()
}

fn draw_edge(map: &Map, edge: &[[f64; 2]], frame: Rect, painter: &Painter, ui: &Ui) {
    let points = edge.iter().map(|values| position(map, frame, *values));
    let points: Vec<Pos2> = points.collect();
    let colour = theme::colour(theme::of(ui).text);
    let painter = painter.with_clip_rect(frame);
    for dash in points.chunks(2) {
        if let [from, to] = *dash {
            painter.line_segment([from, to], Stroke::new(2.0, colour));
        }
    }
    if let Some(at) = points
        .get(points.len() / 2)
        .filter(|at| frame.contains(**at))
    {
        let font = FontId::proportional(11.0);
        painter.text(
            *at + vec2(4.0, 0.0),
            Align2::LEFT_CENTER,
            "stable below",
            font,
            colour,
        );
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
    // At the edge where it lies beyond, as a decay of 0 does on a logarithmic axis.
    let at = at.clamp(frame.min, frame.max);
    let tokens = theme::of(ui);
    painter.circle_stroke(at, 6.0, Stroke::new(4.0, theme::colour(tokens.halo)));
    painter.circle_stroke(at, 6.0, Stroke::new(2.0, theme::colour(tokens.accent)));
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
    map: &Map,
    value: MapValue,
    cell: [usize; 2],
    frame: Rect,
    painter: &Painter,
    response: &Response,
) {
    let at = position(map, frame, map.values(cell));
    let stroke = Stroke::new(1.0, Color32::from_white_alpha(160));
    painter.hline(frame.x_range(), at.y, stroke);
    painter.vline(at.x, frame.y_range(), stroke);
    let question = map.question();
    let [x, y] = map.values(cell);
    response.clone().on_hover_ui_at_pointer(|ui| {
        ui.strong(in_words(map.cell(cell, value), value));
        for (axis, value) in [(&question.x, x), (&question.y, y)] {
            ui.label(format!("{} = {}", axis.quantity, significant(value, 5)));
        }
        if let Some(reached) = map.reached(cell) {
            let best = reached.best.map(|best| best.loss);
            let best = best.map_or("–".to_owned(), |loss| significant(loss, 5));
            ui.weak(format!(
                "final loss {}, best {best}",
                significant(reached.loss, 5)
            ));
            if let Some(step) = reached.left {
                ui.weak(format!("leaves the range at {step}"));
            }
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
        Cell::Diverged(step) => format!("diverges at {}", exact(step as f64)),
    }
}
