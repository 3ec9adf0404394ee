//! The numbers behind the arrows.

use super::Scene;
use crate::app::theme;
use crate::figures::axis::significant;
use egui::{Color32, Frame, Grid, Label, Rect, RichText, Sense, Ui, UiBuilder, pos2, vec2};

/// Below this width and height of the view the card would hide the arrows.
const ROOM: [f32; 2] = [220.0, 220.0];

/// Shows the card in the upper right corner of a view.
pub fn show(scene: &Scene<'_>, frame: Rect, ui: &mut Ui) {
    if frame.width() < ROOM[0] || frame.height() < ROOM[1] {
        return;
    }
    let tokens = theme::of(ui);
    let width = (frame.width() * 0.45).clamp(150.0, 236.0);
    let corner = pos2(frame.right() - width - 6.0, frame.top() + 6.0);
    let room = Rect::from_min_max(corner, frame.max - vec2(6.0, 6.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(room).id_salt("inside"));
    ui.set_clip_rect(frame);
    ui.style_mut().interaction.selectable_labels = false;
    ui.spacing_mut().interact_size.y = 14.0;
    ui.spacing_mut().item_spacing.y = 2.0;
    let panel = Frame::new()
        .fill(theme::translucent(tokens.panel, 0.88))
        .corner_radius(4)
        .inner_margin(6);
    panel.show(&mut ui, |ui| {
        ui.set_width(width - 12.0);
        title(scene, ui);
        Grid::new("inside")
            .spacing(vec2(8.0, 1.0))
            .min_row_height(14.0)
            .show(ui, |ui| rows(scene, ui));
    });
}

fn title(scene: &Scene<'_>, ui: &mut Ui) {
    let text = match scene.is_made {
        true => format!("{}, update {}", scene.label, scene.update.number),
        false => format!("{}, no update yet", scene.label),
    };
    ui.add(Label::new(RichText::new(format!("Inside {text}")).strong()).truncate());
}

fn rows(scene: &Scene<'_>, ui: &mut Ui) {
    let tokens = theme::of(ui);
    let update = &scene.update;
    let [slope, memory, step] = [tokens.text, tokens.warning, tokens.run(scene.colour)];
    let [slope, memory, step] = [slope, memory, step].map(theme::colour);
    let negative = |values: &[f64]| values.iter().map(|value| -value).collect::<Vec<_>>();
    let down = negative(update.gradient);
    row(
        ui,
        "−∇J",
        "Down the exact slope before the update.",
        &down,
        slope,
    );
    if update.seen != update.gradient {
        let seen = negative(update.seen);
        row(
            ui,
            "−g",
            "Down the slope as the update saw it, with noise.",
            &seen,
            slope,
        );
    }
    if !scene.is_made {
        return;
    }
    for slot in scene.ledger.slots() {
        let values = update.slot(slot);
        let few = &values[..values.len().min(2)];
        let colour = match slot.is_by_parameter {
            true => memory,
            false => theme::colour(tokens.quiet_text),
        };
        row(ui, slot.symbol, slot.meaning, few, colour);
    }
    let moved: Vec<f64> = update.step().collect();
    row(ui, "Δθ", "The step taken.", &moved, step);
    let effective: Vec<f64> = update.effective_steps().collect();
    let meaning = "The rate that plain gradient descent would have needed for the same move, by \
                   parameter.";
    row(ui, "|Δθ|/|g|", meaning, &effective, step);
    bars(&effective, step, ui);
    let cosine = [update.cosine()];
    let meaning = "Cosine of the angle between −∇J and the step: 1 is straight downhill.";
    row(ui, "cos", meaning, &cosine, step);
}

fn row(ui: &mut Ui, symbol: &str, meaning: &str, values: &[f64], colour: Color32) {
    ui.label(RichText::new(symbol).small().strong().color(colour))
        .on_hover_text(meaning);
    let number = |value: &f64| match value.is_nan() {
        true => "–".to_owned(),
        false => significant(*value, 4),
    };
    let text: Vec<_> = values.iter().map(number).collect();
    ui.label(RichText::new(text.join(", ")).small())
        .on_hover_text(meaning);
    ui.end_row();
}

/// The step of each parameter as a bar, the larger one over the whole width.
fn bars(values: &[f64], colour: Color32, ui: &mut Ui) {
    const SIZE: egui::Vec2 = vec2(96.0, 9.0);
    let largest = values.iter().copied().fold(0.0, f64::max);
    if largest <= 0.0 || !largest.is_finite() {
        return;
    }
    ui.label("");
    let (rect, response) = ui.allocate_exact_size(SIZE, Sense::hover());
    let height = SIZE.y / values.len() as f32;
    for (index, value) in values.iter().enumerate() {
        let share = if value.is_nan() {
            0.0
        } else {
            (value / largest) as f32
        };
        let top = rect.top() + index as f32 * height;
        let size = vec2((SIZE.x * share).max(1.0), height - 1.0);
        let bar = Rect::from_min_size(pos2(rect.left(), top), size);
        ui.painter().rect_filled(bar, 1, colour);
    }
    response.on_hover_text("Effective steps of the parameters, one bar each, beside one another.");
    ui.end_row();
}
