//! What the tuner searches: a row for every axis.

use super::axes::ends;
use crate::app::state::Lab;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::named;
use crate::app::widgets::number::number_field;
use crate::experiment::{Axis, Experiment, Quantity, Spread, TuneSpec};
use crate::figures::axis::significant;
use crate::numbers::sobol::MAX_DIMENSIONS;
use egui::{ComboBox, Ui};

/// Shows the axes, with what changes them.
pub fn show(lab: &Lab, spec: &mut TuneSpec, ui: &mut Ui) {
    let runs: Vec<usize> = lab.shown_runs().map(|(run, _)| run).collect();
    let mut texts = match spec.axes.is_empty() {
        true => usual(&lab.experiment, &runs),
        false => spec.axes.clone(),
    };
    let before = texts.clone();
    let mut left_out = None;
    for (index, text) in texts.iter_mut().enumerate() {
        let can_go = before.len() > 1;
        if row(&lab.experiment, &runs, text, can_go, ui) {
            left_out = Some(index);
        }
    }
    if let Some(index) = left_out {
        texts.remove(index);
    }
    if let Some(quantity) = one_more(&lab.experiment, &runs, &texts, ui) {
        texts.push(quantity.to_string());
    }
    if texts != before {
        spec.axes = texts;
    }
}

/// Learning rate and decay, where any of the runs has them.
fn usual(experiment: &Experiment, runs: &[usize]) -> Vec<String> {
    let usual = [Quantity::LearningRate, Quantity::Decay].into_iter();
    usual
        .filter(|quantity| whose(quantity, experiment, runs).is_some())
        .map(|quantity| quantity.to_string())
        .collect()
}

/// The first of the runs that has a quantity; of all runs where none of these has it.
fn whose(quantity: &Quantity, experiment: &Experiment, runs: &[usize]) -> Option<usize> {
    let all = 0..experiment.runs.len();
    let mut some = runs.iter().copied().chain(all);
    some.find(|&run| quantity.traits(experiment, run).is_ok())
}

/// The quantity's name in an axis as it is written.
fn name_of(text: &str) -> &str {
    text.split('=').next().unwrap_or_default().trim()
}

/// One axis; whether it is to be left out.
fn row(
    experiment: &Experiment,
    runs: &[usize],
    text: &mut String,
    can_go: bool,
    ui: &mut Ui,
) -> bool {
    let name = name_of(text).to_owned();
    let quantity = Quantity::named(&name);
    let run = whose(&quantity, experiment, runs);
    let mut is_left_out = false;
    ui.horizontal_wrapped(|ui| {
        let traits = run.and_then(|run| quantity.traits(experiment, run).ok());
        let words = traits.map_or_else(|| name.clone(), |traits| traits.name);
        ui.label(words).on_hover_text(&name);
        match run {
            None => {
                ui.weak("no run has it");
            }
            Some(run) => values(experiment, run, &name, text, ui),
        }
        let leave_out = format!("Do not search {name}");
        let button = |ui: &mut Ui| icon_button(ui, Icon::Close, &leave_out, false);
        let response = ui.add_enabled_ui(can_go, button).inner;
        is_left_out = response.on_hover_text("Leave it as it is.").clicked();
    });
    is_left_out
}

/// The values of an axis: its usual ones, or those that were set.
fn values(experiment: &Experiment, run: usize, name: &str, text: &mut String, ui: &mut Ui) {
    if !text.contains('=') {
        usual_range(experiment, run, name, text, ui);
        return;
    }
    match Axis::read(text, experiment, run) {
        Ok(axis) if axis.listed.is_none() => range(experiment, run, &axis, text, ui),
        _ => {
            let list = text.split_once('=').map_or("", |(_, list)| list);
            ui.label(list.to_owned());
        }
    }
    let button = named(ui.small_button("usual"), &format!("Usual range of {name}"));
    if button.on_hover_text("Back to the usual range.").clicked() {
        name.clone_into(text);
    }
}

fn usual_range(experiment: &Experiment, run: usize, name: &str, text: &mut String, ui: &mut Ui) {
    let axis = Axis::usual(Quantity::named(name), experiment, run);
    let Ok(axis) = axis.map(Axis::searched) else {
        return;
    };
    let zero = if axis.zero { ", and 0" } else { "" };
    let [low, high] = [axis.low, axis.high].map(|end| significant(end, 3));
    let button = ui.small_button(format!("{low} to {high}{zero}"));
    let button = named(button, &format!("Set the range of {name}"));
    let label = experiment.runs[run].display_label();
    let explain = format!(
        "The usual range, which may differ from run to run (this is that of {label}). Click to \
         set another one for all."
    );
    if button.on_hover_text(explain).clicked() {
        *text = axis.to_string();
    }
}

/// The ends of a range, and how it is spread.
fn range(experiment: &Experiment, run: usize, axis: &Axis, text: &mut String, ui: &mut Ui) {
    let Ok(traits) = axis.quantity.traits(experiment, run) else {
        return;
    };
    let mut set = axis.clone();
    let name = &axis.quantity;
    if axis.zero {
        ui.label("0 and");
    }
    let label = format!("Least {name}");
    number_field(ui, &label, &mut set.low, traits.domain).on_hover_text("Where the range begins.");
    let label = format!("Greatest {name}");
    number_field(ui, &label, &mut set.high, traits.domain).on_hover_text("Where the range ends.");
    (set.low, set.high) = ends(axis, (set.low, set.high), traits.domain);
    let can_be_log = set.low > 0.0 && !axis.whole;
    let mut log = axis.spread == Spread::Logarithmic;
    let response = ui
        .add_enabled_ui(can_be_log, |ui| ui.checkbox(&mut log, "log"))
        .inner
        .on_hover_text("Values the same factor apart, not the same distance.");
    named(response, &format!("Logarithmic {name}"));
    set.spread = match log && can_be_log {
        true => Spread::Logarithmic,
        false => Spread::Linear,
    };
    set.zero &= set.spread == Spread::Logarithmic;
    // What would be no axis is not taken.
    let written = set.to_string();
    if set != *axis && Axis::read(&written, experiment, run).is_ok() {
        *text = written;
    }
}

/// A list of what could be searched too, and what was chosen of it.
fn one_more(
    experiment: &Experiment,
    runs: &[usize],
    texts: &[String],
    ui: &mut Ui,
) -> Option<Quantity> {
    if texts.len() >= MAX_DIMENSIONS {
        return None;
    }
    let is_searched = |quantity: &Quantity| {
        let searched = texts.iter().map(|text| Quantity::named(name_of(text)));
        searched.into_iter().any(|other| other.is_same(quantity))
    };
    let mut all: Vec<(Quantity, String)> = Vec::new();
    for &run in runs {
        for quantity in Quantity::of_run(experiment, run) {
            let is_known = all.iter().any(|(other, _)| *other == quantity);
            if is_known || !quantity.is_of_a_run() || is_searched(&quantity) {
                continue;
            }
            if let Ok(traits) = quantity.traits(experiment, run) {
                all.push((quantity, traits.name));
            }
        }
    }
    if all.is_empty() {
        return None;
    }
    let mut chosen = None;
    let list = ComboBox::from_id_salt("search also").selected_text("Search also …");
    let list = list.show_ui(ui, |ui| {
        for (quantity, name) in all {
            let entry = ui
                .selectable_label(false, &name)
                .on_hover_text(quantity.to_string());
            if entry.clicked() {
                chosen = Some(quantity);
                ui.close();
            }
        }
    });
    named(list.response, "Search also")
        .on_hover_text("Hyperparameters and settings to be searched beside these.");
    chosen
}
