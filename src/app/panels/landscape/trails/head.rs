//! The marker of a run at the playhead, and the arrow where it has left the picture.

use super::Plane;
use crate::app::theme;
use crate::app::widgets::marker;
use crate::engine::Trace;
use crate::figures::clip;
use crate::figures::field::Window;
use crate::figures::theme::Theme;
use egui::{Color32, Painter, Pos2, Shape, Stroke, Vec2};

/// Where a run is at the playhead.
pub enum Head {
    /// At a point of the picture.
    Inside([f64; 2]),
    /// Beyond its border: where the run left it, and in which direction.
    Left([f64; 2], [f64; 2]),
}

impl Head {
    /// Where a run is at `step`, in a picture of `window`; none where it never was in it.
    pub fn of(trace: &Trace, step: u64, window: Window) -> Option<Self> {
        let index = trace.index_at(step)?;
        let w = trace.frame(index)?.parameters;
        let here = [w[0], w[1]];
        if clip::contains(window, here) {
            return Some(Self::Inside(here));
        }
        let path = trace.parameters().take(index + 1).map(|w| [w[0], w[1]]);
        clip::exit(window, path).map(|(border, direction)| Self::Left(border, direction))
    }
}

/// Where a run is at `step`, while that is on the map; where it left is not looked for.
pub fn head_inside(trace: &Trace, step: u64, plane: Plane) -> Option<[f64; 2]> {
    let w = trace.frame_at(step)?.parameters;
    let here = [w[0], w[1]];
    clip::contains(plane.seen(), here).then_some(here)
}

/// The look of a run's head.
#[derive(Clone, Copy)]
pub struct Look {
    look: u8,
    fill: Color32,
    halo: Color32,
}

impl Look {
    /// Of a run's look, fainter where something stands in front.
    pub fn new(tokens: &Theme, colour: u8, is_hidden: bool) -> Self {
        let opacity = if is_hidden { 0.4 } else { 1.0 };
        Self {
            look: colour,
            fill: theme::colour(tokens.run(colour)).gamma_multiply(opacity),
            halo: theme::colour(tokens.halo).gamma_multiply(opacity),
        }
    }

    /// The marker.
    pub fn marker(self, painter: &Painter, at: Pos2) {
        marker::of_look(painter, self.look, at, 5.5, self.fill, self.halo);
    }

    /// The arrow at the border, in a unit direction.
    pub fn arrow(self, painter: &Painter, border: Pos2, towards: Vec2) {
        let tip = border - 2.0 * towards;
        let side = 5.0 * towards.rot90();
        let base = tip - 12.0 * towards;
        painter.add(Shape::convex_polygon(
            vec![tip, base + side, base - side],
            self.fill,
            Stroke::new(1.5, self.halo),
        ));
    }
}
