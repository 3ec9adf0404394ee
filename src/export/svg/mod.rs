//! Figures as SVG, from the same data as the window's plots.

mod behind;
mod colour_bar;
mod contenders;
mod curves;
mod document;
mod heading;
mod landscape;
mod legend;
mod marks;
mod notes;
mod others;
mod playback;
mod plot;
mod strokes;
mod text;

pub(super) use playback::Playback;

use super::{Figure, FigureStyle, Shown};
use document::Document;

/// A figure as an SVG file with its font inside. The same experiment gives the same bytes.
pub(super) fn file(figure: Figure, shown: &Shown<'_>, style: &FigureStyle) -> String {
    let title = format!("{}: {}", figure.name(), heading::title(shown.checked));
    document(figure, shown, style).finish(&title)
}

/// A figure for the program's own rasteriser, and its width and height.
pub(super) fn unnamed(
    figure: Figure,
    shown: &Shown<'_>,
    style: &FigureStyle,
) -> (String, [f64; 2]) {
    let document = document(figure, shown, style);
    let size = document.size();
    (document.layer(true), size)
}

fn document(figure: Figure, shown: &Shown<'_>, style: &FigureStyle) -> Document {
    match figure {
        Figure::Plot(subject) => curves::document(shown, subject, style),
        Figure::Landscape => landscape::document(shown, style),
    }
}
