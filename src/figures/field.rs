//! A landscape as a picture: heights on a grid, their colours, their contour lines.

use super::theme::HeightColours;
use crate::landscapes::{Landscape, LandscapeCard};
use rayon::prelude::*;

/// A rectangle of the parameter plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Range of w1.
    pub x: (f64, f64),
    /// Range of w2.
    pub y: (f64, f64),
}

impl Window {
    /// The range of a landscape's card.
    pub fn of(card: &LandscapeCard) -> Self {
        Self {
            x: card.range[0],
            y: card.range[1],
        }
    }

    /// Width and height.
    pub fn size(self) -> [f64; 2] {
        [self.x.1 - self.x.0, self.y.1 - self.y.0]
    }

    /// The middle.
    pub fn centre(self) -> [f64; 2] {
        [(self.x.0 + self.x.1) / 2.0, (self.y.0 + self.y.1) / 2.0]
    }

    /// Whether both sides are finite and longer than nothing.
    pub fn is_drawable(self) -> bool {
        self.size()
            .iter()
            .all(|side| *side > 0.0 && side.is_finite())
    }
}

/// How heights are spread over the colours: evenly in log(1 + (J − J*)/softening).
///
/// J* is the least value of the landscape, so that landscapes below 0 work alike; the softening
/// keeps the logarithm finite at the minimum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeightScale {
    least: f64,
    softening: f64,
    span: f64,
}

impl HeightScale {
    /// Where the median height of the range is to lie, so that landscapes of every steepness
    /// use the whole of the colours.
    const MEDIAN: f64 = 0.7;

    /// The scale of a landscape over its own range.
    pub fn of(landscape: &dyn Landscape) -> Self {
        let card = landscape.card();
        let least = card.least_value();
        let mut heights: Vec<f64> = Field::sample(landscape, Window::of(&card), 33, 33)
            .heights
            .into_iter()
            .map(|height| height - least)
            .filter(|height| height.is_finite())
            .collect();
        heights.sort_by(f64::total_cmp);
        let highest = heights
            .last()
            .copied()
            .unwrap_or(1.0)
            .max(f64::MIN_POSITIVE);
        let median = heights.get(heights.len() / 2).copied().unwrap_or(0.0);
        // Softenings of 10⁻², 10⁻²·⁵, … of the highest point; the first that lifts the median
        // far enough.
        let softening = (4..16)
            .map(|k| highest * 10_f64.powf(-0.5 * f64::from(k)))
            .find(|s| (median / s).ln_1p() >= Self::MEDIAN * (highest / s).ln_1p())
            .unwrap_or(highest * 1e-8)
            .max(f64::MIN_POSITIVE);
        Self {
            least,
            softening,
            span: (highest / softening).ln_1p().max(f64::MIN_POSITIVE),
        }
    }

    /// J*, the least value of the landscape.
    pub fn least(&self) -> f64 {
        self.least
    }

    /// 0 at J*, 1 at the highest point of the range; not limited above.
    pub fn position(&self, height: f64) -> f64 {
        ((height - self.least).max(0.0) / self.softening).ln_1p() / self.span
    }

    /// The height at a position, the inverse of [`HeightScale::position`].
    pub fn height(&self, position: f64) -> f64 {
        self.least + self.softening * (position * self.span).exp_m1()
    }
}

/// Heights on a regular grid, row after row from the lowest w2, grid points on the borders.
#[derive(Clone, Debug)]
pub struct Field {
    /// What it covers.
    pub window: Window,
    /// Grid points along w1.
    pub columns: usize,
    /// Grid points along w2.
    pub rows: usize,
    /// J, `rows` × `columns`.
    pub heights: Vec<f64>,
}

/// The lines on which the height is one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// The height.
    pub level: f64,
    /// Polylines of (w1, w2).
    pub lines: Vec<Vec<[f64; 2]>>,
}

impl Field {
    /// Samples a landscape; fewer than two grid points a side count as two.
    pub fn sample(landscape: &dyn Landscape, window: Window, columns: usize, rows: usize) -> Self {
        let (columns, rows) = (columns.max(2), rows.max(2));
        let [width, height] = window.size();
        let mut heights = vec![0.0; columns * rows];
        heights
            .par_chunks_mut(columns)
            .with_min_len(16)
            .enumerate()
            .for_each(|(row, line)| {
                let w2 = window.y.0 + height * row as f64 / (rows - 1) as f64;
                for (column, cell) in line.iter_mut().enumerate() {
                    let w1 = window.x.0 + width * column as f64 / (columns - 1) as f64;
                    *cell = landscape.height([w1, w2]);
                }
            });
        Self {
            window,
            columns,
            rows,
            heights,
        }
    }

    /// Red, green, blue of every grid point, the row of the highest w2 first, as pictures are
    /// stored. Heights that are not finite take the highest colour.
    pub fn pixels(&self, scale: &HeightScale, colours: &HeightColours) -> Vec<[u8; 3]> {
        let mut pixels = vec![[0; 3]; self.heights.len()];
        pixels
            .par_chunks_mut(self.columns)
            .with_min_len(16)
            .zip(self.heights.par_chunks(self.columns).rev())
            .for_each(|(line, heights)| {
                for (pixel, &height) in line.iter_mut().zip(heights) {
                    let position = if height.is_finite() {
                        scale.position(height)
                    } else {
                        1.0
                    };
                    *pixel = colours.at(position);
                }
            });
        pixels
    }

    /// About `count` contour levels, evenly spaced in colour over the heights of this field.
    pub fn levels(&self, scale: &HeightScale, count: usize) -> Vec<f64> {
        let positions = self
            .heights
            .iter()
            .filter(|height| height.is_finite())
            .map(|&height| scale.position(height));
        let (low, high) = positions.fold((f64::INFINITY, 0.0_f64), |(low, high), position| {
            (low.min(position), high.max(position))
        });
        // A power of two, so that zooming in adds lines between those that are there.
        let step = ((high - low) / count.max(1) as f64).log2().round().exp2();
        if !(step > 0.0 && step.is_finite()) {
            return Vec::new();
        }
        let first = (low / step).ceil() as i64;
        let last = (high / step).floor() as i64;
        (first..=last)
            .take(200)
            .map(|k| scale.height(k as f64 * step))
            .collect()
    }

    /// Contour lines at the given levels, by marching squares.
    pub fn contours(&self, levels: &[f64]) -> Vec<Contour> {
        let highest = levels.iter().copied().fold(0.0, f64::max);
        let values: Vec<f64> = self
            .heights
            .iter()
            .map(|&height| {
                if height.is_finite() {
                    height
                } else {
                    2.0 * highest
                }
            })
            .collect();
        levels
            .par_iter()
            .map(|&level| Contour {
                level,
                lines: self.lines_at(&values, level),
            })
            .collect()
    }

    fn lines_at(&self, values: &[f64], level: f64) -> Vec<Vec<[f64; 2]>> {
        self.rings(values, level)
            .into_iter()
            .flat_map(|ring| self.without_border(ring.into_iter()))
            .collect()
    }

    /// Closed rings around where `values`, one a grid point, are at least `level`, by marching
    /// squares.
    pub(super) fn rings(&self, values: &[f64], level: f64) -> Vec<Vec<[f64; 2]>> {
        let [width, height] = self.window.size();
        let step_x = width / (self.columns - 1) as f64;
        let step_y = height / (self.rows - 1) as f64;
        // The crate puts a value in the middle of its cell; ours sit on the corners.
        let builder = contour::ContourBuilder::new(self.columns, self.rows, true)
            .x_origin(self.window.x.0 - step_x / 2.0)
            .y_origin(self.window.y.0 - step_y / 2.0)
            .x_step(step_x)
            .y_step(step_y);
        let Ok(found) = builder.lines(values, &[level]) else {
            return Vec::new();
        };
        found
            .iter()
            .flat_map(|line| line.geometry().iter())
            .map(|line| line.coords().map(|c| [c.x, c.y]).collect())
            .collect()
    }

    /// Marching squares closes every line along the border of the grid; these parts are not on
    /// the level and are cut out.
    fn without_border(&self, points: impl Iterator<Item = [f64; 2]>) -> Vec<Vec<[f64; 2]>> {
        let Window { x, y } = self.window;
        let mut lines = vec![Vec::new()];
        for [w1, w2] in points {
            let inside = w1 > x.0 && w1 < x.1 && w2 > y.0 && w2 < y.1;
            if inside {
                lines
                    .last_mut()
                    .expect("there is always a line")
                    .push([w1, w2]);
            } else if lines.last().is_some_and(|line| !line.is_empty()) {
                lines.push(Vec::new());
            }
        }
        lines.retain(|line| line.len() > 1);
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landscapes::{self, LANDSCAPES};

    #[test]
    fn contour_lines_lie_on_their_level_and_inside_the_window() {
        for landscape in LANDSCAPES {
            let window = Window::of(&landscape.card());
            let scale = HeightScale::of(*landscape);
            let field = Field::sample(*landscape, window, 301, 301);
            let levels = field.levels(&scale, 16);
            assert!(
                (8..=40).contains(&levels.len()),
                "{landscape:?} {}",
                levels.len()
            );
            let nearest = |w: f64, (low, high): (f64, f64)| {
                ((w - low) / (high - low) * 300.0).round() as usize
            };
            let mut points = 0;
            for contour in field.contours(&levels) {
                for [w1, w2] in contour.lines.iter().flatten().copied() {
                    // The level is crossed between grid points next to the point: creases are
                    // narrower than a cell.
                    let (column, row) = (nearest(w1, window.x), nearest(w2, window.y));
                    let rows = row.saturating_sub(1)..=(row + 1).min(300);
                    let columns = column.saturating_sub(1)..=(column + 1).min(300);
                    let around: Vec<f64> = rows
                        .flat_map(|row| field.heights[row * 301..][columns.clone()].to_vec())
                        .collect();
                    assert!(
                        around.iter().any(|height| *height <= contour.level)
                            && around.iter().any(|height| *height >= contour.level),
                        "{landscape:?} at {w1}, {w2}: {} not in {around:?}",
                        contour.level
                    );
                    assert!(landscape.card().contains([w1, w2]));
                    points += 1;
                }
            }
            assert!(points > 500, "{landscape:?} has only {points} points");
        }
    }

    #[test]
    fn the_lowest_pixel_lies_at_the_minimum() {
        let rosenbrock = landscapes::find("rosenbrock").unwrap();
        let window = Window::of(&rosenbrock.card());
        let field = Field::sample(rosenbrock, window, 101, 101);
        let lowest = (0..field.heights.len())
            .min_by(|a, b| field.heights[*a].total_cmp(&field.heights[*b]))
            .unwrap();
        assert_eq!((lowest % 101, lowest / 101), (75, 75));
        // (1, 1) is a quarter from the top in the picture.
        let colours = crate::figures::theme::DARK.height_colours();
        let pixels = field.pixels(&HeightScale::of(rosenbrock), &colours);
        assert_eq!(pixels[25 * 101 + 75], colours.at(0.0));
    }

    #[test]
    fn heights_beyond_the_finite_are_drawn_and_not_fatal() {
        let beale = landscapes::find("beale").unwrap();
        let window = Window {
            x: (-1e200, 1e200),
            y: (-1e200, 1e200),
        };
        let field = Field::sample(beale, window, 21, 21);
        let scale = HeightScale::of(beale);
        field.pixels(&scale, &crate::figures::theme::LIGHT.height_colours());
        field.contours(&field.levels(&scale, 10));
    }

    #[test]
    fn formulas_that_are_odd_or_nowhere_finite_are_drawn_and_not_fatal() {
        for text in [
            "ln(-1)",
            "1/0",
            "3",
            "0*w1 - 1e308",
            "1e308*w1 - 1e308*w2",
            "exp(700*w1)",
            "-exp(700)*w1^64",
            "sqrt(w1) - 1/w2",
            "1e-320*w1",
        ] {
            let own = landscapes::formula::own(text, [(-2.0, 2.0); 2]).unwrap();
            let field = Field::sample(&*own, Window::of(&own.card()), 41, 31);
            let scale = HeightScale::of(&*own);
            let colours = crate::figures::theme::LIGHT.height_colours();
            assert_eq!(field.pixels(&scale, &colours).len(), 41 * 31, "{text}");
            let levels = field.levels(&scale, 10);
            assert!(levels.len() <= 200, "{text}");
            field.contours(&levels);
        }
    }

    #[test]
    fn position_and_height_are_inverse() {
        for landscape in LANDSCAPES {
            let scale = HeightScale::of(*landscape);
            for k in 0..=10 {
                let position = f64::from(k) / 10.0;
                assert!((scale.position(scale.height(position)) - position).abs() < 1e-9);
            }
        }
    }
}
