//! Numbers as pictures: filters and what flows between layers.

use crate::app::theme;
use crate::figures::axis::significant;
use crate::figures::theme::{Rgb, Theme};
use egui::{
    Color32, ColorImage, Rect, Response, Role, Sense, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, WidgetInfo, pos2, vec2,
};

/// The most pictures of one sheet.
pub const MOST_PICTURES: usize = 64;

/// The most rows of all pictures together, as graphics cards allow them.
const MOST_ROWS: usize = 4096;

/// The most numbers in a row of a vector.
const VECTOR_WIDTH: usize = 32;

/// Pictures of one size, side by side.
pub struct Sheet {
    /// What one of them is called.
    name: &'static str,
    /// The numbers, picture after picture, row after row; NaN where there is none.
    numbers: Vec<f32>,
    count: usize,
    height: usize,
    width: usize,
    /// How many pictures were left out.
    left_out: usize,
    /// How many numbers there are, where they are one vector.
    length: Option<usize>,
    ends: (f32, f32),
    texture: Option<(theme::Appearance, TextureHandle)>,
}

impl Sheet {
    /// Pictures of `height` by `width` numbers each.
    pub fn new(name: &'static str, numbers: &[f32], [height, width]: [usize; 2]) -> Self {
        let area = (height * width).max(1);
        let all = numbers.len() / area;
        let count = all.min(MOST_PICTURES).min(MOST_ROWS / height.max(1));
        let numbers = numbers[..count * area].to_vec();
        Self {
            name,
            ends: ends(&numbers),
            numbers,
            count,
            height,
            width,
            left_out: all - count,
            length: None,
            texture: None,
        }
    }

    /// A vector as one picture with several rows.
    pub fn vector(name: &'static str, numbers: &[f32]) -> Self {
        let shown = numbers.len().min(VECTOR_WIDTH * MOST_ROWS);
        let width = shown.clamp(1, VECTOR_WIDTH);
        let height = shown.div_ceil(width);
        let mut filled = numbers[..shown].to_vec();
        filled.resize(height * width, f32::NAN);
        Self {
            length: Some(numbers.len()),
            ..Self::new(name, &filled, [height, width])
        }
    }

    /// Shows the pictures, at least as large as `side` where they are small, over what their
    /// colours mean.
    pub fn show(&mut self, side: f32, ui: &mut Ui) {
        let texture = self.texture(ui);
        let longest = self.height.max(self.width) as f32;
        let cell = match self.length {
            Some(_) => 9.0,
            None => (side / longest).max(1.0),
        };
        let size = vec2(self.width as f32, self.height as f32) * cell;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
            for picture in 0..self.count {
                let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
                if ui.is_rect_visible(rect) {
                    let share = |picture: usize| picture as f32 / self.count as f32;
                    let (top, bottom) = (pos2(0.0, share(picture)), pos2(1.0, share(picture + 1)));
                    let part = Rect::from_min_max(top, bottom);
                    ui.painter().image(texture, rect, part, Color32::WHITE);
                    let outline = ui.visuals().widgets.noninteractive.bg_stroke;
                    let outline = Stroke::new(0.5, outline.color);
                    ui.painter()
                        .rect_stroke(rect, 0, outline, StrokeKind::Outside);
                }
                self.describe(picture, rect, &response);
            }
        });
        if self.left_out > 0 {
            ui.weak(format!("and {} more", self.left_out));
        }
    }

    /// What the colours mean, in words.
    pub fn meaning(&self) -> String {
        let (low, high) = self.ends;
        let number = |value: f32| significant(f64::from(value), 3);
        match (low < 0.0, high > 0.0) {
            (false, false) => "all 0".to_owned(),
            (true, true) => format!("blue {} … orange {}", number(low), number(high)),
            (false, true) => format!("0 … orange {}", number(high)),
            (true, false) => format!("blue {} … 0", number(low)),
        }
    }

    /// The number under the pointer.
    fn describe(&self, picture: usize, rect: Rect, response: &Response) {
        let name = match self.length {
            Some(_) => self.name.to_owned(),
            None => format!("{} {}", self.name, picture + 1),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        let Some(at) = response.hover_pos() else {
            return;
        };
        let place = |share: f32, count: usize| {
            let place = (share * count as f32).max(0.0) as usize;
            place.min(count - 1)
        };
        let row = place((at.y - rect.top()) / rect.height(), self.height);
        let column = place((at.x - rect.left()) / rect.width(), self.width);
        let index = row * self.width + column;
        if self.length.is_some_and(|length| index >= length) {
            return;
        }
        let value = self.numbers[picture * self.height * self.width + index];
        let text = match self.length {
            Some(_) => format!("{name}, {}: {value}", index + 1),
            None => format!("{name}, row {}, column {}: {value}", row + 1, column + 1),
        };
        response.clone().on_hover_text_at_pointer(text);
    }

    fn texture(&mut self, ui: &Ui) -> egui::TextureId {
        let look = theme::Appearance::of(ui);
        if let Some((drawn, texture)) = &self.texture
            && *drawn == look
        {
            return texture.id();
        }
        let tokens = theme::of(ui);
        let largest = self.ends.0.abs().max(self.ends.1.abs());
        let padding = self.length.unwrap_or(usize::MAX);
        let pixels = self.numbers.iter().enumerate();
        let pixels = pixels.map(|(index, &value)| match index >= padding {
            true => Color32::TRANSPARENT,
            false => colour(value, largest, tokens),
        });
        let size = [self.width.max(1), (self.count * self.height).max(1)];
        let mut pixels: Vec<Color32> = pixels.collect();
        pixels.resize(size[0] * size[1], Color32::TRANSPARENT);
        let image = ColorImage::new(size, pixels);
        let texture = ui
            .ctx()
            .load_texture("sheet", image, TextureOptions::NEAREST);
        let id = texture.id();
        self.texture = Some((look, texture));
        id
    }
}

/// The least and the greatest of the numbers, 0 among them.
fn ends(numbers: &[f32]) -> (f32, f32) {
    let finite = numbers.iter().filter(|number| number.is_finite());
    finite.fold((0.0, 0.0), |(low, high): (f32, f32), &number| {
        (low.min(number), high.max(number))
    })
}

/// 0 is the ground; below it is blue, above it orange, and what is no number is red.
fn colour(value: f32, largest: f32, tokens: &Theme) -> Color32 {
    if !value.is_finite() {
        return theme::colour(tokens.error);
    }
    let share = if largest > 0.0 { value / largest } else { 0.0 };
    let end = if share < 0.0 {
        tokens.run(0)
    } else {
        tokens.run(1)
    };
    theme::colour(mixed(tokens.ground, end, share.abs()))
}

fn mixed(from: Rgb, to: Rgb, share: f32) -> Rgb {
    let mut mixed = from;
    for (channel, &to) in mixed.iter_mut().zip(&to) {
        let from = f32::from(*channel);
        *channel = (from + (f32::from(to) - from) * share).round() as u8;
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::theme::DARK;

    #[test]
    fn zero_is_the_ground_and_signs_have_colours_of_their_own() {
        let at = |value| colour(value, 2.0, &DARK);
        assert_eq!(at(0.0), theme::colour(DARK.ground));
        assert_eq!(at(-2.0), theme::colour(DARK.run(0)));
        assert_eq!(at(2.0), theme::colour(DARK.run(1)));
        assert_eq!(at(f32::NAN), theme::colour(DARK.error));
        assert_eq!(colour(0.0, 0.0, &DARK), theme::colour(DARK.ground));
    }

    #[test]
    fn a_sheet_says_what_it_leaves_out_and_what_its_colours_mean() {
        let numbers: Vec<f32> = (0..400).map(|index| index as f32 - 10.0).collect();
        let sheet = Sheet::new("filter", &numbers, [2, 2]);
        assert_eq!((sheet.count, sheet.left_out), (64, 36));
        assert_eq!(sheet.meaning(), "blue −10 … orange 245");
        let vector = Sheet::vector("output", &numbers[..33]);
        assert_eq!(
            (vector.height, vector.width, vector.length),
            (2, 32, Some(33))
        );
        assert_eq!(
            vector.ends,
            (-10.0, 22.0),
            "what fills the last row does not count"
        );
        assert_eq!(Sheet::vector("none", &[]).meaning(), "all 0");
    }
}
