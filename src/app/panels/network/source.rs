//! What a network is trained on: the sample, toys, folders of IDX files and CSV files.

use crate::app::command::Command;
use crate::app::data::{DataCommand, DataKind};
use crate::app::panels::Commands;
use crate::app::widgets::named;
use crate::app::widgets::number::{number_field, whole_field};
use crate::experiment::NetworkSpec;
use crate::models::datasets::{DEBIAN_FOLDER, MAX_TOY, Source};
use crate::optimizers::Domain;
use egui::{Button, ComboBox, Id, TextEdit, Ui};

/// Data that need no path, with their names.
fn sources() -> [(&'static str, Source); 6] {
    let (examples, noise) = (512, 0.1);
    [
        ("Fashion-MNIST, sample", Source::FashionMnistSample),
        ("Fashion-MNIST, all", Source::FashionMnist { folder: None }),
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

/// A path that is being typed.
#[derive(Clone)]
struct Typed {
    kind: DataKind,
    path: String,
    /// The data that it was taken from.
    of: Source,
}

impl Typed {
    fn of(source: &Source) -> Option<Self> {
        let (kind, path) = match source {
            Source::FashionMnist { folder } => {
                let usual = || DEBIAN_FOLDER.to_owned();
                (DataKind::FashionMnist, folder.clone().unwrap_or_else(usual))
            }
            Source::Mnist { folder } => (DataKind::Mnist, folder.clone()),
            Source::Csv { file, .. } => (DataKind::Csv, file.clone()),
            _ => return None,
        };
        let of = source.clone();
        Some(Self { kind, path, of })
    }
}

/// Lets the data be chosen.
pub fn show(spec: &mut NetworkSpec, commands: &mut Commands, ui: &mut Ui) {
    let id = Id::unique("path of the data");
    let known = ui.data(|data| data.get_temp::<Typed>(id));
    let known = known.filter(|typed| typed.of == spec.data);
    let mut typed = known.or_else(|| Typed::of(&spec.data));
    kinds(spec, &mut typed, ui);
    if let Some(typed) = &mut typed {
        path(typed, commands, ui);
    }
    ui.data_mut(|data| match typed {
        Some(typed) => {
            data.insert_temp(id, typed);
        }
        None => data.remove::<Typed>(id),
    });
    toy(&mut spec.data, ui);
    rows(spec, commands, ui);
}

fn kinds(spec: &mut NetworkSpec, typed: &mut Option<Typed>, ui: &mut Ui) {
    let kind = std::mem::discriminant(&spec.data);
    let sources = sources();
    let known = sources
        .iter()
        .find(|(_, source)| std::mem::discriminant(source) == kind);
    let name = match (typed.as_ref(), known) {
        (Some(typed), _) if typed.kind != DataKind::FashionMnist => typed.kind.name(),
        (_, Some((name, _))) => name,
        _ => "own",
    };
    ui.horizontal(|ui| {
        ui.label("Data");
        let choice = ComboBox::from_id_salt("training data")
            .selected_text(name)
            .show_ui(ui, |ui| {
                for (name, source) in &sources {
                    let is_chosen = std::mem::discriminant(source) == kind;
                    if ui.selectable_label(is_chosen, *name).clicked() {
                        *typed = Typed::of(source);
                        if !is_chosen {
                            spec.data = source.clone();
                            spec.fit_to_data();
                            *typed = Typed::of(&spec.data);
                        }
                    }
                }
                ui.separator();
                for kind in [DataKind::Mnist, DataKind::Csv] {
                    let is_chosen = typed.as_ref().is_some_and(|typed| typed.kind == kind);
                    let text = format!("{}…", kind.name());
                    if ui.selectable_label(is_chosen, text).clicked() && !is_chosen {
                        *typed = Some(Typed {
                            kind,
                            path: String::new(),
                            of: spec.data.clone(),
                        });
                    }
                }
            });
        let help = "What is trained on. The sample is 10,000 training and 2,000 test images; the \
                    whole of Fashion-MNIST is found where Debian's package dataset-fashion-mnist \
                    puts it, or in a folder of your choice. A CSV file has columns of numbers, and \
                    one with the class.";
        named(choice.response, "Training data").on_hover_text(help);
    });
}

/// The folder or the file, which is read when it is asked for.
fn path(typed: &mut Typed, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let room = ui.available_width() - 8.0;
        let field = TextEdit::singleline(&mut typed.path)
            .hint_text(typed.kind.hint())
            .desired_width(room.max(80.0));
        let field = named(ui.add(field), "Path of the data").on_hover_text(typed.kind.help());
        let is_entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        if is_entered && !typed.path.trim().is_empty() {
            use_it(typed, commands);
        }
    });
    ui.horizontal(|ui| {
        let has_path = !typed.path.trim().is_empty();
        let button = ui.add_enabled(has_path, Button::new("Use these data"));
        let help = "Reads the data and trains on them. Undo brings the ones before back.";
        if button.on_hover_text(help).clicked() {
            use_it(typed, commands);
        }
        let browse = named(ui.button("Browse…"), "Browse for the data");
        if browse.on_hover_text(typed.kind.help()).clicked() {
            commands.push(Command::Data(DataCommand::BrowseData(typed.kind)));
        }
    });
}

fn use_it(typed: &Typed, commands: &mut Commands) {
    let source = typed.kind.source(typed.path.trim(), &typed.of);
    commands.push(Command::Data(DataCommand::UseData(Box::new(source))));
}

/// How many examples a toy has, and how noisy they are.
fn toy(source: &mut Source, ui: &mut Ui) {
    let (Source::Moons { examples, noise }
    | Source::Spirals { examples, noise }
    | Source::Circles { examples, noise }
    | Source::Blobs { examples, noise }) = source
    else {
        return;
    };
    ui.horizontal(|ui| {
        ui.label("Examples");
        let mut count = *examples as u64;
        let help = "How many there are to train on; a quarter as many are tested on.";
        let _ = whole_field(ui, "Examples of the toy", &mut count, 3).on_hover_text(help);
        *examples = usize::try_from(count).unwrap_or(usize::MAX).min(MAX_TOY);
        ui.label("Noise");
        let response = number_field(ui, "Noise of the toy", noise, Domain::NON_NEGATIVE);
        response.on_hover_text("Standard deviation of the noise on each coordinate.");
    });
}

/// Which column has the classes, what is tested on, and whether columns are standardised.
fn rows(spec: &mut NetworkSpec, commands: &mut Commands, ui: &mut Ui) {
    let Some(rows) = spec.data.rows_at_hand() else {
        return;
    };
    let before = spec.data.clone();
    let Source::Csv {
        test_share,
        standardise,
        ..
    } = &mut spec.data
    else {
        return;
    };
    ui.horizontal(|ui| {
        ui.label("Classes in");
        let present = &rows.columns[rows.label];
        let combo = ComboBox::from_id_salt("label column")
            .selected_text(present)
            .truncate()
            .show_ui(ui, |ui| {
                for column in &rows.columns {
                    if ui.selectable_label(column == present, column).clicked() {
                        let mut source = before.clone();
                        if let Source::Csv { label, .. } = &mut source {
                            *label = Some(column.clone());
                        }
                        // Other labels must be read anew, which may take long.
                        commands.push(Command::Data(DataCommand::UseData(Box::new(source))));
                    }
                }
            });
        let help = "The column that says which class a row is of; all others are numbers.";
        named(combo.response, "Column with the classes").on_hover_text(help);
    });
    ui.horizontal(|ui| {
        ui.label("Tested on");
        let share = Domain::half_open(f64::MIN_POSITIVE, 1.0);
        let response = number_field(ui, "Share of rows tested on", test_share, share);
        response.on_hover_text("The share of the rows, drawn from the seed, that is tested on.");
        let help = "Brings every column to mean 0 and variance 1 over the training rows.";
        ui.checkbox(standardise, "standardise").on_hover_text(help);
    });
}
