//! The triangles of the surface on the screen, shaded, the farthest first.

use super::camera::{Projection, dot};
use super::relief::Relief;
use crate::figures::theme::{HeightColours, Rgb};

/// Triangles to be painted in their order, so that what is nearer covers what is farther.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Places on the screen.
    pub positions: Vec<[f32; 2]>,
    /// A colour a place.
    pub colours: Vec<Rgb>,
    /// Three places a triangle.
    pub triangles: Vec<[u32; 3]>,
}

impl Relief {
    /// The surface as seen, in colours of its height with gentle shade.
    pub fn facets(&self, projection: &Projection, colours: &HeightColours) -> Facets {
        let [columns, rows] = self.size();
        let count = columns * rows;
        let mut facets = Facets {
            positions: Vec::with_capacity(count),
            colours: Vec::with_capacity(count),
            triangles: Vec::with_capacity(2 * count),
        };
        let light = light(projection);
        for index in 0..count {
            let (point, tint, normal) = self.vertex(index);
            let [x, y] = projection.position(point);
            facets.positions.push([x as f32, y as f32]);
            let bright = 0.80 + 0.28 * dot(normal, light).max(0.0);
            facets.colours.push(shaded(colours.at(tint), bright));
        }
        for triangle in self.far_to_near(projection) {
            facets.push(triangle);
        }
        facets
    }

    /// The triangles of the surface as grid points, the farthest first.
    ///
    /// A ray towards the eye crosses the columns and rows of the grid always in the same
    /// direction, so a cell can only be covered by cells that come later in both. No sorting is
    /// needed.
    fn far_to_near(&self, projection: &Projection) -> impl Iterator<Item = [u32; 3]> {
        let [columns, rows] = self.size();
        let toward = self.along(projection.toward());
        let ordered = move |count: usize, k: usize, rising: bool| match rising {
            true => k,
            false => count - 1 - k,
        };
        let outer = (0..rows - 1).map(move |k| ordered(rows - 1, k, toward[1] >= 0.0));
        outer.flat_map(move |row| {
            let inner = (0..columns - 1).map(move |k| ordered(columns - 1, k, toward[0] >= 0.0));
            inner.flat_map(move |column| {
                let near = (row * columns + column) as u32;
                let far = near + columns as u32;
                let lower = [near, near + 1, far];
                let upper = [far + 1, far, near + 1];
                match toward[0] + toward[1] >= 0.0 {
                    true => [lower, upper],
                    false => [upper, lower],
                }
            })
        })
    }
}

impl Facets {
    /// Adds a triangle; one that shows its underside is darker.
    fn push(&mut self, corners: [u32; 3]) {
        let place = |k: usize| self.positions[corners[k] as usize];
        let [a, b, c] = [place(0), place(1), place(2)];
        let turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        // y grows downwards: seen from above, corners run the other way round.
        if turn <= 0.0 {
            self.triangles.push(corners);
            return;
        }
        let first = self.positions.len() as u32;
        for corner in corners {
            let corner = corner as usize;
            self.positions.push(self.positions[corner]);
            self.colours.push(shaded(self.colours[corner], 0.62));
        }
        self.triangles.push([first, first + 1, first + 2]);
    }
}

/// The direction to the light: over the viewer's left shoulder, so that it always shows form.
fn light(projection: &Projection) -> [f64; 3] {
    let [right, up] = projection.right_and_up();
    let toward = projection.toward();
    let sum = [0, 1, 2].map(|axis| toward[axis] + 0.7 * up[axis] - 0.8 * right[axis]);
    let length = dot(sum, sum).sqrt();
    sum.map(|side| side / length)
}

fn shaded(colour: Rgb, bright: f64) -> Rgb {
    colour.map(|part| (f64::from(part) * bright).round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::super::camera::{Camera, Canvas};
    use super::super::relief::tests::relief;
    use super::*;
    use crate::figures::curves::AxisScale;
    use crate::figures::theme::DARK;
    use proptest::prelude::*;

    /// The weights of a triangle's corners at a point, when it lies clearly inside.
    fn weights(corners: [[f64; 2]; 3], at: [f64; 2]) -> Option<[f64; 3]> {
        let cross = |o: [f64; 2], a: [f64; 2], b: [f64; 2]| {
            (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])
        };
        let [a, b, c] = corners;
        let whole = cross(a, b, c);
        if whole.abs() < 1e-3 {
            return None;
        }
        let parts = [cross(b, c, at), cross(c, a, at), cross(a, b, at)].map(|p| p / whole);
        parts.iter().all(|part| *part > 0.01).then_some(parts)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn what_is_nearer_is_painted_later(
            azimuth in -4.0..4.0_f64, elevation in 0.05..1.6_f64,
            at in [250.0..550.0_f64, 180.0..420.0],
        ) {
            let relief = relief("rastrigin", AxisScale::Linear, 26);
            let canvas = Canvas { centre: [400.0, 300.0], size: [800.0, 600.0] };
            let projection = Projection::new(Camera::at(azimuth, elevation), canvas);
            let mut nearest = f64::NEG_INFINITY;
            let mut met = 0;
            for corners in relief.far_to_near(&projection) {
                let points = corners.map(|corner| relief.vertex(corner as usize).0);
                let Some(weights) = weights(points.map(|p| projection.position(p)), at) else {
                    continue;
                };
                let nearness: f64 = (0..3).map(|k| weights[k] * projection.nearness(points[k])).sum();
                prop_assert!(nearness > nearest - 1e-9, "{nearness} after {nearest}");
                nearest = nearness;
                met += 1;
            }
            // Nothing is painted over what the pointer picks.
            if let Some(picked) = relief.pick(&projection, at) && met > 0 {
                let picked = projection.nearness(relief.on_surface(picked));
                prop_assert!(picked > nearest - 1e-6, "{picked} {nearest}");
            }
        }
    }

    #[test]
    fn every_triangle_is_there_once_and_its_corners_too() {
        let relief = relief("himmelblau", AxisScale::Linear, 12);
        let canvas = Canvas {
            centre: [0.0, 0.0],
            size: [500.0, 500.0],
        };
        for azimuth in [-2.5, -0.7, 0.8, 2.2] {
            let projection = Projection::new(Camera::at(azimuth, 0.15), canvas);
            let facets = relief.facets(&projection, &DARK.height_colours());
            assert_eq!(facets.triangles.len(), 2 * 12 * 12);
            assert_eq!(facets.positions.len(), facets.colours.len());
            let count = facets.positions.len() as u32;
            assert!(facets.triangles.iter().flatten().all(|k| *k < count));
            assert!(count > 13 * 13, "from so low some undersides are seen");
            let mut all: Vec<[u32; 3]> = relief.far_to_near(&projection).collect();
            all.iter_mut().for_each(|corners| corners.sort_unstable());
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 2 * 12 * 12);
        }
    }
}
