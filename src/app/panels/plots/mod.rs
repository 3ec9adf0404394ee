//! Plots over the epochs or over evaluations, on one x-axis with the playhead.

mod marks;
mod prepared;

use super::Commands;
use crate::app::command::{Action, Command};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::axis::{self, moves_view, zoom_with_wheel};
use crate::app::widgets::named;
use crate::figures::axis::significant;
use crate::figures::curves::{Abscissa, AxisScale, QUANTITIES, Quantity};
use egui::{Response, RichText, Stroke, Ui, Vec2, Vec2b, vec2};
use egui_plot::{
    AxisHints, Line, Placement, Plot, PlotBounds, PlotPoint, PlotPoints, PlotTransform, VLine,
};
use prepared::Prepared;
use std::collections::HashMap;

/// Room for the labels of the values.
const VALUE_AXIS: f32 = 56.0;

/// Room for the ticks below the last plot and for the caption of the axis.
const X_AXIS: f32 = 38.0;

/// Below this height the plots stand close, so that the captions have room.
const SHORT: f32 = 420.0;

/// Room for half of the last epoch's label.
const RIGHT_MARGIN: f32 = 12.0;

/// What a view that was moved belongs to: resets, documents shown, and the axis.
type ThisView = (u64, u64, Abscissa);

fn this_view(lab: &Lab) -> ThisView {
    (lab.view.resets, lab.shown, lab.view.abscissa)
}

/// The panel, with the curves it has prepared.
#[derive(Default)]
pub struct PlotsPanel {
    prepared: HashMap<Quantity, Prepared>,
    /// The view that the user has moved; any other shows everything.
    moved: Option<ThisView>,
    /// What each plot showed last.
    visible: HashMap<Quantity, PlotBounds>,
}

impl PlotsPanel {
    /// Shows all plots, sharing the height.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        if ui.available_height() < SHORT {
            ui.spacing_mut().item_spacing.y = 1.0;
        }
        let gap = ui.spacing().item_spacing.y;
        let caption = 20.0;
        let free =
            ui.available_height() - QUANTITIES.len() as f32 * (caption + 2.0 * gap) - X_AXIS - 8.0;
        let unit = (free / (QUANTITIES.len() as f32 + 1.2)).max(24.0);
        for quantity in QUANTITIES {
            let is_first = quantity == Quantity::Loss;
            let is_last = quantity == Quantity::Distance;
            let height =
                unit * if is_first { 2.2 } else { 1.0 } + if is_last { X_AXIS } else { 0.0 };
            heading(lab, commands, quantity, ui);
            self.plot(lab, commands, quantity, height, ui);
        }
    }

    fn plot(
        &mut self,
        lab: &Lab,
        commands: &mut Commands,
        quantity: Quantity,
        height: f32,
        ui: &mut Ui,
    ) {
        let scale = scale_of(lab, quantity);
        let width = (ui.available_width() - RIGHT_MARGIN).max(1.0);
        let this_view = this_view(lab);
        let is_moved = self.moved == Some(this_view);
        let visible = self.visible.get(&quantity).copied().filter(|_| is_moved);
        let old = self.prepared.remove(&quantity);
        let size = vec2(width - VALUE_AXIS, height);
        let Some(prepared) = Prepared::new(old, lab, (quantity, scale), visible, size) else {
            empty(ui, vec2(width, height));
            return;
        };
        let whole = prepared.bounds();
        let tokens = theme::of(ui);
        let response = axes(lab, quantity, scale, vec2(width, height), ui).show(ui, |plot| {
            for curve in &prepared.curves {
                let stroke = Stroke::new(1.6, theme::colour(tokens.run(curve.colour)));
                let line = Line::new("", PlotPoints::Borrowed(&curve.thinned));
                plot.line(line.stroke(stroke).allow_hover(false));
            }
            for (x, colour) in marks::playheads(lab, tokens) {
                let stroke = Stroke::new(1.0, colour);
                plot.vline(VLine::new("", x).stroke(stroke).allow_hover(false));
            }
            if !is_moved {
                plot.set_plot_bounds(whole);
            }
            zoom_with_wheel(plot)
        });
        if response.inner || moves_view(&response.response) {
            self.moved = Some(this_view);
        }
        self.visible.insert(quantity, *response.transform.bounds());
        marks::show(lab, &prepared, &response.transform, ui);
        answer(
            lab,
            &prepared,
            &response.response,
            &response.transform,
            commands,
        );
        describe(&response.response, quantity);
        self.prepared.insert(quantity, prepared);
    }
}

/// An empty plot with its axes.
fn axes<'a>(lab: &Lab, quantity: Quantity, scale: AxisScale, size: Vec2, ui: &Ui) -> Plot<'a> {
    let tokens = theme::of(ui);
    let quiet = theme::colour(tokens.quiet_text);
    let even = AxisScale::Linear;
    let ticks = (size.y / 30.0).max(2.0) as usize;
    let is_last = Some(&quantity) == QUANTITIES.last();
    let caption = RichText::new(lab.view.abscissa.caption()).small().weak();
    Plot::new(("curves", quantity, scale, this_view(lab)))
        .width(size.x)
        .height(size.y)
        .set_margin_fraction(Vec2::ZERO)
        .show_x(false)
        .show_y(false)
        .allow_scroll(false)
        .allow_double_click_reset(false)
        .link_axis(
            ui.scope_id().with(("shared axis", this_view(lab))),
            Vec2b::new(true, false),
        )
        .grid_color(theme::colour(tokens.grid))
        .grid_spacing(8.0..=40.0)
        .show_axes(Vec2b::new(is_last, true))
        .x_grid_spacer(move |input| axis::marks(&input, even, 5))
        .y_grid_spacer(move |input| axis::marks(&input, scale, ticks))
        .custom_y_axes(vec![
            AxisHints::new_y()
                .min_thickness(48.0)
                .tick_label_color(quiet)
                .placement(Placement::LeftBottom)
                .formatter(move |mark, range| axis::label(mark, range, scale, ticks)),
        ])
        .custom_x_axes(vec![
            AxisHints::new_x()
                .label(caption)
                .tick_label_color(quiet)
                .formatter(move |mark, range| axis::label(mark, range, even, 5)),
        ])
}

/// A click moves the playhead: to the epoch clicked, or to where the run whose curve is nearest
/// had used as many evaluations.
fn answer(
    lab: &Lab,
    prepared: &Prepared,
    response: &Response,
    transform: &PlotTransform,
    commands: &mut Commands,
) {
    let at = response.interact_pointer_pos();
    let Some(at) = at.filter(|_| response.clicked()) else {
        return;
    };
    let x = transform.value_from_position(at).x;
    let step = match lab.view.abscissa {
        Abscissa::Epochs => Some(x.round().max(0.0) as u64),
        Abscissa::Evaluations => prepared
            .curves
            .iter()
            .filter_map(|curve| curve.whole.nearest_to(x))
            .map(|(step, [x, y])| {
                let place = transform.position_from_point(&PlotPoint::new(x, y));
                (step, place.distance_sq(at))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(step, _)| step),
    };
    if let Some(step) = step {
        commands.push(Command::Seek(step));
    }
}

/// A screen reader is told what the plot is.
fn describe(response: &Response, quantity: Quantity) {
    let name = format!(
        "Plot of {}; the readout table gives its values",
        quantity.name()
    );
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_label(name));
}

fn scale_of(lab: &Lab, quantity: Quantity) -> AxisScale {
    match quantity {
        Quantity::Loss => lab.view.loss_scale,
        Quantity::LearningRate => AxisScale::Linear,
        Quantity::GradientNorm | Quantity::Distance => AxisScale::Logarithmic,
    }
}

fn heading(lab: &Lab, commands: &mut Commands, quantity: Quantity, ui: &mut Ui) {
    let log = scale_of(lab, quantity) == AxisScale::Logarithmic;
    let least = least_value(lab).filter(|&least| log && least < 0.0);
    ui.horizontal(|ui| {
        ui.set_min_height(18.0);
        ui.label(RichText::new(quantity.name()).strong());
        let symbol = quantity.symbol(least.is_some());
        let text = ui.label(RichText::new(symbol).weak());
        if quantity != Quantity::Loss {
            return;
        }
        if let Some(least) = least {
            let least = significant(least, 7);
            text.on_hover_text(format!(
                "This landscape's loss can be negative, which has no logarithm: the axis shows \
                 J − J*, the height above the least value J* = {least}."
            ));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let button = ui
                .selectable_label(log, "log")
                .on_hover_text("Logarithmic axis (L).");
            if button.clicked() {
                commands.act(Action::ToggleLossScale);
            }
            axis_switch(lab, commands, ui);
        });
    });
}

/// The least value that is known of what the record minimised.
fn least_value(lab: &Lab) -> Option<f64> {
    lab.record_here()?.checked.objective.least_value()
}

/// Epochs or evaluations along the axis of all plots.
fn axis_switch(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let on = lab.view.abscissa == Abscissa::Evaluations;
    let button = ui.selectable_label(on, "evaluations").on_hover_text(
        "All plots against evaluations of the objective instead of epochs (E), so that a line \
         search or SAM is compared fairly: a gradient counts as one, a Hessian-vector product \
         as two.",
    );
    if named(button, "Plot against evaluations").clicked() {
        commands.act(Action::ToggleAbscissa);
    }
}

fn empty(ui: &mut Ui, size: Vec2) {
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    ui.painter()
        .rect_filled(rect, 4, ui.visuals().extreme_bg_color);
    ui.painter().text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        "nothing recorded yet",
        egui::FontId::proportional(12.0),
        ui.visuals().weak_text_color(),
    );
}
