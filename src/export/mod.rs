//! What a run leaves for other programs and for print: tables, summaries and figures with the
//! same bytes for the same experiment.

mod accuracy_csv;
mod decimal;
mod error;
mod figure;
mod figure_table;
mod font;
pub mod forgetting;
mod history_csv;
mod picture;
mod playback_gif;
pub mod report;
pub mod results;
mod shown;
mod summary_json;
mod svg;
mod sweep_csv;
pub mod text_table;

pub use accuracy_csv::accuracy_csv;
pub use decimal::shortest;
pub use error::ExportError;
pub use figure::{
    FIGURES, Figure, FigureSize, FigureStyle, HEIGHTS, MOST_PIXELS, SCALES, SizeError, WIDTHS,
};
pub use history_csv::history_csv;
pub use picture::encode_png;
pub use playback_gif::{MOST_FRAMES, PlaybackStyle, playback_gif};
pub use shown::{Shown, can_replay, replays, sharpness};
pub use summary_json::summary_json;
pub use sweep_csv::SweepTable;
pub use text_table::TextTable;

use crate::engine::{History, Trace};
use crate::experiment::Checked;
use crate::figures::subject::Subject;

/// The record of one run from one start, with one seed.
struct OneRecord<'a> {
    /// Number of the start, from 0 in file order.
    start: usize,
    seed: u64,
    trace: &'a Trace,
}

/// Every record of run `run`, that of the first start and seed first.
fn records_of<'a>(
    checked: &Checked,
    history: &'a History,
    run: usize,
) -> impl Iterator<Item = OneRecord<'a>> {
    let seed = checked.seed;
    let first = history.traces.get(run).into_iter();
    let first = first.map(move |trace| OneRecord {
        start: 0,
        seed,
        trace,
    });
    let others = history.variations.iter().filter_map(move |variation| {
        Some(OneRecord {
            start: variation.start,
            seed: variation.seed,
            trace: variation.traces.get(run)?,
        })
    });
    first.chain(others)
}

/// A file of an exported run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its name, without a folder.
    pub name: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A figure as an SVG file with its font inside. The same experiment gives the same bytes.
pub fn svg(figure: Figure, checked: &Checked, history: &History, style: &FigureStyle) -> String {
    Shown::new(checked, history).svg(figure, style)
}

/// A figure as a PNG file, `scale` pixels to a unit. The same experiment gives the same bytes.
///
/// # Errors
/// When the picture would be too large.
pub fn png(
    figure: Figure,
    checked: &Checked,
    history: &History,
    style: &FigureStyle,
    scale: f64,
) -> Result<Vec<u8>, ExportError> {
    Shown::new(checked, history).png(figure, style, scale)
}

/// Every file that `run --out` writes, in the order in which they are written. A new kind of
/// file is one entry here.
pub fn files(checked: &Checked, history: &History) -> Vec<ExportedFile> {
    let figure = |figure| svg(figure, checked, history, &FigureStyle::default()).into_bytes();
    let mut files = vec![
        ExportedFile {
            name: "history.csv",
            bytes: Shown::new(checked, history).table(None),
        },
        ExportedFile {
            name: "summary.json",
            bytes: summary_json(checked, history).into_bytes(),
        },
        ExportedFile {
            name: "loss.svg",
            bytes: figure(Figure::Plot(Subject::LOSS)),
        },
    ];
    if checked.sequence().is_some() {
        let mut bytes = Vec::new();
        accuracy_csv(checked, history, &mut bytes)
            .expect("memory takes every byte, and every row has as many fields as the header");
        files.push(ExportedFile {
            name: "accuracy_matrix.csv",
            bytes,
        });
    }
    if checked.objective.landscape().is_some() || checked.surfaces().is_some() {
        files.push(ExportedFile {
            name: "landscape.svg",
            bytes: figure(Figure::Landscape),
        });
    }
    files
}
