//! The plane through the weights with which a network ended its tasks: the loss of a task on it,
//! and what EWC's pull knows of that.

use crate::experiment::Checked;
use crate::models::continual::Headed;
use rayon::prelude::*;

/// How many test examples of a task a loss on the plane is the mean of, at most.
const EXAMPLES: usize = 256;

/// A plane in the space of all parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskPlane {
    origin: Vec<f32>,
    /// Of length 1, and orthogonal.
    axes: [Vec<f32>; 2],
}

impl TaskPlane {
    /// Through three points; the first is the origin, the second lies on the first axis. None
    /// where they lie on a line.
    pub fn through([a, b, c]: [&[f32]; 3]) -> Option<Self> {
        let first = unit(minus(b, a))?;
        let towards = minus(c, a);
        let along = dot(&towards, &first);
        let across: Vec<f64> = towards
            .iter()
            .zip(&first)
            .map(|(towards, first)| towards - along * first)
            .collect();
        // What rounding leaves of a third point on the line is no direction.
        let is_flat = length(&across) <= 1e-6 * length(&towards);
        let second = unit(across).filter(|_| !is_flat)?;
        let single = |axis: Vec<f64>| axis.into_iter().map(|part| part as f32).collect();
        Some(Self {
            origin: a.to_vec(),
            axes: [first, second].map(single),
        })
    }

    /// The point of the plane that is nearest to `weights`.
    pub fn foot(&self, weights: &[f32]) -> [f64; 2] {
        let offset = minus(weights, &self.origin);
        let along = |axis: &Vec<f32>| {
            let parts = offset.iter().zip(axis);
            parts.map(|(offset, axis)| offset * f64::from(*axis)).sum()
        };
        [along(&self.axes[0]), along(&self.axes[1])]
    }

    /// The weights at a point of the plane.
    pub fn point(&self, [x, y]: [f64; 2]) -> Vec<f32> {
        let axes = self.axes[0].iter().zip(&self.axes[1]);
        let parts = self.origin.iter().zip(axes);
        parts
            .map(|(origin, (a, b))| {
                (f64::from(*origin) + x * f64::from(*a) + y * f64::from(*b)) as f32
            })
            .collect()
    }

    /// What Σᵢ Fᵢ(θᵢ − aᵢ)² is on the plane: the symmetric form eₐᵀ·diag(F)·e_b.
    pub fn form(&self, information: &[f32]) -> [[f64; 2]; 2] {
        let entry = |a: usize, b: usize| {
            let axes = self.axes[a].iter().zip(&self.axes[b]);
            let parts = information.iter().zip(axes);
            parts
                .map(|(f, (a, b))| f64::from(*f) * f64::from(*a) * f64::from(*b))
                .sum()
        };
        let mixed = entry(0, 1);
        [[entry(0, 0), mixed], [mixed, entry(1, 1)]]
    }
}

/// Points on the ellipse ½·xᵀ·Q·x = `level` around `centre`, the first also last; none where Q is
/// not positive definite.
pub fn ellipse(
    [[a, b], [_, d]]: [[f64; 2]; 2],
    centre: [f64; 2],
    level: f64,
    corners: usize,
) -> Option<Vec<[f64; 2]>> {
    // Cholesky: Q = L·Lᵀ, so that x = √(2·level)·L⁻ᵀ·u for u on the unit circle.
    let l11 = a.sqrt();
    let l21 = b / l11;
    let l22 = (d - l21 * l21).sqrt();
    let is_definite = l11.is_finite() && l11 > 0.0 && l22.is_finite() && l22 > 0.0;
    if !(is_definite && level.is_finite() && level > 0.0) {
        return None;
    }
    let reach = (2.0 * level).sqrt();
    let corner = |index: usize| {
        let turn = std::f64::consts::TAU * (index % corners) as f64 / corners as f64;
        let (u, v) = (reach * turn.cos(), reach * turn.sin());
        let y = v / l22;
        let x = (u - l21 * y) / l11;
        [centre[0] + x, centre[1] + y]
    };
    Some((0..=corners).map(corner).collect())
}

/// The test loss of task `task` (from 0) on a grid of `side` × `side` points over a range of the
/// plane, borders included, row after row from the lowest, with the head of run `run`; none where it
/// was given up, or the data cannot be had.
pub fn losses(
    checked: &Checked,
    run: usize,
    task: usize,
    plane: &TaskPlane,
    ([x, y], side): ([(f64, f64); 2], usize),
    goes_on: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<f64>> {
    let sequence = checked.sequence()?;
    let head = checked.runs.get(run)?.head.unwrap_or(sequence.head());
    let course = sequence.course().ok()?;
    let headed = Headed {
        data: course.tests().get(task)?,
        // As at the end of the sequence.
        outputs: sequence.judged(task, sequence.tasks() - 1, head),
    };
    let chosen = headed.sample(EXAMPLES);
    let side = side.max(2);
    let place = |(low, high): (f64, f64), index: usize| {
        low + (high - low) * index as f64 / (side - 1) as f64
    };
    let rows: Option<Vec<Vec<f64>>> = (0..side)
        .into_par_iter()
        .map(|row| {
            let mut network = sequence.undisturbed_network();
            let mut line = Vec::with_capacity(side);
            for column in 0..side {
                if !goes_on() {
                    return None;
                }
                let weights = plane.point([place(x, column), place(y, row)]);
                let score = network.test(&headed, &chosen, &weights, &|_, _| {});
                line.push(score.loss);
            }
            Some(line)
        })
        .collect();
    Some(rows?.concat())
}

fn minus(a: &[f32], b: &[f32]) -> Vec<f64> {
    let parts = a.iter().zip(b);
    parts.map(|(a, b)| f64::from(*a) - f64::from(*b)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn length(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

fn unit(a: Vec<f64>) -> Option<Vec<f64>> {
    let length = length(&a);
    let is_direction = length.is_finite() && length > 0.0;
    is_direction.then(|| a.into_iter().map(|part| part / length).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn the_plane_goes_through_its_points() {
        let points: [&[f32]; 3] = [&[1.0, 2.0, 0.0], &[1.0, 5.0, 4.0], &[3.0, 2.0, 1.0]];
        let plane = TaskPlane::through(points).unwrap();
        assert_eq!(plane.foot(points[0]), [0.0, 0.0]);
        let [along, across] = plane.foot(points[1]);
        assert!((along - 5.0).abs() < 1e-6 && across.abs() < 1e-6);
        for point in points {
            let back = plane.point(plane.foot(point));
            for (a, b) in back.iter().zip(point) {
                assert!((a - b).abs() < 1e-5, "{back:?} {point:?}");
            }
        }
        let on_a_line: [&[f32]; 3] = [&[0.0, 0.0], &[1.0, 1.0], &[3.0, 3.0]];
        assert_eq!(TaskPlane::through(on_a_line), None);
        assert_eq!(TaskPlane::through([&[0.0], &[0.0], &[1.0]]), None);
    }

    #[test]
    fn on_the_ellipse_the_form_has_one_value() {
        let plane = TaskPlane::through([&[0.0; 3], &[1.0, 1.0, 0.0], &[0.0, 1.0, 1.0]]).unwrap();
        let form = plane.form(&[4.0, 1.0, 2.0]);
        let corners = ellipse(form, [0.5, -0.5], 3.0, 16).unwrap();
        assert_eq!(corners.len(), 17);
        for [x, y] in corners {
            let (x, y) = (x - 0.5, y + 0.5);
            let value = 0.5 * (form[0][0] * x * x + 2.0 * form[0][1] * x * y + form[1][1] * y * y);
            assert!((value - 3.0).abs() < 1e-9, "{value}");
            // The same as over all parameters.
            let weights = plane.point([x, y]);
            let sum: f32 = weights
                .iter()
                .zip([4.0, 1.0, 2.0])
                .map(|(w, f)| f * w * w)
                .sum();
            assert!((f64::from(sum) / 2.0 - 3.0).abs() < 1e-4, "{sum}");
        }
        assert_eq!(ellipse([[0.0; 2]; 2], [0.0; 2], 1.0, 8), None);
        assert_eq!(ellipse(form, [0.0; 2], -1.0, 8), None);
    }

    #[test]
    fn losses_on_the_plane_are_those_of_the_weights_there() {
        let text = r#"(version: 1, epochs: 1, objective: Tasks(data: Moons(examples: 40),
            scenario: Rotated(tasks: 2, degrees: 90.0), head: Domain,
            layers: [Flatten, Dense(outputs: 4), Relu]), runs: [(optimizer: "sgd")])"#;
        let checked = preset::read(text).unwrap().check().unwrap();
        let sequence = checked.sequence().unwrap();
        let start = sequence.start();
        let moved = |index: usize| {
            let mut weights = start.clone();
            weights[index] += 1.0;
            weights
        };
        let plane = TaskPlane::through([&start, &moved(0), &moved(1)]).unwrap();
        let grid = ([(0.0, 1.0); 2], 3);
        let heights = losses(&checked, 0, 1, &plane, grid, &|| true).unwrap();
        assert_eq!(heights.len(), 9);
        let course = sequence.course().unwrap();
        let headed = Headed {
            data: &course.tests()[1],
            outputs: sequence.judged(1, 1, sequence.head()),
        };
        let all = headed.sample(EXAMPLES);
        let mut network = sequence.undisturbed_network();
        for (place, weights) in [(0, start.clone()), (2, moved(0)), (6, moved(1))] {
            let score = network.test(&headed, &all, &weights, &|_, _| {});
            let found = heights[place];
            assert!((found - score.loss).abs() < 1e-6, "{found} {}", score.loss);
        }
        assert!(losses(&checked, 0, 1, &plane, grid, &|| false).is_none());
    }
}
