//! A network: what it is and what it learns from, how well it has learnt by now, and what its
//! contenders make of the data at the playhead.

mod confusion;
mod curves;
mod examples;
mod layers;
mod look;
mod predictions;
pub mod setup;
mod sheet;
mod source;
mod thumbnails;
mod weights;

use super::Commands;
use crate::app::state::Lab;
use egui::Ui;
use examples::ExamplesPanel;
use layers::LayersPanel;
use look::Looks;
use predictions::PredictionsPanel;
use thumbnails::{Example, Thumbnails};

/// The panels of a network, with the example that is looked at in all of them.
pub struct NetworkPanels {
    chosen: Example,
    thumbnails: Thumbnails,
    looks: Looks,
    examples: ExamplesPanel,
    predictions: PredictionsPanel,
    layers: LayersPanel,
}

impl NetworkPanels {
    /// Panels that have shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            chosen: Example::default(),
            thumbnails: Thumbnails::default(),
            looks: Looks::new(ctx),
            examples: ExamplesPanel::new(ctx),
            predictions: PredictionsPanel::new(ctx),
            layers: LayersPanel::default(),
        }
    }

    /// Shows the curves of what is measured after every epoch.
    pub fn curves(&mut self, lab: &Lab, ui: &mut Ui) {
        curves::show(lab, ui);
    }

    /// Shows the data.
    pub fn examples(&mut self, lab: &Lab, ui: &mut Ui) {
        let shared = (&mut self.chosen, &mut self.thumbnails);
        self.examples.show(lab, shared, ui);
    }

    /// Shows what the contender at hand makes of the test data.
    pub fn predictions(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let shared = (&mut self.chosen, &mut self.looks, &mut self.thumbnails);
        self.predictions.show(lab, shared, commands, ui);
    }

    /// Shows filters, activations and lengths by layer.
    pub fn layers(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let shared = (&mut self.chosen, &mut self.looks);
        self.layers.show(lab, shared, commands, ui);
    }
}
