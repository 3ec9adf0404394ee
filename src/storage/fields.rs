//! RON text read field by field, so that one that is not understood costs only itself.

use ron::extensions::Extensions;
use ron::value::RawValue;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The text of every field.
pub(super) struct Fields {
    /// The fields that were not taken, by name.
    pub texts: BTreeMap<String, String>,
    /// The fields that were asked for and not understood.
    pub refused: Vec<String>,
}

impl Fields {
    /// Takes a text of the form `(name: value, …)` apart.
    pub fn read(text: &str) -> Result<Self, ron::error::SpannedError> {
        options().from_str(text)
    }

    /// Takes a field out. One that is not understood stays in, and the usual value is given.
    pub fn take<T: DeserializeOwned>(
        &mut self,
        name: &str,
        usual: T,
        is_valid: impl FnOnce(&T) -> bool,
    ) -> T {
        let Some(text) = self.texts.get(name) else {
            return usual;
        };
        match options().from_str::<T>(text) {
            Ok(value) if is_valid(&value) => {
                self.texts.remove(name);
                value
            }
            _ => {
                self.refused.push(format!("`{name}: {text}`"));
                usual
            }
        }
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Settings", &["version"], FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("settings such as (version: 1, theme: Dark)")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut texts = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            texts.insert(name, value.get_ron().trim().to_owned());
        }
        Ok(Fields {
            texts,
            refused: Vec::new(),
        })
    }
}

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// The text of a field's value.
pub(super) fn text_of(value: &impl Serialize) -> String {
    options()
        .to_string(value)
        .expect("settings are plain data in Unicode, which RON can always write")
}
