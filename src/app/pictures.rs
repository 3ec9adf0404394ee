//! Pictures of the landscape, computed off the window's thread for what is visible just now.

use super::background::Background;
use crate::figures::field::{Contour, Field, HeightScale, Window};
use crate::figures::theme::{DARK, LIGHT};
use crate::landscapes::Chosen;
use egui::{Color32, ColorImage};

/// What is to be drawn.
#[derive(Clone, PartialEq)]
pub struct Question {
    /// The landscape.
    pub landscape: Chosen,
    /// The visible part of the plane.
    pub window: Window,
    /// Pixels across and down.
    pub size: [usize; 2],
    /// In which appearance.
    pub dark: bool,
}

/// The picture of a question.
pub struct Picture {
    /// What was asked.
    pub question: Question,
    /// Heights as colours.
    pub image: ColorImage,
    /// Contour lines.
    pub contours: Vec<Contour>,
}

/// The thread that draws landscapes.
pub type Pictures = Background<Question, Picture>;

/// Contour lines per picture, about.
const LEVELS: usize = 22;

/// Starts the thread.
///
/// # Errors
/// When the system gives no thread.
pub fn start(ctx: &egui::Context) -> std::io::Result<Pictures> {
    let ctx = ctx.clone();
    Background::start("pictures", move || ctx.request_repaint(), draw)
}

/// Draws one picture.
pub fn draw(question: Question) -> Picture {
    let [columns, rows] = question.size;
    let landscape = &*question.landscape;
    let field = Field::sample(landscape, question.window, columns, rows);
    let scale = HeightScale::of(landscape);
    let theme = if question.dark { &DARK } else { &LIGHT };
    let pixels = field
        .pixels(&scale, &theme.height_colours())
        .into_iter()
        .map(|[r, g, b]| Color32::from_rgb(r, g, b))
        .collect();
    // Lines need fewer points than colours do.
    let coarse = Field::sample(landscape, question.window, columns / 2, rows / 2);
    Picture {
        question,
        image: ColorImage::new([field.columns, field.rows], pixels),
        contours: coarse.contours(&coarse.levels(&scale, LEVELS)),
    }
}
