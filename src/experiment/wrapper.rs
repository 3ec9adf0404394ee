//! What a file says about a wrapper: `ClipNorm(1.0)`, `Lookahead(k: 5, alpha: 0.5)`.
//!
//! Names, fields and defaults are read from the wrappers' cards, so that they stand nowhere
//! twice.

use crate::optimizers::named_settings;
use crate::optimizers::wrappers::{self, WRAPPERS, Wrapper, WrapperCard};
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, VariantAccess, Visitor};
use serde::ser::SerializeStructVariant;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::LazyLock;

/// A wrapper with its settings.
#[derive(Clone, Debug)]
pub struct WrapperSpec {
    /// Which.
    pub wrapper: &'static dyn Wrapper,
    /// In the order of its card.
    pub settings: Vec<f64>,
}

impl WrapperSpec {
    /// A wrapper with its card's defaults.
    pub fn new(wrapper: &'static dyn Wrapper) -> Self {
        let settings = wrapper.card().settings.iter();
        Self {
            wrapper,
            settings: settings.map(|setting| setting.default).collect(),
        }
    }

    /// Its card.
    pub fn card(&self) -> &'static WrapperCard {
        self.wrapper.card()
    }
}

impl PartialEq for WrapperSpec {
    fn eq(&self, other: &Self) -> bool {
        self.card().id == other.card().id && self.settings == other.settings
    }
}

static NAMES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| WRAPPERS.iter().map(|wrapper| wrapper.card().id).collect());

/// The fields of every wrapper, in the order of [`WRAPPERS`].
static FIELDS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let fields = |card: &WrapperCard| card.settings.iter().map(|setting| setting.id).collect();
    WRAPPERS
        .iter()
        .map(|wrapper| fields(wrapper.card()))
        .collect()
});

impl Serialize for WrapperSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let card = self.card();
        let index = place(card.id);
        if card.is_positional {
            return serializer.serialize_newtype_variant(
                "Wrapper",
                index as u32,
                card.id,
                &self.settings[0],
            );
        }
        let length = card.settings.len();
        let mut fields =
            serializer.serialize_struct_variant("Wrapper", index as u32, card.id, length)?;
        for (setting, value) in card.settings.iter().zip(&self.settings) {
            fields.serialize_field(setting.id, value)?;
        }
        fields.end()
    }
}

/// The place of a wrapper in the catalogue.
fn place(id: &str) -> usize {
    NAMES
        .iter()
        .position(|name| *name == id)
        .expect("every wrapper is one of the catalogue")
}

impl<'de> Deserialize<'de> for WrapperSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("Wrapper", &NAMES, WholeVisitor)
    }
}

struct WholeVisitor;

impl<'de> Visitor<'de> for WholeVisitor {
    type Value = WrapperSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a wrapper such as ClipNorm(1.0)")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<WrapperSpec, A::Error> {
        let (wrapper, content) = data.variant_seed(NameSeed)?;
        let card = wrapper.card();
        if card.is_positional {
            return Ok(WrapperSpec {
                wrapper,
                settings: vec![content.newtype_variant()?],
            });
        }
        content.struct_variant(&FIELDS[place(card.id)], FieldsVisitor(wrapper))
    }
}

/// The name of a wrapper.
struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = &'static dyn Wrapper;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = &'static dyn Wrapper;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a wrapper")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        wrappers::find(name).ok_or_else(|| E::unknown_variant(name, &NAMES))
    }
}

/// The named settings of a wrapper; absent ones take the card's defaults.
struct FieldsVisitor(&'static dyn Wrapper);

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = WrapperSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings of {}", self.0.card().id)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WrapperSpec, A::Error> {
        let mut spec = WrapperSpec::new(self.0);
        let names: &'static [&'static str] = &FIELDS[place(self.0.card().id)];
        named_settings::read(map, names, &mut spec.settings)?;
        Ok(spec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<WrapperSpec, ron::error::SpannedError> {
        ron::from_str(text)
    }

    #[test]
    fn positional_and_named_settings_are_read_and_written() {
        for wrapper in WRAPPERS {
            let mut spec = WrapperSpec::new(*wrapper);
            spec.settings.iter_mut().for_each(|value| *value += 0.25);
            let text = ron::to_string(&spec).unwrap();
            assert_eq!(read(&text).unwrap(), spec, "{text}");
        }
        assert_eq!(read("ClipNorm(2)").unwrap().settings, [2.0]);
        assert_eq!(
            read("Lookahead(alpha: 0.25)").unwrap().settings,
            [5.0, 0.25]
        );
        assert_eq!(read("Averaged()").unwrap().settings, [0.0, 0.0]);
    }

    #[test]
    fn unknown_names_are_refused() {
        for (text, part) in [
            ("ClipNom(1)", "ClipNom"),
            ("Sam(radius: 1)", "radius"),
            ("Lookahead(k: 5, k: 6)", "k"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
