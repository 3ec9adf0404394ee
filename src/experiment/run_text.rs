//! A single run as RON text, for the clipboard.

use super::preset::{self, options};
use super::{Experiment, Problem, RunSpec};
use crate::optimizers;
use ron::ser::PrettyConfig;

/// An experiment that any run can be checked in.
const PLAINEST: &str = "(version: 1, objective: Landscape(surface: \"himmelblau\"))";

impl RunSpec {
    /// The run as text that [`RunSpec::from_text`] gives an equal one of.
    pub fn text(&self) -> String {
        let config = PrettyConfig::new()
            .depth_limit(2)
            .new_line("\n")
            .struct_names(false);
        options()
            .to_string_pretty(self, config)
            .expect("a run is plain data that RON can always write")
    }

    /// The run that a text describes.
    ///
    /// # Errors
    /// What is wrong with the text, in words for people: it is not a run, or its rule, its
    /// settings or their values do not exist.
    pub fn from_text(text: &str) -> Result<Self, String> {
        if preset::read(text).is_ok() {
            return Err("it is a whole experiment; a file of it can be opened (Ctrl+O)".into());
        }
        let run: Self = options().from_str(text).map_err(|error| {
            let start = error.span.start;
            format!(
                "it is no run such as (optimizer: \"adam\", learning_rate: 0.001): line {}, \
                 column {}: {}",
                start.line, start.col, error.code
            )
        })?;
        match run.problems().first() {
            None => Ok(run),
            Some(problem) => Err(problem.clone()),
        }
    }

    /// What keeps the run from being computed on any objective.
    fn problems(&self) -> Vec<String> {
        let mut experiment = Experiment::around(self.clone());
        experiment.assign_colours();
        let problems = experiment.check().err().unwrap_or_default();
        // A remedy has its place among tasks, and some rules work on weight matrices alone; the
        // plainest experiment has neither.
        let is_known = optimizers::find(&self.optimizer).is_some();
        let is_own = |problem: &Problem| match problem.place.as_str() {
            "runs[0].remedy" | "runs[0].head" => false,
            "runs[0].optimizer" => !is_known,
            _ => true,
        };
        let own = problems.into_iter().filter(is_own);
        own.map(|problem| problem.to_string().replace("runs[0].", ""))
            .collect()
    }
}

impl Experiment {
    /// The plainest experiment that has this run.
    fn around(run: RunSpec) -> Self {
        let plainest = preset::read(PLAINEST).expect("the text is an experiment; a test reads it");
        Self {
            runs: vec![run],
            ..plainest
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::WrapperSpec;
    use crate::models::continual::{Head, REMEDIES, Remedy};
    use crate::optimizers::{OPTIMIZERS, wrappers};

    #[test]
    fn every_rules_run_goes_there_and_back() {
        for optimizer in OPTIMIZERS {
            let card = optimizer.card();
            let mut run = RunSpec::new(card.id);
            run.learning_rate = Some(0.012_345_678_901_234_5);
            run.label = Some("A \"quoted\"\nlabel 🦀".into());
            run.variant = card.variants.last().map(|variant| variant.id.to_owned());
            run.wrappers = vec![WrapperSpec::new(wrappers::find("ClipNorm").unwrap())];
            run.remedy = Some(Remedy::new(&REMEDIES[4]));
            run.head = Some(Head::Multi);
            assert_eq!(RunSpec::from_text(&run.text()), Ok(run));
        }
    }

    #[test]
    fn what_is_no_run_says_what_is_wrong() {
        for (text, said) in [
            ("", "no run such as"),
            ("some words from a page", "no run such as"),
            ("(optimizer: \"adam\", colours: 3)", "colours"),
            ("(optimizer: \"adamn\")", "adam"),
            (
                "(optimizer: \"adam\", learning_rate: -1.0)",
                "learning_rate",
            ),
            (
                "(optimizer: \"adam\", hyperparameters: {\"beta9\": 1.0})",
                "beta9",
            ),
            (PLAINEST, "whole experiment"),
        ] {
            let error = RunSpec::from_text(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
