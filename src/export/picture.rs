//! Figures as pixels, and pixels as PNG files.

use super::figure::pixels;
use super::{ExportError, Figure, FigureStyle, Shown, svg};
use crate::figures::fonts::{NOTO_SANS, NOTO_SANS_MATH};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};
use std::sync::{Arc, LazyLock};

/// The fonts of the program and no others, so that a picture is the same on every system.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in [NOTO_SANS, NOTO_SANS_MATH] {
        fonts.load_font_source(Source::Binary(Arc::new(font)));
    }
    Arc::new(fonts)
});

/// A figure as a PNG file, `scale` pixels to a unit.
pub(super) fn of_figure(
    figure: Figure,
    shown: &Shown<'_>,
    style: &FigureStyle,
    scale: f64,
) -> Result<Vec<u8>, ExportError> {
    let (text, size) = svg::unnamed(figure, shown, style);
    let size = pixels(size, scale)?;
    let mut picture = blank(size)?;
    paint(&text, scale, &mut picture)?;
    // Figures are opaque, so that the colours are not multiplied by anything.
    encode_png(picture.data(), size)
}

/// A PNG file of opaque pixels: red, green, blue and 255, row after row from the top.
///
/// # Errors
/// When there are not as many pixels as `size` says.
pub fn encode_png(pixels: &[u8], [width, height]: [u32; 2]) -> Result<Vec<u8>, ExportError> {
    let colours: Vec<u8> = pixels
        .chunks_exact(4)
        .flat_map(|p| [p[0], p[1], p[2]])
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let broken = |error: png::EncodingError| ExportError::Broken(error.to_string());
    let mut writer = encoder.write_header().map_err(broken)?;
    writer.write_image_data(&colours).map_err(broken)?;
    writer.finish().map_err(broken)?;
    Ok(bytes)
}

/// A picture in which nothing is painted yet.
pub(super) fn blank([width, height]: [u32; 2]) -> Result<Pixmap, ExportError> {
    Pixmap::new(width, height)
        .ok_or_else(|| ExportError::Broken(format!("no picture has {width} × {height} pixels")))
}

/// Paints an SVG text over a picture.
pub(super) fn paint(text: &str, scale: f64, picture: &mut Pixmap) -> Result<(), ExportError> {
    let options = Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..Options::default()
    };
    let tree =
        Tree::from_str(text, &options).map_err(|error| ExportError::Broken(error.to_string()))?;
    let scale = Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&tree, scale, &mut picture.as_mut());
    Ok(())
}
