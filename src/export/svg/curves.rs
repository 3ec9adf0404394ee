//! A quantity of every visible run over the epochs.

use super::contenders::{self, Contender};
use super::document::{Anchor, Document, TextStyle, path_data};
use super::plot::{Axis, Plot};
use super::strokes::{self, Departure, End};
use super::{heading, legend};
use crate::engine::History;
use crate::experiment::Checked;
use crate::export::FigureStyle;
use crate::figures::axis::{Tick, linear_ticks, logarithmic_ticks, significant};
use crate::figures::clip;
use crate::figures::curves::{self, Abscissa, AxisScale, Quantity};
use crate::figures::field::Window;
use crate::figures::thinning;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
const CLIP: &str = "curves-plot";
/// How many markers a curve over the whole width has, beside the one at its end.
const MARKERS: usize = 4;
/// Curves of runs that blow up are kept within this of the page, where they are still as steep.
const FARTHEST: f64 = 1e6;

/// The curves of a quantity, and the plot that they stand in.
pub(super) struct Curves<'a> {
    checked: &'a Checked,
    quantity: Quantity,
    scale: AxisScale,
    step: Option<u64>,
    /// One a run, whole, in axis units.
    points: Vec<Vec<[f64; 2]>>,
    /// Each batch's loss, one curve a run, where the loss over all data is drawn.
    batches: Vec<Vec<[f64; 2]>>,
    /// The plot.
    pub plot: Plot,
}

impl<'a> Curves<'a> {
    /// The curves of these runs in a rectangle of the page.
    pub fn new(
        checked: &'a Checked,
        runs: &[Contender<'_>],
        quantity: Quantity,
        style: &FigureStyle,
        [corner, size]: [[f64; 2]; 2],
    ) -> Self {
        let objective = &*checked.objective;
        let scale = style.scale_of(quantity);
        let points: Vec<_> = runs
            .iter()
            .map(|run| {
                curves::curve(run.trace, objective, quantity, scale, Abscissa::Epochs).points
            })
            .collect();
        let scales = [AxisScale::Linear, scale];
        let whole = |run: &Contender<'_>| {
            curves::whole_loss(run.trace, objective, Abscissa::Epochs, scales)
                .filter(|_| quantity == Quantity::Loss)
        };
        let measured: Option<Vec<_>> = runs.iter().map(|run| Some(whole(run)?.points)).collect();
        let (points, batches) = match measured {
            Some(measured) => (measured, points),
            None => (points, Vec::new()),
        };
        let range = curves::value_range(points.iter().map(Vec::as_slice), scale);
        let range = match (range, quantity, scale) {
            (None, ..) => (-1.0, 1.0),
            // Rates are compared with 0, not with one another.
            (Some((_, high)), Quantity::LearningRate, AxisScale::Linear) => (0.0, high * 1.1),
            (Some(range), ..) => range,
        };
        let window = Window {
            x: (0.0, checked.updates().max(1) as f64),
            y: range,
        };
        Self {
            checked,
            quantity,
            scale,
            step: style.step,
            points,
            batches,
            plot: Plot {
                corner,
                size,
                window,
            },
        }
    }

    /// What stays the same at every step: grid, axes and their names.
    pub fn draw_ground(&self, document: &mut Document) {
        let epochs = epoch_ticks(self.checked.updates().max(1), self.plot.size[0]);
        let values = self.value_ticks();
        self.plot.grid(document, &epochs, &values);
        let x = Axis {
            ticks: &epochs,
            name: heading::update_name(self.checked),
        };
        let y = Axis {
            ticks: &values,
            name: &self.axis_name(),
        };
        self.plot.axes(document, &x, &y);
    }

    fn value_ticks(&self) -> Vec<Tick> {
        if self.points.iter().all(Vec::is_empty) {
            return Vec::new();
        }
        let (low, high) = self.plot.window.y;
        let count = (self.plot.size[1] / 45.0).round().max(2.0) as usize;
        match self.scale {
            AxisScale::Linear => linear_ticks(low, high, count),
            AxisScale::Logarithmic => logarithmic_ticks(low, high, count),
        }
    }

    fn axis_name(&self) -> String {
        let least = curves::subtracted_least(&*self.checked.objective)
            .filter(|_| self.scale == AxisScale::Logarithmic);
        let symbol = self.quantity.symbol(least.is_some());
        let name = self.quantity.name().to_lowercase();
        match (self.quantity, least) {
            (Quantity::Loss | Quantity::BestLoss, Some(least)) => {
                let least = significant(least, 6);
                format!("{name} {symbol}, J* = {least}")
            }
            _ => format!("{name} {symbol}"),
        }
    }

    /// The curves as far as they have come, with their markers and arrows.
    pub fn draw_runs(&self, document: &mut Document, runs: &[Contender<'_>]) {
        if self.points.iter().all(Vec::is_empty) {
            self.say_why_empty(document, runs);
        }
        let placed: Vec<Vec<[f64; 2]>> =
            self.points.iter().map(|curve| self.placed(curve)).collect();
        document.clip_rectangle(CLIP, self.plot.corner, self.plot.size);
        document.open("g", &[("clip-path", &format!("url(#{CLIP})"))]);
        // A little beyond the frame, so that no line ends within it.
        let page = self.plot.page(8.0);
        let data = |curve: &Vec<[f64; 2]>| {
            let parts = clip::polyline(page, curve.iter().copied());
            parts.iter().map(|part| path_data(part, 1)).collect()
        };
        let thin: Vec<_> = self
            .batches
            .iter()
            .map(|curve| self.placed(curve))
            .collect();
        let thin: Vec<String> = thin.iter().map(data).collect();
        strokes::lines(document, runs, &thin, 0.7);
        let paths: Vec<String> = placed.iter().map(data).collect();
        strokes::lines(document, runs, &paths, 1.8);
        document.close("g");
        for (index, (run, curve)) in runs.iter().zip(&placed).enumerate() {
            let share = (index as f64 + 0.5) / runs.len() as f64;
            for place in marker_places(&self.plot, curve, share) {
                legend::marker(document, place, 4.0, run.marker, run.colour);
            }
        }
        draw_ends(document, &self.plot, runs, &placed);
    }

    /// The points of a curve on the page, up to the step that is shown.
    fn placed(&self, curve: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let last = self.step.map_or(f64::INFINITY, |step| step as f64);
        let shown = curve.partition_point(|point| point[0] <= last);
        thinning::thin(&curve[..shown], self.plot.per_unit())
            .into_iter()
            .map(|point| self.plot.place(point).map(|w| w.clamp(-FARTHEST, FARTHEST)))
            .collect()
    }

    fn say_why_empty(&self, document: &mut Document, runs: &[Contender<'_>]) {
        let name = self.quantity.name().to_lowercase();
        let reason = match (runs, self.quantity, self.scale) {
            ([], ..) => "no run to show".to_owned(),
            (_, Quantity::Distance, _) if !self.checked.knows_minimum() => {
                "no minimum is known, so there is no distance to it".to_owned()
            }
            (_, _, AxisScale::Logarithmic) => format!("no {name} that has a logarithm"),
            (_, _, AxisScale::Linear) => format!("no {name} was recorded"),
        };
        let style = TextStyle::new(12.0, document.theme.quiet_text).anchored(Anchor::Middle);
        document.text(self.plot.page(0.0).centre(), style, &reason);
    }
}

/// The figure of a quantity, complete but for the end of the file.
pub(super) fn document(
    checked: &Checked,
    history: &History,
    quantity: Quantity,
    style: &FigureStyle,
) -> Document {
    let runs = contenders::visible(checked, history, style.theme, style.step);
    let width = style.size.width.map_or(WIDTH, f64::from);
    let needed = heading::BOTTOM + legend::height(runs.len()) + 16.0;
    let height = match style.size.height {
        Some(height) => f64::from(height),
        None => HEIGHT.max(needed),
    };
    // Without a chosen height only the legend makes the figure higher.
    let plot_height = style.size.height.map_or(HEIGHT, f64::from) - heading::BOTTOM - 54.0;
    let legend_width = legend::width(width);
    let corner = [heading::MARGIN + 60.0, heading::BOTTOM];
    let size = [width - legend_width - 40.0 - corner[0], plot_height];
    let curves = Curves::new(checked, &runs, quantity, style, [corner, size]);
    let mut document = Document::new([width, height], style.theme);
    heading::draw(&mut document, checked, style.step);
    heading::epoch(&mut document, checked, style.step);
    curves.draw_ground(&mut document);
    curves.draw_runs(&mut document, &runs);
    let corner = [width - legend_width - 12.0, heading::BOTTOM + 2.0];
    let room = [legend_width, height - corner[1] - 14.0];
    legend::draw(&mut document, corner, room, &runs);
    document
}

/// Ticks at whole epochs only.
fn epoch_ticks(epochs: u64, length: f64) -> Vec<Tick> {
    let count = (length / 68.0).round().max(2.0) as usize;
    if epochs > count as u64 {
        return linear_ticks(0.0, epochs as f64, count)
            .into_iter()
            .filter(|tick| tick.at.fract() == 0.0)
            .collect();
    }
    (0..=epochs)
        .map(|epoch| Tick {
            at: epoch as f64,
            label: epoch.to_string(),
        })
        .collect()
}

/// Markers at the last points that are in the plot, arrows where curves leave it.
fn draw_ends(
    document: &mut Document,
    plot: &Plot,
    runs: &[Contender<'_>],
    placed: &[Vec<[f64; 2]>],
) {
    let page = plot.page(0.0);
    let (mut ends, mut departures) = (Vec::new(), Vec::new());
    for (run, curve) in runs.iter().zip(placed) {
        let colour = run.colour;
        if let Some((border, direction)) = clip::exit(page, curve.iter().copied()) {
            departures.push(Departure {
                border,
                direction,
                colour,
            });
        }
        let last = curve.last().copied();
        ends.extend(
            last.filter(|&last| clip::contains(page, last))
                .map(|place| End {
                    place,
                    marker: run.marker,
                    colour,
                }),
        );
    }
    strokes::ends(document, &ends, 4.0);
    strokes::arrows(document, &departures);
}

/// Places on a curve, evenly along the axis and not at its end; begun at `share` of the first
/// interval so that the markers of runs which lie on each other don't.
fn marker_places(plot: &Plot, curve: &[[f64; 2]], share: f64) -> Vec<[f64; 2]> {
    let interval = plot.size[0] / MARKERS as f64;
    let page = plot.page(0.0);
    (0..MARKERS)
        .map(|k| plot.corner[0] + interval * (k as f64 + share))
        .filter_map(|x| at(curve, x))
        // Two markers of one run that touch look like a mistake.
        .filter(|place| curve.last().is_none_or(|end| end[0] - place[0] > 20.0))
        .filter(|&place| clip::contains(page, place))
        .collect()
}

/// The point of a curve with this x.
fn at(curve: &[[f64; 2]], x: f64) -> Option<[f64; 2]> {
    let after = curve.partition_point(|point| point[0] < x);
    let ([x0, y0], [x1, y1]) = (*curve.get(after.checked_sub(1)?)?, *curve.get(after)?);
    Some([x, y0 + (y1 - y0) * (x - x0) / (x1 - x0)])
}
