//! The conventions of momentum, side by side.

use super::WorkedUpdate;
use crate::experiment::{Checked, CheckedRun};
use crate::formulas::Math;

/// A convention of a velocity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convention {
    /// The variant of the rule's card.
    pub variant: &'static str,
    /// In Unicode mathematics.
    pub formula: &'static str,
    /// Who writes it so.
    pub used_by: &'static str,
}

/// A sum of gradients.
const SUM: Convention = Convention {
    variant: "torch",
    formula: "v ← βv + g,  w ← w − αv",
    used_by: "Polyak (1964), torch.optim.SGD, Zhang et al., Dive into Deep Learning; with the rate \
              inside v, which is the same while the rate is constant, Goodfellow, Bengio & \
              Courville, Deep Learning, Sutskever et al. (2013), Keras",
};

/// A mean of gradients.
const MEAN: Convention = Convention {
    variant: "ema",
    formula: "v ← βv + (1 − β)g,  w ← w − αv",
    used_by: "Andrew Ng's Deep Learning Specialization; the gradient's running mean of Adam \
              (Kingma & Ba 2015) without its correction",
};

/// The same experiment with run `run` under each convention; none for a rule that has only one.
pub fn conventions(checked: &Checked, run: usize) -> Vec<(Convention, Checked)> {
    let Some(card) = checked.runs.get(run).map(|run| run.optimizer.card()) else {
        return Vec::new();
    };
    let under = |convention: Convention| {
        let variant = card.variant(convention.variant)?;
        let mut other = checked.clone();
        let settings = card.hyperparameters.iter();
        for (place, setting) in settings.enumerate().filter(|(_, h)| is_form(h.id)) {
            let value = variant.value(setting.id).unwrap_or(setting.default);
            other.runs[run].hyperparameters[place] = value;
        }
        Some((convention, other))
    };
    let both: Option<Vec<_>> = [SUM, MEAN].into_iter().map(under).collect();
    both.unwrap_or_default()
}

/// The setting that a convention of velocity is.
fn is_form(id: &str) -> bool {
    id == "form"
}

/// How a velocity came about: v ← decay·v + weight·g, w ← w − rate·v.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Velocity {
    /// What is kept of the old velocity; none where there is no velocity and g stands for it.
    pub decay: Option<f64>,
    /// What the gradient counts.
    pub weight: f64,
    /// What the velocity is multiplied with.
    pub rate: f64,
}

/// The velocity's arithmetic at an update, where the rule has one, or is plain gradient descent.
/// It is taken from the run's settings and held against the numbers of the update: what differs,
/// because of a wrapper or another rule, has none.
pub fn velocity(run: &CheckedRun, update: &WorkedUpdate) -> Option<Velocity> {
    let card = run.optimizer.card();
    let setting = |id: &str| {
        let place = card.hyperparameters.iter().position(|h| h.id == id)?;
        run.hyperparameters.get(place).copied()
    };
    let rate = update.learning_rate;
    let plain = Velocity {
        decay: None,
        weight: 1.0,
        rate,
    };
    let candidates = match setting("momentum") {
        None => vec![plain],
        Some(decay) => {
            let damped = 1.0 - setting("dampening").unwrap_or(0.0);
            let of = |weight, rate| Velocity {
                decay: Some(decay),
                weight,
                rate,
            };
            vec![
                of(1.0, rate),
                of(damped, rate),
                of(1.0 - decay, rate),
                of(rate, 1.0),
                of(rate * damped, 1.0),
            ]
        }
    };
    candidates
        .into_iter()
        .find(|velocity| velocity.fits(update))
}

impl Velocity {
    /// Whether the update's numbers are those that this arithmetic gives.
    fn fits(&self, update: &WorkedUpdate) -> bool {
        let slot = update.memory.first().filter(|slot| slot.is_by_parameter);
        let is_near =
            |found: f64, expected: f64| (found - expected).abs() <= 1e-9 * (1.0 + expected.abs());
        (0..update.before.len()).all(|j| {
            let g = update.batch.gradient[j];
            let v = match (self.decay, slot) {
                (None, _) => g,
                (Some(decay), Some(slot)) => {
                    let expected = decay * slot.before[j] + self.weight * g;
                    if !is_near(slot.after[j], expected) {
                        return false;
                    }
                    slot.after[j]
                }
                (Some(_), None) => return false,
            };
            is_near(update.after[j], update.before[j] - self.rate * v)
        })
    }

    /// The lines of parameter `j`, called `name`: its velocity, if there is one, and itself, with
    /// the update's numbers in them.
    pub fn lines(&self, update: &WorkedUpdate, j: usize, name: &str) -> Vec<Math> {
        let op = Math::Operator;
        let g = update.batch.gradient[j];
        let (mut lines, mut v) = (Vec::new(), g);
        if let (Some(decay), Some(slot)) = (self.decay, update.memory.first()) {
            v = slot.after[j];
            let mut sum = vec![
                Math::name("v").below(Math::name(name)),
                op("←"),
                Math::Number(decay),
                op("·"),
                Math::factor(slot.before[j]),
                op("+"),
            ];
            if self.weight != 1.0 {
                sum.extend([Math::Number(self.weight), op("·")]);
            }
            sum.extend([Math::factor(g), op("="), Math::Number(v)]);
            lines.push(Math::Row(sum));
        }
        let mut step = vec![
            Math::name(name),
            op("←"),
            Math::Number(update.before[j]),
            op("−"),
        ];
        if self.rate != 1.0 {
            step.extend([Math::Number(self.rate), op("·")]);
        }
        step.extend([Math::factor(v), op("="), Math::Number(update.after[j])]);
        lines.push(Math::Row(step));
        lines
    }
}
