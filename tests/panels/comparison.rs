//! The table of results, the pinned experiment, and what a click on a run's marks does.

use super::{Bench, preset};
use egui::{Key, Modifiers, OutputCommand, Pos2};
use egui_kittest::kittest::Queryable;

/// The names in the table from top to bottom, of these.
fn order(bench: &Bench, names: &[&str]) -> Vec<String> {
    let mut found: Vec<_> = names
        .iter()
        .flat_map(|name| {
            let places = bench.harness.query_all_by_label(name);
            places.map(|node| (node.rect().top(), (*name).to_owned()))
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, name)| name).collect()
}

/// What a click on a button puts on the clipboard.
fn copied(bench: &mut Bench, button: &str) -> String {
    bench.scroll_to(button);
    bench.control(button).click();
    for _ in 0..4 {
        bench.harness.step();
        let commands = &bench.harness.output().platform_output.commands;
        let text = commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = text {
            bench.settle();
            return text;
        }
    }
    panic!("{button} copies nothing");
}

fn right_click(bench: &mut Bench, at: Pos2) {
    bench.harness.hover_at(at);
    bench.harness.run_steps(2);
    for pressed in [true, false] {
        bench.harness.event(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Secondary,
            pressed,
            modifiers: Default::default(),
        });
    }
    bench.settle();
}

#[test]
fn the_table_is_sorted_by_its_headings_with_mouse_and_keys() {
    let mut bench = Bench::new();
    assert!(!bench.has("Sort by run"));
    bench.press_with(Modifiers::SHIFT, Key::T);
    let labels: Vec<_> = bench
        .experiment()
        .runs
        .iter()
        .map(|run| run.display_label())
        .collect();
    let names: Vec<_> = labels
        .iter()
        .map(|label| format!("Hide {label} in results"))
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    bench.click("Sort by run");
    let by_name = order(&bench, &names);
    let mut expected: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    expected.sort_by_key(|name| name.to_lowercase());
    assert_eq!(by_name, expected);
    bench.focus("Sort by run");
    bench.press(Key::Enter);
    expected.reverse();
    assert_eq!(order(&bench, &names), expected, "the keyboard sorts too");
    bench.click("Sort by final loss");
    let record = bench.laboratory().record().unwrap();
    let mut losses: Vec<_> = record
        .history
        .traces
        .iter()
        .zip(&names)
        .map(|(trace, name)| (trace.losses()[trace.len() - 1], (*name).to_owned()))
        .collect();
    losses.sort_by(|a, b| a.0.total_cmp(&b.0));
    let best = losses[0]
        .1
        .replace("Hide ", "")
        .replace(" in results", " – best");
    let losses: Vec<_> = losses.into_iter().map(|(_, name)| name).collect();
    assert_eq!(order(&bench, &names), losses);
    assert!(bench.has(&best), "the winner is named: {best}");
    bench.press_with(Modifiers::SHIFT, Key::T);
    assert!(!bench.has("Sort by run"));
}

#[test]
fn the_table_is_copied_in_three_forms() {
    let mut bench = Bench::new();
    bench.press_with(Modifiers::SHIFT, Key::T);
    let markdown = copied(&mut bench, "Copy as Markdown");
    assert!(markdown.starts_with("| run | final loss | best loss | epochs to target |"));
    assert_eq!(markdown.lines().count(), 2 + bench.experiment().runs.len());
    assert_eq!(markdown.matches("(best)").count(), 1, "{markdown}");
    let csv = copied(&mut bench, "Copy as CSV");
    assert!(csv.starts_with("run,final_loss,best_loss,"), "{csv}");
    let latex = copied(&mut bench, "Copy as LaTeX");
    assert!(latex.starts_with("\\begin{tabular}"), "{latex}");
    assert!(bench.says("on the clipboard as LaTeX"));
}

#[test]
fn the_target_decides_the_epochs_to_it() {
    let mut bench = Bench::new();
    bench.press_with(Modifiers::SHIFT, Key::T);
    bench.enter("Target loss", "50");
    bench.click("Sort by epochs to target");
    let csv = copied(&mut bench, "Copy as CSV");
    let record = bench.laboratory().record().unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    for row in reader.records().map(Result::unwrap) {
        let runs = &bench.experiment().runs;
        let run = runs
            .iter()
            .position(|run| run.display_label() == row[0])
            .unwrap();
        let losses = record.history.traces[run].losses();
        let first = losses.iter().position(|&loss| loss <= 50.0);
        assert_eq!(row[3], first.map_or(String::new(), |step| step.to_string()));
    }
    bench.click("Usual target");
    assert!(bench.is_disabled("Usual target"));
}

#[test]
fn a_pinned_experiment_survives_edits_and_is_not_part_of_the_file() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    bench.press(Key::G);
    assert_eq!(*bench.experiment(), before);
    assert!(!bench.is_unsaved(), "pinning changes no file");
    assert!(bench.says("grey dashes: pinned"));
    bench.enter("Start w1", "1.5");
    bench.click("Duplicate Adam");
    assert!(bench.says("grey dashes: pinned"));
    bench.press_with(Modifiers::SHIFT, Key::T);
    let csv = copied(&mut bench, "Copy as CSV");
    let pinned = csv.lines().filter(|line| line.contains("(pinned)")).count();
    assert_eq!(pinned, before.runs.len());
    assert_eq!(csv.lines().count(), 1 + 2 * before.runs.len() + 1);
    bench.load(preset("ai_notes_3"));
    assert!(
        bench.says("it is of another objective"),
        "not drawn over another landscape"
    );
    assert!(!bench.says("grey dashes: pinned"));
    bench.load(before);
    assert!(bench.says("grey dashes: pinned"));
    bench.click("Unpin");
    assert!(!bench.says("grey dashes: pinned"));
}

#[test]
fn a_trails_head_selects_its_run_and_offers_more() {
    let mut bench = Bench::new();
    // Momentum's head lies in front of gradient descent's; the others are still at the start.
    let label = bench.experiment().runs[1].display_label();
    let head = format!("Head of {label}");
    let at = bench.rect(&head).center();
    right_click(&mut bench, at);
    bench.click("Only this run");
    assert_eq!(
        bench.harness.query_all_by_label_contains("Head of").count(),
        1
    );
    let at = bench.rect(&head).center();
    right_click(&mut bench, at);
    bench.click("All runs again");
    assert!(bench.harness.query_all_by_label_contains("Head of").count() > 1);
    let at = bench.rect(&head).center();
    right_click(&mut bench, at);
    bench.click("Hide");
    assert!(!bench.experiment().runs[1].visible);
    assert!(!bench.has(&head));
    bench.press_with(Modifiers::SHIFT, Key::T);
    bench.click(&format!("Show {label} in results"));
    assert!(bench.experiment().runs[1].visible && bench.has(&head));
}
