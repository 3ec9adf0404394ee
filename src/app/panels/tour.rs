//! A first look around: five short steps beside what they are about. Whoever doesn't care goes on
//! working; nothing is held back and no key is taken away.

use super::Commands;
use crate::app::command::Command;
use crate::app::state::Lab;
use egui::{Align2, Area, Frame, Key, Order, Rect, RichText, Stroke, StrokeKind, Ui, vec2};

/// One step.
struct Step {
    /// What it is about: the id of what was marked.
    about: &'static str,
    title: &'static str,
    text: &'static str,
    /// The tab of a narrow window that shows it.
    tab: Option<&'static str>,
}

const STEPS: [Step; 5] = [
    Step {
        about: "objective",
        title: "What is minimised",
        text: "Choose a landscape, or write a formula of your own. Every run begins at the start; \
               type it here or drag the ring on the landscape.",
        tab: Some("Setup"),
    },
    Step {
        about: "runs",
        title: "Who competes",
        text: "A card for each optimizer: learning rate, schedule, settings. Everything is \
               computed anew while you drag. Ctrl+R adds a run.",
        tab: Some("Setup"),
    },
    Step {
        about: "landscape",
        title: "Where they go",
        text: "Every run leaves its trail. The wheel zooms and a drag moves; 2, 3 and 4 show the \
               landscape from above, in space, or both ways.",
        tab: Some("Landscape"),
    },
    Step {
        about: "plots",
        title: "How they do",
        text: "Loss, rate, gradient and distance share one axis. A click on a plot moves the \
               playhead there; the table below gives the numbers.",
        tab: Some("Plots"),
    },
    Step {
        about: "transport",
        title: "When",
        text: "Space plays, ← and → go step by step. Ctrl+P finds every command, F1 shows the \
               keys. This tour is in the Help menu.",
        tab: None,
    },
];

/// The tab that a step wants to be seen in a narrow window.
pub fn tab(step: usize) -> Option<&'static str> {
    STEPS.get(step)?.tab
}

fn place(about: &str) -> egui::Id {
    egui::Id::unique(("tour", about))
}

/// Tells where something stands that a step is about.
pub fn mark(about: &'static str, rect: Rect, ui: &Ui) {
    let pass = ui.ctx().cumulative_pass_nr();
    ui.data_mut(|data| data.insert_temp(place(about), (pass, rect)));
}

/// Where it stands, if it was drawn in this pass.
fn marked(about: &str, ctx: &egui::Context) -> Option<Rect> {
    let now = ctx.cumulative_pass_nr();
    let (pass, rect) = ctx.data(|data| data.get_temp::<(u64, Rect)>(place(about)))?;
    (pass == now && rect.is_positive()).then_some(rect)
}

/// Shows the present step, if any.
pub fn show(lab: &Lab, commands: &mut Commands, ctx: &egui::Context) {
    let Some(number) = lab.view.tour else { return };
    let Some(step) = STEPS.get(number) else {
        return;
    };
    if lab.view.dialog.is_some() {
        return;
    }
    let window = ctx.content_rect();
    let about = marked(step.about, ctx).map(|rect| rect.intersect(window));
    let mut area = Area::new(egui::Id::unique("tour"))
        .order(Order::Foreground)
        .constrain(true);
    area = match about {
        Some(rect) => {
            let (pivot, at) = beside(rect, window);
            area.pivot(pivot).fixed_pos(at)
        }
        None => area.anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0)),
    };
    area.show(ctx, |ui| {
        if let Some(rect) = about {
            let stroke = Stroke::new(2.0, ui.visuals().selection.stroke.color);
            let painter = ui.painter().with_clip_rect(window);
            painter.rect_stroke(rect.expand(4.0), 6, stroke, StrokeKind::Inside);
        }
        Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
            ui.set_width(280.0_f32.min((window.width() - 48.0).max(40.0)));
            card(number, step, commands, ui);
        });
    });
    skip_with_escape(commands, ctx);
}

/// Where the card goes: a corner of it, and the point that the corner is at.
fn beside(rect: Rect, window: Rect) -> (Align2, egui::Pos2) {
    let gap = 12.0;
    if rect.right() < window.center().x {
        (Align2::LEFT_TOP, rect.right_top() + vec2(gap, 24.0))
    } else if rect.left() > window.center().x {
        (Align2::RIGHT_TOP, rect.left_top() + vec2(-gap, 24.0))
    } else if rect.top() > window.center().y {
        (Align2::CENTER_BOTTOM, rect.center_top() - vec2(0.0, gap))
    } else {
        (Align2::CENTER_BOTTOM, rect.center_bottom() - vec2(0.0, gap))
    }
}

fn card(number: usize, step: &Step, commands: &mut Commands, ui: &mut Ui) {
    ui.label(RichText::new(format!("{} of {}", number + 1, STEPS.len())).weak());
    ui.label(RichText::new(step.title).heading());
    ui.label(step.text);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let back = ui.add_enabled(number > 0, egui::Button::new("Back"));
        if back.clicked() {
            commands.push(Command::ShowTour(number.checked_sub(1)));
        }
        let is_last = number + 1 == STEPS.len();
        let on = if is_last { "Finish" } else { "Next" };
        if ui.button(on).clicked() {
            commands.push(Command::ShowTour((!is_last).then_some(number + 1)));
        }
        if !is_last
            && ui
                .button("Skip tour")
                .on_hover_text("Also with Esc.")
                .clicked()
        {
            commands.push(Command::ShowTour(None));
        }
    });
}

/// Esc ends the tour where nothing else waits for it.
fn skip_with_escape(commands: &mut Commands, ctx: &egui::Context) {
    let is_free = ctx.memory(|memory| memory.focused().is_none()) && !egui::Popup::is_any_open(ctx);
    if is_free && ctx.input(|input| input.key_pressed(Key::Escape)) {
        commands.push(Command::ShowTour(None));
    }
}
