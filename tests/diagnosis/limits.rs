//! Bowls with set curvature, on both sides of what rules bear.

use super::{bowl, experiment, run, verdicts, watched};
use descent_lab::analysis::curvature;
use descent_lab::analysis::diagnosis::{Diagnosis, Verdict};
use descent_lab::experiment::RunSpec;
use std::collections::BTreeMap;

const ANGLES: [f64; 3] = [0.0, 30.0, 77.0];
const CONDITIONS: [f64; 3] = [10.0, 100.0, 1000.0];

fn each_bowl(mut check: impl FnMut(f64, f64)) {
    for condition in CONDITIONS {
        for angle in ANGLES {
            check(condition, angle);
        }
    }
}

fn of(condition: f64, angle: f64, epochs: u64, run: RunSpec) -> Diagnosis {
    watched(&bowl(condition, angle, epochs, run))
}

#[test]
fn a_tenth_of_the_limits_rate_is_steady_or_creeps() {
    each_bowl(|condition, angle| {
        let found = of(condition, angle, 200, run("sgd", 0.1 / condition));
        let allowed = [Verdict::Steady, Verdict::Creeping, Verdict::Done];
        for episode in &found.episodes {
            assert!(
                allowed.contains(&episode.verdict),
                "{condition}, {angle}: {episode:?}"
            );
        }
        let last = found.last().unwrap();
        let share = last.evidence.share_of_limit.unwrap();
        assert!((share - 0.05).abs() < 1e-9, "{share}");
        if condition >= 100.0 {
            assert_eq!(last.verdict, Verdict::Creeping, "{condition}, {angle}");
        }
    });
}

#[test]
fn nearly_the_limit_bounces() {
    each_bowl(|condition, angle| {
        let found = of(condition, angle, 30, run("sgd", 1.9 / condition));
        let early = found.at(10).unwrap();
        assert_eq!(
            early.verdict,
            Verdict::Bouncing,
            "{condition}, {angle}: {early:?}"
        );
        assert!(early.evidence.sign_changes >= 7 && early.evidence.cosine < 0.0);
    });
}

/// A verdict from the growing loss, long before any number overflows.
#[test]
fn more_than_the_limit_diverges() {
    each_bowl(|condition, angle| {
        let found = of(condition, angle, 60, run("sgd", 2.1 / condition));
        assert_eq!(
            found.last().unwrap().verdict,
            Verdict::Diverging,
            "{condition}, {angle}"
        );
        assert!(found.last().unwrap().evidence.loss < 1e12);
        assert!(!verdicts(&found).contains(&Verdict::Diverged));
        let first = &found
            .episodes
            .iter()
            .find(|e| e.verdict == Verdict::Diverging)
            .unwrap();
        assert!(first.from <= 20, "{}", first.from);
    });
    let overflown = of(10.0, 0.0, 10_000, run("sgd", 0.21));
    assert_eq!(overflown.last().unwrap().verdict, Verdict::Diverged);
    assert!(verdicts(&overflown).contains(&Verdict::Diverging));
}

/// At 1.1/λ_max a step overshoots by a tenth: it bounces only while those steps are at least half
/// of what moves.
#[test]
fn a_little_overshooting_is_bouncing_only_while_it_carries_the_steps() {
    each_bowl(|condition, angle| {
        let found = of(condition, angle, 100, run("sgd", 1.1 / condition));
        for episode in &found.episodes {
            let is_bouncing = episode.verdict == Verdict::Bouncing;
            let carries = episode.evidence.share_along_sharpest >= 0.5;
            assert!(!is_bouncing || carries, "{condition}, {angle}: {episode:?}");
        }
        assert_eq!(
            found.at(8).unwrap().verdict,
            Verdict::Bouncing,
            "{condition}, {angle}"
        );
        assert_ne!(
            found.last().unwrap().verdict,
            Verdict::Bouncing,
            "{condition}, {angle}"
        );
    });
}

/// Heavy ball, Nesterov and averaged momentum, each against its own limit.
#[test]
fn every_form_of_momentum_has_its_own_limit() {
    let mean = RunSpec {
        variant: Some("ema".into()),
        ..RunSpec::new("momentum")
    };
    let dampened = RunSpec {
        hyperparameters: BTreeMap::from([("dampening".into(), 0.5)]),
        ..RunSpec::new("momentum")
    };
    let forms = [
        (RunSpec::new("momentum"), 2.0 * 1.9),
        (dampened, 2.0 * 1.9 / 0.5),
        (RunSpec::new("nesterov"), 2.0 * 1.9 / 2.8),
        (mean, 2.0 * 1.9 / 0.1),
    ];
    for (form, factor) in forms {
        each_bowl(|condition, angle| {
            let at = |share: f64| RunSpec {
                learning_rate: Some(share * factor / condition),
                ..form.clone()
            };
            let below = of(condition, angle, 400, at(0.97));
            let last = below.last().unwrap();
            assert!((last.evidence.share_of_limit.unwrap() - 0.97).abs() < 1e-9);
            assert!(last.evidence.loss < last.evidence.first_loss, "{last:?}");
            assert_ne!(
                last.verdict,
                Verdict::Diverging,
                "{condition}, {angle}: {last:?}"
            );
            let above = of(condition, angle, 60, at(1.03));
            let last = above.last().unwrap();
            assert!(last.evidence.share_of_limit.unwrap() > 1.0);
            assert_eq!(
                last.verdict,
                Verdict::Diverging,
                "{condition}, {angle}: {last:?}"
            );
        });
    }
}

/// Adam's limit is 38/α for the curvature that it has divided. On a bowl its divisor shrinks with
/// the gradient until it comes to rest there, whatever the curvature is.
#[test]
fn adam_settles_at_its_own_edge_of_stability() {
    let adam = RunSpec {
        hyperparameters: BTreeMap::from([("beta2".into(), 0.95)]),
        ..run("adam", 0.1)
    };
    let adam = experiment("ravine", [-1.7, 0.9], &[], 3000, adam);
    let sharpness = curvature::over_time(&adam.check().unwrap(), 0, 3001, &|| true).unwrap();
    assert_eq!(sharpness.first().unwrap().met, None);
    assert!((sharpness[100].limit.unwrap() - 380.0).abs() < 1e-9);
    assert!(sharpness[1].share_of_limit().unwrap() < 0.1);
    let last = sharpness.last().unwrap().share_of_limit().unwrap();
    assert!((0.7..1.4).contains(&last), "{last}");
    assert!(sharpness.iter().all(|s| (s.sharpness - 100.0).abs() < 1e-9));
}
