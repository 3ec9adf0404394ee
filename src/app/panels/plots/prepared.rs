//! The curves of a plot, made once for a record and a view.

use crate::app::plots::{Source, Subject};
use crate::app::state::Lab;
use crate::engine::{Outcome, Record};
use crate::figures::curves::{self, Abscissa, AxisScale, Quantity};
use crate::figures::thinning;
use egui::Vec2;
use egui_plot::{PlotBounds, PlotPoint};
use rayon::prelude::*;

/// How thick the lines of a run's first, second, … number are.
const WIDTHS: [f32; 4] = [1.8, 1.0, 0.7, 0.5];

/// The curves of one plot, in as few points as its size needs.
pub struct Prepared {
    /// What they are of.
    pub key: Key,
    view: View,
    /// The range of values that shows everything worth showing.
    pub range: (f64, f64),
    /// Where the axis ends that all plots share.
    pub end: f64,
    /// One for each shown run, or several where it has several numbers.
    pub curves: Vec<Curve>,
}

/// One run's curve.
pub struct Curve {
    /// Which run colour.
    pub colour: u8,
    /// How thick the line is: the first of a run's numbers has the thickest.
    pub width: f32,
    /// Every recorded point.
    pub whole: curves::Curve,
    /// What is drawn.
    pub thinned: Vec<PlotPoint>,
    /// Where it leaves the range of values for good, if it does.
    pub leaves_at: Option<f64>,
}

/// What the whole curves were made of.
#[derive(Clone, PartialEq)]
pub struct Key {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    scales: [AxisScale; 2],
    abscissa: Abscissa,
    /// Which replay, where the plot needs one.
    replay: Option<u64>,
}

/// What the thinned curves were made for.
#[derive(Clone, Copy, PartialEq)]
struct View {
    bounds: PlotBounds,
    size: Vec2,
}

impl Prepared {
    /// The curves of a plot, taking over from `old` what is still right. `visible` is the
    /// part the user has moved to; none shows everything.
    pub fn new(
        old: Option<Self>,
        lab: &Lab,
        (subject, scale): (Subject, AxisScale),
        visible: Option<PlotBounds>,
        size: Vec2,
    ) -> Option<Self> {
        let record = lab.record_here()?;
        let key = Key {
            record: record.identity(),
            shown: lab.shown_runs().collect(),
            scales: [lab.along(), scale],
            abscissa: lab.abscissa(),
            replay: match subject {
                Subject::Sharpness => Some(lab.curving.serial()),
                _ => subject.needs_replay().then(|| lab.inside.serial()),
            },
        };
        let old = old.filter(|old| old.key == key);
        let mut prepared = old.unwrap_or_else(|| Self::whole(key, lab, record, subject));
        let end = match lab.abscissa() {
            Abscissa::Epochs => lab.playhead.end(),
            Abscissa::Evaluations => most_evaluations(record, &prepared.key.shown),
        };
        prepared.end = match lab.along() {
            AxisScale::Linear => end.max(1) as f64,
            AxisScale::Logarithmic => (end.max(2) as f64).log10(),
        };
        let view = View {
            bounds: visible.unwrap_or_else(|| prepared.bounds()),
            size,
        };
        if prepared.view != view {
            prepared.thin_for(view);
        }
        Some(prepared)
    }

    /// What shows everything worth showing.
    pub fn bounds(&self) -> PlotBounds {
        PlotBounds::from_min_max([0.0, self.range.0], [self.end, self.range.1])
    }

    /// How many points are drawn.
    pub fn points(&self) -> usize {
        self.curves.iter().map(|curve| curve.thinned.len()).sum()
    }

    fn whole(key: Key, lab: &Lab, record: &Record, subject: Subject) -> Self {
        let objective = &*record.checked.objective;
        let (scales, abscissa) = (key.scales, key.abscissa);
        let sources: Vec<_> = key
            .shown
            .iter()
            .filter_map(|&(run, colour)| {
                let ledger = lab.ledger(run);
                Some((
                    colour,
                    Source::new(&record.history, run, ledger, objective)?
                        .with_sharpness(lab.sharpness(run)),
                ))
            })
            .collect();
        let of_run = |(colour, source): &(u8, Source<'_>)| OfRun {
            colour: *colour,
            is_calm: !matches!(source.trace().outcome, Outcome::Diverged { .. }),
            curves: source.curves(subject, abscissa, scales),
        };
        let runs: Vec<OfRun> = sources.par_iter().map(of_run).collect();
        let range = range(subject, scales[1], &runs);
        let line = |colour: u8, (place, whole): (usize, curves::Curve)| Curve {
            leaves_at: leaving(&whole.points, range.1),
            colour,
            width: WIDTHS[place.min(WIDTHS.len() - 1)],
            whole,
            thinned: Vec::new(),
        };
        let lines = |run: OfRun| {
            let curves = run.curves.into_iter().enumerate();
            curves.map(move |curve| line(run.colour, curve))
        };
        Self {
            curves: runs.into_iter().flat_map(lines).collect(),
            key,
            view: View {
                bounds: PlotBounds::NOTHING,
                size: Vec2::ZERO,
            },
            range,
            end: 1.0,
        }
    }

    fn thin_for(&mut self, view: View) {
        self.view = view;
        let (min, max) = (view.bounds.min(), view.bounds.max());
        // A little finer than the pixels, so that the lines are smooth.
        let pixels = |length: f32| f64::from(length.max(8.0)) * 1.5;
        let per_pixel = [
            (max[0] - min[0]) / pixels(view.size.x),
            (max[1] - min[1]) / pixels(view.size.y),
        ];
        self.curves.par_iter_mut().for_each(|curve| {
            // One point beyond each edge, so that the line goes on to it.
            let points = &curve.whole.points;
            let from = points.partition_point(|point| point[0] < min[0]);
            let to = points.partition_point(|point| point[0] <= max[0]);
            let seen = from.saturating_sub(1)..(to + 1).min(points.len());
            curve.thinned = thinning::thin(&points[seen], per_pixel)
                .into_iter()
                .map(|[x, y]| PlotPoint::new(x, y))
                .collect();
        });
    }
}

/// The curves of one run.
struct OfRun {
    colour: u8,
    /// Whether it has not diverged.
    is_calm: bool,
    curves: Vec<curves::Curve>,
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

/// The evaluations of the run that has used the most.
fn most_evaluations(record: &Record, shown: &[(usize, u8)]) -> u64 {
    let last = |&(run, _): &(usize, u8)| record.history.traces[run].evaluations_at().last();
    shown.iter().filter_map(last).copied().max().unwrap_or(0)
}

/// Where a curve that ends above `high` first went there.
fn leaving(points: &[[f64; 2]], high: f64) -> Option<f64> {
    let ends_above = points.last().is_some_and(|point| point[1] > high);
    let first = points.iter().find(|point| point[1] > high)?;
    ends_above.then_some(first[0])
}
