//! `list`: what experiments can be made of, read from the cards.

use super::{output, table};
use crate::experiment::built_in::BUILT_IN;
use crate::landscapes::{LANDSCAPES, LandscapeCard};
use crate::models::continual::{REMEDIES, RemedyCard};
use crate::optimizers::wrappers::{WRAPPERS, WrapperCard};
use crate::optimizers::{OPTIMIZERS, OptimizerCard};
use crate::schedules::SCHEDULES;
use clap::ValueEnum;
use serde::Serialize;

/// What can be listed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Catalogue {
    /// The experiments that come with the program.
    Experiments,
    /// Update rules.
    Optimizers,
    /// What composes around any update rule.
    Wrappers,
    /// Learning-rate schedules.
    Schedules,
    /// Two-parameter cost landscapes.
    Landscapes,
    /// What can be done against forgetting, where tasks are learnt one after the other.
    Remedies,
}

#[derive(Serialize)]
struct ExperimentRow {
    id: &'static str,
    title: String,
}

/// Prints a list, as a table or as everything on the cards.
pub fn execute(catalogue: Catalogue, json: bool) -> u8 {
    let text = match (catalogue, json) {
        (Catalogue::Experiments, false) => experiments_table(),
        (Catalogue::Optimizers, false) => optimizers_table(),
        (Catalogue::Wrappers, false) => wrappers_table(),
        (Catalogue::Schedules, false) => schedules_table(),
        (Catalogue::Landscapes, false) => landscapes_table(),
        (Catalogue::Remedies, false) => remedies_table(),
        (Catalogue::Experiments, true) => json_of(&experiments()),
        (Catalogue::Optimizers, true) => json_of(&optimizers()),
        (Catalogue::Wrappers, true) => json_of(&wrappers()),
        (Catalogue::Schedules, true) => json_of(&SCHEDULES),
        (Catalogue::Landscapes, true) => json_of(&landscapes()),
        (Catalogue::Remedies, true) => json_of(&REMEDIES),
    };
    output::print(&text)
}

fn json_of(cards: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(cards).expect("cards are plain data with text for keys");
    text.push('\n');
    text
}

fn experiments() -> Vec<ExperimentRow> {
    let row = |id, title| ExperimentRow { id, title };
    BUILT_IN
        .iter()
        .map(|built_in| row(built_in.id, built_in.experiment().title))
        .collect()
}

fn optimizers() -> Vec<&'static OptimizerCard> {
    OPTIMIZERS
        .iter()
        .map(|optimizer| optimizer.card())
        .collect()
}

fn wrappers() -> Vec<&'static WrapperCard> {
    WRAPPERS.iter().map(|wrapper| wrapper.card()).collect()
}

fn landscapes() -> Vec<LandscapeCard<'static>> {
    LANDSCAPES
        .iter()
        .map(|landscape| landscape.card())
        .collect()
}

fn experiments_table() -> String {
    let rows: Vec<_> = experiments()
        .into_iter()
        .map(|row| [row.id.to_owned(), row.title])
        .collect();
    table::aligned(["id", "title"], &rows)
}

fn optimizers_table() -> String {
    let row = |card: &OptimizerCard| {
        [
            card.id.to_owned(),
            card.name.to_owned(),
            card.family.to_string(),
            card.needs.to_string(),
            card.citation.to_owned(),
        ]
    };
    let rows: Vec<_> = optimizers().into_iter().map(row).collect();
    table::aligned(["id", "name", "family", "needs", "citation"], &rows)
}

fn wrappers_table() -> String {
    let row = |card: &WrapperCard| {
        let settings = card.settings.iter().map(|setting| setting.id);
        [
            card.id.to_owned(),
            card.name.to_owned(),
            settings.collect::<Vec<_>>().join(", "),
            card.formula.join("; "),
        ]
    };
    let rows: Vec<_> = wrappers().into_iter().map(row).collect();
    table::aligned(["id", "name", "settings", "formula"], &rows)
}

fn schedules_table() -> String {
    let rows: Vec<_> = SCHEDULES
        .iter()
        .map(|card| [card.id, card.name, card.formula].map(str::to_owned))
        .collect();
    table::aligned(["id", "name", "formula"], &rows)
}

fn landscapes_table() -> String {
    let row = |card: &LandscapeCard| {
        let [(a, b), (c, d)] = card.range;
        [
            card.id.to_owned(),
            card.name.to_owned(),
            format!("[{a}, {b}] × [{c}, {d}]"),
            card.formula.to_owned(),
        ]
    };
    let rows: Vec<_> = landscapes().iter().map(row).collect();
    table::aligned(["id", "name", "range", "formula"], &rows)
}

fn remedies_table() -> String {
    let row = |card: &RemedyCard| {
        [
            card.id.to_owned(),
            card.name.to_owned(),
            card.settings_in_words().join("; "),
            card.formula.join("; "),
            card.citation.to_owned(),
        ]
    };
    let rows: Vec<_> = REMEDIES.iter().map(row).collect();
    table::aligned(["id", "name", "settings", "formula", "citation"], &rows)
}
