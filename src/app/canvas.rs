//! Rectangles of the screen in whole pixels, for pictures whose pixels are the screen's.

use crate::figures::raster::Pixel;
use egui::{
    Color32, ColorImage, Context, Painter, Pos2, Rect, TextureHandle, TextureId, TextureOptions,
    pos2,
};
use egui_plot::PlotTransform;

/// A rectangle of the screen in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// In points.
    pub rect: Rect,
    /// Pixels a point.
    pub scale: f32,
}

impl Canvas {
    /// What covers `rect`, in no more pixels than a texture can have.
    pub fn over(rect: Rect, ctx: &Context) -> Self {
        let most = ctx.input(|input| input.max_texture_side) as f32;
        let longest = rect.width().max(rect.height()).max(1.0);
        let scale = ctx.pixels_per_point().min((most - 2.0) / longest);
        let whole = |at: Pos2, round: fn(f32) -> f32| {
            pos2(round(at.x * scale) / scale, round(at.y * scale) / scale)
        };
        Self {
            rect: Rect::from_min_max(whole(rect.min, f32::floor), whole(rect.max, f32::ceil)),
            scale,
        }
    }

    /// Columns and rows.
    pub fn size(self) -> [usize; 2] {
        let pixels = |length: f32| (length * self.scale).round().max(1.0) as usize;
        [pixels(self.rect.width()), pixels(self.rect.height())]
    }

    /// A place of the screen in pixels from the top left corner.
    pub fn pixel(self, at: Pos2) -> [f32; 2] {
        let from = (at - self.rect.min) * self.scale;
        [from.x, from.y]
    }
}

/// A picture for a texture.
pub fn image(size: [usize; 2], pixels: impl Iterator<Item = Pixel>) -> ColorImage {
    let colour = |[r, g, b, a]: Pixel| Color32::from_rgba_premultiplied(r, g, b, a);
    ColorImage::new(size, pixels.map(colour).collect())
}

/// Shows another picture in a texture, which is made where there is none yet.
pub fn load(
    texture: Option<TextureHandle>,
    name: &str,
    image: ColorImage,
    ctx: &Context,
) -> TextureHandle {
    let options = TextureOptions::LINEAR;
    match texture {
        Some(mut texture) => {
            texture.set(image, options);
            texture
        }
        None => ctx.load_texture(name, image, options),
    }
}

/// Whether two views of a plot show the same part in the same place.
pub fn is_same(one: &PlotTransform, other: &PlotTransform) -> bool {
    one.frame() == other.frame() && one.bounds() == other.bounds()
}

/// Where a canvas of one view of a plot belongs in another.
pub fn placed(canvas: Canvas, from: &PlotTransform, to: &PlotTransform) -> Rect {
    if is_same(from, to) {
        return canvas.rect;
    }
    let moved = |at: Pos2| to.position_from_point(&from.value_from_position(at));
    Rect::from_min_max(moved(canvas.rect.min), moved(canvas.rect.max))
}

/// Paints a whole texture into a rectangle.
pub fn paint(texture: TextureId, rect: Rect, painter: &Painter) {
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    painter.image(texture, rect, whole, Color32::WHITE);
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    #[test]
    fn a_canvas_is_whole_pixels_and_never_more_than_a_texture_has() {
        let ctx = Context::default();
        let input = egui::RawInput {
            max_texture_side: Some(1024),
            ..egui::RawInput::default()
        };
        ctx.set_pixels_per_point(1.5);
        // A scale is taken over by the pass after.
        for _ in 0..2 {
            ctx.begin_pass(input.clone());
            ctx.end_pass().textures_delta.clear();
        }
        let canvas = Canvas::over(
            Rect::from_min_size(pos2(10.3, 20.7), vec2(300.0, 200.0)),
            &ctx,
        );
        let corner = canvas.rect.min.to_vec2() * canvas.scale;
        assert_eq!(corner, corner.round());
        assert_eq!(canvas.size(), [451, 301]);
        let large = Canvas::over(Rect::from_min_size(Pos2::ZERO, vec2(4000.0, 100.0)), &ctx);
        assert!(large.size()[0] <= 1024);
    }
}
