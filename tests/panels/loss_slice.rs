//! The slice through a network's loss in the window.

use crate::Bench;
use descent_lab::experiment::{Experiment, preset};

fn spirals() -> Experiment {
    let text = r#"(version: 1, title: "Spirals", epochs: 4, runs: [
        (optimizer: "sgd", learning_rate: 0.3), (optimizer: "adam", learning_rate: 0.01)],
        objective: Network(data: Spirals(examples: 64), architecture: "spiral", batch_size: 32))"#;
    preset::read(text).unwrap()
}

fn surveyed() -> Bench {
    let mut bench = Bench::new();
    bench.load(spirals());
    bench.click("Loss slice");
    wait(&mut bench);
    bench
}

fn wait(bench: &mut Bench) {
    bench.harness.run_steps(3);
    bench.wait_for("the survey", |bench| bench.laboratory().is_surveyed());
    bench.harness.run_steps(3);
}

#[test]
fn all_paths_are_drawn_on_their_principal_axes_and_the_share_is_said() {
    let mut bench = surveyed();
    assert!(bench.says("principal axes"));
    assert!(bench.says("% of how all paths together extend"));
    assert!(bench.says("training examples"));
    assert!(!bench.says("becomes finer"));
    // The same drawings as those of landscapes, without a start to drag.
    assert!(bench.says("Loss over 1st axis and 2nd axis"));
    assert!(!bench.has("Start point"));
    bench.click("3-D");
    bench.harness.run_steps(5);
    assert!(!bench.has("Start point on the surface"));
}

#[test]
fn random_directions_can_be_had_in_their_place_and_drawn_anew() {
    let mut bench = surveyed();
    bench.click("Random directions");
    wait(&mut bench);
    assert!(bench.says("normalised filter by filter (seed 0)"));
    bench.enter("Seed of the directions", "7");
    wait(&mut bench);
    assert!(bench.says("(seed 7)"));
    assert!(bench.says("Loss over 1st direction and 2nd direction"));
}

#[test]
fn another_training_has_another_slice() {
    let mut bench = surveyed();
    let mut longer = spirals();
    longer.runs.truncate(1);
    longer.epochs = 2;
    bench.load(longer);
    wait(&mut bench);
    assert!(bench.says("% of how all paths together extend"));
}

#[test]
fn the_survey_of_a_training_that_was_replaced_is_given_up() {
    let mut bench = Bench::new();
    bench.load(spirals());
    bench.click("Loss slice");
    bench.click("Random directions");
    bench.wait_for("a survey", |bench| !bench.laboratory().is_surveyed());
    let laboratory = bench.harness.state_mut().as_mut().unwrap();
    laboratory.load(crate::preset("ai_notes_1"));
    bench.harness.run_steps(2);
    assert!(bench.laboratory().is_surveyed());
}
