//! What a rule remembers, as its card tells it.

use super::Shape;
use serde::Serialize;

/// A number (a parameter, or a block) that a rule remembers between steps.
#[derive(Debug, Serialize)]
pub struct Slot {
    /// The symbol in the formula.
    pub symbol: &'static str,
    /// What it holds.
    pub meaning: &'static str,
    /// Its value before the first step.
    pub initial: f64,
    /// How many numbers it is, where it is not a scalar.
    pub extent: Extent,
    /// How it is read, and so how it is drawn.
    pub holds: Holds,
    /// Whether it follows from the hyperparameters and the number of updates alone, whatever the
    /// gradients and the rates have been.
    #[serde(skip)]
    pub is_power: bool,
}

/// How the numbers of a slot are read beside the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// A vector that points where the gradient does: steps go against it.
    Uphill,
    /// A vector that points where steps go.
    Downhill,
    /// Squares of sizes, one a parameter, none below 0.
    Squares,
    /// Sizes, one a parameter.
    Sizes,
    /// A point among the parameters.
    Place,
    /// None of these.
    Numbers,
}

/// How many numbers a slot holds for n parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// One a parameter.
    Each,
    /// So many a parameter: past vectors, one after the other.
    Past(usize),
    /// The n + 1 corners of a simplex, n numbers each.
    Simplex,
    /// One a corner of a simplex.
    Corners,
    /// One a row of a matrix, none for a vector.
    Rows,
    /// One a column of a matrix, none for a vector.
    Columns,
    /// One a parameter of a vector, none for a matrix.
    EachOfVectors,
}

impl Extent {
    /// The numbers for blocks of these shapes.
    pub fn size(self, shapes: &[Shape]) -> usize {
        let each = |size: fn(&Shape) -> usize| -> usize { shapes.iter().map(size).sum() };
        let parameters = each(|shape| shape.size());
        let matrix = |size: usize, shape: &Shape| if shape.is_matrix() { size } else { 0 };
        match self {
            Self::Each => parameters,
            Self::Past(count) => count * parameters,
            Self::Simplex => (parameters + 1) * parameters,
            Self::Corners => parameters + 1,
            Self::Rows => shapes.iter().map(|shape| matrix(shape.rows, shape)).sum(),
            Self::Columns => shapes
                .iter()
                .map(|shape| matrix(shape.columns, shape))
                .sum(),
            Self::EachOfVectors => each(|shape| if shape.is_matrix() { 0 } else { shape.size() }),
        }
    }
}

impl Slot {
    /// The m of Adam and its relatives.
    pub const FIRST_MOMENT: Self = Self::new("m", "first moment: mean gradient").uphill();

    /// The v of Adam and its relatives.
    pub const SECOND_MOMENT: Self =
        Self::new("v", "second moment: mean squared gradient").squares();

    /// The running power that corrects m.
    pub const BETA1_POWER: Self = Self::power("β₁ᵗ", "what is left of the initial m");

    /// The running power that corrects v.
    pub const BETA2_POWER: Self = Self::power("β₂ᵗ", "what is left of the initial v");

    /// A slot that starts at 0.
    pub const fn new(symbol: &'static str, meaning: &'static str) -> Self {
        Self {
            symbol,
            meaning,
            initial: 0.0,
            extent: Extent::Each,
            holds: Holds::Numbers,
            is_power: false,
        }
    }

    /// A running power βᵗ, which starts at 1, or another number that follows from the
    /// hyperparameters and the number of updates alone: packs of a sweep may have it in common.
    pub const fn power(symbol: &'static str, meaning: &'static str) -> Self {
        Self {
            initial: 1.0,
            is_power: true,
            ..Self::new(symbol, meaning)
        }
    }

    /// A slot of another extent than one number a parameter.
    pub const fn of(extent: Extent, symbol: &'static str, meaning: &'static str) -> Self {
        Self {
            extent,
            ..Self::new(symbol, meaning)
        }
    }

    /// The same, pointing where the gradient does.
    pub const fn uphill(self) -> Self {
        self.holding(Holds::Uphill)
    }

    /// The same, pointing where steps go.
    pub const fn downhill(self) -> Self {
        self.holding(Holds::Downhill)
    }

    /// The same, of squared sizes.
    pub const fn squares(self) -> Self {
        self.holding(Holds::Squares)
    }

    /// The same, of sizes.
    pub const fn sizes(self) -> Self {
        self.holding(Holds::Sizes)
    }

    /// The same, a point among the parameters.
    pub const fn place(self) -> Self {
        self.holding(Holds::Place)
    }

    const fn holding(self, holds: Holds) -> Self {
        Self { holds, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::{OPTIMIZERS, Probe, Step, UpdateRule, wrappers::WRAPPERS};

    #[test]
    fn every_slot_with_a_number_a_parameter_says_how_it_is_read() {
        let rules = OPTIMIZERS
            .iter()
            .map(|rule| (rule.card().id, rule.card().slots));
        let around = WRAPPERS
            .iter()
            .map(|around| (around.card().id, around.card().slots));
        for (id, slots) in rules.chain(around) {
            for slot in slots.iter().filter(|slot| slot.extent == Extent::Each) {
                assert_ne!(slot.holds, Holds::Numbers, "{id}: {}", slot.symbol);
            }
        }
    }

    /// The scalar slots that are powers after three updates at these rates and gradients.
    fn powers(rule: &dyn crate::optimizers::Optimizer, rate: f64, slope: f64) -> Vec<u64> {
        let card = rule.card();
        let settings: Vec<f64> = card.hyperparameters.iter().map(|h| h.default).collect();
        let shapes = [Shape::vector(2)];
        let mut memory = card.memory::<f64>(&shapes);
        let mut parameters = [1.0, -2.0];
        for number in 1..=3 {
            let now = Step {
                number,
                learning_rate: rate * number as f64,
                loss: slope,
                gradient: &[slope, -3.0 * slope * number as f64],
                hyperparameters: &settings,
                shapes: &shapes,
                objective: &Steep,
            };
            UpdateRule::<f64>::step(rule, &now, &mut parameters, memory.lend());
        }
        let slots = card.scalar_slots.iter().zip(memory.scalars());
        let powers = slots.filter(|(slot, _)| slot.is_power);
        powers.map(|(_, power)| power.to_bits()).collect()
    }

    /// As steep everywhere.
    struct Steep;

    impl Probe<f64> for Steep {
        fn value(&self, at: &[f64]) -> f64 {
            at.iter().sum()
        }

        fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
            gradient.fill(1.0);
            self.value(at)
        }

        fn hessian(&self, _: &[f64], rows: &mut [f64]) {
            rows.fill(0.0);
        }

        fn hessian_diagonal(&self, _: &[f64], diagonal: &mut [f64]) {
            diagonal.fill(1.0);
        }

        fn sampled_hessian_diagonal(&self, _: &[f64], diagonal: &mut [f64]) {
            diagonal.fill(1.0);
        }
    }

    #[test]
    fn powers_follow_from_the_hyperparameters_and_the_number_of_updates_alone() {
        let mut seen = 0;
        for rule in OPTIMIZERS {
            let first = powers(*rule, 0.01, 0.5);
            assert_eq!(first, powers(*rule, 0.3, -7.0), "{}", rule.card().id);
            seen += first.len();
        }
        assert!(seen > 20);
    }
}
