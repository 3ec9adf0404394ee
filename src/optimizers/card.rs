//! The card of a rule: everything that menus, sliders, plots, `list` and README say about it.

use super::{Memory, Shape, Slot, Stability};
use crate::numbers::{Domain, Real, Scale};
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
    /// What a step needs to know of the objective.
    pub needs: Needs,
    /// Which parameters it works on.
    pub fits: Fits,
    /// How sharply a surface may curve for it, where that is known.
    #[serde(skip)]
    pub stability: Option<Stability>,
    /// Named sets of conventions; the first is what absent hyperparameters mean.
    pub variants: &'static [Variant],
}

impl OptimizerCard {
    /// What a card takes where it says nothing else; not a card by itself.
    pub(super) const BLANK: Self = Self {
        id: "",
        name: "",
        family: Family::GradientDescent,
        formula: &[],
        about: "",
        citation: "",
        default_learning_rate: 0.001,
        hyperparameters: &[],
        slots: &[],
        scalar_slots: &[],
        scope: Scope::Block,
        needs: Needs::Gradient,
        fits: Fits::Anything,
        stability: None,
        variants: &[],
    };

    /// The variant with this id.
    pub fn variant(&self, id: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// The memory of the rule before its first step, for these blocks.
    pub fn memory<R: Real>(&self, shapes: &[Shape]) -> Memory<R> {
        Memory::new(self.slots, self.scalar_slots, shapes)
    }

    /// Whether the scalar slots follow from the hyperparameters and the number of updates alone.
    pub fn has_only_powers(&self) -> bool {
        self.scalar_slots.iter().all(|slot| slot.is_power)
    }

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
    /// Steps that know how the surface curves.
    Curvature,
    /// The classical methods that ask for the loss where they may go, as a point of reference.
    Classical,
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
            Self::Curvature => "curvature",
            Self::Classical => "classical",
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

/// What a step needs to know of the objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// The gradient that every step is given.
    Gradient,
    /// The gradient, and the loss that comes with it.
    Loss,
    /// The loss at points of its choice, and no gradient.
    Values,
    /// Loss and gradient at points of its choice.
    Gradients,
    /// The gradient and the diagonal of the Hessian matrix.
    HessianDiagonal,
    /// The gradient and the whole Hessian matrix.
    Hessian,
}

impl Needs {
    /// Whether a step uses the gradient that it is given.
    pub fn uses_gradient(self) -> bool {
        self != Self::Values
    }

    /// Whether a step asks the objective something by itself.
    pub fn asks(self) -> bool {
        !matches!(self, Self::Gradient | Self::Loss)
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gradient => "the gradient",
            Self::Loss => "the gradient and the loss",
            Self::Values => "the loss at points of its choice, no gradient",
            Self::Gradients => "loss and gradient at points of its choice",
            Self::HessianDiagonal => "the gradient and the Hessian's diagonal",
            Self::Hessian => "the gradient and the Hessian matrix",
        })
    }
}

/// Which parameters a rule works on; elsewhere it is refused, with the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fits {
    /// Any.
    Anything,
    /// No more than so many at once.
    AtMost {
        /// The most parameters.
        parameters: usize,
        /// Why no more.
        reason: &'static str,
    },
    /// Blocks that are matrices, and vectors beside them.
    Matrices {
        /// Why not vectors alone.
        reason: &'static str,
    },
}

impl Fits {
    /// Why parameters in blocks of these shapes are refused; none when they are not.
    pub fn refusal(self, shapes: &[Shape]) -> Option<String> {
        let count: usize = shapes.iter().map(|shape| shape.size()).sum();
        match self {
            Self::AtMost { parameters, reason } if count > parameters => Some(format!(
                "it takes at most {parameters} parameters and here are {count}: {reason}"
            )),
            Self::Matrices { reason } if !shapes.iter().any(|shape| shape.is_matrix()) => {
                Some(format!("it needs a weight matrix: {reason}"))
            }
            _ => None,
        }
    }
}

/// A named set of conventions: which of the forms that are alive a program or paper uses.
#[derive(Debug, Serialize)]
pub struct Variant {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What differs.
    pub about: &'static str,
    /// The hyperparameters that it sets; the others keep their defaults.
    pub settings: &'static [(&'static str, f64)],
}

impl Variant {
    /// A variant.
    pub const fn new(
        id: &'static str,
        name: &'static str,
        settings: &'static [(&'static str, f64)],
        about: &'static str,
    ) -> Self {
        Self {
            id,
            name,
            about,
            settings,
        }
    }

    /// As PyTorch has it, which is what the card's defaults are.
    pub const fn torch(about: &'static str) -> Self {
        Self::new("torch", "PyTorch", &[], about)
    }

    /// As Keras has it.
    pub const fn keras(settings: &'static [(&'static str, f64)], about: &'static str) -> Self {
        Self::new("keras", "Keras", settings, about)
    }

    /// As the paper has it.
    pub const fn paper(settings: &'static [(&'static str, f64)], about: &'static str) -> Self {
        Self::new("paper", "the paper", settings, about)
    }

    /// What it sets this hyperparameter to, if it does.
    pub fn value(&self, id: &str) -> Option<f64> {
        let set = self.settings.iter().find(|(name, _)| *name == id);
        set.map(|&(_, value)| value)
    }
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

    /// Where the ε of Adam and its relatives stands.
    pub const EPSILON_PLACE: Self = Self::convention(
        "epsilon_hat",
        "ε place",
        &["ε beside √v̂ (torch, paper)", "ε̂ beside √v (Keras)"],
        "0 adds ε to the corrected root √v̂; 1 adds it to √v before the correction, so that beside \
         √v̂ it is ε/√(1 − β₂ᵗ), larger at first (\"epsilon hat\" of Adam's paper, sec. 2).",
    );

    /// Whether ε is added to a root or to what stands under it.
    pub const EPSILON_IN_ROOT: Self = Self::convention(
        "epsilon_inside",
        "ε place",
        &["outside the root (torch)", "inside the root (Keras)"],
        "0 adds ε to the root, 1 to what the root is taken of, where the same ε is worth its \
         square root.",
    );

    /// Whether the rate is part of a velocity.
    pub const RATE_IN_VELOCITY: Self = Self::convention(
        "rate_inside",
        "α place",
        &[
            "multiplies the velocity (torch)",
            "inside the velocity (Keras)",
        ],
        "0 multiplies the velocity by the present rate, 1 keeps in it the rate that each gradient \
         came with. They differ only when the rate changes.",
    );

    /// How the diagonal of the Hessian matrix is had.
    pub const DIAGONAL: Self = Self::convention(
        "sampled",
        "diagonal",
        &["exact", "Hutchinson's estimate"],
        "0 takes the exact diagonal of the Hessian, at 2n evaluations; 1 estimates it with one \
         random Hessian-vector product, at 2.",
    );

    /// A choice between conventions, kept as the number of one of `names`, the first of which
    /// is the default.
    pub const fn convention(
        id: &'static str,
        symbol: &'static str,
        names: &'static [&'static str],
        meaning: &'static str,
    ) -> Self {
        let last = (names.len() - 1) as f64;
        Self {
            id,
            symbol,
            meaning,
            default: 0.0,
            domain: Domain::closed(0.0, last),
            slider: (0.0, last),
            scale: Scale::Choice(names),
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
