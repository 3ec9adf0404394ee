//! The wrappers around a run's rule, from the innermost to the outermost.

use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::{at_right, named, setting};
use crate::experiment::{MAX_WRAPPERS, RunSpec, WrapperSpec};
use crate::optimizers::OptimizerCard;
use crate::optimizers::wrappers::{WRAPPERS, WrapperCard};
use egui::{Align, Layout, RichText, Ui};

/// A change of the list.
#[derive(Clone, Copy)]
enum Change {
    /// With the next one further out.
    Swap(usize),
    Remove(usize),
}

/// Shows the wrappers of the run that is called `label`.
pub fn show(run: &mut RunSpec, card: &OptimizerCard, label: &str, ui: &mut Ui) {
    ui.add_space(2.0);
    heading(run, label, ui);
    let names = names(&run.wrappers);
    let mut change = None;
    for (index, wrapper) in run.wrappers.iter_mut().enumerate() {
        ui.push_id(("wrapper", index), |ui| {
            let asked = block(wrapper, index, &names, label, ui);
            change = change.or(asked);
        });
    }
    match change {
        Some(Change::Swap(inner)) => run.wrappers.swap(inner, inner + 1),
        Some(Change::Remove(index)) => {
            run.wrappers.remove(index);
        }
        None => {}
    }
    if !names.is_empty() && change.is_none() {
        let order = RichText::new(order(card.name, &names)).small();
        ui.add(egui::Label::new(order.weak()).wrap());
    }
}

fn heading(run: &mut RunSpec, label: &str, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Wrappers").weak())
            .on_hover_text("What is composed around the rule: clipping, decay, averaging, SAM.");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let has_room = run.wrappers.len() < MAX_WRAPPERS;
            let menu = ui.add_enabled_ui(has_room, |ui| {
                ui.menu_button("Add wrapper", |ui| {
                    for wrapper in WRAPPERS {
                        let card = wrapper.card();
                        let button = ui.button(card.name).on_hover_ui(|ui| explain(card, ui));
                        if button.clicked() {
                            run.wrappers.push(WrapperSpec::new(*wrapper));
                            ui.close();
                        }
                    }
                })
                .response
                .on_hover_text("One more around everything.")
            });
            named(menu.inner, &format!("Add wrapper to {label}"));
        });
    });
}

fn block(
    wrapper: &mut WrapperSpec,
    index: usize,
    names: &[String],
    label: &str,
    ui: &mut Ui,
) -> Option<Change> {
    let card = wrapper.card();
    let name = &names[index];
    let mut change = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.label(RichText::new(name).strong())
            .on_hover_ui(|ui| explain(card, ui));
        at_right::show(ui, "order", |ui| {
            let asked = [
                (
                    Icon::Inward,
                    format!("Move {name} of {label} inward"),
                    index > 0,
                    Change::Swap(index.saturating_sub(1)),
                ),
                (
                    Icon::Outward,
                    format!("Move {name} of {label} outward"),
                    index + 1 < names.len(),
                    Change::Swap(index),
                ),
                (
                    Icon::Delete,
                    format!("Remove {name} of {label}"),
                    true,
                    Change::Remove(index),
                ),
            ];
            for (icon, name, able, meant) in asked {
                let button = ui.add_enabled_ui(able, |ui| icon_button(ui, icon, &name, false));
                if button.inner.clicked() {
                    change = Some(meant);
                }
            }
        });
    });
    let owner = format!("{name} of {label}");
    for (setting, value) in card.settings.iter().zip(&mut wrapper.settings) {
        ui.push_id(setting.id, |ui| {
            let whose = (owner.as_str(), card.formula);
            setting::row(setting, whose, value, setting.default, ui);
        });
    }
    change
}

/// What a wrapper is, for a tooltip.
fn explain(card: &WrapperCard, ui: &mut Ui) {
    ui.strong(card.name);
    for line in card.formula {
        ui.label(*line);
    }
    ui.label(card.about);
    ui.weak(card.citation);
}

/// The wrappers' names, with a number where one is there twice.
fn names(wrappers: &[WrapperSpec]) -> Vec<String> {
    let name = |(index, wrapper): (usize, &WrapperSpec)| {
        let card = wrapper.card();
        let before = wrappers[..index].iter();
        match before.filter(|other| other.card().id == card.id).count() {
            0 => card.name.to_owned(),
            count => format!("{} {}", card.name, count + 1),
        }
    };
    wrappers.iter().enumerate().map(name).collect()
}

/// What lies inside what, in words.
fn order(rule: &str, names: &[String]) -> String {
    let mut text = rule.to_owned();
    for name in names {
        text = format!("{text} inside {name}");
    }
    format!("{text}: the outermost is told every step first.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::wrappers;

    #[test]
    fn the_order_is_said_from_the_inside_out() {
        let of = |id| WrapperSpec::new(wrappers::find(id).unwrap());
        let names = names(&[of("Sam"), of("ClipNorm"), of("Sam")]);
        assert_eq!(names, ["SAM", "Clip by norm", "SAM 2"]);
        assert!(order("Adam", &names).starts_with("Adam inside SAM inside Clip by norm inside"));
    }
}
