//! The curves of a plot, made once for a record and a view.

use crate::app::state::Lab;
use crate::engine::Record;
use crate::figures::curves::{self, Abscissa, AxisScale, Quantity};
use crate::figures::thinning;
use egui::Vec2;
use egui_plot::{PlotBounds, PlotPoint};
use rayon::prelude::*;

/// The curves of one plot, in as few points as its size needs.
pub struct Prepared {
    key: Key,
    view: View,
    /// The range of values that shows everything worth showing.
    pub range: (f64, f64),
    /// Where the axis ends that all plots share.
    pub end: f64,
    /// One for each shown run.
    pub curves: Vec<Curve>,
}

/// One run's curve.
pub struct Curve {
    /// Which run colour.
    pub colour: u8,
    /// Every recorded point.
    pub whole: curves::Curve,
    /// What is drawn.
    pub thinned: Vec<PlotPoint>,
    /// Where it leaves the range of values for good, if it does.
    pub leaves_at: Option<f64>,
}

/// What the whole curves were made of.
#[derive(PartialEq)]
struct Key {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    scale: AxisScale,
    abscissa: Abscissa,
}

/// What the thinned curves were made for.
#[derive(Clone, Copy, PartialEq)]
struct View {
    bounds: PlotBounds,
    size: Vec2,
}

impl Prepared {
    /// The curves of a quantity, taking over from `old` what is still right. `visible` is the
    /// part the user has moved to; none shows everything.
    pub fn new(
        old: Option<Self>,
        lab: &Lab,
        (quantity, scale): (Quantity, AxisScale),
        visible: Option<PlotBounds>,
        size: Vec2,
    ) -> Option<Self> {
        let record = lab.record_here()?;
        let key = Key {
            record: record.identity(),
            shown: lab.shown_runs().collect(),
            scale,
            abscissa: lab.view.abscissa,
        };
        let old = old.filter(|old| old.key == key);
        let mut prepared = old.unwrap_or_else(|| Self::whole(key, record, quantity));
        prepared.end = match lab.view.abscissa {
            Abscissa::Epochs => lab.playhead.end().max(1) as f64,
            Abscissa::Evaluations => most_evaluations(record, &prepared.key.shown).max(1) as f64,
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

    fn whole(key: Key, record: &Record, quantity: Quantity) -> Self {
        let objective = &*record.checked.objective;
        let (scale, abscissa) = (key.scale, key.abscissa);
        let whole: Vec<(u8, curves::Curve)> = key
            .shown
            .par_iter()
            .map(|&(run, colour)| {
                let trace = &record.history.traces[run];
                let curve = curves::curve(trace, objective, quantity, scale, abscissa);
                (colour, curve)
            })
            .collect();
        let points = whole.iter().map(|(_, curve)| curve.points.as_slice());
        let range = curves::value_range(points, scale);
        let range = match (range, quantity) {
            (None, _) => (0.0, 1.0),
            // Rates are compared with 0, not with one another.
            (Some((_, high)), Quantity::LearningRate) => (0.0, high * 1.15),
            (Some(range), _) => range,
        };
        let curve = |(colour, whole): (u8, curves::Curve)| Curve {
            leaves_at: leaving(&whole.points, range.1),
            colour,
            whole,
            thinned: Vec::new(),
        };
        Self {
            curves: whole.into_iter().map(curve).collect(),
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
