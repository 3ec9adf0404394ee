//! The surface itself with its box and contour lines, turned into triangles once a view.

use super::scene::{Scene, place};
use crate::app::background::Background;
use crate::app::canvas::{self, Canvas};
use crate::app::theme::{self, Appearance};
use crate::app::widgets::line::Pen;
use crate::figures::raster::{Triangles, fill};
use crate::figures::surface::{Axes, Facets, Label, Line, Projection, axes};
use crate::storage::settings::ContourPlace;
use egui::{
    Color32, ColorImage, Context, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, TextureHandle,
    Ui, vec2,
};
use rayon::prelude::*;
use std::sync::Arc;

/// How far below the surface the floor lies when it shows contour lines, in units of space.
const FLOOR_GAP: f64 = 0.55;

/// How far below the surface the floor lies, in units of space.
pub fn floor_gap(contours: ContourPlace) -> f64 {
    match contours {
        ContourPlace::Floor => FLOOR_GAP,
        ContourPlace::Surface | ContourPlace::Nowhere => 0.0,
    }
}

/// The drawn surface, kept while the view stays. While it is turned it is drawn as triangles;
/// once it stands still, as a picture of them, which costs a renderer far less.
pub struct Body {
    made: Option<(Key, Made)>,
    /// Counts what was made.
    serial: u64,
    /// Whether no picture of what was made last has been asked for yet.
    is_new: bool,
    painter: Option<Background<Painting, Painted>>,
    painted: Option<(u64, TextureHandle)>,
}

/// Triangles that are to become a picture.
struct Painting {
    serial: u64,
    canvas: Canvas,
    ground: Color32,
    layers: Vec<Arc<Mesh>>,
}

struct Painted {
    serial: u64,
    image: ColorImage,
}

/// What it was drawn for.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    serial: u64,
    projection: Projection,
    rect: Rect,
    contours: ContourPlace,
    appearance: Appearance,
    pixels_per_point: f32,
}

struct Made {
    /// From the farthest to the nearest.
    layers: Vec<Arc<Mesh>>,
    labels: Vec<Label>,
}

impl Body {
    /// Nothing drawn yet.
    pub fn new(ctx: &Context) -> Self {
        let wake = ctx.clone();
        let wake = move || wake.request_repaint();
        Self {
            made: None,
            serial: 0,
            is_new: false,
            painter: Background::start("surface pictures", wake, paint).ok(),
            painted: None,
        }
    }

    /// Draws the box and the surface.
    pub fn show(
        &mut self,
        scene: &Scene<'_>,
        serial: u64,
        contours: ContourPlace,
        names: &[String; 2],
        painter: &Painter,
        ui: &Ui,
    ) {
        let key = Key {
            serial,
            projection: scene.projection,
            rect: scene.rect,
            contours,
            appearance: Appearance::of(ui),
            pixels_per_point: ui.ctx().pixels_per_point(),
        };
        let canvas = Canvas::over(scene.rect, ui.ctx());
        if self.made.as_ref().is_none_or(|(made, _)| *made != key) {
            self.made = Some((key, make(scene, contours, names, ui)));
            self.serial += 1;
            self.is_new = true;
            // The next frame tells whether the view stands still.
            ui.ctx().request_repaint();
        } else if std::mem::take(&mut self.is_new) {
            self.ask(canvas, ui);
        }
        self.take(ui);
        let Some((_, made)) = &self.made else { return };
        match &self.painted {
            Some((serial, texture)) if *serial == self.serial => {
                canvas::paint(texture.id(), canvas.rect, painter);
            }
            _ => {
                painter.rect_filled(scene.rect, 0, theme::colour(theme::of(ui).ground));
                for mesh in &made.layers {
                    painter.add(Shape::Mesh(Arc::clone(mesh)));
                }
            }
        }
        for label in &made.labels {
            write(label, scene.rect, painter, ui);
        }
    }

    /// Asks for the picture of what was made. While the surface is turned nobody would see it,
    /// and drawing it would keep cores from the next frame.
    fn ask(&self, canvas: Canvas, ui: &Ui) {
        if let (Some(painter), Some((_, made))) = (&self.painter, &self.made) {
            painter.ask(Painting {
                serial: self.serial,
                canvas,
                ground: theme::colour(theme::of(ui).ground),
                layers: made.layers.clone(),
            });
        }
    }

    fn take(&mut self, ui: &Ui) {
        let Some(Painted { serial, image }) = self.painter.as_ref().and_then(Background::take)
        else {
            return;
        };
        let old = self.painted.take().map(|(_, texture)| texture);
        let texture = canvas::load(old, "surface", image, ui.ctx());
        self.painted = Some((serial, texture));
    }
}

/// The picture of the layers.
fn paint(painting: Painting) -> Painted {
    let canvas = painting.canvas;
    let size = canvas.size();
    let mut pixels = vec![painting.ground.to_array(); size[0] * size[1]];
    for mesh in &painting.layers {
        let vertices = &mesh.vertices;
        let triangles = Triangles {
            positions: vertices
                .iter()
                .map(|vertex| canvas.pixel(vertex.pos))
                .collect(),
            colours: vertices
                .iter()
                .map(|vertex| vertex.color.to_array())
                .collect(),
            triangles: mesh.indices.as_chunks().0.to_vec(),
        };
        fill(size, &mut pixels, &triangles);
    }
    Painted {
        serial: painting.serial,
        image: canvas::image(size, pixels.into_iter()),
    }
}

fn make(scene: &Scene<'_>, contours: ContourPlace, names: &[String; 2], ui: &Ui) -> Made {
    let tokens = theme::of(ui);
    let pen = Pen::new(ui.ctx());
    let answer = scene.answer;
    let gap = floor_gap(contours);
    let names = names.each_ref().map(String::as_str);
    let axes = axes(&answer.relief, &answer.axis, &scene.projection, gap, names);
    let mut layers = vec![Arc::new(floor(&axes, theme::colour(tokens.raised)))];
    for is_edge in [false, true] {
        layers.push(Arc::new(lines(&axes.behind, is_edge, pen, ui)));
    }
    if contours == ContourPlace::Floor {
        layers.push(Arc::new(on_floor(scene, gap, pen, ui)));
    }
    let colours = tokens.height_colours();
    let facets = answer.relief.facets(&scene.projection, &colours);
    layers.push(Arc::new(mesh(&facets)));
    layers.push(Arc::new(rim(scene, pen, ui)));
    if contours == ContourPlace::Surface {
        layers.push(Arc::new(draped(scene, pen, ui)));
    }
    layers.push(Arc::new(lines(&axes.before, true, pen, ui)));
    Made {
        layers,
        labels: axes.labels,
    }
}

/// The surface's triangles for egui.
pub fn mesh(facets: &Facets) -> Mesh {
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(facets.positions.len());
    mesh.reserve_triangles(facets.triangles.len());
    for (&[x, y], &colour) in facets.positions.iter().zip(&facets.colours) {
        mesh.colored_vertex(Pos2::new(x, y), theme::colour(colour));
    }
    for &[a, b, c] in &facets.triangles {
        mesh.add_triangle(a, b, c);
    }
    mesh
}

fn floor(axes: &Axes, fill: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for &corner in &axes.floor {
        mesh.colored_vertex(place(corner), fill);
    }
    if mesh.vertices.len() == 4 {
        mesh.add_triangle(0, 1, 2);
        mesh.add_triangle(0, 2, 3);
    }
    mesh
}

fn lines(lines: &[Line], is_edge: bool, pen: Pen, ui: &Ui) -> Mesh {
    let tokens = theme::of(ui);
    let colour = match is_edge {
        true => theme::translucent(tokens.quiet_text, 0.7),
        false => theme::colour(tokens.grid),
    };
    let chosen = lines.iter().filter(|line| line.is_edge == is_edge);
    let ends = chosen.map(|line| line.ends.map(place).to_vec());
    pen.mesh(ends, Stroke::new(1.0, colour))
}

/// The surface's border, which also smooths its edge.
fn rim(scene: &Scene<'_>, pen: Pen, ui: &Ui) -> Mesh {
    let relief = &scene.answer.relief;
    let window = relief.window();
    let corners = [
        [window.x.0, window.y.0],
        [window.x.1, window.y.0],
        [window.x.1, window.y.1],
        [window.x.0, window.y.1],
        [window.x.0, window.y.0],
    ];
    let line = relief.drape(corners.map(|w| (0, w)));
    let (colour, _) = theme::of(ui).contour;
    let stroke = Stroke::new(1.0, theme::translucent(colour, 0.3));
    pen.mesh(seen(scene, &line).into_iter(), stroke)
}

fn draped(scene: &Scene<'_>, pen: Pen, ui: &Ui) -> Mesh {
    let (colour, opacity) = theme::of(ui).contour;
    let stroke = Stroke::new(1.0, theme::translucent(colour, opacity));
    let contours = &scene.answer.contours;
    let lines: Vec<Vec<Pos2>> = contours
        .par_iter()
        .flat_map_iter(|line| seen(scene, line))
        .collect();
    pen.mesh(lines.into_iter(), stroke)
}

/// What of a line on the surface is not hidden.
fn seen(scene: &Scene<'_>, line: &[crate::figures::surface::Place]) -> Vec<Vec<Pos2>> {
    let parts = scene.parts(line).filter(|(is_hidden, _)| !is_hidden);
    parts
        .map(|(_, part)| part.into_iter().map(|(_, at)| at).collect())
        .collect()
}

fn on_floor(scene: &Scene<'_>, gap: f64, pen: Pen, ui: &Ui) -> Mesh {
    let tokens = theme::of(ui);
    let stroke = Stroke::new(1.0, theme::translucent(tokens.quiet_text, 0.65));
    let lines = scene.answer.contours.iter().map(|line| {
        let places = line.iter();
        let on_floor = places.map(|one| {
            let [x, y, z] = scene.answer.relief.point(one.at, 0.0);
            place(scene.projection.position([x, y, z - gap]))
        });
        on_floor.collect()
    });
    pen.mesh(lines, stroke)
}

/// Writes a label beside its point, as far within the view as there is room.
fn write(label: &Label, rect: Rect, painter: &Painter, ui: &Ui) {
    let colour = theme::colour(theme::of(ui).quiet_text);
    let galley = painter.layout_no_wrap(label.text.clone(), FontId::proportional(11.0), colour);
    let [x, y] = label.away.map(|side| side as f32);
    let half = galley.size() / 2.0;
    let distance = label.distance as f32;
    let centre = place(label.at) + vec2(x * (distance + half.x), y * (distance + half.y));
    let inner = rect.shrink2(half + vec2(2.0, 1.0));
    if inner.is_negative() || !rect.contains(place(label.at)) {
        return;
    }
    painter.galley(centre.clamp(inner.min, inner.max) - half, galley, colour);
}
