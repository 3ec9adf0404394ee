//! What has been searched, in words: the same for every run, or said where not.

use super::{NEIGHBOURS, Question, REACH, Rung, Tuned};
use crate::experiment::{Axis, Criterion, ObjectiveSpec, Spread};

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
    text += &axes(tuned);
    let varied = tuned.iter().flat_map(|tuned| &tuned.axes);
    let left_out = question
        .experiment
        .left_out(varied.map(|axis| &axis.quantity));
    text.extend(left_out.map(|left_out| format!(" {left_out}")));
    text += match rungs {
        [] => " Everything else was as the experiment has it.",
        _ => {
            " Everything else was as the experiment has it: every training began with the same \
             weights and saw the same batches."
        }
    };
    let objective = &question.experiment.objective;
    text += match objective {
        ObjectiveSpec::Network(_) => {
            " The loss is that over all training data; test data had no say."
        }
        ObjectiveSpec::Tasks(_) => {
            " The loss is the mean over the test data of all tasks at the end."
        }
        _ => "",
    };
    text += match objective.landscape().is_some() {
        true => " Trials that left the landscape's range or did not stay finite could not win.",
        false => " Trials that did not stay finite could not win.",
    };
    text += &robustness(question, tuned);
    text
}

/// What was searched of which run.
fn axes(tuned: &[Tuned]) -> String {
    let mut described: Vec<(String, Vec<usize>)> = Vec::new();
    for tuned in tuned {
        let axes: Vec<_> = tuned.axes.iter().map(describe).collect();
        let axes = match axes.is_empty() {
            true => "nothing, since it has none of what is searched".to_owned(),
            false => axes.join(", "),
        };
        match described.iter_mut().find(|(other, _)| *other == axes) {
            Some((_, runs)) => runs.push(tuned.run),
            None => described.push((axes, vec![tuned.run])),
        }
    }
    let mut text = String::new();
    for (axes, runs) in &described {
        let whose = match described.len() {
            1 => "Searched".to_owned(),
            _ => format!("Run {}", list(runs)),
        };
        text += &format!(" {whose}: {axes}.");
    }
    text
}

/// What robustness counts.
fn robustness(question: &Question, tuned: &[Tuned]) -> String {
    if tuned.iter().all(|tuned| tuned.robustness.is_none()) {
        let is_trained = matches!(
            question.experiment.objective,
            ObjectiveSpec::Network(_) | ObjectiveSpec::Tasks(_)
        );
        return match is_trained && tuned.iter().any(|tuned| !tuned.axes.is_empty()) {
            true => {
                " How many neighbours of the best succeed too was not counted: each would be a \
                     training."
                    .to_owned()
            }
            false => String::new(),
        };
    }
    let near = "comes to a loss not farther above the best one than that lies above the least \
                known value, or than a tenth of it";
    let has_target = !question.target.is_nan();
    let counted = |succeeds: bool| {
        tuned
            .iter()
            .any(|tuned| tuned.robustness.is_some() && tuned.verdict.succeeds == succeeds)
    };
    let succeeds = match (has_target && counted(true), !has_target || counted(false)) {
        (true, false) => format!("reaches {} too", question.target),
        (true, true) => format!(
            "reaches {} too (of a run that does not reach it: {near})",
            question.target
        ),
        _ => near.to_owned(),
    };
    format!(
        " Robustness: the share of {NEIGHBOURS} settings beside the best (up to a quarter more or \
         less on logarithmic axes, up to {} % of the range to either side on others) whose run {succeeds}.",
        100.0 * REACH
    )
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
    let each = match question.experiment.objective {
        ObjectiveSpec::Tasks(_) => " of every task",
        _ => "",
    };
    format!("{} epochs{each}", question.experiment.epochs)
}

fn list(runs: &[usize]) -> String {
    let runs: Vec<_> = runs.iter().map(usize::to_string).collect();
    runs.join(", ")
}

fn describe(axis: &Axis) -> String {
    if let Some(values) = &axis.listed {
        let values: Vec<_> = values.iter().map(f64::to_string).collect();
        return format!("{} of {}", axis.quantity, values.join(", "));
    }
    let spread = match axis.spread {
        Spread::Linear => "evenly",
        Spread::Logarithmic => "logarithmically",
    };
    let zero = if axis.zero { "0 and " } else { "" };
    format!(
        "{} {zero}from {} to {} ({spread})",
        axis.quantity, axis.low, axis.high
    )
}
