//! One setting of a rule or of a wrapper: a row with its symbol and a control that suits it.

use super::number::{exact, scaled_slider, slider_and_field_from};
use super::reset;
use crate::optimizers::{Hyperparameter, OptimizerCard, Scale, Variant};
use egui::Ui;

/// Shows the setting of what is called `owner`, whose formula is `formula`; `usual` is what a
/// double click on the symbol or the slider brings back.
pub fn row(
    setting: &Hyperparameter,
    (owner, formula): (&str, &[&str]),
    value: &mut f64,
    usual: f64,
    ui: &mut Ui,
) {
    let name = format!("{} of {owner}", setting.id);
    ui.horizontal(|ui| {
        let is_usual = *value == usual;
        let explain = |ui: &mut Ui| explain(setting, formula, usual, is_usual, ui);
        if reset::caption(ui, setting.symbol, &name, is_usual, explain) {
            *value = usual;
        }
        match setting.scale {
            Scale::Flag | Scale::Choice(_) => {
                scaled_slider(ui, &name, value, setting.slider, setting.scale).on_hover_ui(explain);
            }
            _ => {
                let before = *value;
                let spread = (setting.slider, setting.scale, setting.domain);
                slider_and_field_from(ui, &name, value, usual, spread).on_hover_ui(explain);
                if setting.scale.is_whole() && *value != before {
                    *value = whole(*value, setting);
                }
            }
        }
    });
}

/// The nearest whole number that the setting may be.
fn whole(value: f64, setting: &Hyperparameter) -> f64 {
    let nearest = value.round();
    if setting.domain.contains(nearest) {
        nearest
    } else {
        value.floor().max(setting.domain.least.ceil())
    }
}

/// A value in words: a choice by its name.
pub fn in_words(setting: &Hyperparameter, value: f64) -> String {
    match setting.scale {
        Scale::Choice(names) => {
            let name = names.get(value as usize).copied();
            name.map_or_else(|| exact(value), str::to_owned)
        }
        Scale::Flag => if value >= 0.5 { "on" } else { "off" }.to_owned(),
        _ => exact(value),
    }
}

/// Which values make sense, in words.
pub fn domain_in_words(setting: &Hyperparameter) -> String {
    match setting.scale {
        Scale::Choice(names) => names.join(", "),
        Scale::Flag => "on or off".into(),
        Scale::Count => format!("whole, {}", setting.domain),
        _ => setting.domain.to_string(),
    }
}

/// What a variant sets, in words.
pub fn variant_in_words(card: &OptimizerCard, variant: &Variant) -> String {
    let set = |&(id, value): &(&str, f64)| match card.hyperparameter(id) {
        Some(h) => format!("{id} = {}", in_words(h, value)),
        None => format!("{id} = {}", exact(value)),
    };
    variant
        .settings
        .iter()
        .map(set)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The lines of a formula in which a symbol stands.
fn lines_with<'a>(symbol: &str, formula: &[&'a str]) -> Vec<&'a str> {
    // As an exponent it is written raised.
    let raised = if symbol == "r" { "ʳ" } else { symbol };
    let stands_in = |line: &&&str| {
        line.contains(raised) && raised != symbol
            || line.match_indices(symbol).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                let behind = line[at + symbol.len()..].chars().next();
                let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
                // The n of a name such as `min` is another n.
                let is_word = symbol.chars().all(|c| c.is_ascii_alphabetic());
                !(is_word && (is_letter(before) || is_letter(behind)))
            })
    };
    formula.iter().filter(stands_in).copied().collect()
}

fn explain(setting: &Hyperparameter, formula: &[&str], usual: f64, is_usual: bool, ui: &mut Ui) {
    ui.strong(format!("{}, {}", setting.id, setting.symbol));
    ui.label(setting.meaning);
    for line in lines_with(setting.symbol, formula) {
        ui.label(line);
    }
    ui.weak(format!("It may be {}.", domain_in_words(setting)));
    reset::to_usual(&in_words(setting, usual), is_usual, ui);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::{Domain, OPTIMIZERS};

    #[test]
    fn whole_numbers_stay_within_the_domain() {
        let count = Hyperparameter {
            domain: Domain::half_open(1.0, 5.0),
            scale: Scale::Count,
            ..Hyperparameter::non_negative("count", "n", 2.0, (1.0, 4.0), "How many.")
        };
        let cases = [(2.4, 2.0), (4.9, 4.0), (1.2, 1.0), (3.5, 4.0)];
        for (typed, taken) in cases {
            assert_eq!(whole(typed, &count), taken);
        }
    }

    #[test]
    fn lines_of_a_formula_are_found_by_their_symbol() {
        let formula = ["v ← μ v + g", "θ ← θ − α v", "s = min(n, 3)"];
        assert_eq!(lines_with("μ", &formula), ["v ← μ v + g"]);
        assert_eq!(lines_with("n", &formula), ["s = min(n, 3)"]);
        assert!(lines_with("i", &formula).is_empty());
    }

    /// A flag or a choice of conventions says in words what it changes; it has no symbol.
    #[test]
    fn every_number_stands_in_its_rules_formula() {
        let mut missing = Vec::new();
        for card in OPTIMIZERS.iter().map(|optimizer| optimizer.card()) {
            for h in card.hyperparameters {
                let is_number = !matches!(h.scale, Scale::Flag | Scale::Choice(_));
                if is_number && lines_with(h.symbol, card.formula).is_empty() {
                    missing.push(format!("{}.{} ({})", card.id, h.id, h.symbol));
                }
                assert!(h.meaning.ends_with('.'), "{}.{}", card.id, h.id);
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn every_default_and_domain_has_words() {
        for card in OPTIMIZERS.iter().map(|optimizer| optimizer.card()) {
            for h in card.hyperparameters {
                assert!(!in_words(h, h.default).is_empty(), "{}.{}", card.id, h.id);
                assert!(!domain_in_words(h).is_empty(), "{}.{}", card.id, h.id);
            }
        }
    }
}
