//! What rules have in common: where one becomes another, what their steps measure, and that all
//! of them find the bottom of a bowl.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod convergence;
mod edges;
mod walker;
mod wrapped;

use descent_lab::landscapes;
use descent_lab::numbers::Noise;
use descent_lab::optimizers::{OPTIMIZERS, Optimizer};
use walker::Walker;

const START: [f64; 2] = [-1.54, -0.64];

fn rosenbrock(at: [f64; 2]) -> [f64; 2] {
    let surface = landscapes::find("rosenbrock").unwrap();
    landscapes::gradient::<f64>(surface, at).1
}

/// Gradients that depend on nothing but their number.
fn noise(number: u64) -> [f64; 2] {
    [0, 1].map(|index| Noise::new(5).gaussian(number, index))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1e-3)
}

/// Both walk Rosenbrock's valley on the same bits.
fn assert_same_way(mut one: Walker, mut other: Walker, rate: f64) {
    for number in 1..=300 {
        one.step_on_rosenbrock(rate);
        other.step_on_rosenbrock(rate);
        let names = (one.rule.card().id, other.rule.card().id);
        assert_eq!(one.at, other.at, "{names:?} at update {number}");
    }
    assert!(one.at.iter().all(|w| w.is_finite()) && one.at != START);
}

#[test]
fn adam_without_memory_of_the_mean_is_rmsprop_with_bias_correction() {
    let (beta2, epsilon, rate) = (0.999_f64, 1e-8, 0.01);
    let mut adam = Walker::new("adam", &[("beta1", 0.0)], START);
    let mut at = START;
    let (mut square, mut power) = ([0.0; 2], 1.0);
    for number in 1..=300 {
        let gradient = rosenbrock(at);
        power *= beta2;
        for i in 0..2 {
            square[i] = beta2 * square[i] + (1.0 - beta2) * gradient[i] * gradient[i];
            let root = (square[i] / (1.0 - power)).sqrt();
            at[i] -= rate * gradient[i] / (root + epsilon);
        }
        adam.step_on_rosenbrock(rate);
        assert!(
            close(adam.at[0], at[0]) && close(adam.at[1], at[1]),
            "update {number}: {:?} against {at:?}",
            adam.at
        );
    }
}

#[test]
fn adamw_without_decay_is_adam() {
    let adamw = Walker::new("adamw", &[("weight_decay", 0.0)], START);
    assert_same_way(adamw, Walker::new("adam", &[], START), 0.01);
}

#[test]
fn qhadam_with_no_share_of_the_gradient_is_adam() {
    let given = [("nu1", 1.0), ("nu2", 1.0), ("beta1", 0.9)];
    let qhadam = Walker::new("qhadam", &given, START);
    assert_same_way(qhadam, Walker::new("adam", &[], START), 0.01);
}

#[test]
fn ademamix_without_the_slow_mean_is_adam() {
    let mut ademamix = Walker::new("ademamix", &[("alpha", 0.0)], START);
    let mut adam = Walker::new("adam", &[], START);
    for number in 1..=300 {
        ademamix.step(0.01, noise(number));
        adam.step(0.01, noise(number));
        for i in 0..2 {
            assert!(close(ademamix.at[i], adam.at[i]), "update {number}");
        }
    }
}

#[test]
fn qhm_without_momentum_is_gradient_descent() {
    let qhm = Walker::new("qhm", &[("nu", 0.0)], START);
    assert_same_way(qhm, Walker::new("sgd", &[], START), 1e-4);
}

#[test]
fn qhm_with_all_momentum_steps_by_a_running_mean() {
    let (mu, rate) = (0.9, 1e-3);
    let mut qhm = Walker::new("qhm", &[("nu", 1.0), ("momentum", mu)], START);
    let mut at = START;
    let mut mean = [0.0; 2];
    for number in 1..=300 {
        let gradient = noise(number);
        for i in 0..2 {
            mean[i] = mu * mean[i] + (1.0 - mu) * gradient[i];
            at[i] -= rate * mean[i];
        }
        qhm.step(rate, gradient);
        assert_eq!(qhm.at, at, "update {number}");
    }
}

/// Momentum with dampening μ averages as QHM with ν = 1 does, but that torch lets the first
/// gradient in undamped: its velocity is larger by μᵗ·g₁, the share of g₁ that the running mean
/// left out.
#[test]
fn dampened_momentum_is_that_running_mean_but_for_the_first_gradient() {
    let mu = 0.9;
    let mut qhm = Walker::new("qhm", &[("nu", 1.0), ("momentum", mu)], START);
    let given = [("momentum", mu), ("dampening", mu)];
    let mut dampened = Walker::new("momentum", &given, START);
    let mut left_out = noise(1);
    for number in 1..=100 {
        qhm.step(1e-3, noise(number));
        dampened.step(1e-3, noise(number));
        for (i, share) in left_out.iter_mut().enumerate() {
            *share *= mu;
            let [velocity, mean] = [&dampened, &qhm].map(|walker| walker.memory.slot(0)[i]);
            assert!(close(velocity, mean + *share), "update {number}");
        }
    }
}

/// The form of Sutskever et al. takes the gradient ahead, at φ = w + μu, and steps
/// u ← μu − αg(φ), w ← w + u; the rule's θ is φ.
#[test]
fn nesterovs_two_forms_agree_after_the_change_of_variable() {
    let (mu, rate) = (0.9, 2e-4);
    let mut rule = Walker::new("nesterov", &[], START);
    let (mut w, mut u) = (START, [0.0; 2]);
    let ahead = |w: [f64; 2], u: [f64; 2]| [w[0] + mu * u[0], w[1] + mu * u[1]];
    for number in 1..=100 {
        let gradient = rosenbrock(ahead(w, u));
        for i in 0..2 {
            u[i] = mu * u[i] - rate * gradient[i];
            w[i] += u[i];
        }
        rule.step_on_rosenbrock(rate);
        for (theta, phi) in rule.at.into_iter().zip(ahead(w, u)) {
            let difference = (theta - phi).abs();
            assert!(difference < 1e-10, "update {number}: {difference}");
        }
    }
}

/// The greatest v so far is v itself until v falls.
#[test]
fn amsgrad_is_adam_while_the_second_moment_grows() {
    let given = [("beta2", 0.9)];
    let mut amsgrad = Walker::new("amsgrad", &given, START);
    let mut adam = Walker::new("adam", &given, START);
    for number in 1..=100 {
        let growing = [1.0, -0.5].map(|g| g * f64::from(number));
        amsgrad.step(0.01, growing);
        adam.step(0.01, growing);
        assert_eq!(amsgrad.at, adam.at, "update {number}");
    }
    let before = adam.at;
    amsgrad.step(0.01, [1e-3; 2]);
    adam.step(0.01, [1e-3; 2]);
    for (i, before) in before.into_iter().enumerate() {
        let [careful, bold] = [&amsgrad, &adam].map(|walker| (walker.at[i] - before).abs());
        assert!(careful < bold, "{careful} against {bold}");
    }
}

#[test]
fn steps_by_sign_have_the_length_of_the_rate() {
    let rules = [
        ("signsgd", &[][..]),
        ("signum", &[]),
        ("lion", &[("weight_decay", 0.0)]),
    ];
    for (id, given) in rules {
        let rate = 0.01;
        let mut walker = Walker::new(id, given, START);
        for number in 1..=100 {
            let before = walker.at;
            walker.step(rate, noise(number));
            for (w, before) in walker.at.into_iter().zip(before) {
                assert!(w == before - rate || w == before + rate, "{id}");
            }
        }
        let before = walker.at;
        walker.step(rate, [0.0; 2]);
        assert_eq!(walker.at == before, id == "signsgd", "{id}");
    }
}

#[test]
fn qhadam_with_the_gradient_alone_steps_by_sign() {
    let given = [("nu1", 0.0), ("nu2", 0.0), ("epsilon", 0.0)];
    let mut qhadam = Walker::new("qhadam", &given, START);
    let mut signsgd = Walker::new("signsgd", &[], START);
    for number in 1..=100 {
        qhadam.step(0.01, noise(number));
        signsgd.step(0.01, noise(number));
        assert!((0..2).all(|i| close(qhadam.at[i], signsgd.at[i])));
    }
}

#[test]
fn adagrads_sum_starts_where_it_is_told() {
    let given = [("initial_accumulator", 15.0), ("epsilon", 0.0)];
    let mut adagrad = Walker::new("adagrad", &given, [0.0; 2]);
    adagrad.step(1.0, [1.0, -7.0]);
    assert_eq!(adagrad.at, [-0.25, 7.0 / 8.0]);
}

/// Where nothing slopes a step is the decay alone: θ shrinks by 1 − αλ, or, where the trust
/// ratio scales the decay too, by the share of its length that a block moves.
#[test]
fn decay_alone_shrinks_the_parameters() {
    let (rate, decay) = (0.1, 0.05);
    // The first rate of the rules that find it: d₀ and the bias correction of Adam.
    let found = rate * 1e-6 * (1.0 - 0.999_f64).sqrt() / (1.0 - 0.9);
    let shares = [
        ("adamw", rate * decay),
        ("adabelief", rate * decay),
        ("adan", rate * decay),
        ("ademamix", rate * decay),
        ("schedule_free_adamw", rate * decay),
        ("dadapt_adamw", found * decay),
        ("prodigy", found * decay),
        ("lion", rate * decay),
        ("novograd", rate * decay),
        ("adafactor", rate * decay),
        ("adahessian", rate * decay),
        ("sophia", rate * decay),
        // Its vectors go by Adam, which has a decay of its own.
        ("muon", 0.0),
        ("lars", rate * 0.001),
        ("lamb", rate),
    ];
    let decays = |rule: &&&dyn Optimizer| rule.card().hyperparameter("weight_decay").is_some();
    assert_eq!(OPTIMIZERS.iter().filter(decays).count(), shares.len());
    for (id, shrink) in shares {
        let mut walker = Walker::new(id, &[("weight_decay", decay)], START);
        walker.step(rate, [0.0; 2]);
        for (w, start) in walker.at.into_iter().zip(START) {
            assert!(close(w, start * (1.0 - shrink)), "{id}: {w}");
        }
    }
}

#[test]
fn layer_wise_steps_measure_the_parameters() {
    let length = |w: [f64; 2]| w[0].hypot(w[1]);
    // Trust coefficient times rate for LARS without momentum, the rate for LAMB.
    let lars = Walker::new("lars", &[("momentum", 0.0)], START);
    for (mut walker, share) in [(lars, 2e-3), (Walker::new("lamb", &[], START), 2.0)] {
        for number in 1..=100 {
            let before = walker.at;
            walker.step(2.0, noise(number).map(|g| 1e3 * g));
            let step = length([walker.at[0] - before[0], walker.at[1] - before[1]]);
            let found = step / length(before);
            assert!((found / share - 1.0).abs() < 1e-9, "{found} for {share}");
        }
    }
}

/// A trust ratio with a norm of 0 is 1: parameters leave the origin, and stay where the
/// gradient is 0.
#[test]
fn layer_wise_rules_leave_the_origin() {
    for id in ["lars", "lamb"] {
        let mut walker = Walker::new(id, &[], [0.0; 2]);
        walker.step(0.5, [0.0; 2]);
        assert_eq!(walker.at, [0.0; 2], "{id}");
        walker.step(0.5, [1.0, -2.0]);
        assert!(walker.at[0] < 0.0 && walker.at[1] > 0.0, "{id}");
    }
    let mut lars = Walker::new("lars", &[], [0.0; 2]);
    lars.step(0.5, [1.0, -2.0]);
    assert_eq!(lars.at, [-0.5, 1.0]);
}

#[test]
fn signum_without_memory_is_signsgd() {
    let signum = Walker::new("signum", &[("beta", 0.0)], START);
    assert_same_way(signum, Walker::new("signsgd", &[], START), 0.01);
}

/// Two walkers on the same noise, which agree after every update but for rounding.
fn assert_same_way_on_noise(mut one: Walker, mut other: Walker, rate: f64) {
    for number in 1..=300 {
        one.step(rate, noise(number));
        other.step(rate, noise(number));
        let names = (one.rule.card().id, other.rule.card().id);
        for i in 0..2 {
            assert!(close(one.at[i], other.at[i]), "{names:?} at {number}");
        }
    }
}

#[test]
fn aggmo_with_equal_factors_is_momentum() {
    let given = ["beta1", "beta2", "beta3"].map(|beta| (beta, 0.9));
    let aggmo = Walker::new("aggmo", &given, START);
    assert_same_way_on_noise(aggmo, Walker::new("momentum", &[], START), 0.01);
}

#[test]
fn aggmo_without_memory_is_gradient_descent() {
    let given = ["beta1", "beta2", "beta3"].map(|beta| (beta, 0.0));
    let aggmo = Walker::new("aggmo", &given, START);
    assert_same_way_on_noise(aggmo, Walker::new("sgd", &[], START), 0.01);
}

/// Without ε, which AdaBound adds before the bias correction and Adam after it.
#[test]
fn adabound_with_open_bounds_is_adam() {
    let adabound = Walker::new("adabound", &[("gamma", 0.0), ("epsilon", 0.0)], START);
    let adam = Walker::new("adam", &[("epsilon", 0.0)], START);
    assert_same_way_on_noise(adabound, adam, 0.01);
}

/// With closed bounds every parameter moves at the final rate, whatever α is; a rate that has
/// fallen to half lets it fall to half.
#[test]
fn adabound_ends_as_momentum_at_the_final_rate() {
    let given = [("gamma", 0.99), ("final_lr", 0.2), ("beta1", 0.0)];
    for alpha in [1e-6, 10.0] {
        let mut adabound = Walker::new("adabound", &given, START);
        for number in 1..=100_000 {
            adabound.step(alpha, noise(number));
        }
        for (share, number) in [(1.0, 100_001), (0.5, 100_002)] {
            let (before, gradient) = (adabound.at, noise(number));
            adabound.step(alpha * share, gradient);
            for i in 0..2 {
                let rate = (before[i] - adabound.at[i]) / gradient[i];
                assert!((rate / (0.2 * share) - 1.0).abs() < 2e-5, "{rate}");
            }
        }
    }
}

/// z takes the base rule's steps, x is the mean of all z weighted by the square of the greatest
/// rate so far, and the parameters lie between the two.
#[test]
fn schedule_free_rules_average_the_way_of_their_base() {
    let no_momentum = [("beta1", 0.0)];
    let rules = [
        ("schedule_free_sgd", 0, "sgd", &[][..]),
        ("schedule_free_adamw", 1, "adam", &no_momentum[..]),
    ];
    for (id, slot, base, given) in rules {
        let mut free = Walker::new(id, &[], START);
        let mut base = Walker::new(base, given, START);
        let (mut sum, mut weights, mut greatest) = ([0.0; 2], 0.0, 0.0_f64);
        for number in 1..=300 {
            // It warms up and falls again.
            let step = number as f64;
            let rate = 0.05 * (step / 100.0).min(100.0 / step);
            free.step(rate, noise(number));
            base.step(rate, noise(number));
            greatest = greatest.max(rate);
            weights += greatest * greatest;
            for (i, sum) in sum.iter_mut().enumerate() {
                let [z, x] = [slot, slot + 1].map(|slot| free.memory.slot(slot)[i]);
                *sum += greatest * greatest * z;
                let mean = *sum / weights;
                assert!(close(z, base.at[i]), "{id} at {number}");
                // x is recovered by a division at each update, which adds up its roundings.
                assert!((x - mean).abs() < 1e-11, "{id} at {number}: {x} for {mean}");
                assert!(close(free.at[i], 0.9 * x + 0.1 * z), "{id} at {number}");
            }
        }
    }
}

/// MADGRAD's first step: w = α + ε, so s = w·g and G = w·g².
#[test]
fn madgrad_takes_its_first_step_by_the_cube_root() {
    let given = [("epsilon", 0.0), ("momentum", 0.5)];
    let mut madgrad = Walker::new("madgrad", &given, [1.0, 2.0]);
    madgrad.step(0.125, [8.0, -1.0]);
    // 0.125·8/∛(0.125·64) = 1/2 and −0.125/∛0.125 = −1/4, and half of the way.
    assert!(close(madgrad.at[0], 0.75) && close(madgrad.at[1], 2.125));
}

#[test]
fn fromage_keeps_the_length_in_a_step_at_a_right_angle() {
    let mut fromage = Walker::new("fromage", &[], START);
    for _ in 0..100 {
        let [x, y] = fromage.at;
        fromage.step(0.3, [-50.0 * y, 50.0 * x]);
        let [length, before] = [fromage.at, START].map(|[x, y]| x.hypot(y));
        assert!(close(length, before), "{length} for {before}");
    }
    assert!(!close(fromage.at[0], START[0]));
}

/// A rule that finds its rate goes the same way whatever the gradients are multiplied by; a
/// power of two changes no digit.
#[test]
fn rules_that_find_their_rate_do_not_know_the_gradients_size() {
    for id in ["dog", "dadapt_adamw", "prodigy", "cocob"] {
        let [mut one, mut other] = [0, 1].map(|_| Walker::new(id, &[("epsilon", 0.0)], START));
        for number in 1..=300 {
            one.step_on_rosenbrock(1.0);
            other.step(1.0, rosenbrock(other.at).map(|g| 1024.0 * g));
            assert_eq!(one.at, other.at, "{id} at update {number}");
        }
        assert!(one.at.iter().all(|w| w.is_finite()) && one.at != START);
    }
}

/// Where nothing has sloped yet they wait, and lose nothing by it.
#[test]
fn rules_that_find_their_rate_wait_for_the_first_slope() {
    for id in ["dog", "dadapt_adamw", "prodigy", "cocob"] {
        let mut walker = Walker::new(id, &[], START);
        walker.step(1.0, [0.0; 2]);
        assert_eq!(walker.at, START, "{id}");
        for number in 1..=100 {
            walker.step(1.0, noise(number));
        }
        assert!(walker.at.iter().all(|w| w.is_finite()), "{id}");
        assert!(walker.at != START, "{id}");
    }
}

/// What they take for the distance starts at a millionth, never falls, and comes within a factor
/// of ten of the true one, √2.
#[test]
fn estimates_of_the_distance_grow_to_its_size() {
    for id in ["dog", "dadapt_adamw", "prodigy"] {
        let mut walker = Walker::new(id, &[], [-1.0, 1.0]);
        let mut before = 0.0;
        for number in 1..=1000 {
            walker.step(1.0, walker.at.map(|w| 2.0 * w));
            let distance = walker.memory.scalars()[0];
            assert!(distance >= before, "{id} at update {number}");
            assert!(number > 1 || distance < 1e-5, "{id}: {distance}");
            before = distance;
        }
        assert!(before > 0.14 && before < 14.0, "{id}: {before}");
    }
}

/// A warm-up may begin at 0.
#[test]
fn every_rule_bears_a_first_rate_of_zero() {
    for rule in OPTIMIZERS {
        let id = rule.card().id;
        let mut walker = Walker::new(id, &[], START);
        walker.step(0.0, noise(1));
        for number in 2..=10 {
            walker.step(0.01, noise(number));
        }
        assert!(walker.at.iter().all(|w| w.is_finite()), "{id}");
        assert!(walker.at != START, "{id} stands still for ever");
    }
}

/// As in torch: Rprop takes its first step lengths from the rate and nothing afterwards.
#[test]
fn rprop_keeps_its_first_rate() {
    let mut constant = Walker::new("rprop", &[], START);
    let mut changing = Walker::new("rprop", &[], START);
    for number in 1..=50 {
        constant.step_on_rosenbrock(0.05);
        changing.step_on_rosenbrock(0.05 / f64::from(number));
        assert_eq!(constant.at, changing.at);
    }
}

/// As in torch: ASGD's rate is set at the end of the update before.
#[test]
fn asgd_follows_a_changed_rate_one_update_later() {
    let mut asgd = Walker::new("asgd", &[("lambd", 0.0)], [0.0; 2]);
    let mut steps = Vec::new();
    for rate in [0.1, 0.2, 0.4] {
        let before = asgd.at[0];
        asgd.step(rate, [-1.0; 2]);
        steps.push(asgd.at[0] - before);
    }
    assert!(close(steps[0], 0.1) && close(steps[1], 0.1) && close(steps[2], 0.2));
}

/// θ̄ is θ up to the update t₀ + 2, and the mean of the iterates from there on.
#[test]
fn asgd_averages_the_iterates_after_t0() {
    let start = 3;
    let mut asgd = Walker::new("asgd", &[("t0", 3.0)], START);
    let (mut sum, mut count) = (0.0, 0.0);
    for number in 1..=20 {
        asgd.step(0.1, noise(number));
        if number >= start + 2 {
            sum += asgd.at[0];
            count += 1.0;
        }
        let expected = if count == 0.0 {
            asgd.at[0]
        } else {
            sum / count
        };
        let found = asgd.memory.slot(0)[0];
        assert!(close(found, expected), "{number}: {found} for {expected}");
    }
}

#[test]
fn radam_is_momentum_for_five_updates() {
    let mut radam = Walker::new("radam", &[], START);
    let (mut mean, mut power) = (0.0, 1.0);
    for number in 1..=7 {
        let before = radam.at[0];
        radam.step(0.1, noise(number));
        mean = 0.9 * mean + 0.1 * noise(number)[0];
        power *= 0.9;
        let plain = before - 0.1 * mean / (1.0 - power);
        assert_eq!(close(radam.at[0], plain), number <= 5, "update {number}");
    }
}
