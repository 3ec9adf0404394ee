//! A network: what it is and what it learns from, and how well it has learnt by now.

mod curves;
mod images;
pub mod setup;

use super::Commands;
use crate::app::state::Lab;
use egui::{Ui, vec2};
use images::Images;

/// The panel, with the pictures that it has drawn.
#[derive(Default)]
pub struct NetworkPanel {
    images: Images,
}

impl NetworkPanel {
    /// Shows the curves over some of the data.
    pub fn show(&mut self, lab: &Lab, _: &mut Commands, ui: &mut Ui) {
        let height = ui.available_height();
        let below = if height > 320.0 { 140.0 } else { 0.0 };
        let size = vec2(ui.available_width(), (height - below).max(80.0));
        ui.allocate_ui(size, |ui| curves::show(lab, ui));
        if below > 0.0 {
            self.images.show(lab, ui);
        }
    }
}
