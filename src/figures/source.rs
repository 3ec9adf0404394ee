//! The numbers of a plot.

use super::curves::{self, Abscissa, AxisScale, Curve, Quantity};
use super::subject::{LayerQuantity, Replayed, Subject};
use crate::analysis::curvature::Sharpness;
use crate::engine::inside::{Ledger, Remembered, Update};
use crate::engine::{History, Trace};
use crate::models::network::LayerName;
use crate::numbers::norm;
use crate::objective::Objective;

/// The most numbers of one kind that have a curve each; of more there is the length.
pub const MOST_CURVES: usize = 4;

/// Where the numbers of a run come from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    trace: &'a Trace,
    /// What the replay found; none while it is not there.
    ledger: Option<&'a Ledger>,
    /// How sharp it was along the run; none while it is not known.
    sharpness: Option<&'a [Sharpness]>,
    names: &'a [String],
    objective: &'a dyn Objective,
}

impl<'a> Source<'a> {
    /// Of run `run` of a history.
    pub fn new(
        history: &'a History,
        run: usize,
        ledger: Option<&'a Ledger>,
        objective: &'a dyn Objective,
    ) -> Option<Self> {
        Some(Self {
            trace: history.traces.get(run)?,
            ledger,
            sharpness: None,
            names: &history.parameter_names,
            objective,
        })
    }

    /// The same with how sharp it was along the run.
    #[must_use]
    pub fn with_sharpness(self, sharpness: Option<&'a [Sharpness]>) -> Self {
        Self { sharpness, ..self }
    }

    /// The run's trace.
    pub fn trace(&self) -> &'a Trace {
        self.trace
    }

    /// The curves of a plot, in axis units: one, or one a parameter. What is subtracted on a
    /// logarithmic axis is.
    pub fn curves(
        &self,
        subject: Subject,
        abscissa: Abscissa,
        scales: [AxisScale; 2],
    ) -> Vec<Curve> {
        let replayed = match subject {
            Subject::Recorded(quantity) => return self.recorded(quantity, abscissa, scales),
            Subject::Sharpness => return self.sharpness_curves(abscissa, scales),
            Subject::Layer(quantity, layer) => {
                let curve = self.layer_curve((quantity, layer), abscissa, scales);
                return curve.into_iter().collect();
            }
            Subject::Replayed(replayed) => replayed,
        };
        let Some(ledger) = self.ledger else {
            return Vec::new();
        };
        let slot = found(ledger, replayed);
        let Some(count) = count(ledger, replayed, slot) else {
            return Vec::new();
        };
        let curve = |part: usize| {
            let rows = ledger.updates().map(|update| {
                let place = match abscissa {
                    Abscissa::Epochs => update.number,
                    Abscissa::Evaluations => update.evaluations,
                };
                (update.number, place, number(&update, replayed, slot, part))
            });
            Curve::spread(rows, scales)
        };
        parts(count).map(curve).collect()
    }

    /// Where a quantity of a layer stands in what is recorded of the layers.
    fn layer_place(&self, quantity: LayerQuantity, layer: LayerName) -> Option<usize> {
        let (names, name) = (self.objective.layer_names(), layer.to_string());
        let place = names.iter().position(|other| *other == name)?;
        Some(match quantity {
            LayerQuantity::GradientNorm => place,
            LayerQuantity::UpdateRatio => names.len() + place,
        })
    }

    fn layer_curve(
        &self,
        (quantity, layer): (LayerQuantity, LayerName),
        abscissa: Abscissa,
        scales: [AxisScale; 2],
    ) -> Option<Curve> {
        let recorded = &self.trace.layers;
        let values = recorded.values(self.layer_place(quantity, layer)?);
        let places = abscissa.places(self.trace);
        let place = |step: u64| match abscissa {
            Abscissa::Epochs => step,
            Abscissa::Evaluations => self.trace.index_at(step).map_or(0, |index| places[index]),
        };
        let rows = recorded.steps().iter().zip(values);
        let rows = rows.map(|(&step, value)| (step, place(step), value));
        Some(Curve::spread(rows, scales))
    }

    fn layer_value(&self, (quantity, layer): (LayerQuantity, LayerName), step: u64) -> Option<f64> {
        let (_, values) = self.trace.layers.at(step)?;
        values.get(self.layer_place(quantity, layer)?).copied()
    }

    /// The curve of a recorded quantity. The loss over all data comes first and is thickest.
    fn recorded(
        &self,
        quantity: Quantity,
        abscissa: Abscissa,
        scales: [AxisScale; 2],
    ) -> Vec<Curve> {
        let curve = curves::curve_along(self.trace, self.objective, quantity, abscissa, scales);
        let is_loss = quantity == Quantity::Loss;
        let whole =
            is_loss.then(|| curves::whole_loss(self.trace, self.objective, abscissa, scales));
        whole.flatten().into_iter().chain([curve]).collect()
    }

    /// The values of a plot after `step` updates, one a curve; NaN where there is none. Empty
    /// where the run has no such curve.
    pub fn values(&self, subject: Subject, step: u64) -> Vec<f64> {
        let replayed = match subject {
            Subject::Recorded(quantity) => return self.recorded_values(quantity, step),
            Subject::Sharpness => return self.sharpness_values(step),
            Subject::Layer(quantity, layer) => {
                let value = self.layer_value((quantity, layer), step);
                return value.into_iter().collect();
            }
            Subject::Replayed(replayed) => replayed,
        };
        let Some(ledger) = self.ledger else {
            return Vec::new();
        };
        let slot = found(ledger, replayed);
        let Some(count) = count(ledger, replayed, slot) else {
            return Vec::new();
        };
        let update = ledger.update_at(step);
        let value = |part| update.map_or(f64::NAN, |update| number(&update, replayed, slot, part));
        parts(count).map(value).collect()
    }

    fn recorded_values(&self, quantity: Quantity, step: u64) -> Vec<f64> {
        let index = self.trace.index_at(step);
        let value = index.map(|index| curves::value(self.trace, self.objective, quantity, index));
        let whole = self.trace.measured.at(step).map(|(_, values)| values[0]);
        let whole = whole.filter(|_| quantity == Quantity::Loss);
        let value = value.unwrap_or(f64::NAN);
        whole.into_iter().chain([value]).collect()
    }

    fn sharpness_curves(&self, abscissa: Abscissa, scales: [AxisScale; 2]) -> Vec<Curve> {
        let found = self.sharpness.unwrap_or_default();
        let kinds = kinds(found);
        let curve = |kind: &Kind| {
            let rows = found.iter().map(|one| {
                let place = match abscissa {
                    Abscissa::Epochs => one.step,
                    Abscissa::Evaluations => one.evaluations,
                };
                (one.step, place, (kind.value)(one))
            });
            Curve::spread(rows, scales)
        };
        kinds.iter().map(curve).collect()
    }

    fn sharpness_values(&self, step: u64) -> Vec<f64> {
        let found = self.sharpness.unwrap_or_default();
        let after = found.partition_point(|sharpness| sharpness.step <= step);
        let Some(last) = after.checked_sub(1).map(|last| &found[last]) else {
            return Vec::new();
        };
        kinds(found).iter().map(|kind| (kind.value)(last)).collect()
    }

    /// The names of a plot's curves; empty where there is only one.
    pub fn names(&self, subject: Subject) -> Vec<String> {
        if subject == Subject::Sharpness {
            let kinds = kinds(self.sharpness.unwrap_or_default());
            let several = kinds.iter().filter(|_| kinds.len() > 1);
            return several.map(|kind| kind.name.to_owned()).collect();
        }
        let (Some(ledger), Subject::Replayed(replayed)) = (self.ledger, subject) else {
            return Vec::new();
        };
        let slot = found(ledger, replayed);
        match count(ledger, replayed, slot) {
            Some(count) if (2..=MOST_CURVES).contains(&count) => parts(count)
                .map(|part| match slot.is_none_or(|slot| slot.is_by_parameter) {
                    true => self.names.get(part).cloned().unwrap_or_default(),
                    false => (part + 1).to_string(),
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// One of the numbers of a sharpness.
struct Kind {
    name: &'static str,
    value: fn(&Sharpness) -> f64,
}

/// λ_max; the rule's limit, where it is known anywhere along the run; λ_max as the rule meets it,
/// where that differs anywhere.
fn kinds(found: &[Sharpness]) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let mut add = |name, value| kinds.push(Kind { name, value });
    if !found.is_empty() {
        add("λ_max", |one| one.sharpness);
    }
    if found.iter().any(|one| one.limit.is_some()) {
        add("limit", |one| one.limit.unwrap_or(f64::NAN));
    }
    let differs = |one: &Sharpness| one.met.is_some_and(|met| met != one.sharpness);
    if found.iter().any(differs) {
        add("as met", |one| one.met.unwrap_or(f64::NAN));
    }
    kinds
}

/// The slot that a plot is of, where the rule has it.
fn found(ledger: &Ledger, replayed: Replayed) -> Option<&Remembered> {
    let Replayed::Slot {
        symbol, meaning, ..
    } = replayed
    else {
        return None;
    };
    let mut slots = ledger.slots().iter();
    slots.find(|slot| slot.symbol == symbol && slot.meaning == meaning)
}

/// How many numbers a plot has at one update; none where the rule has no such thing.
fn count(ledger: &Ledger, replayed: Replayed, slot: Option<&Remembered>) -> Option<usize> {
    match replayed {
        Replayed::EffectiveStep => Some(ledger.dimension()),
        Replayed::Slot { .. } => slot.map(Remembered::len),
        Replayed::Cosine => Some(1),
    }
}

/// Which of so many numbers have a curve; where there are too many, their length has one.
fn parts(count: usize) -> std::ops::Range<usize> {
    if count > MOST_CURVES {
        ALL..ALL + 1
    } else {
        0..count
    }
}

/// Stands for the length of all numbers.
const ALL: usize = MOST_CURVES;

fn number(update: &Update<'_>, replayed: Replayed, slot: Option<&Remembered>, part: usize) -> f64 {
    match (replayed, slot) {
        (Replayed::Cosine, _) => update.cosine(),
        (Replayed::EffectiveStep, _) if part == ALL => update.effective_step(),
        (Replayed::EffectiveStep, _) => update.effective_steps().nth(part).unwrap_or(f64::NAN),
        (_, Some(slot)) if part == ALL => norm(update.slot(slot).iter().copied()),
        (_, Some(slot)) => update.slot(slot).get(part).copied().unwrap_or(f64::NAN),
        (_, None) => f64::NAN,
    }
}
