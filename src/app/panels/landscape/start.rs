//! The start: a ring that is dragged, or moved with the arrow keys.

use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::theme;
use crate::experiment::starts::readable;
use egui::{
    Align, Key, Label, Pos2, Rect, Response, RichText, Role, Sense, Shape, Stroke, Ui, Vec2,
    WidgetInfo, vec2,
};

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
    let Some((centre, outside)) = ring.place() else {
        return;
    };
    let reach = Rect::from_center_size(centre, Vec2::splat(28.0)).intersect(ring.frame);
    if !reach.is_positive() {
        return;
    }
    let id = ui.scope_id().with(ring.name);
    let response = ui.interact(reach, id, Sense::click_and_drag());
    let enabled = ui.is_enabled();
    let name = match outside {
        Some(_) => format!("{}, outside the view", ring.name),
        None => ring.name.to_owned(),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::GraphicsObject, enabled, &name));
    // Where it is let go counts too: on a slow machine that can be one frame with the last move.
    if (response.dragged() || response.drag_stopped())
        && let Some(at) = response.interact_pointer_pos().and_then(value)
    {
        set(lab, commands, at);
    }
    if response.has_focus() {
        nudge(lab, commands, &response, ui);
    }
    paint(ring, centre, outside, &response, ui);
    let response = response.on_hover_cursor(egui::CursorIcon::Grab);
    // A dialog opened by key leaves the pointer here; its text must not stand in front.
    if lab.view.dialog.is_none() {
        let [w1, w2] = lab.start_on_landscape();
        response.on_hover_text(match outside {
            Some(_) => format!(
                "The start ({w1}, {w2}) lies outside the view, this way. Drag it in, or press R \
                 for the whole range."
            ),
            None => "Start: drag it, or use the arrow keys.".to_owned(),
        });
    }
}

impl Ring {
    /// Where it is drawn: at its place, or at the border of the view with the direction in which
    /// it lies. None for a place that is no number.
    fn place(&self) -> Option<(Pos2, Option<Vec2>)> {
        /// From the border to the ring that stands for one beyond it.
        const INSIDE: f32 = 14.0;
        if self.centre.any_nan() || !self.frame.is_positive() {
            return None;
        }
        if self.frame.expand(RADIUS).contains(self.centre) {
            return Some((self.centre, None));
        }
        let inner = self
            .frame
            .shrink(INSIDE.min(self.frame.size().min_elem() / 2.0));
        let far = self
            .centre
            .clamp(Pos2::new(-1e6, -1e6), Pos2::new(1e6, 1e6));
        let direction = (far - inner.center()).normalized();
        Some((far.clamp(inner.min, inner.max), Some(direction)))
    }
}

/// Radius of the ring, in points.
const RADIUS: f32 = 7.5;

/// The ring; with an arrow towards the start where that lies outside the view.
fn paint(ring: &Ring, centre: Pos2, outside: Option<Vec2>, response: &Response, ui: &Ui) {
    let tokens = theme::of(ui);
    let painter = ui.painter().with_clip_rect(ring.frame);
    let active = response.hovered() || response.dragged() || response.has_focus();
    let radius = if active { RADIUS + 1.5 } else { RADIUS };
    let is_faint = ring.is_hidden || outside.is_some();
    let opacity = if is_faint { 0.4 } else { 1.0 };
    for (width, colour) in [(5.0, tokens.halo), (2.5, tokens.text)] {
        let stroke = Stroke::new(width, theme::colour(colour).gamma_multiply(opacity));
        painter.circle_stroke(centre, radius, stroke);
    }
    if let Some(direction) = outside {
        let tip = centre + 13.0 * direction;
        let base = tip - 8.0 * direction;
        let side = 5.0 * direction.rot90();
        let halo = Stroke::new(1.5, theme::colour(tokens.halo));
        let corners = vec![tip, base + side, base - side];
        painter.add(Shape::convex_polygon(
            corners,
            theme::colour(tokens.text),
            halo,
        ));
    }
}

/// Says where the start lies when the surface does not reach there.
pub fn say_beyond(lab: &Lab, frame: Rect, ui: &mut Ui) {
    let [w1, w2] = lab.start_on_landscape();
    let text = format!("The start ({w1}, {w2}) lies outside the range");
    let text = RichText::new(text).small().weak();
    let corner = Rect::from_min_size(
        frame.left_bottom() + vec2(8.0, -22.0),
        vec2((frame.width() - 16.0).max(0.0), 16.0),
    );
    ui.put(
        corner,
        Label::new(text)
            .selectable(false)
            .halign(Align::LEFT)
            .truncate(),
    );
}

/// Arrow keys move the start by a hundredth of the range; with Shift ten times as far.
fn nudge(lab: &Lab, commands: &mut Commands, response: &Response, ui: &Ui) {
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
