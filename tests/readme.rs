//! README tells the truth about the catalogue.
#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helper functions too"
)]

use descent_lab::experiment::built_in::BUILT_IN;
use descent_lab::landscapes::LANDSCAPES;
use descent_lab::models::continual::REMEDIES;
use descent_lab::optimizers::wrappers::WRAPPERS;
use descent_lab::optimizers::{Hyperparameter, OPTIMIZERS, Scale};
use descent_lab::schedules::SCHEDULES;
use std::fmt::Write;

const BEGIN: &str = "<!-- catalogue: begin, checked by tests/readme.rs -->\n";
const END: &str = "<!-- catalogue: end -->";

/// A text that stands in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Lines that stand in a cell of a table.
fn lines(formula: &[&str]) -> String {
    let lines: Vec<_> = formula.iter().map(|line| cell(line)).collect();
    lines.join("<br>")
}

fn optimizers(text: &mut String) {
    *text += "\n**Optimizers**\n\n| id | name | family | needs | update | source |\n\
              |---|---|---|---|---|---|\n";
    for card in OPTIMIZERS.iter().map(|optimizer| optimizer.card()) {
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} |",
            card.id,
            card.name,
            card.family,
            card.needs,
            lines(card.formula),
            cell(card.citation)
        )
        .unwrap();
    }
}

/// The named sets of conventions, where any rule has them.
fn variants(text: &mut String) {
    let cards = OPTIMIZERS.iter().map(|optimizer| optimizer.card());
    let with_variants: Vec<_> = cards.filter(|card| !card.variants.is_empty()).collect();
    if with_variants.is_empty() {
        return;
    }
    *text += "\n**Conventions** (`variant`; the first of a rule is what it does by itself)\n\n\
              | optimizer | variant | sets | what differs |\n|---|---|---|---|\n";
    for card in with_variants {
        for variant in card.variants {
            let set = |&(id, value): &(&str, f64)| {
                let h = card.hyperparameter(id).unwrap();
                format!("`{id}` = {}", in_words(h, value))
            };
            let sets: Vec<_> = variant.settings.iter().map(set).collect();
            let (id, name) = (variant.id, variant.name);
            let about = cell(variant.about);
            let sets = sets.join(", ");
            writeln!(
                text,
                "| `{}` | `{id}` ({name}) | {sets} | {about} |",
                card.id
            )
            .unwrap();
        }
    }
}

fn in_words(h: &Hyperparameter, value: f64) -> String {
    match h.scale {
        Scale::Choice(names) => format!("{value} ({})", names[value as usize]),
        _ => value.to_string(),
    }
}

fn wrappers(text: &mut String) {
    *text += "\n**Wrappers**\n\n| in a file | name | what it does | source |\n|---|---|---|---|\n";
    for card in WRAPPERS.iter().map(|wrapper| wrapper.card()) {
        let setting = |s: &Hyperparameter| match card.is_positional {
            true => s.default.to_string(),
            false => format!("{}: {}", s.id, s.default),
        };
        let settings: Vec<_> = card.settings.iter().map(setting).collect();
        writeln!(
            text,
            "| `{}({})` | {} | {} | {} |",
            card.id,
            settings.join(", "),
            card.name,
            lines(card.formula),
            cell(card.citation)
        )
        .unwrap();
    }
}

fn remedies(text: &mut String) {
    *text += "\n**Remedies against forgetting** (`remedy` of a run on tasks)\n\n\
              | id | name | what it does | settings | source |\n|---|---|---|---|---|\n";
    for card in REMEDIES {
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            card.id,
            card.name,
            lines(card.formula),
            cell(&card.settings_in_words().join("; ")),
            cell(card.citation)
        )
        .unwrap();
    }
}

/// The catalogue as README shows it.
fn catalogue() -> String {
    let mut text = String::new();
    optimizers(&mut text);
    variants(&mut text);
    wrappers(&mut text);
    text += "\n**Landscapes**\n\n| id | name | range | minima | source |\n|---|---|---|---|---|\n";
    for card in LANDSCAPES.iter().map(|landscape| landscape.card()) {
        let [x, y] = card.range;
        writeln!(
            text,
            "| `{}` | {} | [{}, {}] × [{}, {}] | {} | {} |",
            card.id,
            card.name,
            x.0,
            x.1,
            y.0,
            y.1,
            card.minima.len(),
            cell(card.source)
        )
        .unwrap();
    }
    text += "\n**Schedules**\n\n| id | rate of the k-th update | source |\n|---|---|---|\n";
    for card in SCHEDULES {
        writeln!(
            text,
            "| `{}` | {} | {} |",
            card.id,
            cell(card.formula),
            cell(card.source)
        )
        .unwrap();
    }
    remedies(&mut text);
    text += "\n**Built-in experiments**\n\n| id | title |\n|---|---|\n";
    for built_in in BUILT_IN {
        writeln!(
            text,
            "| `{}` | {} |",
            built_in.id,
            cell(&built_in.experiment().title)
        )
        .unwrap();
    }
    text + "\n"
}

#[test]
fn the_catalogue_in_readme_is_the_programs() {
    let readme = include_str!("../README.md");
    let (_, rest) = readme
        .split_once(BEGIN)
        .expect("README marks its catalogue");
    let (shown, _) = rest
        .split_once(END)
        .expect("README marks its catalogue's end");
    let expected = catalogue();
    if shown != expected {
        let place = concat!(env!("CARGO_MANIFEST_DIR"), "/target/catalogue.md");
        std::fs::write(place, &expected).unwrap();
        panic!("README's catalogue is not the program's; the right text is in {place}");
    }
}

#[test]
fn every_picture_and_file_that_readme_names_is_there() {
    let readme = include_str!("../README.md");
    let mut named = 0;
    for part in readme.split("](").skip(1) {
        let target = part.split(')').next().unwrap();
        if target.starts_with("http") || target.starts_with('#') {
            continue;
        }
        named += 1;
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
        assert!(path.exists(), "README names {target}, which is not there");
    }
    assert!(named > 3, "README has pictures and links to files");
}

#[test]
fn every_built_in_experiment_that_readme_names_exists() {
    let readme = include_str!("../README.md");
    for part in readme.split('`').skip(1).step_by(2) {
        if part.starts_with("hw3_") || part.starts_with("ai_notes_") && !part.contains('…') {
            assert!(
                BUILT_IN.iter().any(|built_in| built_in.id == part),
                "README names the experiment {part}, which there is not"
            );
        }
    }
}
