//! No verdict contradicts the evidence that it comes with.

use super::{experiment, run, watched};
use descent_lab::analysis::diagnosis::{Episode, Verdict};
use descent_lab::engine::{self, Outcome};
use descent_lab::landscapes::LANDSCAPES;
use descent_lab::optimizers::{OPTIMIZERS, Shape};
use proptest::prelude::*;
use std::ops::ControlFlow;

/// What a verdict claims, checked against the numbers by the words of the issue.
fn is_borne_out(episode: &Episode) -> bool {
    let of = &episode.evidence;
    let falls = of.loss < of.loss_before;
    let turns = of.sign_changes as f64 >= 0.7 * of.updates.saturating_sub(1) as f64;
    let share = of.gradient_norm / of.greatest_gradient_norm;
    let least = of.least_loss;
    match episode.verdict {
        Verdict::Diverged => !of.is_finite,
        Verdict::Diverging => of.loss > of.loss_before && 2 * of.rises > of.updates,
        Verdict::Bouncing => turns && of.share_along_sharpest >= 0.5,
        Verdict::Creeping => of.cosine >= 0.9 && of.progress().is_none_or(|p| p < 0.01),
        Verdict::Stalled => (share < 1e-3 || share.is_nan()) && of.left_to_bottom.is_none(),
        Verdict::LocalMinimum => of.flattest > 0.0 && least.is_some_and(|least| of.loss > least),
        Verdict::Done => match least {
            Some(least) => of.loss - least <= 2e-6 * (of.first_loss - least).abs() + 1e-9,
            None => of.flattest > 0.0,
        },
        Verdict::Steady => falls,
        Verdict::Unsettled => !falls,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn verdicts_are_borne_out_by_their_evidence(
        landscape in 0..LANDSCAPES.len(),
        rule in 0..OPTIMIZERS.len(),
        exponent in -5.0..1.0_f64,
        (x, y) in (0.0..1.0_f64, 0.0..1.0_f64),
    ) {
        let card = OPTIMIZERS[rule].card();
        prop_assume!(card.fits.refusal(&[Shape::vector(2)]).is_none());
        let surface = LANDSCAPES[landscape].card();
        let [(left, right), (low, high)] = surface.range;
        let start = [left + x * (right - left), low + y * (high - low)];
        let run = run(card.id, 10.0_f64.powf(exponent));
        let experiment = experiment(surface.id, start, &[], 120, run);
        let found = watched(&experiment);
        let history = engine::run(&experiment.check().unwrap(), |_| ControlFlow::Continue(()));
        let outcome = history.traces[0].outcome;
        let last = found.last().map(|episode| episode.verdict);
        let diverged = matches!(outcome, Outcome::Diverged { step: 1.. });
        prop_assert_eq!(diverged, last == Some(Verdict::Diverged), "{:?}", outcome);
        for pair in found.episodes.windows(2) {
            prop_assert_eq!(pair[0].to + 1, pair[1].from);
            prop_assert_ne!(pair[0].verdict, pair[1].verdict);
        }
        for episode in &found.episodes {
            prop_assert!(is_borne_out(episode), "{} on {}: {episode:?}", card.id, surface.id);
            prop_assert!(!episode.evidence.lines().is_empty());
        }
    }
}
