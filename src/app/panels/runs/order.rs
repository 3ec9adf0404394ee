//! Changes of the list of runs: another place, one more, one fewer.

use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::experiment::{Experiment, RunSpec};
use egui::{Rect, Ui, vec2};

/// A change of the list itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListChange {
    /// One more like the run of this number, behind it.
    Duplicate(usize),
    /// Without the run of this number.
    Delete(usize),
    /// The first run to the place of the second, as the list is before.
    Move(usize, usize),
}

impl ListChange {
    /// Where the run that was at `run` is afterwards.
    fn after(self, run: usize) -> Option<usize> {
        match self {
            Self::Duplicate(index) => Some(if run > index { run + 1 } else { run }),
            Self::Delete(index) if run == index => None,
            Self::Delete(index) => Some(if run > index { run - 1 } else { run }),
            Self::Move(from, to) if run == from => Some(to),
            Self::Move(from, to) if from < run && run <= to => Some(run - 1),
            Self::Move(from, to) if to <= run && run < from => Some(run + 1),
            Self::Move(..) => Some(run),
        }
    }

    fn apply(self, experiment: &mut Experiment) {
        match self {
            Self::Duplicate(index) => {
                let mut copy = experiment.runs[index].clone();
                copy.label = Some(format!("{} (copy)", copy.display_label()));
                copy.colour = Some(experiment.free_colour());
                experiment.runs.insert(index + 1, copy);
            }
            Self::Delete(index) => {
                experiment.runs.remove(index);
            }
            Self::Move(from, to) => {
                let run = experiment.runs.remove(from);
                experiment.runs.insert(to, run);
            }
        }
    }

    fn is_possible(self, runs: &[RunSpec]) -> bool {
        match self {
            Self::Duplicate(index) | Self::Delete(index) => index < runs.len(),
            Self::Move(from, to) => from < runs.len() && to < runs.len() && from != to,
        }
    }
}

/// Changes the list, and keeps to the runs that are unfolded and shown alone.
pub fn restructure(
    lab: &Lab,
    edited: &mut Experiment,
    change: ListChange,
    commands: &mut Commands,
) {
    if !change.is_possible(&edited.runs) {
        return;
    }
    change.apply(edited);
    let after = |run: Option<usize>| run.and_then(|run| change.after(run));
    commands.push(Command::Select(after(lab.view.selected)));
    commands.push(Command::Solo(after(lab.view.solo)));
}

/// The place that a dragged run would have if it was dropped now; marked by a line.
pub fn drop_place(dragged: usize, cards: &[Rect], ui: &Ui) -> Option<usize> {
    let pointer = ui.input(|input| input.pointer.interact_pos())?;
    let above = |card: &&Rect| card.center().y < pointer.y;
    let before = cards.iter().filter(above).count();
    let line = match cards.get(before) {
        Some(card) => card.left_top() - vec2(0.0, 3.0),
        None => cards.last()?.left_bottom() + vec2(0.0, 3.0),
    };
    let stroke = egui::Stroke::new(2.0, ui.visuals().selection.stroke.color);
    let width = cards.first()?.width();
    ui.painter()
        .line_segment([line, line + vec2(width, 0.0)], stroke);
    Some(if before > dragged { before - 1 } else { before })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::built_in::BUILT_IN;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_run_is_found_where_it_went(kind in 0..3_u8, from in 0..6_usize, to in 0..6_usize) {
            let mut experiment = BUILT_IN[0].experiment();
            experiment.runs = (0..6).map(|number| RunSpec {
                label: Some(number.to_string()),
                ..RunSpec::new("adam")
            }).collect();
            let before = experiment.runs.clone();
            let change = match kind {
                0 => ListChange::Duplicate(from),
                1 => ListChange::Delete(from),
                _ => ListChange::Move(from, to),
            };
            prop_assume!(change.is_possible(&before));
            change.apply(&mut experiment);
            for (index, run) in before.iter().enumerate() {
                let found = change.after(index).map(|after| &experiment.runs[after]);
                prop_assert_eq!(found, (change != ListChange::Delete(index)).then_some(run));
            }
        }
    }
}
