//! The data of a network as RON text, for the command line.

use super::preset::{options, text_error};
use crate::models::datasets::Source;

/// The data that a text names as experiment files do, such as `Mnist(folder: "mnist")`.
///
/// # Errors
/// What is wrong with the text, in words for people.
pub fn data_from_text(text: &str) -> Result<Source, String> {
    let read = options().from_str(text);
    read.map_err(|error| {
        let wrong = text_error(text, &error);
        format!("`{text}` is no data such as FashionMnist() or Mnist(folder: \"mnist\"): {wrong}")
    })
}
