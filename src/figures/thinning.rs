//! How few points draw a curve.

/// The points of a polyline that matter when `per_pixel` units of the axes fall on one pixel:
/// what would lie within a third of a pixel of the line drawn without it is left out, so that
/// no spike is lost.
pub fn thin(points: &[[f64; 2]], per_pixel: [f64; 2]) -> Vec<[f64; 2]> {
    simplify(&extremes_by_column(points, per_pixel[0]), per_pixel)
}

/// First, lowest, highest and last point of every pixel column, in order.
fn extremes_by_column(points: &[[f64; 2]], per_pixel: f64) -> Vec<[f64; 2]> {
    if per_pixel <= 0.0 || per_pixel.is_nan() {
        return points.to_vec();
    }
    let column = |point: &[f64; 2]| (point[0] / per_pixel).floor();
    let mut kept = Vec::new();
    for group in points.chunk_by(|a, b| column(a) == column(b)) {
        if group.len() <= 4 {
            kept.extend_from_slice(group);
            continue;
        }
        let by_value = |a: &usize, b: &usize| group[*a][1].total_cmp(&group[*b][1]);
        let lowest = (0..group.len()).min_by(by_value).unwrap_or(0);
        let highest = (0..group.len()).max_by(by_value).unwrap_or(0);
        let mut chosen = [0, lowest, highest, group.len() - 1];
        chosen.sort_unstable();
        for (place, &index) in chosen.iter().enumerate() {
            if place == 0 || chosen[place - 1] != index {
                kept.push(group[index]);
            }
        }
    }
    kept
}

/// Ramer, Douglas & Peucker's simplification with a tolerance of a third of a pixel, iterative
/// so that no curve can exhaust the stack.
fn simplify(points: &[[f64; 2]], per_pixel: [f64; 2]) -> Vec<[f64; 2]> {
    const TOLERANCE: f64 = 0.33;
    if points.len() < 3 || per_pixel.iter().any(|unit| *unit <= 0.0 || unit.is_nan()) {
        return points.to_vec();
    }
    let pixel = |point: [f64; 2]| [point[0] / per_pixel[0], point[1] / per_pixel[1]];
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((from, to)) = spans.pop() {
        let (a, b) = (pixel(points[from]), pixel(points[to]));
        let farthest = (from + 1..to)
            .map(|index| (index, squared_distance(pixel(points[index]), a, b)))
            .max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((index, distance)) = farthest
            && distance > TOLERANCE * TOLERANCE
        {
            keep[index] = true;
            spans.push((from, index));
            spans.push((index, to));
        }
    }
    points
        .iter()
        .zip(keep)
        .filter_map(|(point, keep)| keep.then_some(*point))
        .collect()
}

/// Squared distance of a point from a segment.
fn squared_distance(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (off_x, off_y) = (p[0] - a[0] - along * dx, p[1] - a[1] - along * dy);
    off_x * off_x + off_y * off_y
}

/// So many of the numbers below `all`, evenly, so that a part of a grid stands for the whole.
pub fn evenly(count: usize, all: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |place| place * all / count.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_straight_line_needs_two_points_and_a_spike_survives() {
        let mut points: Vec<[f64; 2]> = (0..10_000).map(|k| [f64::from(k), 0.0]).collect();
        assert_eq!(thin(&points, [20.0, 0.01]), [[0.0, 0.0], [9999.0, 0.0]]);
        points[7123][1] = 5.0;
        let thinned = thin(&points, [20.0, 0.01]);
        assert!(thinned.contains(&[7123.0, 5.0]));
        assert!(thinned.len() < 10, "{}", thinned.len());
    }

    proptest! {
        #[test]
        fn thinning_keeps_ends_and_extremes(values in proptest::collection::vec(-1e3..1e3, 1..300)) {
            let points: Vec<[f64; 2]> =
                values.iter().enumerate().map(|(k, v)| [k as f64, *v]).collect();
            let thinned = thin(&points, [7.0, 10.0]);
            prop_assert_eq!(thinned[0], points[0]);
            prop_assert_eq!(thinned[thinned.len() - 1], points[points.len() - 1]);
            let high = |points: &[[f64; 2]]| points.iter().fold(f64::MIN, |m, p| m.max(p[1]));
            prop_assert!(high(&points) - high(&thinned) <= 3.4);
            prop_assert!(thinned.windows(2).all(|pair| pair[0][0] < pair[1][0]));
        }
    }

    #[test]
    fn updates_that_cost_nothing_thin_like_any_others() {
        let height = |step: i32| 8.0 * 0.5_f64.powi(step);
        let points: Vec<[f64; 2]> = (0..1000)
            .map(|step| [f64::from(step / 100 * 100), height(step)])
            .collect();
        let thinned = thin(&points, [10.0, 0.01]);
        assert_eq!(thinned[0], points[0]);
        assert_eq!(thinned[thinned.len() - 1], points[999]);
        assert!(thinned.len() < 60, "{}", thinned.len());
    }
}
