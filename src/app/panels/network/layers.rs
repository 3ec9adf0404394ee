//! A contender's layers: its first filters, what flows between them, and their gradients and
//! updates over the training.

use super::look::{self, Looks};
use super::sheet::Sheet;
use super::thumbnails::Example;
use super::weights::{self, NetworkAt};
use crate::analysis::classification::Filters;
use crate::app::panels::Commands;
use crate::app::plots::LayerQuantity;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::named;
use crate::figures::axis::significant;
use egui::{ComboBox, ScrollArea, Stroke, Ui};
use egui_plot::{Legend, Line, LineStyle, Plot, PlotPoints, VLine};

/// The side of a filter's picture.
const FILTER: f32 = 56.0;

/// The most points of a curve.
const MOST_POINTS: usize = 1000;

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    Filters,
    Activations,
    Lengths,
}

const CHOICES: [(Shown, &str, &str); 3] = [
    (
        Shown::Filters,
        "Filters",
        "The weights of the first layer, as pictures over the input.",
    ),
    (
        Shown::Activations,
        "Activations",
        "What flows between the layers for the chosen example.",
    ),
    (
        Shown::Lengths,
        "Gradients and updates",
        "The length of every layer's gradient, and how far its updates go.",
    ),
];

/// The panel, with its pictures.
#[derive(Default)]
pub struct LayersPanel {
    shown: Shown,
    quantity: usize,
    filters: Option<(NetworkAt, Option<(Filters, Sheet)>)>,
}

impl LayersPanel {
    /// Shows what is chosen.
    pub fn show(
        &mut self,
        lab: &Lab,
        (chosen, looks): (&mut Example, &mut Looks),
        commands: &mut Commands,
        ui: &mut Ui,
    ) {
        ui.horizontal_wrapped(|ui| {
            for (choice, name, help) in CHOICES {
                let option = ui.selectable_label(self.shown == choice, name);
                if option.on_hover_text(help).clicked() {
                    self.shown = choice;
                }
            }
        });
        let at = weights::heading(lab, commands, ui);
        match (self.shown, at) {
            (Shown::Lengths, _) => self.lengths(lab, ui),
            (Shown::Filters, Some(at)) => self.filters(&at, ui),
            (Shown::Activations, Some(at)) => look::activations(looks, &at, chosen, ui),
            (_, None) => {}
        }
    }

    fn filters(&mut self, at: &NetworkAt, ui: &mut Ui) {
        if self.filters.as_ref().is_none_or(|(of, _)| of != at) {
            let plan = at.task().map(|task| task.plan());
            let filters = plan.and_then(|plan| Filters::of(plan, &at.snapshot.parameters));
            let pictures = filters.map(|filters| {
                let size = [filters.shape.height, filters.shape.width];
                let sheet = Sheet::new("filter", &filters.weights, size);
                (filters, sheet)
            });
            self.filters = Some((at.clone(), pictures));
        }
        let Some((_, Some((filters, sheet)))) = &mut self.filters else {
            ui.weak("No layer of this network has weights that could be shown.");
            return;
        };
        let shape = filters.shape;
        let (count, layer) = (filters.count, filters.layer);
        ui.horizontal_wrapped(|ui| {
            ui.strong(format!("{layer}: {count} filters"));
            let channels = match shape.channels {
                1 => String::new(),
                channels => format!(" over {channels} channels, one picture each"),
            };
            ui.label(format!("of {}×{}{channels}", shape.height, shape.width));
            ui.weak(sheet.meaning());
        });
        ScrollArea::vertical()
            .id_salt("filters")
            .auto_shrink([false, false])
            .show(ui, |ui| sheet.show(FILTER, ui));
    }

    /// One curve a layer of the contender at hand.
    fn lengths(&mut self, lab: &Lab, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            return;
        };
        let quantity = LayerQuantity::ALL[self.quantity % LayerQuantity::ALL.len()];
        let combo = ComboBox::from_id_salt("layer quantity")
            .selected_text(quantity.name())
            .show_ui(ui, |ui| {
                for (index, quantity) in LayerQuantity::ALL.into_iter().enumerate() {
                    let option = ui.selectable_value(&mut self.quantity, index, quantity.name());
                    option.on_hover_text(quantity.help());
                }
            });
        named(combo.response, "Quantity of the layers").on_hover_text(quantity.help());
        let names = record.checked.objective.layer_names();
        let Some(trace) = record.history.traces.get(lab.run_at_hand()) else {
            return;
        };
        let first = match quantity {
            LayerQuantity::GradientNorm => 0,
            LayerQuantity::UpdateRatio => names.len(),
        };
        let recorded = &trace.layers;
        let every = recorded.steps().len().div_ceil(MOST_POINTS).max(1);
        let curve = |layer: usize| -> PlotPoints<'static> {
            let rows = recorded.steps().iter().zip(recorded.values(first + layer));
            let rows = rows.filter(|(_, value)| value.is_finite() && *value > 0.0);
            let points = rows.map(|(&step, value)| [step as f64, value.log10()]);
            points.step_by(every).collect()
        };
        let tokens = theme::of(ui);
        let quiet = Stroke::new(1.0, theme::translucent(tokens.text, 0.6));
        Plot::new(("lengths of layers", self.quantity))
            .x_axis_label("update")
            .y_axis_formatter(|mark, _| significant(10_f64.powf(mark.value), 2))
            .grid_color(theme::colour(tokens.grid))
            .grid_spacing(8.0..=40.0)
            .legend(Legend::default())
            .allow_scroll(false)
            .show(ui, |plot| {
                for (layer, name) in names.iter().enumerate() {
                    let colour = theme::colour(tokens.run((layer % 8) as u8));
                    let line = Line::new(name.as_str(), curve(layer))
                        .allow_band(false)
                        .color(colour);
                    plot.line(line.width(1.6).style(style(layer)));
                }
                let step = lab.playhead.step() as f64;
                plot.vline(VLine::new("playhead", step).stroke(quiet));
            });
    }
}

/// Neighbouring layers differ by dashes as by colour.
fn style(layer: usize) -> LineStyle {
    match layer % 3 {
        0 => LineStyle::Solid,
        1 => LineStyle::Dashed { length: 8.0 },
        _ => LineStyle::Dotted { spacing: 4.0 },
    }
}
