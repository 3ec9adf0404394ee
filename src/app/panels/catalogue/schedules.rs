//! Schedules.

use super::details::{entry_of_list, formula, paragraph, part, source};
use super::entries::Entry;
use crate::app::widgets::number::exact;
use crate::schedules::{ParameterKind, SCHEDULES};
use egui::Ui;

/// Shows what is known about a schedule.
pub fn show(entry: &Entry, ui: &mut Ui) {
    let Some(card) = SCHEDULES.iter().find(|card| card.id == entry.id) else {
        return;
    };
    formula(&[card.formula], ui);
    paragraph(card.about, ui);
    if !card.parameters.is_empty() {
        part("Settings", ui);
        for parameter in card.parameters {
            let kind = values(parameter.kind);
            entry_of_list((parameter.name, parameter.id), &kind, parameter.meaning, ui);
        }
    }
    source(card.source, ui);
}

/// Which values make sense, in words.
fn values(kind: ParameterKind) -> String {
    match kind {
        ParameterKind::Number { domain, .. } => domain.to_string(),
        ParameterKind::Count { least, .. } => {
            format!("a whole number of at least {}", exact(least as f64))
        }
        ParameterKind::Counts => "whole numbers that rise".into(),
        ParameterKind::Per => "updates or epochs".into(),
        ParameterKind::Schedule => "a schedule".into(),
        ParameterKind::Stages => "schedules that take turns".into(),
    }
}
