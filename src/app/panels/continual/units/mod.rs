//! What every hidden unit answers to, to which tasks it matters, and what the remedy lets it
//! learn: a heat map over the playhead, and the numbers.

mod picture;
mod sheet;

use super::run_choice;
use crate::app::command::Command;
use crate::app::panels::{Commands, unrecorded};
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::app::widgets::number::whole_field;
use crate::engine::Record;
use crate::export::TextTable;
use crate::export::results::TableForm;
use egui::{Grid, Label, RichText, ScrollArea, Ui, vec2};
use picture::HeatMap;
use sheet::{Order, Role, Sheet, Unit};
use std::sync::Arc;

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    HeatMap,
    Concepts,
}

const ORDERS: [(Order, &str, &str); 3] = [
    (
        Order::Concept,
        "by class",
        "Units that answer most to the same class stand side by side.",
    ),
    (
        Order::Importance,
        "by importance",
        "The units that matter most to any task stand first.",
    ),
    (Order::Number, "as numbered", "As they stand in the layer."),
];

/// The panel, with the layer on show.
#[derive(Default)]
pub struct UnitsPanel {
    shown: Shown,
    layer: usize,
    order: Order,
    /// The number of the unit whose numbers are told, from 0.
    unit: usize,
    sheet: Option<(Key, Arc<Sheet>)>,
    /// The table of its classes, once that is shown.
    concepts: Option<Arc<TextTable>>,
    /// Counts the sheets, so that a picture of one is not taken for another's.
    serial: u64,
    map: HeatMap,
}

/// What a sheet was made for.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    record: (u64, u64),
    run: usize,
    step: u64,
    layer: usize,
    order: Order,
}

impl UnitsPanel {
    /// Shows the chosen layer of the run at hand.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            unrecorded::say(lab, ui);
            return;
        };
        run_choice::show(lab, record, "Run of the units", commands, ui);
        if !self.prepare(lab, record) {
            ui.weak("No hidden units were observed of this run so far.");
            return;
        }
        self.choices(lab, record, ui);
        let Some(sheet) = self.sheet.as_ref().map(|(_, sheet)| Arc::clone(sheet)) else {
            return;
        };
        counts(&sheet, ui);
        match self.shown {
            Shown::HeatMap => {
                // Thousands of cells, made when they are asked for.
                copying("units", &|| sheet.every_unit(), commands, ui);
                self.chosen(&sheet, ui);
                let colour = lab.experiment.runs.get(lab.run_at_hand());
                let colour = colour.and_then(|run| run.colour).unwrap_or(0);
                let chosen = self.map.show(&sheet, (self.serial, self.unit), colour, ui);
                self.unit = chosen.unwrap_or(self.unit);
            }
            Shown::Concepts => {
                let table = self
                    .concepts
                    .get_or_insert_with(|| Arc::new(sheet.by_concept()));
                copying("concepts", &|| (**table).clone(), commands, ui);
                concepts(table, ui);
            }
        }
    }

    /// Reads the layer at the playhead anew where that is another; whether there is one.
    fn prepare(&mut self, lab: &Lab, record: &Record) -> bool {
        let run = lab.run_at_hand();
        let Some(trace) = record.history.traces.get(run) else {
            return false;
        };
        let Some(sequence) = record.checked.sequence() else {
            return false;
        };
        let observations = &trace.observations;
        let Some(moment) = observations.at(lab.playhead.step()) else {
            return false;
        };
        self.layer = self.layer.min(moment.layers.len().saturating_sub(1));
        let key = Key {
            record: record.identity(),
            run,
            step: moment.step,
            layer: self.layer,
            order: self.order,
        };
        if self.sheet.as_ref().is_some_and(|(made, _)| *made == key) {
            return true;
        }
        let names = sequence.class_names();
        let step = moment.step;
        let sheet = Sheet::of(observations, step, self.layer, &names, self.order);
        self.serial += 1;
        self.sheet = sheet.map(|sheet| (key, Arc::new(sheet)));
        self.concepts = None;
        self.sheet.is_some()
    }

    fn choices(&mut self, lab: &Lab, record: &Record, ui: &mut Ui) {
        let trace = record.history.traces.get(lab.run_at_hand());
        let moment = trace.and_then(|trace| trace.observations.at(lab.playhead.step()));
        let widths: Vec<usize> = moment
            .map(|moment| moment.layers.iter().map(|layer| layer.units).collect())
            .unwrap_or_default();
        ui.horizontal_wrapped(|ui| {
            for (layer, units) in widths.iter().enumerate() {
                let text = format!("layer {} ({units})", layer + 1);
                let name = format!("Hidden layer {}", layer + 1);
                let label = named(ui.selectable_label(self.layer == layer, text), &name);
                if label.on_hover_text("Show this layer's units.").clicked() {
                    self.layer = layer;
                }
            }
            ui.separator();
            let choices = [
                (
                    Shown::HeatMap,
                    "heat map",
                    "Units across, classes down: the stronger a unit answers, the brighter.",
                ),
                (
                    Shown::Concepts,
                    "concepts",
                    "How many units answer most to every class, and what may become of them.",
                ),
            ];
            for (shown, text, help) in choices {
                let label = ui.selectable_label(self.shown == shown, text);
                if label.on_hover_text(help).clicked() {
                    self.shown = shown;
                }
            }
            if self.shown == Shown::HeatMap {
                ui.separator();
                for (order, text, help) in ORDERS {
                    let label = ui.selectable_label(self.order == order, text);
                    if label.on_hover_text(help).clicked() {
                        self.order = order;
                    }
                }
            }
        });
    }

    /// The unit whose numbers are told.
    fn chosen(&mut self, sheet: &Sheet, ui: &mut Ui) {
        let last = sheet.units.len().saturating_sub(1);
        self.unit = self.unit.min(last);
        ui.horizontal_wrapped(|ui| {
            ui.label("Unit");
            let mut number = self.unit as u64 + 1;
            whole_field(ui, "Unit", &mut number, 1)
                .on_hover_text("The unit whose numbers are told; a click on the map chooses one.");
            self.unit = usize::try_from(number - 1).unwrap_or(last).min(last);
            let unit = sheet.units.iter().find(|unit| unit.number == self.unit);
            if let Some(unit) = unit {
                ui.label(RichText::new(in_words(sheet, unit)).small());
            }
        });
    }
}

/// What there is to say of a unit.
fn in_words(sheet: &Sheet, unit: &Unit) -> String {
    let answers = match unit.favourite {
        Some(class) => {
            let concept = sheet.concepts.get(class);
            let name = concept.map_or("?", |concept| concept.name.as_str());
            let task = concept.map_or(0, |concept| concept.task + 1);
            let response = unit.responses.get(class).copied().unwrap_or(f32::NAN);
            format!("answers most to {name} of task {task} ({response:.3})")
        }
        None => "answers to nothing".to_owned(),
    };
    let importance: Vec<String> = (1..)
        .zip(&unit.importance)
        .map(|(task, importance)| format!("task {task} {importance:.2}"))
        .collect();
    let importance = match importance.is_empty() {
        true => "no task is over yet".to_owned(),
        false => format!("importance {}", importance.join(", ")),
    };
    let rate = match unit.rate {
        Some(rate) => format!("; its updates are multiplied by {rate:.3}"),
        None => String::new(),
    };
    format!("{answers}; {importance}; {}{rate}.", unit.role.name())
}

/// How many units have which role.
fn counts(sheet: &Sheet, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.weak(format!(
            "After update {}, learning task {}:",
            sheet.step,
            sheet.task + 1
        ));
        for role in Role::ALL {
            ui.label(format!("{} {}", sheet.count(role), role.name()))
                .on_hover_text(role.meaning());
        }
        ui.label(format!("{} silent", sheet.silent()))
            .on_hover_text("They answer to no class at all.");
    });
}

fn copying(what: &str, table: &dyn Fn() -> TextTable, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.label("Copy as");
        for form in TableForm::ALL {
            let name = format!("Copy {what} as {}", form.name());
            let button = named(ui.button(form.name()), &name);
            if button
                .on_hover_text("Puts the numbers on the clipboard.")
                .clicked()
            {
                commands.push(Command::CopyText {
                    what: format!("The table of {what} as {}", form.name()),
                    text: table().text(form),
                });
            }
        }
    });
}

fn concepts(table: &TextTable, ui: &mut Ui) {
    ScrollArea::both()
        .id_salt("concepts")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Grid::new("concepts table")
                .striped(true)
                .spacing(vec2(12.0, 4.0))
                .show(ui, |ui| {
                    for heading in &table.headings {
                        ui.label(RichText::new(heading).weak());
                    }
                    ui.end_row();
                    for row in &table.rows {
                        for cell in row {
                            ui.label(cell);
                        }
                        ui.end_row();
                    }
                });
            let text = "Units: how many answer to the class most strongly, by mean activation \
                        over test examples.";
            ui.add(Label::new(RichText::new(text).small().weak()).wrap());
        });
}
