//! One setting of a rule or of a wrapper: a row with its symbol and a control that suits it.

use super::number::{exact, scaled_slider, slider_and_field};
use crate::optimizers::{Hyperparameter, OptimizerCard, Scale, Variant};
use egui::{Label, PointerButton, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2};

/// Shows the setting of what is called `owner`; `usual` is what a double click on the symbol
/// brings back.
pub fn row(setting: &Hyperparameter, owner: &str, value: &mut f64, usual: f64, ui: &mut Ui) {
    let name = format!("{} of {owner}", setting.id);
    ui.horizontal(|ui| {
        symbol(setting, &name, value, usual, ui);
        match setting.scale {
            Scale::Flag | Scale::Choice(_) => {
                scaled_slider(ui, &name, value, setting.slider, setting.scale);
            }
            _ => {
                let before = *value;
                let (slider, scale, domain) = (setting.slider, setting.scale, setting.domain);
                slider_and_field(ui, &name, value, slider, scale, domain);
                if scale.is_whole() && *value != before {
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

/// The symbol before the control: bright where the value is not the usual one, which it then
/// brings back.
fn symbol(setting: &Hyperparameter, name: &str, value: &mut f64, usual: f64, ui: &mut Ui) {
    let is_usual = *value == usual;
    let size = vec2(56.0, ui.spacing().interact_size.y);
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let response = ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_width(size.x);
        let text = RichText::new(setting.symbol);
        if is_usual {
            ui.add(Label::new(text.weak()).truncate())
        } else {
            ui.add(Label::new(text.strong()).truncate().sense(Sense::click()))
        }
    });
    let response = response.inner;
    if !is_usual {
        let enabled = ui.is_enabled();
        let name = format!("Reset {name}");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
        ring_if_focused(&response, ui);
        // With the keyboard, one press is enough.
        let pressed = response.clicked() && !response.clicked_by(PointerButton::Primary);
        if pressed || response.double_clicked() {
            *value = usual;
        }
    }
    response.on_hover_ui(|ui| explain(setting, usual, is_usual, ui));
}

fn ring_if_focused(response: &Response, ui: &Ui) {
    if response.has_focus() {
        let rect = response.rect.expand(2.0);
        let stroke = ui.visuals().selection.stroke;
        ui.painter()
            .rect_stroke(rect, 3, stroke, egui::StrokeKind::Inside);
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

fn explain(setting: &Hyperparameter, usual: f64, is_usual: bool, ui: &mut Ui) {
    ui.strong(setting.id);
    ui.label(setting.meaning);
    let usual = in_words(setting, usual);
    ui.weak(format!("Default {usual}; {}.", domain_in_words(setting)));
    if !is_usual {
        ui.weak(format!("Double-click: back to {usual}."));
    }
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
    fn every_default_and_domain_has_words() {
        for card in OPTIMIZERS.iter().map(|optimizer| optimizer.card()) {
            for h in card.hyperparameters {
                assert!(!in_words(h, h.default).is_empty(), "{}.{}", card.id, h.id);
                assert!(!domain_in_words(h).is_empty(), "{}.{}", card.id, h.id);
            }
        }
    }
}
