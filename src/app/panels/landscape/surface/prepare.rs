//! The surface and its contour lines, computed off the window's thread once a landscape.

use crate::app::background::Background;
use crate::figures::curves::AxisScale;
use crate::figures::field::{Field, HeightScale, Window};
use crate::figures::surface::{HeightAxis, Place, Relief};
use crate::figures::thinning::thin;
use crate::landscapes::Chosen;
use crate::storage::settings::HeightSpread;

/// Cells a side of the surface.
const CELLS: usize = 128;

/// Contour lines, about.
const LEVELS: usize = 22;

/// Which surface.
#[derive(Clone, PartialEq)]
pub struct Question {
    /// The landscape.
    pub landscape: Chosen,
    /// How its height is spread.
    pub spread: HeightSpread,
}

/// A surface, from whichever side it is seen.
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// The surface.
    pub relief: Relief,
    /// The spread of its height.
    pub axis: HeightAxis,
    /// Contour lines on it.
    pub contours: Vec<Vec<Place>>,
}

/// The thread that computes surfaces.
pub type Surfaces = Background<Question, Answer>;

/// Starts the thread.
///
/// # Errors
/// When the system gives no thread.
pub fn start(ctx: &egui::Context) -> std::io::Result<Surfaces> {
    let ctx = ctx.clone();
    Background::start("surfaces", move || ctx.request_repaint(), answer)
}

/// Computes one surface.
pub fn answer(question: Question) -> Answer {
    let landscape = &*question.landscape;
    let window = Window::of(&landscape.card());
    let scale = HeightScale::of(landscape);
    let field = Field::sample(landscape, window, 2 * CELLS + 1, 2 * CELLS + 1);
    let spread = match question.spread {
        HeightSpread::Linear => AxisScale::Linear,
        HeightSpread::Logarithmic => AxisScale::Logarithmic,
    };
    let axis = HeightAxis::new(spread, scale, &field);
    let relief = Relief::new(&field, &axis, &scale);
    // What no screen shows of the lines is left out.
    let per_pixel = window.size().map(|side| side / 1200.0);
    let contours = field
        .contours(&field.levels(&scale, LEVELS))
        .iter()
        .flat_map(|contour| &contour.lines)
        .map(|line| thin(line, per_pixel))
        .map(|line| relief.drape(line.into_iter().map(|w| (0, w))))
        .collect();
    Answer {
        question,
        relief,
        axis,
        contours,
    }
}
