//! What the controls of maps and tuning stand at.

use crate::analysis::map::{MapQuestion, MapValue};
use crate::analysis::tuner::USUAL_BUDGET_TRAINED;
use crate::experiment::{Axis, Criterion, Experiment, ObjectiveSpec, Quantity, Spread};

/// Cells along either side of a map.
pub const CELLS: usize = 256;

/// The same where every trial goes through the simulation.
pub const CELLS_ALONE: usize = 48;

/// The same where every trial is a training.
const CELLS_TRAINED: usize = 12;

/// An axis of the map as it was set; what was not set is as usual for its quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisForm {
    /// What varies.
    pub quantity: Quantity,
    /// From where to where.
    pub range: Option<(f64, f64)>,
    /// How it is spread.
    pub spread: Option<Spread>,
}

/// What the map shows.
#[derive(Clone, Debug, PartialEq)]
pub struct MapForm {
    /// Which run.
    pub run: usize,
    /// Left to right.
    pub x: AxisForm,
    /// Bottom to top.
    pub y: AxisForm,
    /// What the colours mean.
    pub value: MapValue,
    /// The loss to be reached, where it was set.
    pub target: Option<f64>,
}

/// The loss to be reached: the one that was set, or the experiment's own.
fn target(set: Option<f64>, experiment: &Experiment) -> f64 {
    let own = experiment.tune.as_ref().and_then(|tune| tune.target);
    set.or(own).unwrap_or(0.01)
}

impl AxisForm {
    /// A quantity as usual.
    pub fn new(quantity: Quantity) -> Self {
        Self {
            quantity,
            range: None,
            spread: None,
        }
    }

    /// The axis for a run; that of another quantity where the run has not this one.
    pub fn axis(&self, experiment: &Experiment, run: usize, instead: &Quantity) -> Option<Axis> {
        let axis = Axis::usual(self.quantity.clone(), experiment, run);
        let Ok(mut axis) = axis else {
            return Axis::usual(instead.clone(), experiment, run).ok();
        };
        if let Some((low, high)) = self.range {
            (axis.low, axis.high) = (low, high);
        }
        axis.spread = self.spread.unwrap_or(axis.spread);
        if axis.spread == Spread::Logarithmic && axis.low <= 0.0 {
            axis.spread = Spread::Linear;
        }
        (axis.low < axis.high).then_some(axis)
    }
}

impl Default for MapForm {
    fn default() -> Self {
        Self {
            run: 0,
            x: AxisForm::new(Quantity::LearningRate),
            y: AxisForm::new(Quantity::Decay),
            value: MapValue::default(),
            target: None,
        }
    }
}

impl MapForm {
    /// The loss to be reached.
    pub fn target(&self, experiment: &Experiment) -> f64 {
        target(self.target, experiment)
    }

    /// The question for an experiment; none where its run has no such quantities.
    pub fn question(&self, experiment: &Experiment) -> Option<MapQuestion> {
        let run = self.run.min(experiment.runs.len().checked_sub(1)?);
        let x = self.x.axis(experiment, run, &Quantity::LearningRate)?;
        let mut y = self.y.axis(experiment, run, &Quantity::Decay);
        if y.as_ref().is_none_or(|y| y.quantity == x.quantity) {
            let others = Quantity::of_run(experiment, run).into_iter();
            let other = others
                .into_iter()
                .find(|quantity| *quantity != x.quantity)?;
            y = Axis::usual(other, experiment, run).ok();
        }
        let y = y?;
        let cells = |axis: &Axis, most: usize| match axis.whole {
            true => ((axis.high - axis.low) as usize + 1).clamp(2, most),
            false => most,
        };
        let most = match Cost::of(experiment, run) {
            Cost::Packed => CELLS,
            Cost::Alone => CELLS_ALONE,
            Cost::Trained => CELLS_TRAINED,
        };
        Some(MapQuestion {
            experiment: experiment.deciding_part(),
            run,
            cells: [cells(&x, most), cells(&y, most)],
            x,
            y,
            target: self.target(experiment),
        })
    }
}

/// What a trial costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Microseconds: a landscape, eight trials in one number.
    Packed,
    /// Many times as much: rules that ask the objective, and regressions.
    Alone,
    /// Seconds: a network.
    Trained,
}

impl Cost {
    /// That of a run's trials.
    pub fn of(experiment: &Experiment, run: usize) -> Self {
        let objective = &experiment.objective;
        if matches!(
            objective,
            ObjectiveSpec::Network(_) | ObjectiveSpec::Tasks(_)
        ) {
            return Self::Trained;
        }
        let spec = experiment.runs.get(run);
        let rule = spec.and_then(|spec| crate::optimizers::find(&spec.optimizer));
        let around = spec.map_or(&[][..], |spec| &spec.wrappers);
        let asks = rule.is_none_or(|rule| rule.card().needs.asks())
            || around.iter().any(|around| around.card().needs.asks());
        match objective.landscape().is_some() && !asks {
            true => Self::Packed,
            false => Self::Alone,
        }
    }
}

/// How the search is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchForm {
    /// What makes a setting better, where it was set.
    pub criterion: Option<Criterion>,
    /// The loss to be reached, where it was set.
    pub target: Option<f64>,
    /// Trials for each run.
    pub budget: u64,
    /// The same where each is the training of a network.
    pub trainings: u64,
    /// What is searched beside learning rate and decay.
    pub also: Vec<Quantity>,
    /// The seed.
    pub seed: u64,
}

impl Default for SearchForm {
    fn default() -> Self {
        Self {
            criterion: None,
            target: None,
            budget: 1 << 16,
            trainings: USUAL_BUDGET_TRAINED,
            also: Vec::new(),
            seed: 0,
        }
    }
}

impl SearchForm {
    /// What makes a setting better: what was set, or what the experiment says.
    pub fn criterion(&self, experiment: &Experiment) -> Criterion {
        let own = experiment.tune.as_ref().map(|tune| tune.criterion);
        self.criterion.or(own).unwrap_or_default()
    }

    /// The loss to be reached.
    pub fn target(&self, experiment: &Experiment) -> f64 {
        target(self.target, experiment)
    }
}
