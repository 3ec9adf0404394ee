//! The card of a rule: everything that menus, sliders, plots, `list` and README say about it.

use crate::numbers::{Domain, Scale};
use serde::{Serialize, Serializer};
use std::fmt;

/// What the laboratory knows about an update rule.
#[derive(Debug, Serialize)]
pub struct OptimizerCard {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// The group it is listed under.
    pub family: Family,
    /// The update in Unicode mathematics, a line an assignment. θ are the parameters, g the
    /// gradient, α the learning rate of this update, t its number from 1.
    pub formula: &'static [&'static str],
    /// The idea in one or two sentences, and any deviation from the citation.
    pub about: &'static str,
    /// Paper or reference implementation, with the equation or algorithm.
    pub citation: &'static str,
    /// The rate that a new run starts with.
    pub default_learning_rate: f64,
    /// The settings beside the learning rate.
    pub hyperparameters: &'static [Hyperparameter],
    /// Memory with one number a parameter.
    pub slots: &'static [Slot],
    /// Memory with one number for the whole block.
    pub scalar_slots: &'static [Slot],
    /// What one step looks at.
    pub scope: Scope,
}

impl OptimizerCard {
    /// The hyperparameter with this id.
    pub fn hyperparameter(&self, id: &str) -> Option<&'static Hyperparameter> {
        self.hyperparameters.iter().find(|h| h.id == id)
    }
}

/// The groups of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Steps along the negative gradient alone.
    GradientDescent,
    /// Steps along a memory of past gradients.
    Momentum,
    /// Steps scaled parameter by parameter.
    Adaptive,
    /// Steps that follow the gradient's signs, not its size.
    Sign,
    /// Steps scaled by norms of whole blocks.
    LayerWise,
    /// Steps whose length the rule finds by itself; the rate only multiplies it and is 1.
    RateFree,
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GradientDescent => "gradient descent",
            Self::Momentum => "momentum",
            Self::Adaptive => "adaptive rate",
            Self::Sign => "sign",
            Self::LayerWise => "layer-wise rate",
            Self::RateFree => "learning-rate-free",
        })
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Which parameters one step of a rule looks at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Every parameter block (a weight matrix, a bias) by itself.
    Block,
    /// All blocks at once.
    AllBlocks,
}

/// One setting of a rule.
#[derive(Debug, Serialize)]
pub struct Hyperparameter {
    /// The key in experiment files.
    pub id: &'static str,
    /// The symbol in the formula.
    pub symbol: &'static str,
    /// What it does, for the tooltip.
    pub meaning: &'static str,
    /// The reference implementation's default.
    pub default: f64,
    /// The values that make sense at all.
    #[serde(rename = "range")]
    pub domain: Domain,
    /// The values that a slider offers.
    pub slider: (f64, f64),
    /// How a slider spreads them.
    pub scale: Scale,
}

impl Hyperparameter {
    /// The factor of an exponential moving average or of a velocity, 0 ≤ β < 1; `most` is
    /// where its slider ends.
    pub const fn average_factor(
        id: &'static str,
        symbol: &'static str,
        default: f64,
        most: f64,
        meaning: &'static str,
    ) -> Self {
        Self {
            id,
            symbol,
            meaning,
            default,
            domain: Domain::half_open(0.0, 1.0),
            slider: (0.0, most),
            scale: Scale::NearOne,
        }
    }

    /// The β₁ of Adam and its relatives.
    pub const fn beta1(default: f64) -> Self {
        Self::average_factor(
            "beta1",
            "β₁",
            default,
            0.999,
            "Memory of the gradients; about 1/(1 − β₁) steps are averaged.",
        )
    }

    /// The β₂ of Adam and its relatives.
    pub const fn beta2(default: f64) -> Self {
        Self::average_factor(
            "beta2",
            "β₂",
            default,
            0.99999,
            "Memory of the squared gradients; about 1/(1 − β₂) steps are averaged.",
        )
    }

    /// A finite number of at least 0, on a logarithmic slider.
    pub const fn non_negative(
        id: &'static str,
        symbol: &'static str,
        default: f64,
        slider: (f64, f64),
        meaning: &'static str,
    ) -> Self {
        Self {
            id,
            symbol,
            meaning,
            default,
            domain: Domain::NON_NEGATIVE,
            slider,
            scale: Scale::Logarithmic,
        }
    }

    /// The ε that keeps a denominator away from 0.
    pub const fn epsilon(default: f64, meaning: &'static str) -> Self {
        Self::non_negative("epsilon", "ε", default, (1e-20, 1.0), meaning)
    }

    /// The λ of a decay that is part of the rule itself.
    pub const fn weight_decay(default: f64, meaning: &'static str) -> Self {
        Self {
            id: "weight_decay",
            symbol: "λ",
            meaning,
            default,
            domain: Domain::NON_NEGATIVE,
            slider: (0.0, 1.0),
            scale: Scale::Linear,
        }
    }

    /// A share from 0 to 1, both allowed.
    pub const fn fraction(
        id: &'static str,
        symbol: &'static str,
        default: f64,
        meaning: &'static str,
    ) -> Self {
        Self {
            id,
            symbol,
            meaning,
            default,
            domain: Domain::closed(0.0, 1.0),
            slider: (0.0, 1.0),
            scale: Scale::Linear,
        }
    }

    /// A switch, kept as the number 0 or 1 so that sweeps and files treat it like the others.
    pub const fn flag(
        id: &'static str,
        symbol: &'static str,
        on: bool,
        meaning: &'static str,
    ) -> Self {
        Self {
            id,
            symbol,
            meaning,
            default: if on { 1.0 } else { 0.0 },
            domain: Domain::closed(0.0, 1.0),
            slider: (0.0, 1.0),
            scale: Scale::Flag,
        }
    }
}

/// A number (a parameter, or a block) that a rule remembers between steps.
#[derive(Debug, Serialize)]
pub struct Slot {
    /// The symbol in the formula.
    pub symbol: &'static str,
    /// What it holds.
    pub meaning: &'static str,
    /// Its value before the first step.
    pub initial: f64,
}

impl Slot {
    /// The m of Adam and its relatives.
    pub const FIRST_MOMENT: Self = Self::new("m", "first moment: mean gradient");

    /// The v of Adam and its relatives.
    pub const SECOND_MOMENT: Self = Self::new("v", "second moment: mean squared gradient");

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
        }
    }

    /// A running power βᵗ, which starts at 1.
    pub const fn power(symbol: &'static str, meaning: &'static str) -> Self {
        Self {
            symbol,
            meaning,
            initial: 1.0,
        }
    }
}
