//! What the machine has room for.

use crate::engine::room;
use crate::experiment::{Checked, Problem};
use std::fs;

/// How many bytes programs can still take without the system moving others to the disk; none
/// where it doesn't say.
pub fn available_memory() -> Option<u64> {
    // Linux has this file; where there is none, nothing is refused.
    bytes_in(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")
}

/// How many bytes of memory this program takes; none where the system doesn't say.
fn resident_memory() -> Option<u64> {
    bytes_in(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// The number of kB in the line of a name, in bytes.
fn bytes_in(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    number.checked_mul(1024)
}

/// Why a training that would not fit into this machine's memory is not begun. `under_way` is the
/// one whose place it takes: what that holds becomes free before the new one begins.
pub fn refusal(checked: &Checked, under_way: Option<&Checked>) -> Option<Problem> {
    let held = under_way.and_then(room::of_training).unwrap_or(0) as u64;
    // What it will hold in the end it may not hold yet.
    let held = held.min(resident_memory().unwrap_or(0));
    refusal_with(checked, available_memory()?, held)
}

/// With so many bytes that are free, and so many that will be.
fn refusal_with(checked: &Checked, available: u64, held: u64) -> Option<Problem> {
    let needed = room::of_training(checked)? as u64;
    let available = available.saturating_add(held);
    let when = match held {
        0 => "",
        _ => " once the present training has ended",
    };
    (needed > available).then(|| Problem {
        place: "runs".to_owned(),
        message: format!(
            "all runs with all seeds would take about {} MB, more than the {} MB that are free{when}; \
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
        assert_eq!(bytes_in(text, "MemAvailable:"), Some(8_192_000));
        for other in ["", "MemAvailable:", "MemAvailable: many kB"] {
            assert_eq!(bytes_in(other, "MemAvailable:"), None);
        }
    }

    #[test]
    fn a_training_that_does_not_fit_is_refused_in_numbers() {
        let text = r#"(version: 1, runs: [(optimizer: "adam")], objective: Network(
            data: FashionMnistSample, architecture: "lenet", batch_size: 256))"#;
        let checked = preset::read(text).unwrap().check().unwrap();
        let needed = room::of_training(&checked).unwrap() as u64;
        assert_eq!(refusal_with(&checked, needed, 0), None);
        let refused = refusal_with(&checked, needed - 1, 0).unwrap().to_string();
        assert!(refused.starts_with("runs: all runs"), "{refused}");
        assert!(
            refused.contains(&format!("{} MB", needed >> 20)),
            "{refused}"
        );
        assert!(!refused.contains("present training"), "{refused}");
    }

    #[test]
    fn what_the_present_training_holds_is_free_for_the_next() {
        let text = r#"(version: 1, runs: [(optimizer: "adam")], objective: Network(
            data: FashionMnistSample, architecture: "lenet", batch_size: 256))"#;
        let checked = preset::read(text).unwrap().check().unwrap();
        let needed = room::of_training(&checked).unwrap() as u64;
        // It takes all but nothing of the machine; its own successor, as large, still fits.
        assert_eq!(refusal_with(&checked, 10, needed), None);
        let refused = refusal_with(&checked, 10, needed / 2).unwrap().to_string();
        assert!(
            refused.contains("are free once the present training has ended"),
            "{refused}"
        );
        #[cfg(target_os = "linux")]
        assert!(resident_memory().is_some_and(|bytes| bytes > 0));
    }
}
