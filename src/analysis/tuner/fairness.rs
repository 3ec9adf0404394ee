//! What has been searched, in words: the same for every run, or said where not.

use super::{NEIGHBOURS, Question, Rung, Tuned};
use crate::experiment::{Axis, Criterion, Spread};

/// A paragraph that says what was searched for these runs, how, and what did not count.
pub fn note(question: &Question, tuned: &[Tuned]) -> String {
    let spent: Vec<u64> = tuned.iter().map(|tuned| tuned.searched).collect();
    let budget = match (spent.iter().min(), spent.iter().max()) {
        (Some(least), Some(most)) if least == most => format!("{most} trials for each run"),
        (Some(least), Some(most)) => format!("between {least} and {most} trials a run"),
        _ => "no trials".to_owned(),
    };
    let judged = match question.criterion {
        Criterion::BestLoss => format!("the lowest loss within {}", epochs(question)),
        Criterion::FirstTouch => format!(
            "the fewest epochs until the loss first is at most {}, within {}",
            question.target,
            epochs(question)
        ),
        Criterion::Stays => format!(
            "the fewest epochs until the loss is at most {} and stays so to epoch {}",
            question.target, question.experiment.epochs
        ),
    };
    let rungs = tuned.first().map_or(&[][..], |tuned| &tuned.rungs);
    let how = match rungs {
        [] => format!(
            "a quarter spread evenly (Sobol sequence, seed {}), the rest around the best",
            question.seed
        ),
        _ => format!(
            "the present setting, and the others spread evenly (Sobol sequence, seed {}). \
             Successive halving (K. Jamieson & A. Talwalkar, AISTATS 2016, arXiv:1502.07943): {}",
            question.seed,
            rounds(rungs)
        ),
    };
    let mut text = format!("Judged by {judged}. {budget}: {how}.");
    let mut described: Vec<(String, Vec<usize>)> = Vec::new();
    for tuned in tuned {
        let axes: Vec<_> = tuned.axes.iter().map(describe).collect();
        let axes = axes.join(", ");
        match described.iter_mut().find(|(other, _)| *other == axes) {
            Some((_, runs)) => runs.push(tuned.run),
            None => described.push((axes, vec![tuned.run])),
        }
    }
    for (axes, runs) in &described {
        let whose = match described.len() {
            1 => "Searched".to_owned(),
            _ => format!("Run {}", list(runs)),
        };
        text += &format!(" {whose}: {axes}.");
    }
    if rungs.is_empty() {
        text += " Everything else was as the experiment has it. Trials that left the landscape's \
                 range or did not stay finite could not win.";
        text += &format!(
            " Robustness: the share of {NEIGHBOURS} settings beside the best (up to a quarter more \
             or less on logarithmic axes) that succeed too."
        );
    } else {
        text += " Everything else was as the experiment has it: every training began with the \
                 same weights and saw the same batches. The loss is that over all training data; \
                 test data had no say. Trainings that did not stay finite could not win. How many \
                 neighbours of the best succeed too was not counted: each would be a training.";
    }
    text
}

/// What successive halving trained, for how long.
fn rounds(rungs: &[Rung]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (index, rung) in rungs.iter().enumerate() {
        let epochs = match rung.end {
            1 => "1 epoch".to_owned(),
            end => format!("{end} epochs"),
        };
        parts.push(match index {
            0 => format!("all {} were trained for {epochs}", rung.trials),
            _ => format!("the best {} for {epochs}", rung.best),
        });
    }
    let trained: u64 = rungs.iter().map(Rung::epochs_trained).sum();
    let present = match rungs.len() {
        1 => "",
        _ => ", and the present setting to the end in any case",
    };
    format!(
        "{}{present}; {trained} epochs of training at most for each run",
        parts.join(", ")
    )
}

fn epochs(question: &Question) -> String {
    format!("{} epochs", question.experiment.epochs)
}

fn list(runs: &[usize]) -> String {
    let runs: Vec<_> = runs.iter().map(usize::to_string).collect();
    runs.join(", ")
}

fn describe(axis: &Axis) -> String {
    let spread = match axis.spread {
        Spread::Linear => "evenly",
        Spread::Logarithmic => "logarithmically",
    };
    format!(
        "{} from {} to {} ({spread})",
        axis.quantity, axis.low, axis.high
    )
}
