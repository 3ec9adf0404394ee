//! What lies on the plane of the tasks, worked out off the window's thread.

use crate::analysis::task_plane::{self, TaskPlane};
use crate::engine::continual::TaskEnd;
use crate::engine::training::Snapshot;
use crate::experiment::Checked;
use crate::figures::field::{Field, Window};
use std::sync::Arc;

/// Grid points a side.
const SIDE: usize = 25;

/// Contour lines.
const LEVELS: usize = 10;

/// Corners of the ellipse.
pub(super) const CORNERS: usize = 120;

/// How much is seen around the ends, in parts of what they span.
const MARGIN: f64 = 0.35;

/// What is to be computed.
#[derive(Clone)]
pub(super) struct Question {
    pub checked: Arc<Checked>,
    pub record: u64,
    pub run: usize,
    /// Whose loss.
    pub task: usize,
    pub ends: Vec<Arc<TaskEnd>>,
    /// The weights at the ends of epochs.
    pub path: Vec<Arc<Snapshot>>,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        let key = |question: &Self| {
            let last = question.path.last().map(|snapshot| snapshot.update);
            let ends = question.ends.len();
            (question.record, question.run, question.task, (ends, last))
        };
        key(self) == key(other)
    }
}

impl Question {
    /// Whether both are of the same run in the same training.
    pub fn is_same_run(&self, other: &Self) -> bool {
        (self.record, self.run) == (other.record, other.run)
    }

    /// Whether it is of the same loss, earlier in the same training.
    pub fn is_earlier(&self, later: &Self) -> bool {
        let length = |question: &Self| (question.ends.len(), question.path.len());
        self.is_same_run(later) && self.task == later.task && length(self) <= length(later)
    }
}

/// What lies on a plane.
pub(super) struct Drawn {
    pub field: Field,
    pub contours: Vec<Vec<[f64; 2]>>,
    pub ends: Vec<[f64; 2]>,
    /// The feet of the weights after so many updates, the start first.
    pub path: Vec<(u64, [f64; 2])>,
    /// What Σ F(θ − θ*)² of the first task is on the plane.
    pub form: [[f64; 2]; 2],
    /// By how much the second task's loss falls from the first end to the second.
    pub gain: f64,
    /// Where the pull costs as much; none where no ellipse does.
    pub ellipse: Option<Vec<[f64; 2]>>,
}

/// Computes what lies on the plane, or why nothing does; none when nobody waits for it.
pub(super) fn draw(
    question: &Question,
    is_superseded: &(dyn Fn() -> bool + Sync),
) -> Option<Result<Drawn, &'static str>> {
    let drawn = attempt(question, &|| !is_superseded());
    (!is_superseded()).then_some(drawn)
}

fn attempt(
    question: &Question,
    goes_on: &(dyn Fn() -> bool + Sync),
) -> Result<Drawn, &'static str> {
    const UNREAD: &str = "The test data of the tasks cannot be read any more; look whether their \
                          files are still there.";
    let checked = &question.checked;
    let sequence = checked.sequence().ok_or("There are no tasks.")?;
    let start = sequence.start();
    let [first, second, ..] = &question.ends[..] else {
        return Err("The plane is there when two tasks have ended.");
    };
    let is_finite = |end: &Arc<TaskEnd>| end.parameters.iter().all(|weight| weight.is_finite());
    if !question.ends.iter().all(is_finite) {
        return Err("A task ended with weights that are not finite: there is no plane through it.");
    }
    let plane = TaskPlane::through([&first.parameters, &second.parameters, &start]);
    let plane =
        plane.ok_or("The ends of the tasks lie on a line: there is no plane through them.")?;
    let ends = question.ends.iter();
    let ends: Vec<[f64; 2]> = ends.map(|end| plane.foot(&end.parameters)).collect();
    let path = path(question, &start, &plane);
    let range = range(path.iter().map(|(_, foot)| foot).chain(&ends));
    let losses = |task: usize, grid| {
        let found = task_plane::losses(checked, question.run, task, &plane, grid, goes_on);
        found.ok_or(UNREAD)
    };
    let heights = losses(question.task, (range, SIDE))?;
    // Of the second task, whose gain the pull is held against.
    let second_loss = |[x, y]: [f64; 2]| -> Result<f64, &'static str> {
        let single = ([(x, x), (y, y)], 2);
        Ok(losses(1, single)?.first().copied().unwrap_or(f64::NAN))
    };
    let gain = second_loss(ends[0])? - second_loss(ends[1])?;
    let field = Field {
        window: Window {
            x: range[0],
            y: range[1],
        },
        columns: SIDE,
        rows: SIDE,
        heights,
    };
    let form = plane.form(&first.information);
    Ok(Drawn {
        contours: contours(&field),
        field,
        path,
        ellipse: task_plane::ellipse(form, ends[0], gain, CORNERS),
        form,
        ends,
        gain,
    })
}

/// The feet of the kept weights, the start first, as far as they are finite.
fn path(question: &Question, start: &[f32], plane: &TaskPlane) -> Vec<(u64, [f64; 2])> {
    let begun = std::iter::once((0, plane.foot(start)));
    let later = question.path.iter().filter(|snapshot| snapshot.update > 0);
    let later = later.map(|snapshot| (snapshot.update, plane.foot(&snapshot.parameters)));
    let all = begun.chain(later);
    all.filter(|(_, foot)| foot.iter().all(|place| place.is_finite()))
        .collect()
}

/// A square around points, with a margin.
fn range<'p>(points: impl Iterator<Item = &'p [f64; 2]> + Clone) -> [(f64, f64); 2] {
    let along = |axis: usize| {
        let values = points.clone().map(|point| point[axis]);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let ends = [along(0), along(1)];
    let widest = ends
        .iter()
        .map(|(low, high)| high - low)
        .fold(0.0, f64::max);
    ends.map(|(low, high)| {
        let (middle, half) = ((low + high) / 2.0, widest * (0.5 + MARGIN));
        (middle - half, middle + half)
    })
}

/// Lines of equal loss, evenly spaced in colour.
fn contours(field: &Field) -> Vec<Vec<[f64; 2]>> {
    let finite = field.heights.iter().copied().filter(|h| h.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), h| {
        (low.min(h), high.max(h))
    });
    if high <= low {
        return Vec::new();
    }
    let most = spread(high, low);
    let level = |k: usize| {
        let place = most * k as f64 / (LEVELS + 1) as f64;
        low + (place.exp() - 1.0) / 10.0
    };
    let levels: Vec<f64> = (1..=LEVELS).map(level).collect();
    let contours = field.contours(&levels).into_iter();
    contours.flat_map(|contour| contour.lines).collect()
}

/// Evenly in the logarithm, from the least.
pub(super) fn spread(height: f64, least: f64) -> f64 {
    (1.0 + 10.0 * (height - least).max(0.0)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_a_square_around_all_points() {
        let points = [[0.0, 0.0], [2.0, 0.0], [1.0, 1.0]];
        let [x, y] = range(points.iter());
        assert!((x.1 - x.0 - (y.1 - y.0)).abs() < 1e-12);
        for [w, v] in points {
            assert!(x.0 < w && w < x.1 && y.0 < v && v < y.1);
        }
    }

    #[test]
    fn contours_lie_between_the_least_and_the_greatest_loss() {
        let heights = (0..9).map(f64::from).collect();
        let field = Field {
            window: Window {
                x: (0.0, 1.0),
                y: (0.0, 1.0),
            },
            columns: 3,
            rows: 3,
            heights,
        };
        assert!(!contours(&field).is_empty());
        let flat = Field {
            heights: vec![1.0; 9],
            ..field
        };
        assert!(contours(&flat).is_empty());
    }
}
