//! How the landscape curves where the runs are: worked out off the window's thread, and only
//! while something shows it.

use crate::analysis::curvature::{self, Curvature, Sharpness};
use crate::app::asked::Asked;
use crate::app::plots::Subject;
use crate::app::state::{Dialog, Lab};
use crate::engine::{Replay, Stage};
use crate::experiment::Checked;
use crate::landscapes::Chosen;
use crate::numbers::Noise;
use crate::objective::{Function, LandscapeObjective};
use std::sync::Arc;

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

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        let place = |of: &Self| of.landscape.as_ref().map(|(_, at)| at.map(f64::to_bits));
        self.is_of_same_run(other) && self.step == other.step && place(self) == place(other)
    }
}

impl Question {
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

impl PartialEq for Along {
    fn eq(&self, other: &Self) -> bool {
        (self.record, &self.runs) == (other.record, &other.runs)
    }
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

impl PartialEq for Flow {
    fn eq(&self, other: &Self) -> bool {
        let key = |of: &Self| (of.record, of.origin, of.scale.to_bits());
        key(self) == key(other)
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
            here: Asked::new(ctx, "curvature", here),
            along: Asked::new(ctx, "sharpness", along),
            flow: Asked::new(ctx, "gradient flow", flow),
        }
    }

    /// Whether something is being worked out.
    pub fn is_busy(&self) -> bool {
        self.here.is_busy() || self.along.is_busy() || self.flow.is_busy()
    }

    /// Two answers of the sharpness along runs with the same number are the same.
    pub fn serial(&self) -> u64 {
        self.along.serial()
    }
}

fn here(question: &Question, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Here> {
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
    if !curvature::go_to(&mut replay, question.step, &|| !is_superseded()) {
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

fn along(
    question: &Along,
    is_superseded: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<Vec<Sharpness>>> {
    let goes_on = || !is_superseded();
    let runs = question.runs.iter();
    runs.map(|&run| curvature::over_time(&question.checked, run, curvature::MOST_POINTS, &goes_on))
        .collect()
}

fn flow(question: &Flow, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Vec<Vec<f64>>> {
    let goes_on = || !is_superseded();
    let checked = question.checked.from_origin(question.origin)?;
    curvature::gradient_flow(
        &*checked.objective,
        &checked.start,
        question.scale,
        &goes_on,
    )
}

impl Lab {
    /// The curvature where the explained run is, at the playhead or where it was a moment ago.
    pub fn curvature_here(&self) -> Option<&Here> {
        let (question, here) = self.curving.here.answer()?;
        let present = self.question_here()?;
        question.is_of_same_run(&present).then_some(here)
    }

    /// The sharpness along a run, while that of the present record is known.
    pub fn sharpness(&self, run: usize) -> Option<&[Sharpness]> {
        let (question, found) = self.curving.along.answer()?;
        let record = self.record_here()?;
        let place = question.runs.iter().position(|&asked| asked == run)?;
        let is_here = question.record == record.identity();
        found.get(place).filter(|_| is_here).map(Vec::as_slice)
    }

    /// The path of the gradient flow from the explained start, in all parameters.
    pub fn gradient_flow(&self) -> Option<&[Vec<f64>]> {
        let (question, path) = self.curving.flow.answer()?;
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
        let mut seen = self.seen_plots().into_iter().chain(table);
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
    let draws_landscape = lab.draws_landscape();
    let wants_here =
        lab.settings.shows_curvature && draws_landscape || lab.draws_panel("curvature");
    if let Some(question) = lab.question_here().filter(|_| wants_here) {
        let _ = lab.curving.here.ask(question);
    }
    if lab.wants_sharpness() {
        let _ = lab.curving.along.ask(Along {
            record: identity,
            checked: Arc::clone(&checked),
            runs: lab.shown_runs().map(|(run, _)| run).collect(),
        });
    }
    if lab.settings.shows_flow && draws_landscape {
        let [(left, right), (low, high)] = lab.landscape().card().range;
        let origin = lab.origin();
        let _ = lab.curving.flow.ask(Flow {
            record: identity,
            checked,
            origin,
            scale: (right - left).hypot(high - low),
        });
    }
}
