//! The slice through a network's loss on show, and the thread that surveys it.

use super::LossPlane;
use crate::analysis::slice::{Relief, Survey, WeightPlane, range};
use crate::app::background::Background;
use crate::app::state::Lab;
use crate::engine::training::{Snapshot, Snapshots};
use crate::engine::{Frame, History, Record, Stage, Trace, at_length};
use crate::landscapes::Chosen;
use std::sync::Arc;

/// What a slice is made for.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    record: (u64, u64),
    plane: LossPlane,
    /// Random directions begin at the end of this run.
    run: usize,
}

/// Work for the thread.
enum Work {
    Begin(Key, Arc<Record>, u64),
    Refine(Box<Surveyed>),
}

/// A survey, and everything about its plane that does not become finer.
struct Surveyed {
    key: Key,
    frame: Arc<OnPlane>,
    survey: Survey,
    /// None where the data cannot be had any more, and where nothing has moved.
    landscape: Chosen,
}

/// The runs on a plane.
struct OnPlane {
    /// The record with every run's foot, at the ends of epochs, in place of its parameters.
    record: Arc<Record>,
    names: [String; 2],
    title: String,
    about: String,
    start: [f64; 2],
    /// Which share of the variance of all paths lies within the plane.
    share: f64,
    serial: u64,
}

/// What the thread has to say.
enum Answer {
    Surveyed(Box<Surveyed>),
    /// Why there is no such slice.
    Nothing(Key, &'static str),
}

/// The slice on show, and the thread that makes it finer.
pub struct LossSlice {
    background: Option<Background<Work, Answer>>,
    asked: Option<Key>,
    nothing: Option<(Key, &'static str)>,
    view: Option<LossView>,
    serial: u64,
}

/// What is seen.
struct LossView {
    key: Key,
    on_plane: Arc<OnPlane>,
    landscape: Chosen,
    examples: usize,
    is_complete: bool,
}

impl LossSlice {
    /// Nothing surveyed yet. Where the system gives no thread, nothing ever is.
    pub fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            background: Background::start_watched("loss slice", wake, at_work).ok(),
            asked: None,
            nothing: None,
            view: None,
            serial: 0,
        }
    }

    /// Whether a survey is under way.
    pub fn is_busy(&self) -> bool {
        self.asked.is_some() && self.background.is_some()
    }

    fn ask(&mut self, key: Key, record: Arc<Record>) {
        let Some(background) = &self.background else {
            return;
        };
        self.serial += 1;
        background.ask(Work::Begin(key.clone(), record, self.serial));
        self.nothing = None;
        self.asked = Some(key);
    }

    /// Gives up the survey of a training that `newest` has replaced.
    fn forget_before(&mut self, newest: u64) {
        let is_replaced = |key: &Key| key.record.0 < newest;
        if self.asked.take_if(|key| is_replaced(key)).is_some()
            && let Some(background) = &self.background
        {
            background.cancel();
        }
    }

    fn attend(&mut self) {
        let answer = self.background.as_ref().and_then(Background::take);
        match answer {
            Some(Answer::Surveyed(surveyed)) => self.take(*surveyed),
            Some(Answer::Nothing(key, why)) if self.asked.as_ref() == Some(&key) => {
                self.asked = None;
                self.nothing = Some((key, why));
            }
            _ => {}
        }
    }

    fn take(&mut self, surveyed: Surveyed) {
        let is_latest = self.asked.as_ref() == Some(&surveyed.key);
        let is_complete = surveyed.survey.is_complete();
        self.view = Some(LossView {
            key: surveyed.key.clone(),
            on_plane: Arc::clone(&surveyed.frame),
            landscape: surveyed.landscape.clone(),
            examples: surveyed.survey.examples(),
            is_complete,
        });
        if !is_latest {
            return;
        }
        match (&self.background, is_complete) {
            (Some(background), false) => background.ask(Work::Refine(Box::new(surveyed))),
            _ => self.asked = None,
        }
    }
}

/// Takes what was surveyed.
pub fn attend(lab: &mut Lab) {
    lab.loss_slice.attend();
    lab.loss_slice.forget_before(lab.awaited);
}

/// Surveys the loss around the record on show.
pub fn survey(lab: &mut Lab) {
    let (Some(key), Some(record)) = (key(lab), lab.record.clone()) else {
        return;
    };
    lab.loss_slice.ask(key, record);
}

fn key(lab: &Lab) -> Option<Key> {
    let record = lab.record_here()?;
    record.checked.task()?;
    Some(Key {
        record: record.identity(),
        plane: lab.view.loss_plane,
        run: lab.run_at_hand(),
    })
}

/// What stands below the picture, and whether another one can be asked for.
pub struct LossState {
    /// In words.
    pub text: String,
    /// Whether what is seen is of something else than the controls and the record say.
    pub is_old: bool,
    /// Whether it should be surveyed without being asked for.
    pub is_due: bool,
}

impl Lab {
    /// How the slice through the loss stands; none where no network is trained.
    pub fn loss_state(&self) -> Option<LossState> {
        let key = key(self)?;
        let record = self.record_here()?;
        let slice = &self.loss_slice;
        let is_asked = slice.asked.as_ref() == Some(&key);
        let is_seen = self.loss_view().is_some_and(|view| view.key == key);
        let refused = slice.nothing.as_ref().filter(|(other, _)| *other == key);
        let mut text = match (self.loss_view(), refused) {
            (_, Some((_, why))) => (*why).to_owned(),
            (Some(view), None) => view.caption(),
            (None, None) if is_asked => "Surveying …".to_owned(),
            (None, None) => String::new(),
        };
        if is_asked && self.loss_view().is_some() {
            text += " Surveying …";
        }
        let is_old = !is_seen && !is_asked && refused.is_none();
        Some(LossState {
            text,
            is_old,
            is_due: is_old && record.stage != Stage::Running,
        })
    }

    /// The view of the experiment on show.
    fn loss_view(&self) -> Option<&LossView> {
        // Not the record that `record_here` gives: whether one is here depends on the landscape,
        // which this may be.
        let record = self.record.as_deref()?;
        self.experiment.objective.network()?;
        let view = self.loss_slice.view.as_ref()?;
        let runs = view.on_plane.record.history.traces.len();
        let fits = view.key.record.0 == record.request && runs == self.experiment.runs.len();
        (fits && record.checked.task().is_some()).then_some(view)
    }

    /// The surveyed loss, as a landscape.
    pub fn loss_landscape(&self) -> Option<Chosen> {
        Some(self.loss_view()?.landscape.clone())
    }

    /// The record whose first two parameters are places on that landscape.
    pub fn record_on_loss(&self) -> Option<&Arc<Record>> {
        Some(&self.loss_view()?.on_plane.record)
    }

    /// Where the runs begin on it.
    pub fn start_on_loss(&self) -> Option<[f64; 2]> {
        Some(self.loss_view()?.on_plane.start)
    }

    /// What its axes are.
    pub fn loss_axes(&self) -> Option<[String; 2]> {
        Some(self.loss_view()?.on_plane.names.clone())
    }

    /// Which plane it is, counted.
    pub fn loss_serial(&self) -> Option<usize> {
        Some(self.loss_view()?.on_plane.serial as usize)
    }
}

impl LossView {
    fn caption(&self) -> String {
        let on_plane = &self.on_plane;
        let finer = match self.is_complete {
            true => "",
            false => " It becomes finer.",
        };
        format!(
            "{} It shows {:.1} % of how all paths together extend (their variance); a path's other \
             {:.1} % are beside it. Loss over {} training examples.{finer}",
            on_plane.about,
            100.0 * on_plane.share,
            100.0 * (1.0 - on_plane.share),
            self.examples,
        )
    }
}

fn at_work(asked: Work, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Answer> {
    at_length(|| work(asked, is_superseded))
}

fn work(work: Work, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Answer> {
    let mut surveyed = match work {
        Work::Refine(surveyed) => *surveyed,
        Work::Begin(key, record, serial) => match begin(&key, &record, serial) {
            Ok((frame, survey)) => Surveyed {
                landscape: relief(&survey, &frame),
                frame: Arc::new(frame),
                survey,
                key,
            },
            Err(why) => return Some(Answer::Nothing(key, why)),
        },
    };
    if !surveyed.survey.refine(&|| !is_superseded()) {
        return None;
    }
    surveyed.landscape = relief(&surveyed.survey, &surveyed.frame);
    Some(Answer::Surveyed(Box::new(surveyed)))
}

fn relief(survey: &Survey, frame: &OnPlane) -> Chosen {
    let (title, about) = (frame.title.clone(), frame.about.clone());
    Relief::of(survey, title, about, frame.start, frame.serial)
}

fn begin(key: &Key, record: &Record, serial: u64) -> Result<(OnPlane, Survey), &'static str> {
    const NOT_KEPT: &str = "No weights are kept yet: they are, at the end of every epoch, while \
                            the network trains here.";
    let task = record.checked.task().ok_or(NOT_KEPT)?;
    let snapshots = &record.snapshots;
    let runs = 0..record.history.traces.len();
    let path = |run: usize| -> Vec<&[f32]> {
        let kept = snapshots.of(run).iter();
        kept.map(|snapshot| &snapshot.parameters[..]).collect()
    };
    let paths: Vec<Vec<&[f32]>> = runs.clone().map(path).collect();
    let end = snapshots.of(key.run).last().ok_or(NOT_KEPT)?;
    let (plane, share, about) = match key.plane {
        LossPlane::Principal => {
            let found = WeightPlane::principal(&paths);
            let (plane, share) = found.ok_or("Nothing has moved yet: there is no path.")?;
            let about = "The plane of the two directions in which all paths together extend \
                         most (principal axes).";
            (plane, share, about.to_owned())
        }
        LossPlane::Random(seed) => {
            let plane = WeightPlane::random(task.plan(), &end.parameters, seed);
            let share = plane.share_of(&paths.concat());
            let label = &record.checked.runs[key.run].label;
            let about = format!(
                "Two random directions around where {label} ends, normalised filter by filter \
                 (seed {seed}); 1 is as far as the filters are long."
            );
            (plane, share, about)
        }
    };
    let feet: Vec<Vec<[f64; 2]>> = paths
        .iter()
        .map(|path| path.iter().map(|point| plane.foot(point)).collect())
        .collect();
    let seen = match key.plane {
        LossPlane::Random(_) => Some([(-1.0, 1.0); 2]),
        LossPlane::Principal => range(&feet.concat()),
    };
    let seen = seen.ok_or("The weights are not finite.")?;
    let names = match key.plane {
        LossPlane::Principal => ["1st axis", "2nd axis"],
        LossPlane::Random(_) => ["1st direction", "2nd direction"],
    };
    let on_plane = OnPlane {
        record: Arc::new(on_plane(record, snapshots, &feet)),
        names: names.map(str::to_owned),
        title: format!("Loss over {} and {}", names[0], names[1]),
        about,
        start: feet.iter().flatten().next().copied().unwrap_or([0.0; 2]),
        share,
        serial,
    };
    let survey = Survey::new(task, Arc::new(plane), seen);
    let survey = survey.map_err(|_| "The data cannot be read any more.")?;
    Ok((on_plane, survey))
}

/// The record with the feet of the kept weights, and nothing between them.
fn on_plane(record: &Record, snapshots: &Snapshots, feet: &[Vec<[f64; 2]>]) -> Record {
    let trace = |(run, whole): (usize, &Trace)| {
        let mut trace = Trace::new(2);
        (trace.outcome, trace.best) = (whole.outcome, whole.best);
        let kept = snapshots.of(run).iter().zip(&feet[run]);
        for (snapshot, foot) in kept {
            let snapshot: &Snapshot = snapshot;
            if let Some(frame) = whole.frame_at(snapshot.update) {
                trace.push(Frame {
                    step: snapshot.update,
                    parameters: foot,
                    ..frame
                });
            }
        }
        trace
    };
    Record {
        history: History {
            parameter_names: vec!["u".to_owned(), "v".to_owned()],
            traces: record
                .history
                .traces
                .iter()
                .enumerate()
                .map(trace)
                .collect(),
            variations: Vec::new(),
            updates: record.history.updates,
        },
        checked: Arc::clone(&record.checked),
        stage: record.stage.clone(),
        snapshots: Snapshots::default(),
        ..record.clone()
    }
}
