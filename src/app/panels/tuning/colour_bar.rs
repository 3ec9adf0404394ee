//! What the colours of the map mean.

use crate::analysis::map::{Cell, MapValue};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::tuning::{Colours, Legend, MapForm};
use crate::figures::axis::significant;
use crate::figures::theme::Rgb;
use egui::{
    Color32, ColorImage, Rect, Sense, TextStyle, TextWrapMode, TextureOptions, Ui, pos2, vec2,
};

/// Width and height of a sample.
const SAMPLE: [usize; 2] = [18, 12];

/// Steps of the bar.
const STEPS: usize = 64;

/// Shows the bar of the numbers, and a sample of everything else.
pub fn show(lab: &Lab, form: &MapForm, legend: Option<&Legend>, ui: &mut Ui) {
    let Some(legend) = legend else { return };
    let colours = Colours::of(theme::of(ui));
    ui.horizontal_wrapped(|ui| {
        if let Some((low, high)) = legend.bounds.filter(|(low, high)| low < high) {
            ui.small(significant(low, 3));
            bar(&colours, ui);
            ui.small(significant(high, 3)).on_hover_text(
                "The ends are those of the runs that stay in the landscape's range; what lies \
                 beyond has the colour of the end.",
            );
            if legend.is_logarithmic {
                ui.small("(log)").on_hover_text(
                    "The colours are spread over the logarithm of the distance from the lower end.",
                );
            }
        } else if let Some((only, _)) = legend.bounds {
            sample(&colours, Cell::Number(only), legend, ui);
            ui.small(significant(only, 3));
        }
        for (cell, text) in others(lab, form.value) {
            let text = egui::WidgetText::from(egui::RichText::new(text).small());
            let style = TextStyle::Small;
            let galley = text.into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, style);
            // A sample and its meaning stay together.
            let width = SAMPLE[0] as f32 + ui.spacing().item_spacing.x + galley.size().x;
            if ui.available_size_before_wrap().x < width {
                ui.end_row();
            }
            sample(&colours, cell, legend, ui);
            ui.add(egui::Label::new(galley).extend());
        }
    });
}

/// What else there may be on a map of a value.
fn others(lab: &Lab, value: MapValue) -> Vec<(Cell, String)> {
    let diverged = (Cell::Diverged(0), "diverged".to_owned());
    match value {
        MapValue::EpochsToTarget => {
            vec![(Cell::NotReached, "not reached".to_owned()), diverged]
        }
        MapValue::Minimum => {
            let landscape = lab.landscape();
            let minima = landscape.card().minima.iter().take(8).enumerate();
            let minimum = |(index, minimum): (usize, &crate::landscapes::Minimum)| {
                let [w1, w2] = minimum.at.map(|w| significant(w, 3));
                (Cell::Minimum(index), format!("{} ({w1}, {w2})", index + 1))
            };
            let mut all: Vec<_> = minima.map(minimum).collect();
            all.push((Cell::NoMinimum, "none".to_owned()));
            all.push(diverged);
            all
        }
        MapValue::Diverged => vec![(Cell::Finite, "stays finite".to_owned()), diverged],
        _ => vec![diverged],
    }
}

fn bar(colours: &Colours, ui: &mut Ui) {
    let width = ui.available_width().clamp(48.0, 120.0);
    let (rect, _) = ui.allocate_exact_size(vec2(width, 10.0), Sense::hover());
    // Evenly through the colours, whatever the numbers.
    let even = Legend {
        bounds: Some((0.0, 1.0)),
        is_logarithmic: false,
    };
    for step in 0..STEPS {
        let share = |step: usize| step as f32 / STEPS as f32;
        let x = |step: usize| rect.left() + share(step) * rect.width();
        let part = Rect::from_min_max(pos2(x(step), rect.top()), pos2(x(step + 1), rect.bottom()));
        let [r, g, b] = colours.of_cell(Cell::Number(f64::from(share(step))), &even, [0, 0]);
        ui.painter()
            .rect_filled(part, 0.0, Color32::from_rgb(r, g, b));
    }
}

fn sample(colours: &Colours, cell: Cell, legend: &Legend, ui: &mut Ui) {
    let size = SAMPLE;
    let room = vec2(size[0] as f32, size[1] as f32);
    let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
    let pixel =
        |index: usize| -> Rgb { colours.of_cell(cell, legend, [index % size[0], index / size[0]]) };
    let pixels = (0..size[0] * size[1]).map(pixel);
    let image = ColorImage::new(
        size,
        pixels.map(|[r, g, b]| Color32::from_rgb(r, g, b)).collect(),
    );
    // Kept by egui under the name of what it shows.
    let dark = ui.visuals().dark_mode;
    let id = egui::Id::unique(("map sample", format!("{cell:?}"), dark));
    let kept = ui.data(|data| data.get_temp::<egui::TextureHandle>(id));
    let texture = kept.unwrap_or_else(|| {
        let made = ui
            .ctx()
            .load_texture("map sample", image, TextureOptions::NEAREST);
        ui.data_mut(|data| data.insert_temp(id, made.clone()));
        made
    });
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter()
        .image(texture.id(), rect, whole, Color32::WHITE);
}
