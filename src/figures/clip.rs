//! What of a line lies inside a rectangle, and where a line left it.
//!
//! Runs that blow up have coordinates up to 10³⁰⁸; nothing here overflows or turns into NaN on
//! them, so what comes out can be drawn.

use super::field::Window;

/// The part of the segment from `a` to `b` that lies in `rect`, its border included (Liang &
/// Barsky 1984). None when there is none, or when an end is not finite.
///
/// # Example
/// ```
/// use descent_lab::figures::{clip, field::Window};
///
/// let rect = Window { x: (0.0, 2.0), y: (0.0, 2.0) };
/// assert_eq!(
///     clip::segment(rect, [1.0, 1.0], [1e300, 1.0]),
///     Some(([1.0, 1.0], [2.0, 1.0]))
/// );
/// ```
pub fn segment(rect: Window, a: [f64; 2], b: [f64; 2]) -> Option<([f64; 2], [f64; 2])> {
    if !a.iter().chain(&b).all(|w| w.is_finite()) {
        return None;
    }
    // Shares of the way are exact to the size of the end they count from, so count from the
    // nearer one: from 10³⁰⁰ away the whole rectangle is a rounding error.
    let size = |point: [f64; 2]| point[0].abs().max(point[1].abs());
    if size(a) <= size(b) {
        from_near(rect, a, b)
    } else {
        from_near(rect, b, a).map(|(from, to)| (to, from))
    }
}

/// The same, exact where `near` is the end that lies nearer to the origin.
fn from_near(rect: Window, near: [f64; 2], far: [f64; 2]) -> Option<([f64; 2], [f64; 2])> {
    let sides = [[rect.x.0, rect.x.1], [rect.y.0, rect.y.1]];
    // Half of everything, because a difference of two finite numbers can overflow.
    let along = [0, 1].map(|axis| far[axis] / 2.0 - near[axis] / 2.0);
    // The share of the way at which each side is met.
    let met = [0, 1]
        .map(|axis: usize| sides[axis].map(|side| (side / 2.0 - near[axis] / 2.0) / along[axis]));
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        if along[axis] != 0.0 {
            enter = enter.max(met[axis][0].min(met[axis][1]));
            leave = leave.min(met[axis][0].max(met[axis][1]));
        } else if !(sides[axis][0]..=sides[axis][1]).contains(&near[axis]) {
            return None;
        }
    }
    let coordinate = |axis: usize, share: f64| {
        // On the side that decided, not a rounding error beside it.
        if let Some(side) = (0..2).find(|&side| met[axis][side] == share) {
            return sides[axis][side];
        }
        let w = match share {
            1.0 => far[axis],
            _ => near[axis] + 2.0 * (share * along[axis]),
        };
        w.clamp(sides[axis][0], sides[axis][1])
    };
    let at = |share: f64| [coordinate(0, share), coordinate(1, share)];
    (enter <= leave).then(|| (at(enter), at(leave)))
}

/// The parts of a polyline that lie in `rect`, in order. Points that are not finite interrupt
/// it.
pub fn polyline(rect: Window, points: impl Iterator<Item = [f64; 2]>) -> Vec<Vec<[f64; 2]>> {
    let mut parts: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut previous = None;
    for point in points {
        if let Some(from) = previous.replace(point)
            && let Some((a, b)) = segment(rect, from, point)
        {
            match parts.last_mut() {
                Some(part) if part.last() == Some(&a) => part.push(b),
                _ => parts.push(vec![a, b]),
            }
        }
    }
    parts
}

/// Where a polyline whose last point lies outside `rect` last left it: the point on the border
/// and the unit direction in which it went on. None when the last point is inside, or when no
/// part of the line was. Points that are not finite are passed over.
pub fn exit(rect: Window, points: impl Iterator<Item = [f64; 2]>) -> Option<([f64; 2], [f64; 2])> {
    let mut previous: Option<[f64; 2]> = None;
    let mut left = None;
    for point in points.filter(|point| point.iter().all(|w| w.is_finite())) {
        if contains(rect, point) {
            left = None;
        } else if let Some(from) = previous
            && let Some((_, border)) = segment(rect, from, point)
            && let Some(direction) = unit_direction(from, point)
        {
            left = Some((border, direction));
        }
        previous = Some(point);
    }
    left
}

/// Whether a point lies in `rect`, its border included.
pub fn contains(rect: Window, point: [f64; 2]) -> bool {
    (rect.x.0..=rect.x.1).contains(&point[0]) && (rect.y.0..=rect.y.1).contains(&point[1])
}

fn unit_direction(from: [f64; 2], to: [f64; 2]) -> Option<[f64; 2]> {
    let half = [to[0] / 2.0 - from[0] / 2.0, to[1] / 2.0 - from[1] / 2.0];
    let largest = half[0].abs().max(half[1].abs());
    if largest == 0.0 {
        return None;
    }
    let scaled = half.map(|side| side / largest);
    let length = scaled[0].hypot(scaled[1]);
    Some(scaled.map(|side| side / length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RECT: Window = Window {
        x: (-1.0, 3.0),
        y: (-2.0, 2.0),
    };

    fn point() -> impl Strategy<Value = [f64; 2]> {
        [-6.0..6.0_f64, -6.0..6.0_f64]
    }

    /// Any finite number, the huge and the tiny as likely as the ordinary.
    fn coordinate() -> impl Strategy<Value = f64> {
        prop_oneof![
            -6.0..6.0_f64,
            any::<f64>().prop_filter("finite", |w| w.is_finite()),
            prop_oneof![
                Just(f64::MAX),
                Just(f64::MIN),
                Just(0.0),
                Just(-1.0),
                Just(3.0)
            ],
        ]
    }

    /// Twice the area of the triangle a, b, p over the longest side of it: how far p lies from
    /// the line.
    fn distance_to_line(a: [f64; 2], b: [f64; 2], p: [f64; 2]) -> f64 {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = dx.hypot(dy).max(f64::MIN_POSITIVE);
        ((p[0] - a[0]) * (dy / length) - (p[1] - a[1]) * (dx / length)).abs()
    }

    proptest! {
        #[test]
        fn a_clipped_segment_lies_in_the_rectangle_and_on_the_line(a in point(), b in point()) {
            if let Some((from, to)) = segment(RECT, a, b) {
                for end in [from, to] {
                    prop_assert!(contains(RECT, end), "{end:?}");
                    prop_assert!(distance_to_line(a, b, end) < 1e-12);
                }
                let forward = (to[0] - from[0]) * (b[0] - a[0]) + (to[1] - from[1]) * (b[1] - a[1]);
                prop_assert!(forward >= 0.0);
                prop_assert!(!contains(RECT, a) || from == a);
                prop_assert!(!contains(RECT, b) || to == b);
            }
        }

        #[test]
        fn nothing_is_left_out_that_lies_inside(a in point(), b in point()) {
            let inside: Vec<[f64; 2]> = (0..=200)
                .map(|k| f64::from(k) / 200.0)
                .map(|t| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])])
                .filter(|p| (-0.999..2.999).contains(&p[0]) && (-1.999..1.999).contains(&p[1]))
                .collect();
            match segment(RECT, a, b) {
                None => prop_assert!(inside.is_empty(), "{inside:?}"),
                Some((from, to)) => {
                    let between = |p: f64, x: f64, y: f64| p >= x.min(y) - 1e-12 && p <= x.max(y) + 1e-12;
                    for p in inside {
                        prop_assert!(between(p[0], from[0], to[0]) && between(p[1], from[1], to[1]));
                    }
                }
            }
        }

        #[test]
        fn huge_coordinates_give_drawable_ones(
            line in proptest::collection::vec([coordinate(), coordinate()], 0..12)
        ) {
            for part in polyline(RECT, line.iter().copied()) {
                prop_assert!(part.len() > 1);
                prop_assert!(part.iter().all(|p| contains(RECT, *p)));
            }
            if let Some((at, direction)) = exit(RECT, line.iter().copied()) {
                prop_assert!(contains(RECT, at), "{at:?}");
                prop_assert!((direction[0].hypot(direction[1]) - 1.0).abs() < 1e-12);
                prop_assert!(!contains(RECT, line[line.len() - 1]));
            }
        }

        #[test]
        fn a_jump_from_inside_leaves_in_its_own_direction(
            a in [-1.0..3.0_f64, -2.0..2.0_f64],
            direction in 0.0..std::f64::consts::TAU,
            power in 1.0..308.0_f64,
        ) {
            let far = 10_f64.powf(power);
            let b = [a[0] + far * direction.cos(), a[1] + far * direction.sin()];
            let (from, to) = segment(RECT, a, b).unwrap();
            prop_assert_eq!(from, a);
            let on_border = to[0] == -1.0 || to[0] == 3.0 || to[1] == -2.0 || to[1] == 2.0;
            prop_assert!(on_border, "{to:?}");
            prop_assert!(distance_to_line(a, [a[0] + direction.cos(), a[1] + direction.sin()], to) < 1e-9);
            // The way back is the same way.
            prop_assert_eq!(segment(RECT, b, a), Some((to, from)));
        }
    }

    #[test]
    fn the_last_exit_counts() {
        let line = [
            [0.0, 0.0],
            [9.0, 0.0],
            [9.0, 1.0],
            [0.0, 1.0],
            [0.0, 8.0],
            [1.0, 9.0],
        ];
        assert_eq!(exit(RECT, line.into_iter()), Some(([0.0, 2.0], [0.0, 1.0])));
        assert_eq!(exit(RECT, line.into_iter().take(4)), None, "it came back");
        assert_eq!(
            exit(RECT, line.into_iter().skip(4)),
            None,
            "it was never inside"
        );
        assert_eq!(exit(RECT, [].into_iter()), None);
        // Across the rectangle in one step, without a point inside.
        let across = [[-9.0, 0.5], [9.0, 0.5]];
        assert_eq!(
            exit(RECT, across.into_iter()),
            Some(([3.0, 0.5], [1.0, 0.0]))
        );
    }

    #[test]
    fn a_polyline_falls_into_the_parts_that_are_inside() {
        let line = [[0.0, 0.0], [9.0, 0.0], [9.0, 1.0], [0.0, 1.0], [0.0, 0.5]];
        assert_eq!(
            polyline(RECT, line.into_iter()),
            [
                vec![[0.0, 0.0], [3.0, 0.0]],
                vec![[3.0, 1.0], [0.0, 1.0], [0.0, 0.5]]
            ]
        );
        assert_eq!(segment(RECT, [f64::NAN, 0.0], [0.0, 0.0]), None);
        assert_eq!(segment(RECT, [0.0, 0.0], [f64::INFINITY, 0.0]), None);
    }
}
