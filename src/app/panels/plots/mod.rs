//! Plots over the epochs or over evaluations, on one x-axis with the playhead: several small
//! ones or one large, with the values under the pointer read out of all of them.

mod choice;
mod hover;
mod marks;
mod picture;
mod plot;
mod prepared;
mod spread;
mod toolbar;
mod whole;

use super::Commands;
use crate::app::plots::Subject;
use crate::app::state::Lab;
use crate::figures::curves::{Abscissa, AxisScale};
use egui::{ScrollArea, Ui, Vec2};
use egui_plot::PlotBounds;
use hover::Hover;
use picture::CurvePictures;
use prepared::Prepared;
use spread::Behind;
use std::collections::HashMap;
use whole::Wholes;

/// Room for the labels of the values.
const VALUE_AXIS: f32 = 56.0;

/// Room for the ticks below the last plot and for the caption of the axis.
const X_AXIS: f32 = 38.0;

/// Below this height the plots stand close, so that the captions have room.
const SHORT: f32 = 420.0;

/// Room for half of the last epoch's label.
const RIGHT_MARGIN: f32 = 12.0;

/// Room for the heading of a plot.
const CAPTION: f32 = 20.0;

/// What a view that was moved belongs to: resets, documents shown, and the axis.
type ThisView = (u64, u64, Abscissa, AxisScale);

fn this_view(lab: &Lab) -> ThisView {
    (lab.view.resets, lab.shown, lab.abscissa(), lab.along())
}

/// The panel, with the curves it has prepared.
pub struct PlotsPanel {
    wholes: Wholes,
    prepared: HashMap<Subject, Prepared>,
    pictures: CurvePictures,
    behind: HashMap<Subject, Behind>,
    /// The view that the user has moved; any other shows everything.
    moved: Option<ThisView>,
    /// What each plot showed last.
    visible: HashMap<Subject, PlotBounds>,
    /// Where the pointer was on the plots in the last frame.
    hovered: Option<Hover>,
}

impl PlotsPanel {
    /// A panel that has shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            wholes: Wholes::new(ctx),
            prepared: HashMap::new(),
            pictures: CurvePictures::new(ctx),
            behind: HashMap::new(),
            moved: None,
            visible: HashMap::new(),
            hovered: None,
        }
    }

    /// Shows the chosen plots, sharing the height.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        if ui.available_height() < SHORT {
            ui.spacing_mut().item_spacing.y = 1.0;
        }
        let is_moved = self.moved == Some(this_view(lab));
        if toolbar::show(lab, commands, is_moved, ui) {
            self.moved = None;
        }
        let subjects = lab.drawn_plots();
        self.wholes.take();
        self.wholes.keep(&subjects);
        self.prepared
            .retain(|subject, _| subjects.contains(subject));
        self.behind.retain(|subject, _| subjects.contains(subject));
        if subjects.is_empty() {
            ui.weak("No plot is chosen. “Plots…” above offers them.");
            return;
        }
        let heights = heights(&subjects, ui);
        let explains = subjects
            .iter()
            .copied()
            .find(|subject| matches!(subject, Subject::Recorded(_)));
        let mut hovered = None;
        let plots = |ui: &mut Ui| {
            for (&subject, height) in subjects.iter().zip(heights) {
                toolbar::heading(lab, commands, subject, ui);
                let place = plot::Place {
                    height,
                    is_last: Some(&subject) == subjects.last(),
                    explains: Some(subject) == explains,
                };
                let here = self.plot(lab, commands, subject, place, ui);
                hovered = here.or(hovered);
            }
        };
        // The wheel zooms; what has no room is scrolled to by the bar.
        ScrollArea::vertical()
            .id_salt("plots")
            .auto_shrink([false, false])
            .wheel_scroll_multiplier(Vec2::ZERO)
            .show(ui, plots);
        self.wholes.ask();
        self.pictures.ask(&subjects);
        // The line stands in every plot from the next frame on.
        if self.hovered != hovered {
            self.hovered = hovered;
            ui.ctx().request_repaint();
        }
        if let Some(hover) = hovered {
            hover::card(lab, hover, &subjects, ui);
        }
    }
}

/// The height of each plot: the first is twice as high as the others.
fn heights(subjects: &[Subject], ui: &Ui) -> Vec<f32> {
    /// Below this a plot is of no use.
    const LEAST: f32 = 24.0;
    /// The first among many.
    const FIRST: f32 = 2.2;
    let count = subjects.len() as f32;
    let gap = ui.spacing().item_spacing.y;
    let free = ui.available_height() - count * (CAPTION + 2.0 * gap) - X_AXIS - 8.0;
    // Where there is no room for all, each is high enough to be read and the panel scrolls.
    let least = if subjects.len() > 4 {
        1.6 * LEAST
    } else {
        LEAST
    };
    let unit = (free / (count - 1.0 + FIRST)).max(least);
    let mut heights = vec![unit; subjects.len()];
    heights[0] = unit * FIRST;
    heights[subjects.len() - 1] += X_AXIS;
    heights
}
