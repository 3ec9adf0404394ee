//! The surface: levels on a regular grid, joined by triangles.

use super::camera::Point;
use super::height::HeightAxis;
use super::means::{around, coarser, halved};
use crate::figures::field::{Field, HeightScale, Window};

/// A landscape's surface in the box.
///
/// Every cell of the grid is two triangles with the diagonal from (u + 1, v) to (u, v + 1), so
/// that along any straight line the level is straight between whole numbers of u, v and u + v.
#[derive(Clone, Debug)]
pub struct Relief {
    window: Window,
    columns: usize,
    rows: usize,
    /// Place of every grid point's height in the box, from 0 to 1, row after row.
    levels: Vec<f64>,
    /// Place of every grid point's height among the colours.
    tints: Vec<f64>,
    /// Upward unit normals, in space.
    normals: Vec<Point>,
    /// Half the sides of the box along w1 and w2, the longer one 1.
    half: [f64; 2],
    highest: f64,
    /// The highest level of every block of cells and its neighbours, row after row.
    ceilings: Vec<f64>,
}

/// Cells along a block's side.
pub(super) const BLOCK: usize = 8;

/// Height of the box.
pub(super) const HEIGHT: f64 = 1.0;

impl Relief {
    /// The surface over a field's window, with half as many cells as the field a side.
    ///
    /// Every level is the mean of the field around it: a valley as narrow as a cell would
    /// otherwise be a row of pits.
    pub fn new(field: &Field, axis: &HeightAxis, scale: &HeightScale) -> Self {
        let tint = |height: f64| match height.is_finite() {
            true => scale.position(height).clamp(0.0, 1.0),
            false => 1.0,
        };
        let [width, depth] = field.window.size();
        let longer = width.max(depth);
        // A range twenty times longer than wide would be a wall; its box is four to one.
        let half = [width, depth].map(|side| match side / longer {
            share if share.is_finite() => share.clamp(0.25, 1.0),
            _ => 1.0,
        });
        let levels = halved(field, |height| axis.position(height));
        let mut relief = Self {
            window: field.window,
            columns: coarser(field.columns),
            rows: coarser(field.rows),
            tints: halved(field, tint),
            normals: Vec::new(),
            ceilings: Vec::new(),
            half,
            highest: levels.iter().copied().fold(0.0, f64::max),
            levels,
        };
        relief.normals = relief.upward_normals();
        relief.ceilings = relief.block_ceilings();
        relief
    }

    /// What it covers.
    pub fn window(&self) -> Window {
        self.window
    }

    /// Half the sides of the box along w1 and w2.
    pub fn half(&self) -> [f64; 2] {
        self.half
    }

    /// Grid points along w1 and w2.
    pub fn size(&self) -> [usize; 2] {
        [self.columns, self.rows]
    }

    /// Grid coordinates of (w1, w2).
    pub fn grid(&self, w: [f64; 2]) -> [f64; 2] {
        let [width, depth] = self.window.size();
        [
            (w[0] - self.window.x.0) / width * self.cells(0),
            (w[1] - self.window.y.0) / depth * self.cells(1),
        ]
    }

    /// (w1, w2) of grid coordinates.
    pub fn plane(&self, at: [f64; 2]) -> [f64; 2] {
        let [width, depth] = self.window.size();
        [
            self.window.x.0 + at[0] / self.cells(0) * width,
            self.window.y.0 + at[1] / self.cells(1) * depth,
        ]
    }

    /// The level of the surface, coordinates beyond its border taken as on it.
    pub fn level(&self, [u, v]: [f64; 2]) -> f64 {
        let column = (u.max(0.0) as usize).min(self.columns - 2);
        let row = (v.max(0.0) as usize).min(self.rows - 2);
        let (du, dv) = (
            (u - column as f64).clamp(0.0, 1.0),
            (v - row as f64).clamp(0.0, 1.0),
        );
        let near = row * self.columns + column;
        let (right, far) = (self.levels[near + 1], self.levels[near + self.columns]);
        if du + dv <= 1.0 {
            let corner = self.levels[near];
            corner + du * (right - corner) + dv * (far - corner)
        } else {
            let corner = self.levels[near + self.columns + 1];
            corner + (1.0 - du) * (far - corner) + (1.0 - dv) * (right - corner)
        }
    }

    /// The point in space above grid coordinates.
    pub fn point(&self, at: [f64; 2], level: f64) -> Point {
        [
            (2.0 * at[0] / self.cells(0) - 1.0) * self.half[0],
            (2.0 * at[1] / self.cells(1) - 1.0) * self.half[1],
            (level - 0.5) * HEIGHT,
        ]
    }

    /// The point of the surface at grid coordinates.
    pub fn on_surface(&self, at: [f64; 2]) -> Point {
        self.point(at, self.level(at))
    }

    /// A direction of space in grid coordinates and levels.
    pub(super) fn along(&self, direction: Point) -> Point {
        [
            direction[0] * self.cells(0) / (2.0 * self.half[0]),
            direction[1] * self.cells(1) / (2.0 * self.half[1]),
            direction[2] / HEIGHT,
        ]
    }

    /// Grid coordinates and level of a point in space.
    pub(super) fn locate(&self, point: Point) -> Point {
        [
            (point[0] / self.half[0] + 1.0) / 2.0 * self.cells(0),
            (point[1] / self.half[1] + 1.0) / 2.0 * self.cells(1),
            point[2] / HEIGHT + 0.5,
        ]
    }

    /// Cells along an axis.
    pub(super) fn cells(&self, axis: usize) -> f64 {
        (self.size()[axis] - 1) as f64
    }

    pub(super) fn highest(&self) -> f64 {
        self.highest
    }

    /// No point within a block's length of these grid coordinates lies higher.
    pub(super) fn ceiling(&self, [u, v]: [f64; 2]) -> f64 {
        let block = |at: f64, points: usize| (at.max(0.0) as usize / BLOCK).min(blocks(points) - 1);
        let (column, row) = (block(u, self.columns), block(v, self.rows));
        self.ceilings[row * blocks(self.columns) + column]
    }

    fn block_ceilings(&self) -> Vec<f64> {
        let reach = |block: usize, points: usize| {
            block.saturating_sub(1) * BLOCK..=((block + 2) * BLOCK).min(points - 1)
        };
        let (across, along) = (blocks(self.columns), blocks(self.rows));
        (0..across * along)
            .map(|index| {
                let columns = reach(index % across, self.columns);
                let lines = reach(index / across, self.rows).map(|row| row * self.columns);
                let levels = lines
                    .flat_map(|line| &self.levels[line + columns.start()..=line + columns.end()]);
                levels.copied().fold(0.0, f64::max)
            })
            .collect()
    }

    /// The surface's point, colour place and upward normal at a grid point.
    pub(super) fn vertex(&self, index: usize) -> (Point, f64, Point) {
        let at = [(index % self.columns) as f64, (index / self.columns) as f64];
        let point = self.point(at, self.levels[index]);
        (point, self.tints[index], self.normals[index])
    }

    fn upward_normals(&self) -> Vec<Point> {
        let level = |column: usize, row: usize| self.levels[row * self.columns + column];
        (0..self.levels.len())
            .map(|index| {
                let (column, row) = (index % self.columns, index / self.columns);
                let [west, east] = around(column, self.columns);
                let [south, north] = around(row, self.rows);
                let step = |axis: usize| 2.0 * self.half[axis] / self.cells(axis);
                let rise = [
                    HEIGHT * (level(east, row) - level(west, row))
                        / (step(0) * (east - west) as f64),
                    HEIGHT * (level(column, north) - level(column, south))
                        / (step(1) * (north - south) as f64),
                ];
                let length = (rise[0] * rise[0] + rise[1] * rise[1] + 1.0).sqrt();
                [-rise[0] / length, -rise[1] / length, 1.0 / length]
            })
            .collect()
    }
}

/// Blocks over so many grid points.
fn blocks(points: usize) -> usize {
    (points - 1).div_ceil(BLOCK)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::figures::curves::AxisScale;
    use crate::landscapes;
    use proptest::prelude::*;

    /// A landscape's relief with so many cells a side.
    pub fn relief(id: &str, spread: AxisScale, cells: usize) -> Relief {
        let landscape = landscapes::find(id).unwrap();
        let window = Window::of(&landscape.card());
        let field = Field::sample(landscape, window, 2 * cells + 1, 2 * cells + 1);
        let scale = HeightScale::of(landscape);
        Relief::new(&field, &HeightAxis::new(spread, scale, &field), &scale)
    }

    proptest! {
        #[test]
        fn places_are_told_in_three_ways(u in 0.0..24.0_f64, v in 0.0..24.0_f64) {
            let relief = relief("beale", AxisScale::Logarithmic, 24);
            let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
            prop_assert!(near(&relief.grid(relief.plane([u, v])), &[u, v]));
            let level = relief.level([u, v]);
            prop_assert!(near(&relief.locate(relief.on_surface([u, v])), &[u, v, level]));
            // Straight within a triangle.
            let corners = [[u.floor(), v.floor()], [u.ceil(), v.ceil()]];
            let around = [corners[0], corners[1], [corners[0][0], corners[1][1]], [corners[1][0], corners[0][1]]];
            let (low, high) = around.iter().map(|at| relief.level(*at)).fold((1.0_f64, 0.0_f64), |(l, h), x| (l.min(x), h.max(x)));
            prop_assert!(level >= low - 1e-12 && level <= high + 1e-12);
        }
    }

    #[test]
    fn holes_and_endless_heights_are_plateaus() {
        let landscape = landscapes::find("himmelblau").unwrap();
        let mut field = Field::sample(landscape, Window::of(&landscape.card()), 9, 9);
        for (k, height) in field.heights.iter_mut().enumerate().skip(9) {
            *height = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY][k % 3];
        }
        let scale = HeightScale::of(landscape);
        for spread in [AxisScale::Linear, AxisScale::Logarithmic] {
            let relief = Relief::new(&field, &HeightAxis::new(spread, scale, &field), &scale);
            assert_eq!(relief.level([2.0, 1.0]), 1.0);
            for index in 0..25 {
                let (point, tint, normal) = relief.vertex(index);
                assert!(point.iter().chain(&normal).all(|side| side.is_finite()));
                assert!((0.0..=1.0).contains(&tint));
            }
            for wild in [f64::NAN, f64::INFINITY, -1e300] {
                relief.level([wild, wild]);
            }
        }
    }
}
