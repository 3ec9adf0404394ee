//! The objective where it is a network: architecture, data, weights and batches.

use super::source;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::app::widgets::number::whole_field;
use crate::experiment::{Experiment, NetworkSpec, ObjectiveSpec};
use crate::models::network::presets::PRESETS;
use crate::models::network::{Initialisation, Loss};
use egui::{ComboBox, Ui};

const INITIALISATIONS: [(&str, Initialisation); 4] = [
    ("PyTorch's", Initialisation::Torch),
    ("Xavier", Initialisation::Xavier),
    ("He", Initialisation::He),
    ("zero", Initialisation::Zero),
];

const LOSSES: [(&str, Loss); 2] = [
    ("cross-entropy", Loss::CrossEntropy),
    ("mean square", Loss::MeanSquare),
];

/// Shows everything that decides the training but the runs.
pub fn show(lab: &Lab, edited: &mut Experiment, commands: &mut Commands, ui: &mut Ui) {
    if let ObjectiveSpec::Network(spec) = &mut edited.objective {
        architecture(spec, ui);
        source::show(spec, commands, ui);
        let help = "How the weights before the first update are drawn.";
        choice(
            ui,
            "Weights",
            help,
            &mut spec.initialisation,
            &INITIALISATIONS,
        );
        choice(
            ui,
            "Loss",
            "What the outputs are judged by.",
            &mut spec.loss,
            &LOSSES,
        );
        ui.horizontal(|ui| {
            ui.label("Batch size");
            let mut size = spec.batch_size as u64;
            let help = "How many examples an update sees.";
            let _ = whole_field(ui, "Batch size", &mut size, 1).on_hover_text(help);
            spec.batch_size = usize::try_from(size).unwrap_or(usize::MAX);
        });
        facts(lab, ui);
    }
}

fn architecture(spec: &mut NetworkSpec, ui: &mut Ui) {
    let named_one = |id: &str| PRESETS.iter().find(|preset| preset.id == id);
    let chosen = spec.architecture.as_deref().and_then(named_one);
    let text = chosen.map_or("own layers", |preset| preset.name);
    ui.horizontal(|ui| {
        ui.label("Network");
        let choice = ComboBox::from_id_salt("architecture")
            .selected_text(text)
            .show_ui(ui, |ui| {
                for preset in PRESETS {
                    let is_chosen = chosen.is_some_and(|chosen| chosen.id == preset.id);
                    let option = ui.selectable_label(is_chosen, preset.name);
                    if option.on_hover_text(preset.about).clicked() {
                        spec.architecture = Some(preset.id.to_owned());
                        spec.layers.clear();
                    }
                }
            });
        let about = chosen.map_or("The layers that the file has.", |preset| preset.about);
        named(choice.response, "Architecture").on_hover_text(about);
    });
}

fn choice<T: PartialEq + Copy>(
    ui: &mut Ui,
    name: &str,
    help: &str,
    value: &mut T,
    options: &[(&str, T)],
) {
    ui.horizontal(|ui| {
        ui.label(name);
        let present = options.iter().find(|(_, option)| option == value);
        let choice = ComboBox::from_id_salt(name)
            .selected_text(present.map_or("as in the file", |(text, _)| text))
            .show_ui(ui, |ui| {
                for (text, option) in options {
                    ui.selectable_value(value, *option, *text);
                }
            });
        named(choice.response, name).on_hover_text(help);
    });
}

/// How large it all is.
fn facts(lab: &Lab, ui: &mut Ui) {
    let Some(task) = lab.record.as_ref().and_then(|record| record.checked.task()) else {
        return;
    };
    ui.weak(format!(
        "{} parameters, {} training examples, {} MB for each run",
        task.plan().parameters(),
        task.examples(),
        task.bytes_per_run().div_ceil(1 << 20),
    ));
}
