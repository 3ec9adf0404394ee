//! The transport: playback, the scrubber, speed and the number of epochs.

use super::Commands;
use super::training::duration;
use crate::app::command::{Action, Command};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::number::{exact, is_double_clicked, scaled_slider, whole_field};
use crate::app::widgets::{at_right, named, nudge, reset};
use crate::engine::Stage;
use crate::experiment::{RateEvent, RunSpec, USUAL_EPOCHS};
use crate::optimizers::Scale;
use crate::playback::{Playhead, SPEED_RANGE};
use egui::{Key, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// The height of the scrubber and the row of controls below it, in points.
pub const HEIGHT: f32 = 46.0;

/// Shows the transport.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    scrubber(lab, commands, ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        buttons(lab, commands, ui);
        ui.add_space(8.0);
        ui.spacing_mut().item_spacing.x = 8.0;
        position(lab, ui);
        let room = ui.available_width();
        at_right::show(ui, "transport", |ui| {
            super::export::progress(lab, commands, ui);
            progress(lab, commands, room, ui);
            // Progress comes and goes; that changes no other control's identity.
            let own = UiBuilder::new().scope_id(egui::Id::unique("speed and epochs"));
            ui.scope_builder(own, |ui| {
                let of_progress = if shows_progress(lab) { 190.0 } else { 0.0 };
                speed(lab, commands, room > 365.0 + of_progress, ui);
                epochs(lab, commands, ui);
            });
        });
    });
}

fn buttons(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let play = if lab.playhead.playing {
        (Icon::Pause, "Pause (Space)")
    } else {
        (Icon::Play, "Play (Space)")
    };
    for (action, icon, name, on) in [
        (Action::First, Icon::First, "To the start (Home)", false),
        (Action::StepBack, Icon::StepBack, "Step back (←)", false),
        (Action::PlayPause, play.0, play.1, false),
        (Action::StepForward, Icon::StepForward, "Step on (→)", false),
        (Action::Last, Icon::Last, "To the end (End)", false),
        (Action::Loop, Icon::Loop, "Loop", lab.playhead.looping),
    ] {
        if icon_button(ui, icon, name, on).clicked() {
            commands.act(action);
        }
    }
}

fn position(lab: &Lab, ui: &mut Ui) {
    let (step, end) = (lab.playhead.step(), lab.playhead.end());
    let checked = lab.record_here().map(|record| &record.checked);
    match checked.filter(|checked| checked.updates_per_epoch() > 1) {
        None => ui.label(format!("epoch {step} of {end}")),
        Some(checked) => {
            let epoch = checked.epoch_of(step);
            ui.label(format!("update {step} of {end}, epoch {epoch}"))
        }
    };
}

/// Whether work is under way or waits to be gone on with.
fn shows_progress(lab: &Lab) -> bool {
    let present = lab.record.as_ref();
    let present = present.filter(|record| record.request == lab.awaited);
    present.is_some_and(|record| {
        matches!(
            record.stage,
            Stage::Running | Stage::Paused | Stage::Cancelled
        )
    })
}

fn progress(lab: &Lab, commands: &mut Commands, room: f32, ui: &mut Ui) {
    let Some(record) = &lab.record else { return };
    match &record.stage {
        Stage::Running | Stage::Paused if record.request == lab.awaited => {
            let total = record.checked.updates().max(1);
            let share = record.history.updates as f32 / total as f32;
            let bar = egui::ProgressBar::new(share)
                .desired_width(if room > 480.0 { 110.0 } else { 48.0 })
                .text(format!("{:.0} %", share * 100.0));
            named(ui.add(bar), "Progress of the computation");
            if record.stage == Stage::Paused {
                // The button says it too.
                if room > 480.0 {
                    ui.colored_label(ui.visuals().warn_fg_color, "paused");
                }
                pause(ui, "Resume", "Go on from here (P).", commands);
            } else {
                if let Some(seconds) = record.seconds_left().filter(|_| room > 560.0) {
                    ui.label(format!("{} left", duration(seconds)))
                        .on_hover_text(
                            "At the pace since the start, the last pause or the last change.",
                        );
                }
                pause(
                    ui,
                    "Hold",
                    "Hold the computation where it is (P).",
                    commands,
                );
            }
            if ui.button("Cancel").clicked() {
                commands.act(Action::CancelWork);
            }
        }
        Stage::Cancelled if record.request == lab.awaited => {
            ui.colored_label(ui.visuals().warn_fg_color, "cancelled")
                .on_hover_text("The computation was cancelled; what it recorded is shown.");
            pause(ui, "Go on", "Go on with the computation (P).", commands);
        }
        Stage::Broken(reason) => {
            let text = RichText::new("the engine broke").color(ui.visuals().error_fg_color);
            ui.label(text).on_hover_text(format!(
                "{reason}. This is a fault of the program; please report it with this experiment."
            ));
        }
        Stage::Running | Stage::Paused | Stage::Cancelled | Stage::Done => {}
    }
}

fn pause(ui: &mut Ui, text: &str, help: &str, commands: &mut Commands) {
    if ui.button(text).on_hover_text(help).clicked() {
        commands.act(Action::PauseWork);
    }
}

fn speed(lab: &Lab, commands: &mut Commands, has_room: bool, ui: &mut Ui) {
    let mut speed = lab.playhead.speed;
    let before = speed;
    ui.spacing_mut().slider_width = 90.0;
    let usual = Playhead::default().speed;
    let is_usual = speed == usual;
    let meaning = "Epochs a second while playing.";
    if reset::short_caption(ui, "Speed", "speed", is_usual, meaning, &exact(usual)) {
        speed = usual;
    }
    if has_room {
        let spread = (SPEED_RANGE.0, 1000.0);
        let slider = scaled_slider(ui, "Speed, slider", &mut speed, spread, Scale::Logarithmic);
        if is_double_clicked(&slider) {
            speed = usual;
        }
    }
    let field = egui::DragValue::new(&mut speed)
        .range(SPEED_RANGE.0..=SPEED_RANGE.1)
        .speed(before * 0.02)
        .max_decimals(1)
        .suffix(" /s");
    let response = named(ui.add(field), "Speed in epochs a second");
    nudge::hold_focus(&response, true, ui);
    if speed != before {
        commands.push(Command::SetSpeed(speed));
    }
}

fn epochs(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let mut epochs = lab.experiment.epochs;
    let is_usual = epochs == USUAL_EPOCHS;
    let meaning = "How many epochs every run goes.";
    let usual = USUAL_EPOCHS.to_string();
    if reset::short_caption(ui, "Epochs", "number of epochs", is_usual, meaning, &usual) {
        epochs = USUAL_EPOCHS;
    }
    whole_field(ui, "Number of epochs", &mut epochs, 0).on_hover_text(meaning);
    if epochs != lab.experiment.epochs {
        let mut edited = lab.experiment.clone();
        edited.epochs = epochs;
        commands.push(Command::Edit(Box::new(edited)));
    }
}

/// The line on which the playhead is dragged.
fn scrubber(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let size = vec2(ui.available_width(), 18.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let (step, end) = (lab.playhead.step(), lab.playhead.end());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo {
        value: Some(step as f64),
        ..WidgetInfo::labeled(Role::Slider, enabled, "Playhead")
    });
    let rail = Rect::from_center_size(rect.center(), vec2((rect.width() - 16.0).max(1.0), 4.0));
    let marks = marks(lab);
    let response = match near(&marks, &response, rail, end) {
        Some(texts) => response.on_hover_text(texts),
        None => response,
    };
    if let Some(at) = response
        .interact_pointer_pos()
        .filter(|_| response.is_pointer_button_down_on())
    {
        let share = ((at.x - rail.left()) / rail.width()).clamp(0.0, 1.0);
        commands.push(Command::Seek((f64::from(share) * end as f64).round() as u64));
    }
    keyboard(lab, commands, &response, ui);
    paint(ui, rail, &response, step, end, lab);
    paint_marks(ui, rail, &marks, end);
}

/// A change of a run's rate on the timeline.
struct Mark {
    step: u64,
    colour: u8,
    text: String,
}

/// The changes of the rates of all runs that are drawn.
fn marks(lab: &Lab) -> Vec<Mark> {
    let runs = lab.experiment.runs.iter().enumerate();
    let shown = runs.filter(|(run, _)| lab.is_shown(*run));
    let of = |(_, run): (usize, &RunSpec)| {
        let label = run.display_label();
        let mark = |event: &RateEvent| Mark {
            step: event.step,
            colour: run.colour.unwrap_or(0),
            text: format!(
                "{label}: base rate {} from update {} on",
                exact(event.learning_rate),
                event.step
            ),
        };
        run.events.iter().map(mark).collect::<Vec<_>>()
    };
    shown.flat_map(of).collect()
}

fn place(rail: Rect, step: u64, end: u64) -> f32 {
    rail.left() + rail.width() * step as f32 / end.max(1) as f32
}

/// What there is to say of the marks under the pointer.
fn near(marks: &[Mark], response: &Response, rail: Rect, end: u64) -> Option<String> {
    let at = response.hover_pos()?;
    let is_near = |mark: &&Mark| (place(rail, mark.step, end) - at.x).abs() <= 4.0;
    let texts: Vec<_> = marks
        .iter()
        .filter(is_near)
        .map(|m| m.text.as_str())
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// A triangle above the rail at every change of rate.
fn paint_marks(ui: &Ui, rail: Rect, marks: &[Mark], end: u64) {
    let tokens = theme::of(ui);
    for mark in marks.iter().filter(|mark| mark.step <= end) {
        let tip = pos2(place(rail, mark.step, end), rail.top());
        let corners = vec![tip, tip + vec2(-4.0, -6.0), tip + vec2(4.0, -6.0)];
        let fill = theme::colour(tokens.run(mark.colour));
        let outline = egui::Stroke::new(1.0, theme::colour(tokens.panel));
        ui.painter()
            .add(egui::Shape::convex_polygon(corners, fill, outline));
    }
}

fn keyboard(lab: &Lab, commands: &mut Commands, response: &Response, ui: &Ui) {
    if !response.has_focus() {
        return;
    }
    let filter = egui::EventFilter {
        horizontal_arrows: true,
        ..Default::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let step = lab.playhead.step();
    ui.input(|input| {
        let leap = if input.modifiers.shift { 10 } else { 1 };
        if input.key_pressed(Key::ArrowLeft) {
            commands.push(Command::Seek(step.saturating_sub(leap)));
        }
        if input.key_pressed(Key::ArrowRight) {
            commands.push(Command::Seek(step.saturating_add(leap)));
        }
        if input.key_pressed(Key::Home) {
            commands.push(Command::Seek(0));
        }
        if input.key_pressed(Key::End) {
            commands.push(Command::Seek(lab.playhead.end()));
        }
        if input.key_pressed(Key::Space) {
            commands.act(Action::PlayPause);
        }
    });
}

fn paint(ui: &Ui, rail: Rect, response: &Response, step: u64, end: u64, lab: &Lab) {
    let tokens = theme::of(ui);
    let share = if end == 0 {
        0.0
    } else {
        step as f32 / end as f32
    };
    let x = rail.left() + share * rail.width();
    let painter = ui.painter();
    painter.rect_filled(rail, 2, theme::colour(tokens.control[1]));
    let done = Rect::from_min_max(rail.min, pos2(x, rail.bottom()));
    painter.rect_filled(done, 2, theme::colour(tokens.accent));
    // How far the record goes, while it is still being written.
    if lab.is_working() && lab.experiment.epochs > 0 {
        let live = pos2(rail.right(), rail.center().y);
        painter.circle_filled(live, 3.0, theme::colour(tokens.warning));
    }
    let radius = if response.hovered() || response.has_focus() {
        8.0
    } else {
        7.0
    };
    painter.circle(
        pos2(x, rail.center().y),
        radius,
        theme::colour(tokens.accent),
        egui::Stroke::new(2.0, theme::colour(tokens.panel)),
    );
}
