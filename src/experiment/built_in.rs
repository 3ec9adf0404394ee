//! The experiments that come with the program.

use super::{Experiment, preset};

/// An experiment that is part of the program.
#[derive(Debug)]
pub struct BuiltIn {
    /// The name on the command line: its file's name without `.ron`.
    pub id: &'static str,
    /// Its file's text.
    pub text: &'static str,
}

/// Gives a file of `assets/presets` its id, so that the name stands once.
macro_rules! built_in {
    ($id:literal) => {
        BuiltIn {
            id: $id,
            text: include_str!(concat!("../../assets/presets/", $id, ".ron")),
        }
    };
}

/// Every built-in experiment, in gallery order.
pub static BUILT_IN: &[BuiltIn] = &[
    built_in!("ai_notes_1"),
    built_in!("ai_notes_2"),
    built_in!("ai_notes_3"),
    built_in!("ai_notes_4"),
    built_in!("hw3_q1"),
    built_in!("hw3_q1_case_1"),
    built_in!("hw3_q1_case_2"),
    built_in!("hw3_q1_case_3"),
    built_in!("hw3_q1_a"),
    built_in!("hw3_q1_b"),
    built_in!("hw3_q1_c"),
    built_in!("hw3_q1_d"),
    built_in!("hw3_q1_e"),
    built_in!("hw3_q1_g"),
    built_in!("hw3_q2_high"),
    built_in!("hw3_q2_low"),
    built_in!("hw3_q3a"),
    built_in!("hw3_q3a_page"),
    built_in!("hw3_q3b_start"),
    built_in!("hw3_q3b"),
    built_in!("hw3_q4"),
    built_in!("hw3_q4_strength"),
    built_in!("hw3_q4_neurons"),
    built_in!("hw3_q4_three"),
    built_in!("hw3_q4_optimizers"),
    built_in!("hw3_q4_plane"),
    built_in!("hw3_q4_surfaces"),
    built_in!("hw3_q5"),
    built_in!("hw3_q6"),
    built_in!("hw3_q6_factor"),
    built_in!("hw3_q6_warmup"),
    built_in!("hw3_q6_sharpness"),
    built_in!("split_multi"),
    built_in!("split_single"),
    built_in!("own_formula"),
];

/// The built-in experiment with this id.
pub fn find(id: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|built_in| built_in.id == id)
}

impl BuiltIn {
    /// The experiment, with a colour for every run.
    ///
    /// # Panics
    /// When the text is not an experiment; a test reads all of them.
    pub fn experiment(&self) -> Experiment {
        let mut experiment =
            preset::read(self.text).expect("built-in experiments are readable; a test holds it");
        experiment.assign_colours();
        experiment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_reads_and_has_no_problems() {
        for built_in in BUILT_IN {
            let experiment = built_in.experiment();
            assert_eq!(experiment.tune_problems(), [], "{}", built_in.id);
            let problems = experiment.check().err();
            assert_eq!(problems, None, "{}", built_in.id);
            assert!(!experiment.runs.is_empty(), "{}", built_in.id);
        }
    }

    #[test]
    fn every_one_has_a_title_of_its_own_and_notes() {
        for (index, built_in) in BUILT_IN.iter().enumerate() {
            let experiment = built_in.experiment();
            assert!(!experiment.title.trim().is_empty(), "{}", built_in.id);
            assert!(experiment.notes.len() > 200, "{}", built_in.id);
            for other in &BUILT_IN[..index] {
                assert_ne!(other.id, built_in.id);
                assert_ne!(other.experiment().title, experiment.title);
            }
        }
    }

    #[test]
    fn runs_get_different_colours() {
        for built_in in BUILT_IN {
            let experiment = built_in.experiment();
            assert!(experiment.runs.iter().all(|run| run.colour.is_some()));
            // There are eight colours; of more runs than that, no more are drawn.
            let drawn: Vec<_> = experiment.runs.iter().filter(|run| run.visible).collect();
            for (index, run) in drawn.iter().enumerate() {
                let others = &drawn[..index];
                assert!(others.iter().all(|other| other.colour != run.colour));
            }
        }
    }

    #[test]
    fn they_are_found_by_id() {
        assert_eq!(find("hw3_q3a").unwrap().id, "hw3_q3a");
        assert!(find("hw3_q3z").is_none());
    }
}
