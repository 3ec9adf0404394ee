//! Where a straight line crosses the edges of the triangles.

/// The shares, in rising order and without the ends, at which a straight way over the grid
/// crosses a whole number of u, v or u + v: the edges of the triangles.
pub(super) struct Crossings {
    /// For u, v and u + v: where the way begins, how far it goes, and the next whole number.
    ways: [(f64, f64, f64); 3],
}

impl Crossings {
    /// Along the way that begins at `from` and goes on by `along`.
    pub fn new(from: [f64; 2], along: [f64; 2]) -> Self {
        let way = |begin: f64, length: f64| {
            let next = if length > 0.0 {
                begin.floor() + 1.0
            } else {
                begin.ceil() - 1.0
            };
            (begin, length, next)
        };
        Self {
            ways: [
                way(from[0], along[0]),
                way(from[1], along[1]),
                way(from[0] + from[1], along[0] + along[1]),
            ],
        }
    }
}

impl Iterator for Crossings {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let shares = self.ways.map(|(begin, length, next)| {
            // A way along an edge never crosses it.
            if length == 0.0 {
                f64::INFINITY
            } else {
                (next - begin) / length
            }
        });
        let nearest = shares[0].min(shares[1]).min(shares[2]);
        // Ways that are not finite end too.
        if nearest >= 1.0 || nearest.is_nan() {
            return None;
        }
        for (way, share) in self.ways.iter_mut().zip(shares) {
            if share <= nearest + 1e-12 {
                way.2 += way.1.signum();
            }
        }
        Some(nearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_edge_is_crossed_once_and_in_order(
            from in [0.0..20.0_f64, 0.0..20.0], to in [0.0..20.0_f64, 0.0..20.0],
        ) {
            let along = [to[0] - from[0], to[1] - from[1]];
            let shares: Vec<f64> = Crossings::new(from, along).collect();
            prop_assert!(shares.is_sorted_by(|a, b| a < b));
            let between = |a: f64, b: f64| {
                (-50..50).map(f64::from).filter(|k| (*k > a.min(b)) && (*k < a.max(b))).count()
            };
            let edges = between(from[0], to[0])
                + between(from[1], to[1])
                + between(from[0] + from[1], to[0] + to[1]);
            prop_assert_eq!(shares.len(), edges);
        }
    }

    #[test]
    fn ways_without_length_or_measure_end() {
        for (from, along) in [
            ([1.0, 2.0], [0.0, 0.0]),
            ([f64::NAN, 0.0], [1.0, 1.0]),
            ([0.5, 0.5], [f64::NAN, 1.0]),
        ] {
            assert!(Crossings::new(from, along).count() < 3);
        }
        // Through grid points: two or three edges at once are one crossing.
        assert_eq!(Crossings::new([0.0, 0.0], [3.0, 3.0]).count(), 5);
    }
}
