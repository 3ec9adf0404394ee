//! No verdict contradicts the evidence that it comes with.

use super::{experiment, run, watched};
use descent_lab::analysis::diagnosis::{self, Episode, Evidence, Verdict};
use descent_lab::engine::{self, Outcome, Replay, Trace};
use descent_lab::experiment::Experiment;
use descent_lab::landscapes::{self, LANDSCAPES, Landscape};
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
        Verdict::Stalled => {
            let over_range = of
                .extent
                .zip(least)
                .map(|(extent, least)| of.gradient_norm * extent / (of.loss - least));
            let brings_nothing = over_range.is_some_and(|share| share < 1e-3);
            let is_flat = share < 1e-3 || share.is_nan() || brings_nothing;
            is_flat && of.left_to_bottom.is_none()
        }
        Verdict::LocalMinimum => of.flattest > 0.0 && least.is_some_and(|least| of.loss > least),
        Verdict::Done => match least {
            Some(least) => of.loss - least <= 2e-6 * (of.first_loss - least).abs() + 1e-9,
            None => of.flattest > 0.0,
        },
        Verdict::Steady => falls,
        Verdict::Unsettled => !falls,
    }
}

/// Whether the record holds other parameters than the rule works on, as averages.
fn shows_others(experiment: &Experiment) -> bool {
    let checked = experiment.check().unwrap();
    let mut replay = Replay::new(&checked, 0).unwrap();
    replay.go_to(1);
    replay.rule().shown().is_some()
}

/// The first number of the evidence that is not what the record and the surface's own derivatives
/// give; it is worked out here from them alone.
fn misread(surface: &dyn Landscape, trace: &Trace, of: &Evidence) -> Option<String> {
    let from = of.step - of.updates as u64;
    let at = |step: u64| -> [f64; 2] {
        let frame = trace.frame_at(step).unwrap();
        [frame.parameters[0], frame.parameters[1]]
    };
    let places: Vec<[f64; 2]> = (from..=of.step).map(at).collect();
    let looked: Vec<(f64, [f64; 2])> = places
        .iter()
        .map(|at| landscapes::gradient::<f64>(surface, *at))
        .collect();
    let rises = looked
        .windows(2)
        .filter(|pair| pair[1].0 > pair[0].0)
        .count();
    let close = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1e-6);
    let slopes: Vec<[f64; 2]> = looked.iter().map(|(_, slope)| *slope).collect();
    let before = &slopes[..slopes.len() - 1];
    let norm = length(slopes[slopes.len() - 1]);
    let cosines: Vec<f64> = before
        .windows(2)
        .filter(|pair| length(pair[0]) > 0.0 && length(pair[1]) > 0.0)
        .map(|pair| dot(unit(pair[0]), unit(pair[1])))
        .collect();
    let cosine = match cosines.len() {
        0 => 1.0,
        count => cosines.iter().sum::<f64>() / count as f64,
    };
    let mut numbers = vec![
        ("rises", rises as f64, of.rises as f64),
        ("J", looked[looked.len() - 1].0, of.loss),
        ("J before", looked[0].0, of.loss_before),
        ("the gradient's length", norm, of.gradient_norm),
        ("cosine", cosine, of.cosine),
    ];
    let (_, _, [[a, b], [_, d]]) = landscapes::hessian(surface, places[places.len() - 1]);
    let half_gap = (0.5 * (a - d)).hypot(b);
    let curvatures = [
        ("λ_max", 0.5 * (a + d) + half_gap, of.sharpness),
        ("λ_min", 0.5 * (a + d) - half_gap, of.flattest),
    ];
    let is_known = half_gap.is_finite();
    // The lesser of two is known no better than the larger.
    let scale = 1e-9 * (a.abs() + d.abs() + b.abs()).max(1e-3);
    for (name, expected, found) in curvatures {
        if is_known && (expected - found).abs() > scale {
            return Some(format!("{name}: {found} for {expected}, {of:?}"));
        }
    }
    // Where both directions curve alike, none of them is the sharpest.
    if half_gap.is_finite() && half_gap > 1e-6 * (a.abs() + d.abs()) {
        let angle = 0.5 * (2.0 * b).atan2(a - d);
        let sharpest = [angle.cos(), angle.sin()];
        numbers.extend(along(sharpest, before, &places, of));
    }
    let wrong = numbers
        .into_iter()
        .find(|(_, expected, found)| !close(*expected, *found));
    wrong.map(|(name, expected, found)| format!("{name}: {found} for {expected}, {of:?}"))
}

fn length(x: [f64; 2]) -> f64 {
    x[0].hypot(x[1])
}

fn unit(x: [f64; 2]) -> [f64; 2] {
    x.map(|component| component / length(x))
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// What slopes and steps do along the sharpest direction: name, what it is, what the evidence says.
fn along(
    sharpest: [f64; 2],
    slopes: &[[f64; 2]],
    places: &[[f64; 2]],
    of: &Evidence,
) -> Vec<(&'static str, f64, f64)> {
    let along: Vec<f64> = slopes.iter().map(|slope| dot(*slope, sharpest)).collect();
    let mut both = along.iter().zip(slopes);
    let is_sure = both.all(|(along, slope)| along.abs() > 1e-9 * length(*slope));
    let turns = along.windows(2).filter(|pair| pair[0] * pair[1] < 0.0);
    let mut numbers = Vec::new();
    if is_sure {
        numbers.push(("sign changes", turns.count() as f64, of.sign_changes as f64));
    }
    let steps = places.windows(2);
    let steps = steps.map(|pair| [pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]]);
    let steps: Vec<[f64; 2]> = steps.collect();
    let whole: f64 = steps.iter().map(|step| dot(*step, *step)).sum();
    let share: f64 = steps.iter().map(|step| dot(*step, sharpest).powi(2)).sum();
    let share = if whole > 0.0 { share / whole } else { 0.0 };
    numbers.push(("share along the sharpest", share, of.share_along_sharpest));
    numbers
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
            let remedies = diagnosis::remedies(&experiment.runs[0], &found.label, episode);
            prop_assert_eq!(episode.verdict.is_trouble(), !remedies.is_empty(), "{:?}", episode);
            for remedy in remedies {
                let mut with = experiment.clone();
                with.runs.push(remedy.run.clone());
                let problems = with.check().err();
                prop_assert!(problems.is_none(), "{remedy:?}: {problems:?}");
            }
            if !shows_others(&experiment) && episode.evidence.is_finite {
                let misread = misread(LANDSCAPES[landscape], &history.traces[0], &episode.evidence);
                prop_assert_eq!(misread, None);
            }
        }
    }
}
