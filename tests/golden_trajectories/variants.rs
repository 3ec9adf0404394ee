//! Named variants, and settings other than the defaults, against their references.

use super::{Case, compare, golden, on_landscape, read, rows_without_engine};
use descent_lab::experiment::RunSpec;
use descent_lab::optimizers::{self, OPTIMIZERS};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
struct Golden {
    cases: Vec<VariedCase>,
}

#[derive(Deserialize)]
struct VariedCase {
    optimizer: String,
    variant: Option<String>,
    reference: String,
    hyperparameters: BTreeMap<String, f64>,
    #[serde(flatten)]
    case: Case,
}

impl VariedCase {
    /// The run, with only those hyperparameters given that the variant doesn't set so.
    fn run(&self) -> RunSpec {
        let card = optimizers::find(&self.optimizer).unwrap().card();
        let mut run = RunSpec::new(&self.optimizer);
        // What optax offers beside its defaults needs no variant of ours.
        run.variant = self.variant.clone().filter(|id| card.variant(id).is_some());
        for (id, value) in &self.hyperparameters {
            let hyperparameter = card.hyperparameter(id).unwrap();
            if run.value(hyperparameter) != *value {
                run.hyperparameters.insert(id.clone(), *value);
            }
        }
        run
    }
}

#[test]
fn every_variant_follows_its_reference_step_by_step() {
    let mut followed = BTreeSet::new();
    for file in ["variants.json", "other_values.json"] {
        let golden: Golden = read(&golden(file));
        for varied in &golden.cases {
            let (run, case) = (varied.run(), &varied.case);
            if run.hyperparameters.is_empty() {
                followed.insert((run.optimizer.clone(), run.variant.clone()));
            }
            let found = rows_without_engine(&run, case);
            if let Err(difference) = compare(&found, &case.rows) {
                panic!("{} on {}: {difference}", varied.reference, case.landscape);
            }
        }
    }
    for card in OPTIMIZERS.iter().map(|rule| rule.card()) {
        for variant in card.variants.iter().filter(|v| !v.settings.is_empty()) {
            let pair = (card.id, variant.id);
            let is_followed = followed.contains(&(card.id.into(), Some(variant.id.into())));
            assert!(is_followed != BY_HAND.contains(&pair), "{pair:?}");
        }
    }
}

/// Variants without a reference of their own: those that set the same as one that has, and those
/// of papers, checked below.
const BY_HAND: [(&str, &str); 9] = [
    ("momentum", "ai_notes"),
    ("momentum", "paper"),
    ("momentum", "ema"),
    ("nesterov", "paper"),
    ("rmsprop", "torch"),
    ("adadelta", "paper"),
    ("amsgrad", "paper"),
    ("adamax", "paper"),
    ("radam", "paper"),
];

fn settings(id: &str, variant: &str) -> Vec<f64> {
    let card = optimizers::find(id).unwrap().card();
    let mut run = RunSpec::new(id);
    run.variant = Some(variant.into());
    card.hyperparameters.iter().map(|h| run.value(h)).collect()
}

#[test]
fn variants_that_set_the_same_are_the_same() {
    assert_eq!(
        settings("momentum", "ai_notes"),
        settings("momentum", "keras")
    );
    assert_eq!(settings("momentum", "paper"), settings("momentum", "keras"));
    assert_eq!(settings("nesterov", "paper"), settings("nesterov", "keras"));
}

/// Two steps on a landscape at a rate, as a variant has them.
fn two_steps(id: &str, variant: &str, landscape: &str, start: [f64; 2]) -> Vec<[f64; 3]> {
    let mut run = RunSpec::new(id);
    run.variant = Some(variant.into());
    let case = Case {
        landscape: landscape.into(),
        start,
        learning_rate: 0.1,
        inverse_time_decay: 0.0,
        steps: 2,
        rows: Vec::new(),
    };
    rows_without_engine(&run, &case)
}

/// On the parabola w1² + w2², whose gradient is 2w, from (1, −2) at the rate 0.1.
#[test]
fn variants_of_papers_take_their_first_two_steps() {
    let parabola = |id, variant| two_steps(id, variant, "parabola", [1.0, -2.0]);
    let agree = |rows: &[[f64; 3]], first: f64, second: f64| {
        assert!((rows[1][0] - first).abs() < 1e-12, "{rows:?} for {first}");
        assert!((rows[2][0] - second).abs() < 1e-12, "{rows:?} for {second}");
    };
    // Mean gradient: v = 0.1·2 = 0.2, w = 0.98; v = 0.18 + 0.1·1.96 = 0.376, w = 0.9424.
    agree(&parabola("momentum", "ema"), 0.98, 0.9424);
    // ρ = 0.99: s = 0.04, so the first step is 0.1·2/(0.2 + ε).
    let first: f64 = 1.0 - 0.2 / (0.2 + 1e-8);
    let root = (0.99_f64 * 0.04 + 0.01 * 4.0 * first * first).sqrt();
    let second = first - 0.1 * 2.0 * first / (root + 1e-8);
    agree(&parabola("rmsprop", "torch"), first, second);
    // Without ε: u = 2, w = 1 − 0.1·0.2/(0.1·2) = 0.9; u = 1.998, m = 0.36.
    let second = 0.9 - 0.1 * (0.18 + 0.1 * 1.8) / ((1.0 - 0.81) * 1.998);
    agree(&parabola("adamax", "paper"), 0.9, second);
    // No correction: m = 0.2, v = 0.004, w = 1 − 0.1·0.2/√0.004; then v has fallen below u.
    let first = 1.0 - 0.02 / 0.004_f64.sqrt();
    let (m, v) = (
        0.18 + 0.2 * first,
        0.999 * 0.004 + 0.001 * 4.0 * first * first,
    );
    let second = first - 0.1 * m / v.max(0.004).sqrt();
    agree(&parabola("amsgrad", "paper"), first, second);
    // ρ = 0.95, ε = 10⁻⁶: δ = √ε/√(0.05·4 + ε)·2.
    let delta = |s: f64, d: f64, g: f64| (d + 1e-6_f64).sqrt() / (s + 1e-6).sqrt() * g;
    let step1 = delta(0.2, 0.0, 2.0);
    let first = 1.0 - 0.1 * step1;
    let s = 0.95 * 0.2 + 0.05 * 4.0 * first * first;
    let second = first - 0.1 * delta(s, 0.05 * step1 * step1, 2.0 * first);
    agree(&parabola("adadelta", "paper"), first, second);
}

/// The paper's RAdam adapts from ρ > 4 on, torch's from ρ > 5: with β₂ = 0.999 that is at the
/// fifth and at the sixth update.
#[test]
fn radam_of_the_paper_adapts_one_update_earlier() {
    let path = |variant: &str| {
        let mut run = RunSpec::new("radam");
        run.variant = Some(variant.into());
        run.learning_rate = Some(0.1);
        let experiment = on_landscape("parabola", [1.0, -2.0], 6, run);
        let checked = experiment.check().unwrap();
        let go_on = |_: &_| std::ops::ControlFlow::Continue(());
        super::rows_of(&descent_lab::engine::run(&checked, go_on).traces[0])
    };
    let (paper, torch) = (path("paper"), path("torch"));
    assert_eq!(paper[..5], torch[..5]);
    assert!(paper[5] != torch[5], "{paper:?}");
}
