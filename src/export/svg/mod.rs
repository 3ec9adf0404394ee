//! Figures for print: SVG in the light appearance, from the same data as the window's plots.

mod colour_bar;
mod contenders;
mod document;
mod heading;
mod landscape;
mod legend;
mod loss;
mod marks;
mod plot;
mod strokes;
mod text;

pub use landscape::landscape_svg;
pub use loss::loss_svg;
