//! Trails from every other start and with every other seed, and those of the pinned experiment.

use super::behind::{self, pinned_line};
use super::contenders::Contender;
use super::document::{Document, hex, number, path_data};
use super::landscape::trail;
use super::legend;
use super::marks;
use super::notes::{Note, Swatch};
use super::plot::Plot;
use crate::engine::Trace;
use crate::export::Shown;
use crate::figures::clip;
use crate::figures::thinning::evenly;

/// The most trails that are drawn; more would cover one another.
const MOST: usize = 400;

/// How many of the variations are drawn with so many runs.
fn drawn(shown: &Shown<'_>, runs: usize) -> usize {
    shown.history.variations.len().min(MOST / runs.max(1))
}

/// Draws the trails thinly, below everything else.
pub(super) fn trails(
    document: &mut Document,
    plot: &Plot,
    shown: &Shown<'_>,
    runs: &[Contender<'_>],
    step: Option<u64>,
) {
    for run in runs {
        let way = |trace: &Trace| -> String {
            let parts = trail(plot, places(trace, step));
            parts.iter().map(|part| path_data(part, 1)).collect()
        };
        let data: String = variations(shown, runs.len(), run).map(way).collect();
        if data.is_empty() {
            continue;
        }
        document.element(
            "path",
            &[
                ("class", &"other"),
                ("d", &data),
                ("fill", &"none"),
                ("stroke", &hex(run.colour)),
                ("stroke-width", &"0.9"),
                ("stroke-opacity", &"0.75"),
                ("stroke-linejoin", &"round"),
            ],
        );
    }
}

/// A small ring at every other start, and a dot where every trail has come to.
pub(super) fn heads(
    document: &mut Document,
    plot: &Plot,
    shown: &Shown<'_>,
    runs: &[Contender<'_>],
    step: Option<u64>,
) {
    let starts = shown.checked.experiment.starts.iter().skip(1);
    let starts = starts.filter_map(|start| Some([*start.first()?, *start.get(1)?]));
    for start in starts.filter(|start| clip::contains(plot.window, *start)) {
        marks::small_ring(document, plot.place(start));
    }
    for run in runs {
        for trace in variations(shown, runs.len(), run) {
            let last = places(trace, step).last();
            if let Some(last) = last.filter(|last| clip::contains(plot.window, *last)) {
                dot(document, plot.place(last), run);
            }
        }
    }
}

fn dot(document: &mut Document, [x, y]: [f64; 2], run: &Contender<'_>) {
    document.element(
        "circle",
        &[
            ("class", &"other"),
            ("cx", &number(x)),
            ("cy", &number(y)),
            ("r", &"2.2"),
            ("fill", &hex(run.colour)),
            ("stroke", &hex(document.theme.halo)),
            ("stroke-width", &"0.8"),
        ],
    );
}

/// The pinned trails whole, in grey dashes.
pub(super) fn pinned(document: &mut Document, plot: &Plot, shown: &Shown<'_>) {
    for run in behind::pinned_runs(shown, document.theme, None) {
        let parts = trail(plot, places(run.trace, None));
        let data: String = parts.iter().map(|part| path_data(part, 1)).collect();
        pinned_line(document, &data);
    }
}

/// The pinned runs' markers where they were after `step` updates.
pub(super) fn pinned_heads(
    document: &mut Document,
    plot: &Plot,
    shown: &Shown<'_>,
    step: Option<u64>,
) {
    for run in behind::pinned_runs(shown, document.theme, step) {
        let last = places(run.trace, step).last();
        if let Some(last) = last.filter(|last| clip::contains(plot.window, *last)) {
            let grey = document.theme.quiet_text;
            legend::marker(document, plot.place(last), 3.5, run.marker, grey);
        }
    }
}

/// What is drawn beside the runs from the first start, in words.
pub(super) fn notes(shown: &Shown<'_>, runs: usize) -> Vec<Note> {
    let (drawn, all) = (drawn(shown, runs), shown.history.variations.len());
    let others = match (drawn, all) {
        (_, 0) => None,
        (drawn, all) if drawn == all => Some("other starts and seeds".to_owned()),
        (drawn, all) => Some(format!("{drawn} of {all} other starts")),
    };
    let others = others.map(|text| Note::new(Swatch::Thin, text));
    others
        .into_iter()
        .chain(behind::pinned_note(shown))
        .collect()
}

/// The records of a run that are drawn, but that of the first start.
fn variations<'a>(
    shown: &Shown<'a>,
    runs: usize,
    run: &Contender<'_>,
) -> impl Iterator<Item = &'a Trace> {
    let (history, index) = (shown.history, run.index);
    let numbers = evenly(drawn(shown, runs), history.variations.len());
    numbers.filter_map(move |number| history.variations.get(number)?.traces.get(index))
}

/// Where a record has been after `step` updates.
fn places(trace: &Trace, step: Option<u64>) -> impl Iterator<Item = [f64; 2]> {
    let frames = match step {
        Some(step) => trace.index_at(step).map_or(0, |index| index + 1),
        None => trace.len(),
    };
    trace.parameters().map(|w| [w[0], w[1]]).take(frames)
}
