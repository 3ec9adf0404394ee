//! What the machine has room for.

use crate::engine::room;
use crate::experiment::{Checked, Problem};
use std::fs;

/// How many bytes programs can still take without the system moving others to the disk; none
/// where it doesn't say.
pub fn available_memory() -> Option<u64> {
    // Linux has this file; where there is none, nothing is refused.
    available_in(&fs::read_to_string("/proc/meminfo").ok()?)
}

fn available_in(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    number.checked_mul(1024)
}

/// Why a training that would not fit into this machine's memory is not begun.
pub fn refusal(checked: &Checked) -> Option<Problem> {
    refusal_with(checked, available_memory()?)
}

fn refusal_with(checked: &Checked, available: u64) -> Option<Problem> {
    let needed = room::of_training(checked)? as u64;
    (needed > available).then(|| Problem {
        place: "runs".to_owned(),
        message: format!(
            "all runs with all seeds would take about {} MB, more than the {} MB that are free; \
             train fewer at once, make the batches or the network smaller, or end other programs",
            needed >> 20,
            available >> 20
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn what_is_available_is_read_in_bytes() {
        let text = "MemTotal:       16000 kB\nMemFree:  10 kB\nMemAvailable:    8000 kB\n";
        assert_eq!(available_in(text), Some(8_192_000));
        for other in ["", "MemAvailable:", "MemAvailable: many kB"] {
            assert_eq!(available_in(other), None);
        }
    }

    #[test]
    fn a_training_that_does_not_fit_is_refused_in_numbers() {
        let text = r#"(version: 1, runs: [(optimizer: "adam")], objective: Network(
            data: FashionMnistSample, architecture: "lenet", batch_size: 256))"#;
        let checked = preset::read(text).unwrap().check().unwrap();
        let needed = room::of_training(&checked).unwrap() as u64;
        assert_eq!(refusal_with(&checked, needed), None);
        let refused = refusal_with(&checked, needed - 1).unwrap().to_string();
        assert!(refused.starts_with("runs: all runs"), "{refused}");
        assert!(
            refused.contains(&format!("{} MB", needed >> 20)),
            "{refused}"
        );
    }
}
