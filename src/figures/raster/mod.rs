//! Lines as pixels, for pictures that are made once and shown often.
//!
//! A trail of thousands of steps is hundreds of thousands of triangles, which a renderer without
//! a graphics processor would have to draw again for every frame. As pixels it costs one textured
//! rectangle.

mod coverage;
mod sheet;
mod triangles;

pub use sheet::{Knot, Part, Pens, Sheet, Trail};
pub use triangles::{Triangles, fill};

use coverage::{Coverage, over};
use rayon::prelude::*;

/// A pixel as egui has it: red, green, blue and opacity, the colours multiplied by the opacity.
pub type Pixel = [u8; 4];

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stroke {
    /// In pixels; a line thinner than one pixel is one pixel wide and fainter.
    pub width: f32,
    /// Its colour.
    pub colour: Pixel,
}

/// Columns and rows of a picture.
pub type Size = [usize; 2];

/// Lines that are one drawing: places in pixels from the picture's top left corner. Where they
/// cross, nothing is drawn twice.
pub struct Lines {
    /// How they are drawn.
    pub stroke: Stroke,
    /// The points of each.
    pub lines: Vec<Vec<[f32; 2]>>,
}

/// The picture of drawings on nothing, row by row from the top.
pub fn picture(size: Size, drawings: &[Lines]) -> Vec<Pixel> {
    let mut pixels = vec![Pixel::default(); size[0] * size[1]];
    draw(size, &mut pixels, drawings);
    pixels
}

/// Draws over a picture, each drawing over those before it.
pub fn draw(size: Size, pixels: &mut [Pixel], drawings: &[Lines]) {
    let cover = |drawing: &Lines| {
        let mut coverage = Coverage::new(size);
        for ends in drawing.lines.iter().flat_map(|line| line.windows(2)) {
            coverage.add(ends[0], ends[1], drawing.stroke.width);
        }
        coverage
    };
    // As many at once as there are cores, because each has a share for every pixel.
    for some in drawings.chunks(rayon::current_num_threads().max(1)) {
        let covered: Vec<Coverage> = some.par_iter().map(cover).collect();
        for (drawing, coverage) in some.iter().zip(&covered) {
            for (pixel, &share) in pixels.iter_mut().zip(coverage.shares()) {
                if share != 0 {
                    *pixel = over(drawing.stroke.colour, share, *pixel);
                }
            }
        }
    }
}

/// A picture in another size, mixed linearly between the middles of its pixels.
pub fn stretch(from: Size, pixels: &[Pixel], to: Size) -> Vec<Pixel> {
    if from == to {
        return pixels.to_vec();
    }
    // The two neighbours of a place along an axis, and how far it is from the first.
    let between = |axis: usize| -> Vec<(usize, usize, f32)> {
        let last = from[axis] - 1;
        let scale = from[axis] as f32 / to[axis] as f32;
        let place = |k: usize| {
            let at = ((k as f32 + 0.5) * scale - 0.5).clamp(0.0, last as f32);
            (at as usize, (at as usize + 1).min(last), at.fract())
        };
        (0..to[axis]).map(place).collect()
    };
    let (columns, rows) = (between(0), between(1));
    let mix = |a: u8, b: u8, share: f32| f32::from(a) + (f32::from(b) - f32::from(a)) * share;
    let row = |&(above, below, down): &(usize, usize, f32)| {
        let line = |row: usize| &pixels[row * from[0]..(row + 1) * from[0]];
        let (above, below) = (line(above), line(below));
        let pixel = move |&(left, right, across): &(usize, usize, f32)| -> Pixel {
            std::array::from_fn(|k| {
                let high = mix(above[left][k], above[right][k], across);
                let low = mix(below[left][k], below[right][k], across);
                (high + (low - high) * down).round() as u8
            })
        };
        columns.iter().map(pixel).collect::<Vec<_>>()
    };
    rows.par_iter().flat_map_iter(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Pixel = [255; 4];

    #[test]
    fn a_line_of_two_pixels_fills_two_rows_and_nothing_else() {
        let line = Lines {
            stroke: Stroke {
                width: 2.0,
                colour: WHITE,
            },
            lines: vec![vec![[-5.0, 3.0], [20.0, 3.0]]],
        };
        let pixels = picture([10, 6], &[line]);
        for (k, pixel) in pixels.iter().enumerate() {
            let expected = if (2..4).contains(&(k / 10)) {
                WHITE
            } else {
                [0; 4]
            };
            assert_eq!(*pixel, expected, "row {}, column {}", k / 10, k % 10);
        }
    }

    #[test]
    fn a_later_line_lies_over_an_earlier_one_and_a_faint_one_mixes() {
        let line = |colour, x: f32| Lines {
            stroke: Stroke { width: 2.0, colour },
            lines: vec![vec![[x, -3.0], [x, 9.0]]],
        };
        let half_red = [128, 0, 0, 128];
        let pixels = picture([4, 4], &[line([0, 200, 0, 255], 2.0), line(half_red, 2.0)]);
        assert_eq!(pixels[5], [128, 100, 0, 255]);
        assert_eq!(pixels[4], [0; 4]);
    }

    #[test]
    fn a_stretched_picture_keeps_its_edges_and_mixes_between() {
        let pixels = [[0, 0, 0, 255], [100, 0, 0, 255]];
        assert_eq!(stretch([2, 1], &pixels, [2, 1]), pixels);
        let red: Vec<u8> = stretch([2, 1], &pixels, [4, 2])
            .iter()
            .map(|p| p[0])
            .collect();
        assert_eq!(red, [0, 25, 75, 100, 0, 25, 75, 100]);
    }

    #[test]
    fn a_line_that_leads_out_of_every_range_is_drawn_as_far_as_it_is_seen() {
        let line = |points: Vec<[f32; 2]>| Lines {
            stroke: Stroke {
                width: 2.0,
                colour: WHITE,
            },
            lines: vec![points],
        };
        let far = picture(
            [8, 8],
            &[line(vec![[4.0, 4.0], [3e38, 4.0], [f32::NAN, 2.0]])],
        );
        let near = picture([8, 8], &[line(vec![[4.0, 4.0], [20.0, 4.0]])]);
        assert_eq!(far, near);
        assert!(picture([0, 0], &[line(vec![[0.0, 0.0], [1.0, 1.0]])]).is_empty());
    }
}
