//! The heaviest experiment that playing must be smooth with.

use descent_lab::experiment::{Experiment, RunSpec, built_in};

/// Twelve runs of 10,000 epochs with gradient noise, so that their trails never come to rest.
pub fn twelve_runs() -> Experiment {
    let first = built_in::find("ai_notes_1").expect("a built-in experiment");
    let mut experiment = first.experiment();
    experiment.epochs = 10_000;
    experiment.objective.set_noise(5.0);
    let rules = [
        "sgd",
        "momentum",
        "nesterov",
        "rmsprop",
        "adam",
        "adabelief",
        "adamw",
        "amsgrad",
        "adagrad",
        "nadam",
        "lion",
        "yogi",
    ];
    experiment.runs = rules.map(RunSpec::new).to_vec();
    for run in &mut experiment.runs {
        run.learning_rate = Some(0.002);
    }
    experiment.assign_colours();
    experiment
}
