//! What a run leaves for other programs and for print: tables, summaries and figures with the
//! same bytes for the same experiment.

mod accuracy_csv;
mod decimal;
mod error;
mod figure;
mod font;
pub mod forgetting;
mod history_csv;
mod picture;
mod playback_gif;
pub mod report;
pub mod results;
mod summary_json;
mod svg;
mod sweep_csv;
mod text_table;

pub use accuracy_csv::accuracy_csv;
pub use decimal::shortest;
pub use error::ExportError;
pub use figure::{
    FIGURES, Figure, FigureSize, FigureStyle, HEIGHTS, MOST_PIXELS, SCALES, SizeError, WIDTHS,
};
pub use history_csv::history_csv;
pub use picture::{encode_png, png};
pub use playback_gif::{MOST_FRAMES, PlaybackStyle, playback_gif};
pub use summary_json::summary_json;
pub use svg::svg;
pub use sweep_csv::SweepTable;
pub use text_table::TextTable;

use crate::engine::{History, Trace};
use crate::experiment::Checked;
use crate::figures::curves::Quantity;
use history_csv::figure_csv;

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

/// What a figure shows as CSV; of no figure in particular, the whole record.
pub fn table(figure: Option<Figure>, checked: &Checked, history: &History) -> Vec<u8> {
    let mut table = Vec::new();
    match figure {
        Some(figure) => figure_csv(figure, checked, history, &mut table),
        None => history_csv(checked, history, &mut table),
    }
    .expect("memory takes every byte, and every row has as many fields as the header");
    table
}

/// Every file that `run --out` writes, in the order in which they are written. A new kind of
/// file is one entry here.
pub fn files(checked: &Checked, history: &History) -> Vec<ExportedFile> {
    let figure = |figure| svg(figure, checked, history, &FigureStyle::default()).into_bytes();
    let mut files = vec![
        ExportedFile {
            name: "history.csv",
            bytes: table(None, checked, history),
        },
        ExportedFile {
            name: "summary.json",
            bytes: summary_json(checked, history).into_bytes(),
        },
        ExportedFile {
            name: "loss.svg",
            bytes: figure(Figure::Curves(Quantity::Loss)),
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
    if checked.objective.landscape().is_some() {
        files.push(ExportedFile {
            name: "landscape.svg",
            bytes: figure(Figure::Landscape),
        });
    }
    files
}
