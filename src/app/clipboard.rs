//! Runs on the clipboard, as RON text, and moves of the run at hand.

use super::command::{Action, Command};
use super::panels::Commands;
use super::panels::runs::handle::at_hand;
use super::panels::runs::order::{ListChange, restructure};
use super::perform::perform;
use super::state::Lab;
use crate::experiment::{MAX_RUNS, RunSpec};

/// Said where an action is about a run and there is none to be about.
const NO_RUN: &str = "Choose a run first: click its name, or go to it with Tab.";

/// Carries out an action about the run at hand; no other.
pub fn act(lab: &mut Lab, ctx: &egui::Context, action: Action) {
    match action {
        Action::CopyRun => copy(lab, ctx, None),
        Action::PasteRun => ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste),
        Action::DuplicateRun => change(lab, ctx, |run| Some(ListChange::Duplicate(run))),
        Action::MoveRunUp => change(lab, ctx, |run| {
            Some(ListChange::Move(run, run.checked_sub(1)?))
        }),
        Action::MoveRunDown => change(lab, ctx, |run| Some(ListChange::Move(run, run + 1))),
        _ => {}
    }
}

/// Puts the run of this number on the clipboard; the one at hand where there is no number.
pub fn copy(lab: &mut Lab, ctx: &egui::Context, run: Option<usize>) {
    let Some(run) = run.or_else(|| at_hand(lab, ctx)) else {
        lab.inform(NO_RUN);
        return;
    };
    if let Some(spec) = lab.experiment.runs.get(run) {
        ctx.copy_text(spec.text());
        lab.inform(format!("Copied {}", spec.display_label()));
    }
}

/// Takes the run that a text describes, behind the run at hand or behind all.
pub fn paste(lab: &mut Lab, ctx: &egui::Context, text: &str) {
    let mut run = match RunSpec::from_text(text) {
        Ok(run) => run,
        Err(reason) => {
            lab.complain(format!("The clipboard has no run to paste: {reason}."));
            return;
        }
    };
    if lab.experiment.runs.len() >= MAX_RUNS {
        lab.complain(format!(
            "An experiment has at most {MAX_RUNS} runs. Delete one before pasting another."
        ));
        return;
    }
    let behind = at_hand(lab, ctx).map_or(lab.experiment.runs.len(), |run| run + 1);
    run.colour = Some(lab.experiment.free_colour());
    run.visible = true;
    lab.inform(format!("Pasted {}", run.display_label()));
    lab.experiment.runs.insert(behind, run);
    let moved = |run: usize| if run >= behind { run + 1 } else { run };
    lab.view.selected = lab.view.selected.map(moved);
    lab.view.solo = lab.view.solo.map(moved);
}

/// Duplicates or moves the run at hand.
fn change(lab: &mut Lab, ctx: &egui::Context, change: impl FnOnce(usize) -> Option<ListChange>) {
    let Some(run) = at_hand(lab, ctx) else {
        lab.inform(NO_RUN);
        return;
    };
    let Some(change) = change(run) else { return };
    let base = lab.experiment.clone();
    let mut edited = base.clone();
    let mut commands = Commands::default();
    restructure(lab, &mut edited, change, &mut commands);
    commands.push(Command::Edit(Box::new(edited)));
    for command in commands.into_vec() {
        perform(lab, ctx, &base, command);
    }
}
