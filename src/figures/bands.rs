//! A landscape as filled bands: the regions above a row of levels, one on top of the other.

use super::field::{Field, HeightScale};
use super::thinning;
use rayon::prelude::*;

/// Where the landscape is at least as high as one level.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The level, as a position on the height scale.
    pub position: f64,
    /// Closed rings of (w1, w2); a point lies in the region when an odd number of them encloses
    /// it. Along the border of the field they run half a cell outside it.
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// The region above every level k/`count` of the height scale that the field reaches, the
/// lowest first. Each lies within the one before: painted in order, no seam shows between them.
/// Rings are thinned to what can be seen when `per_pixel` units fall on one pixel.
pub fn regions(
    field: &Field,
    scale: &HeightScale,
    count: usize,
    per_pixel: [f64; 2],
) -> Vec<Region> {
    /// Above the range of a landscape no more than three times as many levels.
    const BEYOND: usize = 3;
    // Interpolated between grid points in the logarithm, where the surface is smoother.
    let positions: Vec<f64> = field
        .heights
        .iter()
        .map(|&height| match height.is_finite() {
            true => scale.position(height),
            false => 2.0 * BEYOND as f64,
        })
        .collect();
    let highest = positions.iter().copied().fold(0.0, f64::max);
    (1..count * BEYOND)
        .map(|level| level as f64 / count as f64)
        .take_while(|position| *position < highest)
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|position| Region {
            position,
            rings: field
                .rings(&positions, position)
                .into_iter()
                .map(|ring| thinning::thin(&ring, per_pixel))
                .filter(|ring| ring.len() > 3)
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::field::Window;
    use crate::landscapes::{self, LANDSCAPES};

    /// Even–odd rule.
    fn encloses(rings: &[Vec<[f64; 2]>], [x, y]: [f64; 2]) -> bool {
        let crossings = rings
            .iter()
            .flat_map(|ring| ring.windows(2))
            .filter(|edge| {
                let ([x0, y0], [x1, y1]) = (edge[0], edge[1]);
                (y0 > y) != (y1 > y) && x < x0 + (x1 - x0) * (y - y0) / (y1 - y0)
            });
        crossings.count() % 2 == 1
    }

    #[test]
    fn a_point_lies_in_the_regions_of_the_levels_below_it() {
        for landscape in LANDSCAPES {
            let window = Window::of(&landscape.card());
            let scale = HeightScale::of(*landscape);
            let field = Field::sample(*landscape, window, 201, 201);
            let cell = window.size()[0] / 200.0;
            let regions = regions(&field, &scale, 20, [cell / 4.0; 2]);
            // The scale is laid down on a coarser grid and may miss the highest point.
            assert!((19..=20).contains(&regions.len()), "{landscape:?}");
            for k in 0..400 {
                let share = |by: f64| (f64::from(k) * by).fract();
                let [width, height] = window.size();
                let at = [
                    window.x.0 + width * share(0.618_034),
                    window.y.0 + height * share(0.414_214),
                ];
                // Not within a cell of the level itself.
                let around = [-cell, 0.0, cell].map(|dx| {
                    [-cell, 0.0, cell]
                        .map(|dy| scale.position(landscape.height([at[0] + dx, at[1] + dy])))
                });
                let around = around.as_flattened();
                for region in &regions {
                    if around.iter().all(|position| *position > region.position) {
                        assert!(encloses(&region.rings, at), "{landscape:?} {at:?}");
                    }
                    if around.iter().all(|position| *position < region.position) {
                        assert!(!encloses(&region.rings, at), "{landscape:?} {at:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn heights_beyond_the_finite_are_the_highest() {
        let beale = landscapes::find("beale").unwrap();
        let window = Window {
            x: (-1e200, 1e200),
            y: (-1e200, 1e200),
        };
        let field = Field::sample(beale, window, 21, 21);
        let regions = regions(&field, &HeightScale::of(beale), 20, [1e197; 2]);
        let points = regions
            .iter()
            .flat_map(|region| region.rings.iter().flatten());
        assert!(points.flatten().all(|w| w.is_finite()));
    }
}
