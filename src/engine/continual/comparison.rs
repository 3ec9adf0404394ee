//! Remedies side by side over several seeds: means, their spread, and what lies within it.

use super::Results;
use crate::engine::History;
use crate::engine::over_seeds::{Spread, Standing};
use crate::experiment::Checked;
use crate::models::continual::{AccuracyMatrix, Head};

/// What a run has learnt and forgotten, over all seeds. Shares are from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The run's number.
    pub run: usize,
    /// Which outputs answered for a task.
    pub head: Head,
    /// The remedy's name in files.
    pub remedy: &'static str,
    /// Whether it diverged with some seed: then there is no end that tasks could be known at, and
    /// no number over all of them.
    pub has_diverged: bool,
    /// The accuracy on every finished task at the end.
    pub at_the_end: Vec<Spread>,
    /// The accuracy on every task just after it.
    pub when_learnt: Vec<Spread>,
    /// ACC: over all finished tasks at the end.
    pub mean_accuracy: Option<Spread>,
    /// BWT; negative is forgetting.
    pub backward_transfer: Option<Spread>,
    /// Against the best that a task ever had.
    pub forgetting: Option<Spread>,
    /// Against what it had just after it.
    pub forgetting_of_first: Option<Spread>,
    /// Against joint training with the same head and rule, where that is another run.
    pub intransigence: Option<Spread>,
    /// Copies of examples that the remedy keeps.
    pub kept_examples: u64,
    /// How the mean accuracy lies to fine-tuning's with the same head and rule, where that is
    /// another run, neither has diverged and there are several seeds.
    pub against_fine_tuning: Option<Standing>,
}

/// Every run over all seeds.
pub fn compare(checked: &Checked, history: &History) -> Vec<Compared> {
    let all = Results::all(checked, history);
    let runs = 0..checked.runs.len();
    let of_run = |run: usize| {
        let own = all.iter().filter(move |(number, ..)| *number == run);
        own.map(|(.., results)| results).collect::<Vec<_>>()
    };
    let mean_accuracies = |run: usize| -> Option<Vec<f64>> {
        let own = of_run(run);
        own.iter().map(|results| results.mean_accuracy()).collect()
    };
    let mut compared: Vec<Compared> = runs.filter_map(|run| one(run, &of_run(run))).collect();
    for index in 0..compared.len() {
        let standing = fine_tuning(checked, &compared, index).and_then(|reference| {
            let own = mean_accuracies(compared[index].run)?;
            Standing::of(&own, &mean_accuracies(reference)?)
        });
        compared[index].against_fine_tuning = standing;
    }
    compared
}

fn one(run: usize, seeds: &[&Results]) -> Option<Compared> {
    let first = seeds.first()?;
    let tasks = seeds.iter().map(|r| r.matrix.rows.len()).min()?;
    let of = |value: &dyn Fn(&Results) -> Option<f64>| {
        Spread::of_all(seeds.iter().map(|results| value(results)))
    };
    let by_task = |value: &dyn Fn(&AccuracyMatrix, usize) -> f64| {
        let spread = |task: usize| of(&|results| Some(value(&results.matrix, task)));
        (0..tasks).filter_map(spread).collect()
    };
    let has_diverged = seeds.iter().any(|results| results.has_diverged);
    let at_the_end = by_task(&|matrix, task| matrix.rows[tasks - 1][task]);
    Some(Compared {
        run,
        head: first.head,
        remedy: first.remedy,
        has_diverged,
        at_the_end: if has_diverged { Vec::new() } else { at_the_end },
        when_learnt: by_task(&|matrix, task| matrix.rows[task][task]),
        mean_accuracy: of(&Results::mean_accuracy),
        backward_transfer: of(&Results::backward_transfer),
        forgetting: of(&Results::forgetting),
        forgetting_of_first: of(&Results::forgetting_of_first),
        intransigence: of(&|results| results.intransigence),
        kept_examples: first.kept_examples,
        against_fine_tuning: None,
    })
}

/// The number of the run that fine-tunes with the same head and rule, where that is another one.
fn fine_tuning(checked: &Checked, compared: &[Compared], index: usize) -> Option<usize> {
    let own = &compared[index];
    let rule = |run: usize| checked.runs[run].optimizer.card().id;
    let reference = compared.iter().find(|other| {
        other.remedy == "FineTuning" && other.head == own.head && rule(other.run) == rule(own.run)
    })?;
    (reference.run != own.run).then_some(reference.run)
}
