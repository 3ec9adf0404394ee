//! The learning-rate range test: one run whose rate grows from far too small to far too large.
//!
//! L. N. Smith, WACV 2017, arXiv:1506.01186, sec. 3.3, with a rate that grows by the same factor
//! at every step, so that decades take the same room.

use crate::engine::{self, Frame, Outcome};
use crate::experiment::{Axis, Experiment, NoSuchQuantity, Problem, Quantity};
use crate::schedules::{Per, Schedule};
use std::ops::ControlFlow;

/// By how much of its whole fall the loss must have fallen where the suggested band begins.
const BEGUN: f64 = 0.1;

/// Which part of its whole fall makes a fall great.
const GREAT: f64 = 0.5;

/// By how much of its fall the loss has risen where the rate is too high.
const RISEN: f64 = 0.5;

/// How much of the mean of the losses survives a step, where each is of another batch.
const SMOOTHING: f64 = 0.9;

/// Which part of the rate at which the loss was lowest still counts as safe. A rate that is too
/// high shows only some steps later, when what it blows up has outgrown the rest.
const SAFE: f64 = 0.25;

/// One step of the test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The rate of the step.
    pub rate: f64,
    /// The loss after it; of the batch that it saw, where there are batches.
    pub loss: f64,
    /// The loss as the band is read from it: where there are batches, an exponential mean of
    /// those so far, 0.9 of which survives a step, corrected for its beginning.
    pub smoothed: f64,
}

/// What a range test shows.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeTest {
    /// Every step, its rate rising.
    pub points: Vec<Point>,
    /// From where the loss has begun to fall to a quarter of where it was lowest; none where it
    /// never fell so far.
    pub band: Option<(f64, f64)>,
    /// Whether the loss fell at all.
    pub falls: bool,
    /// The rate at which the run diverged.
    pub diverged_at: Option<f64>,
}

/// The most steps of a usual test.
const USUAL_STEPS: usize = 200;

/// The rates that are tested where nobody says which: from a tenth of the usual ones to ten times
/// as far, in 200 steps.
///
/// # Errors
/// When there is no such run.
pub fn usual_rates(experiment: &Experiment, run: usize) -> Result<Axis, NoSuchQuantity> {
    let mut rates = Axis::usual(Quantity::LearningRate, experiment, run)?;
    (rates.low, rates.high) = (rates.low / 10.0, rates.high * 10.0);
    rates.count = USUAL_STEPS;
    Ok(rates)
}

/// Runs the test on one run over the rates of an axis, in as many steps as the axis has values;
/// none when `goes_on` has said no.
///
/// # Errors
/// When the experiment is not valid.
pub fn range_test(
    experiment: &Experiment,
    run: usize,
    rates: &Axis,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<RangeTest>, Vec<Problem>> {
    let mut single = experiment.only(run);
    let steps_an_epoch = single.check()?.updates_per_epoch();
    single.epochs = (rates.count as u64).div_ceil(steps_an_epoch);
    let steps = (rates.count.max(2) - 1) as f64;
    let factor = libm::pow(rates.high / rates.low, 1.0 / steps);
    for spec in &mut single.runs {
        spec.learning_rate = Some(rates.low);
        spec.events.clear();
        spec.schedule = Schedule::Exponential {
            factor,
            per: Per::Step,
        };
    }
    let checked = single.check()?;
    let mut is_cancelled = false;
    let history = engine::run(&checked, |_| {
        is_cancelled = !goes_on();
        match is_cancelled {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    let Some(trace) = history.traces.first().filter(|_| !is_cancelled) else {
        return Ok(None);
    };
    // What lies outside the landscape's range doesn't count.
    let left = trace.left_range_at;
    let is_inside = |frame: &Frame<'_>| left.is_none_or(|left| frame.step < left);
    let frames = trace.frames().skip(1).take_while(is_inside);
    let frames = frames.take_while(|frame| frame.step <= rates.count as u64);
    let has_batches = checked.objective.has_batches();
    let (mut mean, mut survives) = (0.0, 1.0);
    let point = |frame: Frame<'_>| {
        mean = SMOOTHING * mean + (1.0 - SMOOTHING) * frame.loss;
        survives *= SMOOTHING;
        Point {
            rate: frame.learning_rate,
            loss: frame.loss,
            smoothed: match has_batches {
                true => mean / (1.0 - survives),
                false => frame.loss,
            },
        }
    };
    let points: Vec<Point> = frames.map(point).collect();
    let diverged_at = match trace.outcome {
        Outcome::Diverged { step } => {
            Some(rates.low * libm::pow(factor, step.saturating_sub(1) as f64))
        }
        _ => None,
    };
    let start = trace.frame(0).map(|frame| frame.loss);
    let begun = start.map(|start| before(start, &points, has_batches));
    Ok(Some(RangeTest {
        band: begun.and_then(|(start, points)| band(start, points)),
        falls: begun.is_some_and(|(start, points)| points.iter().any(|p| p.smoothed < start)),
        points,
        diverged_at,
    }))
}

/// Where the loss stands before it falls, and the points behind that: at the start, or, where every
/// loss is of another batch, the mean of the first tenth, whose rates move nothing yet.
fn before(start: f64, points: &[Point], has_batches: bool) -> (f64, &[Point]) {
    let few = points.len().div_ceil(10);
    match few.checked_sub(1).and_then(|last| points.get(last)) {
        Some(point) if has_batches => (point.smoothed, &points[few..]),
        _ => (start, points),
    }
}

/// The point at which the first great fall ends. What comes later may be lower still, but only
/// now and then: a rate at which the loss has risen by half of its fall is too high.
fn lowest(start: f64, points: &[Point]) -> Option<usize> {
    let losses = || points.iter().map(|point| point.smoothed);
    let whole = start - losses().fold(f64::INFINITY, f64::min);
    let mut lowest: Option<(usize, f64)> = None;
    for (index, loss) in losses().enumerate() {
        let Some((_, least)) = lowest else {
            lowest = Some((index, loss));
            continue;
        };
        if loss < least {
            lowest = Some((index, loss));
        }
        let fall = start - least;
        if fall >= GREAT * whole && loss - least > RISEN * fall {
            break;
        }
    }
    lowest.map(|(index, _)| index)
}

/// From where the loss has fallen by a tenth of its fall for good to a quarter of where it was
/// lowest, or to there where it falls so late.
fn band(start: f64, points: &[Point]) -> Option<(f64, f64)> {
    let index = lowest(start, points)?;
    let lowest = points[index];
    let begun = start - BEGUN * (start - lowest.smoothed);
    let is_before = |point: &Point| point.smoothed > begun;
    let first = points[..=index].iter().rposition(is_before);
    let first = points[first.map_or(0, |last| last + 1).min(index)].rate;
    let safe = SAFE * lowest.rate;
    let last = if first < safe { safe } else { lowest.rate };
    (lowest.smoothed < start && first < last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn the_band_of_a_quadratic_ends_below_the_edge_of_stability() {
        let text =
            r#"(version: 1, objective: Landscape(surface: "booth"), runs: [(optimizer: "sgd")])"#;
        let experiment = preset::read(text).unwrap();
        let rates = Axis::read("learning_rate=1e-6:10:400:log", &experiment, 0).unwrap();
        let test = range_test(&experiment, 0, &rates, &|| true)
            .unwrap()
            .unwrap();
        let (low, high) = test.band.unwrap();
        // λ_max is 18.
        assert!(low < high && high < 2.0 / 18.0, "{low} {high}");
        assert!(
            test.points
                .windows(2)
                .all(|pair| pair[0].rate < pair[1].rate)
        );
        assert!(test.diverged_at.is_none_or(|rate| rate > high));
        assert_eq!(range_test(&experiment, 0, &rates, &|| false).unwrap(), None);
    }

    fn band_of(start: f64, losses: &[f64]) -> Option<(f64, f64)> {
        let point = |(index, &loss): (usize, &f64)| Point {
            rate: 10_f64.powi(index as i32),
            loss,
            smoothed: loss,
        };
        let points: Vec<Point> = losses.iter().enumerate().map(point).collect();
        band(start, &points)
    }

    #[test]
    fn the_band_is_that_of_the_first_great_fall() {
        // Later it is lower still, after having risen to where it began.
        assert_eq!(
            band_of(0.0, &[0.0, 0.0, -0.5, -0.8, -1.0, 0.0, -0.3, -1.2]),
            Some((1e2, 2.5e3))
        );
        // Small waves before it are no fall.
        assert_eq!(
            band_of(1.0, &[1.0, 0.99, 1.0, 0.5, 0.2, 0.1, 5.0]),
            Some((1e3, 2.5e4))
        );
        // Where all of the fall is one step, its end.
        assert_eq!(band_of(1.0, &[1.0, 0.5, 0.1, 9.0]), Some((1e1, 25.0)));
        assert_eq!(band_of(1.0, &[1.0, 0.1, 9.0]), None);
        assert_eq!(band_of(1.0, &[1.0, 2.0, 3.0]), None);
        assert_eq!(band_of(1.0, &[]), None);
    }

    #[test]
    fn single_losses_of_batches_below_the_start_are_no_fall() {
        let text = r#"(version: 1, runs: [(optimizer: "sgd")], objective: Regression(
            model: "w*x", start: {"w": 0}, batch_size: 1, data: [{"x": 1, "y": 1},
            {"x": 2, "y": 8}, {"x": 1, "y": 0.1}, {"x": 3, "y": 9}]))"#;
        let experiment = preset::read(text).unwrap();
        let rates = Axis::read("learning_rate=1e-7:10:200:log", &experiment, 0).unwrap();
        let test = range_test(&experiment, 0, &rates, &|| true).unwrap();
        let (low, high) = test.unwrap().band.unwrap();
        assert!(low > 1e-4 && high < 1.0, "{low} {high}");
    }

    /// Batches make single losses jump; a rate of the band trains, one far above it does not.
    #[test]
    fn the_band_of_a_network_trains() {
        let text = r#"(version: 1, epochs: 20, runs: [(optimizer: "sgd")], objective: Network(
            data: Spirals(examples: 400), architecture: "spiral", batch_size: 50))"#;
        let mut experiment = preset::read(text).unwrap();
        let rates = Axis::read("learning_rate=1e-4:100:200:log", &experiment, 0).unwrap();
        let test = range_test(&experiment, 0, &rates, &|| true)
            .unwrap()
            .unwrap();
        assert!(test.points.len() <= 200 && test.points.iter().any(|p| p.loss != p.smoothed));
        let (low, high) = test.band.unwrap();
        let mut final_loss = |rate: f64| {
            experiment.runs[0].learning_rate = Some(rate);
            let checked = experiment.check().unwrap();
            let history = engine::run(&checked, |_| ControlFlow::Continue(()));
            history.traces[0].final_loss().unwrap_or(f64::NAN)
        };
        let (inside, far_below) = (final_loss((low * high).sqrt()), final_loss(low / 1e3));
        assert!(inside < far_below, "{inside} {far_below}");
        assert_eq!(range_test(&experiment, 0, &rates, &|| false).unwrap(), None);
    }
}
