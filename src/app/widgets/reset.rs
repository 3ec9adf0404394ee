//! The words before a control: bright where its value is not the usual one, which a double
//! click on them, or Enter, brings back.

use egui::{Label, PointerButton, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2};

/// The width of the words before a control, all equally wide.
pub const WIDTH: f32 = 56.0;

/// Shows the words; `name` is what the control is called. Gives whether the usual value is asked
/// for. `explain` fills the tooltip.
pub fn caption(
    ui: &mut Ui,
    text: &str,
    name: &str,
    is_usual: bool,
    explain: impl FnOnce(&mut Ui),
) -> bool {
    let size = vec2(WIDTH, ui.spacing().interact_size.y);
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let inner = ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_width(size.x);
        words(ui, text, name, is_usual)
    });
    answer(inner.inner, is_usual, explain)
}

/// The same, only as wide as the words are.
pub fn short_caption(
    ui: &mut Ui,
    text: &str,
    name: &str,
    is_usual: bool,
    meaning: &str,
    usual: &str,
) -> bool {
    let response = words(ui, text, name, is_usual);
    answer(response, is_usual, |ui| {
        ui.label(meaning);
        to_usual(usual, is_usual, ui);
    })
}

/// The last lines of a tooltip: what the usual value is, and how it comes back.
pub fn to_usual(usual: &str, is_usual: bool, ui: &mut Ui) {
    if is_usual {
        ui.weak(format!("Default {usual}."));
    } else {
        ui.weak(format!("Default {usual}. Double-click: back to it."));
    }
}

fn words(ui: &mut Ui, text: &str, name: &str, is_usual: bool) -> Response {
    let text = RichText::new(text);
    if is_usual {
        return ui.add(Label::new(text.weak()).truncate());
    }
    let response = ui.add(Label::new(text.strong()).truncate().sense(Sense::click()));
    let enabled = ui.is_enabled();
    let name = format!("Reset {name}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    if response.has_focus() {
        let rect = response.rect.expand(2.0);
        let stroke = ui.visuals().selection.stroke;
        ui.painter()
            .rect_stroke(rect, 3, stroke, egui::StrokeKind::Inside);
    }
    response
}

fn answer(response: Response, is_usual: bool, explain: impl FnOnce(&mut Ui)) -> bool {
    // With the keyboard, one press is enough.
    let pressed = response.clicked() && !response.clicked_by(PointerButton::Primary);
    let asked = !is_usual && (pressed || response.double_clicked());
    response.on_hover_ui(explain);
    asked
}
