//! What a run does against forgetting, and which outputs answer for its tasks.

use crate::app::panels::problems;
use crate::app::state::Lab;
use crate::app::widgets::{named, reset, setting};
use crate::experiment::RunSpec;
use crate::models::continual::{Head, REMEDIES, Remedy, RemedyCard};
use egui::{ComboBox, RichText, Ui};

/// The remedy that is none.
const NOTHING: &str = "FineTuning";

/// The fields of a run whose problems stand here, beside their controls.
pub const FIELDS: [&str; 2] = ["remedy", "head"];

/// Shows the remedy, and with an unfolded run its settings and the head; nothing where nothing
/// can be forgotten.
pub fn show(
    lab: &Lab,
    run: &mut RunSpec,
    (index, label): (usize, &str),
    unfolded: bool,
    ui: &mut Ui,
) {
    let tasks = lab.experiment.objective.tasks();
    let on_surfaces = lab.experiment.objective.later_surfaces() > 0;
    if tasks.is_some() || on_surfaces {
        choice(run, on_surfaces, label, ui);
        if unfolded {
            settings(lab, run, (index, label), ui);
        }
    } else if run.remedy.is_some() || run.head.is_some() {
        take_out(run, label, ui);
    }
    if let Some(tasks) = tasks.filter(|_| unfolded || run.head.is_some()) {
        head(run, tasks.head, label, ui);
    }
    for field in FIELDS {
        // Settings have theirs beside themselves.
        let is_shown_there = unfolded && field == "remedy" && (tasks.is_some() || on_surfaces);
        let place = format!("runs[{index}].{field}");
        match is_shown_there {
            true => problems::at(lab, &place, ui),
            false => problems::beside(lab, &place, ui),
        }
    }
}

/// The menu of the remedies; on surfaces of those that need no network.
fn choice(run: &mut RunSpec, on_surfaces: bool, label: &str, ui: &mut Ui) {
    let chosen = run.remedy.as_ref().map(|remedy| remedy.card);
    let shown = chosen.or_else(|| RemedyCard::find(NOTHING));
    let name = format!("Remedy of {label}");
    ui.horizontal(|ui| {
        let is_usual = chosen.is_none();
        let explain = |ui: &mut Ui| {
            ui.label("What is done against forgetting the tasks before.");
            if let Some(card) = shown {
                explain(card, ui);
            }
            reset::to_usual("fine-tuning: nothing is done", is_usual, ui);
        };
        if reset::caption(ui, "Remedy", &name, is_usual, explain) {
            run.remedy = None;
        }
        let combo = ComboBox::from_id_salt("remedy")
            .selected_text(shown.map_or("none", |card| card.name))
            .width(ui.available_width().max(24.0))
            .truncate()
            .show_ui(ui, |ui| {
                for card in REMEDIES {
                    if on_surfaces && !card.works_on_surfaces() {
                        continue;
                    }
                    let is_chosen = shown.is_some_and(|shown| shown.id == card.id);
                    let option = ui.selectable_label(is_chosen, card.name);
                    if option.on_hover_ui(|ui| self::explain(card, ui)).clicked() && !is_chosen {
                        run.remedy = (card.id != NOTHING).then(|| Remedy::new(card));
                    }
                }
            });
        named(combo.response.on_hover_ui(explain), &name);
    });
}

/// What a remedy is, for a tooltip.
fn explain(card: &RemedyCard, ui: &mut Ui) {
    ui.strong(card.name);
    for line in card.formula {
        ui.label(*line);
    }
    ui.label(card.about);
    ui.weak(card.citation);
}

fn settings(lab: &Lab, run: &mut RunSpec, (index, label): (usize, &str), ui: &mut Ui) {
    let Some(remedy) = &mut run.remedy else {
        return;
    };
    let card = remedy.card;
    let owner = format!("{} of {label}", card.name);
    for (setting, value) in card.settings.iter().zip(&mut remedy.settings) {
        ui.push_id(("remedy", setting.id), |ui| {
            let whose = (owner.as_str(), card.formula);
            setting::row(setting, whose, value, setting.default, ui);
            let place = format!("runs[{index}].remedy.{}", setting.id);
            problems::beside(lab, &place, ui);
        });
    }
    for line in card.formula {
        let line = RichText::new(*line).small();
        ui.add(egui::Label::new(line).wrap())
            .on_hover_ui(|ui| explain(card, ui));
    }
}

/// Where nothing can be forgotten a remedy is a mistake; a click takes it out.
fn take_out(run: &mut RunSpec, label: &str, ui: &mut Ui) {
    let button = named(
        ui.button("Take remedy and head out"),
        &format!("Take remedy and head out of {label}"),
    );
    let help = "Only tasks that are learnt one after the other can be forgotten.";
    if button.on_hover_text(help).clicked() {
        (run.remedy, run.head) = (None, None);
    }
}

/// Which head the run has where the tasks have `usual`.
fn head(run: &mut RunSpec, usual: Head, label: &str, ui: &mut Ui) {
    let name = format!("Head of {label}");
    let meaning = |head: Option<Head>| match head.unwrap_or(usual) {
        Head::Single => "One head for all classes: nobody says which task an example is of.",
        Head::Growing => "One head that grows: the classes of the tasks so far compete.",
        Head::Multi => "A head for each task, which is known when it is asked for.",
        Head::Domain => "The same outputs in every task.",
    };
    let text = |head: Option<Head>| match head {
        None => format!("as the tasks ({})", usual.name()),
        Some(head) => head.name().to_owned(),
    };
    // Both need the same network; the outputs of `Domain` are others.
    let options = match usual {
        Head::Domain => vec![None],
        Head::Single | Head::Growing | Head::Multi => vec![
            None,
            Some(Head::Single),
            Some(Head::Growing),
            Some(Head::Multi),
        ],
    };
    ui.horizontal(|ui| {
        let is_usual = run.head.is_none();
        let explain = |ui: &mut Ui| {
            ui.label("Which outputs a task is learnt and judged on.");
            ui.label(meaning(run.head));
            reset::to_usual(&text(None), is_usual, ui);
        };
        let is_reset = reset::caption(ui, "Head", &name, is_usual, explain);
        let mut chosen = run.head;
        let combo = ComboBox::from_id_salt("head")
            .selected_text(text(chosen))
            .width(ui.available_width().max(24.0))
            .truncate()
            .show_ui(ui, |ui| {
                for option in options {
                    ui.selectable_value(&mut chosen, option, text(option))
                        .on_hover_text(meaning(option));
                }
            });
        named(combo.response.on_hover_text(meaning(chosen)), &name);
        run.head = if is_reset { None } else { chosen };
    });
}
