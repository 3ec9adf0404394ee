//! One step made by two rules from the same state.

use super::{experiment, fits, history};
use descent_lab::analysis::explanation::{self, Had, NoSuchStep, SharedStep};
use descent_lab::analysis::side_by_side::Span;
use descent_lab::experiment::{RunSpec, WrapperSpec, built_in};
use descent_lab::optimizers::wrappers::WRAPPERS;
use descent_lab::optimizers::{self, OPTIMIZERS};

fn share(run: RunSpec, other: &str, step: u64) -> SharedStep {
    let experiment = experiment("himmelblau", [1.0, 1.0], 0.2, run);
    let other = optimizers::find(other).unwrap();
    explanation::share(&experiment.check().unwrap(), 0, step, other).unwrap()
}

fn bits(values: impl IntoIterator<Item = f64>) -> Vec<u64> {
    values.into_iter().map(f64::to_bits).collect()
}

/// Set beside itself, a rule is given its own state, whichever way, and makes the same step.
#[test]
fn a_rule_beside_itself_makes_the_same_step_to_the_last_bit() {
    for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
        let id = rule.card().id;
        let shared = share(RunSpec::new(id), id, 9);
        let after =
            |of: &explanation::Explanation| bits(of.parameters.iter().map(|moved| moved.after));
        assert_eq!(after(&shared.own), after(&shared.other), "{id}");
        assert!(
            shared.memory.iter().all(|slot| slot.had == Had::Copied),
            "{id}"
        );
        assert!(
            shared.compared(false).iter().all(|row| row.is_same()),
            "{id}"
        );
    }
}

/// Every rule can be set beside those of every kind, and Adam beside every rule; both start from the same numbers, and the run's own
/// step is the record's.
#[test]
fn every_rule_steps_from_the_state_of_others() {
    let rules: Vec<_> = OPTIMIZERS.iter().filter(|rule| fits(**rule)).collect();
    for own in &rules {
        let run = RunSpec::new(own.card().id);
        let experiment = experiment("himmelblau", [1.0, 1.0], 0.0, run);
        let checked = experiment.check().unwrap();
        let record = history(&checked);
        let is_of_each_kind = |id| ["sgd", "adam", "lbfgs", "nelder_mead"].contains(&id);
        let is_adam = own.card().id == "adam";
        let others = rules.iter();
        for other in others.filter(|other| is_adam || is_of_each_kind(other.card().id)) {
            let names = (own.card().id, other.card().id);
            let shared = explanation::share(&checked, 0, 4, **other).unwrap();
            let before = |of: &explanation::Explanation| {
                let at = of.parameters.iter().map(|moved| moved.before);
                bits(at.chain(of.gradient.iter().copied()).chain([of.loss]))
            };
            assert_eq!(before(&shared.own), before(&shared.other), "{names:?}");
            assert_eq!(
                shared.own.rate.value.to_bits(),
                shared.other.rate.value.to_bits()
            );
            assert_eq!(shared.other.card.id, other.card().id);
            let own_after = shared.own.shown.clone().map(|(shown, _)| shown);
            let own_after = own_after.unwrap_or_else(|| {
                let moved = shared.own.parameters.iter();
                moved.map(|moved| moved.after).collect()
            });
            let frame = record.frame(0, 4).unwrap();
            assert_eq!(
                bits(own_after),
                bits(frame.parameters.to_vec()),
                "{names:?}"
            );
        }
    }
}

/// What AdaBelief shares with Adam is copied; its s is had from the gradients that Adam was given:
/// worked out here by hand along the run.
#[test]
fn adabelief_in_the_place_of_adam_is_given_what_it_would_remember() {
    let mut run = RunSpec::new("adam");
    run.learning_rate = Some(0.05);
    run.hyperparameters = [("beta1".to_owned(), 0.8), ("beta2".to_owned(), 0.9)].into();
    let experiment = experiment("himmelblau", [1.0, 1.0], 0.0, run);
    let checked = experiment.check().unwrap();
    let adabelief = optimizers::find("adabelief").unwrap();
    let shared = explanation::share(&checked, 0, 6, adabelief).unwrap();
    let had: Vec<_> = shared.memory.iter().map(|s| (s.symbol, s.had)).collect();
    assert_eq!(
        had,
        [
            ("m", Had::Copied),
            ("s", Had::Led(5)),
            ("β₁ᵗ", Had::Copied),
            ("β₂ᵗ", Had::Led(5)),
        ]
    );
    let shares = |symbol: &str| shared.settings.iter().find(|s| s.symbol == symbol).unwrap();
    assert!(shares("β₁").is_shared && shares("β₂").is_shared);
    // AdaBelief's ε stands inside its mean, so that it keeps its own.
    assert!(!shares("ε").is_shared && shares("ε").plays_another_part);
    assert_eq!(shares("ε").value.to_bits(), 1e-16_f64.to_bits());
    let given = shared.given().join("\n");
    assert!(
        given.contains("ε = 1e-16: the default of AdaBelief, where it plays another part"),
        "{given}"
    );
    let (mut m, mut s) = ([0.0; 2], [0.0; 2]);
    for step in 1..=5 {
        let of = explanation::explain(&checked, 0, step).unwrap();
        for i in 0..2 {
            let g = of.gradient[i];
            m[i] = 0.8 * m[i] + (1.0 - 0.8) * g;
            s[i] = 0.9 * s[i] + (1.0 - 0.9) * (g - m[i]) * (g - m[i]) + 1e-16;
        }
    }
    let before = |symbol: &str| -> Vec<f64> {
        let mut memory = shared.other.memory.iter();
        let slot = memory.find(|slot| slot.symbol == symbol).unwrap();
        slot.numbers.iter().map(|n| n.before).collect()
    };
    for i in 0..2 {
        assert!((before("m")[i] - m[i]).abs() < 1e-12 * m[i].abs());
        assert!((before("s")[i] - s[i]).abs() < 1e-12 * s[i].abs());
    }
    // Their difference is in one line: what is averaged.
    let text = shared.to_text();
    assert!(text.contains("both: m ← β₁·m + (1 − β₁)·g"), "{text}");
    assert!(text.contains("Adam: v ← β₂·v + (1 − β₂)·‹g²›"), "{text}");
    assert!(
        text.contains("AdaBelief: s ← β₂·s + (1 − β₂)·‹(g − m)² + ε›"),
        "{text}"
    );
    assert!(
        text.contains("s of AdaBelief has the place of v of Adam"),
        "{text}"
    );
    assert!(text.contains("s (mean squared deviation of the gradient from m): what AdaBelief makes of the 5 gradients"), "{text}");
    let markdown = shared.to_markdown();
    assert!(markdown.contains("| | Adam | AdaBelief |"), "{markdown}");
    assert!(markdown.contains("**(g − m)² + ε**"), "{markdown}");
}

/// On the rules' own lines, as they are in force: one line differs, in what is averaged and in ε.
/// Window and command line draw these rows.
#[test]
fn adam_and_adabelief_differ_in_what_is_averaged_and_in_epsilon() {
    let checked = built_in::find("hw3_q1")
        .unwrap()
        .experiment()
        .check()
        .unwrap();
    let (adam, adabelief) = (1, 2);
    let spans = |side: &Option<Vec<Span>>| -> Vec<(String, bool)> {
        let spans = side.iter().flatten();
        spans
            .map(|span| (span.text.trim().to_owned(), span.differs))
            .collect()
    };
    let marked = |side: &Option<Vec<Span>>| -> Vec<String> {
        let marked = spans(side).into_iter().filter(|(_, differs)| *differs);
        marked.map(|(text, _)| text).collect()
    };
    for (run, other) in [(adam, "adabelief"), (adabelief, "adam")] {
        let other = optimizers::find(other).unwrap();
        let shared = explanation::share(&checked, run, 300, other).unwrap();
        let rows = shared.compared(true).into_iter();
        let formulas: Vec<_> = rows.filter(|row| row.is_formula).collect();
        assert_eq!(formulas.len(), 7);
        let differing: Vec<_> = formulas.iter().filter(|row| row.differs()).collect();
        assert_eq!(differing.len(), 1, "{differing:?}");
        let sides = [&differing[0].beside.left, &differing[0].beside.right].map(marked);
        let (square, deviation) = (vec!["g²".to_owned()], vec!["(g − m)² + ε".to_owned()]);
        match run == adam {
            true => assert_eq!(sides, [square, deviation]),
            false => assert_eq!(sides, [deviation, square]),
        }
    }
}

#[test]
fn wrappers_and_what_they_remember_are_the_same_for_both() {
    for wrapper in WRAPPERS {
        let mut run = RunSpec::new("momentum");
        run.learning_rate = Some(0.001);
        run.wrappers = vec![WrapperSpec::new(*wrapper)];
        let shared = share(run, "sgd", 7);
        let memory = |of: &explanation::Explanation| -> Vec<u64> {
            let owner = wrapper.card().id;
            let memory = of.memory.iter().filter(|slot| slot.owner == owner);
            bits(memory.flat_map(|slot| slot.numbers.iter().map(|n| n.before)))
        };
        assert_eq!(memory(&shared.own), memory(&shared.other));
    }
}

#[test]
fn what_cannot_be_shared_is_said() {
    let checked = experiment("himmelblau", [1.0, 1.0], 0.0, RunSpec::new("adam"));
    let checked = checked.check().unwrap();
    let share = |other: &str, step| {
        let other = optimizers::find(other).unwrap();
        explanation::share(&checked, 0, step, other).map(|shared| shared.own.step)
    };
    let refused = share("muon", 1).unwrap_err();
    assert!(matches!(refused, NoSuchStep::Refused { rule: "Muon", .. }));
    assert!(refused.to_string().contains("weight matrix"), "{refused}");
    assert_eq!(share("sgd", 0), Err(NoSuchStep::Step { step: 0, last: 40 }));
    assert_eq!(share("sgd", 1), Ok(1));
}

/// The homework's pair: where gradients come as expected AdaBelief steps farther.
#[test]
fn from_one_state_adabelief_goes_farther_along_the_even_slope() {
    let checked = built_in::find("hw3_q1").unwrap().experiment();
    let checked = checked.check().unwrap();
    let adam = checked
        .runs
        .iter()
        .position(|run| run.optimizer.card().id == "adam");
    let adabelief = optimizers::find("adabelief").unwrap();
    let shared = explanation::share(&checked, adam.unwrap(), 300, adabelief).unwrap();
    let along = |of: &explanation::Explanation| of.parameters[0].step().abs();
    assert!(along(&shared.other) > 5.0 * along(&shared.own));
}
