//! The update at the playhead, explained: the rule's lines with this update's numbers in them, and
//! the same step made by another rule from the same state.

use super::beside::Compared;
use super::symbols::Lit;
use super::{beside, origin, page};
use crate::analysis::explanation::{self, Explanation};
use crate::app::asked::Asked;
use crate::app::command::{Action, Command};
use crate::app::panels::{Commands, unrecorded};
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

impl Question {
    /// Whether both are of the same run of the same record.
    fn is_same_run(&self, other: &Self) -> bool {
        (self.record, self.origin, self.run) == (other.record, other.origin, other.run)
    }
}

struct Explained {
    own: Result<Explanation, String>,
    /// The same step made by the rule beside.
    compared: Option<Compared>,
}

/// The panel, with the explanation on show.
pub struct StepPanel {
    explanations: Asked<Question, Explained>,
    /// The rule that stands beside.
    beside: Option<&'static str>,
    /// The symbol that is lit.
    lit: Lit,
}

impl StepPanel {
    /// A panel that has explained nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            explanations: Asked::new(ctx, "explanation", |question, _| Some(explain(question))),
            beside: None,
            lit: Lit::default(),
        }
    }

    /// Shows the explanation of the playhead's update.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            unrecorded::say(lab, ui);
            return;
        };
        let (run, update) = (lab.run_at_hand(), lab.playhead.step());
        heading(lab, run, update, commands, ui);
        origin::show(lab, commands, ui);
        if update == 0 {
            ui.weak("This is the start. Step on (→) to the first update.");
            return;
        }
        let question = Question {
            record: record.identity().0,
            checked: Arc::clone(&record.checked),
            origin: lab.origin(),
            run,
            update,
            beside: self.beside,
        };
        let Self {
            explanations,
            beside,
            lit,
        } = self;
        // The step before stays until the new one is there: nothing flickers while playing.
        let answer = explanations.ask(question.clone());
        let Some((of, explained)) = answer.filter(|(of, _)| of.is_same_run(&question)) else {
            ui.weak("Working it out…");
            return;
        };
        let own = match &explained.own {
            Ok(own) => own,
            Err(reason) if *of == question => {
                ui.weak(reason.as_str());
                return;
            }
            Err(_) => {
                ui.weak("Working it out…");
                return;
            }
        };
        let colour = lab.experiment.runs.get(run).and_then(|run| run.colour);
        // Another rule's step says nothing of this one's.
        let compared = explained.compared.as_ref();
        let compared = compared.filter(|_| of.beside == question.beside);
        ScrollArea::both()
            .id_salt("explanation")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                page::show(own, colour.unwrap_or(0), lit, commands, ui);
                ui.separator();
                beside::show(own.card, beside, compared, ui);
            });
    }
}

fn explain(question: &Question) -> Explained {
    let (run, update) = (question.run, question.update);
    let checked = question.checked.from_origin(question.origin);
    let checked = checked.as_ref().unwrap_or(&question.checked);
    let explained = explanation::explain(checked, run, update);
    let other = question.beside.and_then(optimizers::find);
    let own = explained.map_err(|reason| format!("Nothing to explain: {reason}."));
    let compared = own.as_ref().ok().zip(other).map(|(own, other)| {
        let shared = explanation::share(checked, run, update, other);
        Compared::new([own.card, other.card()], shared)
    });
    Explained { own, compared }
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
