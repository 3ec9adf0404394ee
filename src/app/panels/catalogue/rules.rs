//! Update rules, and what composes around them.

use super::details::{entry_of_list, fact, formula, paragraph, part, settings, source};
use super::entries::Entry;
use crate::app::widgets::number::exact;
use crate::app::widgets::setting::variant_in_words;
use crate::optimizers::wrappers;
use crate::optimizers::{self, Fits, OptimizerCard, Scope, Slot};
use egui::{RichText, Ui};

/// Shows what is known about a rule.
pub fn optimizer(entry: &Entry, ui: &mut Ui) {
    let Some(rule) = optimizers::find(entry.id) else {
        return;
    };
    let card = rule.card();
    formula(card.formula, ui);
    paragraph(card.about, ui);
    fact("Needs", card.needs.to_string(), ui);
    fact("Works on", works_on(card), ui);
    where_refused(card.fits, entry.refusal.is_some(), ui);
    fact(
        "Learning rate",
        format!("default {}", exact(card.default_learning_rate)),
        ui,
    );
    if !card.hyperparameters.is_empty() {
        part("Hyperparameters", ui);
        settings(card.hyperparameters, ui);
    }
    if !card.variants.is_empty() {
        part("Conventions", ui);
        for variant in card.variants {
            entry_of_list(
                (variant.name, variant.id),
                &variant_in_words(card, variant),
                variant.about,
                ui,
            );
        }
    }
    memory(card.slots.iter().chain(card.scalar_slots), ui);
    source(card.citation, ui);
}

fn works_on(card: &OptimizerCard) -> &'static str {
    match card.scope {
        Scope::Block => "every parameter block by itself",
        Scope::AllBlocks => "all parameters at once",
    }
}

/// Where a rule is refused, and why.
fn where_refused(fits: Fits, is_here: bool, ui: &mut Ui) {
    let text = match fits {
        Fits::Anything => return,
        Fits::AtMost { parameters, reason } => {
            format!("with more than {parameters} parameters: {reason}")
        }
        Fits::Matrices { reason } => format!("without a weight matrix: {reason}"),
    };
    let text = RichText::new(text);
    let text = if is_here {
        text.color(ui.visuals().error_fg_color)
    } else {
        text
    };
    fact("Refused", text, ui);
}

fn memory<'a>(slots: impl Iterator<Item = &'a Slot>, ui: &mut Ui) {
    let words: Vec<_> = slots
        .map(|slot| format!("{} ({})", slot.symbol, slot.meaning))
        .collect();
    if !words.is_empty() {
        fact("Remembers", words.join(", "), ui);
    }
}

/// Shows what is known about a wrapper.
pub fn wrapper(entry: &Entry, ui: &mut Ui) {
    let Some(wrapper) = wrappers::find(entry.id) else {
        return;
    };
    let card = wrapper.card();
    formula(card.formula, ui);
    paragraph(card.about, ui);
    let needs = if card.needs == optimizers::Needs::Gradient {
        "nothing beside what the rule inside does".to_owned()
    } else {
        format!("{}, beside what the rule inside does", card.needs)
    };
    fact("Needs", needs, ui);
    part("Settings", ui);
    settings(card.settings, ui);
    memory(card.slots.iter().chain(card.scalar_slots), ui);
    source(card.citation, ui);
}
