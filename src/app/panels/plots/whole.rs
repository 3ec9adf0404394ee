//! The whole curves of the plots, made once a record.
//!
//! Those of many epochs take longer than a frame and are made on a thread of their own; what was
//! there before stays on show until then.

use crate::analysis::curvature::Sharpness;
use crate::app::background::Background;
use crate::app::inside::Replays;
use crate::app::plots::{Source, Subject};
use crate::app::state::Lab;
use crate::engine::{Outcome, Record};
use crate::figures::curves::{self, Abscissa, AxisScale, Quantity};
use egui::Context;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// So many points of all curves are made, and thinned, in a small part of a frame.
const LARGE: usize = 10_000;

/// How thick the lines of a run's first, second, … number are.
const WIDTHS: [f32; 4] = [1.8, 1.0, 0.7, 0.5];

/// Everything that a plot has to show.
pub struct Whole {
    /// What it was made of.
    pub key: Key,
    /// The range of values that shows everything worth showing.
    pub range: (f64, f64),
    /// One for each shown run, or several where it has several numbers.
    pub curves: Vec<Curve>,
    /// Whether the curves are still being made.
    pub is_awaited: bool,
}

/// One run's curve.
pub struct Curve {
    /// Which run colour.
    pub colour: u8,
    /// How thick the line is: the first of a run's numbers has the thickest.
    pub width: f32,
    /// Every recorded point.
    pub whole: curves::Curve,
    /// Where it leaves the range of values for good, if it does.
    pub leaves_at: Option<f64>,
}

/// What whole curves are made of.
#[derive(Clone, PartialEq)]
pub struct Key {
    /// Which of the documents that were shown.
    document: u64,
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    scales: [AxisScale; 2],
    abscissa: Abscissa,
    /// Which replay, where the plot needs one.
    replay: Option<u64>,
}

impl Key {
    fn of(lab: &Lab, record: &Record, subject: Subject, scale: AxisScale) -> Self {
        Self {
            document: lab.shown,
            record: record.identity(),
            shown: lab.shown_runs().collect(),
            scales: [lab.along(), scale],
            abscissa: lab.abscissa(),
            replay: match subject {
                Subject::Sharpness => Some(lab.curving.serial()),
                _ => subject.needs_replay().then(|| lab.inside.serial()),
            },
        }
    }

    /// Whether curves of this key may be shown until those of another are there: those of the
    /// same document on the same axes.
    pub fn stands_in_for(&self, other: &Self) -> bool {
        let place = |key: &Self| (key.document, key.scales, key.abscissa);
        place(self) == place(other)
    }
}

impl Whole {
    /// Whether its curves have so many points that nothing is done with all of them on the
    /// window's thread.
    pub fn is_large(&self) -> bool {
        let points = self.curves.iter().map(|curve| curve.whole.points.len());
        points.sum::<usize>() > LARGE
    }

    fn awaited(key: Key) -> Self {
        Self {
            key,
            range: (0.0, 1.0),
            curves: Vec::new(),
            is_awaited: true,
        }
    }
}

/// The thread that makes curves; the latest frame's are the ones that it makes next.
type Maker = Background<Vec<Request>, Vec<(Subject, Whole)>>;

/// The whole curves of all plots, and the thread that makes large ones.
pub struct Wholes {
    worker: Option<Maker>,
    /// What this frame lacks.
    missing: Vec<Request>,
    /// What the thread was asked for last.
    asked: Vec<(Subject, Key)>,
    ready: HashMap<Subject, Arc<Whole>>,
}

/// Curves to be made, and what of.
struct Request {
    subject: Subject,
    key: Key,
    record: Arc<Record>,
    replays: Option<Replays>,
    /// How sharp it was along each shown run, where the plot shows that.
    sharpness: Vec<Option<Vec<Sharpness>>>,
}

impl Wholes {
    /// None yet. Where the system gives no thread all are made on the window's.
    pub fn new(ctx: &Context) -> Self {
        let wake = ctx.clone();
        let make = |requests: Vec<Request>| {
            let made = requests.into_par_iter();
            made.map(|request| (request.subject, request.whole()))
                .collect()
        };
        Self {
            worker: Background::start("whole curves", move || wake.request_repaint(), make).ok(),
            missing: Vec::new(),
            asked: Vec::new(),
            ready: HashMap::new(),
        }
    }

    /// The curves of a plot, or those that are shown until they are there; `old` is what the plot
    /// showed last.
    pub fn of(
        &mut self,
        lab: &Lab,
        record: &Arc<Record>,
        (subject, scale): (Subject, AxisScale),
        old: Option<&Arc<Whole>>,
    ) -> Arc<Whole> {
        let key = Key::of(lab, record, subject, scale);
        let ready = self.ready.get(&subject).filter(|whole| whole.key == key);
        if let Some(whole) = ready.or(old.filter(|whole| whole.key == key && !whole.is_awaited)) {
            return Arc::clone(whole);
        }
        let sharpness = |(run, _): (usize, u8)| lab.sharpness(run).map(<[Sharpness]>::to_vec);
        let request = Request {
            replays: lab.replays().filter(|_| subject.needs_replay()),
            sharpness: match subject {
                Subject::Sharpness => lab.shown_runs().map(sharpness).collect(),
                _ => Vec::new(),
            },
            record: Arc::clone(record),
            subject,
            key,
        };
        if request.points() <= LARGE || self.worker.is_none() {
            return Arc::new(request.whole());
        }
        let ready = self.ready.get(&subject);
        let before = [ready, old].into_iter().flatten();
        let before = before.max_by_key(|whole| whole.key.record);
        let stand_in = before.filter(|whole| whole.key.stands_in_for(&request.key));
        let awaited = || Arc::new(Whole::awaited(request.key.clone()));
        let whole = stand_in.map_or_else(awaited, Arc::clone);
        self.missing.push(request);
        whole
    }

    /// Takes what has been made.
    pub fn take(&mut self) {
        let made = self.worker.as_ref().and_then(Background::take);
        for (subject, whole) in made.into_iter().flatten() {
            self.ready.insert(subject, Arc::new(whole));
        }
    }

    /// Has what this frame lacks made.
    pub fn ask(&mut self) {
        let missing = std::mem::take(&mut self.missing);
        let wanted = |request: &Request| (request.subject, request.key.clone());
        let wanted: Vec<_> = missing.iter().map(wanted).collect();
        if wanted == self.asked {
            return;
        }
        self.asked = wanted;
        if let Some(worker) = self.worker.as_ref().filter(|_| !missing.is_empty()) {
            worker.ask(missing);
        }
    }

    /// Forgets the curves of plots that are not among these.
    pub fn keep(&mut self, subjects: &[Subject]) {
        self.ready.retain(|subject, _| subjects.contains(subject));
    }
}

impl Request {
    /// About how many points there will be.
    fn points(&self) -> usize {
        let traces = &self.record.history.traces;
        let shown = self.key.shown.iter();
        shown.map(|&(run, _)| traces[run].steps().len()).sum()
    }

    /// Makes the curves, one after the other: the window does not wait for threads that may be
    /// busy, and plots share the cores.
    fn whole(&self) -> Whole {
        let shown = self.key.shown.iter().enumerate();
        let runs: Vec<OfRun> = shown.filter_map(|shown| self.of_run(shown)).collect();
        let range = range(self.subject, self.key.scales[1], &runs);
        let lines = runs.into_iter().flat_map(|run| run.lines(range.1));
        Whole {
            key: self.key.clone(),
            curves: lines.collect(),
            range,
            is_awaited: false,
        }
    }

    fn of_run(&self, (place, &(run, colour)): (usize, &(usize, u8))) -> Option<OfRun> {
        let ledger = self.replays.as_ref().and_then(|all| all.ledger(run));
        let sharpness = self.sharpness.get(place).and_then(Option::as_deref);
        let (record, key) = (&self.record, &self.key);
        let objective = &*record.checked.objective;
        let source = Source::new(&record.history, run, ledger, objective)?;
        let source = source.with_sharpness(sharpness);
        Some(OfRun {
            colour,
            is_calm: !matches!(source.trace().outcome, Outcome::Diverged { .. }),
            curves: source.curves(self.subject, key.abscissa, key.scales),
        })
    }
}

/// The curves of one run.
struct OfRun {
    colour: u8,
    /// Whether it has not diverged.
    is_calm: bool,
    curves: Vec<curves::Curve>,
}

impl OfRun {
    /// Its curves as lines of a plot whose values end at `high`.
    fn lines(self, high: f64) -> impl Iterator<Item = Curve> {
        let curves = self.curves.into_iter().enumerate();
        curves.map(move |(place, whole)| Curve {
            leaves_at: leaving(&whole.points, high),
            colour: self.colour,
            width: WIDTHS[place.min(WIDTHS.len() - 1)],
            whole,
        })
    }
}

/// The values that show everything worth showing.
fn range(subject: Subject, scale: AxisScale, runs: &[OfRun]) -> (f64, f64) {
    let all = runs.iter().flat_map(|run| &run.curves);
    let all = all.map(|curve| curve.points.as_slice());
    let calm = runs.iter().filter(|run| run.is_calm);
    let calm = calm.flat_map(|run| &run.curves);
    let calm = calm.map(|curve| curve.points.as_slice());
    let found = match subject {
        Subject::Recorded(_) => curves::value_range(all, scale),
        Subject::Replayed(replayed) => replayed.range(scale, calm, all),
        Subject::Layer(..) | Subject::Sharpness => curves::whole_range(calm, scale),
    };
    match (found, subject) {
        (None, _) => (0.0, 1.0),
        // Rates are compared with 0, not with one another.
        (Some((_, high)), Subject::Recorded(Quantity::LearningRate))
            if scale == AxisScale::Linear =>
        {
            (0.0, high * 1.15)
        }
        (Some(range), _) => range,
    }
}

/// Where a curve that ends above `high` first went there.
fn leaving(points: &[[f64; 2]], high: f64) -> Option<f64> {
    let ends_above = points.last().is_some_and(|point| point[1] > high);
    let first = points.iter().find(|point| point[1] > high)?;
    ends_above.then_some(first[0])
}
