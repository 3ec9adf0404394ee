//! The curves of a plot in the points that are drawn.

use super::whole::{Whole, Wholes};
use crate::app::plots::Subject;
use crate::app::state::Lab;
use crate::engine::Record;
use crate::figures::curves::{Abscissa, AxisScale};
use crate::figures::thinning;
use egui::Vec2;
use egui_plot::{PlotBounds, PlotPoint};
use std::sync::Arc;

/// From so many points on a plot's curves are drawn as pixels.
const MANY: usize = 2500;

/// The curves of one plot, in as few points as its size needs.
pub struct Prepared {
    /// Every recorded point.
    pub whole: Arc<Whole>,
    view: View,
    /// Where the axis ends that all plots share.
    pub end: f64,
    /// What is drawn of each curve, unless that is drawn as a picture.
    pub thinned: Vec<Vec<PlotPoint>>,
    /// Whether the curves have so many points that they are drawn as a picture.
    pub is_pictured: bool,
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
        wholes: &mut Wholes,
        (subject, scale): (Subject, AxisScale),
        visible: Option<PlotBounds>,
        size: Vec2,
    ) -> Option<Self> {
        let record = lab.record_here()?;
        let whole = old.as_ref().map(|old| &old.whole);
        let whole = wholes.of(lab, record, (subject, scale), whole);
        let old = old.filter(|old| Arc::ptr_eq(&old.whole, &whole));
        let mut prepared = old.unwrap_or_else(|| Self {
            whole,
            view: View {
                bounds: PlotBounds::NOTHING,
                size: Vec2::ZERO,
            },
            end: 1.0,
            thinned: Vec::new(),
            is_pictured: false,
        });
        let end = match lab.abscissa() {
            Abscissa::Epochs => lab.playhead.end(),
            Abscissa::Evaluations => most_evaluations(lab, record),
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
        let range = self.whole.range;
        PlotBounds::from_min_max([0.0, range.0], [self.end, range.1])
    }

    /// Makes what is drawn in a view. Curves of many points are thinned where their picture is
    /// made: that takes longer than is to be noticed.
    fn thin_for(&mut self, view: View) {
        self.view = view;
        self.thinned.clear();
        self.is_pictured = self.whole.is_large();
        if self.is_pictured {
            return;
        }
        let curves = self.whole.curves.iter();
        let thinned = curves.map(|curve| {
            let points = seen(&curve.whole.points, view.bounds, view.size).into_iter();
            points.map(|[x, y]| PlotPoint::new(x, y)).collect()
        });
        self.thinned = thinned.collect();
        self.is_pictured = self.thinned.iter().map(Vec::len).sum::<usize>() >= MANY;
    }
}

/// The points of a curve that a view of this size in points needs.
pub fn seen(points: &[[f64; 2]], bounds: PlotBounds, size: Vec2) -> Vec<[f64; 2]> {
    let (min, max) = (bounds.min(), bounds.max());
    // A little finer than the pixels, so that the lines are smooth.
    let pixels = |length: f32| f64::from(length.max(8.0)) * 1.5;
    let per_pixel = [
        (max[0] - min[0]) / pixels(size.x),
        (max[1] - min[1]) / pixels(size.y),
    ];
    // One point beyond each edge, so that the line goes on to it.
    let from = points.partition_point(|point| point[0] < min[0]);
    let to = points.partition_point(|point| point[0] <= max[0]);
    let part = from.saturating_sub(1)..(to + 1).min(points.len());
    // No part where the bounds are not numbers.
    thinning::thin(points.get(part).unwrap_or_default(), per_pixel)
}

/// The evaluations of the run that has used the most.
fn most_evaluations(lab: &Lab, record: &Record) -> u64 {
    let last = |(run, _): (usize, u8)| record.history.traces[run].evaluations_at().last();
    lab.shown_runs()
        .filter_map(last)
        .copied()
        .max()
        .unwrap_or(0)
}
