//! Lines, ends and arrows of several runs in one plot, so that runs that lie on each other can
//! all be seen.

use super::contenders::Contender;
use super::document::{Document, hex, number};
use super::legend;
use crate::figures::theme::{Marker, Rgb};

/// Length of a dash where lines of several runs take turns.
const TURN: usize = 8;

/// Strokes one path a run; runs without path data are left out.
///
/// Runs that share their first steps would hide each other. So every solid line is drawn a
/// second time in dashes, each run's where the others have gaps: on a line of its own that
/// changes nothing, on a shared one the colours take turns.
pub(super) fn lines(document: &mut Document, runs: &[Contender<'_>], paths: &[String], width: f64) {
    let drawn = || runs.iter().zip(paths).filter(|(_, path)| !path.is_empty());
    for (run, path) in drawn() {
        legend::run_line(document, path, run, width);
    }
    let solid: Vec<_> = drawn().filter(|(run, _)| run.dash == "none").collect();
    let count = solid.len();
    if count < 2 {
        return;
    }
    for (turn, (run, path)) in solid.into_iter().enumerate() {
        document.element(
            "path",
            &[
                ("d", path),
                ("fill", &"none"),
                ("stroke", &hex(run.colour)),
                ("stroke-width", &number(width)),
                (
                    "stroke-dasharray",
                    &format!("{TURN} {}", TURN * (count - 1)),
                ),
                ("stroke-dashoffset", &(TURN * ((count - turn) % count))),
                ("stroke-linejoin", &"round"),
            ],
        );
    }
}

/// Where a run ends in the plot.
pub(super) struct End {
    pub place: [f64; 2],
    pub marker: Marker,
    pub colour: Rgb,
}

/// Draws the markers of ends; one that a later one covers is larger, as long as they are few.
pub(super) fn ends(document: &mut Document, ends: &[End], radius: f64) {
    for (index, end) in ends.iter().enumerate() {
        let covering = ends[index + 1..]
            .iter()
            .filter(|later| distance(later.place, end.place) < radius);
        let growth = match covering.count() {
            count @ 0..=2 => 2.5 * count as f64,
            _ => 0.0,
        };
        legend::marker(document, end.place, radius + growth, end.marker, end.colour);
    }
}

/// Where a run leaves the plot.
pub(super) struct Departure {
    pub border: [f64; 2],
    /// A unit vector.
    pub direction: [f64; 2],
    pub colour: Rgb,
}

/// Draws arrows at the border; one that would cover another stands behind it.
pub(super) fn arrows(document: &mut Document, departures: &[Departure]) {
    let mut tips: Vec<[f64; 2]> = Vec::new();
    for departure in departures {
        let [dx, dy] = departure.direction;
        let behind = |rank: usize| {
            let back = 9.0 * rank as f64;
            [
                departure.border[0] - back * dx,
                departure.border[1] - back * dy,
            ]
        };
        let is_free = |tip: &[f64; 2]| tips.iter().all(|other| distance(*other, *tip) > 5.0);
        let tip = (0..8).map(behind).find(is_free).unwrap_or(departure.border);
        legend::arrow(document, tip, departure.direction, departure.colour);
        tips.push(tip);
    }
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
