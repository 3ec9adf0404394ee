//! Lines that are turned into triangles once and drawn many times.

use egui::epaint::{TessellationOptions, Tessellator};
use egui::{Context, Mesh, Pos2, Shape, Stroke};

/// How the window draws lines; may be used on any thread.
#[derive(Clone, Copy)]
pub struct Pen {
    pixels_per_point: f32,
    options: TessellationOptions,
}

impl Pen {
    /// The pen of a context.
    pub fn new(ctx: &Context) -> Self {
        Self {
            pixels_per_point: ctx.pixels_per_point(),
            options: ctx.tessellation_options(|options| *options),
        }
    }

    /// The mesh of polylines in one stroke, in screen points.
    pub fn mesh(self, lines: impl Iterator<Item = Vec<Pos2>>, stroke: Stroke) -> Mesh {
        let mut mesh = Mesh::default();
        let mut tessellator =
            Tessellator::new(self.pixels_per_point, self.options, [1, 1], Vec::new());
        for line in lines {
            tessellator.tessellate_shape(Shape::line(line, stroke), &mut mesh);
        }
        mesh
    }
}
