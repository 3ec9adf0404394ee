//! What a plot is of.

use super::curves::{self, AxisScale, Quantity};
use crate::models::network::LayerName;
use crate::optimizers::{Holds, OptimizerCard, Slot};

/// What a plot is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Something that the history records.
    Recorded(Quantity),
    /// Something that only a replay of the run knows.
    Replayed(Replayed),
    /// What is recorded of a layer of a network.
    Layer(LayerQuantity, LayerName),
    /// λ_max of the Hessian matrix, and what the rule bears of it.
    Sharpness,
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

    /// The name in files, before the layer's.
    pub fn id(self) -> &'static str {
        match self {
            Self::GradientNorm => "gradient_norm",
            Self::UpdateRatio => "update_ratio",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::GradientNorm => "Gradient norm",
            Self::UpdateRatio => "Update to weights",
        }
    }

    /// The symbol on the axis.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::GradientNorm => "‖∇J‖",
            Self::UpdateRatio => "‖Δw‖/‖w‖",
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

/// What happens inside a rule, which a run is replayed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replayed {
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
}

impl Subject {
    /// The plot of J.
    pub const LOSS: Self = Self::Recorded(Quantity::Loss);

    /// The plot of ‖w − w*‖.
    pub const DISTANCE: Self = Self::Recorded(Quantity::Distance);

    /// The plots that do not depend on the rules.
    pub const ALWAYS: [Self; 9] = [
        Self::LOSS,
        Self::Recorded(Quantity::BestLoss),
        Self::Recorded(Quantity::LearningRate),
        Self::Replayed(Replayed::EffectiveStep),
        Self::Recorded(Quantity::GradientNorm),
        Self::Recorded(Quantity::UpdateNorm),
        Self::Replayed(Replayed::Cosine),
        Self::Recorded(Quantity::Distance),
        Self::Sharpness,
    ];

    /// What settings call it.
    pub fn id(self) -> String {
        match self {
            Self::Recorded(quantity) => quantity.id().into(),
            Self::Replayed(Replayed::Slot {
                symbol, meaning, ..
            }) => format!("slot {symbol}: {meaning}"),
            Self::Replayed(replayed) => replayed.file_id(),
            Self::Sharpness => "sharpness".into(),
            Self::Layer(quantity, layer) => format!("{}_{layer}", quantity.id()),
        }
    }

    /// The name in files and on the command line: letters of a to z, digits and `_`.
    pub fn file_id(self) -> String {
        match self {
            Self::Replayed(replayed) => replayed.file_id(),
            other => other.id(),
        }
    }

    /// The plots of these layers of a network, quantity by quantity.
    pub fn of_layers(
        layers: impl Iterator<Item = LayerName> + Clone,
    ) -> impl Iterator<Item = Self> {
        let of = move |quantity| {
            layers
                .clone()
                .map(move |layer| Self::Layer(quantity, layer))
        };
        LayerQuantity::ALL.into_iter().flat_map(of)
    }

    /// The name for people.
    pub fn name(self) -> String {
        match self {
            Self::Recorded(quantity) => quantity.name().into(),
            Self::Replayed(replayed) => replayed.name(),
            Self::Sharpness => "Sharpness".into(),
            Self::Layer(quantity, layer) => format!("{} of {layer}", quantity.name()),
        }
    }

    /// The symbol beside the name, given whether J* is subtracted; a slot's name begins with it.
    pub fn symbol(self, subtracts_least: bool) -> &'static str {
        match self {
            Self::Recorded(quantity) => quantity.symbol(subtracts_least),
            Self::Replayed(replayed) => replayed.symbol(),
            Self::Sharpness => "λ_max",
            Self::Layer(quantity, _) => quantity.symbol(),
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
            Self::Replayed(replayed) => replayed.help(),
            Self::Sharpness => {
                "λ_max of ∇²J where each run is; thinner the rule's own limit, above which its steps \
                 grow on a bowl; thinnest λ_max as a rule meets it that divides its steps."
            }
            Self::Layer(quantity, _) => quantity.help(),
        }
    }

    /// How its values are spread unless chosen otherwise.
    pub fn usual_scale(self) -> AxisScale {
        match self {
            Self::Recorded(quantity) => quantity.usual_scale(),
            Self::Replayed(replayed) => replayed.usual_scale(),
            Self::Sharpness => AxisScale::Logarithmic,
            Self::Layer(..) => AxisScale::Logarithmic,
        }
    }

    /// Whether a run must be replayed for it.
    pub fn needs_replay(self) -> bool {
        matches!(self, Self::Replayed(_))
    }
}

impl Replayed {
    /// What every rule has.
    pub const ALWAYS: [Self; 2] = [Self::EffectiveStep, Self::Cosine];

    /// The memory slot of a rule; the same for all rules in which it means the same.
    pub fn of_slot(slot: &Slot) -> Self {
        Self::Slot {
            symbol: slot.symbol,
            meaning: slot.meaning,
            holds: slot.holds,
        }
    }

    /// The memory slots of these rules, each once, in the order of the rules.
    pub fn slots_of<'a>(rules: impl Iterator<Item = &'a OptimizerCard>) -> Vec<Self> {
        let mut found = Vec::new();
        for card in rules {
            for slot in card.slots.iter().chain(card.scalar_slots) {
                let replayed = Self::of_slot(slot);
                if !found.contains(&replayed) {
                    found.push(replayed);
                }
            }
        }
        found
    }

    /// The name in files and on the command line: letters of a to z, digits and `_`.
    pub fn file_id(self) -> String {
        match self {
            Self::EffectiveStep => "effective_step".into(),
            Self::Cosine => "cosine".into(),
            Self::Slot {
                symbol, meaning, ..
            } => format!("slot_{}_{}", plain(&with_capitals(symbol)), plain(meaning)),
        }
    }

    /// The name for people.
    pub fn name(self) -> String {
        match self {
            Self::EffectiveStep => "Effective step".into(),
            Self::Cosine => "Cosine to the slope".into(),
            Self::Slot {
                symbol, meaning, ..
            } => format!("{symbol}: {meaning}"),
        }
    }

    /// The symbol beside the name.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::EffectiveStep => "|Δθ|/|g|",
            Self::Cosine => "cos(−∇J, Δθ)",
            Self::Slot { symbol, .. } => symbol,
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::EffectiveStep => {
                "|Δθ|/|g| of each parameter: the rate that plain gradient descent would have \
                 needed for the same move."
            }
            Self::Cosine => {
                "Cosine of the angle between −∇J and the update: 1 is straight downhill, 0 along \
                 a contour, below 0 uphill."
            }
            Self::Slot { .. } => "A number that the rule remembers, after each update.",
        }
    }

    /// How its values are spread unless chosen otherwise.
    pub fn usual_scale(self) -> AxisScale {
        match self {
            Self::EffectiveStep => AxisScale::Logarithmic,
            Self::Slot {
                holds: Holds::Squares,
                ..
            } => AxisScale::Logarithmic,
            Self::Cosine | Self::Slot { .. } => AxisScale::Linear,
        }
    }

    /// The values that show everything worth showing, of the curves of runs that did not diverge
    /// or, where there is nothing of those, of all.
    pub fn range<'a>(
        self,
        scale: AxisScale,
        calm: impl Iterator<Item = &'a [[f64; 2]]>,
        all: impl Iterator<Item = &'a [[f64; 2]]> + Clone,
    ) -> Option<(f64, f64)> {
        match (self, scale) {
            (Self::Cosine, AxisScale::Linear) => Some((-1.05, 1.05)),
            _ => curves::whole_range(calm, scale).or_else(|| curves::value_range(all, scale)),
        }
    }
}

/// A symbol whose capital letters are told from small ones: files of some systems are not.
fn with_capitals(symbol: &str) -> String {
    let letter = |letter: char| match letter.is_ascii_uppercase() {
        true => format!("_capital_{letter}"),
        false => letter.to_string(),
    };
    symbol.chars().map(letter).collect()
}

/// A text in letters of a to z, digits and `_`.
fn plain(text: &str) -> String {
    let words: String = text.chars().flat_map(plain_character).collect();
    let words = words.split('_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// A character in plain letters; what has none separates words.
fn plain_character(character: char) -> impl Iterator<Item = char> {
    const LETTERS: &[(char, &str)] = &[
        ('α', "alpha"),
        ('β', "beta"),
        ('ε', "epsilon"),
        ('η', "eta"),
        ('θ', "theta"),
        ('μ', "mu"),
        ('Π', "product"),
        ('τ', "tau"),
        ('φ', "phi"),
        ('ψ', "psi"),
        ('Δ', "delta"),
        ('ᵗ', "_t"),
        ('⁻', "_before"),
        ('₋', "_before"),
        ('\u{303}', "_tilde"),
        ('\u{302}', "_hat"),
        ('\u{304}', "_mean"),
        ('²', "2"),
    ];
    let lower = character.to_ascii_lowercase();
    let subscript = ('₀'..='₉')
        .contains(&character)
        .then(|| char::from_digit(character as u32 - '₀' as u32, 10))
        .flatten();
    let named = LETTERS.iter().find(|(letter, _)| *letter == character);
    let text = match (named, subscript) {
        (Some((_, text)), _) => (*text).to_owned(),
        (None, Some(digit)) => digit.to_string(),
        _ if lower.is_ascii_alphanumeric() => lower.to_string(),
        _ => "_".to_owned(),
    };
    text.chars().collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::OPTIMIZERS;
    use crate::storage::settings::PlotView;
    use std::collections::BTreeSet;

    #[test]
    fn settings_tell_all_plots_apart_and_know_the_usual_ones() {
        let rules = OPTIMIZERS.iter().map(|rule| rule.card());
        let slots = rules.flat_map(|card| card.slots.iter().chain(card.scalar_slots));
        let mut subjects = Subject::ALWAYS.to_vec();
        for subject in slots.map(|slot| Subject::Replayed(Replayed::of_slot(slot))) {
            let is_new = subjects.iter().all(|other| other.id() != subject.id());
            // What has the same symbol and meaning is read in the same way.
            assert_eq!(is_new, !subjects.contains(&subject), "{}", subject.id());
            subjects.push(subject);
        }
        for id in PlotView::default().shown {
            assert!(Subject::ALWAYS.iter().any(|subject| subject.id() == id));
        }
        let replayed = Subject::ALWAYS
            .iter()
            .filter(|subject| subject.needs_replay());
        assert_eq!(replayed.count(), Replayed::ALWAYS.len());
        assert_eq!(
            curves::QUANTITIES.len() + Replayed::ALWAYS.len() + 1,
            Subject::ALWAYS.len()
        );
    }

    #[test]
    fn files_of_all_slots_have_plain_names_of_their_own() {
        let slots = Replayed::slots_of(OPTIMIZERS.iter().map(|rule| rule.card()));
        let mut ids: BTreeSet<String> = BTreeSet::new();
        for slot in &slots {
            assert!(ids.insert(slot.file_id()), "two are named as {slot:?}");
        }
        for id in &ids {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(id.chars().all(is_plain) && !id.contains("__"), "{id}");
        }
        let adam = crate::optimizers::find("adam").unwrap().card();
        let ids = Replayed::slots_of(std::iter::once(adam));
        let ids: Vec<String> = ids.iter().map(|slot| slot.file_id()).collect();
        assert_eq!(ids[0], "slot_m_first_moment_mean_gradient");
        assert!(
            ids.contains(&"slot_beta2_t_what_is_left_of_the_initial_v".to_owned()),
            "{ids:?}"
        );
    }
}
