//! What is drawn beside the runs themselves, in a few words below the legend.

use super::document::{Document, TextStyle, hex, path_data};
use super::text::shortened;

/// Height of one line.
const ROW: f64 = 17.0;
/// The gap above the first.
const GAP: f64 = 6.0;
/// Width of what stands before the text, with the gap behind it.
const SWATCH: f64 = 36.0;
const TEXT: f64 = 11.0;

/// Dashes of the pinned experiment.
pub(super) const PINNED: &str = "5 3.5";
/// Dashes of a median.
pub(super) const MEDIAN: &str = "9 5";

/// One line.
pub(super) struct Note {
    pub swatch: Swatch,
    pub text: String,
}

/// What stands before its text.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Swatch {
    /// The line of the first start.
    Line,
    /// The dashes of a median.
    Median,
    /// The area of the middle half.
    Area,
    /// A thin line, of another start.
    Thin,
    /// The grey dashes of the pinned experiment.
    Pinned,
    /// Nothing.
    Words,
}

impl Note {
    pub fn new(swatch: Swatch, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { swatch, text }
    }
}

/// Height of so many notes.
pub(super) fn height(notes: &[Note]) -> f64 {
    match notes {
        [] => 0.0,
        _ => GAP + ROW * notes.len() as f64,
    }
}

/// Draws the notes with the upper left corner at `corner`.
pub(super) fn draw(document: &mut Document, [left, top]: [f64; 2], width: f64, notes: &[Note]) {
    for (row, note) in notes.iter().enumerate() {
        let middle = top + GAP + ROW * row as f64 + 8.0;
        swatch(document, [left, middle], note.swatch);
        let (indent, style) = (
            if note.swatch == Swatch::Words {
                0.0
            } else {
                SWATCH
            },
            TextStyle::new(TEXT, document.theme.quiet_text),
        );
        let text = shortened(&note.text, width - indent, TEXT);
        document.text([left + indent, middle + 4.0], style, &text);
    }
}

fn swatch(document: &mut Document, [left, middle]: [f64; 2], swatch: Swatch) {
    let (text, quiet) = (hex(document.theme.text), hex(document.theme.quiet_text));
    let (colour, width, dash) = match swatch {
        Swatch::Line => (text, "1.8", "none"),
        Swatch::Median => (text, "2", MEDIAN),
        Swatch::Thin => (text, "0.9", "none"),
        Swatch::Pinned => (quiet, "1.3", PINNED),
        Swatch::Area => {
            let size = [26.0, 9.0];
            return area(document, [left, middle - 4.5], size);
        }
        Swatch::Words => return,
    };
    let data = path_data(&[[left, middle], [left + 26.0, middle]], 1);
    document.element(
        "path",
        &[
            ("d", &data),
            ("fill", &"none"),
            ("stroke", &colour),
            ("stroke-width", &width),
            ("stroke-dasharray", &dash),
        ],
    );
}

fn area(document: &mut Document, [x, y]: [f64; 2], [width, height]: [f64; 2]) {
    document.element(
        "rect",
        &[
            ("x", &x),
            ("y", &y),
            ("width", &width),
            ("height", &height),
            ("fill", &hex(document.theme.text)),
            ("fill-opacity", &"0.28"),
        ],
    );
}
