//! Landscapes.

use super::details::{entry_of_list, fact, formula, paragraph, part, source};
use super::entries::Entry;
use crate::app::widgets::number::exact;
use crate::figures::axis::significant;
use crate::landscapes::{self, Regularity};
use egui::Ui;

/// How many minima are listed by their place.
const MINIMA: usize = 8;

/// Shows what is known about a landscape.
pub fn show(entry: &Entry, ui: &mut Ui) {
    let Some(landscape) = landscapes::find(entry.id) else {
        return;
    };
    let card = landscape.card();
    formula(&[card.formula], ui);
    paragraph(card.about, ui);
    let [(a, b), (c, d)] = card.range;
    fact(
        "Range",
        format!("w1 from {a} to {b}, w2 from {c} to {d}"),
        ui,
    );
    let [w1, w2] = card.start;
    fact("Start", format!("({}, {})", exact(w1), exact(w2)), ui);
    let smooth = match card.regularity {
        Regularity::Smooth => "twice differentiable everywhere",
        Regularity::Flat => "differentiable, with a minimum that is flat in some direction",
        Regularity::Kinked => "its slope jumps somewhere",
    };
    fact("Regularity", smooth, ui);
    minima(&card, ui);
    if !card.settings.is_empty() {
        part("Settings", ui);
        for setting in card.settings {
            let values = format!("default {}; {}", exact(setting.default), setting.domain);
            entry_of_list((setting.name, setting.id), &values, setting.meaning, ui);
        }
    }
    source(card.source, ui);
}

fn minima(card: &landscapes::LandscapeCard<'_>, ui: &mut Ui) {
    if card.minima.is_empty() {
        fact("Minima", "none", ui);
        return;
    }
    let place = |minimum: &landscapes::Minimum| {
        let [w1, w2] = minimum.at.map(|w| significant(w, 6));
        format!("J = {} at ({w1}, {w2})", significant(minimum.value, 6))
    };
    let mut places: Vec<_> = card.minima.iter().take(MINIMA).map(place).collect();
    if card.has_more_minima || card.minima.len() > MINIMA {
        places.push("more that are higher".into());
    }
    fact("Minima", places.join("; "), ui);
}
