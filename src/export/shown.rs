//! What figures and tables are made of.

use super::{
    ExportError, Figure, FigureStyle, PlaybackStyle, figure_table, history_csv, picture,
    playback_gif, svg,
};
use crate::analysis::curvature::{self, Sharpness};
use crate::engine::History;
use crate::engine::inside::{self, Ledger};
use crate::experiment::Checked;
use rayon::prelude::*;
use std::ops::ControlFlow;

/// The most numbers of all replays together: an eighth of a gigabyte.
const MOST_NUMBERS: usize = 1 << 24;

/// A recorded experiment as it is to be shown.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The experiment.
    pub checked: &'a Checked,
    /// Its record.
    pub history: &'a History,
    /// A finished experiment of the same objective that stands behind, grey and dashed.
    pub pinned: Option<(&'a Checked, &'a History)>,
    /// What [`replays`] found, one a run in file order; empty where nothing was replayed.
    pub ledgers: &'a [Option<Ledger>],
    /// What [`sharpness`] found, one list a run in file order; empty where nothing was worked out.
    pub sharpness: &'a [Vec<Sharpness>],
}

impl<'a> Shown<'a> {
    /// The record alone.
    pub fn new(checked: &'a Checked, history: &'a History) -> Self {
        Self {
            checked,
            history,
            pinned: None,
            ledgers: &[],
            sharpness: &[],
        }
    }

    /// How sharp it was along run `run`.
    pub fn sharpness(&self, run: usize) -> Option<&'a [Sharpness]> {
        self.sharpness.get(run).map(Vec::as_slice)
    }

    /// What the replay of run `run` found.
    pub fn ledger(&self, run: usize) -> Option<&'a Ledger> {
        self.ledgers.get(run)?.as_ref()
    }

    /// A figure as an SVG file with its font inside. The same record gives the same bytes.
    pub fn svg(&self, figure: Figure, style: &FigureStyle) -> String {
        svg::file(figure, self, style)
    }

    /// A figure as a PNG file, `scale` pixels to a unit. The same record gives the same bytes.
    ///
    /// # Errors
    /// When the picture would be too large.
    pub fn png(
        &self,
        figure: Figure,
        style: &FigureStyle,
        scale: f64,
    ) -> Result<Vec<u8>, ExportError> {
        picture::of_figure(figure, self, style, scale)
    }

    /// The playback from the start to the end, forever. `report` is told how many of how many
    /// pictures are done and can end the work.
    ///
    /// # Errors
    /// When the animation would be too large or too long, or `report` has ended it.
    pub fn playback(
        &self,
        style: &PlaybackStyle,
        report: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<Vec<u8>, ExportError> {
        playback_gif::of_shown(self, style, report)
    }

    /// What a figure shows as CSV; of no figure in particular, the whole record.
    pub fn table(&self, figure: Option<Figure>) -> Vec<u8> {
        let mut table = Vec::new();
        let written = match figure {
            Some(figure) => figure_table::figure_csv(figure, self, &mut table),
            None => history_csv(self.checked, self.history, &mut table),
        };
        written.expect("memory takes every byte, and every row has as many fields as the header");
        table
    }

    /// Everything that the replays found as CSV: one row a kept update of every run.
    pub fn inside_table(&self) -> Vec<u8> {
        let mut table = Vec::new();
        figure_table::inside_csv(self, &mut table)
            .expect("memory takes every byte, and every row has as many fields as the header");
        table
    }
}

/// Replays every run of an experiment from its first start with its first seed, for what the
/// history does not hold; none for a run that cannot be replayed. `watch` can end the work,
/// which is then None.
pub fn replays(
    checked: &Checked,
    updates: u64,
    watch: impl Fn() -> ControlFlow<()> + Sync,
) -> Option<Vec<Option<Ledger>>> {
    let most = MOST_NUMBERS / checked.runs.len().max(1);
    let runs = (0..checked.runs.len()).into_par_iter();
    let replayed = |run| inside::replay(checked, run, 1..=updates, most, &watch);
    let ledgers: Vec<_> = runs.map(replayed).collect();
    watch().is_continue().then_some(ledgers)
}

/// How sharp it is along every run of an experiment, from its first start with its first seed.
/// `watch` can end the work, which is then None.
pub fn sharpness(
    checked: &Checked,
    watch: impl Fn() -> ControlFlow<()> + Sync,
) -> Option<Vec<Vec<Sharpness>>> {
    let goes_on = || watch().is_continue();
    let runs = (0..checked.runs.len()).into_par_iter();
    runs.map(|run| curvature::over_time(checked, run, curvature::MOST_POINTS, &goes_on))
        .collect()
}

/// Whether the runs of an experiment can be replayed; a network has too many numbers.
pub fn can_replay(checked: &Checked) -> bool {
    checked.task().is_none() && checked.sequence().is_none()
}
