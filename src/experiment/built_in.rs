//! The experiments that come with the program.

use super::{Experiment, preset};

/// An experiment that comes with the program.
#[derive(Debug)]
pub struct BuiltIn {
    /// Its name on the command line: the file name without `.ron`.
    pub id: &'static str,
    /// The text of its file.
    pub text: &'static str,
}

/// Every built-in experiment, in menu order.
pub static BUILT_IN: &[BuiltIn] = &[BuiltIn {
    id: "hw3_q3a",
    text: include_str!("../../assets/presets/hw3_q3a.ron"),
}];

/// The built-in experiment with this id.
pub fn find(id: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|built_in| built_in.id == id)
}

impl BuiltIn {
    /// What its text says.
    ///
    /// # Panics
    /// When the text is not an experiment, which the tests rule out.
    pub fn experiment(&self) -> Experiment {
        preset::read(self.text).expect("every built-in text is read by a test")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_experiment_is_valid() {
        for built_in in BUILT_IN {
            assert!(built_in.experiment().check().is_ok(), "{}", built_in.id);
        }
    }
}
