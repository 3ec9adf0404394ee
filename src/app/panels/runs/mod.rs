//! The contenders: one card a run.

mod details;
pub mod handle;
pub mod order;
mod rate_plot;
mod remedy;
mod schedule;
mod wrappers;

use super::{Commands, problems};
use crate::app::command::{Action, Command};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::marker;
use crate::app::widgets::number::{exact, slider_and_field_from};
use crate::app::widgets::reset;
use crate::experiment::{Experiment, RunSpec};
use crate::optimizers::{self, Domain, Scale};
use egui::{Response, RichText, Sense, Ui, UiBuilder, vec2};
use order::{ListChange, drop_place, restructure};

/// The learning rates that the slider offers; the field takes any.
const RATES: (f64, f64) = (1e-6, 10.0);

/// Shows every run of the experiment.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Runs").heading());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui
                .button("Add run")
                .on_hover_text("Choose an optimizer for one more run from the catalogue (Ctrl+R).")
                .clicked()
            {
                commands.act(Action::AddRun);
            }
        });
    });
    if lab.experiment.runs.is_empty() {
        ui.weak("No runs yet. Add one to see it move.");
    }
    handle::begin(ui);
    let mut edited = lab.experiment.clone();
    let mut change = None;
    let mut cards = Vec::new();
    let mut dragged = None;
    for index in 0..lab.experiment.runs.len() {
        ui.push_id(("run", index), |ui| {
            // The ground of the card answers the right button, below everything on it.
            let ground = UiBuilder::new().sense(Sense::CLICK);
            let card = ui.scope_builder(ground, |ui| {
                let frame = egui::Frame::new()
                    .fill(ui.visuals().faint_bg_color)
                    .stroke(ui.visuals().widgets.noninteractive.bg_stroke)
                    .corner_radius(6)
                    .inner_margin(6);
                frame
                    .show(ui, |ui| card(lab, &mut edited, index, commands, ui))
                    .inner
            });
            let (asked, name) = card.inner;
            let offered = handle::menu(&card.response, (lab, index), commands)
                .or_else(|| handle::keys(&name, index, lab.experiment.runs.len(), ui));
            change = change.or(asked).or(offered);
            if name.dragged() || name.drag_stopped() {
                dragged = Some((index, name.drag_stopped()));
            }
            cards.push(card.response.rect);
        });
    }
    if let Some((index, dropped)) = dragged
        && let Some(to) = drop_place(index, &cards, ui)
        && dropped
    {
        change = Some(ListChange::Move(index, to));
    }
    if let Some(change) = change {
        restructure(lab, &mut edited, change, commands);
    }
    if edited != lab.experiment {
        commands.push(Command::Edit(Box::new(edited)));
    }
}

fn card(
    lab: &Lab,
    edited: &mut Experiment,
    index: usize,
    commands: &mut Commands,
    ui: &mut Ui,
) -> (Option<ListChange>, Response) {
    ui.set_width(ui.available_width());
    ui.spacing_mut().item_spacing.y = 4.0;
    let unfolded = lab.view.selected == Some(index);
    let (change, name) = header(lab, edited, index, unfolded, commands, ui);
    let label = edited.runs[index].display_label();
    let run = &mut edited.runs[index];
    let Some(optimizer) = optimizers::find(&run.optimizer) else {
        ui.colored_label(
            ui.visuals().error_fg_color,
            format!("There is no optimizer `{}`.", run.optimizer),
        );
        return (change, name);
    };
    rate_row(run, &label, ui);
    schedule::edit(&mut run.schedule, &label, unfolded, ui);
    if unfolded || !schedule::is_short(&run.schedule) {
        rate_plot::show(lab, run, index, &label, ui);
    }
    remedy::show(lab, run, (index, &label), unfolded, ui);
    refusals(lab, index, ui);
    if unfolded {
        details::show(lab, run, index, optimizer.card(), ui);
    }
    (change, name)
}

/// What keeps this run from being computed, but for what stands beside its own control.
fn refusals(lab: &Lab, index: usize, ui: &mut Ui) {
    let inside = format!("runs[{index}].");
    for problem in &lab.problems {
        if let Some(place) = problem.place.strip_prefix(&inside) {
            if remedy::FIELDS.iter().any(|f| problems::is_within(place, f)) {
                continue;
            }
            let text = RichText::new(&problem.message).color(ui.visuals().error_fg_color);
            ui.add(egui::Label::new(text).wrap()).on_hover_text(place);
        }
    }
}

fn header(
    lab: &Lab,
    edited: &mut Experiment,
    index: usize,
    unfolded: bool,
    commands: &mut Commands,
    ui: &mut Ui,
) -> (Option<ListChange>, Response) {
    let mut change = None;
    let name = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let look = edited.looks()[index];
        let run = &mut edited.runs[index];
        let label = run.display_label();
        let fold = if unfolded {
            Icon::Unfolded
        } else {
            Icon::Folded
        };
        if icon_button(ui, fold, &format!("Settings of {label}"), false).clicked() {
            commands.push(Command::Select((!unfolded).then_some(index)));
        }
        swatch(run, look, &label, ui);
        ui.add_space(4.0);
        let buttons = 4.0 * (ui.spacing().interact_size.y + 2.0);
        let width = (ui.available_width() - buttons - 4.0).max(20.0);
        let response = handle::show(ui, index, &label, width);
        if response.clicked() {
            commands.push(Command::Select((!unfolded).then_some(index)));
        }
        let eye = if run.visible {
            Icon::Eye
        } else {
            Icon::EyeClosed
        };
        let name = format!("{} {label}", if run.visible { "Hide" } else { "Show" });
        if icon_button(ui, eye, &name, false).clicked() {
            run.visible = !run.visible;
        }
        let solo = lab.view.solo == Some(index);
        if icon_button(ui, Icon::Solo, &format!("Only {label}"), solo).clicked() {
            commands.push(Command::Solo((!solo).then_some(index)));
        }
        if icon_button(ui, Icon::Duplicate, &format!("Duplicate {label}"), false).clicked() {
            change = Some(ListChange::Duplicate(index));
        }
        if icon_button(ui, Icon::Delete, &format!("Delete {label}"), false).clicked() {
            change = Some(ListChange::Delete(index));
        }
        response
    });
    (change, name.inner)
}

/// The run's colour and shape; a click goes to the next colour.
fn swatch(run: &mut RunSpec, look: u8, label: &str, ui: &mut Ui) {
    let size = ui.spacing().interact_size.y;
    let (rect, response) = ui.allocate_exact_size(vec2(size, size), Sense::click());
    let enabled = ui.is_enabled();
    let name = format!("Colour of {label}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, &name));
    let colour = run.colour.unwrap_or(0);
    if response.clicked() {
        run.colour = Some((colour + 1) % crate::experiment::RUN_COLOURS);
    }
    let tokens = theme::of(ui);
    if response.has_focus() {
        let stroke = ui.visuals().selection.stroke;
        ui.painter()
            .rect_stroke(rect, 4, stroke, egui::StrokeKind::Inside);
    }
    let fill = theme::colour(tokens.run(colour));
    let fill = if run.visible {
        fill
    } else {
        fill.gamma_multiply(0.35)
    };
    let ground = theme::colour(tokens.raised);
    marker::of_look(ui.painter(), look, rect.center(), size * 0.26, fill, ground);
    response.on_hover_text("Colour and marker; click for the next.");
}

fn rate_row(run: &mut RunSpec, label: &str, ui: &mut Ui) {
    let mut rate = run.base_rate();
    let before = rate;
    let unset = RunSpec {
        learning_rate: None,
        ..run.clone()
    };
    let usual = unset.base_rate();
    let name = format!("Learning rate of {label}");
    ui.horizontal(|ui| {
        let is_usual = rate == usual;
        let explain = |ui: &mut Ui| {
            ui.label(
                "Learning rate: the base of the schedule. The slider is logarithmic; the field \
                 takes any number.",
            );
            reset::to_usual(&exact(usual), is_usual, ui);
        };
        if reset::caption(ui, "Rate α", &name, is_usual, explain) {
            rate = usual;
        }
        let spread = (RATES, Scale::Logarithmic, Domain::NON_NEGATIVE);
        slider_and_field_from(ui, &name, &mut rate, usual, spread).on_hover_ui(explain);
    });
    if rate != before {
        run.learning_rate = Some(rate);
    }
}

/// The words before a control, all equally wide, with their meaning as a tooltip.
fn caption(ui: &mut Ui, text: &str, meaning: &str) {
    let size = vec2(56.0, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(
        size,
        egui::Layout::left_to_right(egui::Align::Center),
        |ui| {
            ui.set_min_width(size.x);
            ui.add(egui::Label::new(RichText::new(text).weak()).truncate())
                .on_hover_text(meaning);
        },
    );
}
