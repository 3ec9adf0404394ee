//! A map as pixels. Colour is never the only sign: what is no number has a pattern of its own.

use crate::analysis::map::{Cell, Map, MapValue};
use crate::figures::theme::{HeightColours, Rgb, Theme};
use egui::{Color32, ColorImage};

/// Pixels along one side of a cell of a map with few cells, so that patterns have room.
const LEAST_PIXELS: usize = 256;

/// What the colours of a map mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Legend {
    /// The least and the greatest number, where there are numbers.
    pub bounds: Option<(f64, f64)>,
    /// Whether they are spread logarithmically.
    pub is_logarithmic: bool,
}

impl Legend {
    /// The legend of maps beside one another: the same colour means the same number on all.
    pub fn of(maps: &[Map], value: MapValue) -> Self {
        let bounds = maps.iter().filter_map(|map| map.bounds(value));
        let bounds =
            bounds.reduce(|(low, high), (other, another)| (low.min(other), high.max(another)));
        Self {
            bounds,
            is_logarithmic: value.is_logarithmic()
                && bounds.is_some_and(|(low, high)| high - low > 0.0),
        }
    }

    /// Where a number lies, 0 for the least and 1 for the greatest, which those beyond share.
    pub fn share(&self, number: f64) -> f64 {
        let Some((low, high)) = self.bounds.filter(|(low, high)| low < high) else {
            return 0.0;
        };
        if !self.is_logarithmic {
            return ((number - low) / (high - low)).clamp(0.0, 1.0);
        }
        // Above the least number, so that minima other than 0 have their decades too.
        let floor = (high - low) * 1e-9;
        let height = |x: f64| (x - low).max(floor).log10();
        ((height(number) - height(low)) / (height(high) - height(low))).clamp(0.0, 1.0)
    }
}

/// The colours that maps are drawn in.
pub struct Colours {
    numbers: HeightColours,
    runs: [Rgb; 8],
    ground: Rgb,
    quiet: Rgb,
    error: Rgb,
}

impl Colours {
    /// Those of an appearance.
    pub fn of(theme: &Theme) -> Self {
        Self {
            numbers: theme.height_colours(),
            runs: theme.runs,
            ground: theme.ground,
            quiet: theme.control[2],
            error: theme.error,
        }
    }

    /// The colour of a cell at pixel (i, j).
    pub fn of_cell(&self, cell: Cell, legend: &Legend, [i, j]: [usize; 2]) -> Rgb {
        match cell {
            Cell::Unknown => self.ground,
            Cell::Number(number) => self.numbers.at(legend.share(number)),
            Cell::Minimum(index) => self.runs[index % self.runs.len()],
            Cell::Finite => self.numbers.at(0.15),
            // Stripes.
            Cell::Diverged(_) => match (i + j) % 12 < 3 {
                true => blend(self.error, self.ground, 0.45),
                false => blend(self.error, self.ground, 0.2),
            },
            // Stripes the other way, as wide: finer ones would make waves where maps are drawn
            // smaller.
            Cell::NotReached | Cell::NoMinimum => match (i + 11 * j) % 12 < 3 {
                true => self.quiet,
                false => blend(self.quiet, self.ground, 0.25),
            },
        }
    }
}

fn blend(a: Rgb, b: Rgb, share: f32) -> Rgb {
    let mix = |i: usize| f32::from(a[i]) * share + f32::from(b[i]) * (1.0 - share);
    [mix(0) as u8, mix(1) as u8, mix(2) as u8]
}

/// The picture of a map, its top row first.
pub fn picture(map: &Map, value: MapValue, legend: &Legend, colours: &Colours) -> ColorImage {
    let [columns, rows] = map.question().cells;
    let scale = |count: usize| LEAST_PIXELS.div_ceil(count).max(1);
    let (across, down) = (scale(columns), scale(rows));
    let (width, height) = (columns * across, rows * down);
    let mut pixels = Vec::with_capacity(width * height);
    for y in (0..height).rev() {
        for x in 0..width {
            let cell = map.cell([x / across, y / down], value);
            let [r, g, b] = colours.of_cell(cell, legend, [x, y]);
            pixels.push(Color32::from_rgb(r, g, b));
        }
    }
    ColorImage::new([width, height], pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_spread_from_one_end_of_the_colours_to_the_other() {
        let legend = |bounds, is_logarithmic| Legend {
            bounds,
            is_logarithmic,
        };
        let linear = legend(Some((2.0, 6.0)), false);
        assert_eq!([2.0, 3.0, 6.0].map(|x| linear.share(x)), [0.0, 0.25, 1.0]);
        let logarithmic = legend(Some((3.0, 1003.0)), true);
        assert_eq!(logarithmic.share(3.0), 0.0);
        assert_eq!(logarithmic.share(1003.0), 1.0);
        let middle = logarithmic.share(4.0);
        assert!((0.5..0.9).contains(&middle), "{middle}");
        assert_eq!(legend(None, false).share(1.0), 0.0);
        assert_eq!(legend(Some((1.0, 1.0)), true).share(1.0), 0.0);
    }

    #[test]
    fn the_edge_of_stability_is_an_edge_of_the_colours() {
        let text = "(version: 1, epochs: 150, objective: Landscape(surface: \"ravine\"), runs: \
                    [(optimizer: \"sgd\")])";
        let experiment = crate::experiment::preset::read(text).unwrap();
        let axis = |text| crate::experiment::Axis::read(text, &experiment, 0).unwrap();
        let mut map = Map::new(crate::analysis::map::MapQuestion {
            x: axis("learning_rate=0.001:0.1:64:log"),
            y: axis("decay=1e-9:1e-8:4:log"),
            experiment: std::sync::Arc::new(experiment.clone()),
            run: 0,
            target: f64::NAN,
            cells: [64, 4],
        })
        .unwrap();
        while !map.is_complete() {
            map.refine(&|| true);
        }
        let legend = Legend::of(std::slice::from_ref(&map), MapValue::FinalLoss);
        let shares: Vec<f64> = (0..64)
            .map(|i| match map.cell([i, 0], MapValue::FinalLoss) {
                Cell::Number(number) => legend.share(number),
                other => panic!("{other:?}"),
            })
            .collect();
        // 2/λ is 0.02; the losses beyond it are up to 10²⁵⁰.
        let stable = (0..64).filter(|&i| map.values([i, 0])[0] < 0.0195);
        let beyond = (0..64).filter(|&i| map.values([i, 0])[0] > 0.0215);
        let mut colours: Vec<f64> = stable.map(|i| shares[i]).collect();
        assert!(colours.iter().all(|&share| share <= 1.0));
        assert!(beyond.map(|i| shares[i]).all(|share| share == 1.0));
        colours.sort_by(f64::total_cmp);
        colours.dedup();
        assert!(colours.len() > 20, "the stable ones are told apart");
    }
}
