//! A run's name on its card: clicked, it unfolds the card; dragged, it moves the run; with the
//! right button, it offers what can be done.

use super::order::ListChange;
use crate::app::command::{Action, Command};
use crate::app::panels::{Commands, context_menu};
use crate::app::state::Lab;
use egui::{CursorIcon, EventFilter, Key, Modifiers, Popup, Response, RichText, Role, Sense, Ui};
use egui::{WidgetInfo, vec2};

/// Where the number of the run whose name has the focus is kept during a frame.
fn place() -> egui::Id {
    egui::Id::unique("run in focus")
}

/// The run that copying and moving are about: the one whose name has the focus, or else the
/// unfolded one.
pub fn at_hand(lab: &Lab, ctx: &egui::Context) -> Option<usize> {
    let focused = ctx.data(|data| data.get_temp::<usize>(place()));
    let run = focused.or(lab.view.selected)?;
    (run < lab.experiment.runs.len()).then_some(run)
}

/// Forgets which name had the focus; the name that has it says so again.
pub fn begin(ui: &Ui) {
    ui.data_mut(|data| data.remove::<usize>(place()));
}

/// Shows the name of the run of this number, as wide as `width`.
pub fn show(ui: &mut Ui, index: usize, label: &str, width: f32) -> Response {
    let height = ui.spacing().interact_size.y;
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let inner = ui.allocate_ui_with_layout(vec2(width, height), layout, |ui| {
        ui.set_min_width(width);
        let text = RichText::new(label).strong();
        let text = egui::Label::new(text).truncate().selectable(false);
        ui.add(text.sense(Sense::click_and_drag()))
    });
    let response = inner.inner;
    let enabled = ui.is_enabled();
    let name = format!("Run {label}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(place(), index));
        let rect = response.rect.expand(2.0);
        let stroke = ui.visuals().selection.stroke;
        ui.painter()
            .rect_stroke(rect, 3, stroke, egui::StrokeKind::Inside);
    }
    response
        .on_hover_cursor(CursorIcon::Grab)
        .on_hover_text(format!(
            "{label}. Click: its settings. Drag, or Alt+↑ and Alt+↓: another place. Ctrl+C and \
         Ctrl+V: copy it, into another window too. Right click: more."
        ))
}

/// Alt+↑ and Alt+↓ on a name that has the focus.
pub fn keys(response: &Response, index: usize, count: usize, ui: &Ui) -> Option<ListChange> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter::default();
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::ALT, Key::ArrowUp) {
            index.checked_sub(1).map(|to| ListChange::Move(index, to))
        } else if input.consume_key(Modifiers::ALT, Key::ArrowDown) {
            (index + 1 < count).then_some(ListChange::Move(index, index + 1))
        } else {
            None
        }
    })
}

/// What the right button offers on a card.
pub fn menu(
    response: &Response,
    (lab, index): (&Lab, usize),
    commands: &mut Commands,
) -> Option<ListChange> {
    let mut change = None;
    let count = lab.experiment.runs.len();
    // The right button means the card, whichever of its controls the pointer is on.
    let ctx = &response.ctx;
    let is_over = ctx.rect_contains_pointer(response.layer_id, response.interact_rect);
    let is_asked = is_over && ctx.input(|input| input.pointer.secondary_clicked());
    let open = is_asked.then_some(egui::SetOpenCommand::Bool(true));
    let popup = Popup::context_menu(response);
    let popup = if is_asked {
        popup.open_memory(open)
    } else {
        popup
    };
    popup.show(|ui| {
        ui.set_min_width(180.0);
        if ui.button("Copy run").clicked() {
            commands.push(Command::CopyRun(index));
        }
        context_menu::item(lab, commands, Action::PasteRun, ui);
        let moves = [
            ("Duplicate run", true, ListChange::Duplicate(index)),
            (
                "Move run up",
                index > 0,
                ListChange::Move(index, index.saturating_sub(1)),
            ),
            (
                "Move run down",
                index + 1 < count,
                ListChange::Move(index, index + 1),
            ),
            ("Delete run", true, ListChange::Delete(index)),
        ];
        for (name, able, meant) in moves {
            if ui.add_enabled(able, egui::Button::new(name)).clicked() {
                change = Some(meant);
                ui.close();
            }
        }
        ui.separator();
        let solo = lab.view.solo == Some(index);
        let name = if solo {
            "Show all runs"
        } else {
            "Show only this run"
        };
        if ui.button(name).clicked() {
            commands.push(Command::Solo((!solo).then_some(index)));
        }
        let unfolded = lab.view.selected == Some(index);
        let name = if unfolded {
            "Fold settings"
        } else {
            "Unfold settings"
        };
        if ui.button(name).clicked() {
            commands.push(Command::Select((!unfolded).then_some(index)));
        }
        context_menu::item(lab, commands, Action::AddRun, ui);
    });
    change
}
