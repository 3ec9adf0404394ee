//! Trainings under control: what is kept of them, where they go on from, and changes of rate.

use descent_lab::engine::continual::Learning;
use descent_lab::engine::training::Training;
use descent_lab::engine::training::snapshots::{self, Snapshot};
use descent_lab::engine::{
    self, Checkpoint, History, Message, Outcome, Record, Report, Shelf, Stage, Work, Worker, trunk,
};
use descent_lab::experiment::event::RateEvent;
use descent_lab::experiment::{Checked, Experiment, preset};
use descent_lab::models::continual::REMEDIES;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

const SPIRALS: &str = r#"(version: 1, epochs: 6, seed: 4,
    objective: Network(data: Spirals(examples: 100), architecture: "spiral", batch_size: 32),
    runs: [(optimizer: "adam", learning_rate: 0.01),
        (optimizer: "momentum", learning_rate: 0.1, schedule: Plateau(patience: 0)),
        (optimizer: "sgd", learning_rate: 1e39)])"#;

const NORMALISED: &str = r#"(version: 1, epochs: 6, seed: 4,
    objective: Network(data: Moons(examples: 90), batch_size: 32, layers: [
        Dense(outputs: 8), BatchNorm, Relu, Dropout(rate: 0.2), Dense(outputs: 2)]),
    runs: [(optimizer: "sgd", learning_rate: 0.1, wrappers: [Averaged(start: 2)])])"#;

fn read(text: &str) -> Experiment {
    preset::read(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn checked(text: &str) -> Checked {
    read(text).check().unwrap()
}

/// As text: the start has no learning rate, and NaN is not equal to itself.
fn words(history: &History) -> String {
    format!("{history:?}")
}

fn run(checked: &Checked) -> History {
    engine::run(checked, |_| ControlFlow::Continue(()))
}

fn kept(training: &Training<'_>, run: usize) -> Vec<Snapshot> {
    let snapshots = training.snapshots();
    let kept = snapshots.of(run).iter();
    kept.map(|snapshot| Snapshot::clone(snapshot)).collect()
}

#[test]
fn the_weights_of_every_epoch_are_kept_and_give_what_was_measured() {
    for text in [SPIRALS, NORMALISED] {
        let checked = checked(text);
        let per_epoch = checked.updates_per_epoch();
        let (mut training, mut history) = Training::new(&checked).unwrap();
        assert!(training.snapshots().of(0).is_empty(), "nobody has asked");
        training.keep_snapshots();
        while !training.is_done() {
            training.advance(1, &mut history);
        }
        let kept = kept(&training, 0);
        let updates: Vec<u64> = kept.iter().map(|snapshot| snapshot.update).collect();
        assert_eq!(
            updates,
            (0..=6).map(|epoch| epoch * per_epoch).collect::<Vec<_>>()
        );
        let task = checked.task().unwrap();
        let data = task.data().unwrap();
        let all: Vec<u32> = (0..data.test.len() as u32).collect();
        for snapshot in kept {
            let mut network = task.network();
            assert!(network.set_running(snapshot.moments));
            let score = network.test(&*data.test, &all, &snapshot.parameters, &|_, _| {});
            let measured = history.traces[0]
                .measured
                .exactly_at(snapshot.update)
                .unwrap();
            assert_eq!([score.loss, score.accuracy], measured[2..]);
        }
    }
}

#[test]
fn a_diverged_run_rests_at_its_last_finite_weights() {
    let checked = checked(SPIRALS);
    let (mut training, mut history) = Training::new(&checked).unwrap();
    training.keep_snapshots();
    training.advance(u64::MAX, &mut history);
    assert!(matches!(
        history.traces[2].outcome,
        Outcome::Diverged { .. }
    ));
    let snapshots = training.snapshots();
    let last = snapshots.at(2, u64::MAX).unwrap();
    assert!(last.parameters.iter().all(|w| w.is_finite()));
    assert_eq!(snapshots.at(0, u64::MAX).unwrap().update, checked.updates());
    let bytes: usize = (0..3)
        .map(|run| 4 * snapshots.of(run).len() * checked.parameters())
        .sum();
    assert_eq!(snapshots.bytes(), bytes);
    assert!(bytes <= snapshots::MOST_BYTES);
}

#[test]
fn what_is_kept_goes_through_a_checkpoint() {
    let checked = checked(NORMALISED);
    let (mut whole, mut history) = Training::new(&checked).unwrap();
    whole.keep_snapshots();
    whole.advance(7, &mut history);
    let bytes = whole.checkpoint(&history).to_bytes();
    whole.advance(u64::MAX, &mut history);
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let (mut training, mut history) = Training::resume(&checked, &checkpoint).unwrap();
    training.keep_snapshots();
    training.advance(u64::MAX, &mut history);
    assert_eq!(kept(&training, 0), kept(&whole, 0));
    assert!(checkpoint.bytes() > 4 * checked.parameters());
}

const TASKS: &str = r#"(version: 1, epochs: 2, seed: 4, objective: Tasks(
    data: Moons(examples: 60), joined: With(Blobs(examples: 60)),
    scenario: Split(tasks: [[0, 1], [2, 3, 4]]),
    layers: [Dense(outputs: 8), Tanh, Dense(outputs: 8), Tanh], batch_size: 16), runs: [RUNS])"#;

#[test]
fn a_checkpoint_knows_how_large_it_is() {
    let tasks = TASKS.replace("RUNS", r#"(optimizer: "adam", remedy: Ewc())"#);
    for text in [SPIRALS, NORMALISED, &tasks] {
        let checked = checked(text);
        let (mut work, mut history) = Work::begin(&checked).unwrap();
        work.keep_snapshots();
        work.observe_units(&mut history);
        let (work, history) = work.go_on(history, |_, _| ControlFlow::Continue(()));
        let checkpoint = work.checkpoint(&history).unwrap();
        // Counts that are small take fewer bytes in a file than in memory.
        let (known, written) = (checkpoint.bytes(), checkpoint.to_bytes().len());
        assert!(
            known as f64 > 0.7 * written as f64 && known < 2 * written,
            "{known} of {written}"
        );
    }
}

#[test]
fn tasks_go_on_from_a_checkpoint_to_the_same_bits_with_every_remedy() {
    let one = |id: &str| format!(r#"(optimizer: "adam", learning_rate: 0.02, remedy: {id}()),"#);
    let runs: String = REMEDIES.iter().map(|card| one(card.id)).collect();
    let mut experiment = read(&TASKS.replace("RUNS", &runs));
    experiment.seeds = vec![4, 9];
    let checked = experiment.check().unwrap();
    let per_task = checked.updates_per_task();
    let (work, history) = Work::begin(&checked).unwrap();
    let (whole, history) = work.go_on(history, |_, _| ControlFlow::Continue(()));
    let expected = words(&history);
    // Within a task, just before a border, just behind it, and at the end.
    for stop in [1, per_task - 1, per_task, per_task + 1, 2 * per_task] {
        let (mut learning, mut history) = Learning::new(&checked).unwrap();
        while learning.updates() < stop {
            learning.advance(stop - learning.updates(), &mut history);
        }
        let bytes = learning.checkpoint(&history).to_bytes();
        drop(learning);
        let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
        let (work, history) = Work::resume(&checked, &checkpoint).unwrap();
        assert_eq!(history.updates, stop);
        let (work, history) = work.go_on(history, |_, _| ControlFlow::Continue(()));
        assert!(words(&history) == expected, "stopped at {stop}");
        for run in 0..checked.runs.len() {
            assert_eq!(work.parameters(run), whole.parameters(run), "{stop} {run}");
        }
    }
    // With another number of epochs the tasks begin elsewhere.
    let (learning, history) = Learning::new(&checked).unwrap();
    experiment.epochs = 3;
    let longer = experiment.check().unwrap();
    assert!(!learning.checkpoint(&history).fits(&longer));
}

fn with_event(text: &str, step: u64, learning_rate: f64) -> Checked {
    let mut experiment = read(text);
    experiment.runs[0].events = vec![RateEvent {
        step,
        learning_rate,
    }];
    experiment.check().unwrap()
}

#[test]
fn a_change_of_rate_on_the_way_is_the_same_as_one_that_was_written_before() {
    let plain = checked(SPIRALS);
    let changed = with_event(SPIRALS, 10, 0.001);
    let expected = run(&changed);
    let rates = expected.traces[0].learning_rates();
    assert_eq!((rates[9], rates[10]), (0.01, 0.001));
    assert_ne!(words(&expected), words(&run(&plain)));
    let (mut training, mut history) = Training::new(&plain).unwrap();
    training.advance(9, &mut history);
    let checkpoint = training.checkpoint(&history);
    assert!(checkpoint.fits(&plain) && checkpoint.fits(&changed));
    let (work, history) = Work::resume(&changed, &checkpoint).unwrap();
    let (_, history) = work.go_on(history, |_, _| ControlFlow::Continue(()));
    assert_eq!(words(&history), words(&expected));
    // What was already trained is not what an earlier change would have made of it.
    assert!(!checkpoint.fits(&with_event(SPIRALS, 9, 0.001)));
    assert_ne!(trunk(&changed, 10), trunk(&plain, 10));
    assert_eq!(trunk(&changed, 9), trunk(&plain, 9));
}

#[test]
fn other_data_under_the_same_name_are_noticed() {
    let checked = checked(SPIRALS);
    let (training, history) = Training::new(&checked).unwrap();
    let checkpoint = training.checkpoint(&history);
    assert!(Work::resume(&checked, &checkpoint).is_ok());
    let mut other = read(SPIRALS);
    other.seeds = vec![5];
    let other = other.check().unwrap();
    assert!(Work::resume(&other, &checkpoint).is_err());
}

/// A worker, and a channel that tells when it has something to show.
fn worker(shelf: Option<Box<dyn Shelf>>) -> (Worker, mpsc::Receiver<()>) {
    let (tell, told) = mpsc::channel();
    let wake = move || {
        // The test may have ended already.
        let _ = tell.send(());
    };
    (Worker::start(shelf, wake).unwrap(), told)
}

/// Waits for a record that fits; the deadline is only there so that a failure ends.
fn wait_for(
    (worker, told): &(Worker, mpsc::Receiver<()>),
    fits: impl Fn(&Record) -> bool,
) -> Arc<Record> {
    let deadline = Instant::now() + Duration::from_secs(60);
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

/// So long that nobody waits for its end.
fn endless() -> Experiment {
    Experiment {
        epochs: 10_000_000,
        ..read(SPIRALS)
    }
}

#[test]
fn a_paused_training_rests_and_goes_on() {
    let worker = worker(None);
    let request = worker.0.request(Arc::new(endless().check().unwrap()));
    wait_for(&worker, |record| record.history.updates > 0);
    worker.0.pause(true);
    let rests = wait_for(&worker, |record| record.stage == Stage::Paused);
    assert_eq!(rests.history.traces[0].outcome, Outcome::Running);
    assert_eq!(rests.seconds_left(), None);
    std::thread::sleep(Duration::from_millis(100));
    let still = worker.0.latest().unwrap();
    assert!(Arc::ptr_eq(&still, &rests), "it went on while paused");
    worker.0.pause(false);
    let goes = wait_for(&worker, |record| {
        record.history.updates > rests.history.updates
    });
    assert_eq!((goes.request, &goes.stage), (request, &Stage::Running));
    assert!(goes.seconds_left().is_some_and(|seconds| seconds > 0.0));
    worker.0.pause(true);
    wait_for(&worker, |record| record.stage == Stage::Paused);
    worker.0.cancel();
    let cancelled = wait_for(&worker, |record| record.stage == Stage::Cancelled);
    assert_eq!(cancelled.history.traces[0].outcome, Outcome::Cancelled);
}

#[test]
fn a_cancelled_training_goes_on_with_a_change_of_rate_to_the_same_bits() {
    let worker = worker(None);
    worker.0.request(Arc::new(endless().check().unwrap()));
    wait_for(&worker, |record| record.history.updates > 0);
    worker.0.cancel();
    let cancelled = wait_for(&worker, |record| record.stage == Stage::Cancelled);
    let made = cancelled.history.updates;
    // To some epochs behind where it was cancelled, with another rate from there on.
    let mut experiment = read(SPIRALS);
    experiment.epochs = made / 4 + 3;
    experiment.runs[0].events = vec![RateEvent {
        step: made + 1,
        learning_rate: 0.003,
    }];
    let checked = Arc::new(experiment.check().unwrap());
    let request = worker.0.request_paused(Arc::clone(&checked));
    let rests = wait_for(&worker, |record| record.request == request);
    assert_eq!(
        (&rests.stage, rests.history.updates),
        (&Stage::Paused, made)
    );
    worker.0.pause(false);
    let done = wait_for(&worker, |record| record.stage == Stage::Done);
    assert_eq!(
        done.pace.updates,
        checked.updates() - made,
        "nothing is trained twice"
    );
    assert_eq!(words(&done.history), words(&run(&checked)));
    // The weights from before it was cancelled are there too, as evenly as those of a whole one.
    let (mut whole, mut history) = Training::new(&checked).unwrap();
    whole.keep_snapshots();
    whole.advance(u64::MAX, &mut history);
    let whole = whole.snapshots();
    assert_eq!(done.snapshots.of(0), whole.of(0));
    assert!(whole.of(0).len() <= snapshots::MOST_EPOCHS);
}

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// Checkpoints of earlier sessions.
#[derive(Clone, Default)]
struct Stored {
    files: Arc<Mutex<Files>>,
    aside: Arc<Mutex<Vec<String>>>,
    report: Arc<Mutex<Option<Report>>>,
}

impl Shelf for Stored {
    fn find(&self, _: &str) -> Vec<(String, Vec<u8>)> {
        self.files.lock().unwrap().clone()
    }

    fn keep(&self, _: &str, member: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap().push((member.to_owned(), bytes));
    }

    fn set_aside(&self, name: &str) -> String {
        self.aside.lock().unwrap().push(name.to_owned());
        "It is aside.".to_owned()
    }

    fn report_to(&mut self, report: Report) {
        *self.report.lock().unwrap() = Some(report);
    }
}

/// The bytes of a checkpoint, changed so that they are whole and yet of other data.
fn of_other_data(checked: &Checked, updates: u64, mut bytes: Vec<u8>) -> Vec<u8> {
    let trunk = trunk(checked, updates);
    let place = bytes
        .windows(trunk.len())
        .position(|part| part == trunk.as_bytes());
    // Behind the trunk stands the check sum of the data.
    bytes[place.unwrap() + trunk.len()] ^= 1;
    let end = bytes.len() - 4;
    let mut sum = flate2::Crc::new();
    sum.update(&bytes[..end]);
    bytes[end..].copy_from_slice(&sum.sum().to_le_bytes());
    bytes
}

#[test]
fn a_checkpoint_that_cannot_be_used_hides_none_that_can() {
    let checked = Arc::new(checked(SPIRALS));
    let (mut training, mut history) = Training::new(&checked).unwrap();
    training.advance(7, &mut history);
    let good = training.checkpoint(&history).to_bytes();
    training.advance(5, &mut history);
    let further = training.checkpoint(&history).to_bytes();
    let stored = Stored::default();
    *stored.files.lock().unwrap() = vec![
        ("good".to_owned(), good),
        ("bad".to_owned(), of_other_data(&checked, 12, further)),
    ];
    let worker = worker(Some(Box::new(stored.clone())));
    worker.0.request(Arc::clone(&checked));
    let done = wait_for(&worker, |record| record.stage == Stage::Done);
    assert_eq!(done.pace.updates, checked.updates() - 7);
    assert_eq!(words(&done.history), words(&run(&checked)));
    let messages = worker.0.messages();
    assert!(
        matches!(&messages[..], [Message::Trouble(one), Message::Information(other)]
            if one.contains("at update 12 was not used") && one.contains("data have changed")
                && other.contains("update 7")),
        "{messages:?}"
    );
    assert!(stored.aside.lock().unwrap().is_empty());
}

#[test]
fn a_checkpoint_that_fails_after_the_end_of_the_work_is_told() {
    let stored = Stored::default();
    let worker = worker(Some(Box::new(stored.clone())));
    worker.0.request(Arc::new(checked(SPIRALS)));
    wait_for(&worker, |record| record.stage == Stage::Done);
    assert!(worker.0.messages().is_empty());
    while worker.1.try_recv().is_ok() {}
    let report = stored.report.lock().unwrap().clone().unwrap();
    report("the disk is full".to_owned());
    worker.1.recv_timeout(Duration::from_secs(60)).unwrap();
    let told = worker.0.messages();
    assert_eq!(told, [Message::Trouble("the disk is full".to_owned())]);
}

#[test]
fn a_new_session_goes_on_from_the_furthest_checkpoint_and_uses_no_damaged_one() {
    let checked = Arc::new(checked(SPIRALS));
    let (mut training, mut history) = Training::new(&checked).unwrap();
    let mut files = Vec::new();
    for (name, updates) in [("early", 5), ("late", 6)] {
        training.advance(updates, &mut history);
        let bytes = training.checkpoint(&history).to_bytes();
        files.push((name.to_owned(), bytes));
    }
    training.advance(4, &mut history);
    let mut damaged = training.checkpoint(&history).to_bytes();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    files.push(("damaged".to_owned(), damaged));
    files.push((
        "older version".to_owned(),
        b"descent-lab training 1\n....".to_vec(),
    ));
    let stored = Stored::default();
    *stored.files.lock().unwrap() = files;
    let worker = worker(Some(Box::new(stored.clone())));
    worker.0.request(Arc::clone(&checked));
    let done = wait_for(&worker, |record| record.stage == Stage::Done);
    assert_eq!(done.pace.updates, checked.updates() - 11);
    assert_eq!(words(&done.history), words(&run(&checked)));
    assert_eq!(*stored.aside.lock().unwrap(), ["damaged"]);
    let messages = worker.0.messages();
    assert!(
        matches!(&messages[..], [Message::Trouble(one), Message::Information(other)]
            if one.contains("damaged") && one.contains("It is aside.") && other.contains("update 11")),
        "{messages:?}"
    );
}
