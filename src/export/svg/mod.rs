//! Figures as SVG, from the same data as the window's plots.

mod colour_bar;
mod contenders;
mod curves;
mod document;
mod heading;
mod landscape;
mod legend;
mod marks;
mod playback;
mod plot;
mod strokes;
mod text;

pub(super) use playback::Playback;

use super::{Figure, FigureStyle};
use crate::engine::History;
use crate::experiment::Checked;
use document::Document;

/// A figure as an SVG file with its font inside. The same experiment gives the same bytes.
pub fn svg(figure: Figure, checked: &Checked, history: &History, style: &FigureStyle) -> String {
    let title = format!("{}: {}", figure.name(), heading::title(checked));
    document(figure, checked, history, style).finish(&title)
}

/// A figure for the program's own rasteriser, and its width and height.
pub(super) fn unnamed(
    figure: Figure,
    checked: &Checked,
    history: &History,
    style: &FigureStyle,
) -> (String, [f64; 2]) {
    let document = document(figure, checked, history, style);
    let size = document.size();
    (document.layer(true), size)
}

fn document(figure: Figure, checked: &Checked, history: &History, style: &FigureStyle) -> Document {
    match figure {
        Figure::Curves(quantity) => curves::document(checked, history, quantity, style),
        Figure::Landscape => landscape::document(checked, history, style),
    }
}
