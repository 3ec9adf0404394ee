//! The table of the AdaBelief paper: which rule takes large steps and which small ones, where
//! large ones would do. Worked out from runs, not written down.

use super::explanation::{self, Explanation, NoSuchStep};
use crate::engine::Replay;
use crate::experiment::Checked;

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
    /// What it is.
    pub name: String,
    /// Its value in every case.
    pub values: Vec<f64>,
    /// Whether that is small or large among them.
    pub sizes: Vec<Size>,
}

/// How rules size their steps in several cases (N. Zhuang et al.'s are a flat surface, a narrow
/// valley, and one that is steep but hardly curved).
#[derive(Clone, Debug, PartialEq)]
pub struct StepSizes {
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
    let change = Row::new("mean |g − g⁻|", changes);
    let ideal = change.sizes.iter().map(|size| match size {
        Size::Small => Size::Large,
        Size::Large => Size::Small,
    });
    let label = |of: &[Explanation]| of.first().map_or("", |of| of.card.name).to_owned();
    let rows = |value: fn(&Explanation) -> f64| -> Vec<Row> {
        let rows = of_rules.iter();
        rows.map(|of| Row::new(&label(of), of.iter().map(value).collect()))
            .collect()
    };
    Ok(StepSizes {
        gradient: Row::new("|g|", first.iter().map(|of| of.gradient[0].abs()).collect()),
        ideal: ideal.collect(),
        change,
        factors: rows(factor),
        steps: rows(|of| of.parameters[0].step().abs()),
    })
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
fn factor(of: &Explanation) -> f64 {
    let moment = of.lines.iter().find(|line| is_second_moment(&line.symbol));
    let epsilon = of.settings.iter().find(|setting| setting.symbol == "ε");
    match (moment.and_then(|line| line.worked.first()), epsilon) {
        (Some(moment), Some(epsilon)) => of.rate.value / (moment.value.sqrt() + epsilon.value),
        _ => of.rate.value * of.gradient[0].abs(),
    }
}

/// v̂ or ŝ, composed or not.
fn is_second_moment(symbol: &str) -> bool {
    ["v\u{302}", "ŝ", "s\u{302}"].contains(&symbol)
}

impl Row {
    fn new(name: &str, values: Vec<f64>) -> Self {
        Self {
            name: name.to_owned(),
            sizes: sizes(&values),
            values,
        }
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
}
