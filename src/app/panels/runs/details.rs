//! An unfolded run: conventions, hyperparameters, wrappers, label, and what the rule is.

use super::{caption, wrappers};
use crate::app::state::Lab;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::named;
use crate::app::widgets::number::exact;
use crate::app::widgets::setting::{self, variant_in_words};
use crate::experiment::RunSpec;
use crate::optimizers::{OptimizerCard, Variant};
use egui::{ComboBox, Label, RichText, Ui};

/// Shows everything of the run that the folded card leaves out.
pub fn show(lab: &Lab, run: &mut RunSpec, index: usize, card: &OptimizerCard, ui: &mut Ui) {
    // What the controls are called does not change while one of them is at work.
    let label = run.display_label();
    if !card.variants.is_empty() {
        conventions(run, card, &label, ui);
    }
    hyperparameters(run, card, &label, ui);
    events(run, &label, ui);
    label_row(run, &label, ui);
    wrappers::show(run, card, &label, ui);
    ui.separator();
    for line in card.formula {
        ui.add(Label::new(RichText::new(*line).small()).wrap());
    }
    quiet(ui, card.about);
    quiet(ui, &needs(run, card));
    if let Some(text) = used(lab, index) {
        quiet(ui, &text);
    }
    quiet(ui, card.citation);
}

fn quiet(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}

/// What the rule and what is around it want to know of the objective.
fn needs(run: &RunSpec, card: &OptimizerCard) -> String {
    let mut text = format!("It needs {}", card.needs);
    for wrapper in &run.wrappers {
        let around = wrapper.card();
        if around.needs.asks() {
            text = format!("{text}; {} needs {}", around.name, around.needs);
        }
    }
    text + "."
}

/// What the run has cost so far.
fn used(lab: &Lab, index: usize) -> Option<String> {
    let record = lab.record_here()?;
    let trace = record.history.traces.get(index)?;
    let updates = trace.last_step()?;
    let here = trace.frame_at(lab.playhead.step())?.evaluations;
    let count = trace.evaluations;
    Some(format!(
        "Used {count} evaluations of the objective in {updates} updates; {here} at the playhead."
    ))
}

/// The menu of the named sets of conventions.
fn conventions(run: &mut RunSpec, card: &OptimizerCard, label: &str, ui: &mut Ui) {
    let chosen = run.chosen_variant().or(card.variants.first());
    let about = chosen.map_or("", |variant| variant.about);
    let usual = card.variants.first();
    let name = run.conventions_in_words(usual).unwrap_or_default();
    ui.horizontal(|ui| {
        // Longer than a caption's width, and never cut.
        ui.label(RichText::new("Conventions").weak()).on_hover_text(
            "Programs and papers differ in the details of a rule: whose form this run takes.",
        );
        let combo = ComboBox::from_id_salt("conventions")
            .selected_text(name)
            .width(ui.available_width().max(24.0))
            .truncate()
            .show_ui(ui, |ui| {
                for variant in card.variants {
                    let is_chosen = chosen.is_some_and(|chosen| chosen.id == variant.id);
                    let response = ui.selectable_label(is_chosen, variant.name);
                    let response = response.on_hover_ui(|ui| {
                        ui.label(variant.about);
                        if !variant.settings.is_empty() {
                            ui.weak(variant_in_words(card, variant));
                        }
                    });
                    if response.clicked() {
                        take_variant(run, card, variant);
                    }
                }
            });
        let response = combo.response.on_hover_ui(|ui| {
            ui.label(about);
            if run.departs_from_conventions() {
                ui.label("A setting below was changed by hand, so these do not hold any more.");
            }
        });
        named(response, &format!("Conventions of {label}"));
    });
}

/// Takes a variant over. What it or the one before decides is no longer the run's own; the
/// first one is what a run without a variant has.
fn take_variant(run: &mut RunSpec, card: &OptimizerCard, variant: &Variant) {
    let decided = |id: &str, variant: Option<&Variant>| {
        variant.is_some_and(|variant| variant.value(id).is_some())
    };
    let before = run.chosen_variant();
    run.hyperparameters
        .retain(|id, _| !decided(id, before) && !decided(id, Some(variant)));
    let is_first = card.variants.first().is_some_and(|v| v.id == variant.id);
    let says_nothing = is_first && variant.settings.is_empty();
    run.variant = (!says_nothing).then(|| variant.id.to_owned());
}

fn hyperparameters(run: &mut RunSpec, card: &OptimizerCard, label: &str, ui: &mut Ui) {
    for h in card.hyperparameters {
        let usual = run.unset_value(h);
        let mut value = run.value(h);
        let before = value;
        setting::row(h, (label, card.formula), &mut value, usual, ui);
        if value == before {
            continue;
        }
        if value == usual {
            run.hyperparameters.remove(h.id);
        } else {
            run.hyperparameters.insert(h.id.into(), value);
        }
    }
}

/// The changes of the base rate on the way, each with a button that takes it back.
fn events(run: &mut RunSpec, label: &str, ui: &mut Ui) {
    let mut taken_back = None;
    for (index, event) in run.events.iter().enumerate() {
        ui.horizontal(|ui| {
            let rate = exact(event.learning_rate);
            ui.label(format!("Rate {rate} from update {} on", event.step))
                .on_hover_text("The base rate was changed on the way, by hand or in the file.");
            let name = format!("Remove the change of {label} at update {}", event.step);
            if icon_button(ui, Icon::Close, &name, false).clicked() {
                taken_back = Some(index);
            }
        });
    }
    if let Some(index) = taken_back {
        run.events.remove(index);
    }
}

fn label_row(run: &mut RunSpec, label: &str, ui: &mut Ui) {
    let unlabelled = RunSpec {
        label: None,
        ..run.clone()
    };
    ui.horizontal(|ui| {
        caption(ui, "Label", "The name on plots and tables.");
        let mut text = run.label.clone().unwrap_or_default();
        let field = egui::TextEdit::singleline(&mut text)
            .hint_text(unlabelled.display_label())
            .desired_width(f32::INFINITY);
        if named(ui.add(field), &format!("Label of {label}")).changed() {
            run.label = (!text.is_empty()).then_some(text);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::{self, Hyperparameter};

    #[test]
    fn conventions_changed_by_hand_no_longer_go_by_their_name() {
        let card = optimizers::find("amsgrad").unwrap().card();
        let usual = card.variants.first();
        let mut run = RunSpec::new("amsgrad");
        take_variant(&mut run, card, card.variant("keras").unwrap());
        let name = run.conventions_in_words(usual).unwrap();
        assert!(!name.ends_with("changed") && run.display_label().ends_with(&format!("({name})")));
        let decided = |h: &&Hyperparameter| card.variants.iter().any(|v| v.value(h.id).is_some());
        let h = card.hyperparameters.iter().find(decided).unwrap();
        run.hyperparameters.insert(h.id.into(), run.unset_value(h));
        assert_eq!(
            run.conventions_in_words(usual),
            Some(name.clone()),
            "the same value"
        );
        run.hyperparameters
            .insert(h.id.into(), run.unset_value(h) + 1.0);
        let changed = run.conventions_in_words(usual).unwrap();
        assert_eq!(changed, format!("{name}, changed"));
        assert!(run.display_label().ends_with(&format!("({changed})")));
        take_variant(&mut run, card, card.variant("keras").unwrap());
        assert_eq!(run.conventions_in_words(usual), Some(name));
    }

    #[test]
    fn a_variant_takes_the_place_of_the_runs_own_values() {
        let card = optimizers::find("amsgrad").unwrap().card();
        let mut run = RunSpec::new("amsgrad");
        for h in card.hyperparameters {
            run.hyperparameters.insert(h.id.into(), 0.5);
        }
        let mut take = |id: &str| {
            take_variant(&mut run, card, card.variant(id).unwrap());
            let own: Vec<_> = run.hyperparameters.keys().cloned().collect();
            (run.variant.clone(), own)
        };
        let (variant, own) = take("keras");
        assert_eq!(variant.as_deref(), Some("keras"));
        assert_eq!(own, ["beta1", "beta2", "maximum"]);
        let (variant, own) = take("paper");
        assert_eq!(variant.as_deref(), Some("paper"));
        assert_eq!(own, ["beta1", "beta2"]);
        // The first one is what a run without a variant has.
        assert_eq!(take("torch"), (None, own));
    }
}
