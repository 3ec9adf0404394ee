//! The engine as its users see it: known results, independence, bounds, interruption.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::engine::{self, History, MAX_FRAMES, Outcome, Record, Stage, Trace, Worker};
use descent_lab::experiment::{Checked, Experiment, ObjectiveSpec, RunSpec, WrapperSpec, built_in};
use descent_lab::figures::curves::{Abscissa, AxisScale, Quantity};
use descent_lab::figures::spread::SpreadOf;
use descent_lab::landscapes;
use descent_lab::objective::Function;
use descent_lab::optimizers::{OPTIMIZERS, Shape, wrappers};
use descent_lab::schedules::{Moment, Per, Schedule, ScheduleState};
use std::ops::ControlFlow;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

fn experiment(surface: &str, start: [f64; 2], epochs: u64, runs: Vec<RunSpec>) -> Experiment {
    Experiment {
        version: 1,
        title: String::new(),
        notes: String::new(),
        objective: ObjectiveSpec::Landscape {
            surface: surface.into(),
            start: Some(start),
            noise: 0.0,
            settings: Default::default(),
        },
        epochs,
        seed: 0,
        starts: Vec::new(),
        seeds: Vec::new(),
        runs,
        tune: None,
    }
}

fn run(optimizer: &str, learning_rate: f64) -> RunSpec {
    RunSpec {
        learning_rate: Some(learning_rate),
        ..RunSpec::new(optimizer)
    }
}

/// Every rule at a rate that doesn't diverge on Rosenbrock's function. AdaBound ends at a rate of
/// its own, whatever it is given.
fn settled_runs() -> Vec<RunSpec> {
    let rate = 1e-4;
    let mut runs: Vec<_> = OPTIMIZERS
        .iter()
        .filter(|rule| rule.card().fits.refusal(&[Shape::vector(2)]).is_none())
        .map(|rule| run(rule.card().id, rate))
        .collect();
    for run in runs.iter_mut().filter(|run| run.optimizer == "adabound") {
        run.hyperparameters.insert("final_lr".to_owned(), rate);
    }
    runs
}

fn with_noise(mut experiment: Experiment, deviation: f64, with_seed: u64) -> Experiment {
    experiment.objective.set_noise(deviation);
    experiment.seed = with_seed;
    experiment
}

fn checked(experiment: &Experiment) -> Checked {
    experiment.check().unwrap()
}

fn history(experiment: &Experiment) -> History {
    engine::run(&checked(experiment), |_| ControlFlow::Continue(()))
}

#[test]
fn records_from_many_starts_share_their_room() {
    let mut many = experiment("booth", [0.0, 0.0], 9000, vec![run("sgd", 1e-4)]);
    many.starts = (0..300).map(|k| vec![f64::from(k) * 0.01, 0.5]).collect();
    let history = history(&many);
    assert_eq!(
        (history.traces[0].len(), history.variations.len()),
        (9001, 299)
    );
    for variation in &history.variations {
        let trace = &variation.traces[0];
        assert_eq!((trace.stride(), trace.len()), (2, 4501));
        assert_eq!(trace.last_step(), Some(9000));
        assert_eq!(trace.outcome, Outcome::Finished);
    }
    let checked = checked(&many);
    let band = SpreadOf {
        history: &history,
        objective: &*checked.objective,
        quantity: Quantity::Loss,
        abscissa: Abscissa::Epochs,
        scales: [AxisScale::Linear; 2],
    };
    let band = band.run(0);
    assert!(band.places.len() <= 601 && band.places.last() == Some(&9000.0));
}

/// A frame as bits, so that the absent rate of step 0 (NaN) equals itself.
fn frame_bits(trace: &Trace) -> Vec<Vec<u64>> {
    let frames = trace.frames().map(|frame| {
        let mut bits = vec![frame.step];
        bits.extend([frame.learning_rate, frame.loss, frame.gradient_norm].map(f64::to_bits));
        bits.extend(frame.parameters.iter().map(|w| w.to_bits()));
        bits
    });
    frames.collect()
}

/// Holds that two runs left the same record, frame for frame and bit for bit.
fn assert_same(a: &Trace, b: &Trace) {
    let bits = frame_bits(a).into_iter().zip(frame_bits(b));
    for (index, (left, right)) in bits.enumerate() {
        assert_eq!(left, right, "frame {index}");
    }
    assert_eq!(a.len(), b.len());
    assert_eq!((a.outcome, a.best), (b.outcome, b.best));
    assert_eq!(
        (a.evaluations, a.left_range_at),
        (b.evaluations, b.left_range_at)
    );
}

fn differ(a: &Trace, b: &Trace) -> bool {
    frame_bits(a) != frame_bits(b)
}

/// The final losses of a built-in experiment's runs; none for one that diverged.
fn final_losses(id: &str, after: u64) -> Vec<Option<f64>> {
    let history = history(&built_in::find(id).unwrap().experiment());
    let losses = history.traces.iter().map(|trace| match trace.outcome {
        Outcome::Finished => trace.frame_at(after).map(|frame| frame.loss),
        _ => None,
    });
    losses.collect()
}

fn assert_close(found: Option<f64>, expected: f64, within: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() <= within, "{found} for {expected}");
}

#[test]
fn homework_3a_with_the_displayed_rates() {
    let losses = final_losses("hw3_q3a", 150);
    assert_close(losses[0], 0.36402, 5e-6);
    assert_eq!(losses[1], None);
    assert_close(losses[2], 580.227, 5e-4);
    assert_close(losses[3], 606.957, 5e-4);
    let momentum = &history(&built_in::find("hw3_q3a").unwrap().experiment()).traces[1];
    assert_eq!(momentum.outcome, Outcome::Diverged { step: 14 });
}

#[test]
fn homework_3a_with_the_pages_real_rates() {
    let losses = final_losses("hw3_q3a_page", 150);
    assert_close(losses[0], 0.36402, 5e-6);
    assert_eq!(losses[1], None);
    assert_close(losses[2], 2.52510, 5e-6);
    assert_close(losses[3], 11.75488, 5e-6);
    // The last point that the page itself records is one update earlier.
    let losses = final_losses("hw3_q3a_page", 149);
    assert_close(losses[0], 0.3649, 5e-5);
    assert_close(losses[2], 2.529, 5e-4);
    assert_close(losses[3], 12.05, 5e-3);
}

#[test]
fn homework_3b_starts_in_a_landscape_too_steep_for_plain_rates() {
    let history = history(&built_in::find("hw3_q3b_start").unwrap().experiment());
    let outcomes: Vec<_> = history.traces.iter().map(|trace| trace.outcome).collect();
    let diverged = Outcome::Diverged { step: 3 };
    assert_eq!(
        outcomes,
        [diverged, diverged, Outcome::Finished, Outcome::Finished]
    );
    assert_eq!(history.traces[0].left_range_at, Some(1));
}

/// Every rule for so many epochs that blocks go to the threads, and traces thin themselves.
fn long_noisy_experiment() -> Experiment {
    let experiment = experiment("rosenbrock", [-1.0, 0.8], 40_000, settled_runs());
    with_noise(experiment, 0.5, 3)
}

#[test]
fn one_thread_and_two_record_the_same_bits() {
    let experiment = long_noisy_experiment();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| history(&experiment))
    };
    let (one, two) = (on(1), on(2));
    assert_eq!(one.traces.len(), settled_runs().len());
    for (a, b) in one.traces.iter().zip(&two.traces) {
        assert_eq!(a.outcome, Outcome::Finished);
        assert_same(a, b);
    }
}

#[test]
fn every_run_sees_the_same_noise_and_another_seed_other_noise() {
    let runs = vec![run("sgd", 1e-3), run("adam", 1e-2), run("sgd", 1e-3)];
    let quiet = experiment("himmelblau", [-1.0, 2.5], 300, runs);
    let noisy = history(&with_noise(quiet.clone(), 2.0, 1));
    assert_same(&noisy.traces[0], &noisy.traces[2]);
    let reseeded = history(&with_noise(quiet.clone(), 2.0, 2));
    let quiet = history(&quiet);
    for index in 0..3 {
        assert!(differ(&noisy.traces[index], &reseeded.traces[index]));
        assert!(differ(&noisy.traces[index], &quiet.traces[index]));
    }
}

#[test]
fn a_run_that_diverges_is_reported_and_leaves_the_others_as_they_were() {
    let with = history(&experiment(
        "rosenbrock",
        [-1.54, -0.64],
        5000,
        vec![run("sgd", 1e-3), run("momentum", 1e308), run("adam", 1e-3)],
    ));
    let without = history(&experiment(
        "rosenbrock",
        [-1.54, -0.64],
        5000,
        vec![run("sgd", 1e-3), run("adam", 1e-3)],
    ));
    let diverged = &with.traces[1];
    assert_eq!(diverged.outcome, Outcome::Diverged { step: 1 });
    assert_eq!(diverged.steps(), [0]);
    assert_eq!(diverged.evaluations, 1);
    assert_same(&with.traces[0], &without.traces[0]);
    assert_same(&with.traces[2], &without.traces[1]);
}

#[test]
fn a_plateau_is_recomputed_from_every_loss_however_the_record_is_thinned() {
    let plateau = Schedule::Plateau {
        factor: 0.5,
        patience: 3000,
        threshold: 1e-4,
        cooldown: 5,
        floor: 1e-9,
        per: Per::Epoch,
    };
    let contender = RunSpec {
        schedule: Schedule::WarmUp {
            steps: 20,
            start_rate: 0.0,
            then: Box::new(plateau),
            per: Per::Epoch,
        },
        ..run("sgd", 1e-3)
    };
    let epochs = 2 * MAX_FRAMES as u64;
    let start = [-1.0, 0.8];
    let long = experiment("rosenbrock", start, epochs, vec![contender.clone()]);
    let long = with_noise(long, 0.5, 3);
    let trace = &history(&long).traces[0];
    assert!(trace.len() <= MAX_FRAMES);
    assert_same(trace, &history(&long).traces[0]);
    // The same losses, one at a time from a record that keeps them all.
    let mut short = long.clone();
    short.epochs = MAX_FRAMES as u64 - 1;
    let whole = &history(&short).traces[0];
    let mut state = ScheduleState::default();
    for frame in whole.frames().skip(1) {
        let moment = Moment::of_update(frame.step);
        let rate = contender.schedule.rate_given(1e-3, moment, &state);
        assert_eq!(rate, frame.learning_rate, "{}", frame.step);
        contender.schedule.observe(moment, frame.loss, &mut state);
    }
    let last = whole.frame_at(short.epochs).unwrap();
    assert!(last.learning_rate < 1e-3, "it has been reduced");
    let step = trace.index_at(short.epochs).unwrap();
    let kept = trace.frame(step).unwrap();
    assert_eq!(whole.frame_at(kept.step), Some(kept));
}

#[test]
fn no_epochs_record_the_start_and_nothing_else() {
    let history = history(&experiment("beale", [1.0, 1.5], 0, vec![run("adam", 0.1)]));
    let trace = &history.traces[0];
    assert_eq!(trace.outcome, Outcome::Finished);
    assert_eq!(trace.steps(), [0]);
    assert_eq!(trace.frame(0).unwrap().parameters, [1.0, 1.5]);
    assert_eq!(trace.evaluations, 0);
}

#[test]
fn no_runs_are_a_valid_experiment() {
    let history = history(&experiment("beale", [1.0, 1.5], 100, Vec::new()));
    assert!(history.traces.is_empty());
    assert_eq!(history.last_step(), 0);
}

#[test]
fn a_start_whose_loss_overflows_has_diverged_before_the_first_step() {
    let history = history(&experiment(
        "rosenbrock",
        [1e200, 0.0],
        100,
        vec![run("sgd", 1e-3), run("adam", 1e-3)],
    ));
    for trace in &history.traces {
        assert_eq!(trace.outcome, Outcome::Diverged { step: 0 });
        assert!(trace.is_empty());
        assert_eq!((trace.best, trace.evaluations), (None, 0));
    }
}

/// The least loss of plain gradient descent and its step, worked out here without the engine.
fn least_loss_by_hand(checked: &Checked) -> (f64, u64) {
    let mut parameters = checked.start.clone();
    let mut gradient = [0.0; 2];
    let mut least = (
        Function::<f64>::gradient(&*checked.objective, &parameters, &mut gradient),
        0,
    );
    for update in 1..=checked.experiment.epochs {
        checked.objective.disturb(update, &mut gradient);
        for (w, g) in parameters.iter_mut().zip(gradient) {
            *w -= checked.runs[0].learning_rate * g;
        }
        let loss = Function::<f64>::gradient(&*checked.objective, &parameters, &mut gradient);
        if loss < least.0 {
            least = (loss, update);
        }
    }
    least
}

#[test]
fn the_best_step_is_counted_where_the_record_is_thinned() {
    let runs = vec![run("sgd", 0.01)];
    let plain = experiment("himmelblau", [-1.0, 2.5], 3 * MAX_FRAMES as u64, runs);
    let mut between_frames = 0;
    for seed in 0..6 {
        // Noise keeps the run hovering about the minimum, so that its best is just any step.
        let checked = checked(&with_noise(plain.clone(), 5.0, seed));
        let history = engine::run(&checked, |_| ControlFlow::Continue(()));
        let trace = &history.traces[0];
        let best = trace.best.unwrap();
        let (loss, step) = least_loss_by_hand(&checked);
        assert_eq!((best.loss.to_bits(), best.step), (loss.to_bits(), step));
        between_frames += usize::from(!trace.steps().contains(&best.step));
    }
    assert!(between_frames >= 3, "the record was hardly thinned");
}

/// More than can be waited for.
fn endless() -> Experiment {
    experiment("rosenbrock", [-1.0, 0.8], 1_000_000_000, settled_runs())
}

#[test]
fn a_billion_epochs_stay_bounded_and_can_be_broken_off() {
    let mut looks = 0;
    let mut asked = None;
    let history = engine::run(&checked(&endless()), |history| {
        looks += 1;
        let bounded = |trace: &Trace| trace.len() <= MAX_FRAMES;
        assert!(history.traces.iter().all(bounded));
        if history.updates < 200_000 {
            return ControlFlow::Continue(());
        }
        asked = Some(Instant::now());
        ControlFlow::Break(())
    });
    assert!(asked.unwrap().elapsed() < Duration::from_secs(1));
    assert!(looks > 20, "only {looks} chances to break off");
    for trace in &history.traces {
        assert_eq!(trace.outcome, Outcome::Cancelled);
        assert_eq!(trace.last_step(), Some(history.updates));
        assert!(trace.len() > MAX_FRAMES / 2 - 2);
    }
}

/// A worker, and a channel that tells when it has something to show.
fn worker() -> (Worker, mpsc::Receiver<()>) {
    let (tell, told) = mpsc::channel();
    let wake = move || {
        // The test may have ended already.
        let _ = tell.send(());
    };
    (Worker::start(None, wake).unwrap(), told)
}

/// Waits for a record that fits; the deadline is only there so that a failure ends.
fn wait_for(
    worker: &Worker,
    told: &mpsc::Receiver<()>,
    fits: impl Fn(&Record) -> bool,
) -> Arc<Record> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(record) = worker.latest().filter(|record| fits(record)) {
            return record;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        assert!(!left.is_zero(), "no such record in time");
        // Nothing told in time shows in the next turn of the loop.
        let _ = told.recv_timeout(left);
    }
}

#[test]
fn the_worker_shows_endless_work_while_it_runs_and_cancels_it() {
    let (worker, told) = worker();
    let request = worker.request(Arc::new(checked(&endless())));
    let running = wait_for(&worker, &told, |record| record.stage == Stage::Running);
    assert_eq!(running.request, request);
    assert!(running.history.updates > 0);

    let asked = Instant::now();
    worker.cancel();
    let cancelled = wait_for(&worker, &told, |record| record.stage == Stage::Cancelled);
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert_eq!(cancelled.request, request);
    assert!(cancelled.history.updates >= running.history.updates);
    for trace in &cancelled.history.traces {
        assert_eq!(trace.outcome, Outcome::Cancelled);
        assert!(trace.len() <= MAX_FRAMES);
    }
}

#[test]
fn a_newer_request_supersedes_an_endless_one() {
    let (worker, told) = worker();
    let first = worker.request(Arc::new(checked(&endless())));
    wait_for(&worker, &told, |record| record.stage == Stage::Running);
    let short = experiment("beale", [1.0, 1.5], 150, vec![run("adam", 0.05)]);
    let second = worker.request(Arc::new(checked(&short)));
    assert!(second > first);
    let done = wait_for(&worker, &told, |record| record.request == second);
    assert_eq!(done.stage, Stage::Done);
    assert_eq!(done.checked.experiment, short);
    assert_same(&done.history.traces[0], &history(&short).traces[0]);
}

#[test]
fn a_worker_serves_again_after_a_cancelled_request() {
    let (worker, told) = worker();
    worker.request(Arc::new(checked(&endless())));
    worker.cancel();
    wait_for(&worker, &told, |record| record.stage == Stage::Cancelled);
    let short = experiment("beale", [1.0, 1.5], 20, vec![run("sgd", 0.01)]);
    let request = worker.request(Arc::new(checked(&short)));
    let done = wait_for(&worker, &told, |record| record.request == request);
    assert_eq!(done.stage, Stage::Done);
}

#[test]
fn a_worker_that_is_dropped_ends_its_endless_work() {
    let (worker, told) = worker();
    worker.request(Arc::new(checked(&endless())));
    wait_for(&worker, &told, |record| record.stage == Stage::Running);
    let asked = Instant::now();
    drop(worker);
    assert!(asked.elapsed() < Duration::from_secs(5));
}

#[test]
fn leaving_the_range_is_noted_at_its_first_step() {
    let trace = &history(&experiment(
        "goldstein_price_ai_notes",
        [-0.67, 0.46],
        150,
        vec![run("momentum", 1e-5)],
    ))
    .traces[0];
    let card = landscapes::find("goldstein_price_ai_notes").unwrap().card();
    let outside = trace.frames().find(|frame| {
        let at = [frame.parameters[0], frame.parameters[1]];
        !card.contains(at)
    });
    assert_eq!(trace.left_range_at, outside.map(|frame| frame.step));
    assert!(trace.left_range_at.is_some());
}

/// What a step costs: a gradient, or two for SAM; the Hessian matrix of two parameters counts
/// four more; the simplex pays for values only, three of them to begin with; and a line search
/// doesn't pay twice for the point where it ends.
#[test]
fn evaluations_are_counted_as_the_rules_ask_for_them() {
    let evaluations = |id: &str, wrapped: bool, noise: f64, epochs: u64| {
        let mut run = run(id, 1.0);
        if wrapped {
            run.wrappers = vec![WrapperSpec::new(wrappers::find("Sam").unwrap())];
        }
        let mut experiment = experiment("himmelblau", [1.0, 1.0], epochs, vec![run]);
        experiment = with_noise(experiment, noise, 1);
        let trace = history(&experiment).traces.remove(0);
        let at: Vec<u64> = trace.evaluations_at().to_vec();
        assert!(at.windows(2).all(|pair| pair[0] <= pair[1]) && at[0] == 0);
        assert_eq!(at.last(), Some(&trace.evaluations), "{id}");
        trace.evaluations
    };
    assert_eq!(evaluations("adam", false, 0.0, 5), 5);
    assert_eq!(evaluations("adam", true, 0.0, 5), 10);
    assert_eq!(evaluations("newton", false, 0.0, 5), 25);
    assert_eq!(evaluations("adahessian", false, 0.0, 5), 25);
    // The diagonal is looked at after the updates 1 and 11.
    assert_eq!(evaluations("sophia", false, 0.0, 11), 11 + 2 * 4);
    let simplex = evaluations("nelder_mead", false, 0.0, 1);
    assert!((4..=7).contains(&simplex), "{simplex}");
    // Under noise the gradient of the next update is another one, and is paid for.
    let (exact, noisy) = (
        evaluations("lbfgs", false, 0.0, 3),
        evaluations("lbfgs", false, 1e-300, 3),
    );
    assert_eq!(noisy, exact + 2);
}

/// The path on show is that of the mean, with its own loss; the rule goes on undisturbed.
#[test]
fn averaged_iterates_are_shown_with_their_loss() {
    let mut averaged = run("sgd", 0.01);
    averaged.wrappers = vec![WrapperSpec::new(wrappers::find("Averaged").unwrap())];
    let plain = history(&experiment("booth", [3.0, 1.0], 4, vec![run("sgd", 0.01)]));
    let mean = history(&experiment("booth", [3.0, 1.0], 4, vec![averaged]));
    let points: Vec<_> = plain.traces[0].parameters().map(<[f64]>::to_vec).collect();
    let last = mean.frame(0, 4).unwrap();
    for i in 0..2 {
        let expected = points[1..].iter().map(|point| point[i]).sum::<f64>() / 4.0;
        assert!((last.parameters[i] - expected).abs() < 1e-14);
    }
    let booth = |w: &[f64]| (w[0] + 2.0 * w[1] - 7.0).powi(2) + (2.0 * w[0] + w[1] - 5.0).powi(2);
    assert!((last.loss - booth(last.parameters)).abs() < 1e-12);
    assert_eq!(mean.frame(0, 0).unwrap().parameters, [3.0, 1.0]);
}
