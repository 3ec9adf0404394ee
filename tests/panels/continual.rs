//! Tasks in the window: their editor, remedies on run cards, and what was learnt and forgotten.

use crate::Bench;
use descent_lab::experiment::{TasksSpec, preset};
use descent_lab::models::continual::{Head, Scenario};
use egui::{Key, OutputCommand};

/// Two tasks of three clouds of points each, with two seeds.
pub const POINTS: &str = r#"(version: 1, title: "Points", epochs: 2, seeds: [0, 1],
    objective: Tasks(data: Blobs(examples: 90), joined: Permuted, head: Multi, batch_size: 30,
        scenario: Split(tasks: [[0, 1, 2], [3, 4, 5]]),
        layers: [Flatten, Dense(outputs: 6), Relu]),
    runs: [(optimizer: "sgd", learning_rate: 0.3, label: "Plain"),
           (optimizer: "sgd", learning_rate: 0.3, remedy: Ewc(strength: 10, samples: 10), label: "Held")])"#;

fn points() -> Bench {
    let mut bench = Bench::new();
    bench.load(preset::read(POINTS).unwrap());
    bench
}

fn tasks(bench: &Bench) -> &TasksSpec {
    bench.experiment().objective.tasks().unwrap()
}

fn split(bench: &Bench) -> Vec<Vec<usize>> {
    match &tasks(bench).scenario {
        Scenario::Split { tasks } => tasks.clone(),
        other => panic!("{other:?}"),
    }
}

fn remedy(bench: &Bench, run: usize) -> Option<(&'static str, Vec<f64>)> {
    let remedy = bench.experiment().runs[run].remedy.as_ref();
    remedy.map(|remedy| (remedy.card.id, remedy.settings.clone()))
}

/// What the next frame puts on the clipboard.
fn copied(bench: &mut Bench, button: &str) -> String {
    bench.scroll_to(button);
    bench.control(button).click();
    let mut found = None;
    for _ in 0..4 {
        bench.harness.step();
        let commands = &bench.harness.output().platform_output.commands;
        found = found.or(commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        }));
    }
    found.unwrap_or_else(|| panic!("{button} copies nothing"))
}

#[test]
fn a_remedy_is_chosen_on_the_card_and_its_settings_are_set_and_reset() {
    let mut bench = points();
    bench.click("Remedy of Plain");
    bench.click("Slower neurons");
    let usual = vec![100.0, 0.0, 200.0];
    assert_eq!(remedy(&bench, 0), Some(("Availability", usual.clone())));
    bench.click("Settings of Plain");
    let strength = "strength of Slower neurons of Plain";
    bench.enter(strength, "30");
    assert_eq!(remedy(&bench, 0).unwrap().1[0], 30.0);
    // Nudged as other numbers are.
    bench.focus(strength);
    bench.press(Key::ArrowUp);
    bench.press(Key::Enter);
    assert!(remedy(&bench, 0).unwrap().1[0] > 30.0);
    bench.focus(&format!("Reset {strength}"));
    bench.press(Key::Enter);
    assert_eq!(remedy(&bench, 0), Some(("Availability", usual)));
    for _ in 0..4 {
        bench.ctrl(Key::Z);
    }
    assert_eq!(remedy(&bench, 0), None);
    assert_eq!(remedy(&bench, 1).unwrap().0, "Ewc");
    bench.focus("Reset Remedy of Held");
    bench.press(Key::Enter);
    assert_eq!(remedy(&bench, 1), None);
}

#[test]
fn a_run_may_have_another_head_and_a_remedy_elsewhere_is_taken_out() {
    let mut bench = points();
    bench.click("Settings of Held");
    bench.click("Head of Held");
    bench.click("single");
    assert_eq!(bench.experiment().runs[1].head, Some(Head::Single));
    let mut elsewhere = bench.experiment().clone();
    elsewhere.objective = crate::preset("ai_notes_1").objective;
    bench.load(elsewhere);
    assert!(bench.says("take it out"), "the refusal is not said");
    bench.click("Take remedy and head out of Held");
    let run = &bench.experiment().runs[1];
    assert_eq!((&run.remedy, run.head), (&None, None));
    assert!(!bench.says("take it out"));
}

#[test]
fn tasks_are_listed_moved_and_dealt_anew() {
    let mut bench = points();
    bench.click("Class 0 in task 2");
    assert_eq!(split(&bench), [vec![1, 2], vec![3, 4, 5, 0]]);
    bench.click("Move task 1 down");
    assert_eq!(split(&bench), [vec![3, 4, 5, 0], vec![1, 2]]);
    // With one class there is nothing to tell apart, which is said beside the task.
    bench.click("Class 1 in task 2");
    assert!(bench.says("the task has one class"));
    bench.ctrl(Key::Z);
    assert!(!bench.says("the task has one class"));
    bench.enter("Classes per task", "2");
    assert_eq!(split(&bench), [vec![3, 4], vec![5, 0], vec![1, 2]]);
    bench.wait_for("three tasks", |bench| {
        let record = bench.laboratory().record().unwrap();
        record.checked.sequence().unwrap().tasks() == 3
    });
    bench.click("Remove task 3");
    bench.click("Add task");
    assert_eq!(split(&bench)[2], [1, 2]);
}

#[test]
fn the_kind_of_tasks_can_be_changed_and_comes_back() {
    let mut bench = points();
    let before = split(&bench);
    bench.click("Scenario");
    bench.click("turned inputs");
    bench.enter("Angle in degrees", "90");
    bench.enter("Number of tasks", "3");
    let turned = Scenario::Rotated {
        tasks: 3,
        degrees: 90.0,
    };
    assert_eq!(tasks(&bench).scenario, turned);
    bench.click("Scenario");
    bench.click("listed classes");
    assert_eq!(split(&bench), before);
    bench.click("Scenario");
    bench.click("equally many classes");
    bench.click("order drawn from the seed");
    let even = Scenario::Even {
        tasks: 2,
        shuffled: true,
    };
    assert_eq!(tasks(&bench).scenario, even);
    // Two classes cannot be dealt to tasks; they are turned in place of that.
    bench.click("Joined with");
    bench.click("nothing");
    bench.click("Data of the tasks");
    bench.click("Moons");
    assert!(matches!(tasks(&bench).scenario, Scenario::Rotated { .. }));
    assert!(bench.laboratory().experiment().check().is_ok());
}

#[test]
fn the_network_that_learns_the_tasks_is_widened_and_deepened() {
    let mut bench = points();
    bench.enter("Epochs per task", "1");
    bench.enter("Units of hidden layer 1", "8");
    bench.click("Add hidden layer");
    bench.click("Activation");
    bench.click("tanh");
    bench.enter("Batch size", "45");
    bench.click("every task with a fresh rule");
    bench.click("Head");
    bench.click("domain");
    let spec = tasks(&bench);
    assert_eq!((spec.layers.len(), spec.batch_size), (5, 45));
    assert_eq!((spec.head, spec.fresh_rule), (Head::Domain, false));
    bench.wait_for("the larger network", |bench| {
        let record = bench.laboratory().record().unwrap();
        let plan = record.checked.sequence().unwrap().plan();
        record.checked.experiment.epochs == 1 && plan.parameters() == 3 * 8 + 9 * 8 + 9 * 3
    });
    bench.click("Remove hidden layer 2");
    bench.click("Remove hidden layer 1");
    assert_eq!(tasks(&bench).layers.len(), 1);
}

#[test]
fn accuracies_are_said_at_the_playhead() {
    let mut bench = points();
    bench.press(Key::Home);
    assert!(bench.says("Accuracy on task 1 at epoch 0: Plain"));
    bench.press(Key::End);
    assert!(bench.says("Accuracy on task 2 at epoch 4: Plain"));
    assert!(bench.says("means over 2 seeds"));
}

#[test]
fn scores_and_the_accuracy_matrix_are_shown_and_copied() {
    let mut bench = points();
    for heading in ["ACC", "BWT", "forgetting (maximum)", "intransigence"] {
        assert!(bench.has(heading), "{heading} is not a heading");
    }
    let markdown = copied(&mut bench, "Copy scores as Markdown");
    assert!(markdown.starts_with("| run | head |"), "{markdown}");
    assert!(markdown.contains("| Plain | multi |") && markdown.contains(" ± "));
    assert!(bench.says("The table of scores as Markdown is on the clipboard"));
    bench.click("Held in scores");
    bench.click("Accuracy matrix");
    assert!(bench.says("after task 2"));
    let csv = copied(&mut bench, "Copy accuracy matrix as CSV");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    bench.click("Run of the matrix");
    bench.click("Plain");
    // The run at hand is the one whose card is unfolded.
    assert!(bench.has("Head of Plain") && !bench.has("Head of Held"));
    let plain = copied(&mut bench, "Copy accuracy matrix as CSV");
    assert_eq!(
        plain.lines().nth(1),
        csv.lines().nth(1),
        "the first task was the same"
    );
    bench.click("Definitions");
    assert!(bench.says("Lopez-Paz & Ranzato 2017, eq. 3"));
}

/// A valley, and then a bowl elsewhere.
const SURFACES: &str = r#"(version: 1, title: "Surfaces", epochs: 100,
    objective: Formula(expression: "10*w1^2 + 0.1*w2^2", then: ["(w1-1)^2 + (w2-1.5)^2"],
        w1: (-1, 2), w2: (-1, 2), start: (0.5, -0.5)),
    runs: [(optimizer: "sgd", learning_rate: 0.03, label: "Plain"),
           (optimizer: "sgd", learning_rate: 0.03, remedy: Ewc(strength: 1), label: "Held")])"#;

#[test]
fn surfaces_follow_one_another_and_the_pull_back_is_told() {
    let mut bench = Bench::new();
    bench.load(preset::read(SURFACES).unwrap());
    bench.press(Key::Home);
    assert!(bench.says("Task 1 of 2 at the playhead."));
    assert!(!bench.says("pull centred at"));
    bench.press(Key::End);
    assert!(bench.says("Task 2 of 2 at the playhead. Held: pull centred at ("));
    let csv = copied(&mut bench, "Copy losses as CSV");
    let mut lines = csv.lines();
    assert_eq!(
        lines.next().unwrap(),
        "run,loss 1 when learnt,loss 1 now,loss 2 when learnt,loss 2 now,forgetting"
    );
    let forgetting = |line: &str| line.rsplit(',').next().unwrap().parse::<f64>().unwrap();
    let [plain, held] = [lines.next(), lines.next()].map(|line| forgetting(line.unwrap()));
    assert!(plain > 5.0 && held < 0.5 * plain, "{plain} {held}");
}

#[test]
fn a_task_that_follows_is_typed_and_only_remedies_for_surfaces_are_offered() {
    let mut bench = Bench::new();
    bench.load(preset::read(SURFACES).unwrap());
    bench.click("Add a task that follows");
    assert!(bench.has("Formula 3"));
    bench.wait_for("three surfaces", |bench| {
        let record = bench.laboratory().record().unwrap();
        record
            .checked
            .surfaces()
            .is_some_and(|s| s.all().len() == 3)
    });
    bench.enter("Formula 2", "w1 +");
    assert!(bench.says("Column "));
    bench.click("Remove formula 2");
    assert!(!bench.says("Column ") && !bench.has("Formula 3"));
    bench.click("Remedy of Plain");
    assert!(bench.has("Online EWC") && !bench.has("LwF"));
    bench.click("Joint training");
    assert_eq!(remedy(&bench, 0).unwrap().0, "Joint");
}

#[test]
fn every_hidden_unit_is_told_by_field_map_and_table() {
    let mut bench = points();
    bench.click("Units");
    bench.press(Key::End);
    assert!(bench.says("learning task 2:"));
    for role in ["protected", "shared", "of one task", "free", "silent"] {
        assert!(bench.says(role), "{role} is not counted");
    }
    bench.enter("Unit", "3");
    assert!(bench.says("importance task 1 "));
    let map = "Heat map of 6 units and 6 classes; the field Unit tells the numbers of one";
    bench.click("as numbered");
    bench.focus(map);
    let step = bench.step();
    bench.press(Key::ArrowRight);
    assert_eq!(bench.step(), step, "the key is the map's");
    let csv = copied(&mut bench, "Copy units as CSV");
    assert_eq!(csv.lines().count(), 7, "{csv}");
    bench.click("concepts");
    let markdown = copied(&mut bench, "Copy concepts as Markdown");
    assert_eq!(markdown.lines().count(), 8, "{markdown}");
    // Half of the six are frozen after the first task, and none before its end.
    bench.click("Remedy of Plain");
    bench.click("Frozen neurons");
    bench.press(Key::End);
    assert!(bench.says("3 protected"));
    bench.press(Key::Home);
    assert!(bench.says("0 protected"));
}

#[test]
fn the_plane_through_the_ends_of_the_tasks_is_drawn() {
    let mut bench = points();
    bench.click("Plane of the tasks");
    let drawn = |task: u32| format!("Plane of the tasks with the loss of task {task}: task 1 ends");
    bench.wait_for("the plane", |bench| bench.says(&drawn(1)));
    bench.click("Loss of task 2");
    bench.wait_for("the other loss", |bench| bench.says(&drawn(2)));
    assert!(bench.says("of task 1 costs"));
}
