//! The table of the AdaBelief paper: which rule takes large steps and which small ones, where
//! large ones would do. Worked out from runs, not written down.

use super::explanation::{self, Explanation, NoSuchStep};
use crate::engine::Replay;
use crate::experiment::{Checked, Experiment, built_in};
use std::fmt::Write;

/// The built-in experiments that are the paper's three cases.
pub const CASES: [&str; 3] = ["hw3_q1_case_1", "hw3_q1_case_2", "hw3_q1_case_3"];

/// Digits of the numbers in a table.
const DIGITS: usize = 4;

/// Small or large, among the cases that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Below the widest gap between the values.
    Small,
    /// Above it.
    Large,
}

/// A quantity in every case.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is of: a rule, or nothing in particular.
    pub name: String,
    /// What it is, as a formula.
    pub formula: String,
    /// Its value in every case.
    pub values: Vec<f64>,
    /// Whether that is small or large among them.
    pub sizes: Vec<Size>,
}

/// How rules size their steps in several cases (N. Zhuang et al.'s are a flat surface, a narrow
/// valley, and one that is steep but hardly curved).
#[derive(Clone, Debug, PartialEq)]
pub struct StepSizes {
    /// What the cases are called.
    pub cases: Vec<String>,
    /// The update that was looked at, from 1.
    pub step: u64,
    /// |g| at the step that was looked at, as the first run met it.
    pub gradient: Row,
    /// The mean |g_t − g_(t−1)| of the first run up to there.
    pub change: Row,
    /// What would be right: small where the gradient changes.
    pub ideal: Vec<Size>,
    /// What every rule multiplies the gradient's direction by: α|g| for one that divides by
    /// nothing, α/(√v̂ + ε) or α/(√ŝ + ε) for one that does.
    pub factors: Vec<Row>,
    /// How far every rule's step really went.
    pub steps: Vec<Row>,
}

/// The experiment's runs on each of the paper's three cases, long enough for update `step`; where
/// the experiment is one of the cases, that one as it is.
pub fn cases_of(experiment: &Experiment, step: u64) -> Vec<Experiment> {
    let mut cases = Vec::new();
    for case in CASES.iter().filter_map(|id| built_in::find(id)) {
        let mut case = case.experiment();
        if is_same_case(experiment, &case) {
            case.objective = experiment.objective.clone();
            case.starts.clone_from(&experiment.starts);
        }
        case.runs.clone_from(&experiment.runs);
        case.epochs = case.epochs.max(step);
        cases.push(case);
    }
    cases
}

/// The formulas of the paper's cases.
pub fn expressions() -> Vec<String> {
    let cases = CASES.iter().filter_map(|id| built_in::find(id));
    let experiments = cases.map(|case| case.experiment());
    experiments
        .filter_map(|case| case.objective.expression().map(str::to_owned))
        .collect()
}

fn is_same_case(experiment: &Experiment, case: &Experiment) -> bool {
    let expression = experiment.objective.expression();
    expression.is_some() && expression == case.objective.expression()
}

/// Looks at update `step` of every case; the cases have the same rules in the same order, and the
/// first parameter is the one that is looked at.
///
/// # Errors
/// When a run never made that step.
pub fn step_sizes(cases: &[Checked], step: u64) -> Result<StepSizes, NoSuchStep> {
    let mut of_rules = Vec::new();
    let runs = cases.iter().map(|case| case.runs.len()).min().unwrap_or(0);
    for run in 0..runs {
        let explained = cases
            .iter()
            .map(|case| explanation::explain(case, run, step));
        of_rules.push(explained.collect::<Result<Vec<Explanation>, _>>()?);
    }
    let changes: Vec<f64> = cases.iter().map(|case| mean_change(case, step)).collect();
    let first = of_rules.first().map_or(&[][..], Vec::as_slice);
    let change = Row::new("", "mean |g − g⁻|", changes);
    let ideal = change.sizes.iter().map(|size| match size {
        Size::Small => Size::Large,
        Size::Large => Size::Small,
    });
    let slopes = first.iter().map(|of| of.gradient[0].abs()).collect();
    Ok(StepSizes {
        cases: cases.iter().map(|case| name(&case.experiment)).collect(),
        step,
        gradient: Row::new("", "|g|", slopes),
        ideal: ideal.collect(),
        change,
        factors: of_rules.iter().map(|of| factors(of)).collect(),
        steps: of_rules.iter().map(|of| steps(of)).collect(),
    })
}

/// What follows the last colon of the title: "AdaBelief, case 1: flat" is flat.
fn name(case: &Experiment) -> String {
    let title = case.title.rsplit(": ").next();
    title.unwrap_or_default().to_owned()
}

fn factors(of: &[Explanation]) -> Row {
    let factors: Vec<(f64, String)> = of.iter().map(factor).collect();
    let formula = factors.first().map_or("", |(_, formula)| formula);
    let values = factors.iter().map(|(value, _)| *value).collect();
    Row::new(label(of), formula, values)
}

fn steps(of: &[Explanation]) -> Row {
    let steps = of.iter().map(|of| of.parameters[0].step().abs());
    Row::new(label(of), "|Δθ|, as made", steps.collect())
}

fn label(of: &[Explanation]) -> &str {
    of.first().map_or("", |of| &of.label)
}

/// The mean |g_t − g_(t−1)| of a case's first run over its first `step` updates.
fn mean_change(case: &Checked, step: u64) -> f64 {
    let Some(mut replay) = Replay::new(case, 0) else {
        return 0.0;
    };
    let (mut sum, mut before) = (0.0, replay.gradient()[0]);
    for update in 1..=step {
        replay.go_to(update);
        let now = replay.gradient()[0];
        sum += (now - before).abs();
        before = now;
    }
    sum / step.max(1) as f64
}

/// α/(√v̂ + ε), with the second moment under whatever name it was worked out; α|g| without one.
/// And the formula that it is.
fn factor(of: &Explanation) -> (f64, String) {
    let moment = of.lines.iter().find(|line| is_second_moment(&line.symbol));
    let epsilon = of.settings.iter().find(|setting| setting.symbol == "ε");
    let worked = moment.and_then(|line| Some((line, line.worked.first()?)));
    match (worked, epsilon) {
        (Some((line, moment)), Some(epsilon)) => (
            of.rate.value / (moment.value.sqrt() + epsilon.value),
            format!("α/(√{} + ε)", line.symbol),
        ),
        _ => (of.rate.value * of.gradient[0].abs(), "α·|g|".to_owned()),
    }
}

/// v̂ or ŝ, composed or not.
fn is_second_moment(symbol: &str) -> bool {
    ["v\u{302}", "ŝ", "s\u{302}"].contains(&symbol)
}

impl Row {
    fn new(name: &str, formula: &str, values: Vec<f64>) -> Self {
        Self {
            name: name.to_owned(),
            formula: formula.to_owned(),
            sizes: sizes(&values),
            values,
        }
    }

    /// Its cells: the value, and whether that is small or large.
    pub fn cells(&self) -> Vec<String> {
        let pairs = self.values.iter().zip(&self.sizes);
        pairs
            .map(|(&value, size)| {
                format!("{}, {}", explanation::rounded(value, DIGITS), size.name())
            })
            .collect()
    }
}

impl Size {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }
}

impl StepSizes {
    /// The rows of the table, from top to bottom: what it is of, what it is, and its cells.
    pub fn rows(&self) -> Vec<(String, String, Vec<String>)> {
        let row = |row: &Row| (row.name.clone(), row.formula.clone(), row.cells());
        let ideal = self.ideal.iter().map(|size| size.name().to_owned());
        let ideal = ("ideal step".to_owned(), String::new(), ideal.collect());
        let mut rows = vec![row(&self.gradient), row(&self.change), ideal];
        rows.extend(self.factors.iter().map(row));
        rows.extend(self.steps.iter().map(row));
        rows
    }

    /// The table as Markdown.
    pub fn to_markdown(&self) -> String {
        let escaped = |text: &str| text.replace('|', "\\|");
        let mut out = format!("| after {} updates |", self.step);
        // Writing to a string cannot fail.
        for case in &self.cases {
            let _ = write!(out, " {} |", escaped(case));
        }
        let _ = writeln!(out, "\n| :--- |{}", " ---: |".repeat(self.cases.len()));
        for (name, formula, cells) in self.rows() {
            let what: Vec<_> = [name, formula]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect();
            let _ = write!(out, "| {} |", escaped(&what.join(", ")));
            for cell in cells {
                let _ = write!(out, " {cell} |");
            }
            out.push('\n');
        }
        out
    }
}

/// Which values lie above the widest gap between any two neighbours, measured as a ratio. All are
/// large where they are equal.
fn sizes(values: &[f64]) -> Vec<Size> {
    let mut sorted: Vec<f64> = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    // A value of 0 is smaller than any other by more than any ratio.
    let ratio = |pair: &[f64]| pair[1].max(f64::MIN_POSITIVE) / pair[0].max(f64::MIN_POSITIVE);
    let widest = sorted
        .windows(2)
        .max_by(|a, b| ratio(a).total_cmp(&ratio(b)))
        .filter(|pair| ratio(pair) > 1.5);
    let limit = widest.map_or(f64::NEG_INFINITY, |pair| pair[1]);
    let size = |&value: &f64| match value >= limit {
        true => Size::Large,
        false => Size::Small,
    };
    values.iter().map(size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::built_in;
    use Size::{Large, Small};

    #[test]
    fn the_widest_gap_parts_small_from_large() {
        assert_eq!(sizes(&[0.1, 1.0, 1.0]), [Small, Large, Large]);
        assert_eq!(sizes(&[0.2, 0.001, 0.02]), [Large, Small, Large]);
        assert_eq!(sizes(&[0.0, 2.0, 0.0]), [Small, Large, Small]);
        assert_eq!(sizes(&[0.5, 0.5]), [Large, Large]);
        assert!(sizes(&[]).is_empty());
    }

    /// The table of the paper's figure 1, from the built-in cases after 1,000 updates.
    #[test]
    fn the_three_cases_come_out_as_the_papers() {
        let cases = ["hw3_q1_case_1", "hw3_q1_case_2", "hw3_q1_case_3"].map(|id| {
            let experiment = built_in::find(id).unwrap().experiment();
            experiment.check().unwrap()
        });
        let table = step_sizes(&cases, 1000).unwrap();
        assert_eq!(table.gradient.sizes, [Small, Large, Large]);
        assert_eq!(table.change.sizes, [Small, Large, Small]);
        assert_eq!(table.ideal, [Large, Small, Large]);
        let factors: Vec<_> = table
            .factors
            .iter()
            .map(|row| (row.name.as_str(), row.sizes.as_slice()))
            .collect();
        assert_eq!(
            factors,
            [
                ("Gradient descent", &[Small, Large, Large][..]),
                ("Adam", &[Large, Small, Small]),
                ("AdaBelief", &[Large, Small, Large]),
            ]
        );
        // What Adam really goes is α in both straight cases: its momentum is as large as its root.
        let adam = &table.steps[1].values;
        assert!(
            (adam[0] - 0.001).abs() < 1e-7 && (adam[2] - 0.001).abs() < 1e-7,
            "{adam:?}"
        );
        let belief = &table.steps[2].values;
        assert!(
            belief[2] > 10.0 * adam[2] && belief[1] < 2.0 * 0.001,
            "{belief:?}"
        );
    }

    #[test]
    fn the_table_has_the_present_runs_and_is_markdown() {
        let mut experiment = built_in::find(CASES[1]).unwrap().experiment();
        experiment.runs.truncate(2);
        experiment.runs[0].learning_rate = Some(0.002);
        assert_eq!(
            expressions(),
            ["0.1*w1", "abs(w1)", "w1"].map(str::to_owned)
        );
        let cases: Vec<_> = cases_of(&experiment, 1500)
            .iter()
            .map(|case| case.check().unwrap())
            .collect();
        let table = step_sizes(&cases, 1500).unwrap();
        assert_eq!(table.cases[0], "flat");
        assert_eq!(table.cases.len(), 3);
        assert_eq!(table.factors.len(), 2);
        assert_eq!(table.factors[0].formula, "α·|g|");
        assert!((table.factors[0].values[0] - 0.0002).abs() < 1e-15);
        assert!(table.factors[1].formula.starts_with("α/(√"));
        let text = table.to_markdown();
        assert!(text.starts_with("| after 1500 updates | flat |"), "{text}");
        assert!(
            text.contains("| ideal step | large | small | large |"),
            "{text}"
        );
        assert!(text.contains("0.0002, small |"), "{text}");
        let widths: Vec<_> = text
            .lines()
            .map(|line| line.replace("\\|", "").matches('|').count())
            .collect();
        assert!(widths.iter().all(|&width| width == 5), "{text}");
    }
}
