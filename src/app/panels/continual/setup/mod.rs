//! The objective where it is tasks: their data, how they are made, and the network that learns
//! them one after the other.

mod data;
mod layers;
mod scenario;

use crate::app::panels::problems;
use crate::app::state::Lab;
use crate::app::widgets::number::whole_field;
use crate::app::widgets::{named, reset};
use crate::experiment::{Experiment, TasksSpec};
use crate::models::continual::Head;
use crate::models::network::Initialisation;
use egui::{ComboBox, RichText, Ui};

/// What was chosen before, for coming back to it.
pub use scenario::Remembered;

/// The batch size of a file that says none.
const USUAL_BATCH: u64 = 128;

const HEADS: [(Head, &str); 4] = [
    (
        Head::Single,
        "One head for all: softmax goes over the classes of all tasks, and nobody says which task \
         an example is of (class-incremental).",
    ),
    (
        Head::Growing,
        "One head that grows: softmax goes over the classes of the tasks that have come so far \
         (class-incremental).",
    ),
    (
        Head::Multi,
        "A head for each task, which is known: softmax goes over the task's own classes \
         (task-incremental).",
    ),
    (
        Head::Domain,
        "The same outputs in every task; an example's class is its place within its task \
         (domain-incremental).",
    ),
];

const INITIALISATIONS: [(&str, Initialisation); 4] = [
    ("PyTorch's", Initialisation::Torch),
    ("Xavier", Initialisation::Xavier),
    ("He", Initialisation::He),
    ("zero", Initialisation::Zero),
];

/// Shows everything that decides the tasks but the seeds; `remembered` is what the editor keeps.
pub fn show(lab: &Lab, edited: &mut Experiment, remembered: &mut Remembered, ui: &mut Ui) {
    let seed = edited.all_seeds()[0];
    let mut epochs = edited.epochs;
    if let Some(spec) = edited.objective.tasks_mut() {
        data::show(lab, spec, ui);
        scenario::show(lab, spec, seed, remembered, ui);
        epochs_per_task(&mut epochs, ui);
        measuring(lab, spec, ui);
        head(lab, spec, ui);
        layers::show(lab, spec, ui);
        initialisation(lab, spec, ui);
        batches(lab, spec, ui);
        facts(lab, spec, seed, ui);
    }
    edited.epochs = epochs;
}

fn epochs_per_task(epochs: &mut u64, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let meaning = "How many epochs each task is learnt for.";
        ui.label("Epochs per task").on_hover_text(meaning);
        whole_field(ui, "Epochs per task", epochs, 0).on_hover_text(meaning);
    });
}

fn measuring(lab: &Lab, spec: &mut TasksSpec, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let is_usual = spec.measured_every == 1;
        let meaning = "After every how many epochs accuracies are measured; always at the end of \
                       a task.";
        if reset::short_caption(ui, "Measured every", "measuring", is_usual, meaning, "1") {
            spec.measured_every = 1;
        }
        let field = whole_field(
            ui,
            "Epochs between measurements",
            &mut spec.measured_every,
            1,
        );
        field.on_hover_text(meaning);
        ui.label("epochs");
    });
    problems::beside(lab, "objective.measured_every", ui);
}

fn head(lab: &Lab, spec: &mut TasksSpec, ui: &mut Ui) {
    let meaning = |head: Head| {
        let known = HEADS.iter().find(|(known, _)| *known == head);
        known.map_or("", |(_, meaning)| *meaning)
    };
    ui.horizontal(|ui| {
        ui.label("Head")
            .on_hover_text("Which outputs a task is learnt and judged on; a run may differ.");
        let present = spec.head;
        let choice = ComboBox::from_id_salt("head")
            .selected_text(present.name())
            .show_ui(ui, |ui| {
                for (head, meaning) in HEADS {
                    ui.selectable_value(&mut spec.head, head, head.name())
                        .on_hover_text(meaning);
                }
            });
        named(choice.response, "Head").on_hover_text(meaning(present));
        if spec.head != present {
            // How many there are follows from it.
            spec.heads = None;
        }
    });
    if let Some(heads) = spec.heads {
        ui.horizontal(|ui| {
            ui.weak(format!("The file asks for {heads} heads."));
            let button = named(
                ui.small_button("×"),
                "Let the number of heads follow from the tasks",
            );
            if button.on_hover_text("Take the number out.").clicked() {
                spec.heads = None;
            }
        });
    }
    problems::beside(lab, "objective.head", ui);
    problems::beside(lab, "objective.heads", ui);
}

fn initialisation(lab: &Lab, spec: &mut TasksSpec, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let meaning = "How the weights before the first update are drawn.";
        ui.label("Weights").on_hover_text(meaning);
        let present = INITIALISATIONS
            .iter()
            .find(|(_, known)| *known == spec.initialisation);
        let choice = ComboBox::from_id_salt("weights of tasks")
            .selected_text(present.map_or("as in the file", |(name, _)| name))
            .show_ui(ui, |ui| {
                for (name, initialisation) in INITIALISATIONS {
                    ui.selectable_value(&mut spec.initialisation, initialisation, name);
                }
            });
        named(choice.response, "Weights").on_hover_text(meaning);
    });
    problems::beside(lab, "objective.initialisation", ui);
}

fn batches(lab: &Lab, spec: &mut TasksSpec, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let mut size = spec.batch_size as u64;
        let is_usual = size == USUAL_BATCH;
        let meaning = "How many examples an update sees.";
        let usual = USUAL_BATCH.to_string();
        if reset::short_caption(ui, "Batch size", "batch size", is_usual, meaning, &usual) {
            size = USUAL_BATCH;
        }
        whole_field(ui, "Batch size", &mut size, 1).on_hover_text(meaning);
        if size != spec.batch_size as u64 {
            spec.batch_size = usize::try_from(size).unwrap_or(usize::MAX);
        }
    });
    problems::beside(lab, "objective.batch_size", ui);
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut spec.shuffle, "shuffled").on_hover_text(
            "Every epoch has an order of its own, drawn from the seed; else that of the data.",
        );
        ui.checkbox(&mut spec.drop_last, "drop the last short batch")
            .on_hover_text("Leave out a last batch that has too few examples.");
    });
    ui.checkbox(&mut spec.fresh_rule, "every task with a fresh rule")
        .on_hover_text(
            "Every task begins with a rule that remembers nothing, and its schedule anew; else \
             momenta, squares and rates go on from task to task.",
        );
}

/// How large it all is.
fn facts(lab: &Lab, spec: &TasksSpec, seed: u64, ui: &mut Ui) {
    let classes = spec.classes_by_task(seed);
    let counts: Vec<String> = classes.iter().map(|own| own.len().to_string()).collect();
    let mut text = format!(
        "{} tasks with {} classes; at the end of a task its data are gone.",
        classes.len(),
        counts.join(", ")
    );
    let sequence = lab
        .record
        .as_ref()
        .and_then(|record| record.checked.sequence());
    if let Some(sequence) = sequence.filter(|_| lab.problems.is_empty()) {
        let examples = sequence.examples();
        let examples: Vec<String> = examples.iter().map(usize::to_string).collect();
        text += &format!(
            " {} parameters; training examples by task: {}.",
            sequence.plan().parameters(),
            examples.join(", ")
        );
    }
    ui.add(egui::Label::new(RichText::new(text).small().weak()).wrap());
}
