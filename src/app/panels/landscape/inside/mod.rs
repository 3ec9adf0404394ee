//! Inside a rule: at the playhead, the slope that the selected run saw, what its rule
//! remembers, and the step that came of it, as arrows, ellipses and points.
//!
//! Everything is read from the replay and from the kinds of slots on the rule's card; no rule
//! has code of its own here.

mod arrows;
mod card;
mod pointed;

pub use arrows::{position, write};

use crate::app::state::Lab;
use crate::app::theme;
use crate::engine::inside::{Ledger, Update};
use egui::{Painter, Pos2, Rect, Ui, Vec2};

/// Where the landscape lies on the screen, in one of its views.
pub struct Ground<'a> {
    /// The view.
    pub frame: Rect,
    /// Where a point of the plane lies; none where it is not seen.
    pub at: &'a dyn Fn([f64; 2]) -> Option<Pos2>,
    /// The direction on the screen, of length 1, of one in the plane.
    pub towards: &'a dyn Fn([f64; 2]) -> Vec2,
}

/// What is shown of a run.
struct Scene<'a> {
    label: String,
    colour: u8,
    ledger: &'a Ledger,
    update: Update<'a>,
    /// Whether the update has been made at the playhead; at the start it is only known which
    /// slope the first one will see.
    is_made: bool,
}

impl<'a> Scene<'a> {
    fn of(lab: &'a Lab) -> Option<Self> {
        let run = lab.inside_run().filter(|_| lab.settings.shows_inside)?;
        let spec = lab.experiment.runs.get(run)?;
        let ledger = lab.ledger(run)?;
        let made = ledger.update_at(lab.playhead.step());
        Some(Self {
            label: spec.display_label(),
            colour: spec.colour.unwrap_or(0),
            ledger,
            update: made.or_else(|| ledger.update(0))?,
            is_made: made.is_some(),
        })
        .filter(|_| ledger.dimension() == 2)
    }
}

/// Draws the arrows of the selected run, where that is wanted, and what is pointed at.
pub fn show(lab: &Lab, ground: &Ground<'_>, painter: &Painter, ui: &Ui) {
    if let Some(scene) = Scene::of(lab) {
        arrows::draw(&scene, ground, painter, theme::of(ui));
    }
    pointed::show(lab, ground, painter, theme::of(ui));
}

/// Shows the numbers behind the arrows, in the upper right corner of a view.
pub fn numbers(lab: &Lab, frame: Rect, ui: &mut Ui) {
    if let Some(scene) = Scene::of(lab) {
        card::show(&scene, frame, ui);
    }
}
