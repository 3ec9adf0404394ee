//! A report: everything about an experiment on paper, as Markdown with LaTeX, as one HTML file
//! that needs nothing else, or, of a regression, as a NumPy script that computes it again.

mod data;
mod document;
mod figures;
mod html;
mod markdown;
mod notes;
mod numpy;
mod results;
mod settings;
mod steps;
mod worked;

pub use document::{Document, Part, Piece};
pub use worked::{Extent, sheet};

use crate::engine::History;
use crate::experiment::Checked;
use std::ops::ControlFlow;
use thiserror::Error;

/// What a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// Markdown with LaTeX mathematics; figures are files beside it.
    Markdown,
    /// One HTML file with MathML and everything inside.
    Html,
    /// A Python script that computes the regression again.
    NumPy,
}

/// What a report is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportOptions {
    /// In which language.
    pub format: ReportFormat,
    /// The epoch that is worked by hand, from 1.
    pub epoch: u64,
    /// The updates, from 1, whose arithmetic is explained.
    pub steps: Vec<u64>,
    /// Whether figures can stand beside a Markdown file.
    pub has_folder: bool,
}

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReportError {
    /// Nothing that NumPy could compute again.
    #[error(
        "a NumPy script is written of a regression; what is minimised here is none. A report of \
         it comes as markdown or html"
    )]
    NoRegression,
    /// A formula whose derivatives fill pages.
    #[error("the model is too long to write its derivatives out in Python; shorten it")]
    TooLong,
    /// An epoch that the experiment has not.
    #[error("there is no epoch {epoch}; the experiment has {epochs}")]
    NoSuchEpoch {
        /// The one asked for.
        epoch: u64,
        /// How many there are.
        epochs: u64,
    },
    /// The user ended it.
    #[error("cancelled; nothing was written")]
    Cancelled,
}

/// A file of a report; the first is the report itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name, without a folder.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl ReportFormat {
    /// The name of the report's file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Markdown => "report.md",
            Self::Html => "report.html",
            Self::NumPy => "report.py",
        }
    }
}

/// The report of a record; `watch` is asked now and then whether to go on. The same experiment
/// gives the same bytes.
///
/// # Errors
/// When there is nothing to write in this format, or `watch` breaks off.
pub fn report(
    checked: &Checked,
    history: &History,
    options: &ReportOptions,
    mut watch: impl FnMut() -> ControlFlow<()>,
) -> Result<Vec<ReportFile>, ReportError> {
    let epochs = checked.experiment.epochs;
    let has_epoch = (1..=epochs).contains(&options.epoch);
    if checked.regression().is_some() && epochs > 0 && !has_epoch {
        let epoch = options.epoch;
        return Err(ReportError::NoSuchEpoch { epoch, epochs });
    }
    let file = |name: String, text: String| ReportFile {
        name,
        bytes: text.into_bytes(),
    };
    let own = options.format.file_name().to_owned();
    if options.format == ReportFormat::NumPy {
        return Ok(vec![file(own, numpy::script(checked, history)?)]);
    }
    let mut document = Document::default();
    settings::write(checked, &mut document);
    data::write(checked, &mut document);
    results::write(checked, history, &mut document);
    let has_figures = options.format == ReportFormat::Html || options.has_folder;
    let figures = match has_figures {
        true => figures::write(checked, history, &mut document),
        false => Vec::new(),
    };
    steps::diagnoses(checked, &mut document, &mut watch)?;
    steps::sizes(checked, &mut document);
    worked::write(checked, options.epoch, &mut document, &mut watch)?;
    steps::explained(checked, &options.steps, &mut document);
    if options.format == ReportFormat::Html {
        return Ok(vec![file(own, html::page(checked, &document, &figures))]);
    }
    let text = markdown::page(checked, &document);
    let figures = figures.into_iter();
    let figures = figures.map(|figure| file(figure.file_name(), figure.svg));
    Ok([file(own, text)].into_iter().chain(figures).collect())
}
