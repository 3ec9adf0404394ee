//! Which line is which run, and the marks that runs and legend share.

use super::contenders::Contender;
use super::document::{Document, TextStyle, hex, number, path_data};
use super::text::shortened;
use crate::figures::theme::{Marker, Rgb};

/// Height of one entry.
const ROW: f64 = 36.0;
/// Width of the piece of line before the text, with the gap behind it.
const SWATCH: f64 = 36.0;

/// Its width in a figure of this width.
pub(super) fn width(figure: f64) -> f64 {
    (0.27 * figure).clamp(110.0, 190.0)
}

/// Height of the legend of so many runs.
pub(super) fn height(contenders: usize) -> f64 {
    ROW * contenders as f64
}

/// Draws the legend with its upper left corner at `corner`. Where it is not high enough for
/// all runs they lose their second lines; the last that still find no room are counted.
pub(super) fn draw(
    document: &mut Document,
    [left, top]: [f64; 2],
    [width, height]: [f64; 2],
    contenders: &[Contender<'_>],
) {
    let is_compact = ROW * contenders.len() as f64 > height;
    let row = if is_compact { ROW / 2.0 } else { ROW };
    let room = (height / row).max(1.0) as usize;
    let shown = match contenders.len() {
        all if all <= room => all,
        _ => room - 1,
    };
    for (index, run) in contenders[..shown].iter().enumerate() {
        let corner = [left, top + row * index as f64];
        entry(document, corner, width, run, is_compact);
    }
    if shown < contenders.len() {
        let style = TextStyle::new(11.0, document.theme.quiet_text);
        let at = [left + SWATCH, top + row * shown as f64 + 12.0];
        let more = format!("and {} more", contenders.len() - shown);
        document.text(at, style, &more);
    }
}

fn entry(
    document: &mut Document,
    [left, top]: [f64; 2],
    width: f64,
    run: &Contender<'_>,
    is_compact: bool,
) {
    let middle = top + 8.0;
    let swatch = path_data(&[[left, middle], [left + 26.0, middle]], 1);
    run_line(document, &swatch, run, 2.0);
    marker(document, [left + 13.0, middle], 4.5, run.marker, run.colour);
    let room = width - SWATCH;
    let mut line = |below: f64, style: TextStyle, text: &str| {
        let text = shortened(text, room, style.size);
        document.text([left + SWATCH, top + below], style, &text);
    };
    let (text, quiet) = (run.theme.text, run.theme.quiet_text);
    line(12.0, TextStyle::new(12.0, text), &run.label);
    if !is_compact {
        line(26.0, TextStyle::new(11.0, quiet), &run.outcome);
    }
}

/// Strokes path data in a run's colour and dashes.
pub(super) fn run_line(document: &mut Document, data: &str, run: &Contender<'_>, width: f64) {
    document.element(
        "path",
        &[
            ("class", &"run"),
            ("d", &data),
            ("fill", &"none"),
            ("stroke", &hex(run.colour)),
            ("stroke-width", &number(width)),
            ("stroke-dasharray", &run.dash),
            ("stroke-linejoin", &"round"),
        ],
    );
}

/// A run's marker with a thin halo, so that it stands out from its own line and from others.
pub(super) fn marker(
    document: &mut Document,
    [x, y]: [f64; 2],
    radius: f64,
    shape: Marker,
    colour: Rgb,
) {
    let (fill, halo) = (hex(colour), hex(document.theme.halo));
    let outline = shape.outline();
    if outline.is_empty() {
        document.element(
            "circle",
            &[
                ("cx", &number(x)),
                ("cy", &number(y)),
                ("r", &number(radius)),
                ("fill", &fill),
                ("stroke", &halo),
            ],
        );
        return;
    }
    let points: Vec<_> = outline
        .iter()
        .map(|[dx, dy]| [x + radius * f64::from(*dx), y + radius * f64::from(*dy)])
        .collect();
    polygon(document, &points, &fill, &halo);
}

/// An arrowhead whose tip lies at `tip` and which points in this unit direction.
pub(super) fn arrow(document: &mut Document, tip: [f64; 2], direction: [f64; 2], colour: Rgb) {
    const LENGTH: f64 = 11.0;
    const HALF_WIDTH: f64 = 5.0;
    let [dx, dy] = direction;
    let base = [tip[0] - LENGTH * dx, tip[1] - LENGTH * dy];
    let across = [-dy * HALF_WIDTH, dx * HALF_WIDTH];
    let points = [
        tip,
        [base[0] + across[0], base[1] + across[1]],
        [base[0] - across[0], base[1] - across[1]],
    ];
    let halo = hex(document.theme.halo);
    polygon(document, &points, &hex(colour), &halo);
}

fn polygon(document: &mut Document, points: &[[f64; 2]], fill: &str, stroke: &str) {
    document.element(
        "path",
        &[
            ("d", &format!("{}z", path_data(points, 2))),
            ("fill", &fill),
            ("stroke", &stroke),
            ("stroke-linejoin", &"round"),
        ],
    );
}
