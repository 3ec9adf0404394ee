//! What lies behind the curves of a plot: the bands of several starts and seeds, and the pinned
//! experiment.

use super::contenders::{self, Contender};
use super::curves::FARTHEST;
use super::document::{Document, hex, path_data};
use super::heading;
use super::notes::{MEDIAN, Note, PINNED, Swatch};
use super::plot::Plot;
use crate::export::Shown;
use crate::figures::clip;
use crate::figures::curves::{self, Abscissa, AxisScale, Quantity};
use crate::figures::spread::{Spread, SpreadOf};
use crate::figures::subject::Subject;
use crate::figures::theme::Theme;
use crate::figures::thinning;
use rayon::prelude::*;

/// The bands and the pinned curves of one plot, in axis units.
#[derive(Default)]
pub(super) struct Behind {
    /// One a run; empty where there is one record of each.
    bands: Vec<Spread>,
    /// One a visible pinned run.
    pinned: Vec<Vec<[f64; 2]>>,
}

impl Behind {
    /// What lies behind the curves of these runs; behind what was replayed there is nothing.
    pub fn new(
        shown: &Shown<'_>,
        runs: &[Contender<'_>],
        subject: Subject,
        scale: AxisScale,
    ) -> Self {
        let Subject::Recorded(quantity) = subject else {
            return Self::default();
        };
        let of = SpreadOf {
            history: shown.history,
            objective: &*shown.checked.objective,
            quantity,
            abscissa: Abscissa::Epochs,
            scales: [AxisScale::Linear, scale],
        };
        let bands = match shown.history.variations.is_empty() {
            true => Vec::new(),
            false => runs.par_iter().map(|run| of.run(run.index)).collect(),
        };
        Self {
            bands,
            pinned: pinned(shown, quantity, scale),
        }
    }

    /// The range of values that shows the bands.
    pub fn range(&self, scale: AxisScale) -> Option<(f64, f64)> {
        let lines = self.bands.iter().flat_map(|band| {
            [&band.lower, &band.median, &band.upper].map(|values| band.line(values).collect())
        });
        let lines: Vec<Vec<[f64; 2]>> = lines.collect();
        curves::value_range(lines.iter().map(Vec::as_slice), scale)
    }

    /// Draws everything; the bands as far as they have come after `step` updates.
    pub fn draw(
        &self,
        document: &mut Document,
        plot: &Plot,
        runs: &[Contender<'_>],
        step: Option<u64>,
    ) {
        let last = step.map_or(f64::INFINITY, |step| step as f64);
        for (run, band) in runs.iter().zip(&self.bands) {
            draw_area(document, plot, run, band, last);
        }
        let page = plot.page(8.0);
        for curve in &self.pinned {
            let placed = thinning::thin(curve, plot.per_unit());
            let place = |point| plot.place(point).map(|w| w.clamp(-FARTHEST, FARTHEST));
            let placed = placed.into_iter().map(place);
            let parts = clip::polyline(page, placed);
            let data: String = parts.iter().map(|part| path_data(part, 1)).collect();
            pinned_line(document, &data);
        }
        for (run, band) in runs.iter().zip(&self.bands) {
            draw_median(document, plot, run, band, last);
        }
    }

    /// What it is, in words.
    pub fn notes(&self, shown: &Shown<'_>, subject: Subject) -> Vec<Note> {
        let count = shown.history.variations.len() + 1;
        let mut notes = match (count, subject) {
            (1, _) => Vec::new(),
            (_, Subject::Replayed(_) | Subject::Layer(..) | Subject::Sharpness) => {
                vec![Note::new(Swatch::Words, "first start and seed only")]
            }
            (count, Subject::Recorded(_)) => vec![
                Note::new(Swatch::Line, "first start and seed"),
                Note::new(Swatch::Median, format!("median of {count}")),
                Note::new(Swatch::Area, "middle half"),
            ],
        };
        if !self.pinned.is_empty() {
            notes.extend(pinned_note(shown));
        }
        notes
    }
}

/// What the grey dashes are.
pub(super) fn pinned_note(shown: &Shown<'_>) -> Option<Note> {
    let (checked, _) = shown.pinned?;
    let title = heading::title(checked);
    Some(Note::new(Swatch::Pinned, format!("pinned: {title}")))
}

/// The visible runs of the pinned experiment at their ends.
pub(super) fn pinned_runs<'a>(
    shown: &Shown<'a>,
    theme: &'static Theme,
    step: Option<u64>,
) -> Vec<Contender<'a>> {
    let Some((checked, history)) = shown.pinned else {
        return Vec::new();
    };
    contenders::visible(checked, history, theme, step)
}

fn pinned(shown: &Shown<'_>, quantity: Quantity, scale: AxisScale) -> Vec<Vec<[f64; 2]>> {
    let Some((checked, history)) = shown.pinned else {
        return Vec::new();
    };
    let objective = &*checked.objective;
    let visible = checked.experiment.runs.iter().zip(&history.traces);
    let visible = visible.filter(|(spec, _)| spec.visible);
    let curve =
        |(_, trace)| curves::curve(trace, objective, quantity, scale, Abscissa::Epochs).points;
    visible.map(curve).collect()
}

/// A line of the pinned experiment.
pub(super) fn pinned_line(document: &mut Document, data: &str) {
    if data.is_empty() {
        return;
    }
    document.element(
        "path",
        &[
            ("class", &"pinned"),
            ("d", &data),
            ("fill", &"none"),
            ("stroke", &hex(document.theme.quiet_text)),
            ("stroke-width", &"1.3"),
            ("stroke-dasharray", &PINNED),
            ("stroke-linejoin", &"round"),
        ],
    );
}

/// One line of a band on the page, up to `last`; what is infinite lies just beyond the edge.
fn placed(plot: &Plot, band: &Spread, values: &[f64], last: f64) -> Vec<[f64; 2]> {
    let (low, high) = plot.window.y;
    let margin = 0.1 * (high - low);
    let points = band.places.iter().zip(values);
    points
        .take_while(|(place, _)| **place <= last)
        .map(|(&place, value)| plot.place([place, value.clamp(low - margin, high + margin)]))
        .collect()
}

fn draw_area(document: &mut Document, plot: &Plot, run: &Contender<'_>, band: &Spread, last: f64) {
    let mut outline = placed(plot, band, &band.lower, last);
    let upper = placed(plot, band, &band.upper, last);
    outline.extend(upper.into_iter().rev());
    if outline.len() < 4 {
        return;
    }
    document.element(
        "path",
        &[
            ("class", &"band"),
            ("d", &(path_data(&outline, 1) + "z")),
            ("fill", &hex(run.colour)),
            ("fill-opacity", &"0.2"),
        ],
    );
}

fn draw_median(
    document: &mut Document,
    plot: &Plot,
    run: &Contender<'_>,
    band: &Spread,
    last: f64,
) {
    let line = thinning::thin(&placed(plot, band, &band.median, last), [0.5, 0.5]);
    if line.len() < 2 {
        return;
    }
    document.element(
        "path",
        &[
            ("class", &"median"),
            ("d", &path_data(&line, 1)),
            ("fill", &"none"),
            ("stroke", &hex(run.colour)),
            ("stroke-width", &"2"),
            ("stroke-dasharray", &MEDIAN),
        ],
    );
}
