//! Accuracies and losses over the epochs, and whether contenders differ by more than seeds do.

use crate::app::panels::unrecorded;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::{marker, named};
use crate::engine::over_seeds::{OverSeeds, Standing, by_record};
use crate::engine::{Measured, Record};
use crate::figures::axis::significant;
use crate::models::network::task::{MEASURES, USUAL_MEASURES};
use egui::{ComboBox, Grid, Id, RichText, ScrollArea, Sense, Stroke, Ui, vec2};
use egui_plot::{FilledArea, Line, LineStyle, Plot, PlotPoints, VLine};
use std::sync::Arc;

/// What is measured after every epoch, for people, in the order of [`MEASURES`].
const NAMES: [(&str, &str); MEASURES.len()] = [
    ("Training loss", "The mean loss over all training data."),
    (
        "Training accuracy",
        "The share of all training examples that are classified rightly.",
    ),
    ("Test loss", "The mean loss over all test data."),
    (
        "Test accuracy",
        "The share of all test examples that are classified rightly.",
    ),
    (
        "Sharpness λ_max",
        "The largest eigenvalue of the loss's Hessian, by the power method.",
    ),
    (
        "Error of the sharpness",
        "How far the nearest eigenvalue may lie from the sharpness.",
    ),
    (
        "Variance of the adaptive rate",
        "The variance, over the parameters, of ln of what the rule divides their steps by.",
    ),
];

/// Which quantity is seen first: the test accuracy.
const FIRST: usize = 3;

/// Whether the least of a quantity is the best; of the others that are always measured the greatest
/// is.
fn is_loss(quantity: usize) -> bool {
    quantity.is_multiple_of(2)
}

/// Shows one of the quantities for every run, over what the seeds say together.
pub fn show(lab: &Lab, ui: &mut Ui) {
    let id = Id::unique("measured quantity");
    let measured = |record: &Arc<Record>| record.checked.objective.measures().len();
    let count = lab.record_here().map_or(USUAL_MEASURES, measured);
    let count = count.min(NAMES.len());
    let chosen = ui.data(|data| data.get_temp::<usize>(id)).unwrap_or(FIRST);
    let mut chosen = chosen.min(count - 1);
    ui.horizontal_wrapped(|ui| {
        let choice = ComboBox::from_id_salt("measured quantity")
            .selected_text(NAMES[chosen].0)
            .show_ui(ui, |ui| {
                for (index, (name, help)) in NAMES[..count].iter().enumerate() {
                    ui.selectable_value(&mut chosen, index, *name)
                        .on_hover_text(*help);
                }
            });
        named(choice.response, "Measured quantity")
            .on_hover_text("What was measured after every epoch.");
        if let Some(record) = lab.record_here() {
            ui.weak(best(record, chosen));
        }
    });
    ui.data_mut(|data| data.insert_temp(id, chosen));
    let Some(record) = lab.record_here() else {
        unrecorded::say(lab, ui);
        return;
    };
    let has_several = !record.history.variations.is_empty() && chosen < USUAL_MEASURES;
    let rows = lab.shown_runs().count() as f32;
    let below = match has_several {
        true => (44.0 + 22.0 * rows).min(ui.available_height() * 0.45),
        false => 0.0,
    };
    let height = (ui.available_height() - below).max(80.0);
    plot(lab, record, (chosen, height), ui);
    if has_several {
        ScrollArea::both()
            .id_salt("over seeds")
            .auto_shrink([false, true])
            .show(ui, |ui| comparison(lab, record, chosen, ui));
    }
}

/// The best value of all runs at their ends, in words.
fn best(record: &Record, quantity: usize) -> String {
    let runs = record.checked.runs.iter().zip(&record.history.traces);
    let last = runs.filter_map(|(run, trace)| Some((run, trace.measured.last()?[quantity])));
    if quantity >= USUAL_MEASURES {
        return String::new();
    }
    let key = |value: f64| if is_loss(quantity) { -value } else { value };
    let best = last.max_by(|a, b| key(a.1).total_cmp(&key(b.1)));
    best.map_or_else(String::new, |(run, value)| {
        let value = text(quantity, value);
        format!("best so far: {} with {value}", run.label)
    })
}

/// A value as it is read.
fn text(quantity: usize, value: f64) -> String {
    match is_loss(quantity) {
        true if value.is_infinite() => "∞".to_owned(),
        true => significant(value, 4),
        false => format!("{:.1} %", 100.0 * value),
    }
}

fn plot(lab: &Lab, record: &Record, (quantity, height): (usize, f32), ui: &mut Ui) {
    let per_epoch = record.checked.updates_per_epoch() as f64;
    let tokens = theme::of(ui);
    let quiet = Stroke::new(1.0, theme::translucent(tokens.text, 0.5));
    let curve = |measured: &Measured| -> PlotPoints<'static> {
        let steps = measured.steps().iter().map(|&step| step as f64 / per_epoch);
        let pairs = steps.zip(measured.values(quantity));
        pairs.map(|(epoch, value)| [epoch, value]).collect()
    };
    let shown = lab.shown_runs();
    let bands: Vec<_> = shown
        .map(|(run, colour)| (colour, Band::of(record, run, quantity)))
        .collect();
    Plot::new(("measured", quantity))
        .height(height)
        .x_axis_label("epoch")
        .y_axis_label(NAMES[quantity].0)
        .grid_color(theme::colour(tokens.grid))
        .grid_spacing(8.0..=40.0)
        .allow_scroll(false)
        .show(ui, |plot| {
            for (colour, band) in &bands {
                let fill = theme::translucent(tokens.run(*colour), 0.2);
                let area = FilledArea::new("", &band.epochs, &band.least, &band.most);
                plot.add(area.fill_color(fill).allow_hover(false));
            }
            for (run, colour) in lab.shown_runs() {
                let label = record.checked.runs.get(run).map_or("", |run| &run.label);
                let stroke = Stroke::new(1.75, theme::colour(tokens.run(colour)));
                if let Some(trace) = record.history.traces.get(run) {
                    plot.line(
                        Line::new(label, curve(&trace.measured))
                            .allow_band(false)
                            .stroke(stroke),
                    );
                }
            }
            for (colour, band) in &bands {
                let median: Vec<[f64; 2]> = band.median().collect();
                let stroke = Stroke::new(1.5, theme::colour(tokens.run(*colour)));
                let line = Line::new("", PlotPoints::from(median))
                    .allow_band(false)
                    .stroke(stroke);
                let dashed = LineStyle::Dashed { length: 8.0 };
                plot.line(line.style(dashed).allow_hover(false));
            }
            let epoch = lab.playhead.step() as f64 / per_epoch;
            plot.vline(VLine::new("playhead", epoch).stroke(quiet));
        });
}

/// What the seeds say together at every measurement that all records have; empty where there is
/// one record.
#[derive(Default)]
struct Band {
    epochs: Vec<f64>,
    least: Vec<f64>,
    medians: Vec<f64>,
    most: Vec<f64>,
}

impl Band {
    fn of(record: &Record, run: usize, quantity: usize) -> Self {
        let mut band = Self::default();
        let history = &record.history;
        let traces: Vec<_> = history.traces_of(run).collect();
        let Some(first) = traces.first().filter(|_| traces.len() > 1) else {
            return band;
        };
        let per_epoch = record.checked.updates_per_epoch() as f64;
        for &step in first.measured.steps() {
            let values = traces.iter().map(|trace| {
                let values = trace.measured.exactly_at(step)?;
                let value = values.get(quantity).copied();
                value.filter(|value| value.is_finite())
            });
            let values: Option<Vec<f64>> = values.collect();
            if let Some(over) = values.and_then(OverSeeds::of_values) {
                band.epochs.push(step as f64 / per_epoch);
                band.least.push(over.least);
                band.medians.push(over.median);
                band.most.push(over.most);
            }
        }
        band
    }

    fn median(&self) -> impl Iterator<Item = [f64; 2]> + '_ {
        let points = self.epochs.iter().zip(&self.medians);
        points.map(|(&epoch, &value)| [epoch, value])
    }
}

/// Every run over its seeds at the playhead, beside the best of them.
fn comparison(lab: &Lab, record: &Record, quantity: usize, ui: &mut Ui) {
    let worst = if is_loss(quantity) {
        f64::INFINITY
    } else {
        0.0
    };
    let moment = (lab.playhead.step(), worst);
    let row = |(run, colour): (usize, u8)| {
        let values = by_record(&record.history, run, quantity, moment)?;
        let over = OverSeeds::of_values(values.clone())?;
        Some(Row {
            run,
            colour,
            values,
            over,
        })
    };
    let rows: Vec<Row> = lab.shown_runs().filter_map(row).collect();
    let key = |row: &Row| match is_loss(quantity) {
        true => -row.over.median,
        false => row.over.median,
    };
    let Some(best) = rows.iter().max_by(|a, b| key(a).total_cmp(&key(b))) else {
        return;
    };
    let records = best.over.records;
    let legend = format!(
        "solid: first seed · dashes: median of {records} · area and brackets: least to most, at \
         the playhead"
    );
    ui.label(RichText::new(legend).small().weak());
    Grid::new("over seeds")
        .striped(true)
        .spacing(vec2(12.0, 3.0))
        .show(ui, |ui| {
            for row in &rows {
                line(lab, record, quantity, (row, best), ui);
            }
        });
}

/// A run with its colour, and what its seeds say.
struct Row {
    run: usize,
    colour: u8,
    /// Seed by seed.
    values: Vec<f64>,
    over: OverSeeds,
}

fn line(lab: &Lab, record: &Record, quantity: usize, (row, best): (&Row, &Row), ui: &mut Ui) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 14.0), Sense::hover());
        let tokens = theme::of(ui);
        let (fill, ground) = (tokens.run(row.colour), tokens.panel);
        marker::of_look(
            ui.painter(),
            row.colour,
            rect.center(),
            4.0,
            theme::colour(fill),
            theme::colour(ground),
        );
        ui.label(lab.experiment.runs[row.run].display_label());
    });
    let value = |value: f64| text(quantity, value);
    ui.label(format!(
        "{} [{} … {}]",
        value(row.over.median),
        value(row.over.least),
        value(row.over.most)
    ));
    ui.label(match row.run == best.run {
        true => "best median".to_owned(),
        false => {
            let name = &record.checked.runs[best.run].label;
            let is_greater_better = !is_loss(quantity);
            verdict(
                Standing::of(&row.values, &best.values),
                name,
                is_greater_better,
            )
        }
    });
    ui.end_row();
}

/// How a run stands to the one with the best median, in words.
fn verdict(standing: Option<Standing>, name: &str, is_greater_better: bool) -> String {
    match (standing, is_greater_better) {
        (None, _) => "one seed says nothing about the spread".to_owned(),
        (Some(Standing::WithinSpread), _) => {
            format!("within the spread of {name}: the seeds decide")
        }
        (Some(Standing::Below), true) | (Some(Standing::Above), false) => {
            format!("behind {name} by more than the seeds' spread")
        }
        // Some seeds of the one with the best median are so bad that its mean is not.
        (Some(_), _) => format!("behind {name} in the median, ahead in the mean"),
    }
}
