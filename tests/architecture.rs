//! Holds the import rule of `src/lib.rs`: who may know whom, egui, files and Unix.
//!
//! The sources are split into words here, without comments and string texts, so that only code
//! counts.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use std::collections::BTreeSet;
use std::path::Path;

/// Modules, beside `main.rs`, that may name the window's crates.
const WINDOW: [&str; 1] = ["app"];
const WINDOW_CRATES: [&str; 7] = [
    "eframe",
    "egui",
    "egui_commonmark",
    "egui_kittest",
    "egui_plot",
    "egui_tiles",
    "rfd",
];

/// Modules, beside `main.rs`, that may touch files.
const FILES: [&str; 5] = ["models/datasets", "storage", "export", "cli", "app"];
const FILE_NAMES: [&str; 3] = ["fs", "File", "OpenOptions"];

/// Catalogues whose files don't know each other, but for those that all of them share.
const CATALOGUES: [&str; 2] = ["landscapes", "optimizers"];
const SHARED: [&str; 13] = [
    "mod",
    "card",
    "composed",
    "lane_by_lane",
    "line_search",
    "memory",
    "packed",
    "probe",
    "rectification",
    "schedule_free",
    "shape",
    "stability",
    "wrappers",
];

/// One file of `src`.
struct Source {
    /// Relative to `src`, with `/`.
    path: String,
    words: Vec<String>,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            words: words(text),
        }
    }

    /// The path of the file's module, without `crate`: `["landscapes", "beale"]`.
    fn module(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs");
        let parts = path.split('/');
        parts
            .filter(|&part| part != "mod" && part != "lib")
            .collect()
    }

    /// The top-level module that the file belongs to; none for `lib.rs` and `main.rs`.
    fn top(&self) -> Option<&str> {
        self.module().first().copied().filter(|&top| top != "main")
    }

    fn may(&self, allowed: &[&str]) -> bool {
        let is_in = |folder: &&str| {
            let inside = self.path.strip_prefix(*folder);
            inside.is_some_and(|rest| rest.starts_with(['/', '.']))
        };
        self.path == "main.rs" || allowed.iter().any(is_in)
    }

    /// Every path of the code that begins with `crate` or `super`, from the crate's root on.
    fn paths(&self) -> Vec<Vec<&str>> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let mut paths = Vec::new();
        for (index, window) in words.windows(2).enumerate() {
            let continues = index > 0 && words[index - 1] == "::";
            let is_root = matches!(window, ["crate" | "super", "::"]);
            if is_root && !continues {
                collect_paths(&words, index, &[], &mut paths);
            }
        }
        paths.iter().map(|path| self.resolve(path)).collect()
    }

    /// Resolves leading `super`s against the file's own module.
    fn resolve<'a>(&'a self, path: &[&'a str]) -> Vec<&'a str> {
        if path[0] == "crate" {
            return path[1..].to_vec();
        }
        let up = path.iter().take_while(|&&part| part == "super").count();
        let mut resolved = self.module();
        resolved.truncate(resolved.len().saturating_sub(up));
        resolved.extend(&path[up..]);
        resolved
    }
}

/// Adds every path of the use tree that begins at `words[at]`; returns where it ends.
fn collect_paths<'a>(
    words: &[&'a str],
    at: usize,
    prefix: &[&'a str],
    paths: &mut Vec<Vec<&'a str>>,
) -> usize {
    let Some(&word) = words.get(at) else {
        return at;
    };
    if word == "{" {
        return collect_group(words, at + 1, prefix, paths);
    }
    let mut path = prefix.to_vec();
    if is_name(word) || word == "*" {
        path.push(word);
    }
    if words.get(at + 1) == Some(&"::") {
        return collect_paths(words, at + 2, &path, paths);
    }
    paths.push(path);
    at + 1
}

/// The members of a group, behind its opening brace.
fn collect_group<'a>(
    words: &[&'a str],
    mut at: usize,
    prefix: &[&'a str],
    paths: &mut Vec<Vec<&'a str>>,
) -> usize {
    while at < words.len() && words[at] != "}" {
        at = collect_paths(words, at, prefix, paths);
        // Past `as another_name` and the comma.
        while at < words.len() && words[at] != "}" && words[at - 1] != "," {
            at += 1;
        }
    }
    at + 1
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single punctuation marks of Rust code, without comments, texts and
/// characters.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if let Some(blank) = blank_length(rest) {
            blank
        } else if first.is_alphanumeric() || first == '_' {
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            rest.find(|c| !is_part(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        if blank_length(rest).is_none() {
            words.push(word.to_owned());
        }
        rest = after;
    }
    words
}

/// How much at the beginning of `rest` is no code: white space, a comment, a text or a
/// character; none where code begins.
fn blank_length(rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    if first.is_whitespace() {
        return Some(first.len_utf8());
    }
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment_length(rest));
    }
    if first == '\'' {
        return Some(character_length(rest));
    }
    let bare = rest
        .trim_start_matches(['b', 'c'])
        .trim_start_matches('r')
        .trim_start_matches('#');
    let opening = rest.len() - bare.len();
    let prefix = &rest[..opening];
    // Longer runs of these letters are names.
    let is_opening = prefix.trim_end_matches('#').len() <= 2 && bare.starts_with('"');
    is_opening.then(|| opening + text_length(prefix, bare))
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// A character literal, or only the tick of a lifetime.
fn character_length(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    let (_, first) = characters.next().unwrap_or((1, '\''));
    if first == '\\' {
        characters.next();
        let end = characters.find(|&(_, c)| c == '\'');
        return end.map_or(rest.len(), |(at, _)| at + 1);
    }
    match characters.next() {
        Some((at, '\'')) => at + 1,
        _ => 1,
    }
}

/// A string literal whose opening quote is the first character of `bare`.
fn text_length(prefix: &str, bare: &str) -> usize {
    if prefix.contains('r') {
        let closing = format!("\"{}", "#".repeat(prefix.matches('#').count()));
        let end = bare[1..].find(&closing);
        return end.map_or(bare.len(), |at| 1 + at + closing.len());
    }
    let mut escaped = false;
    for (at, c) in bare.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    bare.len()
}

/// The modules in the order of the list in the documentation of `lib.rs`.
fn order(lib: &str) -> Vec<&str> {
    lib.lines()
        .skip_while(|line| *line != "//! ```text")
        .skip(1)
        .take_while(|line| *line != "//! ```")
        .filter_map(|line| line.trim_start_matches("//!").split_whitespace().next())
        .collect()
}

/// Everything in `sources` that breaks a rule, one line each.
fn violations(order: &[&str], sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let broken = [
            unlisted(order, source),
            imports_from_below(order, source),
            imports_of_siblings(source, sources),
            forbidden_names(source, &WINDOW, &WINDOW_CRATES),
            forbidden_names(source, &FILES, &FILE_NAMES),
            unguarded_unix(source),
        ];
        let lines = broken.into_iter().flatten();
        found.extend(lines.map(|line| format!("{}: {line}", source.path)));
    }
    found
}

fn unlisted(order: &[&str], source: &Source) -> Vec<String> {
    let unknown = source.top().filter(|top| !order.contains(top));
    let line = unknown.map(|top| format!("`{top}` is not in the list of src/lib.rs"));
    line.into_iter().collect()
}

fn imports_from_below(order: &[&str], source: &Source) -> Vec<String> {
    let place = |module: &str| order.iter().position(|&listed| listed == module);
    let Some(own) = source.top().and_then(place) else {
        return Vec::new();
    };
    let paths = source.paths();
    let targets: BTreeSet<&str> = paths
        .iter()
        .filter_map(|path| path.first().copied())
        .filter(|&target| target != "*")
        .collect();
    let below = targets
        .into_iter()
        .filter(|target| place(target).is_none_or(|place| place > own));
    below
        .map(|target| format!("imports `{target}`, which is not above it"))
        .collect()
}

fn imports_of_siblings(source: &Source, sources: &[Source]) -> Vec<String> {
    let module = source.module();
    let [catalogue, own] = module[..] else {
        return Vec::new();
    };
    if !CATALOGUES.contains(&catalogue) || SHARED.contains(&own) {
        return Vec::new();
    }
    let siblings: BTreeSet<Vec<&str>> = sources
        .iter()
        .map(Source::module)
        .filter(|other| other.len() == 2 && other[0] == catalogue && other[1] != own)
        .filter(|other| !SHARED.contains(&other[1]))
        .collect();
    let paths = source.paths();
    let known = paths
        .iter()
        .filter(|path| path.len() > 1 && siblings.contains(&path[..2]));
    known
        .map(|path| format!("knows its sibling `{}`", path[1]))
        .collect()
}

fn forbidden_names(source: &Source, allowed: &[&str], names: &[&str]) -> Vec<String> {
    if source.may(allowed) {
        return Vec::new();
    }
    let named: BTreeSet<&str> = source
        .words
        .iter()
        .map(String::as_str)
        .filter(|word| names.contains(word))
        .collect();
    named
        .into_iter()
        .map(|name| format!("names `{name}`"))
        .collect()
}

/// Uses of `std::os::unix` and its like outside an item under `#[cfg(unix)]`.
fn unguarded_unix(source: &Source) -> Vec<String> {
    let words: Vec<&str> = source.words.iter().map(String::as_str).collect();
    let mut guarded_until = 0;
    let mut found = Vec::new();
    for index in 0..words.len() {
        if let Some(length) = unix_attribute_length(&words[index..]) {
            guarded_until = guarded_until.max(end_of_item(&words, index + length));
        }
        let is_use = matches!(words[index..], ["os", "::", "unix" | "linux" | "fd", ..]);
        if is_use && index >= guarded_until {
            found.push(format!(
                "uses `os::{}` outside #[cfg(unix)]",
                words[index + 2]
            ));
        }
    }
    found
}

/// The length of an attribute such as `#[cfg(unix)]` or `#[cfg(all(test, unix))]`.
fn unix_attribute_length(words: &[&str]) -> Option<usize> {
    if !words.starts_with(&["#", "[", "cfg"]) {
        return None;
    }
    let length = words.iter().position(|&word| word == "]")? + 1;
    let attribute = &words[..length];
    (attribute.contains(&"unix") && !attribute.contains(&"not")).then_some(length)
}

/// Where the item or statement that begins at `start` ends: behind its semicolon or its
/// closing brace.
fn end_of_item(words: &[&str], start: usize) -> usize {
    let mut depth = 0_usize;
    for (index, word) in words.iter().enumerate().skip(start) {
        match *word {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index;
                }
            }
            ";" if depth == 0 => return index,
            _ => {}
        }
    }
    words.len()
}

fn read_sources(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            read_sources(&entry.path(), &format!("{path}/"), sources);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            sources.push(Source::new(&path, &text));
        }
    }
}

#[test]
fn the_sources_keep_to_the_rules() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = std::fs::read_to_string(folder.join("lib.rs")).unwrap();
    let order = order(&lib);
    assert_eq!(order.first(), Some(&"numbers"));
    assert_eq!(order.last(), Some(&"app"));
    let mut sources = Vec::new();
    read_sources(&folder, "", &mut sources);
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let found = violations(&order, &sources);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    // The reader does see imports.
    let engine = sources.iter().find(|s| s.path == "engine/simulation.rs");
    let paths = engine.unwrap().paths();
    assert!(paths.contains(&vec!["objective", "Objective"]), "{paths:?}");
    assert!(paths.contains(&vec!["engine", "History"]), "{paths:?}");
}

/// What is wrong with one file, in a crate that also has two rules, `sgd` and `adam`.
fn wrong_with(path: &str, text: &str) -> Vec<String> {
    let order = [
        "numbers",
        "optimizers",
        "objective",
        "engine",
        "storage",
        "app",
    ];
    let mut sources: Vec<_> = [
        "optimizers/sgd.rs",
        "optimizers/adam.rs",
        "optimizers/card.rs",
    ]
    .iter()
    .filter(|&&other| other != path)
    .map(|other| Source::new(other, ""))
    .collect();
    sources.push(Source::new(path, text));
    violations(&order, &sources)
}

#[test]
fn an_import_from_below_is_found_however_it_is_written() {
    for text in [
        "use crate::engine::History;",
        "use crate::{numbers::Real, engine};",
        "use crate::{numbers::{Dual, Real}, engine as motor};",
        "use super::engine::History;",
        "fn f() { let h = crate::engine::History::<f64>::new(); }",
        "/* a /* nested */ comment */ pub use crate::engine::*;",
        "const TICK: char = '\"'; use crate::engine::History; // '\"'",
        r##"const RAW: &str = r#"quote " here"#; use crate::engine::History;"##,
    ] {
        assert_eq!(
            wrong_with("objective.rs", text),
            ["objective.rs: imports `engine`, which is not above it"],
            "{text}"
        );
    }
}

#[test]
fn allowed_imports_comments_and_texts_are_left_alone() {
    for text in [
        "use crate::numbers::Real; use crate::optimizers::{self, Memory};",
        "//! Like [`crate::engine`], but without `std::fs` and egui.\n/// egui\nfn f() {}",
        "const HINT: &str = \"crate::engine \\\" std::fs::File, // egui\";",
        "const HINT: &str = r#\"use \"crate::engine\", egui\"#;",
        "pub(crate) fn borrow<'a>(x: &'a str) -> &'a str { x }",
        "mod tests { use super::*; }",
    ] {
        assert_eq!(wrong_with("objective.rs", text), [""; 0], "{text}");
    }
    let everything = "use crate::app; use std::fs::File; use eframe::egui;";
    assert_eq!(wrong_with("main.rs", everything), [""; 0]);
    let below = "use crate::{engine, storage}; use std::{fs, io}; use egui_plot::Plot;";
    assert_eq!(wrong_with("app/panels/plots.rs", below), [""; 0]);
}

#[test]
fn a_deep_file_reaches_its_top_module_by_super() {
    let text = "use super::super::super::app::State;";
    assert_eq!(
        wrong_with("engine/parts/wheel.rs", text),
        ["engine/parts/wheel.rs: imports `app`, which is not above it"]
    );
    let text = "use super::super::Simulation; use super::spokes;";
    assert_eq!(wrong_with("engine/parts/wheel.rs", text), [""; 0]);
}

#[test]
fn siblings_of_a_catalogue_that_know_each_other_are_found() {
    for text in [
        "use super::sgd::Sgd;",
        "use super::{card::Slot, sgd};",
        "use crate::optimizers::sgd::Sgd;",
        "fn f() { super::sgd::step(); }",
    ] {
        assert_eq!(
            wrong_with("optimizers/adam.rs", text),
            ["optimizers/adam.rs: knows its sibling `sgd`"],
            "{text}"
        );
    }
    let shared = "use super::{Memory, OptimizerCard, card::Slot};";
    assert_eq!(wrong_with("optimizers/adam.rs", shared), [""; 0]);
    let catalogue = "mod sgd; use self::sgd::Sgd; static ALL: &[X] = &[super::optimizers::sgd::X];";
    assert_eq!(wrong_with("optimizers/mod.rs", catalogue), [""; 0]);
}

#[test]
fn window_file_and_unix_names_in_the_wrong_place_are_found() {
    for (text, line) in [
        ("use eframe::egui;", "names `eframe`"),
        ("fn f(ui: &mut egui::Ui) {}", "names `egui`"),
        ("use std::fs;", "names `fs`"),
        ("use std::{fs, io};", "names `fs`"),
        (
            "#[cfg(unix)] use std::os::unix::A; use std::os::unix::B;",
            "uses `os::unix` outside #[cfg(unix)]",
        ),
        (
            "#[cfg(not(unix))] use std::os::unix::A;",
            "uses `os::unix` outside #[cfg(unix)]",
        ),
        (
            "#[cfg(unix)] fn f() { g(); } fn h() { std::os::fd::x(); }",
            "uses `os::fd` outside #[cfg(unix)]",
        ),
    ] {
        let found = wrong_with("engine/mod.rs", text);
        assert!(
            found.contains(&format!("engine/mod.rs: {line}")),
            "{text}: {found:?}"
        );
    }
    let guarded = "#[cfg(unix)] fn f() { use std::os::unix::{A, B}; if x { std::os::unix::y(); } }";
    assert_eq!(wrong_with("engine/mod.rs", guarded), [""; 0]);
    let guarded = "#[cfg(all(test, unix))] mod tests { use std::os::unix::A; }";
    assert_eq!(wrong_with("engine/mod.rs", guarded), [""; 0]);
}

#[test]
fn a_module_that_the_list_does_not_name_is_found() {
    let line = "common/strings.rs: `common` is not in the list of src/lib.rs";
    assert_eq!(wrong_with("common/strings.rs", ""), [line]);
}
