//! The data that an experiment learns from, as far as `sweep` and `tune` must know them again.

use crate::experiment::Checked;
use crate::models::datasets::{Dataset, Inputs};
use crate::storage::shards::Checksum;
use std::sync::Arc;

/// A checksum of the examples that trials learn from and are tested on; empty where there are
/// none. A file can change behind its name, and the same name can mean another file elsewhere.
pub(super) fn checksum(checked: &Checked) -> Result<String, String> {
    let mut sets: Vec<Arc<Dataset>> = Vec::new();
    if let Some(task) = checked.task() {
        let data = task.data().map_err(|error| error.to_string())?;
        sets.extend([data.train, data.test]);
    }
    if let Some(sequence) = checked.sequence() {
        sets.extend(sequence.datasets().map_err(|error| error.to_string())?);
    }
    if sets.is_empty() {
        return Ok(String::new());
    }
    let mut sum = Checksum::default();
    for set in sets {
        add(&mut sum, &set);
    }
    Ok(sum.text())
}

fn add(sum: &mut Checksum, set: &Dataset) {
    sum.add(format!("{:?} {:?} {}", set.shape, set.classes, set.len()).as_bytes());
    sum.add(&set.labels);
    match &set.inputs {
        Inputs::Pixels(pixels) => sum.add(pixels),
        Inputs::Numbers(numbers) => {
            for number in numbers {
                sum.add(&number.to_le_bytes());
            }
        }
    }
}
