//! A schedule whose settings all have defaults may stand without brackets: `InverseSqrt`.
//!
//! Formats refuse a variant with fields that has none; here it is then read as one with an
//! empty list of them, and the fields' own defaults decide.

use super::Schedule;
use serde::de::value::MapDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, VariantAccess, Visitor,
};
use serde::{Deserialize, Serialize, Serializer};
use std::cell::Cell;
use std::fmt;

impl Serialize for Schedule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(Bare(deserializer))
    }
}

/// A part of reading an enum, with that one liberty.
struct Bare<T>(T);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Bare<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, Bare(visitor))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Bare<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Bare(data))
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Bare<A> {
    type Error = A::Error;
    type Variant = Bare<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.0.variant_seed(seed)?;
        Ok((value, Bare(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Bare<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let visitor = Cell::new(Some(visitor));
        let result = self.0.struct_variant(fields, Lent(&visitor));
        match (result, visitor.into_inner()) {
            (Err(_), Some(unused)) => {
                let nothing = std::iter::empty::<((), ())>();
                unused.visit_map(MapDeserializer::new(nothing))
            }
            (result, _) => result,
        }
    }
}

/// A visitor of fields that is still there when no fields were found.
struct Lent<'a, V>(&'a Cell<Option<V>>);

impl<'de, V: Visitor<'de>> Visitor<'de> for Lent<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings of a schedule")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        match self.0.take() {
            Some(visitor) => visitor.visit_map(map),
            None => Err(A::Error::custom(
                "the settings of a schedule stand here twice",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedules::Per;

    #[test]
    fn brackets_around_nothing_may_be_left_out() {
        let read = |text: &str| ron::from_str::<Schedule>(text);
        let root = Schedule::InverseSqrt { per: Per::Epoch };
        for text in [
            "InverseSqrt",
            "InverseSqrt()",
            " InverseSqrt ( per : Epoch , ) ",
        ] {
            assert_eq!(read(text).as_ref(), Ok(&root), "{text}");
        }
        let nested = read("WarmUp(steps: 3, then: InverseSqrt, per: Step)").unwrap();
        assert_eq!(nested.card().id, "WarmUp");
        assert!(matches!(
            read("Plateau"),
            Ok(Schedule::Plateau { patience: 10, .. })
        ));
        assert_eq!(read("Constant"), Ok(Schedule::Constant));
    }

    #[test]
    fn settings_without_default_are_still_missed_and_unknown_ones_named() {
        let error = |text: &str| ron::from_str::<Schedule>(text).unwrap_err().to_string();
        assert!(error("Step").contains("every"), "{}", error("Step"));
        assert!(error("Step(every: 2)").contains("factor"));
        assert!(error("InverseSqrt(pre: Step)").contains("pre"));
        assert!(error("Stop").contains("Stop"));
    }
}
