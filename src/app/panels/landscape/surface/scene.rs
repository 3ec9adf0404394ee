//! What is seen of the surface from one camera, and where.

use super::prepare::Answer;
use crate::figures::clip;
use crate::figures::surface::{Place, Projection};
use egui::{Pos2, Rect, Vec2, pos2, vec2};

/// A surface as one camera sees it.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The surface.
    pub answer: &'a Answer,
    /// The view.
    pub projection: Projection,
    /// The rectangle of the screen.
    pub rect: Rect,
}

/// A point of the surface on the screen.
#[derive(Clone, Copy)]
pub struct Spot {
    /// Where.
    pub at: Pos2,
    /// Whether the surface stands in front of it.
    pub is_hidden: bool,
}

impl Scene<'_> {
    /// The point of the surface at (w1, w2); none beyond the border.
    pub fn spot(&self, w: [f64; 2]) -> Option<Spot> {
        let relief = &self.answer.relief;
        clip::contains(relief.window(), w).then(|| {
            let at = relief.grid(w);
            Spot {
                at: self.position(at),
                is_hidden: relief.is_hidden(&self.projection, at),
            }
        })
    }

    /// Where the surface's point at grid coordinates lies on the screen.
    pub fn position(&self, at: [f64; 2]) -> Pos2 {
        place(self.projection.position(self.answer.relief.on_surface(at)))
    }

    /// (w1, w2) of the point of the surface under a place of the screen.
    pub fn pick(&self, at: Pos2) -> Option<[f64; 2]> {
        let relief = &self.answer.relief;
        let there = [f64::from(at.x), f64::from(at.y)];
        let picked = relief.pick(&self.projection, there)?;
        Some(relief.plane(picked))
    }

    /// The unit direction on the screen of a direction of the plane.
    pub fn direction(&self, along: [f64; 2]) -> Vec2 {
        let relief = &self.answer.relief;
        let (size, half) = (relief.window().size(), relief.half());
        let side = |axis: usize| along[axis] / size[axis] * half[axis];
        let longer = side(0).abs().max(side(1).abs());
        let [x, y] = self
            .projection
            .direction([side(0) / longer, side(1) / longer, 0.0]);
        vec2(x as f32, y as f32).normalized()
    }

    /// The seen and the hidden parts of a line on the surface, on the screen.
    pub fn parts(&self, line: &[Place]) -> impl Iterator<Item = (bool, Vec<(usize, Pos2)>)> {
        let parts = self.answer.relief.parts(&self.projection, line);
        parts.into_iter().map(|part| {
            let places = part.places.iter();
            let points = places.map(|place| (place.source, self.position(place.at)));
            (part.is_hidden, points.collect())
        })
    }
}

/// A place of the screen as egui has it.
pub fn place([x, y]: [f64; 2]) -> Pos2 {
    pos2(x as f32, y as f32)
}
