//! What stands under the pointer, read out of all plots.

use crate::app::plots::{Source, Subject};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::marker;
use crate::figures::axis::significant;
use crate::figures::curves::{Abscissa, AxisScale};
use egui::{Grid, Id, PopupAnchor, Response, RichText, Sense, Tooltip, Ui, vec2};
use egui_plot::PlotTransform;

/// The most plots and runs that the card has room for.
const MOST_PLOTS: usize = 6;
const MOST_RUNS: usize = 12;

/// A place of the x-axis under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hover {
    /// In axis units, at a whole epoch or number of evaluations.
    pub x: f64,
    /// The epoch or the evaluations.
    place: u64,
}

impl Hover {
    /// Where the pointer is on a plot, unless it is moving the view.
    pub fn of(lab: &Lab, response: &Response, transform: &PlotTransform) -> Option<Self> {
        let at = response.hover_pos().filter(|_| !response.dragged())?;
        if !transform.frame().contains(at) {
            return None;
        }
        let along = lab.along();
        let least = match along {
            AxisScale::Linear => 0.0,
            AxisScale::Logarithmic => 1.0,
        };
        let value = along.value(transform.value_from_position(at).x);
        let place = value.round().max(least);
        Some(Self {
            x: along.place(place),
            place: place as u64,
        })
    }

    /// After how many updates a run was there.
    fn step(&self, source: &Source<'_>, abscissa: Abscissa) -> Option<u64> {
        let trace = source.trace();
        let places = abscissa.places(trace);
        let after = places.partition_point(|&place| place <= self.place);
        trace.steps().get(after.checked_sub(1)?).copied()
    }
}

/// The card beside the pointer: every run's value in every plot.
pub fn card(lab: &Lab, hover: Hover, subjects: &[Subject], ui: &Ui) {
    let id = Id::unique("values under the pointer");
    let anchor = PopupAnchor::Pointer;
    Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, anchor)
        .gap(16.0)
        .width(620.0)
        .show(|ui| {
            let caption = lab.abscissa_caption();
            ui.label(RichText::new(format!("{caption} {}", hover.place)).strong());
            Grid::new("values under the pointer")
                .spacing(vec2(12.0, 2.0))
                .show(ui, |ui| table(lab, hover, subjects, ui));
            let more = lab.shown_runs().count().saturating_sub(MOST_RUNS);
            if more > 0 {
                ui.weak(format!(
                    "and {more} more runs; the table of values (T) has all"
                ));
            }
        });
}

fn table(lab: &Lab, hover: Hover, subjects: &[Subject], ui: &mut Ui) {
    let subjects = &subjects[..subjects.len().min(MOST_PLOTS)];
    ui.weak("");
    for subject in subjects {
        ui.weak(subject.symbol(false));
    }
    ui.end_row();
    let Some(record) = lab.record_here() else {
        return;
    };
    let objective = &*record.checked.objective;
    for (run, colour) in lab.shown_runs().take(MOST_RUNS) {
        let Some(source) = Source::new(&record.history, run, lab.ledger(run), objective) else {
            continue;
        };
        let source = source.with_sharpness(lab.sharpness(run));
        name(&lab.experiment.runs[run].display_label(), colour, ui);
        let step = hover.step(&source, lab.abscissa());
        for &subject in subjects {
            let values = step.map_or_else(Vec::new, |step| source.values(subject, step));
            ui.label(text(&values));
        }
        ui.end_row();
    }
}

/// Values as they are read; a dash where there is none.
pub fn text(values: &[f64]) -> String {
    let number = |value: &f64| match value.is_nan() {
        true => "–".to_owned(),
        false => significant(*value, 4),
    };
    match values {
        [] => "–".to_owned(),
        _ => values.iter().map(number).collect::<Vec<_>>().join(", "),
    }
}

fn name(label: &str, colour: u8, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 14.0), Sense::hover());
        let tokens = theme::of(ui);
        let fill = theme::colour(tokens.run(colour));
        let halo = theme::colour(tokens.panel);
        marker::of_look(ui.painter(), colour, rect.center(), 4.0, fill, halo);
        ui.label(label.chars().take(28).collect::<String>());
    });
}
