//! Settings as an experiment file writes them, by the names on a card: `(k: 5, alpha: 0.5)`.

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use std::fmt;

/// Reads settings over their defaults; `names` and `settings` are in the order of the card.
///
/// # Errors
/// When a name is not on the card or stands there twice, or its value is no number.
pub(crate) fn read<'de, A: MapAccess<'de>>(
    mut map: A,
    names: &'static [&'static str],
    settings: &mut [f64],
) -> Result<(), A::Error> {
    let mut given = vec![false; names.len()];
    while let Some(name) = map.next_key_seed(NameSeed(names))? {
        if std::mem::replace(&mut given[name], true) {
            return Err(A::Error::duplicate_field(names[name]));
        }
        settings[name] = map.next_value()?;
    }
    Ok(())
}

/// The name of a setting, as its place in the card.
struct NameSeed(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a setting")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let place = self.0.iter().position(|known| *known == name);
        place.ok_or_else(|| E::unknown_field(name, self.0))
    }
}
