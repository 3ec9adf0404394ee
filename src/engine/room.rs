//! How much memory a training takes, before it begins.

use super::training::snapshots;
use crate::experiment::{Checked, CheckedRun};
use crate::models::network::Network;
use crate::optimizers::{Shape, Slot};

/// Vectors with a number a parameter that every run has beside what its rule remembers:
/// parameters, start, gradients, and what a step needs while it is made.
const VECTORS: usize = 6;

/// About how many bytes all runs of a training with all seeds take together: their networks, their
/// parameters, what their rules remember, and the weights that a window keeps. None where nothing
/// is trained, whose records are bounded by themselves.
///
/// What remedies against forgetting keep, and the data, come on top.
pub fn of_training(checked: &Checked) -> Option<usize> {
    let task = checked.task().map(|task| task.bytes_per_run());
    let sequence = checked
        .sequence()
        .map(|sequence| Network::<f32>::bytes(sequence.plan(), sequence.batch_size()));
    let network = task.or(sequence)?;
    let shapes = checked.objective.shapes();
    let of_run =
        |run: &CheckedRun| network.saturating_add(numbers(run, &shapes) * size_of::<f32>());
    let runs = checked
        .runs
        .iter()
        .map(of_run)
        .fold(0, usize::saturating_add);
    let seeds = checked.variations.len() + 1;
    let latest = checked.parameters() * checked.runs.len() * size_of::<f32>();
    let kept = snapshots::MOST_BYTES.max(latest);
    Some(runs.saturating_mul(seeds).saturating_add(kept))
}

/// How many numbers a run has in vectors.
fn numbers(run: &CheckedRun, shapes: &[Shape]) -> usize {
    let parameters: usize = shapes.iter().map(|shape| shape.size()).sum();
    let size = |slot: &Slot| slot.extent.size(shapes);
    let rule: usize = run.optimizer.card().slots.iter().map(size).sum();
    let around = run.wrappers.iter().flat_map(|wrapper| wrapper.card().slots);
    VECTORS * parameters + rule + around.map(size).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    fn bytes(runs: &str, seeds: &str) -> Option<usize> {
        let text = format!(
            "(version: 1, seeds: [{seeds}], runs: [{runs}], objective: Network(data: \
             FashionMnistSample, architecture: \"lenet\", batch_size: 256))"
        );
        of_training(&preset::read(&text).unwrap().check().unwrap())
    }

    #[test]
    fn runs_seeds_rules_and_wrappers_count() {
        let adam = r#"(optimizer: "adam"),"#;
        let sgd = r#"(optimizer: "sgd"),"#;
        let averaged = r#"(optimizer: "sgd", wrappers: [Averaged()]),"#;
        let kept = snapshots::MOST_BYTES;
        let of = |runs: &str, seeds: &str| bytes(runs, seeds).unwrap() - kept;
        assert_eq!(of(&adam.repeat(3), "0"), 3 * of(adam, "0"));
        assert_eq!(of(adam, "0, 1, 2, 3"), 4 * of(adam, "0"));
        assert!(of(adam, "0") > of(sgd, "0"));
        assert!(of(averaged, "0") > of(sgd, "0"));
        let landscape = r#"(version: 1, objective: Landscape(surface: "booth"))"#;
        let checked = preset::read(landscape).unwrap().check().unwrap();
        assert_eq!(of_training(&checked), None);
    }
}
