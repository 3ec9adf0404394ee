//! Lines in dashes, so that runs which share a colour can be told apart.

use crate::experiment::RUN_COLOURS;

/// The dashes and gaps of the first eight runs (none), of the next eight, and so on, in points;
/// after the last the first come again.
const PATTERNS: [&[f32]; 4] = [&[], &[7.0, 3.0], &[2.0, 2.5], &[9.0, 3.0, 2.0, 3.0]];

/// Segments longer than this lead out of every picture and are not cut.
const FARTHEST: f32 = 20_000.0;

/// How often a run's colour has been given before it: its look is its colour, and so many times
/// the number of colours more.
pub fn round(look: u8) -> usize {
    usize::from(look / RUN_COLOURS)
}

/// The dashes and gaps of the runs whose colour has been given `round` times before.
pub fn pattern(round: usize) -> &'static [f32] {
    PATTERNS[round % PATTERNS.len()]
}

/// A point of a line that can be cut.
pub trait Point: Copy {
    /// Where it is.
    fn at(&self) -> [f32; 2];

    /// The point a share of the way to the next.
    fn towards(&self, next: &Self, share: f32) -> Self;
}

/// The dashes of a line; the line itself where it has no pattern. `unit` is the length of a
/// point.
pub fn cut<P: Point>(line: Vec<P>, pattern: &[f32], unit: f32) -> Vec<Vec<P>> {
    let is_sound = pattern.iter().all(|length| length * unit > 0.01);
    let Some(first) = line.first().filter(|_| !pattern.is_empty() && is_sound) else {
        return vec![line];
    };
    let mut pieces = Vec::new();
    let mut piece = vec![*first];
    // The part of the pattern that is being drawn, and how much of it is left.
    let (mut part, mut left) = (0, pattern[0] * unit);
    for ends in line.windows(2) {
        let [[x0, y0], [x1, y1]] = [ends[0].at(), ends[1].at()];
        let length = (x1 - x0).hypot(y1 - y0);
        let mut gone = 0.0;
        while length < FARTHEST && length - gone > left {
            gone += left;
            let here = ends[0].towards(&ends[1], gone / length);
            if part % 2 == 0 {
                piece.push(here);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![here];
            }
            part = (part + 1) % pattern.len();
            left = pattern[part] * unit;
        }
        if length < FARTHEST {
            left -= length - gone;
        }
        if part % 2 == 0 {
            piece.push(ends[1]);
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

impl Point for [f32; 2] {
    fn at(&self) -> [f32; 2] {
        *self
    }

    fn towards(&self, next: &Self, share: f32) -> Self {
        [0, 1].map(|axis| self[axis] + share * (next[axis] - self[axis]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn length(line: &[[f32; 2]]) -> f32 {
        let part = |ends: &[[f32; 2]]| (ends[1][0] - ends[0][0]).hypot(ends[1][1] - ends[0][1]);
        line.windows(2).map(part).sum()
    }

    #[test]
    fn a_straight_line_has_the_dashes_of_its_pattern() {
        let line = vec![[0.0, 0.0], [4.0, 0.0], [25.0, 0.0]];
        let pieces = cut(line.clone(), &[7.0, 3.0], 1.0);
        let ends: Vec<_> = pieces
            .iter()
            .map(|piece| (piece[0][0], piece[piece.len() - 1][0]))
            .collect();
        assert_eq!(ends, [(0.0, 7.0), (10.0, 17.0), (20.0, 25.0)]);
        assert_eq!(cut(line.clone(), &[], 1.0), std::slice::from_ref(&line));
        assert_eq!(
            cut(line.clone(), &[1.0, 0.0], 1.0),
            [line],
            "no endless dashes"
        );
        let far = vec![[0.0, 0.0], [1e30, 0.0], [f32::NAN, 1.0], [5.0, 5.0]];
        assert!(cut(far, &[7.0, 3.0], 1.0).len() < 10);
    }

    #[test]
    fn runs_that_share_a_colour_have_patterns_of_their_own() {
        let patterns = [0, 8, 16, 24].map(|look| pattern(round(look)));
        for (index, own) in patterns.iter().enumerate() {
            assert!(patterns[..index].iter().all(|other| other != own));
            assert_eq!(own.is_empty(), index == 0);
        }
        assert_eq!(round(7), 0);
    }

    proptest! {
        #[test]
        fn dashes_are_so_much_of_any_line_as_the_pattern_says(
            points in proptest::collection::vec([-300.0..300.0_f32, -300.0..300.0], 2..40),
            unit in 0.5..3.0_f32,
        ) {
            let whole = length(&points);
            let drawn: f32 = cut(points, &[7.0, 3.0], unit).iter().map(|p| length(p)).sum();
            prop_assert!((drawn - 0.7 * whole).abs() <= 7.0 * unit + 1e-2 * whole, "{drawn} {whole}");
        }
    }
}
