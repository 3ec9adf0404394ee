//! A contender's network as it was at the playhead.

use crate::analysis::classification::Classifier;
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::engine::training::Snapshot;
use crate::experiment::Checked;
use crate::models::datasets::Data;
use crate::models::network::Task;
use egui::{ComboBox, Ui};
use std::sync::Arc;

/// A contender with the weights that it had at the last epoch's end before the playhead of which
/// weights are kept.
#[derive(Clone)]
pub struct NetworkAt {
    request: u64,
    /// Which contender.
    pub run: usize,
    /// What is trained.
    pub checked: Arc<Checked>,
    /// Its weights.
    pub snapshot: Arc<Snapshot>,
}

impl PartialEq for NetworkAt {
    fn eq(&self, other: &Self) -> bool {
        let key = |at: &Self| (at.request, at.run, at.snapshot.update);
        key(self) == key(other)
    }
}

impl NetworkAt {
    /// Whether both are of the same contender in the same training.
    pub fn is_same_run(&self, other: &Self) -> bool {
        (self.request, self.run) == (other.request, other.run)
    }

    /// The contender at hand at the playhead.
    pub fn playhead(lab: &Lab) -> Option<Self> {
        let record = lab.record_here()?;
        record.checked.task()?;
        let run = lab.run_at_hand();
        let snapshot = record.snapshots.at(run, lab.playhead.step())?;
        Some(Self {
            request: record.request,
            run,
            checked: Arc::clone(&record.checked),
            snapshot: Arc::clone(snapshot),
        })
    }

    /// The training.
    pub fn task(&self) -> Option<&Task> {
        self.checked.task()
    }

    /// Answers a question with its network and its data.
    ///
    /// # Errors
    /// When the data cannot be read, or the weights are of another network.
    pub fn ask<A>(
        &self,
        answer: impl FnOnce(&mut Classifier<'_>, &Data) -> Option<A>,
    ) -> Option<Result<A, String>> {
        let task = self.task()?;
        let data = match task.data() {
            Ok(data) => data,
            Err(error) => return Some(Err(error.to_string())),
        };
        let (parameters, moments) = (&self.snapshot.parameters, &self.snapshot.moments);
        let Some(mut classifier) = Classifier::new(task, parameters, moments) else {
            return Some(Err("The kept weights are of another network.".to_owned()));
        };
        answer(&mut classifier, &data).map(Ok)
    }

    /// Which moment it is, in words.
    pub fn caption(&self) -> String {
        let update = self.snapshot.update;
        let epoch = self.checked.epoch_of(update);
        let seeds = self.checked.experiment.all_seeds();
        let seed = match seeds[..] {
            [_] => String::new(),
            _ => format!(", seed {}", seeds[0]),
        };
        match update {
            0 => format!("before the first update{seed}"),
            _ => format!("after epoch {epoch} (update {update}){seed}"),
        }
    }
}

/// Lets the contender be chosen, says which moment is shown, and gives it.
pub fn heading(lab: &Lab, commands: &mut Commands, ui: &mut Ui) -> Option<NetworkAt> {
    let found = NetworkAt::playhead(lab);
    ui.horizontal_wrapped(|ui| {
        let run = lab.run_at_hand();
        let labels = lab.experiment.runs.iter().map(|run| run.display_label());
        let labels: Vec<String> = labels.collect();
        let combo = ComboBox::from_id_salt("contender")
            .selected_text(labels.get(run).map_or("–", String::as_str))
            .show_ui(ui, |ui| {
                for (index, label) in labels.iter().enumerate() {
                    if ui.selectable_label(index == run, label).clicked() {
                        commands.push(Command::Select(Some(index)));
                    }
                }
            });
        let help = "Whose network is shown. Its weights are those of the last epoch's end before \
                    the playhead.";
        named(combo.response, "Contender").on_hover_text(help);
        if let Some(at) = &found {
            ui.weak(at.caption());
        }
    });
    if found.is_none() {
        let is_working = lab.is_working() || lab.record_here().is_none();
        ui.weak(match is_working {
            true => "Waiting for the first weights …",
            false => "The weights of this moment are not kept.",
        });
    }
    found
}
