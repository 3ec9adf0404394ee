//! What the tasks are made of: one set of data, or two that are joined.

use crate::app::panels::problems;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::app::widgets::number::{number_field, whole_field};
use crate::experiment::TasksSpec;
use crate::models::continual::{Joined, Scenario};
use crate::models::datasets::Source;
use crate::optimizers::Domain;
use egui::{ComboBox, TextEdit, Ui};

/// Data that can be chosen, with their names.
fn sources() -> [(&'static str, Source); 7] {
    let (examples, noise) = (512, 0.1);
    let folder = String::new();
    [
        ("Fashion-MNIST, sample", Source::FashionMnistSample),
        ("Fashion-MNIST, all", Source::FashionMnist { folder: None }),
        ("MNIST", Source::Mnist { folder }),
        ("Moons", Source::Moons { examples, noise }),
        (
            "Spirals",
            Source::Spirals {
                examples,
                noise: 0.0,
            },
        ),
        ("Circles", Source::Circles { examples, noise }),
        ("Blobs", Source::Blobs { examples, noise }),
    ]
}

fn is_of_a_kind(a: &Source, b: &Source) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

/// What a set is called.
fn name(source: &Source) -> &'static str {
    let known = sources();
    let known = known.iter().find(|(_, known)| is_of_a_kind(known, source));
    known.map_or("as in the file", |(name, _)| name)
}

/// Shows the data, and what is joined to them.
pub fn show(lab: &Lab, spec: &mut TasksSpec, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label("Data");
        let choice = ComboBox::from_id_salt("data of tasks")
            .selected_text(name(&spec.data))
            .show_ui(ui, |ui| {
                for (text, source) in sources() {
                    let is_chosen = is_of_a_kind(&source, &spec.data);
                    if ui.selectable_label(is_chosen, text).clicked() && !is_chosen {
                        take(spec, source);
                    }
                }
            });
        let help = "What the tasks are made of. The sample is 10,000 training and 2,000 test \
                    images; the whole is read from a folder. Moons, spirals, circles and blobs \
                    are points on a plane.";
        named(choice.response, "Data of the tasks").on_hover_text(help);
    });
    details("Data", &mut spec.data, ui);
    problems::beside(lab, "objective.data", ui);
    joined(lab, spec, ui);
}

/// Takes another set; what does not fit it any more goes back to what does.
fn take(spec: &mut TasksSpec, source: Source) {
    if source.shape() != spec.data.shape() {
        spec.joined = None;
    }
    spec.data = source;
    keep_scenario_possible(spec);
}

/// Tasks of classes that are not there any more become even ones.
fn keep_scenario_possible(spec: &mut TasksSpec) {
    let classes = spec.classes();
    let is_possible = match &spec.scenario {
        Scenario::Split { tasks } => tasks.iter().flatten().all(|&class| class < classes),
        Scenario::Even { tasks, .. } => {
            *tasks > 0 && classes.is_multiple_of(*tasks) && classes / tasks >= 2
        }
        Scenario::Permuted { .. } | Scenario::Rotated { .. } => true,
    };
    if !is_possible {
        spec.scenario = match classes {
            0..4 => Scenario::Rotated {
                tasks: 2,
                degrees: 45.0,
            },
            _ => Scenario::Even {
                tasks: if classes.is_multiple_of(2) { 2 } else { 3 },
                shuffled: false,
            },
        };
    }
}

/// What a set needs to be told: its folder, or how many points with how much noise.
fn details(of: &str, source: &mut Source, ui: &mut Ui) {
    match source {
        Source::FashionMnist { folder } => {
            let mut text = folder.clone().unwrap_or_default();
            path(of, &mut text, "where Debian's package puts it", ui);
            *folder = (!text.is_empty()).then_some(text);
        }
        Source::Mnist { folder } => path(of, folder, "folder with the four files", ui),
        Source::Moons { examples, noise }
        | Source::Spirals { examples, noise }
        | Source::Circles { examples, noise }
        | Source::Blobs { examples, noise } => {
            ui.horizontal(|ui| {
                let mut count = *examples as u64;
                ui.label("examples");
                whole_field(ui, &format!("{of}: examples"), &mut count, 1);
                *examples = usize::try_from(count).unwrap_or(usize::MAX);
                ui.label("noise")
                    .on_hover_text("Standard deviation on each coordinate.");
                number_field(ui, &format!("{of}: noise"), noise, Domain::NON_NEGATIVE);
            });
        }
        _ => {}
    }
}

fn path(of: &str, text: &mut String, hint: &str, ui: &mut Ui) {
    // Handed over when it is whole: half a path would be looked for after every letter.
    let id = ui.next_auto_id().with("typed folder");
    let mut typed = ui
        .data(|data| data.get_temp::<String>(id))
        .unwrap_or_else(|| text.clone());
    let field = TextEdit::singleline(&mut typed)
        .hint_text(hint)
        .desired_width(f32::INFINITY);
    let response = named(ui.add(field), &format!("{of}: folder"));
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, typed));
    } else {
        if response.lost_focus() {
            *text = typed;
        }
        ui.data_mut(|data| data.remove_temp::<String>(id));
    }
}

fn joined(lab: &Lab, spec: &mut TasksSpec, ui: &mut Ui) {
    let text = |joined: &Option<Joined>| match joined {
        None => "nothing".to_owned(),
        Some(Joined::Permuted) => "itself, rearranged".to_owned(),
        Some(Joined::With(other)) => name(other).to_owned(),
    };
    let shape = spec.data.shape();
    let others = sources().into_iter().map(|(_, source)| source);
    let others = others.filter(|other| other.shape() == shape && !is_of_a_kind(other, &spec.data));
    let others = others.map(|other| Some(Joined::With(other)));
    let options: Vec<_> = [None, Some(Joined::Permuted)]
        .into_iter()
        .chain(others)
        .collect();
    ui.horizontal(|ui| {
        let help = "A second set, whose classes are numbered on from those of the first: another \
                    one, or the first with the numbers of every input rearranged.";
        ui.label("Joined with").on_hover_text(help);
        let present = text(&spec.joined);
        let choice = ComboBox::from_id_salt("joined")
            .selected_text(&present)
            .show_ui(ui, |ui| {
                for option in options {
                    let is_chosen = text(&option) == present;
                    if ui.selectable_label(is_chosen, text(&option)).clicked() && !is_chosen {
                        spec.joined = option;
                        keep_scenario_possible(spec);
                    }
                }
            });
        named(choice.response, "Joined with").on_hover_text(help);
    });
    if let Some(Joined::With(other)) = &mut spec.joined {
        details("Joined set", other, ui);
    }
    problems::beside(lab, "objective.joined", ui);
}
