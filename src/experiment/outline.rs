//! Where things stand in the text of a RON file.
//!
//! The RON parser says what a file means; this says where each field is, so that a problem
//! found after parsing can still name its line, and so that a part that is not understood can
//! be left out of a newer file without touching the rest.

use std::collections::BTreeMap;
use std::ops::Range;

/// One field of a struct, one entry of a map or one item of a list.
#[derive(Debug, PartialEq)]
pub(super) struct Entry<'a> {
    /// Its name, where it has one.
    pub key: Option<&'a str>,
    /// The whole entry with the comma after it.
    pub whole: Range<usize>,
    /// What stands after the colon, or the whole item.
    pub value: Range<usize>,
}

/// The entries of the first bracketed value that begins in `range`.
pub(super) fn entries(text: &str, range: Range<usize>) -> Vec<Entry<'_>> {
    let mut scan = Scanner {
        text,
        at: range.start,
        end: range.end,
    };
    while scan.at < scan.end && !matches!(scan.peek(), b'(' | b'[' | b'{') {
        scan.skip_token();
    }
    scan.at += 1;
    let mut found = Vec::new();
    loop {
        scan.skip_blank();
        let start = scan.at;
        let key = scan.key();
        scan.skip_blank();
        let value_start = scan.at;
        let value_end = scan.skip_value();
        let continues = scan.at < scan.end && scan.peek() == b',';
        scan.at += usize::from(continues);
        if value_end > value_start {
            found.push(Entry {
                key,
                whole: start..scan.at,
                value: value_start..value_end,
            });
        }
        if !continues {
            return found;
        }
    }
}

/// Where the value at a path such as `runs[2].hyperparameters.beta1` begins: the deepest part
/// of the path that the text has.
pub(super) fn locate(text: &str, path: &str) -> usize {
    Outline::new(text).locate(path)
}

/// A text with the levels of it that were looked into, so that each is scanned once however
/// many places are asked for.
pub(super) struct Outline<'a> {
    text: &'a str,
    levels: BTreeMap<usize, Level<'a>>,
}

/// The entries of one bracketed value, by number and by name.
struct Level<'a> {
    entries: Vec<Entry<'a>>,
    by_key: BTreeMap<&'a str, usize>,
}

impl<'a> Outline<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            levels: BTreeMap::new(),
        }
    }

    /// As the function [`locate`].
    pub fn locate(&mut self, path: &str) -> usize {
        let mut range = 0..self.text.len();
        for part in path.split(['.', '[']).filter(|part| !part.is_empty()) {
            let text = self.text;
            let level = self
                .levels
                .entry(range.start)
                .or_insert_with(|| Level::new(text, range.clone()));
            let index = match part.strip_suffix(']').map(str::parse) {
                Some(Ok(index)) => Some(index),
                _ => level.by_key.get(part).copied(),
            };
            match index.and_then(|index: usize| level.entries.get(index)) {
                Some(entry) => range = entry.value.clone(),
                None => break,
            }
        }
        range.start
    }
}

impl<'a> Level<'a> {
    fn new(text: &'a str, range: Range<usize>) -> Self {
        let entries = entries(text, range);
        let mut by_key = BTreeMap::new();
        for (index, key) in entries
            .iter()
            .enumerate()
            .filter_map(|(i, e)| Some((i, e.key?)))
        {
            by_key.entry(key).or_insert(index);
        }
        Self { entries, by_key }
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    /// Passes white space and comments.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            if rest.starts_with("//") || rest.starts_with("/*") {
                self.skip_token();
            } else if rest.starts_with(char::is_whitespace) {
                self.at += rest.len() - rest.trim_start().len();
            } else {
                return;
            }
        }
    }

    /// Passes one string, comment or character.
    fn skip_token(&mut self) {
        let rest = self.rest();
        let raw = rest
            .strip_prefix('r')
            .map(|after| after.trim_start_matches('#'));
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |close| close + 2)
        } else if let Some(body) = raw.and_then(|after| after.strip_prefix('"')) {
            let opening = rest.len() - body.len();
            let close = format!("\"{}", "#".repeat(opening - 2));
            let body_length = body.find(&close).map_or(body.len(), |at| at + close.len());
            opening + body_length
        } else if rest.starts_with('"') {
            string_length(rest)
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        self.at += length;
    }

    /// `name:` or `"name":`, passed when it is there.
    fn key(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let length = if rest.starts_with('"') {
            string_length(rest)
        } else {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?
        };
        let after = rest.get(length..)?.trim_start();
        let colon = rest.len() - after.len();
        if length == 0 || !after.starts_with(':') {
            return None;
        }
        self.at += colon + 1;
        Some(rest[..length].trim_matches('"'))
    }

    /// Passes a value up to the comma or bracket that ends it; where its last token ends.
    fn skip_value(&mut self) -> usize {
        let mut depth = 0_usize;
        let mut last = self.at;
        while self.at < self.end {
            match self.peek() {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' if depth == 0 => break,
                b')' | b']' | b'}' => depth -= 1,
                b',' if depth == 0 => break,
                _ => {}
            }
            let blank = self.peek().is_ascii_whitespace() || self.rest().starts_with("//");
            self.skip_token();
            if !blank {
                last = self.at;
            }
        }
        last
    }
}

/// Length of the quoted string at the beginning of `rest`, with its quotes.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (offset, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return offset + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"(
    version: 1, // a comment with ) and ,
    title: "a \"quoted\", (bracketed) title",
    notes: r#"raw " text)"#,
    runs: [
        (optimizer: "sgd"),
        (optimizer: "adam", hyperparameters: {"beta1": 0.5}, schedule: InverseTime(rate: 2)),
    ],
)"##;

    fn at(path: &str) -> &str {
        &TEXT[locate(TEXT, path)..]
    }

    #[test]
    fn every_path_is_found() {
        assert!(at("version").starts_with("1,"));
        assert!(at("title").starts_with("\"a "));
        assert!(at("notes").starts_with("r#"));
        assert!(at("runs[0].optimizer").starts_with("\"sgd\""));
        assert!(at("runs[1].hyperparameters.beta1").starts_with("0.5"));
        assert!(at("runs[1].schedule.rate").starts_with("2)"));
    }

    #[test]
    fn a_path_that_is_not_there_leads_to_its_nearest_ancestor() {
        assert!(at("runs[1].learning_rate").starts_with("(optimizer: \"adam\""));
        assert_eq!(locate("", "runs[1]"), 0);
    }

    #[test]
    fn entries_end_at_their_commas() {
        let fields = entries(TEXT, 0..TEXT.len());
        let keys: Vec<_> = fields.iter().map(|entry| entry.key).collect();
        assert_eq!(
            keys,
            [Some("version"), Some("title"), Some("notes"), Some("runs")]
        );
        assert_eq!(&TEXT[fields[0].whole.clone()], "version: 1,");
        assert_eq!(&TEXT[fields[2].value.clone()], "r#\"raw \" text)\"#");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "[()\\[\\]{}\",:r#a1/*. \n\\\\é]{0,80}") {
            for entry in entries(&text, 0..text.len()) {
                let _ = &text[entry.value];
                let _ = &text[entry.whole];
            }
            let _ = locate(&text, "runs[1].a");
        }
    }
}
