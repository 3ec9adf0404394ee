//! Tables and reports: what the window reads and writes for a regression, and the plane on which
//! its loss is drawn.

pub mod loss_slice;
mod network;
mod slice;
mod tables;

pub use loss_slice::LossSlice;
pub use network::{DataKind, read};
pub use slice::{SliceAxes, SliceView, update};
pub use tables::TableReading;

use super::state::Lab;
use crate::experiment::{ObjectiveSpec, RegressionSpec};
use crate::export::report::ReportFormat;
use crate::models::datasets::Source;
use crate::models::regression::{Delimited, Loss, Table};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What is asked for around data.
#[derive(Clone, Debug, PartialEq)]
pub enum DataCommand {
    /// Draw the loss over these parameters, or over the path's main directions.
    Slice(SliceAxes),
    /// Draw the loss of a network over this plane.
    LossPlane(LossPlane),
    /// Survey it as the runs are now.
    SurveyLoss,
    /// Read a table from a CSV file.
    OpenTable(PathBuf),
    /// Choose the CSV file with the system's dialog.
    BrowseTable,
    /// Stop reading a table.
    CancelTable,
    /// Read these data and train the network on them.
    UseData(Box<Source>),
    /// Choose a folder or a file of data with the system's dialog.
    BrowseData(DataKind),
    /// Write a report into a folder.
    Report(ReportFormat, PathBuf),
}

/// A plane through the weights of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LossPlane {
    /// Of the two directions in which all paths together extend most.
    #[default]
    Principal,
    /// Of two random directions, drawn by a seed.
    Random(u64),
}

/// Does what is asked for.
pub fn perform(lab: &mut Lab, command: DataCommand) {
    match command {
        DataCommand::Slice(axes) => lab.view.slice = axes,
        DataCommand::LossPlane(plane) => lab.view.loss_plane = plane,
        DataCommand::SurveyLoss => loss_slice::survey(lab),
        DataCommand::OpenTable(path) => lab.files.open_table(path),
        DataCommand::BrowseTable => lab.files.choose_table(),
        DataCommand::CancelTable => lab.files.cancel_table(),
        DataCommand::UseData(source) => lab.files.read_data(*source),
        DataCommand::BrowseData(kind) => lab.files.choose_data(kind),
        DataCommand::Report(format, folder) => match lab.record.clone() {
            Some(record) => lab.files.report(record, format, folder),
            None => lab.complain("There is nothing recorded yet to report on."),
        },
    }
}

/// Takes what was read.
pub fn receive(lab: &mut Lab, read: Result<Delimited, String>) {
    match read {
        Ok(read) => {
            let rows = read.table.rows();
            let columns = read.table.columns().len();
            let mut text = format!("Read {rows} rows of {columns} columns.");
            for (from, to) in &read.renamed {
                text += &format!(" Column “{from}” is called {to} here.");
            }
            if read.is_cut {
                text += " The file has more rows; a table holds no more.";
            }
            take_table(lab, read.table);
            lab.inform(text);
        }
        Err(reason) => lab.complain(reason),
    }
}

/// Puts a table in the place of the regression's own. A target that it has not becomes its last
/// column.
fn take_table(lab: &mut Lab, table: Table) {
    if lab.experiment.objective.regression().is_none() {
        lab.experiment.objective = usual_regression();
    }
    if let Some(spec) = lab.experiment.objective.regression_mut() {
        if table.column(&spec.target).is_none()
            && let Some(last) = table.columns().last()
        {
            spec.target.clone_from(&last.name);
        }
        spec.batch_size = spec.batch_size.filter(|size| *size <= table.rows());
        spec.data = table;
    }
}

/// A straight line through five points, to begin with.
pub fn usual_regression() -> ObjectiveSpec {
    use crate::models::regression::Column;
    let x = vec![-2.0, -1.0, 0.0, 1.0, 2.0];
    let y = vec![-3.2, -0.8, 1.1, 2.9, 5.0];
    let data = Table::new(vec![Column::new("x", x), Column::new("y", y)]).unwrap_or_default();
    ObjectiveSpec::Regression(RegressionSpec {
        model: "w*x + b".into(),
        start: BTreeMap::from([("w".into(), 0.0), ("b".into(), 0.0)]),
        data,
        target: "y".into(),
        loss: Loss::MeanSquared,
        batch_size: None,
        shuffle: false,
        drop_last: false,
    })
}

/// What came of a report.
pub fn reported(lab: &mut Lab, written: Result<Vec<PathBuf>, String>) {
    match written {
        Ok(paths) => {
            let paths: Vec<_> = paths
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            lab.inform(format!("Wrote {}", paths.join(", ")));
        }
        Err(reason) => lab.complain(reason),
    }
}

/// Whether a table is being read, and how far.
pub fn reading(lab: &Lab) -> Option<Arc<TableReading>> {
    lab.files.table_reading()
}
