//! Lines that are turned into triangles once and drawn many times.

use egui::{Context, Mesh, Pos2, Shape, Stroke};

/// The mesh of polylines in one stroke, in screen points.
pub fn mesh_of_lines(
    lines: impl Iterator<Item = Vec<Pos2>>,
    stroke: Stroke,
    ctx: &Context,
) -> Mesh {
    let mut mesh = Mesh::default();
    let options = ctx.tessellation_options(|options| *options);
    let mut tessellator =
        egui::epaint::Tessellator::new(ctx.pixels_per_point(), options, [1, 1], Vec::new());
    for line in lines {
        tessellator.tessellate_shape(Shape::line(line, stroke), &mut mesh);
    }
    mesh
}
