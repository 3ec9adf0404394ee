//! The tuner: the numbers of homework 3b, reproducible, fair, and nothing found outside.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::analysis::tuner::{
    self, Journal, NoJournal, Question, Trial, Tuned, USUAL_BUDGET, USUAL_BUDGET_ALONE, Verdict,
    note,
};
use descent_lab::experiment::{Criterion, Quantity, built_in, preset};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Mutex;

fn homework(surface: &str) -> String {
    format!(
        "(version: 1, epochs: 150, objective: Landscape(surface: \"{surface}\", \
         start: (-0.67, 0.46)), runs: [(optimizer: \"sgd\"), (optimizer: \"momentum\"), \
         (optimizer: \"rmsprop\"), (optimizer: \"adam\")])"
    )
}

fn question(surface: &str, criterion: Criterion) -> Question {
    about(&homework(surface), criterion)
}

/// A question about the experiment of a text.
fn about(text: &str, criterion: Criterion) -> Question {
    Question {
        experiment: preset::read(text).unwrap(),
        criterion,
        target: 3.001,
        axes: Vec::new(),
        budget: None,
        seed: 0,
    }
}

fn tuned(question: &Question, run: usize) -> Tuned {
    question
        .tune(run, &NoJournal, &|_| ControlFlow::Continue(()))
        .unwrap()
}

#[test]
fn homework_3b_is_solved_as_fast_as_by_brute_force() {
    // With another seed too: it is no luck.
    for (criterion, most, seed) in [
        (Criterion::FirstTouch, [26, 49, 22], 0),
        (Criterion::Stays, [95, 57, 81], 0),
        (Criterion::FirstTouch, [26, 49, 22], 3),
    ] {
        let mut question = question("goldstein_price", criterion);
        question.seed = seed;
        for (run, most) in (1..4).zip(most) {
            let tuned = tuned(&question, run);
            let epochs = tuned.verdict.epochs.unwrap();
            assert!(tuned.verdict.succeeds);
            assert!(
                epochs <= most,
                "{criterion}, run {run}, seed {seed}: {epochs} epochs"
            );
            check_by_the_simulation(&question, &tuned);
        }
    }
}

/// What the tuner says is what the experiment does.
fn check_by_the_simulation(question: &Question, tuned: &Tuned) {
    let mut experiment = question.experiment.clone();
    tuned.apply(&mut experiment);
    let checked = experiment.check().unwrap();
    let history = descent_lab::engine::run(&checked, |_| ControlFlow::Continue(()));
    let trace = &history.traces[tuned.run];
    let losses = trace.losses();
    let reached = match question.criterion {
        Criterion::BestLoss => trace.best.map(|best| best.step),
        Criterion::FirstTouch => losses
            .iter()
            .position(|loss| *loss <= 3.001)
            .map(|k| k as u64),
        Criterion::Stays => losses
            .iter()
            .rposition(|loss| *loss > 3.001)
            .map(|k| k as u64 + 1)
            .filter(|step| *step <= 150),
    };
    assert_eq!(
        tuned.verdict.epochs,
        reached.or(trace.best.map(|best| best.step))
    );
    assert_eq!(trace.best.unwrap().loss, tuned.verdict.loss);
    assert_eq!(trace.left_range_at, None);
}

#[test]
fn gradient_descent_comes_near_the_goal() {
    let mut question = question("goldstein_price", Criterion::BestLoss);
    question.target = f64::NAN;
    let tuned = tuned(&question, 0);
    assert!(tuned.verdict.loss <= 3.0623, "{:?}", tuned.verdict);
    check_by_the_simulation(&question, &tuned);
}

#[test]
fn nothing_that_leaves_the_range_wins_on_the_pages_surface() {
    let mut question = question("goldstein_price_ai_notes", Criterion::BestLoss);
    question.target = f64::NAN;
    question.budget = Some(1 << 13);
    for run in 0..4 {
        let tuned = tuned(&question, run);
        // Outside it falls to −572,800.
        assert!(tuned.verdict.loss >= 2.999, "{:?}", tuned.verdict);
        check_by_the_simulation(&question, &tuned);
    }
}

#[test]
fn the_same_seed_gives_the_same_answer_on_any_number_of_threads() {
    let mut question = question("goldstein_price", Criterion::Stays);
    question.budget = Some(4000);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| tuned(&question, 3))
    };
    let (one, three) = (on(1), on(3));
    assert_eq!(one.values, three.values);
    assert_eq!(one.robustness, three.robustness);
    assert_eq!((one.searched, three.searched), (4000, 4000));
    let robustness = one.robustness.unwrap();
    assert!((0.0..=1.0).contains(&robustness));
}

#[test]
fn every_run_spends_the_same_and_the_note_says_what_was_searched() {
    let mut question = question("goldstein_price", Criterion::FirstTouch);
    question.budget = Some(500);
    question.axes = vec!["learning_rate=1e-6:1".into(), "momentum=0.5:0.99".into()];
    let all: Vec<Tuned> = (0..4).map(|run| tuned(&question, run)).collect();
    assert!(all.iter().all(|tuned| tuned.searched == 500));
    // A run is searched over what it has.
    assert_eq!(all[0].axes.len(), 1);
    assert_eq!(all[1].axes.len(), 2);
    let momentum = Quantity::Hyperparameter("momentum".into());
    assert!((0.5..=0.99).contains(&all[1].value(&momentum).unwrap()));
    let note = note(&question, &all);
    for part in [
        "500 trials for each run",
        "Run 1, 2: learning_rate",
        "momentum from 0.5 to 0.99",
        "3.001",
    ] {
        assert!(note.contains(part), "{part}: {note}");
    }
}

#[test]
fn a_search_can_be_broken_off_and_keeps_its_best() {
    let question = question("goldstein_price", Criterion::FirstTouch);
    let tuned = question
        .tune(3, &NoJournal, &|progress| match progress.done >= 5000 {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        })
        .unwrap();
    assert!(tuned.is_cancelled && tuned.searched < 20_000);
    assert!(tuned.values.is_some() && tuned.robustness.is_none());
}

/// What the notes of the built-in solution say of its runs.
#[test]
fn the_built_in_solution_does_what_its_notes_say() {
    let experiment = built_in::find("hw3_q3b").unwrap().experiment();
    let question = Question::of(&experiment);
    assert_eq!(
        (question.criterion, question.target),
        (Criterion::FirstTouch, 3.001)
    );
    let checked = experiment.check().unwrap();
    let history = descent_lab::engine::run(&checked, |_| ControlFlow::Continue(()));
    for trace in &history.traces {
        assert_eq!(trace.left_range_at, None);
    }
    let losses = |run: usize| history.traces[run].losses();
    let steps = |run: usize| touched_and_stays(losses(run));
    assert_eq!(steps(0), (Some(40), Some(40)));
    assert_eq!(steps(1), (Some(13), None));
    assert_eq!(steps(2), (Some(2), Some(2)));
    assert_eq!(steps(3), (Some(5), Some(138)));
    let near = |loss: f64, written: f64| assert!((loss / written - 1.0).abs() < 1e-3, "{loss}");
    near(losses(0)[150], 3.00002);
    near(losses(1)[150], 6.69);
    near(losses(2)[1], 54_810.0);
}

/// Epochs until the loss first is at most 3.001, and until it stays so.
fn touched_and_stays(losses: &[f64]) -> (Option<usize>, Option<usize>) {
    let touched = losses.iter().position(|loss| *loss <= 3.001);
    let above = losses.iter().rposition(|loss| *loss > 3.001);
    let stays = above.map(|above| above + 1);
    (touched, stays.filter(|epoch| *epoch < losses.len()))
}

/// What they say of settings beside these, and of those that stay.
#[test]
fn settings_beside_the_built_in_solution_do_what_its_notes_say() {
    let solution = built_in::find("hw3_q3b").unwrap().experiment();
    let with = |run: usize, rate: f64, decay: f64| {
        let mut experiment = solution.clone();
        Quantity::LearningRate.set(&mut experiment, run, rate);
        Quantity::Decay.set(&mut experiment, run, decay);
        let checked = experiment.check().unwrap();
        let mut history = descent_lab::engine::run(&checked, |_| ControlFlow::Continue(()));
        history.traces.swap_remove(run)
    };
    let steps = |run, rate, decay| touched_and_stays(with(run, rate, decay).losses());
    assert_eq!(steps(0, 0.000_044_907_43, 0.001_598_177).0, Some(110));
    let short = with(0, 0.000_044_907, 0.001_598_2);
    assert!((short.best.unwrap().loss - 3.055).abs() < 1e-3);
    let shorter = with(0, 0.000_044_91, 0.001_598);
    assert_eq!(shorter.left_range_at, Some(5));
    assert_eq!(steps(1, 0.000_095_279_9, 1.117_39).1, Some(51));
    assert_eq!(steps(3, 0.1665, 0.01923).1, Some(65));
}

/// The built-in solution is a trial of its own search, so that nothing slower is found.
#[test]
fn tuning_the_built_in_solution_finds_nothing_slower() {
    let experiment = built_in::find("hw3_q3b").unwrap().experiment();
    let mut question = Question::of(&experiment);
    question.budget = Some(16);
    for (run, most) in [(0, 40), (1, 13), (2, 2), (3, 5)] {
        let found = tuned(&question, run);
        assert!(found.verdict.epochs.unwrap() <= most, "{:?}", found.verdict);
    }
}

/// A small network, three settings of which are quick to train.
fn network() -> Question {
    let text = r#"(version: 1, epochs: 6, seed: 3, runs: [
        (optimizer: "sgd", learning_rate: 0.001), (optimizer: "adam", learning_rate: 0.001)],
        objective: Network(data: Spirals(examples: 256), architecture: "spiral", batch_size: 64))"#;
    Question {
        experiment: preset::read(text).unwrap(),
        criterion: Criterion::BestLoss,
        target: f64::NAN,
        axes: vec!["learning_rate=1e-4:10".into()],
        budget: Some(18),
        seed: 5,
    }
}

#[test]
fn networks_are_tuned_by_successive_halving_and_what_is_found_is_what_they_do() {
    let question = network();
    let all: Vec<Tuned> = (0..2).map(|run| tuned(&question, run)).collect();
    for tuned in &all {
        let rounds: Vec<_> = tuned.rungs.iter().map(|r| (r.trials, r.end)).collect();
        assert_eq!(rounds, [(18, 2), (7, 6)]);
        assert_eq!(
            (tuned.searched, tuned.epochs_trained()),
            (18, 18 * 2 + 7 * 4)
        );
        assert_eq!((tuned.robustness, tuned.neighbours), (None, 0));
        // Left after two epochs and gone on with, a training comes to the same as in one go.
        let mut experiment = question.experiment.clone();
        tuned.apply(&mut experiment);
        let checked = experiment.check().unwrap();
        let history = descent_lab::engine::run(&checked, |_| ControlFlow::Continue(()));
        let trace = &history.traces[tuned.run];
        assert_eq!(trace.best.unwrap().loss, tuned.verdict.loss);
        let epochs = trace
            .best
            .unwrap()
            .step
            .div_ceil(checked.updates_per_epoch());
        assert_eq!(tuned.verdict.epochs, Some(epochs));
        // Tuning never makes it worse.
        let before = descent_lab::engine::run(&question.experiment.check().unwrap(), |_| {
            ControlFlow::Continue(())
        });
        assert!(tuned.verdict.loss <= before.traces[tuned.run].best.unwrap().loss);
    }
    let note = note(&question, &all);
    for part in [
        "18 trials for each run",
        "Successive halving",
        "all 18 were trained for 2 epochs, the best 6 for 6 epochs",
        "64 epochs of training at most for each run",
        "test data had no say",
    ] {
        assert!(note.contains(part), "{part}: {note}");
    }
}

#[test]
fn a_networks_search_is_the_same_on_any_number_of_threads_and_can_be_broken_off() {
    let question = network();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        pool.install(|| tuned(&question, 1))
    };
    let (one, three) = (on(1), on(3));
    assert_eq!((one.values, one.verdict), (three.values, three.verdict));
    let cancelled = question
        .tune(0, &NoJournal, &|progress| match progress.done > 0 {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        })
        .unwrap();
    assert!(cancelled.is_cancelled);
    // The best so far is told within the first round too.
    assert!(cancelled.values.is_some() && cancelled.verdict.loss.is_finite());
}

/// Run, epochs and the bits of the values of a training.
type Training = (usize, u64, Vec<u64>);

/// A journal in memory that counts how often it spared a training.
#[derive(Default)]
struct Noted {
    verdicts: Mutex<BTreeMap<Training, Verdict>>,
    spared: Mutex<usize>,
}

impl Noted {
    fn key(trial: Trial<'_>) -> Training {
        let bits = trial.values.iter().map(|x| x.to_bits());
        (trial.run, trial.epochs, bits.collect())
    }

    fn trainings(&self) -> usize {
        self.verdicts.lock().unwrap().len()
    }
}

impl Journal for Noted {
    fn find(&self, trial: Trial<'_>) -> Option<Verdict> {
        let found = self
            .verdicts
            .lock()
            .unwrap()
            .get(&Self::key(trial))
            .copied();
        *self.spared.lock().unwrap() += usize::from(found.is_some());
        found
    }

    fn note(&self, trial: Trial<'_>, verdict: Verdict) {
        let before = self
            .verdicts
            .lock()
            .unwrap()
            .insert(Self::key(trial), verdict);
        assert!(before.is_none(), "{trial:?} was made twice");
    }
}

/// Tasks, whose trials are trained in one go: a part evenly spread, others around the best.
fn tasks() -> Question {
    let text = r#"(version: 1, epochs: 1, seed: 3,
        objective: Tasks(data: Blobs(examples: 90), joined: Permuted, batch_size: 30,
            scenario: Split(tasks: [[0, 1, 2], [3, 4, 5]]),
            layers: [Flatten, Dense(outputs: 6), Relu]),
        runs: [(optimizer: "sgd", learning_rate: 0.1)])"#;
    Question {
        experiment: preset::read(text).unwrap(),
        budget: Some(12),
        ..network()
    }
}

#[test]
fn a_search_that_trains_goes_on_where_it_was_broken_off_and_comes_to_the_same() {
    // In the first round, where the best go on, and in the last.
    for (question, until) in [
        (network(), 10),
        (network(), 36),
        (network(), 50),
        (tasks(), 1),
        (tasks(), 7),
    ] {
        let whole = tuned(&question, 0);
        let journal = Noted::default();
        let stop = |progress: &tuner::Progress<'_>| progress.done >= until;
        let broken_off = question.tune(0, &journal, &|progress| match stop(&progress) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        });
        assert!(broken_off.unwrap().is_cancelled);
        let kept = journal.trainings();
        assert!(kept > 0, "{until}");
        let go_on = || {
            let tuned = question.tune(0, &journal, &|_| ControlFlow::Continue(()));
            tuned.unwrap()
        };
        assert_eq!(go_on().outcome(), whole.outcome());
        assert_eq!(*journal.spared.lock().unwrap(), kept);
        let all = journal.trainings();
        assert!(all > kept);
        // Nothing is trained again.
        assert_eq!(go_on().outcome(), whole.outcome());
        assert_eq!(journal.trainings(), all);
    }
}

#[test]
fn trainings_without_their_data_are_not_noted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.csv");
    let row = |k: usize| format!("{},{},kind{}\n", k % 5, k % 7, k % 2);
    std::fs::write(
        &file,
        "x1,x2,kind\n".to_owned() + &(0..40).map(row).collect::<String>(),
    )
    .unwrap();
    let text = format!(
        "(version: 1, epochs: 6, runs: [(optimizer: \"sgd\")], objective: Network(data: \
         Csv(file: {:?}, label: \"kind\"), batch_size: 16, layers: [Dense(outputs: 2)]))",
        file.to_str().unwrap()
    );
    let question = Question {
        experiment: preset::read(&text).unwrap(),
        ..network()
    };
    let journal = Noted::default();
    // Gone once the search has begun.
    let gone = question.tune(0, &journal, &|progress| {
        if progress.done > 0 {
            let _ = std::fs::remove_file(&file);
        }
        ControlFlow::Continue(())
    });
    let gone = gone.unwrap();
    assert!(gone.unbegun > 0);
    assert_eq!(gone.outcome(), None);
    for verdict in journal.verdicts.lock().unwrap().values() {
        assert!(verdict.loss.is_finite(), "{verdict:?}");
    }
}

#[test]
fn the_target_of_a_network_is_counted_in_epochs() {
    let mut question = network();
    question.criterion = Criterion::FirstTouch;
    question.target = 0.65;
    let tuned = tuned(&question, 1);
    assert!(tuned.verdict.succeeds, "{:?}", tuned.verdict);
    let epochs = tuned.verdict.epochs.unwrap();
    assert!((1..=6).contains(&epochs), "{epochs}");
}

#[test]
fn tuning_never_makes_a_run_worse_even_where_it_lies_off_the_axes() {
    // Without any decay; the usual axis begins at 0.0001.
    let text = "(version: 1, epochs: 1000, objective: Landscape(surface: \"rosenbrock\"), runs: \
                [(optimizer: \"sgd\", learning_rate: 0.0017886)])";
    let question = Question {
        target: 1e-5,
        budget: Some(1),
        ..about(text, Criterion::FirstTouch)
    };
    let only_itself = tuned(&question, 0);
    assert_eq!(only_itself.values, Some(vec![0.0017886, 0.0]));
    let more = Question {
        budget: Some(400),
        ..question
    };
    let found = tuned(&more, 0).verdict.epochs.unwrap();
    assert!(found <= only_itself.verdict.epochs.unwrap(), "{found}");
}

#[test]
fn robustness_beside_no_decay_counts_small_decays() {
    // In two epochs any decay shortens the second step, and the target is just within reach.
    let text = "(version: 1, epochs: 2, objective: Landscape(surface: \"booth\", start: (0, 0)), \
                runs: [(optimizer: \"sgd\", learning_rate: 0.01)])";
    let mut question = about(text, Criterion::FirstTouch);
    question.axes = vec!["decay=0,0.1:1:log".into()];
    question.budget = Some(64);
    question.target = f64::NAN;
    question.criterion = Criterion::BestLoss;
    let least = tuned(&question, 0).verdict.loss;
    question.target = least;
    question.criterion = Criterion::FirstTouch;
    let found = tuned(&question, 0);
    assert_eq!(found.values, Some(vec![0.0]));
    let robustness = found.robustness.unwrap();
    assert!((0.4..0.6).contains(&robustness), "{robustness}");
}

#[test]
fn what_was_found_is_for_the_run_that_was_searched() {
    let mut question = question("goldstein_price", Criterion::BestLoss);
    question.budget = Some(64);
    let found = tuned(&question, 1);
    let searched = question.experiment.runs[1].clone();
    let mut other = searched.clone();
    other.learning_rate = Some(0.5);
    other.label = Some("renamed".into());
    assert!(found.fits_both(&searched, &other));
    other.hyperparameters.insert("momentum".into(), 0.5);
    assert!(!found.fits_both(&searched, &other));
    assert!(!found.fits_both(&searched, &question.experiment.runs[3]));
    let mut taken = question.experiment.clone();
    assert!(!found.is_taken_in(&taken));
    found.apply(&mut taken);
    assert!(found.is_taken_in(&taken));
}

#[test]
fn a_listed_axis_has_only_its_values() {
    let rates = [0.001, 0.01, 0.03];
    let question = Question {
        axes: vec!["learning_rate=0.001,0.01,0.03".into()],
        budget: Some(300),
        ..question("goldstein_price", Criterion::BestLoss)
    };
    for run in [2, 3] {
        let found = tuned(&question, run).values.unwrap()[0];
        assert!(rates.contains(&found), "{found}");
    }
}

#[test]
fn all_runs_have_the_budget_of_the_one_that_has_least() {
    let text = "(version: 1, epochs: 20, objective: Landscape(surface: \"himmelblau\"), runs: \
                [(optimizer: \"adam\"), (optimizer: \"lbfgs\"), (optimizer: \"sgd\")])";
    let asked = about(text, Criterion::BestLoss);
    let of = |runs: &[usize]| asked.clone().with_one_budget(runs).unwrap();
    assert_eq!(of(&[0, 2]).budget, Some(USUAL_BUDGET));
    let fair = of(&[0, 1, 2]);
    for run in 0..3 {
        assert_eq!(tuned(&fair, run).searched, USUAL_BUDGET_ALONE);
    }
    let set = Question {
        budget: Some(50),
        ..asked.clone()
    };
    assert_eq!(set.with_one_budget(&[0, 1]).unwrap().budget, Some(50));
}
