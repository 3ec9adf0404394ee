//! How the objective curves at the playhead, and how much of that the rule bears.

use super::origin;
use crate::analysis::curvature::{Curvature, Sharpness, dot};
use crate::analysis::explanation::shortest;
use crate::app::command::{Action, Command};
use crate::app::panels::{Commands, unrecorded};
use crate::app::plots::{PlotCommand, Subject};
use crate::app::state::Lab;
use crate::app::understanding::Here;
use crate::app::widgets::named;
use crate::figures::axis::significant;
use crate::optimizers;
use egui::{Grid, RichText, ScrollArea, Ui, vec2};

/// Digits of the numbers on show; all of them are in the tooltips.
const DIGITS: usize = 5;
/// The most eigenvalues and components of a direction that are listed.
const MOST: usize = 8;

/// Shows the curvature where the run at hand is.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    choices(lab, commands, ui);
    let Some(record) = lab.record_here() else {
        unrecorded::say(lab, ui);
        return;
    };
    if record.checked.task().is_some() || record.checked.sequence().is_some() {
        ui.weak("The Hessian matrix of a network has no room in memory.");
        return;
    }
    let run = lab.run_at_hand();
    let label = lab.experiment.runs.get(run).map(|run| run.display_label());
    origin::show(lab, commands, ui);
    let Some(here) = lab.curvature_here() else {
        ui.weak("Working it out…");
        return;
    };
    ui.strong(format!(
        "{} after {} updates",
        label.unwrap_or_default(),
        here.step
    ));
    ScrollArea::both()
        .id_salt("curvature")
        .auto_shrink([false, false])
        .show(ui, |ui| match &here.curvature {
            Some(curvature) => {
                edge(lab, run, here, ui);
                ui.separator();
                model(curvature, here, ui);
                ui.separator();
                directions(curvature, &record.history.parameter_names, ui);
            }
            None => {
                ui.weak(
                    "No curvature: J or a derivative is not finite here, or there are more than 64 \
                     parameters.",
                );
            }
        });
}

/// What is drawn of it elsewhere.
fn choices(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let settings = &lab.settings;
        for (is_on, text, action) in [
            (
                settings.shows_curvature,
                "On the landscape",
                Action::ToggleCurvature,
            ),
            (settings.shows_flow, "Gradient flow", Action::ToggleFlow),
        ] {
            let mut is_on = is_on;
            let name = format!("{} (curvature panel)", action.card().name);
            let checkbox = named(ui.checkbox(&mut is_on, text), &name);
            if checkbox.on_hover_text(action.card().help).changed() {
                commands.act(action);
            }
        }
        let mut is_plotted = lab.is_chosen(Subject::Sharpness);
        let checkbox = named(ui.checkbox(&mut is_plotted, "Plot λ_max"), "Plot sharpness");
        if checkbox.on_hover_text(Subject::Sharpness.help()).changed() {
            let choose = PlotCommand::Choose(Subject::Sharpness, is_plotted);
            commands.push(Command::Plot(choose));
        }
    });
}

/// Sharpness against the rule's own limit.
fn edge(lab: &Lab, run: usize, here: &Here, ui: &mut Ui) {
    let Some(sharpness) = &here.sharpness else {
        return;
    };
    let spec = lab.experiment.runs.get(run);
    let rule = spec.and_then(|spec| optimizers::find(&spec.optimizer));
    let stability = rule.and_then(|rule| rule.card().stability);
    Grid::new("edge of stability")
        .spacing(vec2(12.0, 3.0))
        .show(ui, |ui| {
            number("λ_max", "The largest eigenvalue of ∇²J here.", sharpness.sharpness, ui);
            if let Some(met) = sharpness.met.filter(|met| *met != sharpness.sharpness) {
                let help = "The largest eigenvalue as the rule meets it: every direction divided by \
                            what it divides its steps by.";
                number("λ_max as met", help, met, ui);
            }
            if let (Some(limit), Some(stability)) = (sharpness.limit, stability) {
                let help = format!("{}. {}", stability.formula, stability.source);
                number("limit", &help, limit, ui);
            }
        });
    ui.label(verdict(sharpness));
    if let Some(stability) = stability.filter(|_| sharpness.limit.is_some()) {
        ui.weak(format!("limit = {}", stability.formula));
    }
}

/// On which side of the edge the run is.
fn verdict(sharpness: &Sharpness) -> String {
    match sharpness.share_of_limit() {
        Some(share) if share > 1.0 => format!(
            "{} times the limit: across the sharpest direction steps grow.",
            significant(share, 4)
        ),
        Some(share) if share > 0.0 => format!(
            "{} of the limit: across the sharpest direction steps shrink.",
            significant(share, 4)
        ),
        Some(_) => "No direction curves upwards, so that no limit applies.".to_owned(),
        None if sharpness.limit.is_some() => {
            "Nothing has been divided yet, so that the limit cannot be compared.".to_owned()
        }
        None => "No limit is known for this rule, or a wrapper is around it.".to_owned(),
    }
}

/// The local quadratic model and what it says of the next step.
fn model(of: &Curvature, here: &Here, ui: &mut Ui) {
    ui.label(RichText::new("J + gᵀd + ½·dᵀ∇²J·d").monospace())
        .on_hover_text("The local quadratic model, d being the way from here.");
    Grid::new("local model")
        .spacing(vec2(12.0, 3.0))
        .show(ui, |ui| {
            number("J", "The loss here.", of.value, ui);
            let slope = of.gradient.iter().fold(0.0, |l: f64, g| l.hypot(*g));
            number("‖g‖", "The length of the gradient here.", slope, ui);
            match of.condition_number() {
                Some(condition) => number("λ_max/λ_min", "The condition number.", condition, ui),
                None => words(
                    "λ_max/λ_min",
                    "none: it does not curve upwards everywhere",
                    ui,
                ),
            }
            match (of.bottom(), of.left_to_bottom()) {
                (Some(bottom), Some(left)) => {
                    let bottom: Vec<_> = bottom.iter().take(MOST).map(|&w| short(w)).collect();
                    words(
                        "bottom of the model",
                        &format!("({})", bottom.join(", ")),
                        ui,
                    );
                    number("it lies lower by", "½·gᵀ(∇²J)⁻¹g", left, ui);
                }
                _ => words("bottom of the model", "none", ui),
            }
            if let Some((predicted, really)) = here.next {
                let help = "What J changes by at the next update, by the model.";
                number("next ΔJ by the model", help, predicted, ui);
                number("next ΔJ really", "And what it does change by.", really, ui);
            }
        });
}

/// Eigenvalues with their directions.
fn directions(of: &Curvature, names: &[String], ui: &mut Ui) {
    Grid::new("directions")
        .striped(true)
        .spacing(vec2(12.0, 3.0))
        .show(ui, |ui| {
            ui.weak("λ")
                .on_hover_text("Eigenvalues of ∇²J, the largest first.");
            ui.weak("g·v")
                .on_hover_text("The slope along the direction.");
            ui.weak("curves");
            let names: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
            ui.weak(format!("direction v ({})", names.join(", ")));
            ui.end_row();
            let pairs = of.eigen.values.iter().zip(&of.eigen.vectors);
            for (value, vector) in pairs.take(MOST) {
                plain(*value, ui);
                plain(dot(&of.gradient, vector), ui);
                ui.label(match value {
                    value if *value > 0.0 => "upwards",
                    value if *value < 0.0 => "downwards",
                    _ => "not",
                });
                let parts: Vec<_> = vector.iter().take(MOST).map(|&v| short(v)).collect();
                ui.label(RichText::new(parts.join(", ")).monospace());
                ui.end_row();
            }
        });
    let more = of.eigen.values.len().saturating_sub(MOST);
    if more > 0 {
        ui.weak(format!("and {more} more, λ_min = {}", short(of.flattest())));
    }
}

fn short(value: f64) -> String {
    significant(value, DIGITS)
}

fn plain(value: f64, ui: &mut Ui) {
    ui.label(RichText::new(short(value)).monospace())
        .on_hover_text(shortest(value));
}

fn number(name: &str, help: &str, value: f64, ui: &mut Ui) {
    ui.label(name).on_hover_text(help);
    plain(value, ui);
    ui.end_row();
}

fn words(name: &str, text: &str, ui: &mut Ui) {
    ui.label(name);
    ui.label(text);
    ui.end_row();
}
