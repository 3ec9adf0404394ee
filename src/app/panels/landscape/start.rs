//! The start: a ring that is dragged, or moved with the arrow keys.

use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::theme;
use crate::experiment::starts::readable;
use egui::{Key, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

/// The ring at the start, in one of the views.
pub struct Ring {
    /// Its accessible name.
    pub name: &'static str,
    /// Where it is.
    pub centre: Pos2,
    /// The view.
    pub frame: Rect,
    /// Whether something stands in front of it.
    pub is_hidden: bool,
}

/// The ring at the start, which can be dragged or moved with the arrow keys. `value` is the
/// point of the landscape at a place of the screen.
pub fn handle(
    lab: &Lab,
    commands: &mut Commands,
    ring: &Ring,
    value: impl Fn(Pos2) -> Option<[f64; 2]>,
    ui: &mut Ui,
) {
    let (centre, frame) = (ring.centre, ring.frame);
    let reach = Rect::from_center_size(centre, Vec2::splat(28.0)).intersect(frame);
    if !reach.is_positive() {
        return;
    }
    let id = ui.scope_id().with(ring.name);
    let response = ui.interact(reach, id, Sense::click_and_drag());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::GraphicsObject, enabled, ring.name));
    // Where it is let go counts too: on a slow machine that can be one frame with the last move.
    if (response.dragged() || response.drag_stopped())
        && let Some(at) = response.interact_pointer_pos().and_then(value)
    {
        set(lab, commands, at);
    }
    if response.has_focus() {
        nudge(lab, commands, &response, ui);
    }
    paint(ring, &response, ui);
    let response = response.on_hover_cursor(egui::CursorIcon::Grab);
    // A dialog opened by key leaves the pointer here; its text must not stand in front.
    if lab.view.dialog.is_none() {
        response.on_hover_text("Start: drag it, or use the arrow keys.");
    }
}

fn paint(ring: &Ring, response: &egui::Response, ui: &Ui) {
    let tokens = theme::of(ui);
    let painter = ui.painter().with_clip_rect(ring.frame);
    let active = response.hovered() || response.dragged() || response.has_focus();
    let radius = if active { 9.0 } else { 7.5 };
    let opacity = if ring.is_hidden { 0.4 } else { 1.0 };
    for (width, colour) in [(5.0, tokens.halo), (2.5, tokens.text)] {
        let stroke = Stroke::new(width, theme::colour(colour).gamma_multiply(opacity));
        painter.circle_stroke(ring.centre, radius, stroke);
    }
}

/// Arrow keys move the start by a hundredth of the range; with Shift ten times as far.
fn nudge(lab: &Lab, commands: &mut Commands, response: &egui::Response, ui: &Ui) {
    let filter = egui::EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..Default::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let [x, y] = lab.landscape().card().range;
    let [w1, w2] = lab.start_on_landscape();
    let moved = ui.input(|input| {
        let share = if input.modifiers.shift { 0.1 } else { 0.01 };
        let keys = |plus, minus| {
            f64::from(i8::from(input.key_pressed(plus)) - i8::from(input.key_pressed(minus)))
        };
        [
            keys(Key::ArrowRight, Key::ArrowLeft) * share * (x.1 - x.0),
            keys(Key::ArrowUp, Key::ArrowDown) * share * (y.1 - y.0),
        ]
    });
    if moved != [0.0, 0.0] {
        set(lab, commands, [w1 + moved[0], w2 + moved[1]]);
    }
}

/// Asks for another first start, rounded so that it can be read and typed again.
pub fn set(lab: &Lab, commands: &mut Commands, at: [f64; 2]) {
    let mut edited = lab.experiment.clone();
    let range = lab.landscape().card().range;
    lab.place_start(&mut edited, readable(range, at));
    commands.push(Command::Edit(Box::new(edited)));
}

/// Asks for one more start.
pub fn add(lab: &Lab, commands: &mut Commands, at: [f64; 2]) {
    let mut edited = lab.experiment.clone();
    let mut starts = edited.all_starts();
    let mut moved = edited.clone();
    lab.place_start(&mut moved, readable(lab.landscape().card().range, at));
    starts.push(moved.all_starts().swap_remove(0));
    edited.set_starts(starts);
    commands.push(Command::Edit(Box::new(edited)));
}
