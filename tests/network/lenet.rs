//! Five steps of LeNet on Fashion-MNIST as PyTorch makes them.

use descent_lab::models::datasets;
use descent_lab::models::network::{Loss, Network, Plan, Purpose, Volume, plan, presets, weights};
use serde_json::Value;
use std::sync::Arc;

const STEPS: &str = include_str!("../golden/lenet.json");
const START: &[u8] = include_bytes!("../golden/lenet_start.safetensors");

fn lenet() -> Arc<Plan> {
    let layers = presets::find("lenet").unwrap().layers;
    Arc::new(plan(layers, Volume::new(1, 28, 28), 10).unwrap())
}

fn norm(numbers: &[f32]) -> f64 {
    let squares = numbers.iter().map(|&x| f64::from(x) * f64::from(x));
    squares.sum::<f64>().sqrt()
}

fn close(found: f64, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap();
    let error = (found - expected).abs() / expected.abs();
    assert!(
        error <= tolerance,
        "{what}: {found} is not {expected} ({error:e})"
    );
}

#[test]
fn five_steps_agree_with_pytorch() {
    let golden: Value = serde_json::from_str(STEPS).unwrap();
    let plan = lenet();
    let data = datasets::sample().train;
    let mut parameters = weights::read(&plan, START).unwrap();
    let mut gradient = vec![0.0_f32; parameters.len()];
    let mut network = Network::new(Arc::clone(&plan), Loss::CrossEntropy, 64, 0);
    for (step, expected) in golden["steps"].as_array().unwrap().iter().enumerate() {
        let first = 64 * step as u32;
        let batch: Vec<u32> = (first..first + 64).collect();
        let purpose = Purpose::Update(step as u64 + 1);
        let score = network.gradient(&*data, &batch, &parameters, purpose, &mut gradient);
        close(
            score.loss,
            &expected["loss"],
            1e-5,
            &format!("loss of step {step}"),
        );
        for block in &plan.blocks {
            let found = norm(&gradient[block.range.clone()]);
            let expected = &expected["gradient_l2"][&block.name];
            close(
                found,
                expected,
                1e-4,
                &format!("step {step}, {}", block.name),
            );
        }
        for (w, g) in parameters.iter_mut().zip(&gradient) {
            *w -= 0.3 * g;
        }
    }
    for block in &plan.blocks {
        let found = norm(&parameters[block.range.clone()]);
        close(
            found,
            &golden["final_sum_and_l2"][&block.name][1],
            1e-6,
            &block.name,
        );
    }
}

#[test]
fn the_split_over_cores_does_not_change_a_bit() {
    let plan = lenet();
    let data = datasets::sample().train;
    let parameters = weights::read(&plan, START).unwrap();
    // Not a multiple of the lanes, nor of a part.
    let batch: Vec<u32> = (0..250).map(|index| index * 7).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let mut network = Network::new(Arc::clone(&plan), Loss::CrossEntropy, 256, 0);
            let mut gradient = vec![0.0_f32; parameters.len()];
            let purpose = Purpose::Update(1);
            let score = network.gradient(&*data, &batch, &parameters, purpose, &mut gradient);
            (score.loss.to_bits(), gradient)
        })
    };
    let alone = on(1);
    assert!(alone.1.iter().any(|&g| g != 0.0));
    for threads in [2, 3, 8] {
        assert_eq!(on(threads), alone, "{threads} threads");
    }
}

#[test]
fn a_batch_is_the_mean_of_its_parts() {
    // Batches of 64 in one go, and of 1 each: the same gradient up to rounding.
    let plan = lenet();
    let data = datasets::sample().train;
    let parameters = weights::read(&plan, START).unwrap();
    let gradient_of = |batch: &[u32]| {
        let mut network = Network::new(Arc::clone(&plan), Loss::CrossEntropy, 64, 0);
        let mut gradient = vec![0.0_f32; parameters.len()];
        network.gradient(
            &*data,
            batch,
            &parameters,
            Purpose::Update(1),
            &mut gradient,
        );
        gradient
    };
    let whole = gradient_of(&[5, 17, 300]);
    let parts = [[5], [17], [300]].map(|batch| gradient_of(&batch));
    let scale = norm(&whole);
    for (index, &g) in whole.iter().enumerate() {
        let mean = parts.iter().map(|part| f64::from(part[index])).sum::<f64>() / 3.0;
        assert!((f64::from(g) - mean).abs() < 1e-6 * scale, "{index}");
    }
}

#[test]
fn weights_survive_a_file_and_another_architecture_is_refused() {
    let plan = lenet();
    let parameters = weights::read(&plan, START).unwrap();
    let file = weights::write(&plan, &parameters);
    assert_eq!(weights::read(&plan, &file).unwrap(), parameters);
    let mlp = presets::find("mlp").unwrap().layers;
    let mlp = descent_lab::models::network::plan(mlp, Volume::new(1, 28, 28), 10).unwrap();
    let refusal = weights::read(&mlp, START).unwrap_err().to_string();
    assert!(
        refusal.contains("`fc1.weight` is F32 of shape [120, 400]"),
        "{refusal}"
    );
    for length in [0, 7, 8, 100, file.len() - 1] {
        assert!(weights::read(&plan, &file[..length]).is_err(), "{length}");
    }
}
