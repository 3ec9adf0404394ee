//! What a ray meets: which point of the surface lies under the pointer, and what is hidden.

use super::camera::Projection;
use super::crossings::Crossings;
use super::relief::{BLOCK, Relief};

/// A straight way through grid coordinates and levels.
struct Way {
    from: [f64; 3],
    along: [f64; 3],
}

impl Way {
    fn at(&self, share: f64) -> [f64; 3] {
        [0, 1, 2].map(|axis| self.from[axis] + share * self.along[axis])
    }

    /// How far it runs above the surface.
    fn above(&self, relief: &Relief, share: f64) -> f64 {
        let [u, v, level] = self.at(share);
        level - relief.level([u, v])
    }

    /// Where it crosses the edges of triangles, and its end.
    fn stops(&self) -> impl Iterator<Item = f64> {
        let crossings =
            Crossings::new([self.from[0], self.from[1]], [self.along[0], self.along[1]]);
        crossings.chain(std::iter::once(1.0))
    }
}

impl Relief {
    /// Grid coordinates of the point of the surface that is seen at a place of the screen.
    pub fn pick(&self, projection: &Projection, at: [f64; 2]) -> Option<[f64; 2]> {
        let way = self.way_from_eye(projection, at)?;
        // Between two stops the surface below a straight way is straight too, so that the first
        // change of side is the first meeting.
        let (mut before, mut above) = (0.0, way.above(self, 0.0));
        for share in way.stops() {
            let now = way.above(self, share);
            if (above >= 0.0) != (now >= 0.0) {
                let meeting = before + (share - before) * above / (above - now);
                let [u, v, _] = way.at(meeting);
                return Some([u.clamp(0.0, self.cells(0)), v.clamp(0.0, self.cells(1))]);
            }
            (before, above) = (share, now);
        }
        None
    }

    /// The ray behind a place of the screen, from where it enters the box to where it leaves it.
    fn way_from_eye(&self, projection: &Projection, at: [f64; 2]) -> Option<Way> {
        /// So much above and below the box, so that what lies at its top is met too.
        const MARGIN: f64 = 1e-6;
        let through = self.locate(projection.behind(at));
        let away = self.along(projection.toward().map(|side| -side));
        let sides = [
            (0.0, self.cells(0)),
            (0.0, self.cells(1)),
            (-MARGIN, 1.0 + MARGIN),
        ];
        let (mut enter, mut leave) = (f64::NEG_INFINITY, f64::INFINITY);
        for axis in 0..3 {
            let (low, high) = sides[axis];
            if away[axis] == 0.0 {
                if !(low..=high).contains(&through[axis]) {
                    return None;
                }
                continue;
            }
            let shares = [low, high].map(|side| (side - through[axis]) / away[axis]);
            enter = enter.max(shares[0].min(shares[1]));
            leave = leave.min(shares[0].max(shares[1]));
        }
        let length = leave - enter;
        (length >= 0.0 && length.is_finite()).then(|| Way {
            from: [0, 1, 2].map(|axis| through[axis] + enter * away[axis]),
            along: away.map(|side| side * length),
        })
    }

    /// Whether the surface stands between its point at grid coordinates and the eye.
    pub fn is_hidden(&self, projection: &Projection, at: [f64; 2]) -> bool {
        /// What rounding may take from a ray that touches the surface.
        const TOLERANCE: f64 = 1e-9;
        let toward = self.along(projection.toward());
        let level = self.level(at);
        // Above the highest point nothing hides.
        let mut length = (self.highest() - level) / toward[2];
        for axis in 0..2 {
            let room = match toward[axis] {
                0.0 => f64::INFINITY,
                side if side > 0.0 => self.cells(axis) - at[axis],
                _ => at[axis],
            };
            length = length.min(room / toward[axis].abs());
        }
        if !(length > 0.0 && length.is_finite()) {
            return false;
        }
        let way = Way {
            from: [at[0], at[1], level],
            along: toward.map(|side| side * length),
        };
        // Piece by piece: a ray that is over everything around a piece cannot meet it there.
        let longer = way.along[0].abs().max(way.along[1].abs());
        let pieces = (longer / BLOCK as f64).ceil().max(1.0);
        (0..pieces as usize).any(|piece| {
            let part = Way {
                from: way.at(piece as f64 / pieces),
                along: way.along.map(|side| side / pieces),
            };
            let [u, v, level] = part.from;
            level <= self.ceiling([u, v])
                && part
                    .stops()
                    .any(|share| part.above(self, share) < -TOLERANCE)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::camera::{Camera, Canvas};
    use super::super::relief::tests::relief;
    use super::*;
    use crate::figures::curves::AxisScale;
    use proptest::prelude::*;

    const CANVAS: Canvas = Canvas {
        centre: [400.0, 300.0],
        size: [800.0, 600.0],
    };

    fn surface() -> impl Strategy<Value = Relief> {
        let ids = ["himmelblau", "rosenbrock", "rastrigin", "saddle", "bukin_6"];
        (0..ids.len(), any::<bool>(), 4..40_usize).prop_map(move |(id, linear, cells)| {
            let spread = match linear {
                true => AxisScale::Linear,
                false => AxisScale::Logarithmic,
            };
            relief(ids[id], spread, cells)
        })
    }

    pub fn projection() -> impl Strategy<Value = Projection> {
        (-4.0..4.0_f64, 0.08..1.6_f64).prop_map(|(azimuth, elevation)| {
            Projection::new(Camera::at(azimuth, elevation), CANVAS)
        })
    }

    /// Whether the surface hides its point, and how clearly so: the least height over the
    /// surface of very many points on the way to the eye, the first of them left out.
    fn brute_force(relief: &Relief, projection: &Projection, at: [f64; 2]) -> f64 {
        let begin = relief.on_surface(at);
        let toward = projection.toward();
        let mut least = f64::INFINITY;
        for k in 1..6000 {
            let by = f64::from(k) * 1e-3;
            let point = [0, 1, 2].map(|axis| begin[axis] + by * toward[axis]);
            let [u, v, level] = relief.locate(point);
            let inside =
                (0.0..=relief.cells(0)).contains(&u) && (0.0..=relief.cells(1)).contains(&v);
            if inside && level <= 1.0 {
                least = least.min(level - relief.level([u, v]));
            }
        }
        least
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        #[test]
        fn what_is_seen_is_picked_where_it_is(
            relief in surface(), projection in projection(), share in [0.0..1.0_f64, 0.0..1.0],
        ) {
            let at = [0, 1].map(|axis| share[axis] * relief.cells(axis));
            let seen = projection.position(relief.on_surface(at));
            let picked = relief.pick(&projection, seen);
            if relief.is_hidden(&projection, at) {
                // Something nearer is picked in its place, or its own underside.
                let nearer = picked.map(|p| projection.nearness(relief.on_surface(p)));
                let here = projection.nearness(relief.on_surface(at));
                prop_assert!(nearer.is_some_and(|nearer| nearer > here - 1e-6), "{nearer:?} {here}");
            } else {
                // At the very border a rounding error can pass by the surface.
                let is_inside = share.iter().all(|s| (1e-9..1.0 - 1e-9).contains(s));
                prop_assert!(picked.is_some() || !is_inside);
                let point = relief.on_surface(picked.unwrap_or(at));
                let place = projection.position(point);
                prop_assert!((place[0] - seen[0]).hypot(place[1] - seen[1]) < 1e-6);
                let depth = projection.nearness(point) - projection.nearness(relief.on_surface(at));
                prop_assert!(depth.abs() < 1e-6, "{depth}");
            }
        }

        #[test]
        fn what_is_hidden_is_hidden_by_brute_force_too(
            relief in surface(), projection in projection(), share in [0.0..1.0_f64, 0.0..1.0],
        ) {
            let at = [0, 1].map(|axis| share[axis] * relief.cells(axis));
            let least = brute_force(&relief, &projection, at);
            let hidden = relief.is_hidden(&projection, at);
            prop_assert!(hidden || least > -1e-9, "{least}");
            // Steps of a thousandth can miss a corner that the ray cuts, or the whole way.
            prop_assert!(!hidden || least < 0.02 || least == f64::INFINITY, "{least}");
        }
    }

    #[test]
    fn beside_the_surface_nothing_is_picked() {
        let relief = relief("himmelblau", AxisScale::Linear, 16);
        let projection = Projection::new(Camera::default(), CANVAS);
        for at in [
            [0.0, 0.0],
            [790.0, 300.0],
            [f64::NAN, 1.0],
            [f64::INFINITY, 0.0],
        ] {
            assert_eq!(relief.pick(&projection, at), None, "{at:?}");
        }
    }

    #[test]
    fn from_above_nothing_is_hidden() {
        let relief = relief("ackley", AxisScale::Logarithmic, 30);
        let projection = Projection::new(Camera::at(0.3, 9.0), CANVAS);
        for k in 0..900 {
            let at = [f64::from(k % 30), f64::from(k / 30)];
            assert!(!relief.is_hidden(&projection, at));
        }
    }
}
