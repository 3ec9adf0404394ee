//! The axes of the map.

use super::choose_within;
use crate::app::state::Lab;
use crate::app::tuning::{AxisForm, MapForm};
use crate::app::widgets::named;
use crate::app::widgets::number::{FIELD, number_field};
use crate::experiment::{Axis, Quantity, Spread};
use crate::numbers::Domain;
use egui::{Label, Ui, vec2};

/// Room for the ends of an axis and its switch.
const BESIDE: f32 = 2.0 * FIELD + 84.0;

/// Shows both axes, left to right and bottom to top.
pub fn show(lab: &Lab, form: &mut MapForm, ui: &mut Ui) {
    let experiment = &lab.experiment;
    let run = form.run;
    let quantities: Vec<_> = Quantity::of_run(experiment, run)
        .into_iter()
        .filter_map(|quantity| {
            let name = quantity.traits(experiment, run).ok()?.name;
            Some((quantity, name))
        })
        .collect();
    let Some([x, y]) = form.axes(experiment) else {
        // Axes that make no sense can still be set to others.
        for (letter, axis) in [("x", &mut form.x), ("y", &mut form.y)] {
            if ui.button(format!("Usual range of {letter}")).clicked() {
                *axis = AxisForm::new(axis.quantity.clone());
            }
        }
        return;
    };
    row("x", "→", &mut form.x, &x, &quantities, lab, run, ui);
    row("y", "↑", &mut form.y, &y, &quantities, lab, run, ui);
    if form.x.quantity == form.y.quantity {
        // The one that was chosen last stands; the other makes room.
        form.y = AxisForm::new(y.quantity);
        if form.y.quantity == form.x.quantity {
            form.y = AxisForm::new(x.quantity);
        }
    }
}

/// The ends of a range after one of them was set: the other gives way where it would lie on the
/// wrong side.
pub fn ends(before: &Axis, (low, high): (f64, f64), domain: Domain) -> (f64, f64) {
    if low < high {
        return (low, high);
    }
    let is_logarithmic = before.spread == Spread::Logarithmic && low > 0.0 && high > 0.0;
    let apart = match before.whole {
        true => 1.0,
        false => before.high - before.low,
    };
    let (below, above) = match is_logarithmic {
        true => (high / 10.0, low * 10.0),
        false => (high - apart, low + apart),
    };
    let moved = match low == before.low {
        true => (below, high),
        false => (low, above),
    };
    let is_fine = |end: f64| end.is_finite() && domain.contains(end);
    match is_fine(moved.0) && is_fine(moved.1) && moved.0 < moved.1 {
        true => moved,
        false => (before.low, before.high),
    }
}

#[expect(clippy::too_many_arguments, reason = "one row of a form, called twice")]
fn row(
    letter: &str,
    arrow: &str,
    form: &mut AxisForm,
    axis: &Axis,
    quantities: &[(Quantity, String)],
    lab: &Lab,
    run: usize,
    ui: &mut Ui,
) {
    let Ok(traits) = axis.quantity.traits(&lab.experiment, run) else {
        return;
    };
    ui.horizontal(|ui| {
        // As wide as each other, though the arrows are not.
        ui.add_sized(vec2(12.0, ui.spacing().interact_size.y), Label::new(arrow));
        let mut quantity = axis.quantity.clone();
        let name = format!("Quantity along {letter}");
        let width = ui.available_width() - BESIDE;
        let choice = (&mut quantity, quantities);
        let explain = "What varies along this axis.";
        if choose_within(ui, width, &name, choice, explain) {
            *form = AxisForm::new(quantity);
            return;
        }
        let (mut low, mut high) = (axis.low, axis.high);
        number_field(ui, &format!("Low end of {letter}"), &mut low, traits.domain)
            .on_hover_text("Where the axis begins.");
        number_field(
            ui,
            &format!("High end of {letter}"),
            &mut high,
            traits.domain,
        )
        .on_hover_text("Where the axis ends.");
        if (low, high) != (axis.low, axis.high) {
            form.quantity = axis.quantity.clone();
            form.range = Some(ends(axis, (low, high), traits.domain));
        }
        let mut log = axis.spread == Spread::Logarithmic;
        let can_be_log = axis.low > 0.0 && !axis.whole;
        let response = ui
            .add_enabled_ui(can_be_log, |ui| ui.checkbox(&mut log, "log"))
            .inner;
        let response =
            response.on_hover_text("Values the same factor apart, not the same distance.");
        if named(response, &format!("Logarithmic {letter}")).changed() {
            form.spread = Some(if log {
                Spread::Logarithmic
            } else {
                Spread::Linear
            });
        }
    });
}
