//! What a report says, before it is written in a language.

use crate::formulas::Math;

/// A report in parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A heading of level 2, 3, …
    Heading(u8, String),
    /// The user's Markdown.
    Notes(String),
    /// A paragraph.
    Paragraph(Vec<Piece>),
    /// Something to be warned of.
    Warning(String),
    /// A formula on a line of its own.
    Formula(Math),
    /// A table: its header and its rows.
    Table(Vec<Piece>, Vec<Vec<Piece>>),
    /// An explanation of a step, in both languages.
    Explanation {
        /// With LaTeX.
        markdown: String,
        /// For a fixed-width font.
        text: String,
    },
    /// The figure with this number.
    Figure(usize),
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// Mathematics.
    Math(Math),
    /// An id or a formula as it is typed.
    Code(String),
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Math> for Piece {
    fn from(math: Math) -> Self {
        Self::Math(math)
    }
}

impl From<f64> for Piece {
    fn from(value: f64) -> Self {
        Self::Math(Math::Number(value))
    }
}

impl Document {
    /// Adds a heading.
    pub fn heading(&mut self, level: u8, text: impl Into<String>) {
        self.parts.push(Part::Heading(level, text.into()));
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        self.parts
            .push(Part::Paragraph(pieces.into_iter().collect()));
    }

    /// Adds a paragraph of words.
    pub fn say(&mut self, text: impl Into<String>) {
        self.paragraph([Piece::Text(text.into())]);
    }

    /// Adds a formula.
    pub fn formula(&mut self, parts: impl IntoIterator<Item = Math>) {
        self.parts.push(Part::Formula(Math::row(parts)));
    }
}
