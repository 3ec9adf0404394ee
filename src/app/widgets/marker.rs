//! The marker of a run: colour and shape together.

use crate::figures::dashes;
use crate::figures::theme::Marker;
use egui::{Color32, Mesh, Painter, Pos2, Shape, Stroke, vec2};

/// Draws the marker of a run's look. Where earlier runs have its colour, it is hollow, or has a
/// dot in its hollow.
pub fn of_look(
    painter: &Painter,
    look: u8,
    centre: Pos2,
    radius: f32,
    fill: Color32,
    halo: Color32,
) {
    paint(painter, Marker::of(look), centre, radius, fill, halo);
    let round = dashes::round(look);
    if round > 0 {
        painter.circle_filled(centre, 0.55 * radius, halo);
    }
    if round > 1 {
        painter.circle_filled(centre, 0.25 * radius, fill);
    }
}

/// Draws a marker with an outline that keeps it legible on any ground.
pub fn paint(
    painter: &Painter,
    marker: Marker,
    centre: Pos2,
    radius: f32,
    fill: Color32,
    halo: Color32,
) {
    let outline = marker.outline();
    if outline.is_empty() {
        painter.circle(centre, radius, fill, Stroke::new(1.5, halo));
        return;
    }
    let points: Vec<Pos2> = outline
        .iter()
        .map(|&[x, y]| centre + radius * vec2(x, y))
        .collect();
    painter.add(Shape::closed_line(points.clone(), Stroke::new(3.0, halo)));
    // A fan from the centre fills every outline that is star-shaped around it.
    let mut mesh = Mesh::default();
    mesh.colored_vertex(centre, fill);
    for point in &points {
        mesh.colored_vertex(*point, fill);
    }
    let count = points.len() as u32;
    for k in 0..count {
        mesh.add_triangle(0, 1 + k, 1 + (k + 1) % count);
    }
    painter.add(Shape::mesh(mesh));
    painter.add(Shape::closed_line(points, Stroke::new(1.0, fill)));
}
