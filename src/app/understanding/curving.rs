//! How the landscape curves where the runs are: worked out off the window's thread, and only
//! while something shows it.

use crate::analysis::curvature::{self, Curvature, Sharpness};
use crate::app::background::Background;
use crate::app::plots::Subject;
use crate::app::state::{Dialog, Lab};
use crate::engine::{Replay, Stage};
use crate::experiment::Checked;
use crate::landscapes::Chosen;
use crate::numbers::Noise;
use crate::objective::{Function, LandscapeObjective};
use std::sync::Arc;

/// The most points of a plotted sharpness.
const MOST_POINTS: u64 = 400;

/// Which experiment something was worked out for.
type Of = (u64, u64);

/// The curvature at a run's place is asked for.
#[derive(Clone)]
struct Question {
    record: Of,
    checked: Arc<Checked>,
    origin: usize,
    run: usize,
    step: u64,
    /// The landscape on show, and where the run is on it.
    landscape: Option<(Chosen, [f64; 2])>,
}

impl Question {
    fn is_same(&self, other: &Self) -> bool {
        let place = |of: &Self| of.landscape.as_ref().map(|(_, at)| at.map(f64::to_bits));
        self.is_of_same_run(other) && self.step == other.step && place(self) == place(other)
    }

    /// Whether both are of the same run of the same record.
    fn is_of_same_run(&self, other: &Self) -> bool {
        (self.record, self.origin, self.run) == (other.record, other.origin, other.run)
    }
}

/// What was found where a run is.
#[derive(Clone, Debug)]
pub struct Here {
    /// After how many updates.
    pub step: u64,
    /// The objective around the parameters that the rule works on; none where a derivative is not
    /// finite, or there are too many parameters.
    pub curvature: Option<Curvature>,
    /// Its sharpness beside what the rule bears.
    pub sharpness: Option<Sharpness>,
    /// The landscape on show around the run's place on it.
    pub on_landscape: Option<Curvature>,
    /// What J changes by at the next update, as the local model has it and really.
    pub next: Option<(f64, f64)>,
}

/// The sharpness along runs is asked for.
#[derive(Clone)]
struct Along {
    record: Of,
    checked: Arc<Checked>,
    runs: Vec<usize>,
}

/// The gradient flow from a start is asked for.
#[derive(Clone)]
struct Flow {
    record: Of,
    checked: Arc<Checked>,
    origin: usize,
    /// A length that counts as the size of the picture.
    scale: f64,
}

/// One kind of question, with the last one asked and the newest answer.
struct Asked<Q, A> {
    background: Option<Background<Q, (Q, A)>>,
    asked: Option<Q>,
    answer: Option<(Q, A)>,
    is_same: fn(&Q, &Q) -> bool,
    /// Counts the answers.
    serial: u64,
}

impl<Q: Clone + Send + 'static, A: Send + 'static> Asked<Q, A> {
    fn new(
        ctx: &egui::Context,
        name: &str,
        is_same: fn(&Q, &Q) -> bool,
        answer: fn(&Q, &dyn Fn() -> bool) -> Option<A>,
    ) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        let answer = move |question: Q, is_superseded: &(dyn Fn() -> bool + Sync)| {
            let found = answer(&question, &|| !is_superseded())?;
            Some((question, found))
        };
        Self {
            background: Background::start_watched(name, wake, answer).ok(),
            asked: None,
            answer: None,
            is_same,
            serial: 0,
        }
    }

    fn take(&mut self) {
        let Some(answer) = self.background.as_ref().and_then(Background::take) else {
            return;
        };
        if self
            .asked
            .as_ref()
            .is_some_and(|asked| (self.is_same)(asked, &answer.0))
        {
            self.asked = None;
        }
        self.answer = Some(answer);
        self.serial += 1;
    }

    fn ask(&mut self, question: Q) {
        let Some(background) = &self.background else {
            return;
        };
        let is_same = |other: &Q| (self.is_same)(other, &question);
        let is_answered = self
            .answer
            .as_ref()
            .is_some_and(|(asked, _)| is_same(asked));
        if self.asked.as_ref().is_some_and(is_same) || self.asked.is_none() && is_answered {
            return;
        }
        background.ask(question.clone());
        self.asked = Some(question);
    }

    fn is_busy(&self) -> bool {
        self.background.is_some() && self.asked.is_some()
    }
}

/// What is known of the curvature.
pub struct Curving {
    here: Asked<Question, Here>,
    along: Asked<Along, Vec<Vec<Sharpness>>>,
    flow: Asked<Flow, Vec<Vec<f64>>>,
}

impl Curving {
    /// Nothing worked out yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            here: Asked::new(ctx, "curvature", Question::is_same, here),
            along: Asked::new(
                ctx,
                "sharpness",
                |a, b| a.record == b.record && a.runs == b.runs,
                along,
            ),
            flow: Asked::new(
                ctx,
                "gradient flow",
                |a, b| {
                    let key = |of: &Flow| (of.record, of.origin, of.scale.to_bits());
                    key(a) == key(b)
                },
                flow,
            ),
        }
    }

    /// Whether something is being worked out.
    pub fn is_busy(&self) -> bool {
        self.here.is_busy() || self.along.is_busy() || self.flow.is_busy()
    }

    /// Two answers of the sharpness along runs with the same number are the same.
    pub fn serial(&self) -> u64 {
        self.along.serial
    }
}

fn here(question: &Question, goes_on: &dyn Fn() -> bool) -> Option<Here> {
    let checked = question.checked.from_origin(question.origin)?;
    let on_landscape = question.landscape.as_ref().and_then(|(landscape, at)| {
        let exact = LandscapeObjective {
            landscape: landscape.clone(),
            noise: 0.0,
            draws: Noise::new(0),
        };
        Curvature::of(&exact, at)
    });
    let mut found = Here {
        step: question.step,
        curvature: None,
        sharpness: None,
        on_landscape,
        next: None,
    };
    let Some(mut replay) = Replay::new(&checked, question.run) else {
        return Some(found);
    };
    if !curvature::go_to(&mut replay, question.step, goes_on) {
        return None;
    }
    if replay.diverged_at().is_some() {
        return Some(found);
    }
    let descended = replay.descended();
    found.curvature = Curvature::of(&descended, replay.parameters());
    let Some(curvature) = &found.curvature else {
        return Some(found);
    };
    found.sharpness = Some(Sharpness::with(&replay, curvature));
    if question.step < checked.updates() {
        replay.go_to(question.step + 1);
        let next = replay.parameters();
        let really = descended.value(next) - curvature.value;
        found.next = Some((curvature.model(next) - curvature.value, really));
    }
    Some(found)
}

fn along(question: &Along, goes_on: &dyn Fn() -> bool) -> Option<Vec<Vec<Sharpness>>> {
    let runs = question.runs.iter();
    runs.map(|&run| curvature::over_time(&question.checked, run, MOST_POINTS, goes_on))
        .collect()
}

fn flow(question: &Flow, goes_on: &dyn Fn() -> bool) -> Option<Vec<Vec<f64>>> {
    let checked = question.checked.from_origin(question.origin)?;
    curvature::gradient_flow(&*checked.objective, &checked.start, question.scale, goes_on)
}

impl Lab {
    /// The curvature where the explained run is, at the playhead or where it was a moment ago.
    pub fn curvature_here(&self) -> Option<&Here> {
        let (question, here) = self.curving.here.answer.as_ref()?;
        let present = self.question_here()?;
        question.is_of_same_run(&present).then_some(here)
    }

    /// The sharpness along a run, while that of the present record is known.
    pub fn sharpness(&self, run: usize) -> Option<&[Sharpness]> {
        let (question, found) = self.curving.along.answer.as_ref()?;
        let record = self.record_here()?;
        let place = question.runs.iter().position(|&asked| asked == run)?;
        let is_here = question.record == record.identity();
        found.get(place).filter(|_| is_here).map(Vec::as_slice)
    }

    /// The path of the gradient flow from the explained start, in all parameters.
    pub fn gradient_flow(&self) -> Option<&[Vec<f64>]> {
        let (question, path) = self.curving.flow.answer.as_ref()?;
        let record = self.record_here()?;
        let is_here = question.record == record.identity() && question.origin == self.origin();
        (is_here && self.settings.shows_flow).then_some(path)
    }

    fn question_here(&self) -> Option<Question> {
        let record = self.record_here()?;
        let run = self.run_at_hand();
        let step = self.playhead.step();
        let frame = self.explained_trace(run)?.frame_at(step)?;
        let foot = self.foot_on_landscape(frame.parameters);
        Some(Question {
            record: record.identity(),
            checked: Arc::clone(&record.checked),
            origin: self.origin(),
            run,
            step,
            landscape: foot.map(|foot| (self.landscape(), foot)),
        })
    }

    fn wants_sharpness(&self) -> bool {
        let table = match &self.view.dialog {
            Some(Dialog::Values(subject)) => Some(*subject),
            _ => None,
        };
        let mut seen = self.drawn_plots().into_iter().chain(table);
        seen.any(|subject| subject == Subject::Sharpness)
    }
}

/// Takes what was worked out, and asks for what is shown and not known yet.
pub fn attend(lab: &mut Lab) {
    lab.curving.here.take();
    lab.curving.along.take();
    lab.curving.flow.take();
    let Some(record) = lab.record_here() else {
        return;
    };
    let is_trained = record.checked.task().is_some() || record.checked.sequence().is_some();
    if record.stage == Stage::Running || is_trained {
        return;
    }
    let (identity, checked) = (record.identity(), Arc::clone(&record.checked));
    let wants_here = lab.settings.shows_curvature || lab.shows_panel("curvature");
    if let Some(question) = lab.question_here().filter(|_| wants_here) {
        lab.curving.here.ask(question);
    }
    if lab.wants_sharpness() {
        lab.curving.along.ask(Along {
            record: identity,
            checked: Arc::clone(&checked),
            runs: lab.shown_runs().map(|(run, _)| run).collect(),
        });
    }
    if lab.settings.shows_flow {
        let [(left, right), (low, high)] = lab.landscape().card().range;
        let origin = lab.origin();
        lab.curving.flow.ask(Flow {
            record: identity,
            checked,
            origin,
            scale: (right - left).hypot(high - low),
        });
    }
}
