//! Which share of each pixel a line covers.

use super::{Pixel, Size};
use crate::figures::clip;
use crate::figures::field::Window;

/// Steps from nothing to a whole pixel. Sixteen are as smooth as the eye asks for at an edge.
const STEPS: f32 = 15.0;

/// The share of a pixel, 0 to 255, that a line covers whose middle is so far from the pixel's.
pub fn share(width: f32, distance: f32) -> u8 {
    let covered = (width.max(1.0) / 2.0 + 0.5 - distance).clamp(0.0, 1.0) * width.clamp(0.0, 1.0);
    ((covered * STEPS).round() * (255.0 / STEPS)) as u8
}

/// How far from its middle a line covers anything, in pixels.
pub fn reach(width: f32) -> f32 {
    width.max(1.0) / 2.0 + 0.5
}

/// A colour laid over another, only over a share of the pixel.
pub fn over(colour: Pixel, share: u8, below: Pixel) -> Pixel {
    let share = u32::from(share);
    let opacity = u32::from(colour[3]) * share / 255;
    std::array::from_fn(|k| {
        let above = u32::from(colour[k]) * share;
        let kept = u32::from(below[k]) * (255 - opacity);
        ((above + kept + 127) / 255).min(255) as u8
    })
}

/// Calls `visit` with the number of every pixel within `reach` of the segment from `a` to `b`,
/// and its distance from it. Pixels are counted row by row.
pub fn near(size: Size, [a, b]: [[f32; 2]; 2], reach: f32, mut visit: impl FnMut(usize, f32)) {
    let Some((a, b)) = seen(size, [a, b], reach) else {
        return;
    };
    let along = [b[0] - a[0], b[1] - a[1]];
    // Along the axis in which the segment is longer, a few pixels across it at each place.
    let major = usize::from(along[1].abs() > along[0].abs());
    let minor = 1 - major;
    let slope = if along[major] == 0.0 {
        0.0
    } else {
        along[minor] / along[major]
    };
    let half = reach * (1.0 + slope * slope).sqrt();
    let length_squared = along[0] * along[0] + along[1] * along[1];
    let (low, high) = (a[major].min(b[major]), a[major].max(b[major]));
    for place in pixels(low - reach, high + reach, size[major]) {
        let middle = place as f32 + 0.5;
        let across = a[minor] + slope * (middle.clamp(low, high) - a[major]);
        for beside in pixels(across - half, across + half, size[minor]) {
            let mut at = [0.0; 2];
            (at[major], at[minor]) = (middle, beside as f32 + 0.5);
            let distance = distance(at, a, along, length_squared);
            if distance < reach {
                let [column, row] = if major == 0 {
                    [place, beside]
                } else {
                    [beside, place]
                };
                visit(row * size[0] + column, distance);
            }
        }
    }
}

/// The part of a segment that reaches into the picture; none where it is not a number.
fn seen(size: Size, [a, b]: [[f32; 2]; 2], reach: f32) -> Option<([f32; 2], [f32; 2])> {
    let margin = f64::from(reach);
    let side = |length: usize| (-margin, length as f64 + margin);
    let window = Window {
        x: side(size[0]),
        y: side(size[1]),
    };
    let (a, b) = clip::segment(window, a.map(f64::from), b.map(f64::from))?;
    Some((a.map(|x| x as f32), b.map(|x| x as f32)))
}

/// The pixels of a row or column whose middles lie between two places.
fn pixels(from: f32, to: f32, count: usize) -> std::ops::Range<usize> {
    // Casting cuts off at 0 and takes NaN for 0.
    let first = (from - 0.5).ceil().max(0.0) as usize;
    let end = ((to - 0.5).floor() + 1.0).max(0.0) as usize;
    first..end.min(count)
}

/// The distance of a point from a segment that begins at `a`.
fn distance(at: [f32; 2], a: [f32; 2], along: [f32; 2], length_squared: f32) -> f32 {
    let to = [at[0] - a[0], at[1] - a[1]];
    let share = match length_squared > 0.0 {
        true => ((to[0] * along[0] + to[1] * along[1]) / length_squared).clamp(0.0, 1.0),
        false => 0.0,
    };
    let away = [to[0] - share * along[0], to[1] - share * along[1]];
    (away[0] * away[0] + away[1] * away[1]).sqrt()
}

/// The shares of a whole picture.
pub struct Coverage {
    size: Size,
    shares: Vec<u8>,
}

impl Coverage {
    /// Nothing covered.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            shares: vec![0; size[0] * size[1]],
        }
    }

    /// Covers what a segment covers.
    pub fn add(&mut self, a: [f32; 2], b: [f32; 2], width: f32) {
        near(self.size, [a, b], reach(width), |pixel, distance| {
            let here = &mut self.shares[pixel];
            *here = (*here).max(share(width, distance));
        });
    }

    /// 0 to 255 for each pixel, row by row.
    pub fn shares(&self) -> &[u8] {
        &self.shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What is visited is what a search over every pixel finds.
        #[test]
        fn every_pixel_near_a_segment_is_visited_once(
            ends in prop::array::uniform4(-12.0_f32..30.0),
            width in 0.3_f32..5.0,
        ) {
            let size = [20, 16];
            let [a, b] = [[ends[0], ends[1]], [ends[2], ends[3]]];
            let mut visited = vec![0; size[0] * size[1]];
            near(size, [a, b], reach(width), |pixel, _| visited[pixel] += 1);
            let along = [b[0] - a[0], b[1] - a[1]];
            let squared = along[0] * along[0] + along[1] * along[1];
            for (pixel, &times) in visited.iter().enumerate() {
                let at = [(pixel % 20) as f32 + 0.5, (pixel / 20) as f32 + 0.5];
                let away = distance(at, a, along, squared) - reach(width);
                // Clipping moves the ends by a rounding error.
                if away.abs() > 1e-3 {
                    prop_assert_eq!(times, i32::from(away < 0.0), "{:?}", at);
                }
            }
        }
    }
}
