//! What a run leaves for other programs and for print: tables, summaries and figures with the
//! same bytes for the same experiment.

mod decimal;
mod history_csv;
mod summary_json;
mod svg;

pub use decimal::shortest;
pub use history_csv::history_csv;
pub use summary_json::summary_json;
pub use svg::{landscape_svg, loss_svg};

use crate::engine::History;
use crate::experiment::Checked;

/// A file of an exported run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its name, without a folder.
    pub name: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Every file that `run --out` writes, in the order in which they are written. A new kind of
/// file is one entry here.
pub fn files(checked: &Checked, history: &History) -> Vec<ExportedFile> {
    let mut table = Vec::new();
    history_csv(checked, history, &mut table)
        .expect("memory takes every byte, and every row has as many fields as the header");
    vec![
        ExportedFile {
            name: "history.csv",
            bytes: table,
        },
        ExportedFile {
            name: "summary.json",
            bytes: summary_json(checked, history).into_bytes(),
        },
        ExportedFile {
            name: "loss.svg",
            bytes: loss_svg(checked, history).into_bytes(),
        },
        // Every objective is a landscape and has two parameters.
        ExportedFile {
            name: "landscape.svg",
            bytes: landscape_svg(checked, history).into_bytes(),
        },
    ]
}
