//! Examples as small pictures that can be clicked.

use crate::app::theme;
use crate::models::datasets::{Data, Dataset, Inputs};
use egui::{
    Color32, ColorImage, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, WidgetInfo, vec2,
};
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// The most pictures that are held.
const MOST: usize = 1500;

/// The whole of a texture.
const WHOLE: Rect = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));

/// A part of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// What is trained on.
    Training,
    /// What is tested on.
    #[default]
    Test,
}

impl Part {
    /// Both, with their names.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Training, "Training"), (Self::Test, "Test")];

    /// The examples.
    pub fn of(self, data: &Data) -> &Arc<Dataset> {
        match self {
            Self::Training => &data.train,
            Self::Test => &data.test,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Training => "Training",
            Self::Test => "Test",
        }
    }
}

/// One example of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Example {
    /// In which part.
    pub part: Part,
    /// Which of it, from 0.
    pub index: usize,
}

impl Example {
    /// Its name for people and screen readers.
    pub fn name(self, data: &Data) -> String {
        let set = self.part.of(data);
        let label = set.labels.get(self.index).map(|&label| usize::from(label));
        let class = label.and_then(|label| set.classes.get(label));
        let class = class.map_or("none", String::as_str);
        let kind = if is_image(set) { "image" } else { "row" };
        format!("{} {kind} {}: {class}", self.part.name(), self.index)
    }
}

/// Whether the examples are pictures.
pub fn is_image(set: &Dataset) -> bool {
    !set.shape.is_vector() && matches!(set.inputs, Inputs::Pixels(_))
}

/// The pictures that were drawn.
#[derive(Default)]
pub struct Thumbnails {
    of: Weak<Dataset>,
    textures: HashMap<Example, TextureHandle>,
}

impl Thumbnails {
    /// Shows an example, as large as `side`; a row of numbers stands there as text.
    pub fn show(
        &mut self,
        data: &Data,
        example: Example,
        (side, is_chosen): (f32, bool),
        ui: &mut Ui,
    ) -> Response {
        let set = example.part.of(data);
        let size = match is_image(set) {
            true => vec2(side, side),
            false => vec2(side.max(96.0), side.min(ui.spacing().interact_size.y)),
        };
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let (enabled, name) = (ui.is_enabled(), example.name(data));
        response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, is_chosen, &name));
        if !ui.is_rect_visible(rect) {
            return response;
        }
        if is_image(set) {
            if let Some(texture) = self.texture(data, example, ui) {
                ui.painter().image(texture, rect, WHOLE, Color32::WHITE);
            }
        } else {
            let text = numbers(set, example.index);
            let font = egui::TextStyle::Small.resolve(ui.style());
            let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
            painter.rect_filled(rect, 2, ui.visuals().extreme_bg_color);
            let at = rect.left_center() + vec2(4.0, 0.0);
            let colour = ui.visuals().text_color();
            painter.text(at, egui::Align2::LEFT_CENTER, text, font, colour);
        }
        if is_chosen || response.hovered() || response.has_focus() {
            let tokens = theme::of(ui);
            let width = if is_chosen { 2.0 } else { 1.0 };
            let stroke = Stroke::new(width, theme::colour(tokens.accent));
            ui.painter()
                .rect_stroke(rect, 2, stroke, StrokeKind::Outside);
        }
        let numbers = (!is_image(set)).then(|| numbers(set, example.index));
        let hint = numbers.map_or_else(|| name.clone(), |numbers| format!("{name}\n{numbers}"));
        response.on_hover_text(hint)
    }

    fn texture(&mut self, data: &Data, example: Example, ui: &Ui) -> Option<egui::TextureId> {
        if !std::ptr::eq(self.of.as_ptr(), Arc::as_ptr(&data.train)) {
            self.of = Arc::downgrade(&data.train);
            self.textures.clear();
        }
        if self.textures.len() >= MOST && !self.textures.contains_key(&example) {
            self.textures.clear();
        }
        if let Some(texture) = self.textures.get(&example) {
            return Some(texture.id());
        }
        let set = example.part.of(data);
        let Inputs::Pixels(pixels) = &set.inputs else {
            return None;
        };
        // The first channel.
        let area = set.shape.width * set.shape.height;
        let begin = example.index * set.shape.size();
        let grey = pixels.get(begin..begin + area)?.iter();
        let grey = grey.map(|&pixel| Color32::from_gray(pixel)).collect();
        let image = ColorImage::new([set.shape.width, set.shape.height], grey);
        let texture = ui
            .ctx()
            .load_texture("example", image, TextureOptions::NEAREST);
        let id = texture.id();
        self.textures.insert(example, texture);
        Some(id)
    }
}

/// A row's first numbers.
fn numbers(set: &Dataset, index: usize) -> String {
    const SHOWN: usize = 8;
    if index >= set.len() {
        return String::new();
    }
    let input = set.input(index);
    let numbers = input.iter().take(SHOWN);
    let shown = numbers.map(|&x| crate::figures::axis::significant(f64::from(x), 3));
    let more = if input.len() > SHOWN { ", …" } else { "" };
    shown.collect::<Vec<_>>().join(", ") + more
}
