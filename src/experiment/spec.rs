//! What an experiment file says, as plain data.

use super::{ObjectiveSpec, RateEvent, TuneSpec, WrapperSpec, event};
use crate::models::continual::{Head, Remedy};
use crate::optimizers::{self, Hyperparameter, Variant};
use crate::schedules::Schedule;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many run colours there are.
pub const RUN_COLOURS: u8 = 8;

/// The format that this program writes.
pub(super) const VERSION: u32 = 1;

/// Everything that decides a result. Equal experiments give equal bytes of history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// The format of the file; 1.
    pub version: u32,
    /// One line for people.
    #[serde(default)]
    pub title: String,
    /// What to look at, in Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// What is minimised.
    pub objective: ObjectiveSpec,
    /// How many epochs every run goes.
    #[serde(default = "default_epochs")]
    pub epochs: u64,
    /// The seed of everything random.
    #[serde(default)]
    pub seed: u64,
    /// Where every run starts, one after another, in place of the objective's own start.
    #[serde(default, with = "super::starts", skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Vec<f64>>,
    /// With which seeds every run goes, one after another, in place of `seed`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<u64>,
    /// The contenders.
    #[serde(default)]
    pub runs: Vec<RunSpec>,
    /// How they are to be tuned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<TuneSpec>,
}

/// How many epochs every run goes where a file doesn't say.
pub const USUAL_EPOCHS: u64 = 150;

fn default_epochs() -> u64 {
    USUAL_EPOCHS
}

/// One optimizer with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSpec {
    /// Id of the rule.
    pub optimizer: String,
    /// Base of the schedule; the card's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning_rate: Option<f64>,
    /// How the rate changes.
    #[serde(default, skip_serializing_if = "is_constant")]
    pub schedule: Schedule,
    /// When the base was changed while the run went on, in the order of the updates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<RateEvent>,
    /// A named set of conventions of the rule's card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Settings that differ from the card's defaults and from the variant's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hyperparameters: BTreeMap<String, f64>,
    /// What is composed around the rule, the outermost last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrappers: Vec<WrapperSpec>,
    /// What is done against forgetting, where tasks are learnt one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
    /// Which outputs answer for a task, where the run differs from the objective.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Head>,
    /// The name on plots and tables; the rule's name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Which of the [`RUN_COLOURS`] colours and marker shapes, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<u8>,
    /// Whether it is drawn.
    #[serde(default = "shown", skip_serializing_if = "is_shown")]
    pub visible: bool,
}

fn is_constant(schedule: &Schedule) -> bool {
    *schedule == Schedule::Constant
}

fn shown() -> bool {
    true
}

fn is_shown(visible: &bool) -> bool {
    *visible
}

impl RunSpec {
    /// A run of the rule `optimizer` with its card's defaults.
    pub fn new(optimizer: &str) -> Self {
        Self {
            optimizer: optimizer.into(),
            learning_rate: None,
            schedule: Schedule::Constant,
            events: Vec::new(),
            variant: None,
            hyperparameters: BTreeMap::new(),
            wrappers: Vec::new(),
            remedy: None,
            head: None,
            label: None,
            colour: None,
            visible: true,
        }
    }

    /// The base rate: the file's, or the card's default (0.001 for a rule that is not in the
    /// catalogue, which `check` refuses anyway).
    pub fn base_rate(&self) -> f64 {
        self.learning_rate.unwrap_or_else(|| {
            optimizers::find(&self.optimizer)
                .map_or(0.001, |rule| rule.card().default_learning_rate)
        })
    }

    /// The base rate of update `step`, from 1, with the changes up to there.
    pub fn base_rate_at(&self, step: u64) -> f64 {
        event::base_at(self.base_rate(), &self.events, step)
    }

    /// The variant that is chosen; none where none is, or its card has no such variant.
    pub fn chosen_variant(&self) -> Option<&'static Variant> {
        let card = optimizers::find(&self.optimizer)?.card();
        card.variant(self.variant.as_deref()?)
    }

    /// Whether the run itself decides otherwise something that the conventions of its rule
    /// differ in, so that the chosen ones do not hold any more.
    pub fn departs_from_conventions(&self) -> bool {
        let Some(card) = optimizers::find(&self.optimizer).map(|rule| rule.card()) else {
            return false;
        };
        let decided = |id: &str| card.variants.iter().any(|v| v.value(id).is_some());
        card.hyperparameters
            .iter()
            .any(|h| decided(h.id) && self.value(h) != self.unset_value(h))
    }

    /// The name of the chosen conventions, or of `usual` where none are, and whether they were
    /// changed by hand.
    pub fn conventions_in_words(&self, usual: Option<&'static Variant>) -> Option<String> {
        let name = self.chosen_variant().or(usual)?.name;
        Some(if self.departs_from_conventions() {
            format!("{name}, changed")
        } else {
            name.to_owned()
        })
    }

    /// What a hyperparameter is when the run itself doesn't set it: the variant's value, or the
    /// card's default.
    pub fn unset_value(&self, hyperparameter: &Hyperparameter) -> f64 {
        let variant = self.chosen_variant();
        let value = variant.and_then(|variant| variant.value(hyperparameter.id));
        value.unwrap_or(hyperparameter.default)
    }

    /// What a hyperparameter is: the run's own value, the variant's, or the card's default.
    pub fn value(&self, hyperparameter: &Hyperparameter) -> f64 {
        let own = self.hyperparameters.get(hyperparameter.id).copied();
        own.unwrap_or_else(|| self.unset_value(hyperparameter))
    }

    /// The name on plots and tables: the file's, or the rule's with what is around it.
    pub fn display_label(&self) -> String {
        if let Some(label) = &self.label {
            return label.clone();
        }
        let rule = optimizers::find(&self.optimizer);
        let mut label = rule
            .map_or(self.optimizer.as_str(), |rule| rule.card().name)
            .to_owned();
        if let Some(conventions) = self.conventions_in_words(None) {
            label = format!("{label} ({conventions})");
        }
        for wrapper in &self.wrappers {
            label = format!("{label} + {}", wrapper.card().name);
        }
        if let Some(remedy) = &self.remedy {
            label = format!("{label} + {}", remedy.card.name);
        }
        if let Some(head) = self.head {
            label = format!("{label}, {} head", head.name());
        }
        label
    }
}

impl Experiment {
    /// Takes over what `edited` changed of `base`, and leaves everything else as it is: two
    /// controls that are changed in the same frame do not undo one another.
    pub fn take_changes(&mut self, base: &Self, edited: &Self) {
        fn take<T: PartialEq + Clone>(mine: &mut T, base: &T, edited: &T) {
            if edited != base {
                mine.clone_from(edited);
            }
        }
        take(&mut self.title, &base.title, &edited.title);
        take(&mut self.notes, &base.notes, &edited.notes);
        take(&mut self.objective, &base.objective, &edited.objective);
        take(&mut self.epochs, &base.epochs, &edited.epochs);
        take(&mut self.seed, &base.seed, &edited.seed);
        take(&mut self.starts, &base.starts, &edited.starts);
        take(&mut self.seeds, &base.seeds, &edited.seeds);
        take(&mut self.runs, &base.runs, &edited.runs);
        take(&mut self.tune, &base.tune, &edited.tune);
    }

    /// The experiment without what only people see: equal parts give equal histories.
    pub fn deciding_part(&self) -> Self {
        let mut part = self.clone();
        part.title.clear();
        part.notes.clear();
        part.tune = None;
        for run in &mut part.runs {
            run.label = None;
            run.colour = None;
            run.visible = true;
        }
        part
    }

    /// Gives every run without a colour the first one that no other run has, so that colours
    /// stay with their runs when others come and go.
    pub fn assign_colours(&mut self) {
        for index in 0..self.runs.len() {
            if self.runs[index].colour.is_none() {
                self.runs[index].colour = Some(self.free_colour());
            }
        }
    }

    /// The least used colour, the first of those.
    pub fn free_colour(&self) -> u8 {
        let uses = |colour: u8| {
            self.runs
                .iter()
                .filter(|run| run.colour == Some(colour))
                .count()
        };
        (0..RUN_COLOURS)
            .min_by_key(|&colour| uses(colour))
            .unwrap_or(0)
    }

    /// How every run is drawn: its colour and, where earlier runs have the same, so many times
    /// [`RUN_COLOURS`] more. Lines of runs that share a colour differ by this.
    pub fn looks(&self) -> Vec<u8> {
        let mut uses = [0_u8; RUN_COLOURS as usize];
        let look = |run: &RunSpec| {
            let colour = run.colour.unwrap_or(0) % RUN_COLOURS;
            let before = uses[usize::from(colour)];
            uses[usize::from(colour)] = (before + 1) % (u8::MAX / RUN_COLOURS);
            before * RUN_COLOURS + colour
        };
        self.runs.iter().map(look).collect()
    }

    /// The first start: the file's, or the landscape's own.
    pub fn start(&self) -> [f64; 2] {
        match self.starts.first().map(Vec::as_slice) {
            Some(&[w1, w2]) => [w1, w2],
            _ => self.objective.start(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::built_in;

    #[test]
    fn runs_that_share_a_colour_look_different() {
        let mut experiment = built_in::find("ai_notes_1").unwrap().experiment();
        let run = experiment.runs[0].clone();
        experiment.runs = vec![run; 10];
        for (index, run) in experiment.runs.iter_mut().enumerate() {
            run.colour = Some(index as u8 % 8);
        }
        experiment.runs[1].colour = None;
        assert_eq!(experiment.looks(), [0, 8, 2, 3, 4, 5, 6, 7, 16, 1]);
        // More than can be told apart begin again, and none is out of range.
        experiment.runs = vec![experiment.runs[0].clone(); 200];
        let looks = experiment.looks();
        assert_eq!((looks[30], looks[31], looks.len()), (240, 0, 200));
    }
}
