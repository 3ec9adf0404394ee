//! The update at the playhead, explained: the rule's lines with this update's numbers in them, and
//! the same step made by another rule from the same state.

use super::symbols::Lit;
use super::{beside, origin, page};
use crate::analysis::explanation::{self, Explanation, SharedStep};
use crate::app::background::Background;
use crate::app::command::{Action, Command};
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::experiment::Checked;
use crate::optimizers;
use egui::{ScrollArea, Ui};
use std::sync::Arc;

/// The update that is to be explained.
#[derive(Clone)]
struct Question {
    record: u64,
    checked: Arc<Checked>,
    origin: usize,
    run: usize,
    update: u64,
    /// The rule that makes the same step beside the run's own.
    beside: Option<&'static str>,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        let key = |of: &Self| (of.record, of.origin, of.run, of.update, of.beside);
        key(self) == key(other)
    }
}

struct Answer {
    question: Question,
    explained: Result<Explanation, String>,
    shared: Option<Result<SharedStep, String>>,
}

/// The panel, with the explanation on show.
pub struct StepPanel {
    explainer: Option<Background<Question, Answer>>,
    asked: Option<Question>,
    answer: Option<Answer>,
    /// The rule that stands beside.
    beside: Option<&'static str>,
    /// The symbol that is lit.
    lit: Lit,
}

impl StepPanel {
    /// A panel that has explained nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            explainer: Background::start("explanation", wake, explain).ok(),
            asked: None,
            answer: None,
            beside: None,
            lit: Lit::default(),
        }
    }

    /// Shows the explanation of the playhead's update.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            ui.weak("Nothing recorded yet.");
            return;
        };
        let (run, update) = (lab.run_at_hand(), lab.playhead.step());
        heading(lab, run, update, commands, ui);
        origin::show(lab, commands, ui);
        if update == 0 {
            ui.weak("This is the start. Step on (→) to the first update.");
            return;
        }
        self.ask(Question {
            record: record.identity().0,
            checked: Arc::clone(&record.checked),
            origin: lab.origin(),
            run,
            update,
            beside: self.beside,
        });
        // What was shown a moment ago stays until the new one is there: nothing flickers while
        // playing.
        let label = record.checked.runs.get(run).map(|run| run.label.as_str());
        match self.answer.as_ref().map(|answer| &answer.explained) {
            Some(Ok(of)) if Some(of.label.as_str()) == label => {
                let colour = lab.experiment.runs.get(run).and_then(|run| run.colour);
                self.page(colour.unwrap_or(0), commands, ui);
            }
            Some(Err(reason)) => {
                ui.weak(reason);
            }
            _ => {
                ui.weak("Working it out…");
            }
        }
    }

    fn page(&mut self, colour: u8, commands: &mut Commands, ui: &mut Ui) {
        let Self {
            answer,
            beside,
            lit,
            ..
        } = self;
        let Some(answer) = answer else { return };
        let Ok(of) = &answer.explained else { return };
        ScrollArea::both()
            .id_salt("explanation")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                page::show(of, colour, lit, commands, ui);
                ui.separator();
                beside::show(of.card, beside, answer.shared.as_ref(), ui);
            });
    }

    fn ask(&mut self, question: Question) {
        let Some(explainer) = &self.explainer else {
            return;
        };
        if let Some(answer) = explainer.take() {
            self.answer = Some(answer);
        }
        let is_answered = self.answer.as_ref().is_some_and(|a| a.question == question);
        if !is_answered && self.asked.as_ref() != Some(&question) {
            self.asked = Some(question.clone());
            explainer.ask(question);
        }
    }
}

fn explain(question: Question) -> Answer {
    let (run, update) = (question.run, question.update);
    let checked = question.checked.from_origin(question.origin);
    let checked = checked.as_ref().unwrap_or(&question.checked);
    let explained = explanation::explain(checked, run, update);
    let other = question.beside.and_then(optimizers::find);
    let shared = other.map(|other| explanation::share(checked, run, update, other));
    Answer {
        explained: explained.map_err(|reason| format!("Nothing to explain: {reason}.")),
        shared: shared.map(|shared| shared.map_err(|reason| reason.to_string())),
        question,
    }
}

fn heading(lab: &Lab, run: usize, update: u64, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let label = lab.experiment.runs.get(run).map(|run| run.display_label());
        ui.strong(label.unwrap_or_default());
        ui.add_enabled_ui(update > 0, |ui| {
            if icon_button(ui, Icon::StepBack, "Step before", false).clicked() {
                commands.act(Action::StepBack);
            }
        });
        ui.label(format!("update {update} of {}", lab.playhead.end()));
        ui.add_enabled_ui(update < lab.playhead.end(), |ui| {
            if icon_button(ui, Icon::StepForward, "Step after", false).clicked() {
                commands.push(Command::Seek(update + 1));
            }
        });
    });
}
