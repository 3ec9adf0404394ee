//! Experiments as RON text.

use super::{Experiment, Problem, newer, outline, position, spec};
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Deserialize;
use std::fmt;
use thiserror::Error;

/// Why a text is not an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The text breaks RON's grammar, or has a field or a name that does not exist.
    #[error("line {line}, column {column}: {message}")]
    Text {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A later program wrote it.
    #[error(
        "the file has format version {version}; this program knows version 1. Open it in a newer \
         Descent Lab, or in this one's window, which shows the parts that it understands"
    )]
    Newer {
        /// The version that the file names.
        version: u32,
    },
}

/// A problem with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedProblem {
    /// Line in the file, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for PlacedProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.problem
        )
    }
}

/// What a newer file gives here, and what it has beyond that.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial {
    /// The part that is understood; always valid.
    pub experiment: Experiment,
    /// What was left out, one line each; empty for a file of this version.
    pub left_out: Vec<String>,
}

/// The experiment that a text describes.
///
/// # Errors
/// The first error of grammar, or an unknown field or schedule, with its place; or that the
/// file is of a newer version. Errors of meaning are found by [`Experiment::check`].
pub fn read(text: &str) -> Result<Experiment, ReadError> {
    let version = version_of(text)?;
    if version > spec::VERSION {
        return Err(ReadError::Newer { version });
    }
    parse(text)
}

/// The experiment of a text of any version, without the parts that are not understood.
///
/// # Errors
/// As [`read`] for a text of this version; for a newer one, when nothing runnable is left.
pub fn read_as_far_as_understood(text: &str) -> Result<Partial, ReadError> {
    match read(text) {
        Err(ReadError::Newer { .. }) => newer::read(text),
        other => other.map(|experiment| Partial {
            experiment,
            left_out: Vec::new(),
        }),
    }
}

/// The text of an experiment; [`read`] gives an equal one back.
pub fn write(experiment: &Experiment) -> String {
    let config = PrettyConfig::new()
        .depth_limit(3)
        .new_line("\n")
        .struct_names(false);
    let mut text = options()
        .to_string_pretty(experiment, config)
        .expect("an experiment is plain data that RON can always write");
    text.push('\n');
    text
}

/// Every problem of meaning, with its place in the text.
pub fn place_problems(text: &str, problems: Vec<Problem>) -> Vec<PlacedProblem> {
    let mut outline = outline::Outline::new(text);
    let offsets: Vec<_> = problems
        .iter()
        .map(|problem| outline.locate(&problem.place))
        .collect();
    let places = position::lines_and_columns(text, &offsets);
    problems
        .into_iter()
        .zip(places)
        .map(|(problem, (line, column))| PlacedProblem {
            line,
            column,
            problem,
        })
        .collect()
}

pub(super) fn options() -> ron::Options {
    let extensions = Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES;
    ron::Options::default().with_default_extension(extensions)
}

/// Only the version, whatever else the file says.
#[derive(Deserialize)]
struct Versioned {
    version: Option<u32>,
}

fn version_of(text: &str) -> Result<u32, ReadError> {
    if text.trim().is_empty() {
        return Err(ReadError::Text {
            line: 1,
            column: 1,
            message: "the file is empty; an experiment begins with `(version: 1, …`".into(),
        });
    }
    match options().from_str::<Versioned>(text) {
        Ok(found) => Ok(found.version.unwrap_or(spec::VERSION)),
        // A newer grammar inside an otherwise readable outline still names its version.
        Err(error) => outline::entries(text, 0..text.len())
            .iter()
            .find(|entry| entry.key == Some("version"))
            .and_then(|entry| text[entry.value.clone()].parse().ok())
            .ok_or_else(|| text_error(text, &error)),
    }
}

pub(super) fn parse(text: &str) -> Result<Experiment, ReadError> {
    options()
        .from_str(text)
        .map_err(|error| text_error(text, &error))
}

pub(super) fn text_error(text: &str, error: &ron::error::SpannedError) -> ReadError {
    use ron::Error::{NoSuchEnumVariant, NoSuchStructField};
    let hint = match &error.code {
        NoSuchStructField {
            expected, found, ..
        }
        | NoSuchEnumVariant {
            expected, found, ..
        } => super::check::nearest(found, expected.iter().copied()),
        _ => None,
    };
    let mut message = error.code.to_string();
    if let Some(known) = hint {
        message += &format!("; did you mean `{known}`?");
    }
    let offset = position::offset_of(text, error.span.start.line, error.span.start.col);
    let (line, column) = position::line_and_column(text, offset);
    ReadError::Text {
        line,
        column,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::RateEvent;
    use crate::experiment::WrapperSpec;
    use crate::experiment::{ObjectiveSpec, RunSpec};
    use crate::models::continual::{Head, REMEDIES, Remedy};
    use crate::optimizers::wrappers::WRAPPERS;
    use crate::schedules::tests::any_schedule;
    use proptest::prelude::*;
    use std::time::Instant;

    const SMALL: &str = r#"(version: 1, objective: Landscape(surface: "beale"), runs: [(optimizer: "sgd", learning_rate: 1e-3)])"#;

    #[test]
    fn the_example_of_the_file_format_reads() {
        let text = r#"(
    version: 1,
    title: "AI Notes, landscape 3: Rosenbrock",
    notes: "Markdown, optional",
    objective: Landscape(surface: "rosenbrock", start: (-1.54, -0.64), noise: 0.0),
    epochs: 150,
    seed: 0,
    runs: [
        (optimizer: "sgd", learning_rate: 0.001),
        (optimizer: "momentum", learning_rate: 0.001, hyperparameters: {"momentum": 0.9}),
        (optimizer: "adam", learning_rate: 0.001, schedule: InverseTime(rate: 0.01), label: "Adam, decayed"),
    ],
)"#;
        let experiment = read(text).unwrap();
        assert_eq!(experiment.start(), [-1.54, -0.64]);
        assert_eq!(experiment.runs[2].display_label(), "Adam, decayed");
        assert!(experiment.check().is_ok());
        assert_eq!(read(&write(&experiment)).unwrap(), experiment);
    }

    #[test]
    fn absent_fields_take_defaults() {
        let experiment = read(SMALL).unwrap();
        assert_eq!((experiment.epochs, experiment.seed), (150, 0));
        assert!(experiment.runs[0].visible);
    }

    #[test]
    fn a_misspelt_field_is_named_with_place_and_nearest() {
        let error = read(&SMALL.replace("learning_rate", "learnin_rate")).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("line 1, column") && text.contains("learnin_rate"),
            "{text}"
        );
        assert!(text.ends_with("did you mean `learning_rate`?"), "{text}");
    }

    #[test]
    fn an_unknown_schedule_is_named_with_the_nearest() {
        let text = SMALL.replace("1e-3", "1e-3, schedule: InverseTme(rate: 1)");
        let text = read(&text).unwrap_err().to_string();
        assert!(
            text.contains("InverseTme") && text.contains("did you mean `InverseTime`?"),
            "{text}"
        );
    }

    #[test]
    fn empty_truncated_and_deeply_nested_texts_are_errors_with_a_place() {
        for text in [
            "",
            "   \n",
            "(version: 1,",
            "(((",
            &"(".repeat(10_000),
            "\u{0}",
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with("line "), "{error}");
        }
    }

    #[test]
    fn problems_of_meaning_get_line_and_column() {
        let text = "(\n  version: 1,\n  objective: Landscape(surface: \"beale\"),\n  runs: [\n    \
                    (optimizer: \"sgd\", learning_rate: -1),\n  ],\n)";
        let problems = read(text).unwrap().check().unwrap_err();
        let placed = place_problems(text, problems);
        assert_eq!((placed[0].line, placed[0].column), (5, 39));
    }

    #[test]
    fn a_newer_file_is_refused_by_read_and_opened_in_part() {
        let text = r#"(
    version: 2,
    title: "from the future",
    colour_scheme: Night,
    objective: Landscape(surface: "beale"),
    runs: [
        (optimizer: "sgd", learning_rate: 0.5, telepathy: true),
        (optimizer: "adam", schedule: Oracle(depth: 3)),
        (optimizer: "quantum_descent"),
    ],
)"#;
        assert_eq!(read(text), Err(ReadError::Newer { version: 2 }));
        let partial = read_as_far_as_understood(text).unwrap();
        let ids: Vec<_> = partial
            .experiment
            .runs
            .iter()
            .map(|r| r.optimizer.as_str())
            .collect();
        assert_eq!(ids, ["sgd", "adam"]);
        assert_eq!(partial.experiment.runs[0].learning_rate, Some(0.5));
        assert_eq!(partial.experiment.title, "from the future");
        assert_eq!(partial.left_out.len(), 4, "{:#?}", partial.left_out);
        for name in ["colour_scheme", "telepathy", "Oracle", "quantum_descent"] {
            assert!(
                partial.left_out.iter().any(|line| line.contains(name)),
                "{name}"
            );
        }
    }

    #[test]
    fn a_newer_file_with_an_unknown_objective_is_refused_with_its_place() {
        let text = r#"(version: 7, objective: Universe(size: 3), runs: [])"#;
        let error = read_as_far_as_understood(text).unwrap_err().to_string();
        assert!(error.contains("Universe"), "{error}");
    }

    #[test]
    fn a_large_file_of_nothing_but_problems_is_answered_soon() {
        let begun = Instant::now();
        let runs = "(optimizer: \"x\"),\n".repeat(100_000);
        let text =
            format!("(version: 1, objective: Landscape(surface: \"beale\"), runs: [{runs}])");
        let placed = place_problems(&text, read(&text).unwrap().check().unwrap_err());
        // One for each run, and one for their number.
        assert_eq!(placed.len(), 100_001);
        assert_eq!(
            (placed[100_000].line, placed[100_000].column),
            (100_000, 13)
        );
        let fields: String = (0..200_000).map(|i| format!("f{i}: 1, ")).collect();
        let text = format!("(version: 2, objective: Landscape(surface: \"beale\"), {fields})");
        let error = read_as_far_as_understood(&text).unwrap_err().to_string();
        assert!(
            error.contains("parts of this newer file are not understood"),
            "{error}"
        );
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }

    fn any_run() -> impl Strategy<Value = RunSpec> {
        (
            "[a-z_]{0,12}",
            proptest::option::of(any::<f64>().prop_filter("equal to itself", |x| !x.is_nan())),
            proptest::option::of(".{0,20}"),
            proptest::option::of(0..8_u8),
            any::<bool>(),
            any_schedule(),
            proptest::collection::btree_map("[a-z0-9_]{1,8}", -1e300..1e300, 0..3),
            (
                proptest::option::of("[a-z_]{0,8}"),
                proptest::collection::vec(any_wrapper(), 0..3),
                proptest::option::of(any_remedy()),
                proptest::option::of(prop_oneof![
                    Just(Head::Single),
                    Just(Head::Growing),
                    Just(Head::Multi)
                ]),
                proptest::collection::vec(any_event(), 0..3),
            ),
        )
            .prop_map(
                |(
                    optimizer,
                    learning_rate,
                    label,
                    colour,
                    visible,
                    schedule,
                    hyperparameters,
                    (variant, wrappers, remedy, head, events),
                )| {
                    RunSpec {
                        optimizer,
                        learning_rate,
                        schedule,
                        events,
                        variant,
                        hyperparameters,
                        wrappers,
                        remedy,
                        head,
                        label,
                        colour,
                        visible,
                    }
                },
            )
    }

    fn any_event() -> impl Strategy<Value = RateEvent> {
        let fields = (any::<u64>(), -1e300..1e300);
        fields.prop_map(|(step, learning_rate)| RateEvent {
            step,
            learning_rate,
        })
    }

    fn any_remedy() -> impl Strategy<Value = Remedy> {
        (0..REMEDIES.len(), -1e300..1e300).prop_map(|(index, value)| {
            let mut remedy = Remedy::new(&REMEDIES[index]);
            remedy.settings.fill(value);
            remedy
        })
    }

    fn any_wrapper() -> impl Strategy<Value = WrapperSpec> {
        (0..WRAPPERS.len(), -1e300..1e300).prop_map(|(index, value)| {
            let mut spec = WrapperSpec::new(WRAPPERS[index]);
            spec.settings.fill(value);
            spec
        })
    }

    proptest! {
        #[test]
        fn every_experiment_survives_writing_and_reading(
            title in ".{0,30}", notes in "(?s).{0,60}", epochs: u64, seed: u64,
            surface in "[a-z]{0,10}", start: Option<[i32; 2]>, noise in 0.0..1e30,
            settings in proptest::collection::btree_map("[a-z_]{1,8}", -1e300..1e300, 0..3),
            expression in proptest::option::of("(?s).{0,40}"),
            runs in proptest::collection::vec(any_run(), 0..5),
            (starts, seeds) in (
                proptest::collection::vec(proptest::collection::vec(-1e300..1e300, 0..4), 0..3),
                proptest::collection::vec(any::<u64>(), 0..3),
            ),
        ) {
            let experiment = Experiment {
                version: 1, title, notes,
                objective: match expression {
                    None => ObjectiveSpec::Landscape {
                        surface, start: start.map(|s| s.map(|w| f64::from(w) / 7.0)), noise,
                        settings,
                    },
                    Some(expression) => ObjectiveSpec::Formula {
                        expression, then: Vec::new(), w1: (-noise, noise / 3.0), w2: (noise, 1.0 / 3.0),
                        start: start.map(|s| s.map(|w| f64::from(w) / 7.0)), noise,
                    },
                },
                epochs, seed, starts, seeds, runs,
                tune: None,
            };
            let text = write(&experiment);
            prop_assert_eq!(read(&text), Ok(experiment), "{}", text);
        }

        #[test]
        fn no_text_makes_reading_panic(text in "(?s).{0,200}") {
            let _ = read(&text);
            let _ = read_as_far_as_understood(&text);
        }

        #[test]
        fn no_truncation_or_damage_makes_reading_panic(cut in 0..140_usize, put in "[()\\[\\]\",:2x]{0,3}") {
            let text = SMALL.replace("version: 1", "version: 2");
            let mut damaged: String = text.chars().take(cut).collect();
            damaged += &put;
            damaged.extend(text.chars().skip(cut + 1));
            let _ = read(&damaged);
            let _ = read_as_far_as_understood(&damaged);
        }
    }
}
