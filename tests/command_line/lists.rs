//! `list`.

use super::Lab;
use descent_lab::experiment::built_in::BUILT_IN;
use descent_lab::landscapes::LANDSCAPES;
use descent_lab::models::continual::REMEDIES;
use descent_lab::optimizers::OPTIMIZERS;
use descent_lab::optimizers::wrappers::WRAPPERS;
use descent_lab::schedules::SCHEDULES;
use serde_json::Value;

/// The ids that each list must have, in order.
fn catalogues() -> [(&'static str, Vec<&'static str>); 6] {
    [
        ("experiments", BUILT_IN.iter().map(|b| b.id).collect()),
        (
            "optimizers",
            OPTIMIZERS.iter().map(|o| o.card().id).collect(),
        ),
        ("wrappers", WRAPPERS.iter().map(|w| w.card().id).collect()),
        ("schedules", SCHEDULES.iter().map(|card| card.id).collect()),
        (
            "landscapes",
            LANDSCAPES.iter().map(|l| l.card().id).collect(),
        ),
        ("remedies", REMEDIES.iter().map(|card| card.id).collect()),
    ]
}

#[test]
fn tables_have_a_line_for_every_entry() {
    let lab = Lab::new();
    for (catalogue, ids) in catalogues() {
        let ran = lab.run(&["list", catalogue]);
        assert_eq!(ran.code, Some(0));
        let first: Vec<_> = ran
            .out
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().next().unwrap())
            .collect();
        assert_eq!(first, ids);
        assert!(ran.out.starts_with("id "), "{}", ran.out);
    }
    let optimizers = lab.run(&["list", "optimizers"]).out;
    assert!(optimizers.contains("adaptive rate") && optimizers.contains("torch.optim"));
    for optimizer in OPTIMIZERS {
        assert!(optimizers.contains(&optimizer.card().needs.to_string()));
    }
    let wrappers = lab.run(&["list", "wrappers"]).out;
    assert!(wrappers.contains("k, alpha") && wrappers.contains("g̃ = ∇J(θ + ρ·g/‖g‖)"));
    assert!(
        lab.run(&["list", "landscapes"])
            .out
            .contains("[-5, 5] × [-5, 5]")
    );
}

#[test]
fn remedies_are_listed_with_formula_source_and_the_ranges_of_their_settings() {
    let lab = Lab::new();
    let listed = lab.run(&["list", "remedies"]).out;
    for part in [
        "F = E(∂ ln p/∂θ)² over N examples",
        "PNAS 114",
        "strength = 100 (a finite number of at least 0)",
        "samples = 200 (whole, from 1 to 1000000)",
        "true_labels = 0 (0: the model's own, 1: the true ones)",
        "renew = 1 (0 or 1)",
    ] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let json = lab.run(&["list", "remedies", "--json"]).out;
    let entries: Vec<Value> = serde_json::from_str(&json).unwrap();
    for (entry, card) in entries.iter().zip(REMEDIES) {
        let settings = entry["settings"].as_array().unwrap();
        assert_eq!(settings.len(), card.settings.len(), "{}", card.id);
        for (listed, setting) in settings.iter().zip(card.settings) {
            assert_eq!(listed["id"], setting.id);
            assert_eq!(listed["default"].as_f64(), Some(setting.default));
            assert_eq!(
                listed["range"]["least"].as_f64(),
                Some(setting.domain.least)
            );
        }
    }
}

#[test]
fn json_has_everything_on_the_cards() {
    let lab = Lab::new();
    for (catalogue, ids) in catalogues() {
        let ran = lab.run(&["list", catalogue, "--json"]);
        assert_eq!(ran.code, Some(0));
        let entries: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
        let found: Vec<_> = entries
            .iter()
            .map(|entry| entry["id"].as_str().unwrap())
            .collect();
        assert_eq!(found, ids);
        let keys: &[&str] = match catalogue {
            "experiments" => &["id", "title"],
            "optimizers" => &[
                "name",
                "family",
                "formula",
                "about",
                "citation",
                "default_learning_rate",
                "hyperparameters",
                "slots",
                "scalar_slots",
                "scope",
                "needs",
                "fits",
                "variants",
            ],
            "wrappers" => &[
                "name",
                "formula",
                "about",
                "citation",
                "settings",
                "is_positional",
                "slots",
                "scalar_slots",
                "needs",
            ],
            "schedules" => &["name", "formula", "about", "source", "parameters"],
            "remedies" => &["name", "formula", "about", "citation", "settings"],
            _ => &[
                "name", "formula", "about", "source", "range", "start", "minima",
            ],
        };
        for (entry, key) in entries
            .iter()
            .flat_map(|entry| keys.iter().map(move |key| (entry, key)))
        {
            assert!(!entry[key].is_null(), "{key} is missing in {entry}");
        }
    }
}

#[test]
fn json_numbers_are_those_of_the_cards() {
    let lab = Lab::new();
    let entries: Vec<Value> =
        serde_json::from_str(&lab.run(&["list", "optimizers", "--json"]).out).unwrap();
    for (entry, optimizer) in entries.iter().zip(OPTIMIZERS) {
        let card = optimizer.card();
        let variants = entry["variants"].as_array().unwrap();
        assert_eq!(variants.len(), card.variants.len(), "{}", card.id);
        for (listed, variant) in variants.iter().zip(card.variants) {
            assert_eq!(listed["id"], variant.id);
            let settings = serde_json::to_value(variant.settings).unwrap();
            assert_eq!(listed["settings"], settings, "{}", card.id);
        }
        let listed = entry["hyperparameters"].as_array().unwrap();
        assert_eq!(listed.len(), card.hyperparameters.len(), "{}", card.id);
        for (listed, h) in listed.iter().zip(card.hyperparameters) {
            assert_eq!(
                (&listed["id"], &listed["symbol"]),
                (&h.id.into(), &h.symbol.into())
            );
            assert_eq!(
                listed["default"].as_f64(),
                Some(h.default),
                "{}.{}",
                card.id,
                h.id
            );
            assert_eq!(listed["range"]["least"].as_f64(), Some(h.domain.least));
            let most = Some(h.domain.most).filter(|most| most.is_finite());
            assert_eq!(listed["range"]["most"].as_f64(), most);
        }
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let lab = Lab::new();
    for arguments in [
        &["list", "optimizers", "--json"][..],
        &["run", "hw3_q3a"],
        &["--help"],
    ] {
        let mut child = lab.command(arguments).spawn().unwrap();
        drop(child.stdout.take());
        let ran = super::finish(child);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_nobody_could_take_are_a_failure() {
    let lab = Lab::new();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = lab.command(&["list", "optimizers"]);
    let ran = super::finish(command.stdout(full).spawn().unwrap());
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err
            .contains("standard output: cannot write the results"),
        "{}",
        ran.err
    );
}
