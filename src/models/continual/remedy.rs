//! A remedy with its settings, as experiment files name it: `Ewc(strength: 100.0)`.
//!
//! Names, fields and defaults are read from the cards, so that they stand nowhere twice.

use super::anchors::{Anchors, Weighing};
use super::card::{Kind, REMEDIES, RemedyCard};
use super::guard::{Guard, Idle, SlowerRate};
use super::importance::Labels;
use super::neurons::{Criterion, Neurons, Protection};
use super::rehearsal::{Rehearsal, Use};
use super::{Distillation, Orthogonal};
use crate::optimizers::named_settings;
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, VariantAccess, Visitor};
use serde::ser::SerializeStructVariant;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::LazyLock;

/// A remedy with its settings.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// What it is.
    pub card: &'static RemedyCard,
    /// In the order of its card.
    pub settings: Vec<f64>,
}

impl Remedy {
    /// With its card's defaults.
    pub fn new(card: &'static RemedyCard) -> Self {
        Self {
            card,
            settings: card
                .settings
                .iter()
                .map(|setting| setting.default)
                .collect(),
        }
    }

    /// How many of `examples` that past tasks had each it keeps copies of, in all.
    pub fn kept_examples(&self, examples: &[usize]) -> usize {
        let most = match self.card.kind {
            Kind::Joint => usize::MAX,
            _ => self.setting("memory") as usize,
        };
        examples.iter().map(|&count| count.min(most)).sum()
    }

    /// A setting by its id; none where the card has none of that name.
    pub fn value(&self, id: &str) -> Option<f64> {
        let place = self.card.settings.iter().position(|s| s.id == id)?;
        self.settings.get(place).copied()
    }

    /// Gives a setting a value; nothing happens where the card has none of that name.
    pub fn set(&mut self, id: &str, value: f64) {
        let place = self.card.settings.iter().position(|s| s.id == id);
        if let Some(setting) = place.and_then(|place| self.settings.get_mut(place)) {
            *setting = value;
        }
    }

    /// A setting by its id; 0 where the card has none of that name.
    pub fn setting(&self, id: &str) -> f64 {
        self.value(id).unwrap_or(0.0)
    }
}

impl PartialEq for Remedy {
    fn eq(&self, other: &Self) -> bool {
        self.card.id == other.card.id && self.settings == other.settings
    }
}

/// A remedy before the first task; no remedy is fine-tuning.
pub fn guard(remedy: Option<&Remedy>, seed: u64) -> Box<dyn Guard> {
    let Some(remedy) = remedy else {
        return Box::new(Idle);
    };
    let strength = remedy.setting("strength");
    let samples = remedy.setting("samples") as usize;
    let labels = match remedy.setting("true_labels") {
        0.0 => Labels::Model,
        _ => Labels::True,
    };
    let information = |online| Weighing::Fisher {
        samples,
        labels,
        online,
    };
    let criterion = match remedy.setting("importance") as u8 {
        0 => Criterion::Fisher,
        1 => Criterion::Taylor,
        _ => Criterion::Activation,
    };
    let memory = remedy.setting("memory") as usize;
    match remedy.card.kind {
        Kind::FineTuning => Box::new(Idle),
        Kind::Joint => Box::new(Rehearsal::new(usize::MAX, Use::Training, seed)),
        Kind::SlowerRate => Box::new(SlowerRate {
            factor: remedy.setting("factor"),
        }),
        Kind::L2ToOld => Box::new(Anchors::new(strength, Weighing::Equal)),
        Kind::Ewc => Box::new(Anchors::new(strength, information(None))),
        Kind::OnlineEwc => {
            let online = Some(remedy.setting("decay"));
            Box::new(Anchors::new(strength, information(online)))
        }
        // These papers write c·Ω, not c/2·Ω.
        Kind::SynapticIntelligence => {
            let damping = remedy.setting("damping");
            Box::new(Anchors::new(2.0 * strength, Weighing::Path { damping }))
        }
        Kind::Mas => Box::new(Anchors::new(2.0 * strength, Weighing::Outputs { samples })),
        Kind::Lwf => Box::new(Distillation::new(strength, remedy.setting("temperature"))),
        Kind::Ogd => Box::new(Orthogonal::new(remedy.setting("directions") as usize)),
        Kind::AGem => Box::new(Rehearsal::new(memory, Use::Constraint, seed)),
        Kind::Rehearsal => Box::new(Rehearsal::new(memory, Use::Training, seed)),
        Kind::Availability => {
            let protection = Protection::Slower { strength };
            Box::new(Neurons::new(criterion, samples, protection))
        }
        Kind::FreezeNeurons => {
            let protection = Protection::Frozen {
                share: remedy.setting("share"),
                renew: remedy.setting("renew") != 0.0,
            };
            Box::new(Neurons::new(criterion, samples, protection))
        }
    }
}

static NAMES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| REMEDIES.iter().map(|card| card.id).collect());

/// The fields of every remedy, in the order of [`REMEDIES`].
static FIELDS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let fields = |card: &RemedyCard| card.settings.iter().map(|setting| setting.id).collect();
    REMEDIES.iter().map(fields).collect()
});

/// The place of a remedy in the catalogue.
fn place(id: &str) -> usize {
    NAMES
        .iter()
        .position(|name| *name == id)
        .expect("every remedy is one of the catalogue")
}

impl Serialize for Remedy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (card, length) = (self.card, self.settings.len());
        let index = place(card.id) as u32;
        let mut fields = serializer.serialize_struct_variant("Remedy", index, card.id, length)?;
        for (setting, value) in card.settings.iter().zip(&self.settings) {
            fields.serialize_field(setting.id, value)?;
        }
        fields.end()
    }
}

impl<'de> Deserialize<'de> for Remedy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("Remedy", &NAMES, WholeVisitor)
    }
}

struct WholeVisitor;

impl<'de> Visitor<'de> for WholeVisitor {
    type Value = Remedy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a remedy such as Ewc(strength: 100.0)")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Remedy, A::Error> {
        let (card, content) = data.variant_seed(NameSeed)?;
        content.struct_variant(&FIELDS[place(card.id)], FieldsVisitor(card))
    }
}

/// The name of a remedy.
struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = &'static RemedyCard;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = &'static RemedyCard;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a remedy")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        RemedyCard::find(name).ok_or_else(|| E::unknown_variant(name, &NAMES))
    }
}

/// The named settings of a remedy; absent ones take the card's defaults.
struct FieldsVisitor(&'static RemedyCard);

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Remedy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings of {}", self.0.id)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Remedy, A::Error> {
        let mut remedy = Remedy::new(self.0);
        let names: &'static [&'static str] = &FIELDS[place(self.0.id)];
        named_settings::read(map, names, &mut remedy.settings)?;
        Ok(remedy)
    }
}
