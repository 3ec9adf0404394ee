//! Shared things in files: written one after the other, as if each were alone.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

pub fn serialize<T: Serialize, S: Serializer>(
    things: &[Arc<T>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(things.iter().map(|thing| &**thing))
}

pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Arc<T>>, D::Error> {
    let things = Vec::<T>::deserialize(deserializer)?;
    Ok(things.into_iter().map(Arc::new).collect())
}
