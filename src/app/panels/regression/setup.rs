//! The objective where it is a regression: model, start, loss and batches.

use crate::app::data::usual_regression;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::app::widgets::number::{number_field, whole_field};
use crate::experiment::{Experiment, MODEL, ObjectiveSpec, RegressionSpec};
use crate::formulas::{MOST_CHARACTERS, check_name};
use crate::models::regression::Loss;
use crate::optimizers::Domain;
use egui::{Button, ComboBox, Key, RichText, TextEdit, TextStyle, Ui};

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// What stood there before a regression was chosen, and the regression that was left.
#[derive(Default)]
pub struct Other {
    landscape: Option<ObjectiveSpec>,
    regression: Option<ObjectiveSpec>,
}

/// The button that makes a regression the objective, or goes back from it.
pub fn button(edited: &mut Experiment, other: &mut Other, ui: &mut Ui) {
    let is_chosen = edited.objective.regression().is_some();
    let button = Button::selectable(is_chosen, "Regression")
        .frame_when_inactive(true)
        .stroke(ui.visuals().widgets.noninteractive.bg_stroke);
    let response = named(ui.add(button), "Regression");
    let help = match is_chosen {
        true => "Back to the landscape.",
        false => "Fit a model to a table of data, in mini-batches.",
    };
    if !response.on_hover_text(help).clicked() {
        return;
    }
    let present = edited.objective.clone();
    if is_chosen {
        other.regression = Some(present);
        let usual = || ObjectiveSpec::Landscape {
            surface: "rosenbrock".into(),
            start: None,
            noise: 0.0,
            settings: Default::default(),
        };
        edited.objective = other.landscape.clone().unwrap_or_else(usual);
    } else {
        other.landscape = Some(present);
        edited.objective = other.regression.clone().unwrap_or_else(usual_regression);
    }
}

/// Shows everything but the table.
pub fn show(lab: &Lab, edited: &mut Experiment, ui: &mut Ui) {
    let mut seed = edited.seed;
    if let Some(spec) = edited.objective.regression_mut() {
        model(lab, spec, ui);
        start(spec, ui);
        loss(spec, ui);
        batches(spec, &mut seed, ui);
        warnings(lab, ui);
    }
    edited.seed = seed;
}

fn model(lab: &Lab, spec: &mut RegressionSpec, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        target(spec, ui);
        ui.strong("ŷ =");
        let names = spec
            .data
            .columns()
            .iter()
            .filter(|column| column.name != spec.target);
        let names: Vec<_> = names.map(|column| column.name.as_str()).collect();
        ui.weak(format!("a formula of {} and parameters", names.join(", ")));
    });
    let field = TextEdit::multiline(&mut spec.model)
        .id_salt("model")
        .font(TextStyle::Monospace)
        .hint_text("w*x + b")
        .desired_width(f32::INFINITY)
        .desired_rows(2)
        .char_limit(2 * MOST_CHARACTERS)
        .return_key(None);
    let response = named(ui.add(field), "Model formula");
    if response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        response.surrender_focus();
    }
    for problem in &lab.problems {
        if problem.place == MODEL {
            let text = RichText::new(&problem.message).color(ui.visuals().error_fg_color);
            ui.add(egui::Label::new(text).wrap());
        }
    }
    unknown_names(spec, ui);
}

/// The column that is predicted.
fn target(spec: &mut RegressionSpec, ui: &mut Ui) {
    let mut chosen = spec.target.clone();
    let response = ComboBox::from_id_salt("target")
        .selected_text(&chosen)
        .width(64.0)
        .show_ui(ui, |ui| {
            for column in spec.data.columns() {
                ui.selectable_value(&mut chosen, column.name.clone(), &column.name);
            }
        });
    named(response.response, "Predicted column").on_hover_text("The column that ŷ is to predict.");
    spec.target = chosen;
}

/// Offers to make parameters of names that are neither columns nor parameters yet.
fn unknown_names(spec: &mut RegressionSpec, ui: &mut Ui) {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<String> = spec
        .model
        .split(|c| !is_part(c))
        .map(str::to_owned)
        .collect();
    let mut offered: Vec<String> = Vec::new();
    for word in words {
        let is_known = spec.start.contains_key(&word) || spec.data.column(&word).is_some();
        let is_name = check_name(&word).is_ok() && !word.starts_with(|c: char| c.is_ascii_digit());
        if is_name && !is_known && !offered.contains(&word) && offered.len() < 8 {
            offered.push(word);
        }
    }
    if offered.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.weak("New parameter:");
        for word in offered {
            let button = named(
                ui.button(format!("+ {word}")),
                &format!("Add parameter {word}"),
            );
            let help = format!("Make {word} a parameter that begins at 0.");
            if button.on_hover_text(help).clicked() {
                spec.start.insert(word, 0.0);
            }
        }
    });
}

fn start(spec: &mut RegressionSpec, ui: &mut Ui) {
    ui.label("Start").on_hover_text(
        "Every parameter before the first update. Drag the ring on the landscape, or type.",
    );
    let names = spec.parameters();
    let words = |name: &String| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        spec.model.split(|c| !is_part(c)).any(|word| word == name)
    };
    let named_used: Vec<(String, bool)> = names
        .into_iter()
        .map(|name| {
            let is_used = words(&name);
            (name, is_used)
        })
        .collect();
    // Two a line: a name has to stay with its field, which a wrapped line would not see to.
    for pair in named_used.chunks(2) {
        ui.horizontal(|ui| {
            for (name, is_used) in pair {
                parameter(spec, name, *is_used, ui);
            }
        });
    }
}

/// One parameter's start, and the button that takes it out where the model does not use it.
fn parameter(spec: &mut RegressionSpec, name: &str, is_used: bool, ui: &mut Ui) {
    ui.label(name);
    if let Some(value) = spec.start.get_mut(name) {
        number_field(ui, &format!("Start {name}"), value, FINITE);
    }
    if is_used {
        return;
    }
    let button = named(ui.small_button("×"), &format!("Remove parameter {name}"));
    if button
        .on_hover_text("The model does not use it: take it out.")
        .clicked()
    {
        spec.start.remove(name);
    }
}

fn loss(spec: &mut RegressionSpec, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.label("Loss");
        let chosen = spec.loss;
        let response = ComboBox::from_id_salt("loss")
            .selected_text(chosen.name())
            .show_ui(ui, |ui| {
                for loss in Loss::ALL {
                    let is_chosen = loss.name() == chosen.name();
                    let label = ui.selectable_label(is_chosen, loss.name());
                    if label.on_hover_text(loss.formula()).clicked() && !is_chosen {
                        spec.loss = loss;
                    }
                }
            });
        named(response.response, "Loss").on_hover_text(chosen.formula());
        if let Loss::Huber { delta } = &mut spec.loss {
            ui.label("δ")
                .on_hover_text("Where the loss goes over from square to straight.");
            let above_zero = Domain::half_open(f64::MIN_POSITIVE, f64::INFINITY);
            number_field(ui, "Huber δ", delta, above_zero);
        }
    });
}

fn batches(spec: &mut RegressionSpec, seed: &mut u64, ui: &mut Ui) {
    let rows = spec.data.rows();
    ui.horizontal_wrapped(|ui| {
        ui.label("Batch")
            .on_hover_text("How many rows each update sees: 1 to all of them.");
        let mut size = spec.batch_size.unwrap_or(rows) as u64;
        let before = size;
        whole_field(ui, "Batch size", &mut size, 1);
        if size != before {
            spec.batch_size = Some((size as usize).min(rows.max(1)));
        }
        ui.weak(format!("of {rows} rows"));
        let all = named(ui.small_button("all"), "Full batch");
        if all.on_hover_text("Every update sees all rows.").clicked() {
            spec.batch_size = None;
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut spec.shuffle, "shuffled").on_hover_text(
            "Every epoch has an order of its own, drawn from the seed; else the table's.",
        );
        ui.checkbox(&mut spec.drop_last, "drop the last short batch")
            .on_hover_text("Leave out a last batch that has too few rows.");
    });
    ui.horizontal(|ui| {
        ui.label("Seed")
            .on_hover_text("The same seed gives the same order, always.");
        whole_field(ui, "Seed", seed, 0);
    });
}

/// What the closed form says about the data.
fn warnings(lab: &Lab, ui: &mut Ui) {
    let Some(record) = lab.record_here() else {
        return;
    };
    let Some(regression) = record.checked.regression() else {
        return;
    };
    match regression.fit() {
        Ok(fit) => {
            let names = regression.model().parameters().iter().zip(&fit.parameters);
            let number = crate::figures::axis::significant;
            let values: Vec<_> = names
                .take(6)
                .map(|(name, value)| format!("{name} = {}", number(*value, 5)))
                .collect();
            let text = format!(
                "Least squares: J = {}, {}",
                number(fit.loss, 5),
                values.join(", ")
            );
            ui.add(egui::Label::new(RichText::new(text).small().weak()).wrap())
                .on_hover_text(
                    "The parameters with the least loss, in closed form; marked as the target.",
                );
            if let Some(warning) = fit.warning() {
                let text = RichText::new(format!("Note: {warning}.")).small();
                ui.add(egui::Label::new(text.color(ui.visuals().warn_fg_color)).wrap());
            }
        }
        Err(reason) => {
            ui.add(
                egui::Label::new(
                    RichText::new(format!("No target: {reason}."))
                        .small()
                        .weak(),
                )
                .wrap(),
            );
        }
    }
}
