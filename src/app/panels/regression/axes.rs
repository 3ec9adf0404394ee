//! Over which parameters the loss is drawn.

use crate::app::command::Command;
use crate::app::data::{DataCommand, SliceAxes};
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::widgets::named;
use egui::{ComboBox, Ui};

/// Shows the choice of the two axes, where there are more parameters than a picture has.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let Some(spec) = lab.experiment.objective.regression() else {
        return;
    };
    let names = spec.parameters();
    if names.len() < 2 {
        return;
    }
    ui.weak("Axes");
    let present = lab.view.slice;
    let pair = match present {
        SliceAxes::Parameters(pair) => pair.map(|index| index.min(names.len() - 1)),
        SliceAxes::Principal => [0, 1],
    };
    for (axis, label) in ["First axis", "Second axis"].into_iter().enumerate() {
        let mut chosen = pair[axis];
        let text = match present {
            SliceAxes::Parameters(_) => names[chosen].as_str(),
            SliceAxes::Principal => "–",
        };
        let response = ComboBox::from_id_salt(label)
            .selected_text(text)
            .width(48.0)
            .show_ui(ui, |ui| {
                for (index, name) in names.iter().enumerate() {
                    let item = ui.selectable_label(index == chosen, name);
                    if named(item, &format!("{label}: {name}")).clicked() {
                        chosen = index;
                        let mut pair = pair;
                        // The same twice is no plane: the axes change places.
                        if pair[1 - axis] == index {
                            pair[1 - axis] = pair[axis];
                        }
                        pair[axis] = index;
                        let axes = SliceAxes::Parameters(pair);
                        commands.push(Command::Data(DataCommand::Slice(axes)));
                    }
                }
            });
        named(response.response, label)
            .on_hover_text("A parameter; those that are no axis are held where the playhead is.");
    }
    let is_principal = present == SliceAxes::Principal;
    let button = named(
        ui.selectable_label(is_principal, "path"),
        "Principal axes of the path",
    );
    let help = "The two directions in which the path of the run at hand extends most.";
    if button.on_hover_text(help).clicked() {
        let axes = match is_principal {
            true => SliceAxes::default(),
            false => SliceAxes::Principal,
        };
        commands.push(Command::Data(DataCommand::Slice(axes)));
    }
}
