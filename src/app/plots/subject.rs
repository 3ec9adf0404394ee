//! What a plot is of.

use crate::figures::curves::{AxisScale, Quantity};
use crate::models::network::LayerName;
use crate::optimizers::{Holds, Slot};

/// What a plot is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Something that the history records.
    Recorded(Quantity),
    /// |Δθ|/|g| of every parameter.
    EffectiveStep,
    /// The angle between −∇J and Δθ.
    Cosine,
    /// A memory slot, in every rule that has it.
    Slot {
        /// Its symbol.
        symbol: &'static str,
        /// What it holds.
        meaning: &'static str,
        /// How it is read.
        holds: Holds,
    },
    /// What is recorded of a layer of a network.
    Layer(LayerQuantity, LayerName),
}

/// What is recorded of every layer of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayerQuantity {
    /// ‖∇J‖₂ along its weights and biases.
    GradientNorm,
    /// ‖Δw‖₂/‖w‖₂ of its weights and biases.
    UpdateRatio,
}

impl LayerQuantity {
    /// Both, in the order of the record.
    pub const ALL: [Self; 2] = [Self::GradientNorm, Self::UpdateRatio];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::GradientNorm => "Gradient norm",
            Self::UpdateRatio => "Update to weights",
        }
    }

    /// What it says, for the tooltip.
    pub fn help(self) -> &'static str {
        match self {
            Self::GradientNorm => "‖∇J‖ along the weights and biases of one layer.",
            Self::UpdateRatio => {
                "‖Δw‖/‖w‖ of one layer's weights and biases: how far an update goes, measured by \
                 what there is. About 10⁻³ is usual; far more makes the layer jump, far less \
                 leaves it as it is."
            }
        }
    }
}

impl Subject {
    /// The plot of J.
    pub const LOSS: Self = Self::Recorded(Quantity::Loss);

    /// The plots that every experiment has.
    pub const ALWAYS: [Self; 8] = [
        Self::LOSS,
        Self::Recorded(Quantity::BestLoss),
        Self::Recorded(Quantity::LearningRate),
        Self::EffectiveStep,
        Self::Recorded(Quantity::GradientNorm),
        Self::Recorded(Quantity::UpdateNorm),
        Self::Cosine,
        Self::Recorded(Quantity::Distance),
    ];

    /// The plot of a slot; the same for all rules in which it means the same.
    pub fn of_slot(slot: &Slot) -> Self {
        Self::Slot {
            symbol: slot.symbol,
            meaning: slot.meaning,
            holds: slot.holds,
        }
    }

    /// What settings call it.
    pub fn id(self) -> String {
        match self {
            Self::Recorded(quantity) => quantity.id().into(),
            Self::EffectiveStep => "effective_step".into(),
            Self::Cosine => "cosine".into(),
            Self::Slot {
                symbol, meaning, ..
            } => format!("slot {symbol}: {meaning}"),
            Self::Layer(LayerQuantity::GradientNorm, layer) => format!("gradient_norm_{layer}"),
            Self::Layer(LayerQuantity::UpdateRatio, layer) => format!("update_ratio_{layer}"),
        }
    }

    /// The name for people.
    pub fn name(self) -> String {
        match self {
            Self::Recorded(quantity) => quantity.name().into(),
            Self::EffectiveStep => "Effective step".into(),
            Self::Cosine => "Cosine to the slope".into(),
            Self::Slot {
                symbol, meaning, ..
            } => format!("{symbol}: {meaning}"),
            Self::Layer(quantity, layer) => format!("{} of {layer}", quantity.name()),
        }
    }

    /// The symbol beside the name, given whether J* is subtracted; a slot's name begins with it.
    pub fn symbol(self, subtracts_least: bool) -> &'static str {
        match self {
            Self::Recorded(quantity) => quantity.symbol(subtracts_least),
            Self::EffectiveStep => "|Δθ|/|g|",
            Self::Cosine => "cos(−∇J, Δθ)",
            Self::Slot { symbol, .. } => symbol,
            Self::Layer(LayerQuantity::GradientNorm, _) => "‖∇J‖",
            Self::Layer(LayerQuantity::UpdateRatio, _) => "‖Δw‖/‖w‖",
        }
    }

    /// What it says, for the tooltip.
    pub fn help(self) -> &'static str {
        match self {
            Self::Recorded(Quantity::Loss) => "J at the parameters on show.",
            Self::Recorded(Quantity::BestLoss) => {
                "The lowest J of all updates so far, of those that count as a success."
            }
            Self::Recorded(Quantity::LearningRate) => "The rate α of each update.",
            Self::Recorded(Quantity::GradientNorm) => "‖∇J‖, the length of the exact gradient.",
            Self::Recorded(Quantity::UpdateNorm) => "‖Δw‖, how far each update went.",
            Self::Recorded(Quantity::Distance) => "Distance to the nearest known minimum.",
            Self::EffectiveStep => {
                "|Δθ|/|g| of each parameter: the rate that plain gradient descent would have \
                 needed for the same move."
            }
            Self::Cosine => {
                "Cosine of the angle between −∇J and the update: 1 is straight downhill, 0 along \
                 a contour, below 0 uphill."
            }
            Self::Slot { .. } => "A number that the rule remembers, after each update.",
            Self::Layer(quantity, _) => quantity.help(),
        }
    }

    /// How its values are spread unless chosen otherwise.
    pub fn usual_scale(self) -> AxisScale {
        match self {
            Self::Recorded(quantity) => quantity.usual_scale(),
            Self::EffectiveStep | Self::Layer(..) => AxisScale::Logarithmic,
            Self::Slot {
                holds: Holds::Squares,
                ..
            } => AxisScale::Logarithmic,
            Self::Cosine | Self::Slot { .. } => AxisScale::Linear,
        }
    }

    /// Whether a run must be replayed for it.
    pub fn needs_replay(self) -> bool {
        !matches!(self, Self::Recorded(_) | Self::Layer(..))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::OPTIMIZERS;
    use crate::storage::settings::PlotView;

    #[test]
    fn settings_tell_all_plots_apart_and_know_the_usual_ones() {
        let rules = OPTIMIZERS.iter().map(|rule| rule.card());
        let slots = rules.flat_map(|card| card.slots.iter().chain(card.scalar_slots));
        let mut subjects = Subject::ALWAYS.to_vec();
        for subject in slots.map(Subject::of_slot) {
            let is_new = subjects.iter().all(|other| other.id() != subject.id());
            // What has the same symbol and meaning is read in the same way.
            assert_eq!(is_new, !subjects.contains(&subject), "{}", subject.id());
            subjects.push(subject);
        }
        for id in PlotView::default().shown {
            assert!(Subject::ALWAYS.iter().any(|subject| subject.id() == id));
        }
        assert_eq!(
            crate::figures::curves::QUANTITIES.len() + 2,
            Subject::ALWAYS.len()
        );
    }
}
