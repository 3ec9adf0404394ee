//! What has been searched, in words: the same for every run, or said where not.

use super::{NEIGHBOURS, Question, Tuned};
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
    let mut text = format!(
        "Judged by {judged}. {budget}: a quarter spread evenly (Sobol sequence, seed {}), the rest \
         around the best.",
        question.seed
    );
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
    text += " Everything else was as the experiment has it. Trials that left the landscape's \
             range or did not stay finite could not win.";
    text += &format!(
        " Robustness: the share of {NEIGHBOURS} settings beside the best (up to a quarter more \
         or less on logarithmic axes) that succeed too."
    );
    text
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
