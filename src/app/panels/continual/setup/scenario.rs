//! How the data become tasks: which classes each has, in which order, or how its inputs are
//! changed.

use crate::app::panels::problems;
use crate::app::state::Lab;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::number::{number_field, whole_field};
use crate::app::widgets::{at_right, named};
use crate::experiment::TasksSpec;
use crate::models::continual::{MAX_TASKS, Scenario};
use crate::optimizers::Domain;
use egui::{Button, ComboBox, RichText, Ui};

/// The angle of a scenario that is chosen here.
const USUAL_DEGREES: f64 = 30.0;

/// The kinds of scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Split,
    Even,
    Permuted,
    Rotated,
}

const KINDS: [(Kind, &str, &str); 4] = [
    (
        Kind::Split,
        "listed classes",
        "Every task has the classes that are listed for it, in this order.",
    ),
    (
        Kind::Even,
        "equally many classes",
        "All classes in tasks of equally many, in the order of the data or one drawn from the \
         seed.",
    ),
    (
        Kind::Permuted,
        "rearranged inputs",
        "All classes in every task; from the second on the numbers of every input are rearranged, \
         in an order that the seed gives each task.",
    ),
    (
        Kind::Rotated,
        "turned inputs",
        "All classes in every task, each turned further by an angle.",
    ),
];

impl Kind {
    fn of(scenario: &Scenario) -> Self {
        match scenario {
            Scenario::Split { .. } => Self::Split,
            Scenario::Even { .. } => Self::Even,
            Scenario::Permuted { .. } => Self::Permuted,
            Scenario::Rotated { .. } => Self::Rotated,
        }
    }
}

/// What was listed before another kind was chosen, for coming back to it.
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    split: Option<Vec<Vec<usize>>>,
}

/// A change of the list of tasks.
#[derive(Clone, Copy)]
enum Change {
    /// With the next one.
    Swap(usize),
    Remove(usize),
    /// A class goes into a task, or out of it.
    Toggle(usize, usize),
}

/// Shows the kind of scenario and what it needs to be told.
pub fn show(lab: &Lab, spec: &mut TasksSpec, seed: u64, remembered: &mut Remembered, ui: &mut Ui) {
    kind(spec, seed, remembered, ui);
    let names = spec.class_names();
    let classes = spec.classes_by_task(seed);
    match &mut spec.scenario {
        Scenario::Split { tasks } => split(lab, tasks, &names, ui),
        Scenario::Even { tasks, shuffled } => {
            count(tasks, ui);
            ui.checkbox(shuffled, "order drawn from the seed")
                .on_hover_text("Which classes a task has differs from seed to seed.");
            problems::beside(lab, "objective.scenario", ui);
            listed(&classes, &names, ui);
        }
        Scenario::Permuted { tasks } => {
            count(tasks, ui);
            problems::beside(lab, "objective.scenario", ui);
        }
        Scenario::Rotated { tasks, degrees } => {
            count(tasks, ui);
            ui.horizontal(|ui| {
                ui.label("Angle in degrees")
                    .on_hover_text("By how much every task is turned further, counter-clockwise.");
                number_field(ui, "Angle in degrees", degrees, Domain::FINITE);
            });
            problems::beside(lab, "objective.scenario", ui);
        }
    }
}

fn kind(spec: &mut TasksSpec, seed: u64, remembered: &mut Remembered, ui: &mut Ui) {
    let present = Kind::of(&spec.scenario);
    if let Scenario::Split { tasks } = &spec.scenario {
        remembered.split = Some(tasks.clone());
    }
    let (text, meaning) = KINDS
        .iter()
        .find(|(kind, ..)| *kind == present)
        .map_or(("", ""), |(_, text, meaning)| (*text, *meaning));
    ui.horizontal(|ui| {
        ui.label("Tasks by").on_hover_text("What makes the tasks.");
        let choice = ComboBox::from_id_salt("scenario")
            .selected_text(text)
            .show_ui(ui, |ui| {
                for (kind, text, meaning) in KINDS {
                    let option = ui.selectable_label(kind == present, text);
                    if option.on_hover_text(meaning).clicked() && kind != present {
                        spec.scenario = become_of(spec, kind, seed, remembered);
                    }
                }
            });
        named(choice.response, "Scenario").on_hover_text(meaning);
    });
}

/// The scenario of another kind that is most like the present one.
fn become_of(spec: &TasksSpec, kind: Kind, seed: u64, remembered: &Remembered) -> Scenario {
    let classes = spec.classes();
    let tasks = spec.scenario.tasks().clamp(1, MAX_TASKS);
    let divides = |tasks: usize| classes.is_multiple_of(tasks) && classes / tasks >= 2;
    let even = (1..=tasks).rev().find(|&tasks| divides(tasks)).unwrap_or(1);
    match kind {
        Kind::Even => Scenario::Even {
            tasks: if even == 1 && divides(2) { 2 } else { even },
            shuffled: false,
        },
        Kind::Permuted => Scenario::Permuted { tasks },
        Kind::Rotated => Scenario::Rotated {
            tasks,
            degrees: USUAL_DEGREES,
        },
        Kind::Split => {
            let known = remembered.split.clone().filter(|tasks| {
                let mut all = tasks.iter().flatten();
                all.all(|&class| class < classes)
            });
            let present = || match spec.scenario {
                Scenario::Even { .. } => spec.classes_by_task(seed),
                _ => dealt(&(0..classes).collect::<Vec<_>>(), classes.div_ceil(2)),
            };
            Scenario::Split {
                tasks: known.unwrap_or_else(present),
            }
        }
    }
}

/// Classes in their order, so many a task.
fn dealt(classes: &[usize], a_task: usize) -> Vec<Vec<usize>> {
    let tasks = classes.chunks(a_task.max(1)).map(<[usize]>::to_vec);
    tasks.take(MAX_TASKS).collect()
}

fn count(tasks: &mut usize, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label("Number of tasks");
        let mut number = *tasks as u64;
        whole_field(ui, "Number of tasks", &mut number, 1);
        *tasks = usize::try_from(number).unwrap_or(usize::MAX);
    });
}

/// Which classes the tasks have.
fn listed(classes: &[Vec<usize>], names: &[String], ui: &mut Ui) {
    for (task, own) in classes.iter().enumerate() {
        let text = format!("Task {}: {}", task + 1, in_words(own, names));
        ui.add(egui::Label::new(RichText::new(text).small().weak()).wrap());
    }
}

fn in_words(classes: &[usize], names: &[String]) -> String {
    let name = |&class: &usize| names.get(class).cloned();
    let named = classes
        .iter()
        .map(|class| name(class).unwrap_or_else(|| class.to_string()));
    named.collect::<Vec<_>>().join(", ")
}

fn split(lab: &Lab, tasks: &mut Vec<Vec<usize>>, names: &[String], ui: &mut Ui) {
    per_task(tasks, names.len(), ui);
    let mut change = None;
    let count = tasks.len();
    for (task, own) in tasks.iter().enumerate() {
        ui.push_id(("task", task), |ui| {
            let asked = row((task, count), own, names, ui);
            change = change.or(asked);
        });
        problems::beside(lab, &format!("objective.scenario.tasks[{task}]"), ui);
    }
    match change {
        Some(Change::Swap(task)) => tasks.swap(task, task + 1),
        Some(Change::Remove(task)) => {
            tasks.remove(task);
        }
        Some(Change::Toggle(task, class)) => toggle(tasks, task, class),
        None => {}
    }
    let button = ui.add_enabled(count < MAX_TASKS, Button::new("Add task"));
    if button
        .on_hover_text("One more task, with the classes that no task has yet.")
        .clicked()
    {
        let is_free = |class: &usize| !tasks.iter().flatten().any(|taken| taken == class);
        let free = (0..names.len()).filter(is_free).collect();
        tasks.push(free);
    }
    problems::at(lab, TASKS, ui);
}

/// Where problems of the list as a whole are.
const TASKS: &str = "objective.scenario.tasks";

/// How many classes the tasks have each; another number deals all of them anew.
fn per_task(tasks: &mut Vec<Vec<usize>>, classes: usize, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let help = "Another number deals all classes anew, in the order in which they are listed.";
        ui.label("Classes per task").on_hover_text(help);
        let mut number = tasks.first().map_or(0, Vec::len) as u64;
        let before = number;
        whole_field(ui, "Classes per task", &mut number, 1).on_hover_text(help);
        if number != before {
            let mut order: Vec<usize> = tasks.iter().flatten().copied().collect();
            let rest: Vec<_> = (0..classes)
                .filter(|class| !order.contains(class))
                .collect();
            order.extend(rest);
            *tasks = dealt(&order, usize::try_from(number).unwrap_or(usize::MAX));
        }
    });
}

/// A task: what can be done with it, and all classes, its own marked.
fn row(
    (task, count): (usize, usize),
    own: &[usize],
    names: &[String],
    ui: &mut Ui,
) -> Option<Change> {
    let number = task + 1;
    let mut change = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.strong(format!("Task {number}"));
        at_right::show(ui, "task", |ui| {
            let asked = [
                (
                    Icon::Inward,
                    format!("Move task {number} up"),
                    task > 0,
                    Change::Swap(task.saturating_sub(1)),
                ),
                (
                    Icon::Outward,
                    format!("Move task {number} down"),
                    number < count,
                    Change::Swap(task),
                ),
                (
                    Icon::Delete,
                    format!("Remove task {number}"),
                    count > 1,
                    Change::Remove(task),
                ),
            ];
            for (icon, name, able, meant) in asked {
                let button = ui.add_enabled_ui(able, |ui| icon_button(ui, icon, &name, false));
                if button.inner.clicked() {
                    change = Some(meant);
                }
            }
        });
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 4.0;
        for (class, name) in names.iter().enumerate() {
            let is_own = own.contains(&class);
            let chip = ui.selectable_label(is_own, class.to_string());
            let chip = named(chip, &format!("Class {class} in task {number}"));
            if chip.on_hover_text(name).clicked() {
                change = Some(Change::Toggle(task, class));
            }
        }
    });
    let text = RichText::new(in_words(own, names)).small().weak();
    ui.add(egui::Label::new(text).wrap());
    change
}

/// A class that a task has goes out of it; any other comes into it, out of where it was.
fn toggle(tasks: &mut [Vec<usize>], task: usize, class: usize) {
    let was_own = tasks[task].contains(&class);
    for other in tasks.iter_mut() {
        other.retain(|&own| own != class);
    }
    if !was_own {
        tasks[task].push(class);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_in_one_task_at_most() {
        let mut tasks = vec![vec![0, 1, 2], vec![3, 4]];
        toggle(&mut tasks, 1, 0);
        assert_eq!(tasks, [vec![1, 2], vec![3, 4, 0]]);
        toggle(&mut tasks, 1, 4);
        assert_eq!(tasks, [vec![1, 2], vec![3, 0]]);
    }

    #[test]
    fn dealing_goes_in_order_and_gives_the_last_task_what_is_left() {
        assert_eq!(
            dealt(&[4, 3, 2, 1, 0], 2),
            [vec![4, 3], vec![2, 1], vec![0]]
        );
        assert_eq!(dealt(&[0, 1], 0), [vec![0], vec![1]]);
        let many: Vec<_> = (0..100).collect();
        assert_eq!(dealt(&many, 1).len(), MAX_TASKS);
    }
}
