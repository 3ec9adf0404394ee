//! What the pointer and the keys do to the camera.

use crate::figures::surface::{Camera, Canvas, Projection};
use egui::{EventFilter, Key, PointerButton, Response, Ui};

/// Radians for a point of the screen.
const TURN: f64 = 0.008;

/// Radians for an arrow key.
const KEY_TURN: f64 = 0.087;

/// Drag turns, right or middle drag and Shift+drag move, the wheel zooms at the pointer.
pub fn pointer(camera: &mut Camera, canvas: Canvas, response: &Response) {
    let shift = response.ctx.input(|input| input.modifiers.shift);
    let by = response.drag_delta();
    let turns = response.dragged_by(PointerButton::Primary) && !shift;
    if turns {
        camera.rotate(-TURN * f64::from(by.x), TURN * f64::from(by.y));
    } else if response.dragged() {
        let scale = Projection::new(*camera, canvas).scale();
        camera.pan([f64::from(by.x) / scale, -f64::from(by.y) / scale]);
    }
    let Some(at) = response.hover_pos() else {
        return;
    };
    let (scroll, pinch) = response
        .ctx
        .input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
    let factor = (f64::from(scroll) / 200.0).exp() * f64::from(pinch);
    if factor != 1.0 {
        camera.zoom_at(factor, [f64::from(at.x), f64::from(at.y)], canvas);
    }
}

/// Arrow keys turn, + and − zoom.
pub fn keys(camera: &mut Camera, canvas: Canvas, response: &Response, ui: &Ui) {
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let (turn, rise, zoom) = ui.input(|input| {
        let keys = |plus, minus| {
            f64::from(i8::from(input.key_pressed(plus)) - i8::from(input.key_pressed(minus)))
        };
        let closer = input.key_pressed(Key::Plus) || input.key_pressed(Key::Equals);
        (
            keys(Key::ArrowRight, Key::ArrowLeft),
            keys(Key::ArrowUp, Key::ArrowDown),
            f64::from(i8::from(closer) - i8::from(input.key_pressed(Key::Minus))),
        )
    });
    if turn != 0.0 || rise != 0.0 {
        camera.rotate(KEY_TURN * turn, KEY_TURN * rise);
    }
    if zoom != 0.0 {
        camera.zoom_at(1.15_f64.powf(zoom), canvas.centre, canvas);
    }
}
