//! What a frame asks of the renderer: triangles and painted area, which is what a renderer
//! without a graphics processor spends its time on.

#[path = "../../benches/twelve_runs/mod.rs"]
mod twelve_runs;

use super::Bench;
use egui::epaint::Primitive;
use egui::{Key, Modifiers, Rect, TextureId};
use twelve_runs::twelve_runs;

/// What is drawn in one frame.
#[derive(Debug, Default)]
struct Weight {
    triangles: usize,
    /// Painted pixels, in windows: 1 is every pixel once.
    area: f32,
    /// The part of it that is pictures.
    pictures: f32,
}

impl Weight {
    /// Whether heights, trails and curves are there, and as pictures: the landscape takes a
    /// quarter of the window, twice, and the gallery and the plots a little.
    fn is_of_pictures(&self) -> bool {
        self.pictures > 0.55 && self.triangles < 40_000
    }
}

fn weight(bench: &Bench) -> Weight {
    let output = bench.harness.output();
    let primitives = bench
        .harness
        .ctx
        .tessellate(output.shapes.clone(), output.pixels_per_point);
    let window = bench.harness.ctx.content_rect().area();
    let mut weight = Weight::default();
    for clipped in &primitives {
        let Primitive::Mesh(mesh) = &clipped.primitive else {
            continue;
        };
        weight.triangles += mesh.indices.len() / 3;
        let area: f32 = mesh
            .indices
            .chunks(3)
            .map(|corners| {
                seen(
                    [0, 1, 2].map(|k| mesh.vertices[corners[k] as usize].pos),
                    clipped.clip_rect,
                )
            })
            .sum();
        weight.area += area / window;
        if mesh.texture_id != TextureId::default() {
            weight.pictures += area / window;
        }
    }
    weight
}

/// The area of a triangle's bounding box within the clip rectangle, halved: exact for the halves
/// of rectangles, near enough for what is small.
fn seen(corners: [egui::Pos2; 3], clip: Rect) -> f32 {
    let bounds = Rect::from_points(&corners).intersect(clip);
    if bounds.is_positive() {
        bounds.area() / 2.0
    } else {
        0.0
    }
}

#[test]
fn twelve_long_runs_play_in_few_triangles() {
    let mut bench = Bench::new();
    bench.load(twelve_runs());
    bench.wait_for("the pictures", |bench| weight(bench).is_of_pictures());
    bench
        .harness
        .key_press_modifiers(Modifiers::NONE, Key::Home);
    bench
        .harness
        .key_press_modifiers(Modifiers::NONE, Key::Space);
    bench.harness.run_steps(20);
    assert!(bench.step() > 0, "it does not play");
    let playing = weight(&bench);
    assert!(
        playing.is_of_pictures() && playing.area < 5.0,
        "{playing:?}"
    );
}
