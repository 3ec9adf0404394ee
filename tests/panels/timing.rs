//! Scratch.
use super::{Bench, preset};
use descent_lab::experiment::RunSpec;
use std::time::Instant;

#[test]
#[ignore = "prints times"]
fn frame_times() {
    let mut experiment = preset("hw3_q3a_page");
    let ids = [
        "sgd",
        "momentum",
        "nesterov",
        "rmsprop",
        "adam",
        "adabelief",
    ];
    experiment.runs = (0..12)
        .map(|i| RunSpec {
            learning_rate: Some(2e-4 * (1.0 + i as f64)),
            ..RunSpec::new(ids[i % 6])
        })
        .collect();
    experiment.epochs = 10_000;
    experiment.objective.set_noise(20.0);
    let mut bench = Bench::new();
    bench.load(experiment);
    for _ in 0..50 {
        bench.harness.step();
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let mut times: Vec<f64> = (0..60)
        .map(|_| {
            let t = Instant::now();
            bench.harness.step();
            t.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("least {:.2} ms, median {:.2} ms", times[0], times[30]);
}
