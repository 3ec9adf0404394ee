//! Comparing: the pinned experiment, the table of results and what it is sorted by.

use super::state::Lab;
use crate::engine::summary;
use crate::engine::{Record, Stage};
use crate::experiment::Experiment;
use crate::export::results::{ResultColumn, ResultTable, Sorting, Source, TableForm};
use std::sync::Arc;

/// What can be asked of comparing.
#[derive(Clone, Debug, PartialEq)]
pub enum Compare {
    /// Keep the experiment on show, as it was recorded, behind whatever comes next.
    Pin,
    /// Let the pinned experiment go.
    Unpin,
    /// Sort the table by a column, or the other way round.
    SortBy(ResultColumn),
    /// The loss to be reached; none for the usual one.
    Target(Option<f64>),
    /// Put the table on the clipboard.
    Copy(TableForm),
}

/// How things are compared; not part of the experiment.
#[derive(Debug)]
pub struct Comparison {
    /// The experiment that is drawn behind the present one.
    pub pinned: Option<Pinned>,
    /// What the table is sorted by.
    pub sorting: Sorting,
    /// The loss to be reached, where the user has chosen one.
    pub target: Option<f64>,
}

impl Default for Comparison {
    fn default() -> Self {
        Self {
            pinned: None,
            sorting: Sorting {
                column: ResultColumn::BestLoss,
                is_reversed: false,
            },
            target: None,
        }
    }
}

/// A finished experiment that stays as it was, whatever is edited.
#[derive(Debug)]
pub struct Pinned {
    /// What it recorded.
    pub record: Arc<Record>,
    /// The experiment with its names and colours.
    pub experiment: Experiment,
    /// Counts the pinnings, so that what was drawn of one is not taken for another.
    pub serial: u64,
}

impl Pinned {
    /// Its title, or what stands for it.
    pub fn title(&self) -> &str {
        match self.experiment.title.as_str() {
            "" => "Untitled experiment",
            title => title,
        }
    }

    /// The runs that are drawn: (index, look).
    pub fn shown_runs(&self) -> impl Iterator<Item = (usize, u8)> + '_ {
        let looks = self.experiment.looks();
        let runs = self.experiment.runs.iter().enumerate();
        runs.filter(|(run, spec)| spec.visible && *run < self.record.history.traces.len())
            .map(move |(run, _)| (run, looks[run]))
    }
}

impl Lab {
    /// The pinned experiment, while it is one of the objective on show: its trails over another
    /// landscape would say nothing.
    pub fn pinned_here(&self) -> Option<&Pinned> {
        let pinned = self.view.comparison.pinned.as_ref()?;
        let is_same = match pinned.record.checked.objective.landscape() {
            Some(theirs) => *theirs == self.landscape(),
            None => {
                let [theirs, ours] =
                    [&pinned.experiment, &self.experiment].map(|e| e.objective.regression());
                theirs.zip(ours).is_some_and(|(theirs, ours)| {
                    theirs.model == ours.model
                        && (&theirs.target, theirs.loss) == (&ours.target, ours.loss)
                        && theirs.data == ours.data
                })
            }
        };
        is_same.then_some(pinned)
    }

    /// Whether there is a finished record of the present experiment to be pinned.
    pub fn can_pin(&self) -> bool {
        let is_finished = |record: &Arc<Record>| {
            matches!(record.stage, Stage::Done | Stage::Cancelled)
                && record.history.traces.iter().any(|trace| !trace.is_empty())
        };
        !self.is_working() && self.record_here().is_some_and(is_finished)
    }

    /// The loss to be reached: the user's, or the usual one of the objective on record.
    pub fn target(&self) -> Option<f64> {
        let usual = || summary::usual_target(&self.record_here()?.checked);
        self.view.comparison.target.or_else(usual)
    }

    /// The results of every recorded run, and of the pinned ones.
    pub fn results(&self) -> ResultTable {
        let mut sources = Vec::new();
        if let Some(record) = self.record_here() {
            let runs = self.experiment.runs.iter().enumerate();
            sources.push(Source {
                history: &record.history,
                runs: runs
                    .map(|(run, spec)| (run, spec.display_label()))
                    .collect(),
                updates_per_epoch: record.checked.updates_per_epoch(),
                is_pinned: false,
            });
        }
        if let Some(pinned) = self.pinned_here() {
            let label = |(run, _): (usize, u8)| (run, pinned.experiment.runs[run].display_label());
            sources.push(Source {
                history: &pinned.record.history,
                runs: pinned.shown_runs().map(label).collect(),
                updates_per_epoch: pinned.record.checked.updates_per_epoch(),
                is_pinned: true,
            });
        }
        ResultTable::new(&sources, self.target(), self.view.comparison.sorting)
    }
}

/// Carries out a command.
pub fn perform(lab: &mut Lab, ctx: &egui::Context, command: Compare) {
    match command {
        Compare::Pin => pin(lab),
        Compare::Unpin => lab.view.comparison.pinned = None,
        Compare::SortBy(column) => {
            let comparison = &mut lab.view.comparison;
            comparison.sorting = comparison.sorting.clicked(column);
        }
        Compare::Target(target) => lab.view.comparison.target = target,
        Compare::Copy(form) => {
            ctx.copy_text(lab.results().text(form));
            lab.inform(format!(
                "The results are on the clipboard as {}.",
                form.name()
            ));
        }
    }
}

fn pin(lab: &mut Lab) {
    if !lab.can_pin() {
        return;
    }
    let before = lab.view.comparison.pinned.as_ref();
    let serial = before.map_or(0, |pinned| pinned.serial) + 1;
    if let Some(record) = lab.record.clone() {
        lab.view.comparison.pinned = Some(Pinned {
            record,
            experiment: lab.experiment.clone(),
            serial,
        });
    }
}
