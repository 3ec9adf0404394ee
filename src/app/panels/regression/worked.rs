//! The update at the playhead, worked by hand.

use crate::analysis::worked::{self, Convention};
use crate::app::background::Background;
use crate::app::command::{Action, Command};
use crate::app::panels::{Commands, unrecorded};
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::experiment::Checked;
use crate::export::report::{Document, Extent, Part, Piece, sheet};
use crate::formulas::Math;
use egui::{Grid, Label, RichText, ScrollArea, Ui};
use std::ops::ControlFlow;
use std::sync::Arc;

/// How much is shown; all of it is in the report.
const EXTENT: Extent = Extent {
    rows: 50,
    terms: 8,
    parameters: 16,
};

/// What is to be worked out.
#[derive(Clone)]
struct Question {
    record: (u64, u64),
    checked: Arc<Checked>,
    run: usize,
    update: u64,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        // What is recorded later does not change what was before.
        (self.record.0, self.run, self.update) == (other.record.0, other.run, other.update)
    }
}

/// A solution under a convention, where the rule has several.
struct Solved {
    convention: Option<Convention>,
    is_own: bool,
    document: Document,
}

struct Answer {
    question: Question,
    solved: Vec<Solved>,
}

/// The panel, with the solution on show.
pub struct WorkedPanel {
    solver: Option<Background<Question, Answer>>,
    asked: Option<Question>,
    answer: Option<Answer>,
    /// Which convention is on show; the run's own where none was chosen.
    convention: Option<&'static str>,
}

impl WorkedPanel {
    /// A panel that has solved nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            solver: Background::start("worked solution", wake, solve).ok(),
            asked: None,
            answer: None,
            convention: None,
        }
    }

    /// Shows the solution.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            unrecorded::say(lab, ui);
            return;
        };
        let run = lab.run_at_hand();
        let update = lab.playhead.step();
        heading(lab, run, update, commands, ui);
        if update == 0 {
            ui.weak("This is the start. Step on (→) to the first update.");
            return;
        }
        let question = Question {
            record: record.identity(),
            checked: Arc::clone(&record.checked),
            run,
            update,
        };
        self.ask(question.clone());
        match self.answer.take() {
            Some(answer) if answer.question == question => {
                self.solution(&answer, ui);
                self.answer = Some(answer);
            }
            other => {
                // What was shown a moment ago does not flicker while playing.
                self.answer = other;
                ui.weak("Working it out…");
            }
        }
    }

    fn ask(&mut self, question: Question) {
        let Some(solver) = &self.solver else { return };
        if let Some(answer) = solver.take() {
            self.answer = Some(answer);
        }
        if self.asked.as_ref() != Some(&question) {
            self.asked = Some(question.clone());
            solver.ask(question);
        }
    }

    fn solution(&mut self, answer: &Answer, ui: &mut Ui) {
        let conventions: Vec<_> = answer
            .solved
            .iter()
            .filter_map(|solved| solved.convention)
            .collect();
        let is_shown = |solved: &&Solved| match self.convention {
            Some(chosen) => solved.convention.is_some_and(|c| c.variant == chosen),
            None => solved.is_own,
        };
        let shown = answer
            .solved
            .iter()
            .find(is_shown)
            .or(answer.solved.first());
        let Some(shown) = shown else {
            ui.weak("The run had diverged before.");
            return;
        };
        if conventions.len() > 1 {
            ui.horizontal_wrapped(|ui| {
                for convention in conventions {
                    let is_chosen = shown.convention == Some(convention);
                    let label = ui.selectable_label(is_chosen, convention.formula);
                    if label.on_hover_text(convention.used_by).clicked() {
                        self.convention = Some(convention.variant);
                    }
                }
            });
        }
        ScrollArea::both()
            .id_salt("worked solution")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                for (index, part) in shown.document.parts.iter().enumerate() {
                    draw(part, index, ui);
                }
            });
    }
}

fn heading(lab: &Lab, run: usize, update: u64, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let label = lab.experiment.runs.get(run).map(|run| run.display_label());
        ui.strong(label.unwrap_or_default());
        let back = ui.add_enabled(update > 0, egui::Button::new("‹").small());
        if named(back, "Update before")
            .on_hover_text("The update before (←)")
            .clicked()
        {
            commands.act(Action::StepBack);
        }
        ui.label(format!("update {update} of {}", lab.playhead.end()));
        let on = ui.add_enabled(update < lab.playhead.end(), egui::Button::new("›").small());
        if named(on, "Update after")
            .on_hover_text("The next update (→)")
            .clicked()
        {
            commands.push(Command::Seek(update + 1));
        }
    });
}

/// Works out an update under the run's own settings and under both conventions.
fn solve(question: Question) -> Answer {
    let Question {
        checked,
        run,
        update,
        ..
    } = &question;
    let solved = |checked: &Checked, convention: Option<Convention>, is_own: bool| {
        let go_on = || ControlFlow::Continue(());
        let updates = worked::solve(checked, *run, *update..=*update, go_on)?;
        Some(Solved {
            convention,
            is_own,
            document: sheet(
                checked.regression()?,
                &checked.runs[*run],
                updates.first()?,
                EXTENT,
            ),
        })
    };
    let others = worked::conventions(checked, *run);
    let own =
        |other: &Checked| other.runs[*run].hyperparameters == checked.runs[*run].hyperparameters;
    let has_own = others.iter().any(|(_, other)| own(other));
    let plain = match has_own {
        true => None,
        false => solved(checked, None, true),
    };
    let others = others.iter();
    let others =
        others.filter_map(|(convention, other)| solved(other, Some(*convention), own(other)));
    Answer {
        solved: plain.into_iter().chain(others).collect(),
        question: question.clone(),
    }
}

fn draw(part: &Part, index: usize, ui: &mut Ui) {
    match part {
        Part::Heading(_, text) => {
            ui.strong(text);
        }
        Part::Notes(text) => {
            ui.label(text);
        }
        Part::Warning(text) => {
            ui.colored_label(ui.visuals().warn_fg_color, text);
        }
        Part::Paragraph(pieces) => {
            let text: String = pieces.iter().map(words).collect();
            ui.add(Label::new(text).wrap());
        }
        Part::Formula(math) => {
            ui.add(Label::new(RichText::new(math.to_text())).extend());
        }
        Part::Table(header, rows) => table(header, rows, index, ui),
        Part::Explanation { .. } | Part::Figure(_) => {}
    }
}

fn table(header: &[Piece], rows: &[Vec<Piece>], index: usize, ui: &mut Ui) {
    Grid::new(("worked table", index))
        .striped(true)
        .spacing(egui::vec2(12.0, 2.0))
        .show(ui, |ui| {
            for cell in header {
                ui.label(RichText::new(words(cell)).weak());
            }
            ui.end_row();
            for row in rows {
                for cell in row {
                    ui.label(words(cell));
                }
                ui.end_row();
            }
        });
    ui.add_space(4.0);
}

fn words(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) | Piece::Code(text) => text.clone(),
        Piece::Math(math) => Math::to_text(math),
    }
}
