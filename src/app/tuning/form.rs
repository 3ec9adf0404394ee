//! What the controls of maps stand at.

use crate::analysis::map::{MapQuestion, MapValue};
use crate::app::state::Lab;
use crate::experiment::{Axis, Experiment, ObjectiveSpec, Quantity, Spread};
use std::sync::Arc;

/// How many cells a map has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fineness {
    /// Half as many along either side as usual.
    Coarse,
    /// As many as are seen at a glance.
    #[default]
    Usual,
    /// Twice as many.
    Fine,
}

impl Fineness {
    /// All, in menu order.
    pub const ALL: [Self; 3] = [Self::Coarse, Self::Usual, Self::Fine];

    /// Cells along either side of a map whose trials cost this.
    pub fn cells(self, cost: Cost) -> usize {
        let usual = match cost {
            Cost::Packed => 256,
            Cost::Alone => 48,
            Cost::Trained => 12,
        };
        match self {
            Self::Coarse => usual / 2,
            Self::Usual => usual,
            Self::Fine => 2 * usual,
        }
    }
}

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
    /// Whether every run that is shown has a map of its own beside it.
    pub all: bool,
    /// Left to right.
    pub x: AxisForm,
    /// Bottom to top.
    pub y: AxisForm,
    /// What the colours mean.
    pub value: MapValue,
    /// The loss to be reached, where it was set, and for which document.
    pub target: Option<(u64, f64)>,
    /// How many cells.
    pub fineness: Fineness,
}

/// The loss to be reached where nobody says: a hundredth above the least that is known.
pub fn usual_target(lab: &Lab) -> f64 {
    let recorded = || lab.record_here()?.checked.objective.least_value();
    let least = match lab.experiment.objective.landscape() {
        Some(landscape) => Some(landscape.card().least_value()),
        None => recorded(),
    };
    let least = least.filter(|least| least.is_finite()).unwrap_or(0.0);
    // In few digits, and above it all the same.
    let above = least + 0.01 * least.abs().max(1.0);
    let short: f64 = format!("{above:.3e}").parse().unwrap_or(above);
    if short > least { short } else { above }
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
        match self.range {
            Some(range) => (axis.low, axis.high) = range,
            None => take_in(&mut axis, experiment, run),
        }
        axis.spread = self.spread.unwrap_or(axis.spread);
        if axis.spread == Spread::Logarithmic && axis.low <= 0.0 {
            axis.spread = Spread::Linear;
        }
        (axis.low < axis.high).then_some(axis)
    }
}

/// Widens a logarithmic axis by whole decades until the run's own value lies on it.
fn take_in(axis: &mut Axis, experiment: &Experiment, run: usize) {
    let value = axis.quantity.value(experiment, run);
    let traits = axis.quantity.traits(experiment, run);
    let (Some(value), Ok(traits)) = (value.filter(|value| *value > 0.0), traits) else {
        return;
    };
    if axis.spread != Spread::Logarithmic {
        return;
    }
    let (low, high) = (
        10_f64.powf(value.log10().floor()),
        10_f64.powf(value.log10().ceil()),
    );
    if value < axis.low && traits.domain.contains(low) && low > 0.0 {
        axis.low = low;
    }
    if value > axis.high && traits.domain.contains(high) && high.is_finite() {
        axis.high = high;
    }
}

impl Default for MapForm {
    fn default() -> Self {
        Self {
            run: 0,
            all: false,
            x: AxisForm::new(Quantity::LearningRate),
            y: AxisForm::new(Quantity::Decay),
            value: MapValue::default(),
            target: None,
            fineness: Fineness::Usual,
        }
    }
}

impl MapForm {
    /// The loss to be reached: the one that was set, or the experiment's own.
    pub fn target(&self, lab: &Lab) -> f64 {
        let own = lab.experiment.tune.as_ref().and_then(|tune| tune.target);
        let set = self.target.filter(|(of, _)| *of == lab.document.id);
        set.map(|(_, target)| target)
            .or(own)
            .unwrap_or_else(|| usual_target(lab))
    }

    /// The axes of the map of its run; none where the run has no such quantities.
    pub fn axes(&self, experiment: &Experiment) -> Option<[Axis; 2]> {
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
        Some([x, y?])
    }

    /// The questions for the runs that are on the map; without those that lack one of its
    /// quantities.
    pub fn questions(&self, lab: &Lab) -> Vec<MapQuestion> {
        let experiment = &lab.experiment;
        let Some([x, y]) = self.axes(experiment) else {
            return Vec::new();
        };
        let deciding = Arc::new(experiment.deciding_part());
        let target = self.target(lab);
        let over = |run: usize, x: Axis, y: Axis| MapQuestion {
            experiment: Arc::clone(&deciding),
            run,
            cells: self.cells(Cost::of(experiment, run), [&x, &y]),
            x,
            y,
            target,
        };
        if !self.all {
            return vec![over(self.run.min(experiment.runs.len() - 1), x, y)];
        }
        let own = |form: &AxisForm, axis: &Axis, run: usize| {
            let form = match form.quantity == axis.quantity {
                true => form.clone(),
                false => AxisForm::new(axis.quantity.clone()),
            };
            axis.quantity.traits(experiment, run).ok()?;
            form.axis(experiment, run, &axis.quantity)
        };
        let of = |run: usize| {
            let (x, y) = (own(&self.x, &x, run)?, own(&self.y, &y, run)?);
            Some(over(run, x, y))
        };
        lab.shown_runs().filter_map(|(run, _)| of(run)).collect()
    }

    /// Cells along both axes of a map whose trials cost this.
    fn cells(&self, cost: Cost, axes: [&Axis; 2]) -> [usize; 2] {
        let most = self.cells_a_side(self.fineness, cost);
        axes.map(|axis| match axis.whole {
            true => ((axis.high - axis.low) as usize + 1).clamp(2, most),
            false => most,
        })
    }

    /// Cells along either side with this fineness; beside others maps are drawn smaller.
    pub fn cells_a_side(&self, fineness: Fineness, cost: Cost) -> usize {
        let cells = fineness.cells(cost);
        if self.all { cells / 2 } else { cells }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn a_usual_axis_takes_in_the_runs_own_value() {
        let rates = |rate: &str| {
            let text = format!(
                "(version: 1, objective: Landscape(surface: \"booth\"), runs: [(optimizer: \
                 \"sgd\", learning_rate: {rate})])"
            );
            let experiment = preset::read(&text).unwrap();
            let form = AxisForm::new(Quantity::LearningRate);
            let axis = form.axis(&experiment, 0, &Quantity::LearningRate).unwrap();
            (axis.low, axis.high)
        };
        assert_eq!(rates("0.01"), (1e-6, 1.0));
        assert_eq!(rates("1.26"), (1e-6, 10.0));
        assert_eq!(rates("3e-9").1, 1.0);
        assert!((rates("3e-9").0 / 1e-9 - 1.0).abs() < 1e-9);
        // Without one that is above 0 it is as usual.
        assert_eq!(rates("0"), (1e-6, 1.0));
    }
}
