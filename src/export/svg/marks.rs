//! Marks on a landscape that belong to no run: its minima and the start.

use super::document::{Anchor, Document, TextStyle, hex, number, path_data};
use super::plot::Plot;
use super::text::text_width;
use crate::figures::clip;
use crate::figures::field::Window;
use crate::landscapes::LandscapeCard;

const LABEL: &str = "start";
const LABEL_SIZE: f64 = 12.0;
/// Height of one line of the key.
const ROW: f64 = 20.0;
/// Height of the key.
pub(super) const KEY_HEIGHT: f64 = 2.0 * ROW;

/// Marks the minima that lie in the plot.
pub(super) fn minima(document: &mut Document, plot: &Plot, card: &LandscapeCard) {
    let visible = card
        .minima
        .iter()
        .filter(|minimum| clip::contains(plot.window, minimum.at));
    for minimum in visible {
        let is_least = minimum.value == card.least_value();
        minimum_mark(document, plot.place(minimum.at), is_least);
    }
}

/// What the marks of the minima mean.
pub(super) fn key(document: &mut Document, [left, top]: [f64; 2], card: &LandscapeCard) {
    let least = card.least_value();
    let has_others = card.minima.iter().any(|minimum| minimum.value != least);
    let style = TextStyle::new(11.0, document.theme.quiet_text);
    let mut line = |row: f64, is_least: bool, text: &str| {
        let middle = top + row * ROW + 8.0;
        minimum_mark(document, [left + 13.0, middle], is_least);
        document.text([left + 36.0, middle + 4.0], style, text);
    };
    match (card.minima, has_others) {
        ([], _) => {}
        (_, true) if card.is_searched => {
            line(0.0, true, "least minimum found");
            line(1.0, false, "other minimum found");
        }
        (_, false) if card.is_searched => line(0.0, true, "minimum found"),
        (_, true) => {
            line(0.0, true, "least minimum");
            line(1.0, false, "other minimum");
        }
        (_, false) if card.has_more_minima => line(0.0, true, "least of many minima"),
        (_, false) => line(0.0, true, "minimum"),
    }
}

/// A cross, in a ring where the minimum is the least.
fn minimum_mark(document: &mut Document, [x, y]: [f64; 2], is_least: bool) {
    let arm = 4.0;
    let cross = [[[x - arm, y], [x + arm, y]], [[x, y - arm], [x, y + arm]]];
    let data: String = cross.iter().map(|line| path_data(line, 1)).collect();
    for (colour, width) in [(document.theme.halo, 4.0), (document.theme.text, 1.4)] {
        if is_least {
            ring(document, [x, y], 6.5, "none", (hex(colour), width));
        }
        document.element(
            "path",
            &[
                ("d", &data),
                ("stroke", &hex(colour)),
                ("stroke-width", &number(width)),
            ],
        );
    }
}

/// Marks the start, with its name where it covers least of the trails.
pub(super) fn start(document: &mut Document, plot: &Plot, start: [f64; 2], trails: &[[f64; 2]]) {
    if !clip::contains(plot.window, start) {
        return;
    }
    let [x, y] = plot.place(start);
    ring(
        document,
        [x, y],
        5.0,
        "none",
        (hex(document.theme.halo), 4.5),
    );
    ring(
        document,
        [x, y],
        5.0,
        "none",
        (hex(document.theme.text), 1.6),
    );
    let width = text_width(LABEL, LABEL_SIZE);
    let places = [
        ([x + 10.0, y - 8.0], Anchor::Start),
        ([x + 10.0, y + 16.0], Anchor::Start),
        ([x - 10.0, y - 8.0], Anchor::End),
        ([x - 10.0, y + 16.0], Anchor::End),
    ];
    let covered = |([left, base], anchor): &([f64; 2], Anchor)| {
        let left = match anchor {
            Anchor::End => left - width,
            _ => *left,
        };
        let cover = Window {
            x: (left - 3.0, left + width + 3.0),
            y: (base - LABEL_SIZE, base + 4.0),
        };
        let page = plot.page(0.0);
        let is_inside = clip::contains(page, [cover.x.0, cover.y.0])
            && clip::contains(page, [cover.x.1, cover.y.1]);
        let crossings = trails
            .windows(2)
            .filter(|line| clip::segment(cover, line[0], line[1]).is_some());
        (!is_inside, crossings.count())
    };
    if let Some((at, anchor)) = places.into_iter().min_by_key(covered) {
        let style = TextStyle::new(LABEL_SIZE, document.theme.text).anchored(anchor);
        document.text_with_halo(at, style, document.theme.halo, LABEL);
    }
}

/// The ring at a start that is not the first.
pub(super) fn small_ring(document: &mut Document, at: [f64; 2]) {
    for (colour, width) in [(document.theme.halo, 2.6), (document.theme.text, 1.1)] {
        ring(document, at, 3.2, "none", (hex(colour), width));
    }
}

fn ring(
    document: &mut Document,
    [x, y]: [f64; 2],
    radius: f64,
    fill: &str,
    (stroke, width): (String, f64),
) {
    document.element(
        "circle",
        &[
            ("cx", &number(x)),
            ("cy", &number(y)),
            ("r", &number(radius)),
            ("fill", &fill),
            ("stroke", &stroke),
            ("stroke-width", &number(width)),
        ],
    );
}
