//! Remedies against their definitions, worked by hand or computed another way.

use super::scenario::{Plan as Tasks, Scenario};
use super::views::Headed;
use super::*;
use crate::models::datasets::{Dataset, Inputs, Source};
use crate::models::network::{self, Initialisation, Layer, Loss, Network, Purpose, Volume};
use std::sync::Arc;

/// Two features, three classes, a few points.
fn points() -> Dataset {
    let numbers = vec![0.5, -1.0, 1.5, 0.3, -0.7, 0.9, 0.2, 0.4, -1.1, -0.6];
    Dataset {
        shape: Volume::vector(2),
        classes: vec!["0".into(), "1".into(), "2".into()],
        inputs: Inputs::Numbers(numbers),
        labels: vec![0, 1, 2, 1, 0],
    }
}

/// 2 → 4 tanh → 3.
fn tiny() -> (Network<f32>, Vec<f32>) {
    let layers = [
        Layer::Dense { outputs: 4 },
        Layer::Tanh,
        Layer::Dense { outputs: 3 },
    ];
    let plan = Arc::new(network::plan(&layers, Volume::vector(2), 3).unwrap());
    let parameters = Initialisation::Xavier.parameters(&plan, 3);
    (Network::new(plan, Loss::CrossEntropy, 8, 0), parameters)
}

fn headed(data: &Dataset) -> Headed<'_> {
    Headed {
        data,
        outputs: 0..3,
    }
}

#[test]
fn ewc_is_the_penalty_and_the_gradient_worked_by_hand() {
    // c = 10, F = (2, 0.5), θ* = (1, −1): at θ = (1.5, 1) the penalty is
    // 5·(2·0.25 + 0.5·4) = 12.5 and its gradient 10·(2·0.5, 0.5·2) = (10, 10).
    let weighing = Weighing::Fisher {
        samples: 1,
        labels: Labels::Model,
        online: None,
    };
    let mut ewc = Anchors::new(10.0, weighing);
    ewc.pull_to(vec![1.0, -1.0], vec![2.0, 0.5]);
    let mut gradient = [0.25, -0.5];
    assert_eq!(ewc.penalty(&[1.5, 1.0], &mut gradient), 12.5);
    assert_eq!(gradient, [10.25, 9.5]);
    // A second task's pull adds: F = (0, 4), θ* = (0, 0): 5·4·1 = 20 and (0, 40).
    ewc.pull_to(vec![0.0, 0.0], vec![0.0, 4.0]);
    gradient = [0.0; 2];
    assert_eq!(ewc.penalty(&[1.5, 1.0], &mut gradient), 32.5);
    assert_eq!(gradient, [10.0, 50.0]);
    // At the old weights nothing pulls.
    let mut single = Anchors::new(10.0, weighing);
    single.pull_to(vec![1.0, -1.0], vec![2.0, 0.5]);
    gradient = [0.0; 2];
    assert_eq!(single.penalty(&[1.0, -1.0], &mut gradient), 0.0);
    assert_eq!(gradient, [0.0; 2]);
}

/// ln p(class | example), over all outputs, from the outputs of the network computed here.
fn log_probability(parameters: &[f64], x: [f64; 2], class: usize) -> f64 {
    let (w1, rest) = parameters.split_at(8);
    let (b1, rest) = rest.split_at(4);
    let (w2, b2) = rest.split_at(12);
    let hidden: Vec<f64> = (0..4)
        .map(|u| (w1[2 * u] * x[0] + w1[2 * u + 1] * x[1] + b1[u]).tanh())
        .collect();
    let output = |o: usize| b2[o] + (0..4).map(|u| w2[4 * o + u] * hidden[u]).sum::<f64>();
    let sum: f64 = (0..3).map(|o| output(o).exp()).sum();
    output(class) - sum.ln()
}

#[test]
fn the_fisher_information_is_its_definition() {
    let (mut network, parameters) = tiny();
    let data = points();
    let wide: Vec<f64> = parameters.iter().map(|&w| f64::from(w)).collect();
    let slope = |x: [f64; 2], class: usize, i: usize| {
        let at = |by: f64| {
            let mut moved = wide.clone();
            moved[i] += by;
            log_probability(&moved, x, class)
        };
        (at(1e-5) - at(-1e-5)) / 2e-5
    };
    let inputs: Vec<[f64; 2]> = (0..5)
        .map(|n| [0, 1].map(|k| f64::from(data.input(n)[k])))
        .collect();
    let own = fisher(
        &mut network,
        &headed(&data),
        &parameters,
        100,
        Labels::Model,
    );
    let true_ones = fisher(&mut network, &headed(&data), &parameters, 100, Labels::True);
    for i in 0..parameters.len() {
        let expected: f64 = inputs
            .iter()
            .map(|&x| {
                let term = |c| log_probability(&wide, x, c).exp() * slope(x, c, i).powi(2);
                (0..3).map(term).sum::<f64>() / 5.0
            })
            .sum();
        assert!(
            (f64::from(own[i]) - expected).abs() < 1e-5,
            "{i}: {} {expected}",
            own[i]
        );
        let of_true = inputs.iter().zip(&data.labels);
        let expected: f64 = of_true
            .map(|(&x, &c)| slope(x, usize::from(c), i).powi(2) / 5.0)
            .sum();
        assert!((f64::from(true_ones[i]) - expected).abs() < 1e-5, "{i}");
    }
}

#[test]
fn a_head_judges_its_own_outputs_alone() {
    let (mut network, parameters) = tiny();
    let mut data = points();
    data.labels = vec![1, 2, 1, 2, 1];
    let head = Headed {
        data: &data,
        outputs: 1..3,
    };
    let mut gradient = vec![0.0; parameters.len()];
    let all = [0, 1, 2, 3, 4];
    let purpose = Purpose::Probe(0);
    let score = network.gradient(&head, &all, &parameters, purpose, &mut gradient);
    // The first output's weights and its bias: nothing is asked of them.
    assert_eq!(gradient[12..16], [0.0; 4]);
    assert_eq!(gradient[24], 0.0);
    assert!(gradient[16..24].iter().all(|&g| g != 0.0));
    let wide: Vec<f64> = parameters.iter().map(|&w| f64::from(w)).collect();
    let expected: f64 = (0..5)
        .map(|n| {
            let x = [0, 1].map(|k| f64::from(data.input(n)[k]));
            let p = [1, 2].map(|c| log_probability(&wide, x, c).exp());
            let own = p[usize::from(data.labels[n]) - 1];
            -(own / (p[0] + p[1])).ln() / 5.0
        })
        .sum();
    assert!(
        (score.loss - expected).abs() < 1e-5,
        "{} {expected}",
        score.loss
    );
}

#[test]
fn projected_updates_are_orthogonal_to_the_kept_directions() {
    let mut ogd = Orthogonal::new(10);
    let draws = crate::numbers::Noise::new(5);
    let vector =
        |number: u64| -> Vec<f32> { (0..500).map(|i| draws.gaussian(number, i) as f32).collect() };
    for number in 0..10 {
        ogd.keep(vector(number));
    }
    ogd.keep(vector(3));
    assert_eq!(
        ogd.directions().len(),
        10,
        "a direction that is kept already is not new"
    );
    let before = vec![0.0; 500];
    let mut after = vector(99);
    ogd.correct(&[], &before, &mut after);
    let length = |v: &[f32]| v.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    assert!(length(&after) > 10.0);
    for direction in ogd.directions() {
        let product: f64 = direction
            .iter()
            .zip(&after)
            .map(|(&d, &a)| f64::from(d) * f64::from(a))
            .sum();
        assert!(product.abs() / length(&after) < 1e-6, "{product}");
    }
}

/// ∂z_y/∂θ of the tiny network for a point, worked out here.
fn slope_of_output(parameters: &[f64], x: [f64; 2], output: usize) -> Vec<f64> {
    let (w1, rest) = parameters.split_at(8);
    let (b1, rest) = rest.split_at(4);
    let w2 = &rest[..12];
    let hidden: Vec<f64> = (0..4)
        .map(|u| (w1[2 * u] * x[0] + w1[2 * u + 1] * x[1] + b1[u]).tanh())
        .collect();
    let mut slope = vec![0.0; parameters.len()];
    for (u, &h) in hidden.iter().enumerate() {
        let inward = w2[4 * output + u] * (1.0 - h * h);
        slope[2 * u] = inward * x[0];
        slope[2 * u + 1] = inward * x[1];
        slope[8 + u] = inward;
        slope[12 + 4 * output + u] = h;
    }
    slope[24 + output] = 1.0;
    slope
}

#[test]
fn projected_updates_leave_the_outputs_of_past_examples_to_first_order() {
    let (mut network, parameters) = tiny();
    let data = points();
    let mut border = Border {
        task: 0,
        data: &headed(&data),
        past: &[],
        own: Some(0..3),
        network: &mut network,
        start: &parameters,
    };
    let mut ogd = Orthogonal::new(5);
    ogd.learn(&mut border, &mut parameters.clone());
    assert_eq!(ogd.directions().len(), 5);
    let draws = crate::numbers::Noise::new(8);
    let step = |i: usize| 0.1 * draws.gaussian(0, i as u64) as f32;
    let mut moved: Vec<f32> = (0..).zip(&parameters).map(|(i, w)| w + step(i)).collect();
    ogd.correct(&[], &parameters, &mut moved);
    let update: Vec<f64> = moved
        .iter()
        .zip(&parameters)
        .map(|(&after, &before)| f64::from(after) - f64::from(before))
        .collect();
    let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    assert!(length(&update) > 0.05, "something is left: {update:?}");
    let wide: Vec<f64> = parameters.iter().map(|&w| f64::from(w)).collect();
    for example in 0..data.len() {
        let x = [0, 1].map(|k| f64::from(data.input(example)[k]));
        let slope = slope_of_output(&wide, x, usize::from(data.labels[example]));
        let product: f64 = slope.iter().zip(&update).map(|(s, u)| s * u).sum();
        let cosine = product / (length(&slope) * length(&update));
        assert!(cosine.abs() < 1e-6, "{example}: {cosine}");
    }
}

#[test]
fn the_whole_update_of_a_slowed_unit_is_scaled_decay_and_memory_included() {
    let (mut network, mut parameters) = tiny();
    let data = points();
    let start = parameters.clone();
    let mut border = Border {
        task: 0,
        data: &headed(&data),
        past: &[],
        own: None,
        network: &mut network,
        start: &start,
    };
    let card = RemedyCard::find("Availability").unwrap();
    let mut remedy = Remedy::new(card);
    remedy.set("strength", 3.0);
    let mut slower = guard(Some(&remedy), 0);
    assert!(
        slower.unit_rates().is_empty(),
        "nothing is slowed before a task has ended"
    );
    slower.learn(&mut border, &mut parameters);
    let rates = slower.unit_rates();
    assert_eq!((rates.len(), rates[0].len()), (1, 4));
    assert!(
        rates[0].iter().all(|rate| (0.01..1.0).contains(rate)),
        "{rates:?}"
    );
    // Whatever a rule made of gradient, memory and decay: it arrives here as one update.
    let before = parameters.clone();
    let mut after: Vec<f32> = before.iter().map(|w| 0.5 * w - 0.25).collect();
    let whole: Vec<f32> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
    slower.correct(&[], &before, &mut after);
    for (place, ((&now, &then), &whole)) in after.iter().zip(&before).zip(&whole).enumerate() {
        let rate = match place {
            0..8 => rates[0][place / 2],
            8..12 => rates[0][place - 8],
            _ => 1.0,
        };
        assert!((now - then - rate * whole).abs() < 1e-6, "{place}");
    }
}

#[test]
fn opposition_is_taken_out_of_a_gradient_and_nothing_else() {
    let mut against = [1.0, -2.0];
    rehearsal::without_opposition(&mut against, &[0.0, 1.0]);
    assert_eq!(against, [1.0, 0.0]);
    let mut along = [1.0, 2.0];
    rehearsal::without_opposition(&mut along, &[0.0, 1.0]);
    assert_eq!(along, [1.0, 2.0]);
}

#[test]
fn opposition_to_a_vanishing_gradient_is_taken_out_too() {
    // What is remembered so well that its gradient is subnormal has a direction still.
    let mut against = [1.0, -1.0, 3.0];
    rehearsal::without_opposition(&mut against, &[1e-42, 2e-42, 0.0]);
    let [a, b, c] = against.map(f64::from);
    assert!((a - 1.2).abs() < 1e-3 && (b + 0.6).abs() < 1e-3, "{a}, {b}");
    assert_eq!(c, 3.0);
}

#[test]
fn a_course_gives_every_tasks_data_once_and_keeps_none() {
    let tasks = Tasks {
        source: Source::FashionMnistSample,
        joined: Some(Joined::Permuted),
        scenario: Scenario::Split {
            tasks: vec![vec![9, 0], vec![12, 3, 4]],
        },
        seed: 1,
    };
    let mut course = tasks.course(Head::Single).unwrap();
    let first = course.next_task().unwrap();
    assert_eq!(Arc::strong_count(&first), 1, "nobody else holds them");
    assert_eq!(first.balance(), [1000, 1000]);
    let second = course.next_task().unwrap();
    assert_eq!(second.balance(), [0, 0, 1000, 1000, 1000]);
    assert!(course.next_task().is_none());
    assert_eq!(course.tests().len(), 2);
    // Class 12 is class 2 with its pixels rearranged.
    let sum = |data: &Dataset, row| data.input(row).iter().map(|&x| f64::from(x)).sum::<f64>();
    let whole = Source::FashionMnistSample.load(1).unwrap().train;
    let of_class = |data: &Dataset, class: u8| {
        data.labels
            .iter()
            .position(|&label| label == class)
            .unwrap()
    };
    let (plain, permuted) = (
        of_class(&whole, 2),
        second.labels.iter().position(|&label| label == 2).unwrap(),
    );
    assert!((sum(&whole, plain) - sum(&second, permuted)).abs() < 1e-3);
    assert_ne!(whole.input(plain), second.input(permuted));
}

#[test]
fn tasks_are_permuted_turned_and_divided_by_the_seed() {
    let with = |scenario: Scenario, source: Source, seed: u64| Tasks {
        source,
        joined: None,
        scenario,
        seed,
    };
    let even = |seed| {
        let scenario = Scenario::Even {
            tasks: 5,
            shuffled: true,
        };
        with(scenario, Source::FashionMnistSample, seed).classes_by_task()
    };
    assert_ne!(even(1), even(2));
    let mut all: Vec<usize> = even(1).concat();
    all.sort_unstable();
    assert_eq!(all, (0..10).collect::<Vec<_>>());
    let moons = Source::Moons {
        examples: 20,
        noise: 0.0,
    };
    let turned = Scenario::Rotated {
        tasks: 2,
        degrees: 90.0,
    };
    let mut course = with(turned, moons, 0).course(Head::Domain).unwrap();
    let (first, second) = (course.next_task().unwrap(), course.next_task().unwrap());
    let (a, b) = (first.input(3), second.input(3));
    assert!(
        (a[0] - b[1]).abs() < 1e-6 && (a[1] + b[0]).abs() < 1e-6,
        "{a:?} {b:?}"
    );
    assert_eq!(first.labels, second.labels);
}

#[test]
fn an_image_turned_by_a_right_angle_is_itself_turned() {
    let tasks = Tasks {
        source: Source::FashionMnistSample,
        joined: None,
        scenario: Scenario::Rotated {
            tasks: 2,
            degrees: 90.0,
        },
        seed: 0,
    };
    let mut course = tasks.course(Head::Domain).unwrap();
    let (first, second) = (course.next_task().unwrap(), course.next_task().unwrap());
    let (a, b) = (first.input(0), second.input(0));
    for y in 0..28 {
        for x in 0..28 {
            // Counter-clockwise: the right edge becomes the upper one.
            assert!((b[y * 28 + x] - a[x * 28 + 27 - y]).abs() < 0.01, "{x} {y}");
        }
    }
}

#[test]
fn heads_are_ranges_of_outputs() {
    let tasks = Tasks {
        source: Source::FashionMnistSample,
        joined: None,
        scenario: Scenario::Split {
            tasks: vec![vec![0, 1, 2], vec![5, 6]],
        },
        seed: 0,
    };
    assert_eq!(tasks.outputs(Head::Single), (vec![0..3, 3..5], 5));
    assert_eq!(tasks.outputs(Head::Multi), (vec![0..3, 3..5], 5));
    assert_eq!(tasks.outputs(Head::Domain), (vec![0..3, 0..3], 3));
}

#[test]
fn what_is_kept_is_judged_on_a_head_as_far_as_it_has_grown() {
    let data = points();
    let kept = |outputs: std::ops::Range<usize>, now: std::ops::Range<usize>| {
        let mut memory = Memory::default();
        let headed = Headed {
            data: &data,
            outputs,
        };
        memory.keep(&headed, 1);
        memory.grow(&now);
        // As the arithmetic has them: sixteen examples beside one another.
        let outputs = vec![0.0; 5 * 16];
        let mut slopes = outputs.clone();
        let judge = network::Examples::<f32>::judge;
        judge(
            &memory,
            Loss::CrossEntropy,
            0,
            &outputs,
            0,
            1.0,
            &mut slopes,
        );
        std::array::from_fn::<bool, 5, _>(|output| slopes[16 * output] != 0.0)
    };
    assert_eq!(kept(0..3, 0..5), [true; 5]);
    // A head of its own stays.
    assert_eq!(kept(0..3, 3..5), [true, true, true, false, false]);
}

#[test]
fn cards_are_complete() {
    for (index, card) in REMEDIES.iter().enumerate() {
        assert!(
            !card.formula.is_empty() && !card.about.is_empty(),
            "{}",
            card.id
        );
        assert!(
            card.citation.chars().any(|c| c.is_ascii_digit()),
            "{}",
            card.id
        );
        assert!(REMEDIES[..index].iter().all(|other| other.id != card.id));
        assert!(
            REMEDIES[..index]
                .iter()
                .all(|other| other.kind != card.kind)
        );
        for setting in card.settings {
            assert!(
                setting.domain.contains(setting.default),
                "{}.{}",
                card.id,
                setting.id
            );
            assert!(
                setting.domain.contains(setting.slider.0),
                "{}.{}",
                card.id,
                setting.id
            );
            assert!(setting.slider.0 < setting.slider.1);
        }
    }
}
