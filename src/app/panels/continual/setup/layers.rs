//! The hidden layers of the network that learns the tasks.

use crate::app::panels::problems;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::app::widgets::number::whole_field;
use crate::experiment::TasksSpec;
use crate::models::network::Layer;
use egui::{ComboBox, RichText, Ui};

const ACTIVATIONS: [(&str, Layer); 3] = [
    ("ReLU", Layer::Relu),
    ("sigmoid", Layer::Sigmoid),
    ("tanh", Layer::Tanh),
];

/// The most hidden layers that the editor adds.
const MOST_LAYERS: usize = 8;

/// Dense layers with one activation between them; what this editor can change.
#[derive(Clone, Debug, PartialEq)]
struct Dense {
    widths: Vec<usize>,
    activation: Layer,
}

impl Dense {
    /// The layers as such, where they are.
    fn of(layers: &[Layer]) -> Option<Self> {
        let rest = match layers {
            [Layer::Flatten, rest @ ..] => rest,
            rest => rest,
        };
        let mut dense = Self {
            widths: Vec::new(),
            activation: Layer::Relu,
        };
        for pair in rest.chunks(2) {
            let &[Layer::Dense { outputs }, activation] = pair else {
                return None;
            };
            let is_known = ACTIVATIONS.iter().any(|(_, known)| *known == activation);
            let is_same = dense.widths.is_empty() || dense.activation == activation;
            if !is_known || !is_same {
                return None;
            }
            dense.widths.push(outputs);
            dense.activation = activation;
        }
        Some(dense)
    }

    /// The layers as files have them.
    fn layers(&self) -> Vec<Layer> {
        let mut layers = vec![Layer::Flatten];
        for &outputs in &self.widths {
            layers.extend([Layer::Dense { outputs }, self.activation]);
        }
        layers
    }
}

/// Shows the widths and the activation, or says what other layers there are.
pub fn show(lab: &Lab, spec: &mut TasksSpec, ui: &mut Ui) {
    match Dense::of(&spec.layers) {
        Some(dense) => {
            let mut changed = dense.clone();
            widths(&mut changed, ui);
            activation(&mut changed, ui);
            if changed != dense {
                spec.layers = changed.layers();
            }
        }
        None => others(spec, ui),
    }
    problems::beside(lab, "objective.layers", ui);
}

fn widths(dense: &mut Dense, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.label("Hidden layers").on_hover_text(
            "How many units each has, from the input on. The outputs follow from the tasks and \
             the head.",
        );
        let mut taken_out = None;
        for (index, width) in dense.widths.iter_mut().enumerate() {
            let number = index + 1;
            let mut units = *width as u64;
            whole_field(
                ui,
                &format!("Units of hidden layer {number}"),
                &mut units,
                1,
            );
            *width = usize::try_from(units).unwrap_or(usize::MAX);
            let button = named(
                ui.small_button("×"),
                &format!("Remove hidden layer {number}"),
            );
            if button.on_hover_text("Take this layer out.").clicked() {
                taken_out = Some(index);
            }
        }
        if let Some(index) = taken_out {
            dense.widths.remove(index);
        }
        let has_room = dense.widths.len() < MOST_LAYERS;
        let button = ui.add_enabled(has_room, egui::Button::new("+"));
        let button = named(button, "Add hidden layer");
        if button
            .on_hover_text("One more, as wide as the last.")
            .clicked()
        {
            dense
                .widths
                .push(dense.widths.last().copied().unwrap_or(64));
        }
    });
}

fn activation(dense: &mut Dense, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label("Activation");
        let present = ACTIVATIONS
            .iter()
            .find(|(_, known)| *known == dense.activation);
        let choice = ComboBox::from_id_salt("activation")
            .selected_text(present.map_or("", |(name, _)| name))
            .show_ui(ui, |ui| {
                for (name, layer) in ACTIVATIONS {
                    ui.selectable_value(&mut dense.activation, layer, name);
                }
            });
        named(choice.response, "Activation")
            .on_hover_text("What every hidden unit makes of its weighted sum.");
    });
}

fn others(spec: &mut TasksSpec, ui: &mut Ui) {
    let names: Vec<_> = spec.layers.iter().map(Layer::name).collect();
    ui.horizontal_wrapped(|ui| {
        ui.label("Layers");
        ui.add(egui::Label::new(RichText::new(names.join(", ")).weak()).wrap());
        let button = ui.button("Two dense layers");
        if button
            .on_hover_text("Two hidden layers of 256 with ReLU in their place.")
            .clicked()
        {
            spec.layers = Dense {
                widths: vec![256, 256],
                activation: Layer::Relu,
            }
            .layers();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_layers_come_back_as_they_were() {
        let dense = Dense {
            widths: vec![32, 8],
            activation: Layer::Tanh,
        };
        assert_eq!(Dense::of(&dense.layers()), Some(dense));
        let none = Dense::of(&[Layer::Flatten]).unwrap();
        assert_eq!(none.widths, Vec::<usize>::new());
    }

    #[test]
    fn other_layers_are_left_alone() {
        let wide = Layer::Dense { outputs: 4 };
        for layers in [
            vec![Layer::Flatten, wide],
            vec![Layer::Flatten, wide, Layer::Relu, wide, Layer::Tanh],
            vec![Layer::Flatten, wide, Layer::Dropout { rate: 0.5 }],
        ] {
            assert_eq!(Dense::of(&layers), None, "{layers:?}");
        }
    }
}
