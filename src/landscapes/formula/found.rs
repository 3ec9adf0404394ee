//! The minima of a formula, as far as a bounded search finds them.

use crate::formulas::Program;
use crate::landscapes::Minimum;
use crate::numbers::{Dual, Lanes};

/// What a search has found.
pub struct Found {
    /// Minima in the range at which the gradient vanishes and the surface curves up in every
    /// direction, the least first.
    pub minima: Vec<Minimum>,
    /// The least height met in the range, 0 where none is finite.
    pub lowest: f64,
}

/// The two ranges.
type Range = [(f64, f64); 2];

/// The most minima that are looked for, from the lowest cells of the grid on.
const MOST_BASINS: usize = 24;

/// The most Newton steps from one cell.
const MOST_STEPS: usize = 60;

/// Searches the range: a grid, Newton steps from the lowest of its basins, and a walk downhill
/// without derivatives from its least point, for surfaces with kinks.
///
/// The work is bounded whatever the formula: a longer one gets a coarser grid and fewer steps.
pub fn search(program: &Program, range: Range) -> Found {
    let length = program.instructions().len();
    let side = (200_000 / length).isqrt().clamp(9, 65);
    let mut steps = (40_000 / length).clamp(24, 600);
    let walks = (40_000 / length).clamp(12, 64);
    let grid = Grid::new(program, range, side);
    let basins = grid.basins();
    let Some(&least) = basins.first() else {
        return Found {
            minima: Vec::new(),
            lowest: 0.0,
        };
    };
    let mut minima: Vec<Minimum> = Vec::new();
    for &basin in basins.iter().take(MOST_BASINS) {
        if let Some(minimum) = descend(program, grid.place(basin), range, &mut steps)
            && !minima
                .iter()
                .any(|other| is_same(other.at, minimum.at, range))
        {
            minima.push(minimum);
        }
    }
    minima.sort_by(|a, b| a.value.total_cmp(&b.value));
    let walked = walk(program, grid.place(least), range, side, walks);
    let found = minima.first().map_or(walked, |minimum| minimum.value);
    Found {
        minima,
        lowest: walked.min(found),
    }
}

/// Heights on a regular grid over the range.
struct Grid {
    range: Range,
    side: usize,
    /// Row after row; +∞ where the height is not finite.
    heights: Vec<f64>,
}

impl Grid {
    fn new(program: &Program, range: Range, side: usize) -> Self {
        let mut grid = Self {
            range,
            side,
            heights: Vec::with_capacity(side * side + 8),
        };
        for first in (0..side * side).step_by(8) {
            let places: [[f64; 2]; 8] = std::array::from_fn(|lane| grid.place(first + lane));
            grid.heights.extend(heights(program, places));
        }
        grid.heights.truncate(side * side);
        grid
    }

    fn place(&self, index: usize) -> [f64; 2] {
        let share = |k: usize| k as f64 / (self.side - 1) as f64;
        let [x, y] = self.range;
        [
            x.0 + (x.1 - x.0) * share(index % self.side),
            y.0 + (y.1 - y.0) * share(index / self.side),
        ]
    }

    /// The points that no neighbour lies below, the lowest first; of equally high neighbours
    /// only the first.
    fn basins(&self) -> Vec<usize> {
        let mut basins: Vec<usize> = (0..self.heights.len())
            .filter(|&index| self.is_basin(index))
            .collect();
        basins.sort_by(|a, b| self.heights[*a].total_cmp(&self.heights[*b]));
        basins
    }

    fn is_basin(&self, index: usize) -> bool {
        let height = self.heights[index];
        let (column, row) = (index % self.side, index / self.side);
        let around = |k: usize| k.saturating_sub(1)..=(k + 1).min(self.side - 1);
        let mut neighbours = around(row)
            .flat_map(|row| around(column).map(move |column| row * self.side + column))
            .filter(|&other| other != index);
        height.is_finite()
            && neighbours.all(|other| {
                height < self.heights[other] || height == self.heights[other] && index < other
            })
    }
}

/// Eight heights at once; +∞ where a height is not finite.
fn heights(program: &Program, places: [[f64; 2]; 8]) -> [f64; 8] {
    let lanes = [0, 1].map(|i| Lanes(places.map(|place| place[i])));
    let only_finite = |height: f64| {
        if height.is_finite() {
            height
        } else {
            f64::INFINITY
        }
    };
    program.value(&lanes).0.map(only_finite)
}

/// The least height met on a walk from `at`: to the lowest of eight points around, as long as
/// that is lower, with half the distance otherwise.
fn walk(program: &Program, mut at: [f64; 2], range: Range, side: usize, rounds: usize) -> f64 {
    const AROUND: [[f64; 2]; 8] = [
        [1.0, 0.0],
        [-1.0, 0.0],
        [0.0, 1.0],
        [0.0, -1.0],
        [1.0, 1.0],
        [1.0, -1.0],
        [-1.0, 1.0],
        [-1.0, -1.0],
    ];
    let mut least = heights(program, [at; 8])[0];
    let mut reach = range.map(|(low, high)| (high - low) / side as f64);
    for _ in 0..rounds {
        let places = AROUND.map(|direction| {
            [0, 1].map(|i| (at[i] + direction[i] * reach[i]).clamp(range[i].0, range[i].1))
        });
        let found = heights(program, places).into_iter().zip(places);
        match found.min_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((height, place)) if height < least => (least, at) = (height, place),
            _ => reach = reach.map(|length| length / 2.0),
        }
    }
    least
}

/// The surface near a point.
#[derive(Clone, Copy)]
struct Local {
    at: [f64; 2],
    height: f64,
    slope: [f64; 2],
    /// ∂²J/∂w1², ∂²J/∂w1∂w2, ∂²J/∂w2².
    curvature: [f64; 3],
}

impl Local {
    /// None where something is not finite.
    fn new(program: &Program, at: [f64; 2]) -> Option<Self> {
        let (height, slope, [[a, b], [_, d]]) = program
            .value(&Dual::<Dual<f64>>::twice_variables(at))
            .value_gradient_hessian();
        let is_finite = [height, slope[0], slope[1], a, b, d]
            .iter()
            .all(|value| value.is_finite());
        is_finite.then_some(Self {
            at,
            height,
            slope,
            curvature: [a, b, d],
        })
    }

    /// The least and the greatest curvature.
    fn extreme_curvatures(&self) -> (f64, f64) {
        let [a, b, d] = self.curvature;
        let (middle, half) = ((a + d) / 2.0, ((a - d) / 2.0).hypot(b));
        (middle - half, middle + half)
    }

    /// The Newton step, with every curvature raised so far that it leads downhill.
    fn step(&self) -> [f64; 2] {
        let (least, greatest) = self.extreme_curvatures();
        let size = least.abs().max(greatest.abs());
        let raise = if least > 1e-10 * size {
            0.0
        } else {
            least.abs() + 1e-3 * size + f64::MIN_POSITIVE
        };
        let [a, b, d] = self.curvature;
        let (a, d) = (a + raise, d + raise);
        let determinant = a * d - b * b;
        let [p, q] = self.slope;
        [(b * q - d * p) / determinant, (b * p - a * q) / determinant]
    }

    fn steepness(&self) -> f64 {
        self.slope[0].hypot(self.slope[1])
    }
}

/// Follows damped Newton steps to a minimum of the range, if they lead to one.
fn descend(program: &Program, at: [f64; 2], range: Range, steps: &mut usize) -> Option<Minimum> {
    let widths = range.map(|(low, high)| high - low);
    let mut here = Local::new(program, at)?;
    for _ in 0..MOST_STEPS {
        *steps = steps.checked_sub(1)?;
        let step = here.step();
        // No step reaches over more than a quarter of the range.
        let share = [0, 1].map(|i| (step[i] / widths[i]).abs());
        let longest = share[0].max(share[1]);
        if !longest.is_finite() || longest < 1e-15 {
            break;
        }
        let shortening = (0.25 / longest).min(1.0);
        let Some(next) = lower(program, &here, step.map(|s| s * shortening), longest) else {
            break;
        };
        here = next;
    }
    minimum(program, &here, range)
}

/// The first point along the step, halved again and again, that is an improvement.
fn lower(program: &Program, here: &Local, step: [f64; 2], share: f64) -> Option<Local> {
    (0..12).find_map(|halvings| {
        let factor = 0.5_f64.powi(halvings);
        let at = [0, 1].map(|i| here.at[i] + factor * step[i]);
        let height: f64 = program.value(&at);
        // So near the minimum heights are all the same, but slopes still tell.
        let may_polish = halvings == 0 && share < 1e-4;
        if !(height < here.height || may_polish) {
            return None;
        }
        let next = Local::new(program, at)?;
        (next.height < here.height || next.steepness() < here.steepness()).then_some(next)
    })
}

/// The minimum that this is, if it is one of the range.
fn minimum(program: &Program, here: &Local, range: Range) -> Option<Minimum> {
    let (least, greatest) = here.extreme_curvatures();
    let step = here.step();
    let mut at = here.at;
    for (i, (low, high)) in range.into_iter().enumerate() {
        let width = high - low;
        let is_level = step[i].abs() < 1e-7 * width;
        let is_inside = at[i] > low - 1e-9 * width && at[i] < high + 1e-9 * width;
        if !(is_level && is_inside) {
            return None;
        }
        at[i] = at[i].clamp(low, high);
    }
    let value: f64 = program.value(&at);
    (least > 1e-9 * greatest && greatest > 0.0 && value.is_finite())
        .then_some(Minimum { at, value })
}

fn is_same(a: [f64; 2], b: [f64; 2], range: Range) -> bool {
    range
        .iter()
        .enumerate()
        .all(|(i, (low, high))| (a[i] - b[i]).abs() < 1e-5 * (high - low))
}

#[cfg(test)]
mod tests;
