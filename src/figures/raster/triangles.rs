//! Triangles as pixels.

use super::coverage::over;
use super::{Pixel, Size};

/// Triangles with a colour at each corner, mixed evenly between: places in pixels from the
/// picture's top left corner.
pub struct Triangles {
    /// The corners.
    pub positions: Vec<[f32; 2]>,
    /// Their colours.
    pub colours: Vec<Pixel>,
    /// Three corners for each triangle.
    pub triangles: Vec<[u32; 3]>,
}

/// Corners are snapped to this share of a pixel, so that two triangles with a common edge agree
/// exactly on whose its pixels are.
const FINE: i64 = 256;

/// Draws triangles over a picture, each over those before it. A pixel belongs to the triangle
/// that its middle lies in.
pub fn fill(size: Size, pixels: &mut [Pixel], mesh: &Triangles) {
    for corners in &mesh.triangles {
        let corner = |k: usize| {
            let index = corners[k] as usize;
            let place = mesh.positions.get(index)?;
            let colour = mesh.colours.get(index)?;
            Some((place.map(snapped), *colour))
        };
        if let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) {
            triangle(size, pixels, [a, b, c]);
        }
    }
}

/// Far beyond every picture it makes no difference where a corner is. NaN becomes 0.
fn snapped(x: f32) -> i64 {
    (x.clamp(-1e5, 1e5) * FINE as f32).round() as i64
}

type Corner = ([i64; 2], Pixel);

fn triangle(size: Size, pixels: &mut [Pixel], [a, mut b, mut c]: [Corner; 3]) {
    let doubled_area = side(a.0, b.0, c.0);
    if doubled_area == 0 {
        return;
    }
    if doubled_area < 0 {
        std::mem::swap(&mut b, &mut c);
    }
    let corners = [a, b, c];
    let edges = [(b.0, c.0), (c.0, a.0), (a.0, b.0)];
    let span = |axis: usize| {
        let along = corners.map(|corner| corner.0[axis]);
        let [low, high] = [along.iter().min(), along.iter().max()].map(|x| x.map_or(0, |x| *x));
        let first = (low - FINE / 2).div_euclid(FINE).max(0) as usize;
        let end = ((high - FINE / 2).div_euclid(FINE) + 1).max(0) as usize;
        first..end.min(size[axis])
    };
    let area = doubled_area.unsigned_abs() as f32;
    for row in span(1) {
        for column in span(0) {
            let at = [column, row].map(|k| k as i64 * FINE + FINE / 2);
            let shares = edges.map(|(from, to)| (side(from, to, at), is_owned(from, to)));
            if shares
                .iter()
                .any(|&(share, owned)| share < 0 || share == 0 && !owned)
            {
                continue;
            }
            let weights = shares.map(|(share, _)| share as f32 / area);
            let colour = std::array::from_fn(|k| {
                let mixed = (0..3).map(|corner| weights[corner] * f32::from(corners[corner].1[k]));
                mixed.sum::<f32>().round() as u8
            });
            let pixel = &mut pixels[row * size[0] + column];
            *pixel = over(colour, 255, *pixel);
        }
    }
}

/// Positive on one side of the line from `a` to `b`, negative on the other.
fn side(a: [i64; 2], b: [i64; 2], at: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0])
}

/// Whether pixels exactly on an edge belong to the triangle; its neighbour, who goes along the
/// edge the other way, says the opposite.
fn is_owned(from: [i64; 2], to: [i64; 2]) -> bool {
    let along = [to[0] - from[0], to[1] - from[1]];
    along[1] < 0 || along[1] == 0 && along[0] > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Four triangles around a point cover their square once, wherever the point lies: a
        /// half opaque colour would show what is covered twice or not at all.
        #[test]
        fn neighbours_leave_no_gap_and_never_overlap(
            middle in prop::array::uniform2(0.5_f32..15.5),
            low in -3.0_f32..0.49,
            high in 15.51_f32..20.0,
        ) {
            let corners = [[low, low], [high, low], [high, high], [low, high]];
            let mesh = Triangles {
                positions: corners.into_iter().chain([middle]).collect(),
                colours: vec![[100, 0, 0, 128]; 5],
                triangles: vec![[0, 1, 4], [2, 1, 4], [2, 3, 4], [3, 0, 4]],
            };
            let mut pixels = vec![Pixel::default(); 16 * 16];
            fill([16, 16], &mut pixels, &mesh);
            prop_assert!(pixels.iter().all(|pixel| *pixel == [100, 0, 0, 128]));
        }
    }

    #[test]
    fn colours_mix_between_the_corners_and_missing_corners_are_left_out() {
        let mesh = Triangles {
            positions: vec![[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]],
            colours: vec![[0, 0, 0, 255], [255, 0, 0, 255], [0, 255, 0, 255]],
            triangles: vec![[0, 1, 2], [0, 1, 7]],
        };
        let mut pixels = vec![Pixel::default(); 64];
        fill([8, 8], &mut pixels, &mesh);
        assert_eq!(pixels[0], [16, 16, 0, 255]);
        assert_eq!(pixels[3 * 8 + 3], [112, 112, 0, 255]);
        assert_eq!(pixels[63], [0; 4]);
    }
}
