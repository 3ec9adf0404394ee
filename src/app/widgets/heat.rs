//! Numbers as colours, and text that stays legible on them.

use crate::app::theme;
use crate::figures::theme::{Rgb, Theme};
use egui::Color32;

/// The colour of a share from 0 to 1, from that of low heights to that of high ones; no number has
/// the ground's.
pub fn colour(tokens: &Theme, share: f64) -> Color32 {
    if !share.is_finite() {
        return theme::colour(tokens.ground);
    }
    let last = tokens.heights.len() - 1;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let lower = (place.floor() as usize).min(last - 1);
    let part = place - lower as f64;
    let [from, to] = [tokens.heights[lower], tokens.heights[lower + 1]];
    let mix = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    Color32::from_rgb(
        mix(from[0], to[0]),
        mix(from[1], to[1]),
        mix(from[2], to[2]),
    )
}

/// Black or white, whichever stands out more from a ground.
pub fn legible_on(ground: Color32) -> Color32 {
    let bright = luminance([ground.r(), ground.g(), ground.b()]);
    // Where both have the same contrast: (L + 0.05)² = 1.05·0.05.
    if bright > 0.179 {
        Color32::BLACK
    } else {
        Color32::WHITE
    }
}

/// Relative luminance (WCAG 2.2).
fn luminance(rgb: Rgb) -> f64 {
    let [r, g, b] = rgb.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::theme::ALL;

    #[test]
    fn text_on_every_heat_has_enough_contrast() {
        for tokens in ALL {
            for step in 0..=100 {
                let ground = colour(tokens, f64::from(step) / 100.0);
                let text = legible_on(ground);
                let of = |c: Color32| luminance([c.r(), c.g(), c.b()]) + 0.05;
                let (high, low) = (of(text).max(of(ground)), of(text).min(of(ground)));
                assert!(high / low >= 4.5, "{ground:?} {}", high / low);
            }
            assert_eq!(colour(tokens, f64::NAN), theme::colour(tokens.ground));
            assert_eq!(colour(tokens, 7.0), theme::colour(tokens.heights[4]));
        }
    }
}
