//! Pictures of the landscape, computed off the window's thread for what is visible just now.

use super::background::Background;
use super::{canvas, theme};
use crate::figures::field::{Contour, Field, HeightScale, Window};
use crate::figures::raster::{self, Lines, Pixel, Stroke};
use crate::figures::theme::Theme;
use crate::landscapes::Chosen;
use egui::ColorImage;

/// What is to be drawn.
#[derive(Clone, PartialEq)]
pub struct Question {
    /// The landscape.
    pub landscape: Chosen,
    /// The visible part of the plane.
    pub window: Window,
    /// Pixels across and down; those of the screen.
    pub size: [usize; 2],
    /// The width of a contour line in pixels.
    pub line_width: f32,
    /// In which colours.
    pub tokens: &'static Theme,
}

/// The picture of a question.
pub struct Picture {
    /// What was asked.
    pub question: Question,
    /// Heights as colours, with contour lines.
    pub image: ColorImage,
}

/// The thread that draws landscapes.
pub type Pictures = Background<Question, Picture>;

/// The most samples a side; a larger picture is stretched.
const MOST_SAMPLES: usize = 900;

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
    let landscape = &*question.landscape;
    let [columns, rows] = question.size.map(|pixels| pixels.clamp(2, MOST_SAMPLES));
    let field = Field::sample(landscape, question.window, columns, rows);
    let scale = HeightScale::of(landscape);
    let heights = field.pixels(&scale, &question.tokens.height_colours());
    let heights: Vec<Pixel> = heights
        .into_iter()
        .map(|[r, g, b]| [r, g, b, 255])
        .collect();
    let mut pixels = raster::stretch([columns, rows], &heights, question.size);
    // Lines need fewer points than colours do.
    let coarse = Field::sample(landscape, question.window, columns / 2, rows / 2);
    let contours = coarse.contours(&coarse.levels(&scale, LEVELS));
    raster::draw(question.size, &mut pixels, &[lines(&contours, &question)]);
    Picture {
        image: canvas::image(question.size, pixels.into_iter()),
        question,
    }
}

fn lines(contours: &[Contour], question: &Question) -> Lines {
    let (colour, opacity) = question.tokens.contour;
    let [columns, rows] = question.size.map(|count| count as f64);
    let Window { x, y } = question.window;
    let pixel = |w: &[f64; 2]| {
        let across = (w[0] - x.0) / (x.1 - x.0) * columns;
        let down = (y.1 - w[1]) / (y.1 - y.0) * rows;
        [across as f32, down as f32]
    };
    let lines = contours.iter().flat_map(|contour| &contour.lines);
    Lines {
        stroke: Stroke {
            width: question.line_width,
            colour: theme::translucent(colour, opacity).to_array(),
        },
        lines: lines.map(|line| line.iter().map(pixel).collect()).collect(),
    }
}
