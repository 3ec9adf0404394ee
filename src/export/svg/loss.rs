//! `loss.svg`: the loss of every visible run over the epochs.

use super::contenders::{self, Contender};
use super::document::{Anchor, Document, TextStyle, path_data};
use super::plot::{Axis, Plot};
use super::strokes::{self, Departure, End};
use super::{heading, legend};
use crate::engine::History;
use crate::experiment::Checked;
use crate::figures::axis::{Tick, linear_ticks, logarithmic_ticks, significant};
use crate::figures::clip;
use crate::figures::curves::{self, Abscissa, AxisScale, Quantity};
use crate::figures::field::Window;
use crate::figures::theme::LIGHT;
use crate::figures::thinning;

const WIDTH: f64 = 720.0;
const LEAST_HEIGHT: f64 = 440.0;
const LEGEND_WIDTH: f64 = 190.0;
const CLIP: &str = "loss-plot";
/// How many markers a curve over the whole width has, beside the one at its end.
const MARKERS: usize = 4;

/// The loss of every visible run over the epochs, on a logarithmic axis: of J − J* where the
/// loss can be negative. The same experiment gives the same bytes.
pub fn loss_svg(checked: &Checked, history: &History) -> String {
    let runs = contenders::visible(checked, history);
    let height = LEAST_HEIGHT.max(heading::BOTTOM + legend::height(runs.len()) + 16.0);
    let mut document = Document::new([WIDTH, height]);
    heading::draw(&mut document, checked, WIDTH);
    let card = checked.objective.landscape.card();
    let curves: Vec<_> = runs
        .iter()
        .map(|run| {
            let (loss, scale) = (Quantity::Loss, AxisScale::Logarithmic);
            curves::curve(run.trace, &card, loss, scale, Abscissa::Epochs).points
        })
        .collect();
    let plot = plot(checked, &curves);
    if curves.iter().all(Vec::is_empty) {
        draw_axes(&mut document, checked, &plot, &[]);
        say_why_empty(&mut document, &plot, &runs);
    } else {
        let (low, high) = plot.window.y;
        let losses = logarithmic_ticks(low, high, 7);
        draw_axes(&mut document, checked, &plot, &losses);
    }
    draw_curves(&mut document, &plot, &runs, &curves);
    let corner = [WIDTH - LEGEND_WIDTH - 12.0, heading::BOTTOM + 2.0];
    legend::draw(&mut document, corner, LEGEND_WIDTH, &runs);
    document.finish(&format!("Loss: {}", heading::title(checked)), LIGHT.ground)
}

fn plot(checked: &Checked, curves: &[Vec<[f64; 2]>]) -> Plot {
    let left = heading::MARGIN + 60.0;
    let range = curves::value_range(curves.iter().map(Vec::as_slice), AxisScale::Logarithmic);
    Plot {
        corner: [left, heading::BOTTOM],
        size: [
            WIDTH - LEGEND_WIDTH - 40.0 - left,
            LEAST_HEIGHT - heading::BOTTOM - 54.0,
        ],
        window: Window {
            x: (0.0, checked.experiment.epochs.max(1) as f64),
            y: range.unwrap_or((-1.0, 1.0)),
        },
    }
}

fn draw_axes(document: &mut Document, checked: &Checked, plot: &Plot, losses: &[Tick]) {
    let epochs = epoch_ticks(checked.experiment.epochs.max(1));
    let card = checked.objective.landscape.card();
    let subtracts = curves::subtracts_least(&card);
    let symbol = Quantity::Loss.symbol(subtracts);
    let name = match subtracts {
        true => format!("loss {symbol}, J* = {}", significant(card.least_value(), 6)),
        false => format!("loss {symbol}"),
    };
    plot.grid(document, &epochs, losses);
    let x = Axis {
        ticks: &epochs,
        name: "epoch",
    };
    let y = Axis {
        ticks: losses,
        name: &name,
    };
    plot.axes(document, &x, &y);
}

/// Ticks at whole epochs only.
fn epoch_ticks(epochs: u64) -> Vec<Tick> {
    if epochs > 6 {
        return linear_ticks(0.0, epochs as f64, 6);
    }
    (0..=epochs)
        .map(|epoch| Tick {
            at: epoch as f64,
            label: epoch.to_string(),
        })
        .collect()
}

fn say_why_empty(document: &mut Document, plot: &Plot, runs: &[Contender<'_>]) {
    let reason = match runs {
        [] => "no run to show",
        _ => "no loss that has a logarithm",
    };
    let style = TextStyle::new(12.0, LIGHT.quiet_text).anchored(Anchor::Middle);
    document.text(plot.page(0.0).centre(), style, reason);
}

fn draw_curves(
    document: &mut Document,
    plot: &Plot,
    runs: &[Contender<'_>],
    curves: &[Vec<[f64; 2]>],
) {
    let placed: Vec<Vec<[f64; 2]>> = curves
        .iter()
        .map(|curve| {
            let thinned = thinning::thin(curve, plot.per_unit());
            thinned.into_iter().map(|point| plot.place(point)).collect()
        })
        .collect();
    document.clip_rectangle(CLIP, plot.corner, plot.size);
    document.open("g", &[("clip-path", &format!("url(#{CLIP})"))]);
    // A little beyond the frame, so that no line ends within it.
    let page = plot.page(8.0);
    let data = |curve: &Vec<[f64; 2]>| {
        let parts = clip::polyline(page, curve.iter().copied());
        parts.iter().map(|part| path_data(part, 1)).collect()
    };
    let paths: Vec<String> = placed.iter().map(data).collect();
    strokes::lines(document, runs, &paths, 1.8);
    document.close("g");
    for (index, (run, curve)) in runs.iter().zip(&placed).enumerate() {
        let share = (index as f64 + 0.5) / runs.len() as f64;
        for place in marker_places(plot, curve, share) {
            legend::marker(document, place, 4.0, run.marker, run.colour);
        }
    }
    draw_ends(document, plot, runs, &placed);
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
