//! Plots over the epochs, on one x-axis with the playhead.

use super::Commands;
use crate::app::command::{Action, Command};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::axis::{self, moves_view, zoom_with_wheel};
use crate::engine::Record;
use crate::figures::curves::{self, AxisScale, QUANTITIES, Quantity};
use egui::{Rect, RichText, Shape, Stroke, Ui, Vec2, Vec2b, vec2};
use egui_plot::{
    AxisHints, Line, Placement, Plot, PlotBounds, PlotPoint, PlotPoints, PlotTransform, VLine,
};
use std::collections::HashMap;

/// Room for the epochs below the last plot.
const X_AXIS: f32 = 26.0;

/// Room for half of the last epoch's label.
const RIGHT_MARGIN: f32 = 12.0;

/// The panel, with the curves it has prepared.
#[derive(Default)]
pub struct PlotsPanel {
    prepared: HashMap<Quantity, Prepared>,
    /// The view that the user has moved; any other shows everything.
    moved: Option<(u64, u64)>,
}

/// The curves of one plot, as few points as its size needs.
struct Prepared {
    key: Key,
    range: Option<(f64, f64)>,
    /// (run, colour, points).
    curves: Vec<(usize, u8, Vec<PlotPoint>)>,
    /// Whether a run with points leaves at the top.
    leaves_top: Vec<bool>,
    full: Vec<(usize, u8, Vec<[f64; 2]>)>,
}

/// What curves were prepared for.
#[derive(Clone, PartialEq)]
struct Key {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    scale: AxisScale,
    per_pixel: [f64; 2],
}

impl PlotsPanel {
    /// Shows all plots, sharing the height.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let gap = ui.spacing().item_spacing.y;
        let caption = 20.0;
        let free =
            ui.available_height() - QUANTITIES.len() as f32 * (caption + 2.0 * gap) - X_AXIS - 8.0;
        let unit = (free / (QUANTITIES.len() as f32 + 1.2)).max(36.0);
        for quantity in QUANTITIES {
            let is_first = quantity == Quantity::Loss;
            let is_last = quantity == Quantity::Distance;
            let height =
                unit * if is_first { 2.2 } else { 1.0 } + if is_last { X_AXIS } else { 0.0 };
            heading(lab, commands, quantity, ui);
            self.plot(lab, commands, quantity, height, is_last, ui);
        }
    }

    fn plot(
        &mut self,
        lab: &Lab,
        commands: &mut Commands,
        quantity: Quantity,
        height: f32,
        shows_x: bool,
        ui: &mut Ui,
    ) {
        let scale = scale_of(lab, quantity);
        let width = (ui.available_width() - RIGHT_MARGIN).max(1.0);
        let this_view = (lab.view.resets, lab.shown);
        let shows_all = self.moved != Some(this_view);
        let prepared = self.prepare(lab, quantity, scale, vec2(width - 56.0, height));
        let Some(prepared) = prepared else {
            empty(ui, vec2(width, height));
            return;
        };
        let epochs = lab.playhead.end().max(1) as f64;
        let (low, high) = prepared.range.unwrap_or((0.0, 1.0));
        let log = scale == AxisScale::Logarithmic;
        let tokens = theme::of(ui);
        let ticks_y = (height / 30.0).max(2.0) as usize;
        let response = Plot::new(("curves", quantity, log, lab.view.resets, lab.shown))
            .width(width)
            .height(height)
            .set_margin_fraction(Vec2::ZERO)
            .show_x(false)
            .show_y(false)
            .allow_scroll(false)
            .allow_drag(Vec2b::new(true, true))
            .allow_double_click_reset(false)
            .link_axis(
                ui.scope_id().with(("epochs", lab.view.resets)),
                Vec2b::new(true, false),
            )
            .grid_color(theme::colour(tokens.grid))
            .grid_spacing(8.0..=40.0)
            .show_axes(Vec2b::new(shows_x, true))
            .x_grid_spacer(|input| axis::marks(&input, AxisScale::Linear, 5))
            .y_grid_spacer(move |input| axis::marks(&input, scale, ticks_y))
            .custom_y_axes(vec![
                AxisHints::new_y()
                    .min_thickness(48.0)
                    .tick_label_color(theme::colour(tokens.quiet_text))
                    .placement(Placement::LeftBottom)
                    .formatter(move |mark, range| axis::label(mark, range, scale, ticks_y)),
            ])
            .custom_x_axes(vec![AxisHints::new_x().formatter(|mark, range| {
                axis::label(mark, range, AxisScale::Linear, 5)
            })])
            .show(ui, |plot| {
                for (_, colour, points) in &prepared.curves {
                    let stroke = Stroke::new(1.6, theme::colour(tokens.run(*colour)));
                    plot.line(
                        Line::new("", PlotPoints::Borrowed(points))
                            .stroke(stroke)
                            .allow_hover(false),
                    );
                }
                let playhead = theme::translucent(tokens.accent, 0.9);
                let line = VLine::new("", lab.playhead.step() as f64);
                plot.vline(line.stroke(Stroke::new(1.0, playhead)).allow_hover(false));
                if shows_all {
                    let bounds = PlotBounds::from_min_max([0.0, low], [epochs, high]);
                    plot.set_plot_bounds(bounds);
                }
                zoom_with_wheel(plot)
            });
        markers(lab, prepared, &response.transform, ui);
        if response.inner || moves_view(&response.response) {
            self.moved = Some(this_view);
        }
        if response.response.clicked()
            && let Some(at) = response.response.interact_pointer_pos()
        {
            let step = response
                .transform
                .value_from_position(at)
                .x
                .round()
                .max(0.0);
            commands.push(Command::Seek(step as u64));
        }
        let name = format!(
            "Plot of {}; the readout table gives its values",
            quantity.name()
        );
        response
            .response
            .ctx
            .accesskit_node_builder(response.response.id, |node| node.set_label(name));
    }

    /// The curves for this size, from the last frame where nothing has changed.
    fn prepare(
        &mut self,
        lab: &Lab,
        quantity: Quantity,
        scale: AxisScale,
        size: Vec2,
    ) -> Option<&Prepared> {
        let record = lab
            .record
            .as_ref()
            .filter(|_| lab.record_here().is_some())?;
        let shown: Vec<_> = lab.shown_runs().collect();
        let epochs = lab.playhead.end().max(1) as f64;
        let record_key = record.identity();
        let old = self.prepared.remove(&quantity);
        let same = |old: &Prepared| {
            old.key.record == record_key && old.key.shown == shown && old.key.scale == scale
        };
        let (range, full) = match old {
            Some(old) if same(&old) => {
                let key = &old.key;
                if key.per_pixel == per_pixel(old.range, epochs, size) {
                    return Some(self.prepared.entry(quantity).or_insert(old));
                }
                (old.range, old.full)
            }
            _ => whole_curves(record, &shown, quantity, scale),
        };
        let per_pixel = per_pixel(range, epochs, size);
        let thinned = |points: &[[f64; 2]]| {
            curves::thin(points, per_pixel)
                .into_iter()
                .map(|[x, y]| PlotPoint::new(x, y))
                .collect()
        };
        let prepared = Prepared {
            curves: full
                .iter()
                .map(|(run, colour, points)| (*run, *colour, thinned(points)))
                .collect(),
            leaves_top: full
                .iter()
                .map(|(_, _, points)| {
                    let high = range.map_or(f64::INFINITY, |range| range.1);
                    points.last().is_some_and(|point| point[1] > high)
                })
                .collect(),
            key: Key {
                record: record_key,
                shown,
                scale,
                per_pixel,
            },
            range,
            full,
        };
        Some(self.prepared.entry(quantity).or_insert(prepared))
    }
}

type Curves = Vec<(usize, u8, Vec<[f64; 2]>)>;

fn whole_curves(
    record: &Record,
    shown: &[(usize, u8)],
    quantity: Quantity,
    scale: AxisScale,
) -> (Option<(f64, f64)>, Curves) {
    let card = record.checked.objective.landscape.card();
    let full: Curves = shown
        .iter()
        .map(|&(run, colour)| {
            let trace = &record.history.traces[run];
            (run, colour, curves::curve(trace, card, quantity, scale))
        })
        .collect();
    let range = curves::value_range(full.iter().map(|(_, _, points)| points.as_slice()), scale);
    let range = match quantity {
        // Rates are compared with 0, not with one another.
        Quantity::LearningRate => range.map(|(_, high)| (0.0, high * 1.15)),
        _ => range,
    };
    (range, full)
}

/// Axis units a pixel, in quarter pixels so that zooming in a little loses nothing.
fn per_pixel(range: Option<(f64, f64)>, epochs: f64, size: Vec2) -> [f64; 2] {
    let (low, high) = range.unwrap_or((0.0, 1.0));
    let pixels = |length: f32| f64::from(length.max(8.0)) * 1.5;
    [epochs / pixels(size.x), (high - low) / pixels(size.y)]
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
    let subtracts = log && curves::subtracts_least(lab.landscape().card());
    ui.horizontal(|ui| {
        ui.set_min_height(18.0);
        ui.label(RichText::new(quantity.name()).strong());
        let symbol = quantity.symbol(subtracts);
        let text = ui.label(RichText::new(symbol).weak());
        if quantity != Quantity::Loss {
            return;
        }
        if subtracts {
            let least = crate::figures::axis::significant(lab.landscape().card().least_value(), 7);
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
        });
    });
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

/// A dot on each curve at the playhead, and an arrow where a run leaves at the top.
fn markers(lab: &Lab, prepared: &Prepared, transform: &PlotTransform, ui: &Ui) {
    let tokens = theme::of(ui);
    let frame = *transform.frame();
    let painter = ui.painter().with_clip_rect(frame);
    let step = lab.playhead.step() as f64;
    for ((_, colour, points), leaves) in prepared.full.iter().zip(&prepared.leaves_top) {
        let fill = theme::colour(tokens.run(*colour));
        let index = points.partition_point(|point| point[0] <= step);
        if let Some([x, y]) = index.checked_sub(1).and_then(|index| points.get(index)) {
            let at = transform.position_from_point(&PlotPoint::new(*x, *y));
            painter.circle(at, 3.0, fill, Stroke::new(1.0, theme::colour(tokens.halo)));
        }
        if *leaves {
            arrow_at_top(points, transform, frame, fill, &painter);
        }
    }
}

fn arrow_at_top(
    points: &[[f64; 2]],
    transform: &PlotTransform,
    frame: Rect,
    fill: egui::Color32,
    painter: &egui::Painter,
) {
    let top = transform.bounds().max()[1];
    let Some(index) = points.iter().position(|point| point[1] > top) else {
        return;
    };
    let x = transform.position_from_point_x(points[index][0]);
    let tip = egui::pos2(
        x.clamp(frame.left() + 4.0, frame.right() - 4.0),
        frame.top() + 1.0,
    );
    painter.add(Shape::convex_polygon(
        vec![tip, tip + vec2(4.0, 8.0), tip + vec2(-4.0, 8.0)],
        fill,
        Stroke::NONE,
    ));
}
