//! README tells the truth about the catalogue.
#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helper functions too"
)]

use descent_lab::experiment::built_in::BUILT_IN;
use descent_lab::landscapes::LANDSCAPES;
use descent_lab::optimizers::OPTIMIZERS;
use descent_lab::schedules::SCHEDULES;
use std::fmt::Write;

const BEGIN: &str = "<!-- catalogue: begin, checked by tests/readme.rs -->\n";
const END: &str = "<!-- catalogue: end -->";

/// The catalogue as README shows it.
fn catalogue() -> String {
    let mut text = String::new();
    let cell = |text: &str| text.replace('|', "\\|");
    text += "\n**Optimizers**\n\n| id | name | family | update | source |\n|---|---|---|---|---|\n";
    for card in OPTIMIZERS.iter().map(|optimizer| optimizer.card()) {
        let formula = card
            .formula
            .iter()
            .map(|line| cell(line))
            .collect::<Vec<_>>();
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            card.id,
            card.name,
            card.family,
            formula.join("<br>"),
            cell(card.citation)
        )
        .unwrap();
    }
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
    text += "\n**Built-in experiments**\n\n| id | title |\n|---|---|\n";
    for built_in in BUILT_IN {
        writeln!(
            text,
            "| `{}` | {} |",
            built_in.id,
            built_in.experiment().title
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
