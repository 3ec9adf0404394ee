//! Where theory puts the edge of stability.

use crate::analysis::curvature::Curvature;
use crate::experiment::{Checked, CheckedRun};
use crate::landscapes::{self, Landscape};

/// How far two Hessians of a quadratic may differ by rounding, relatively.
const ROUNDING: f64 = 1e-9;

/// The greatest curvature λ_max of a quadratic landscape; none where the curvature changes from
/// point to point.
pub fn greatest_curvature(landscape: &dyn Landscape) -> Option<f64> {
    let card = landscape.card();
    let [(left, right), (low, high)] = card.range;
    let at = |u: f64, v: f64| [left + u * (right - left), low + v * (high - low)];
    let hessian = |at| landscapes::hessian(landscape, at).2;
    let first @ [[a, b], [_, d]] = hessian(at(0.21, 0.37));
    let size = a.abs().max(b.abs()).max(d.abs());
    for (u, v) in [(0.83, 0.11), (0.45, 0.92), (0.02, 0.64)] {
        let other = hessian(at(u, v));
        let differs = |(x, y): (f64, f64)| (x - y).abs() > ROUNDING * size;
        let pairs = [0, 1]
            .into_iter()
            .flat_map(|i| [0, 1].map(|j| (first[i][j], other[i][j])));
        if !size.is_finite() || pairs.into_iter().any(differs) {
            return None;
        }
    }
    // The larger eigenvalue of a symmetric 2 × 2 matrix.
    let (mean, half) = ((a + d) / 2.0, (a - d) / 2.0);
    Some(mean + half.hypot(b)).filter(|greatest| *greatest > 0.0)
}

/// The most multiplications of a Hessian matrix that is worth a mark on a picture.
const MOST_WORK: u64 = 20_000_000;

/// The greatest curvature λ_max of what an experiment minimises, where it is the same everywhere
/// and at every update: of a quadratic landscape, and of a regression with squared errors, a model
/// linear in its parameters and all rows in every batch.
pub fn curvature_of(checked: &Checked) -> Option<f64> {
    if let Some(landscape) = checked.objective.landscape() {
        return greatest_curvature(&**landscape);
    }
    let regression = checked.regression()?;
    let count = checked.start.len() as u64;
    let is_quick = count * checked.objective.work_per_update() <= MOST_WORK;
    let is_quadratic = regression.loss().is_squared() && regression.model().is_linear();
    if !(is_quadratic && is_quick) || checked.objective.has_batches() {
        return None;
    }
    let curvature = Curvature::of(&*checked.objective, &checked.start)?;
    Some(curvature.sharpness()).filter(|greatest| *greatest > 0.0)
}

/// The rate above which a run diverges on a quadratic whose greatest curvature is λ, by its
/// rule's card: 2/λ for gradient descent, 2(1 + μ)/λ with momentum μ. None for rules that divide
/// their steps by something that changes, and for runs with a wrapper.
pub fn greatest_rate(run: &CheckedRun, curvature: f64) -> Option<f64> {
    let stability = run.optimizer.card().stability.as_ref();
    let stability = stability.filter(|s| s.divisor.is_none() && run.wrappers.is_empty())?;
    let rate = (stability.factor)(&run.hyperparameters) / curvature;
    Some(rate).filter(|rate| rate.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Outcome, run};
    use crate::experiment::preset;
    use std::ops::ControlFlow;

    #[test]
    fn quadratics_are_told_from_other_landscapes() {
        let curvature = |id: &str| greatest_curvature(landscapes::find(id).unwrap());
        assert_eq!(curvature("booth"), Some(18.0));
        assert!(curvature("ravine").is_some() && curvature("matyas").is_some());
        for id in ["rosenbrock", "himmelblau", "rastrigin", "beale", "saddle"] {
            let found = curvature(id);
            assert!(found.is_none() || id == "saddle", "{id}: {found:?}");
        }
    }

    /// The loss over w of w·x with x = 1, 3 is w²·(1 + 9)/2 and so on: curvature 2·10/2.
    #[test]
    fn a_regression_has_the_curvature_of_its_features_where_it_is_quadratic() {
        let text = |rest: &str| {
            format!(
                r#"(version: 1, runs: [(optimizer: "sgd", learning_rate: 0.1)], objective:
                Regression(model: "w*x", start: {{"w": 1}},
                data: [{{"x": 1, "y": 2}}, {{"x": 3, "y": -1}}]{rest}))"#
            )
        };
        let curvature = |rest: &str| {
            let experiment = preset::read(&text(rest)).unwrap();
            curvature_of(&experiment.check().unwrap())
        };
        assert_eq!(curvature(""), Some(10.0));
        assert_eq!(curvature(", batch_size: 1"), None);
        assert_eq!(curvature(", loss: MAE"), None);
        let booth =
            r#"(version: 1, objective: Landscape(surface: "booth"), runs: [(optimizer: "sgd")])"#;
        let booth = preset::read(booth).unwrap().check().unwrap();
        assert_eq!(curvature_of(&booth), Some(18.0));
    }

    /// Just below the limit the loss falls, just above it grows without end.
    #[test]
    fn runs_diverge_where_theory_says() {
        for rule in [
            r#"optimizer: "sgd""#,
            r#"optimizer: "momentum", hyperparameters: {"momentum": 0.9}"#,
            r#"optimizer: "momentum", hyperparameters: {"momentum": 0.5, "dampening": 0.3}"#,
            r#"optimizer: "momentum", variant: "keras""#,
            r#"optimizer: "momentum", variant: "ema""#,
        ] {
            let text = format!(
                r#"(version: 1, epochs: 20000, objective: Landscape(surface: "booth"), runs: [({rule}, learning_rate: 1)])"#
            );
            let mut experiment = preset::read(&text).unwrap();
            let limit = greatest_rate(&experiment.check().unwrap().runs[0], 18.0).unwrap();
            for (factor, is_stable) in [(0.99, true), (1.01, false)] {
                experiment.runs[0].learning_rate = Some(limit * factor);
                let history = run(&experiment.check().unwrap(), |_| ControlFlow::Continue(()));
                let trace = &history.traces[0];
                let diverged = matches!(trace.outcome, Outcome::Diverged { .. });
                assert_eq!(diverged, !is_stable, "{rule} at {factor} of {limit}");
                assert!(diverged || *trace.losses().last().unwrap() < 1e-9, "{rule}");
            }
        }
    }
}
