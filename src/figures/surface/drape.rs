//! Lines that lie on the surface: bent at the edges of its triangles, and cut where it begins
//! or ends to hide them.

use super::camera::Projection;
use super::crossings::Crossings;
use super::relief::Relief;

/// A place of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Grid coordinates.
    pub at: [f64; 2],
    /// Number of the point of the original line that comes here or next.
    pub source: usize,
}

impl Place {
    fn between(self, other: Self, share: f64) -> Self {
        Self {
            at: [0, 1].map(|axis| self.at[axis] + share * (other.at[axis] - self.at[axis])),
            source: other.source,
        }
    }
}

/// A piece of a line that is seen, or hidden, as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Whether the surface stands in front of it.
    pub is_hidden: bool,
    /// At least two.
    pub places: Vec<Place>,
}

impl Relief {
    /// A line of (source, (w1, w2)) within the window, with a place wherever it crosses the edge
    /// of a triangle: straight lines between the places lie on the surface.
    pub fn drape(&self, line: impl IntoIterator<Item = (usize, [f64; 2])>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for (source, w) in line {
            let here = Place {
                at: self.grid(w),
                source,
            };
            if let Some(&before) = places.last() {
                let along = [0, 1].map(|axis: usize| here.at[axis] - before.at[axis]);
                places.extend(
                    Crossings::new(before.at, along).map(|share| before.between(here, share)),
                );
            }
            places.push(here);
        }
        places
    }

    /// A draped line in parts, cut where the surface begins or ends to hide it.
    pub fn parts(&self, projection: &Projection, line: &[Place]) -> Vec<Part> {
        let hidden = |place: Place| self.is_hidden(projection, place.at);
        let middle = |k: usize| line[k].between(line[k + 1], 0.5);
        let mut parts: Vec<Part> = Vec::new();
        for k in 0..line.len().saturating_sub(1) {
            let is_hidden = hidden(middle(k));
            match parts.last_mut() {
                Some(part) if part.is_hidden == is_hidden => part.places.push(line[k + 1]),
                Some(before) => {
                    let (is_before, cut) =
                        self.cut(projection, [middle(k - 1), line[k], middle(k)]);
                    let mut places = vec![cut];
                    if is_before {
                        // The last place of the part before lies behind the cut.
                        before.places.pop();
                        places.push(line[k]);
                    }
                    before.places.push(cut);
                    places.push(line[k + 1]);
                    parts.push(Part { is_hidden, places });
                }
                None => parts.push(Part {
                    is_hidden,
                    places: vec![line[k], line[k + 1]],
                }),
            }
        }
        parts
    }

    /// Where on the way from the first over the second to the third place hiding begins or ends,
    /// and whether that is before the second.
    fn cut(&self, projection: &Projection, [from, over, to]: [Place; 3]) -> (bool, Place) {
        let begins_hidden = self.is_hidden(projection, from.at);
        let is_before = self.is_hidden(projection, over.at) != begins_hidden;
        let (begin, end) = if is_before { (from, over) } else { (over, to) };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..10 {
            let share = (low + high) / 2.0;
            if self.is_hidden(projection, begin.between(end, share).at) == begins_hidden {
                low = share;
            } else {
                high = share;
            }
        }
        (is_before, begin.between(end, (low + high) / 2.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::camera::{Camera, Canvas};
    use super::super::relief::tests::relief;
    use super::*;
    use crate::figures::curves::AxisScale;
    use proptest::prelude::*;

    fn line() -> impl Strategy<Value = Vec<[f64; 2]>> {
        proptest::collection::vec([-1.0..1.0_f64, -1.0..1.0], 2..12)
    }

    proptest! {
        #[test]
        fn a_draped_line_lies_on_the_surface(line in line()) {
            let relief = relief("rastrigin", AxisScale::Linear, 24);
            let window = relief.window();
            let w = |p: &[f64; 2]| [p[0] * window.x.1, p[1] * window.y.1];
            let places = relief.drape(line.iter().map(w).enumerate());
            for pair in places.windows(2) {
                let ends = [relief.level(pair[0].at), relief.level(pair[1].at)];
                for share in [0.25, 0.5, 0.75] {
                    let level = relief.level(pair[0].between(pair[1], share).at);
                    prop_assert!((level - (ends[0] + share * (ends[1] - ends[0]))).abs() < 1e-9);
                }
                prop_assert!(pair[0].source <= pair[1].source);
            }
            prop_assert_eq!(places.first().unwrap().source, 0);
            prop_assert_eq!(places.last().unwrap().source, line.len() - 1);
        }

        #[test]
        fn parts_are_the_line_and_each_is_what_it_says(
            line in line(), azimuth in -4.0..4.0_f64, elevation in 0.1..1.2_f64,
        ) {
            let relief = relief("rastrigin", AxisScale::Linear, 96);
            let canvas = Canvas { centre: [0.0, 0.0], size: [900.0, 700.0] };
            let projection = Projection::new(Camera::at(azimuth, elevation), canvas);
            let window = relief.window();
            let w = |p: &[f64; 2]| [p[0] * window.x.1, p[1] * window.y.1];
            let places = relief.drape(line.iter().map(w).enumerate());
            let parts = relief.parts(&projection, &places);
            prop_assert_eq!(parts[0].places[0], places[0]);
            for pair in parts.windows(2) {
                prop_assert_eq!(pair[0].places.last(), pair[1].places.first());
                prop_assert!(pair[0].is_hidden != pair[1].is_hidden);
            }
            let length = |places: &[Place]| -> f64 {
                places.windows(2).map(|p| (p[0].at[0] - p[1].at[0]).hypot(p[0].at[1] - p[1].at[1])).sum()
            };
            let sum: f64 = parts.iter().map(|part| length(&part.places)).sum();
            prop_assert!((sum - length(&places)).abs() < 1e-6 * (1.0 + sum));
            // The ray says what the part says, but where behind a ridge hiding begins and ends
            // within one triangle.
            let (mut pieces, mut wrong) = (0, 0);
            for part in &parts {
                for pair in part.places.windows(2) {
                    for share in [0.3, 0.5, 0.7] {
                        pieces += 1;
                        let at = pair[0].between(pair[1], share).at;
                        wrong += usize::from(relief.is_hidden(&projection, at) != part.is_hidden);
                    }
                }
            }
            prop_assert!(wrong * 10 <= pieces.max(300), "{wrong} of {pieces}");
        }
    }

    #[test]
    fn a_line_of_one_point_or_none_has_no_parts() {
        let relief = relief("beale", AxisScale::Linear, 8);
        let canvas = Canvas {
            centre: [0.0, 0.0],
            size: [1.0, 1.0],
        };
        let projection = Projection::new(Camera::default(), canvas);
        assert_eq!(relief.parts(&projection, &[]), []);
        let one = relief.drape([(0, [0.0, 0.0])]);
        assert_eq!(relief.parts(&projection, &one), []);
        // A run that stays where it is.
        let still = relief.drape([(0, [1.0, 1.0]), (1, [1.0, 1.0])]);
        assert_eq!(relief.parts(&projection, &still).len(), 1);
    }
}
