//! Update rules: what a rule is, and the list of all of them.
//!
//! A rule is a card (everything that is known about it) and a step, written once over
//! [`Real`]. It knows no landscape, no network and no window.
//!
//! Adding a rule: its file here, one `mod` line, one line in [`OPTIMIZERS`], and its golden
//! trajectories in `tests/golden/optimizers/`.

mod acprop;
mod adabelief;
mod adabound;
mod adadelta;
mod adafactor;
mod adagrad;
mod adahessian;
mod adam;
mod adamax;
mod adamw;
mod adan;
mod ademamix;
mod adopt;
mod aggmo;
mod amsgrad;
mod asgd;
mod card;
mod cocob;
mod composed;
mod conjugate_gradient;
mod dadapt_adamw;
mod dog;
mod fromage;
mod lamb;
mod lane_by_lane;
mod lars;
mod lbfgs;
mod line_search;
mod lion;
mod madgrad;
mod memory;
mod momentum;
mod muon;
mod nadam;
pub(crate) mod named_settings;
mod nelder_mead;
mod nesterov;
mod newton;
mod novograd;
pub mod packed;
mod polyak_sgd;
mod probe;
mod prodigy;
mod qhadam;
mod qhm;
mod radam;
mod rectification;
mod rmsprop;
mod rprop;
mod schedule_free;
mod schedule_free_adamw;
mod schedule_free_sgd;
mod sgd;
mod shape;
mod signsgd;
mod signum;
mod slot;
mod sophia;
mod stability;
pub mod wrappers;
mod yogi;

pub use crate::numbers::{Domain, Scale};
pub use card::{Family, Fits, Hyperparameter, Needs, OptimizerCard, Scope, Variant};
pub use composed::{Composed, Owner};
pub use memory::{Memory, MemoryView, Place};
pub use probe::Probe;
pub use shape::Shape;
pub use slot::{Extent, Holds, Slot};
pub use stability::{Divisor, Stability};

use crate::numbers::{Lanes, Real, Recorded, Scalar};
use std::fmt;

/// What a rule is told at one update.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a, R> {
    /// Number of this update, from 1.
    pub number: u64,
    /// The rate that the schedule gives for this update.
    pub learning_rate: R,
    /// J at the parameters before the update.
    pub loss: R,
    /// ∂J/∂w at the parameters before the update, one entry a parameter.
    pub gradient: &'a [R],
    /// The rule's hyperparameters in the order of its card.
    pub hyperparameters: &'a [R],
    /// The blocks that the parameters lie in, one after the other; a single one for a rule
    /// whose scope is the block.
    pub shapes: &'a [Shape],
    /// The objective, for a rule whose card says that it asks.
    pub objective: &'a dyn Probe<R>,
}

impl<R: Real> Step<'_, R> {
    /// The hyperparameters as an array, to be taken apart by name.
    ///
    /// # Panics
    /// When the card of the rule lists another number of them; every rule's first step in the
    /// tests would show it.
    #[inline(always)]
    pub fn settings<const N: usize>(&self) -> [R; N] {
        self.hyperparameters
            .try_into()
            .expect("a rule takes apart as many hyperparameters as its card lists")
    }
}

/// Whether the second of two conventions is chosen.
#[inline(always)]
fn second<R: Real>(convention: R) -> R::Mask {
    R::constant(0.5).less_than(convention)
}

/// ε as it stands beside the corrected root √(v/c). Keras has it beside √v, before the
/// correction: (√v + ε)/√c = √(v/c) + ε/√c.
#[inline(always)]
fn beside_corrected_root<R: Real>(epsilon: R, epsilon_hat: R, correction: R) -> R {
    let is_before = second(epsilon_hat);
    if !R::any(is_before) {
        return epsilon;
    }
    // Hidden from the compiler, which would take the root in advance in case it will be needed.
    let root = std::hint::black_box(correction).square_root();
    R::select(is_before, (epsilon / root).named("ε′"), epsilon)
}

impl<R: Scalar> Step<'_, R> {
    /// Writes the diagonal of the Hessian at `at`, exact or estimated, into `diagonal`.
    fn curvatures(&self, sampled: R, at: &[R], diagonal: &mut [R]) {
        if sampled < R::constant(0.5) {
            self.objective.hessian_diagonal(at, diagonal);
        } else {
            self.objective.sampled_hessian_diagonal(at, diagonal);
        }
    }
}

/// One update of the parameters, in place.
pub trait UpdateRule<R: Real>: Send + Sync {
    /// Moves `parameters` by one step and brings `memory` up to date.
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>);
}

/// A rule of the catalogue: a step on every number type, and its card.
pub trait Optimizer:
    UpdateRule<f64> + UpdateRule<f32> + UpdateRule<Lanes> + UpdateRule<Recorded> + packed::PackedRule
{
    /// What is known about it.
    fn card(&self) -> &'static OptimizerCard;
}

impl fmt::Debug for dyn Optimizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.card().id)
    }
}

/// Every rule, in menu order.
pub static OPTIMIZERS: &[&dyn Optimizer] = &[
    &sgd::Sgd,
    &asgd::Asgd,
    &polyak_sgd::PolyakSgd,
    &schedule_free_sgd::ScheduleFreeSgd,
    &momentum::Momentum,
    &nesterov::Nesterov,
    &qhm::Qhm,
    &aggmo::AggMo,
    &adagrad::Adagrad,
    &adadelta::Adadelta,
    &rmsprop::RmsProp,
    &adam::Adam,
    &adamw::AdamW,
    &amsgrad::AmsGrad,
    &adamax::Adamax,
    &nadam::NAdam,
    &radam::RAdam,
    &adabelief::AdaBelief,
    &acprop::AcProp,
    &yogi::Yogi,
    &qhadam::QhAdam,
    &adan::Adan,
    &adopt::Adopt,
    &ademamix::AdEMAMix,
    &adabound::AdaBound,
    &madgrad::Madgrad,
    &schedule_free_adamw::ScheduleFreeAdamW,
    &signsgd::SignSgd,
    &signum::Signum,
    &lion::Lion,
    &rprop::Rprop,
    &lars::Lars,
    &lamb::Lamb,
    &fromage::Fromage,
    &adafactor::Adafactor,
    &muon::Muon,
    &novograd::NovoGrad,
    &dog::Dog,
    &dadapt_adamw::DAdaptAdamW,
    &prodigy::Prodigy,
    &cocob::Cocob,
    &adahessian::AdaHessian,
    &sophia::Sophia,
    &newton::Newton,
    &lbfgs::Lbfgs,
    &conjugate_gradient::ConjugateGradient,
    &nelder_mead::NelderMead,
];

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static dyn Optimizer> {
    OPTIMIZERS
        .iter()
        .copied()
        .find(|optimizer| optimizer.card().id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// J = Σ w².
    struct Bowl;

    impl<R: Real> Probe<R> for Bowl {
        fn value(&self, at: &[R]) -> R {
            at.iter().fold(R::zero(), |sum, w| sum + w.squared())
        }

        fn gradient(&self, at: &[R], gradient: &mut [R]) -> R {
            for (g, &w) in gradient.iter_mut().zip(at) {
                *g = R::constant(2.0) * w;
            }
            self.value(at)
        }

        fn hessian(&self, at: &[R], rows: &mut [R]) {
            rows.fill(R::zero());
            let diagonal = rows.iter_mut().step_by(at.len() + 1);
            diagonal.for_each(|h| *h = R::constant(2.0));
        }

        fn hessian_diagonal(&self, _: &[R], diagonal: &mut [R]) {
            diagonal.fill(R::constant(2.0));
        }

        fn sampled_hessian_diagonal(&self, _: &[R], diagonal: &mut [R]) {
            diagonal.fill(R::constant(2.0));
        }
    }

    /// Two steps of a rule by hand-checked arithmetic, on one number type.
    fn two_steps<R: Real>(rule: &(impl UpdateRule<R> + ?Sized), card: &OptimizerCard) -> [R; 2] {
        let settings: Vec<R> = card
            .hyperparameters
            .iter()
            .map(|h| R::constant(h.default))
            .collect();
        let mut parameters = [R::constant(1.0), R::constant(-2.0)];
        let shapes = [Shape::vector(2)];
        let mut memory = card.memory(&shapes);
        for (number, gradient) in [(1, [0.5, -1.0]), (2, [0.25, 3.0])] {
            let now = Step {
                number,
                learning_rate: R::constant(0.1),
                loss: Bowl.value(&parameters),
                gradient: &gradient.map(R::constant),
                hyperparameters: &settings,
                shapes: &shapes,
                objective: &Bowl,
            };
            rule.step(&now, &mut parameters, memory.lend());
        }
        parameters
    }

    #[test]
    fn every_rule_steps_on_every_number_type_and_moves() {
        for optimizer in OPTIMIZERS {
            let card = optimizer.card();
            let double = two_steps::<f64>(*optimizer, card);
            let single = two_steps::<f32>(*optimizer, card);
            let lanes = two_steps::<Lanes>(*optimizer, card);
            for i in 0..2 {
                assert!(double[i].is_finite(), "{}", card.id);
                assert!(
                    (double[i] - f64::from(single[i])).abs() < 1e-4,
                    "{}",
                    card.id
                );
                assert_eq!(lanes[i].0, [double[i]; 8], "{}", card.id);
            }
            assert!(double != [1.0, -2.0], "{} did not move", card.id);
            if card.needs.uses_gradient() {
                assert!(double[0] < 1.0, "{} did not go downhill", card.id);
            }
        }
    }

    #[test]
    fn cards_are_complete_and_consistent() {
        for (index, optimizer) in OPTIMIZERS.iter().enumerate() {
            let card = optimizer.card();
            assert!(
                !card.formula.is_empty() && !card.about.is_empty(),
                "{}",
                card.id
            );
            assert!(
                card.citation.chars().any(|c| c.is_ascii_digit()),
                "{}",
                card.id
            );
            assert!(card.default_learning_rate > 0.0);
            for h in card.hyperparameters {
                assert!(h.domain.contains(h.default), "{}.{}", card.id, h.id);
                assert!(h.slider.0 < h.slider.1, "{}.{}", card.id, h.id);
                assert!(h.domain.contains(h.slider.0) && h.domain.contains(h.slider.1));
                assert!(h.scale != Scale::Logarithmic || h.slider.0 > 0.0);
            }
            // What a rule asks concerns all parameters.
            assert!(
                !card.needs.asks() || card.scope == Scope::AllBlocks,
                "{}",
                card.id
            );
            for (index, variant) in card.variants.iter().enumerate() {
                let id = variant.id;
                assert!(card.variants[..index].iter().all(|other| other.id != id));
                for (name, value) in variant.settings {
                    let set = card.hyperparameter(name);
                    let set = set.unwrap_or_else(|| panic!("{}, {id}: {name}", card.id));
                    assert!(set.domain.contains(*value), "{}, {id}: {name}", card.id);
                }
            }
            assert!(OPTIMIZERS[..index].iter().all(|o| o.card().id != card.id));
        }
    }

    #[test]
    fn formulas_use_every_symbol_once_defined() {
        for optimizer in OPTIMIZERS {
            let card = optimizer.card();
            let formula = card.formula.join("\n");
            let is_number =
                |h: &&Hyperparameter| !matches!(h.scale, Scale::Flag | Scale::Choice(_));
            let settings = card.hyperparameters.iter().filter(is_number);
            let slots = card.slots.iter().chain(card.scalar_slots);
            let symbols: Vec<_> = settings
                .map(|h| h.symbol)
                .chain(slots.map(|slot| slot.symbol))
                .collect();
            for (index, symbol) in symbols.iter().enumerate() {
                assert!(formula.contains(symbol), "{}: {symbol}", card.id);
                assert!(!symbols[..index].contains(symbol), "{}: {symbol}", card.id);
            }
        }
    }

    #[test]
    fn families_stand_together() {
        let mut families: Vec<_> = OPTIMIZERS.iter().map(|o| o.card().family).collect();
        families.dedup();
        for (index, family) in families.iter().enumerate() {
            assert!(!families[..index].contains(family), "{family} twice");
        }
    }
}
