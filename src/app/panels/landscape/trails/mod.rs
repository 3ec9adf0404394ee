//! The runs' trails, up to the playhead and faintly beyond.
//!
//! They are drawn as pixels, once a record and view: twelve trails of ten thousand steps are some
//! hundred thousand triangles, which a renderer without a graphics processor cannot draw again
//! for every frame. Playing then changes the pixels that the playhead passes.

mod ghost;
pub mod handles;
mod head;
pub mod others;
mod picture;
pub mod plane;
mod thin;

pub use ghost::{GhostTrails, dashes, heads as ghost_heads, pinned_on_landscape};
pub use head::{Head, Look};
pub use picture::{Request, TrailPicture};
pub use plane::{Plane, Trails};
pub use thin::{Ground, Step, visible_lines};

use crate::app::theme;
use crate::figures::dashes;
use crate::figures::raster::{Knot, Pens, Stroke};
use crate::figures::theme::Theme;
use egui::Color32;

/// The pens of a run's trail, on a screen of `scale` pixels a point.
pub fn pens(tokens: &Theme, colour: u8, scale: f32) -> Pens {
    let fill = theme::colour(tokens.run(colour));
    Pens {
        ahead: stroke(1.0, fill.gamma_multiply(0.35), scale),
        halo: stroke(3.5, theme::translucent(tokens.halo, 0.7), scale),
        line: stroke(1.8, fill, scale),
    }
}

/// Of another start or seed: thin.
pub fn thin_pens(tokens: &Theme, colour: u8, scale: f32) -> Pens {
    let fill = theme::colour(tokens.run(colour));
    Pens {
        ahead: stroke(0.7, fill.gamma_multiply(0.2), scale),
        halo: Stroke::default(),
        line: stroke(0.9, fill.gamma_multiply(0.75), scale),
    }
}

/// Of another start or seed, behind something: thin and nearly gone.
pub fn thin_hidden_pens(tokens: &Theme, colour: u8, scale: f32) -> Pens {
    let fill = theme::colour(tokens.run(colour));
    Pens {
        ahead: stroke(0.7, fill.gamma_multiply(0.08), scale),
        halo: Stroke::default(),
        line: stroke(0.8, fill.gamma_multiply(0.28), scale),
    }
}

/// Of what lies behind something: thin and faint.
pub fn hidden_pens(tokens: &Theme, colour: u8, scale: f32) -> Pens {
    let fill = theme::colour(tokens.run(colour));
    Pens {
        ahead: stroke(1.0, fill.gamma_multiply(0.14), scale),
        halo: Stroke::default(),
        line: stroke(1.0, fill.gamma_multiply(0.4), scale),
    }
}

/// The dashes of a trail's lines, for a run whose colour others have too.
pub fn dashed(lines: Vec<Vec<Knot>>, look: u8, scale: f32) -> Vec<Vec<Knot>> {
    let pattern = dashes::pattern(dashes::round(look));
    let lines = lines.into_iter();
    lines
        .flat_map(|line| dashes::cut(line, pattern, scale))
        .collect()
}

fn stroke(width: f32, colour: Color32, scale: f32) -> Stroke {
    Stroke {
        width: width * scale,
        colour: colour.to_array(),
    }
}
