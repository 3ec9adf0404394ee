//! The box around the surface: its edges, grid lines on its far sides, ticks and their texts.

use super::camera::{Point, Projection};
use super::height::HeightAxis;
use super::relief::{HEIGHT, Relief};
use crate::figures::axis::linear_ticks;

/// The lines and texts of the box.
#[derive(Clone, Debug, Default)]
pub struct Axes {
    /// The floor's corners, in order.
    pub floor: Vec<[f64; 2]>,
    /// Lines behind the surface.
    pub behind: Vec<Line>,
    /// Lines in front of the surface: the near edges of the floor and the ticks.
    pub before: Vec<Line>,
    /// The texts.
    pub labels: Vec<Label>,
}

/// A line of the box on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Its ends.
    pub ends: [[f64; 2]; 2],
    /// Whether it is an edge of the box and not a line on one of its sides.
    pub is_edge: bool,
}

/// A text of the box.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The point that it belongs to.
    pub at: [f64; 2],
    /// The unit direction from there in which it stands.
    pub away: [f64; 2],
    /// How far from the point.
    pub distance: f64,
    /// What it says.
    pub text: String,
}

/// An edge of the box that carries ticks.
struct Edge<'a> {
    projection: &'a Projection,
    /// The point at a share of its length.
    from: Point,
    to: Point,
    /// The unit direction on the screen in which the texts stand.
    away: [f64; 2],
}

/// The fewest pixels between two texts along an edge.
const ROOM: f64 = 46.0;

/// The box around a surface; its floor lies `gap` below the surface's lowest level, in units of
/// space. `names` stand at the two axes of the floor.
pub fn axes(
    relief: &Relief,
    axis: &HeightAxis,
    projection: &Projection,
    gap: f64,
    names: [&str; 2],
) -> Axes {
    let sight = Sight::new(relief, projection, gap);
    let mut axes = Axes {
        floor: sight.floor(),
        ..Axes::default()
    };
    sight.edges(&mut axes);
    sight.horizontal(0, relief.window().x, names[0], &mut axes);
    sight.horizontal(1, relief.window().y, names[1], &mut axes);
    sight.vertical(axis, &mut axes);
    axes
}

/// The box as the eye sees it.
struct Sight<'a> {
    projection: &'a Projection,
    half: [f64; 2],
    bottom: f64,
    /// On which side of the box the eye stands, along w1 and w2: −1 or 1.
    near: [f64; 2],
}

impl<'a> Sight<'a> {
    fn new(relief: &Relief, projection: &'a Projection, gap: f64) -> Self {
        let toward = projection.toward();
        Self {
            projection,
            half: relief.half(),
            bottom: -HEIGHT / 2.0 - gap.max(0.0),
            near: [toward[0], toward[1]].map(|side| if side >= 0.0 { 1.0 } else { -1.0 }),
        }
    }

    /// A point of the box's sides; `sides` in units of its half sides.
    fn point(&self, sides: [f64; 2], z: f64) -> Point {
        [sides[0] * self.half[0], sides[1] * self.half[1], z]
    }

    fn line(&self, from: Point, to: Point, is_edge: bool) -> Line {
        Line {
            ends: [self.projection.position(from), self.projection.position(to)],
            is_edge,
        }
    }

    fn floor(&self) -> Vec<[f64; 2]> {
        [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]
            .map(|sides| self.projection.position(self.point(sides, self.bottom)))
            .to_vec()
    }

    /// The nine edges that the surface does not lie behind, and the two in front of it.
    fn edges(&self, axes: &mut Axes) {
        let (top, bottom) = (HEIGHT / 2.0, self.bottom);
        let [x, y] = self.near;
        let upright = |sides: [f64; 2]| (self.point(sides, bottom), self.point(sides, top));
        for (from, to) in [[-x, -y], [x, -y], [-x, y]].map(upright) {
            axes.behind.push(self.line(from, to, true));
        }
        for (from, to) in [([-x, -y], [x, -y]), ([-x, -y], [-x, y])] {
            for z in [bottom, top] {
                let ends = (self.point(from, z), self.point(to, z));
                axes.behind.push(self.line(ends.0, ends.1, true));
            }
        }
        for (from, to) in [([-x, y], [x, y]), ([x, -y], [x, y])] {
            let ends = (self.point(from, bottom), self.point(to, bottom));
            axes.before.push(self.line(ends.0, ends.1, true));
        }
    }

    /// Ticks along w1 (0) or w2 (1), on the near edge of the floor.
    fn horizontal(&self, along: usize, range: (f64, f64), name: &str, axes: &mut Axes) {
        let across = 1 - along;
        let at = |share: f64, side: f64, z: f64| {
            let mut sides = [0.0; 2];
            sides[along] = 2.0 * share - 1.0;
            sides[across] = side;
            self.point(sides, z)
        };
        let mut outward = [0.0; 3];
        outward[across] = self.near[across];
        let edge = Edge {
            projection: self.projection,
            from: at(0.0, self.near[across], self.bottom),
            to: at(1.0, self.near[across], self.bottom),
            away: unit_or_down(self.projection.direction(outward)),
        };
        for tick in linear_ticks(range.0, range.1, edge.count(7)) {
            let share = (tick.at - range.0) / (range.1 - range.0);
            edge.tick(share, &tick.label, axes);
            // Over the floor and up the far side.
            let (near, far) = (self.near[across], -self.near[across]);
            let corner = at(share, far, self.bottom);
            let over = self.line(at(share, near, self.bottom), corner, false);
            let up = self.line(corner, at(share, far, HEIGHT / 2.0), false);
            axes.behind.extend([over, up]);
        }
        edge.name(name, axes);
    }

    /// Ticks of the height, on the upright edge at the left.
    fn vertical(&self, axis: &HeightAxis, axes: &mut Axes) {
        let [x, y] = self.near;
        let left = |sides: &[f64; 2]| self.projection.position(self.point(*sides, 0.0))[0];
        let candidates = [[x, -y], [-x, y]];
        let sides = if left(&candidates[0]) <= left(&candidates[1]) {
            candidates[0]
        } else {
            candidates[1]
        };
        let edge = Edge {
            projection: self.projection,
            from: self.point(sides, -HEIGHT / 2.0),
            to: self.point(sides, HEIGHT / 2.0),
            away: [-1.0, 0.0],
        };
        // From above the height has no length.
        if edge.length() < 24.0 {
            return;
        }
        let mut last = f64::NEG_INFINITY;
        for tick in axis.ticks(edge.count(6)) {
            let z = (tick.at - 0.5) * HEIGHT;
            // Uneven ticks can come too near to each other.
            let has_room = (tick.at - last) * edge.length() >= 14.0;
            if has_room {
                last = tick.at;
                edge.tick(tick.at, &tick.label, axes);
            }
            let corners = [[x, -y], [-x, -y], [-x, y]].map(|sides| self.point(sides, z));
            axes.behind.push(self.line(corners[0], corners[1], false));
            axes.behind.push(self.line(corners[1], corners[2], false));
        }
        let top = self.projection.position(self.point(sides, HEIGHT / 2.0));
        let text = if axis.is_clipped() {
            "J (cut off)"
        } else {
            "J"
        };
        axes.labels.push(Label {
            at: top,
            away: [-0.6, -0.8],
            distance: 14.0,
            text: text.into(),
        });
    }
}

impl Edge<'_> {
    fn ends(&self) -> [[f64; 2]; 2] {
        [self.from, self.to].map(|point| self.projection.position(point))
    }

    fn length(&self) -> f64 {
        let [a, b] = self.ends();
        (a[0] - b[0]).hypot(a[1] - b[1])
    }

    /// How many ticks there is room for.
    fn count(&self, most: usize) -> usize {
        let room = if self.away[1] == 0.0 {
            ROOM / 1.6
        } else {
            ROOM
        };
        ((self.length() / room) as usize).clamp(1, most)
    }

    fn at(&self, share: f64) -> [f64; 2] {
        let [a, b] = self.ends();
        [0, 1].map(|axis| a[axis] + share * (b[axis] - a[axis]))
    }

    fn tick(&self, share: f64, text: &str, axes: &mut Axes) {
        let at = self.at(share);
        let end = [0, 1].map(|axis| at[axis] + 5.0 * self.away[axis]);
        axes.before.push(Line {
            ends: [at, end],
            is_edge: true,
        });
        // Seen end-on, the texts would lie on each other.
        if self.length() >= ROOM {
            axes.labels.push(Label {
                at,
                away: self.away,
                distance: 9.0,
                text: text.to_owned(),
            });
        }
    }

    fn name(&self, text: &str, axes: &mut Axes) {
        axes.labels.push(Label {
            at: self.at(0.5),
            away: self.away,
            distance: 30.0,
            text: text.to_owned(),
        });
    }
}

/// The direction in length 1; down where it has none.
fn unit_or_down(direction: [f64; 2]) -> [f64; 2] {
    let length = direction[0].hypot(direction[1]);
    if length > 1e-3 {
        direction.map(|side| side / length)
    } else {
        [0.0, 1.0]
    }
}

#[cfg(test)]
mod tests {
    use super::super::camera::{Camera, Canvas};
    use super::*;
    use crate::figures::curves::AxisScale;
    use crate::figures::field::{Field, HeightScale, Window};
    use crate::landscapes::LANDSCAPES;

    #[test]
    fn from_everywhere_both_axes_have_their_names_and_everything_is_finite() {
        for landscape in LANDSCAPES {
            let field = Field::sample(*landscape, Window::of(&landscape.card()), 9, 9);
            let scale = HeightScale::of(*landscape);
            let axis = HeightAxis::new(AxisScale::Logarithmic, scale, &field);
            let relief = Relief::new(&field, &axis, &scale);
            for turn in 0..16 {
                let camera = Camera::at(f64::from(turn) * 0.4, f64::from(turn) * 0.11);
                let canvas = Canvas {
                    centre: [400.0, 300.0],
                    size: [800.0, 600.0],
                };
                let projection = Projection::new(camera, canvas);
                let axes = axes(&relief, &axis, &projection, 0.4, ["w1", "w2"]);
                for name in ["w1", "w2"] {
                    assert!(axes.labels.iter().any(|label| label.text == name));
                }
                let lines = axes.behind.iter().chain(&axes.before);
                let ends = lines.flat_map(|line| line.ends).flatten();
                assert!(
                    ends.chain(axes.labels.iter().flat_map(|l| l.at))
                        .all(f64::is_finite)
                );
            }
        }
    }
}
