//! The words of a formula.

use super::mistake::{FormulaError, Mistake};
use std::ops::Range;

/// A word, its kind and its place in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Token<'a> {
    /// What it is.
    pub word: Word<'a>,
    /// Where it stands.
    pub place: Range<usize>,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Word<'a> {
    /// A number, not negative.
    Number(f64),
    /// A name.
    Name(&'a str),
    /// One of `+ - * / ^ ( ) ,`.
    Mark(char),
    /// Nothing more.
    End,
}

impl Word<'_> {
    /// The word as messages name it.
    pub fn described(&self) -> String {
        match self {
            Self::Number(_) => "the number".into(),
            Self::Name(name) => format!("`{}`", shortened(name)),
            Self::Mark(mark) => format!("`{mark}`"),
            Self::End => "the end".into(),
        }
    }
}

/// A name as messages show it.
pub fn shortened(name: &str) -> String {
    if name.chars().count() > 24 {
        name.chars().take(23).chain(['…']).collect()
    } else {
        name.to_owned()
    }
}

/// The words of a text, one at a time.
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// From the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next word; its end again and again behind the last.
    ///
    /// # Errors
    /// When a character has no meaning, or a number is too large.
    pub fn next(&mut self) -> Result<Token<'a>, FormulaError> {
        let rest = &self.text[self.at..];
        let rest = rest.trim_start();
        let start = self.text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            self.at = self.text.len();
            return Ok(self.token(Word::End, start));
        };
        let length = |is_part: fn(char) -> bool| rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if first.is_ascii_digit() || first == '.' {
            self.at = start + number_length(rest);
            let value: Option<f64> = self.text[start..self.at].parse().ok();
            return match value {
                Some(value) if value.is_finite() => Ok(self.token(Word::Number(value), start)),
                Some(_) => Err(FormulaError::new(start..self.at, Mistake::Number)),
                None => Err(stray(first, start)),
            };
        }
        if first.is_alphabetic() || first == '_' {
            self.at = start + length(|c| c.is_alphabetic() || c.is_ascii_digit() || c == '_');
            let name = &self.text[start..self.at];
            return Ok(self.token(Word::Name(name), start));
        }
        let mark = match first {
            '+' | '-' | '*' | '/' | '^' | '(' | ')' | ',' => first,
            // As our own cards and other papers print them.
            '−' => '-',
            '·' | '×' => '*',
            _ => return Err(stray(first, start)),
        };
        self.at = start + first.len_utf8();
        if mark == '*' && self.text[self.at..].starts_with('*') {
            let place = start..self.at + 1;
            let (found, hint) = ("**".into(), "write powers with `^`");
            return Err(FormulaError::new(place, Mistake::Character { found, hint }));
        }
        Ok(self.token(Word::Mark(mark), start))
    }

    fn token(&self, word: Word<'a>, start: usize) -> Token<'a> {
        let place = start..self.at;
        Token { word, place }
    }
}

/// Digits, a point, more digits, and an exponent where digits follow its `e`.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        let run = bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        from + run.count()
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        let first = end + 1 + usize::from(signed);
        if bytes.get(first).is_some_and(u8::is_ascii_digit) {
            end = digits(first);
        }
    }
    end
}

fn stray(character: char, start: usize) -> FormulaError {
    let hint = match character {
        '.' => "a decimal point needs a digit beside it",
        '[' | ']' | '{' | '}' => "use round parentheses",
        '=' => "write only the right side, without `J =` or `y =`",
        '²' | '³' | '⁴' => "write powers with `^`, as in `w1^2`",
        '√' => "write `sqrt(…)`",
        '|' => "write `abs(…)`",
        '÷' | ':' => "write `/` to divide",
        ';' => "write `,` between arguments",
        _ => "use numbers, names, + - * / ^, parentheses and the functions",
    };
    let found = if character.is_control() {
        character.escape_default().to_string()
    } else {
        character.to_string()
    };
    let place = start..start + character.len_utf8();
    FormulaError::new(place, Mistake::Character { found, hint })
}
