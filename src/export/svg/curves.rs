//! A number of every visible run over the epochs.

use super::behind::Behind;
use super::contenders::{self, Contender};
use super::document::{Anchor, Document, TextStyle, path_data};
use super::notes::{self, Note, Swatch};
use super::plot::{Axis, Plot};
use super::strokes::{self, Departure, End};
use super::{heading, legend};
use crate::engine::Outcome;
use crate::export::{FigureStyle, Shown, can_replay};
use crate::figures::axis::{Tick, linear_ticks, logarithmic_ticks, significant};
use crate::figures::clip;
use crate::figures::curves::{self, Abscissa, AxisScale, Curve, Quantity};
use crate::figures::field::Window;
use crate::figures::source::Source;
use crate::figures::subject::{Replayed, Subject};
use crate::figures::thinning;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
const CLIP: &str = "curves-plot";
/// How many markers a curve over the whole width has, beside the one at its end.
const MARKERS: usize = 4;
/// Curves of runs that blow up are kept within this of the page, where they are still as steep.
pub(super) const FARTHEST: f64 = 1e6;

/// How thick the lines of a run's first, second, … number are.
const WIDTHS: [f64; 4] = [1.8, 1.0, 0.7, 0.5];

/// The curves of a plot, and the plot that they stand in.
pub(super) struct Curves<'a> {
    shown: Shown<'a>,
    subject: Subject,
    scale: AxisScale,
    step: Option<u64>,
    /// The first number of every run, then the second, …, in axis units: of a loss that was
    /// measured over all data, each batch's loss. A run that has fewer has no points there.
    parts: Vec<Vec<Vec<[f64; 2]>>>,
    /// What the parts are called, where they are numbers of their own.
    names: Vec<String>,
    behind: Behind,
    /// The plot.
    pub plot: Plot,
}

impl<'a> Curves<'a> {
    /// The curves of these runs in a rectangle of the page.
    pub fn new(
        shown: &Shown<'a>,
        runs: &[Contender<'_>],
        subject: Subject,
        style: &FigureStyle,
        [corner, size]: [[f64; 2]; 2],
    ) -> Self {
        let scale = style.scale_of(subject);
        let (parts, names) = parts(shown, runs, subject, scale);
        let behind = Behind::new(shown, runs, subject, scale);
        let range = range(subject, scale, runs, &parts);
        let range = match (range, behind.range(scale)) {
            (Some(own), Some(bands)) => Some((own.0.min(bands.0), own.1.max(bands.1))),
            (own, bands) => own.or(bands),
        };
        let range = match (range, subject, scale) {
            (None, ..) => (-1.0, 1.0),
            // Rates are compared with 0, not with one another.
            (Some((_, high)), Subject::Recorded(Quantity::LearningRate), AxisScale::Linear) => {
                (0.0, high * 1.1)
            }
            (Some(range), ..) => range,
        };
        let window = Window {
            x: (0.0, shown.checked.updates().max(1) as f64),
            y: range,
        };
        Self {
            shown: *shown,
            subject,
            scale,
            step: style.step,
            parts,
            names,
            behind,
            plot: Plot {
                corner,
                size,
                window,
            },
        }
    }

    /// What stands below the legend.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = self.behind.notes(&self.shown, self.subject);
        if self.names.len() > 1 {
            let words = self
                .names
                .iter()
                .zip(["thick", "thin", "thinner", "thinnest"]);
            let words: Vec<_> = words.map(|(name, line)| format!("{name} {line}")).collect();
            notes.insert(0, Note::new(Swatch::Words, words.join(", ")));
        }
        notes
    }

    fn is_empty(&self) -> bool {
        self.parts.iter().flatten().all(Vec::is_empty)
    }

    /// What stays the same at every step: grid, axes and their names.
    pub fn draw_ground(&self, document: &mut Document) {
        let epochs = epoch_ticks(self.shown.checked.updates().max(1), self.plot.size[0]);
        let values = self.value_ticks();
        self.plot.grid(document, &epochs, &values);
        let x = Axis {
            ticks: &epochs,
            name: heading::update_name(self.shown.checked),
        };
        let y = Axis {
            ticks: &values,
            name: &self.axis_name(),
        };
        self.plot.axes(document, &x, &y);
    }

    fn value_ticks(&self) -> Vec<Tick> {
        if self.is_empty() {
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
        let quantity = match self.subject {
            Subject::Recorded(quantity) => quantity,
            Subject::Replayed(Replayed::Slot { .. }) | Subject::Layer(..) | Subject::Sharpness => {
                return self.subject.name();
            }
            Subject::Replayed(replayed) => {
                return format!("{} {}", replayed.name().to_lowercase(), replayed.symbol());
            }
        };
        let least = curves::subtracted_least(&*self.shown.checked.objective)
            .filter(|_| self.scale == AxisScale::Logarithmic);
        let symbol = quantity.symbol(least.is_some());
        let name = quantity.name().to_lowercase();
        match least.filter(|_| quantity.is_loss()) {
            Some(least) => {
                let least = significant(least, 6);
                format!("{name} {symbol}, J* = {least}")
            }
            None => format!("{name} {symbol}"),
        }
    }

    /// The curves as far as they have come, with their markers and arrows.
    pub fn draw_runs(&self, document: &mut Document, runs: &[Contender<'_>]) {
        if self.is_empty() {
            self.say_why_empty(document, runs);
        }
        document.clip_rectangle(CLIP, self.plot.corner, self.plot.size);
        document.open("g", &[("clip-path", &format!("url(#{CLIP})"))]);
        self.behind.draw(document, &self.plot, runs, self.step);
        // A little beyond the frame, so that no line ends within it.
        let page = self.plot.page(8.0);
        let data = |curve: &Vec<[f64; 2]>| {
            let parts = clip::polyline(page, curve.iter().copied());
            parts.iter().map(|part| path_data(part, 1)).collect()
        };
        let mut first = Vec::new();
        // The thinnest lie below.
        for (part, width) in self.parts.iter().zip(WIDTHS).rev() {
            let placed: Vec<_> = part.iter().map(|curve| self.placed(curve)).collect();
            let paths: Vec<String> = placed.iter().map(data).collect();
            strokes::lines(document, runs, &paths, width);
            first = placed;
        }
        document.close("g");
        for (index, (run, curve)) in runs.iter().zip(&first).enumerate() {
            let share = (index as f64 + 0.5) / runs.len() as f64;
            for place in marker_places(&self.plot, curve, share) {
                legend::marker(document, place, 4.0, run.marker, run.colour);
            }
        }
        draw_ends(document, &self.plot, runs, &first);
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
        let checked = self.shown.checked;
        let name = self.subject.name().to_lowercase();
        let reason = match (runs, self.subject, self.scale) {
            ([], ..) => "no run to show".to_owned(),
            (_, Subject::Sharpness, _) if !can_replay(checked) => {
                "a network has too many numbers for its curvature to be worked out along the way"
                    .to_owned()
            }
            (_, Subject::Layer(..), _) if checked.task().is_none() => {
                "nothing of the kind is recorded of what is not a network".to_owned()
            }
            (_, Subject::Replayed(_), _) if !can_replay(checked) => {
                "a network has too many numbers to be replayed".to_owned()
            }
            (_, Subject::Replayed(Replayed::Slot { .. }), _) => {
                "no run on show remembers this".to_owned()
            }
            (_, Subject::Recorded(Quantity::Distance), _) if !checked.knows_minimum() => {
                "no minimum is known, so there is no distance to it".to_owned()
            }
            (_, _, AxisScale::Logarithmic) => format!("no {name} that has a logarithm"),
            (_, _, AxisScale::Linear) => format!("no {name} was recorded"),
        };
        let style = TextStyle::new(12.0, document.theme.quiet_text).anchored(Anchor::Middle);
        document.text(self.plot.page(0.0).centre(), style, &reason);
    }
}

/// The numbers of every run, one after another, and what they are called.
#[expect(
    clippy::type_complexity,
    reason = "numbers of runs of points, as the field says"
)]
fn parts(
    shown: &Shown<'_>,
    runs: &[Contender<'_>],
    subject: Subject,
    scale: AxisScale,
) -> (Vec<Vec<Vec<[f64; 2]>>>, Vec<String>) {
    let objective = &*shown.checked.objective;
    let source = |run: &Contender<'_>| {
        let source = Source::new(shown.history, run.index, shown.ledger(run.index), objective);
        source.map(|source| source.with_sharpness(shown.sharpness(run.index)))
    };
    let scales = [AxisScale::Linear, scale];
    let all: Vec<Vec<Curve>> = runs
        .iter()
        .map(|run| {
            source(run).map_or_else(Vec::new, |s| s.curves(subject, Abscissa::Epochs, scales))
        })
        .collect();
    let count = all.iter().map(Vec::len).max().unwrap_or(0);
    let part = |part: usize| {
        let of_run = |curves: &Vec<Curve>| curves.get(part).map(|curve| curve.points.clone());
        all.iter()
            .map(|curves| of_run(curves).unwrap_or_default())
            .collect()
    };
    let names = runs
        .iter()
        .filter_map(source)
        .map(|source| source.names(subject));
    let names = names.max_by_key(Vec::len).unwrap_or_default();
    ((0..count).map(part).collect(), names)
}

/// The values that show everything worth showing of the curves.
fn range(
    subject: Subject,
    scale: AxisScale,
    runs: &[Contender<'_>],
    parts: &[Vec<Vec<[f64; 2]>>],
) -> Option<(f64, f64)> {
    let replayed = match subject {
        // A loss over all data decides, not that of every batch.
        Subject::Recorded(_) => {
            let first = parts.first()?.iter().map(Vec::as_slice);
            return curves::value_range(first, scale);
        }
        Subject::Layer(..) | Subject::Sharpness => {
            let all = parts.iter().flatten().map(Vec::as_slice);
            return curves::whole_range(all, scale);
        }
        Subject::Replayed(replayed) => replayed,
    };
    let is_calm = |run: &Contender<'_>| !matches!(run.trace.outcome, Outcome::Diverged { .. });
    let all = parts.iter().flatten().map(Vec::as_slice);
    let calm = parts.iter().flat_map(|part| part.iter().zip(runs));
    let calm = calm.filter(|(_, run)| is_calm(run));
    replayed.range(scale, calm.map(|(curve, _)| curve.as_slice()), all)
}

/// The figure of a plot, complete but for the end of the file.
pub(super) fn document(shown: &Shown<'_>, subject: Subject, style: &FigureStyle) -> Document {
    let runs = contenders::visible(shown.checked, shown.history, style.theme, style.step);
    let width = style.size.width.map_or(WIDTH, f64::from);
    // Without a chosen height only the legend makes the figure higher.
    let plot_height = style.size.height.map_or(HEIGHT, f64::from) - heading::BOTTOM - 54.0;
    let legend_width = legend::width(width);
    let corner = [heading::MARGIN + 60.0, heading::BOTTOM];
    let size = [width - legend_width - 40.0 - corner[0], plot_height];
    let curves = Curves::new(shown, &runs, subject, style, [corner, size]);
    let notes = curves.notes();
    let below = notes::height(&notes);
    let needed = heading::BOTTOM + legend::height(runs.len()) + below + 16.0;
    let height = match style.size.height {
        Some(height) => f64::from(height),
        None => HEIGHT.max(needed),
    };
    let mut document = Document::new([width, height], style.theme);
    heading::draw(&mut document, shown.checked, style.step);
    heading::epoch(&mut document, shown.checked, style.step);
    curves.draw_ground(&mut document);
    curves.draw_runs(&mut document, &runs);
    let [left, top] = [width - legend_width - 12.0, heading::BOTTOM + 2.0];
    let room = [legend_width, height - top - 14.0 - below];
    legend::draw(&mut document, [left, top], room, &runs);
    let entries = legend::height(runs.len()).min(room[1]);
    notes::draw(&mut document, [left, top + entries], legend_width, &notes);
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
