//! Accuracy, transfer and forgetting as numbers: a row a run, and the accuracy matrix of one.

use super::{run_choice, surfaces};
use crate::app::command::Command;
use crate::app::panels::{Commands, unrecorded};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::{heat, marker, named};
use crate::engine::Record;
use crate::export::forgetting::{
    Matrix, Score, ScoreRow, ScoreTable, Standing, by_task_in_percent, in_percent,
};
use crate::export::results::TableForm;
use egui::{Button, Frame, Grid, Label, RichText, ScrollArea, Sense, Ui, vec2};

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    Scores,
    Matrix,
    Definitions,
}

const CHOICES: [(Shown, &str, &str); 3] = [
    (
        Shown::Scores,
        "Scores",
        "Every run's accuracies, transfer and forgetting.",
    ),
    (
        Shown::Matrix,
        "Accuracy matrix",
        "The accuracy on every task after every task, of the run at hand.",
    ),
    (
        Shown::Definitions,
        "Definitions",
        "How the numbers are defined, with their sources.",
    ),
];

/// The panel, with the tables on show.
#[derive(Default)]
pub struct ForgettingPanel {
    shown: Shown,
    key: Option<Key>,
    scores: ScoreTable,
    matrix: Matrix,
}

/// What tables were made for.
#[derive(PartialEq)]
struct Key {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    run: usize,
}

impl ForgettingPanel {
    /// Shows the chosen table under what copies it.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        if !super::applies(lab) {
            surfaces::show(lab, commands, ui);
            return;
        }
        ui.horizontal_wrapped(|ui| {
            for (choice, name, help) in CHOICES {
                let label = ui.selectable_label(self.shown == choice, name);
                if label.on_hover_text(help).clicked() {
                    self.shown = choice;
                }
            }
            if self.shown != Shown::Definitions {
                ui.separator();
                self.copying(commands, ui);
            }
        });
        if self.shown == Shown::Definitions {
            definitions(ui);
            return;
        }
        let Some(record) = lab.record_here() else {
            unrecorded::say(lab, ui);
            return;
        };
        self.prepare(lab, record);
        match self.shown {
            Shown::Scores => self.scores(lab, commands, ui),
            Shown::Matrix => self.matrix(lab, record, commands, ui),
            Shown::Definitions => {}
        }
    }

    fn prepare(&mut self, lab: &Lab, record: &Record) {
        let key = Key {
            record: record.identity(),
            shown: lab.shown_runs().collect(),
            run: lab.run_at_hand(),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let runs: Vec<usize> = key.shown.iter().map(|(run, _)| *run).collect();
        self.scores = ScoreTable::new(&record.checked, &record.history, &runs);
        self.matrix = Matrix::of(&record.checked, &record.history, key.run);
        self.key = Some(key);
    }

    fn copying(&self, commands: &mut Commands, ui: &mut Ui) {
        ui.label("Copy as");
        for form in TableForm::ALL {
            let what = match self.shown {
                Shown::Matrix => "accuracy matrix",
                _ => "scores",
            };
            let name = format!("Copy {what} as {}", form.name());
            let button = named(ui.button(form.name()), &name);
            let help = "Puts the table on the clipboard; as CSV with every digit.";
            if button.on_hover_text(help).clicked() {
                let text = match self.shown {
                    Shown::Matrix => self.matrix.text(form),
                    _ => self.scores.text(form),
                };
                let what = match self.shown {
                    Shown::Matrix => format!("The accuracy matrix as {}", form.name()),
                    _ => format!("The table of scores as {}", form.name()),
                };
                commands.push(Command::CopyText { what, text });
            }
        }
    }

    fn scores(&self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        if self.scores.rows.iter().all(|row| row.learnt.is_empty()) {
            ui.weak("No task has been finished yet.");
            return;
        }
        spread_in_words(self.scores.seeds, ui);
        if self.scores.rows.iter().any(|row| row.has_diverged) {
            quiet(
                "A run that has diverged before the last task has no scores.",
                ui,
            );
        }
        ScrollArea::both()
            .id_salt("scores")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                Grid::new("scores table")
                    .striped(true)
                    .spacing(vec2(12.0, 4.0))
                    .show(ui, |ui| {
                        headings(ui);
                        for row in &self.scores.rows {
                            line(lab, row, commands, ui);
                        }
                    });
            });
    }

    fn matrix(&self, lab: &Lab, record: &Record, commands: &mut Commands, ui: &mut Ui) {
        run_choice::show(lab, record, "Run of the matrix", commands, ui);
        if self.matrix.rows.is_empty() {
            ui.weak("This run has not finished a task yet.");
            return;
        }
        let per_task = record.checked.updates_per_task().max(1);
        // Rows are of moments; the last one that the playhead has passed is the one at hand.
        let at_hand = lab.playhead.step() / per_task;
        ScrollArea::both()
            .id_salt("accuracy matrix")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                Grid::new("matrix table")
                    .spacing(vec2(4.0, 4.0))
                    .show(ui, |ui| matrix_cells(&self.matrix, at_hand, ui));
                quiet(
                    "In %. On the diagonal a task just learnt; to the right of it tasks not yet \
                     learnt, in brackets; down a column what becomes of a task.",
                    ui,
                );
            });
    }
}

fn quiet(text: &str, ui: &mut Ui) {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}

/// What the numbers beside ± are, and what the marks mean.
fn spread_in_words(seeds: usize, ui: &mut Ui) {
    let text = match seeds {
        1 => "In %. One seed is one draw: add seeds to see by how much the numbers vary. Best: \
              among the runs with the same head."
            .to_owned(),
        _ => format!(
            "In %, means over {seeds} seeds ± standard deviation. Best: among the runs with the \
             same head; ≈ best: the differences to it, seed by seed, have a mean no larger than \
             their standard deviation."
        ),
    };
    quiet(&text, ui);
}

fn headings(ui: &mut Ui) {
    let mut columns = vec![
        ("run", "The run's name."),
        ("head", "Which outputs a task is judged on."),
        ("when learnt", "The accuracy on each task just after it."),
        (
            "at the end",
            "The accuracy on each task after the last finished one.",
        ),
    ];
    columns.extend(Score::ALL.map(|score| (score.heading(), score.definition())));
    columns.push((
        "kept examples",
        "Copies of examples of past tasks that the remedy keeps.",
    ));
    for (heading, meaning) in columns {
        ui.label(RichText::new(heading).weak())
            .on_hover_text(meaning);
    }
    ui.end_row();
}

fn line(lab: &Lab, row: &ScoreRow, commands: &mut Commands, ui: &mut Ui) {
    name(lab, row, commands, ui);
    ui.label(row.head);
    ui.label(by_task_in_percent(row.learnt.iter().copied()));
    ui.label(by_task_in_percent(row.at_the_end.iter().copied()));
    for scored in &row.scores {
        let text = RichText::new(scored.cell());
        ui.label(match scored.standing {
            Standing::Best => text.strong(),
            _ => text,
        });
    }
    ui.label(row.kept_examples.to_string());
    ui.end_row();
}

/// Marker and name; a click unfolds the run's card.
fn name(lab: &Lab, row: &ScoreRow, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let tokens = theme::of(ui);
        let spec = lab.experiment.runs.get(row.run);
        let colour = spec.and_then(|spec| spec.colour).unwrap_or(0);
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 14.0), Sense::hover());
        let (fill, ground) = (tokens.run(colour), tokens.panel);
        let [fill, ground] = [fill, ground].map(theme::colour);
        marker::of_look(ui.painter(), colour, rect.center(), 4.0, fill, ground);
        let button = named(
            ui.add(Button::new(&row.label).frame(false)),
            &format!("{} in scores", row.label),
        );
        if button.on_hover_text("Click to see its settings.").clicked() {
            commands.push(Command::Select(Some(row.run)));
        }
    });
}

fn matrix_cells(matrix: &Matrix, at_hand: u64, ui: &mut Ui) {
    let tasks = matrix.rows.first().map_or(0, Vec::len);
    ui.label("");
    for task in 1..=tasks {
        ui.label(RichText::new(format!("task {task}")).weak());
    }
    ui.end_row();
    for (after, row) in matrix.rows.iter().enumerate() {
        let number = after as u64 + 1;
        let text = format!("after task {number}");
        ui.label(match number == at_hand {
            true => RichText::new(format!("{text}, playhead")).strong(),
            false => RichText::new(text).weak(),
        });
        for (task, spread) in row.iter().enumerate() {
            let ground = heat::colour(theme::of(ui), spread.mean);
            let number = in_percent(Some(*spread));
            let text = if task > after {
                format!("({number})")
            } else {
                number
            };
            Frame::new()
                .fill(ground)
                .corner_radius(2)
                .inner_margin(4)
                .show(ui, |ui| {
                    ui.set_min_width(44.0);
                    ui.label(RichText::new(text).color(heat::legible_on(ground)));
                });
        }
        ui.end_row();
    }
}

fn definitions(ui: &mut Ui) {
    ScrollArea::vertical()
        .id_salt("definitions of scores")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            quiet(
                "R[k][j] is the accuracy on the test data of task j after task k, T the number of \
                 finished tasks.",
                ui,
            );
            for score in Score::ALL {
                ui.strong(score.heading());
                ui.add(Label::new(score.definition()).wrap());
            }
        });
}
