//! The exported figures: well-formed, finite, bounded, and the same for the same experiment.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::engine::{self, History, Outcome};
use descent_lab::experiment::built_in::BUILT_IN;
use descent_lab::experiment::{Checked, Experiment, ObjectiveSpec, RunSpec, preset};
use descent_lab::export::{FIGURES, Figure, FigureSize, FigureStyle, Shown, files, replays, svg};
use descent_lab::figures::curves::{AxisScale, QUANTITIES, Quantity};
use descent_lab::figures::subject::{Replayed, Subject};
use descent_lab::figures::theme::DARK;
use descent_lab::landscapes::LANDSCAPES;
use proptest::prelude::*;
use roxmltree::{Document, Node};
use std::ops::ControlFlow;

fn simulate(experiment: &Experiment) -> (Checked, History) {
    let checked = experiment.check().unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    (checked, history)
}

fn figures(experiment: &Experiment) -> [String; 2] {
    let (checked, history) = simulate(experiment);
    figures_of(&checked, &history)
}

fn figures_of(checked: &Checked, history: &History) -> [String; 2] {
    [Figure::Plot(Subject::LOSS), Figure::Landscape]
        .map(|figure| svg(figure, checked, history, &FigureStyle::default()))
}

/// An experiment on a landscape with runs of these (optimizer, rate, label).
fn experiment(surface: &str, epochs: u64, runs: &[(&str, f64, &str)]) -> Experiment {
    Experiment {
        version: 1,
        title: "A title".into(),
        notes: String::new(),
        objective: ObjectiveSpec::Landscape {
            surface: surface.into(),
            start: None,
            noise: 0.0,
            settings: Default::default(),
        },
        epochs,
        seed: 0,
        starts: Vec::new(),
        seeds: Vec::new(),
        runs: runs
            .iter()
            .map(|&(optimizer, rate, label)| RunSpec {
                learning_rate: Some(rate),
                label: Some(label.into()),
                ..RunSpec::new(optimizer)
            })
            .collect(),
        tune: None,
    }
}

/// The numbers of an attribute.
fn numbers(text: &str) -> impl Iterator<Item = f64> {
    text.split([' ', ',']).map(|word| word.parse().unwrap())
}

/// The corners of a path of absolute moves and relative lines, closed or not.
fn corners(data: &str) -> Vec<[f64; 2]> {
    let mut corners = Vec::new();
    for part in data.split('M').skip(1) {
        let mut at = [0.0, 0.0];
        for step in part.trim_end_matches('z').split('l') {
            let step: Vec<f64> = numbers(step).collect();
            assert_eq!(step.len(), 2, "{data}");
            at = [at[0] + step[0], at[1] + step[1]];
            corners.push(at);
        }
    }
    corners
}

/// Every point that an element names.
fn places(node: Node<'_, '_>) -> Vec<[f64; 2]> {
    let value = |name: &str| {
        node.attribute(name)
            .map_or(0.0, |text| text.parse::<f64>().unwrap())
    };
    match node.tag_name().name() {
        "path" => corners(node.attribute("d").unwrap()),
        "circle" => {
            let (x, y, r) = (value("cx"), value("cy"), value("r"));
            vec![[x - r, y - r], [x + r, y + r]]
        }
        "rect" => {
            let (x, y) = (value("x"), value("y"));
            vec![[x, y], [x + value("width"), y + value("height")]]
        }
        "text" => vec![[value("x"), value("y")]],
        _ => Vec::new(),
    }
}

/// What holds for every figure.
fn assert_sound(svg: &str) {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
    let root = document.root_element();
    let view: Vec<f64> = numbers(root.attribute("viewBox").unwrap()).collect();
    let [_, _, width, height] = view[..] else {
        panic!("{view:?}")
    };
    for node in document.descendants().filter(Node::is_element) {
        for attribute in node.attributes() {
            let value = attribute.value();
            assert!(!value.contains("NaN") && !value.contains("inf"), "{node:?}");
        }
        for [x, y] in places(node) {
            let is_inside =
                (-0.01..=width + 0.01).contains(&x) && (-0.01..=height + 0.01).contains(&y);
            assert!(is_inside, "({x}, {y}) of {node:?} in {width} × {height}");
        }
    }
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    document
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")))
        .map(|node| node.text().unwrap_or_default().to_owned())
        .collect()
}

/// How many lines of runs there are, those of the legend included.
fn run_lines(svg: &str) -> usize {
    svg.matches("class=\"run\"").count()
}

#[test]
fn every_built_in_experiment_gives_sound_figures() {
    for built_in in BUILT_IN {
        let mut experiment = built_in.experiment();
        if experiment.objective.landscape().is_none() {
            // Whole trainings take minutes; their beginning has every kind of line.
            experiment.epochs = experiment.epochs.min(1);
            experiment.runs.truncate(2);
        }
        let (checked, history) = simulate(&experiment);
        let [loss, landscape] = figures_of(&checked, &history);
        for svg in [&loss, &landscape] {
            assert_sound(svg);
            if svg == &landscape && experiment.objective.landscape().is_none() {
                continue;
            }
            let texts = texts(svg);
            for (run, trace) in checked.runs.iter().zip(&history.traces) {
                assert!(texts.contains(&run.label), "{texts:?}");
                if let Outcome::Diverged { step } = trace.outcome {
                    assert!(texts.contains(&format!("diverged at step {step}")));
                }
            }
        }
        // A line in the legend and a trail; a curve can leave the plot and come back. Where there
        // is no landscape, a page says so.
        let lines = match experiment.objective.landscape() {
            Some(_) => 2 * experiment.runs.len(),
            None => 0,
        };
        assert_eq!(run_lines(&landscape), lines, "{}", built_in.id);
        assert!(run_lines(&loss) >= experiment.runs.len(), "{}", built_in.id);
    }
}

/// Every figure of an experiment in this style.
fn all_figures(experiment: &Experiment, style: &FigureStyle) -> Vec<(Figure, String)> {
    let (checked, history) = simulate(experiment);
    let figures = FIGURES.into_iter();
    figures
        .map(|figure| (figure, svg(figure, &checked, &history, style)))
        .collect()
}

#[test]
fn every_quantity_has_a_sound_figure_that_names_its_axes() {
    for scale in [AxisScale::Linear, AxisScale::Logarithmic] {
        let style = FigureStyle {
            scale: Some(scale),
            ..FigureStyle::default()
        };
        for (figure, svg) in all_figures(&BUILT_IN[0].experiment(), &style) {
            assert_sound(&svg);
            let texts = texts(&svg);
            let names: &[&str] = match figure {
                Figure::Plot(Subject::Recorded(Quantity::Loss)) => &["epoch", "loss J"],
                Figure::Plot(Subject::Recorded(Quantity::BestLoss)) => {
                    &["epoch", "best loss so far min J"]
                }
                Figure::Plot(Subject::Recorded(Quantity::UpdateNorm)) => {
                    &["epoch", "update norm ‖Δw‖"]
                }
                Figure::Plot(Subject::Recorded(Quantity::LearningRate)) => {
                    &["epoch", "learning rate α"]
                }
                Figure::Plot(Subject::Recorded(Quantity::GradientNorm)) => {
                    &["epoch", "gradient norm ‖∇J‖"]
                }
                Figure::Plot(Subject::Recorded(Quantity::Distance)) => {
                    &["epoch", "distance to minimum ‖w − w*‖"]
                }
                Figure::Landscape => &["w1", "w2"],
                other => panic!("{other:?} is not of every record alone"),
            };
            for name in names {
                assert!(texts.iter().any(|text| text == name), "{name} in {texts:?}");
            }
            assert!(run_lines(&svg) >= 2 * BUILT_IN[0].experiment().runs.len());
        }
    }
    assert_eq!(FIGURES.len(), QUANTITIES.len() + 1);
}

#[test]
fn a_chosen_size_is_the_size_and_everything_stays_inside() {
    let runs: Vec<_> = (0..30)
        .map(|k| ("adam", 0.01 * f64::from(k + 1), "a"))
        .collect();
    for surface in ["beale", "goldstein_price", "mccormick"] {
        for (width, height) in [(480, 320), (480, 2000), (2000, 320), (8192, 8192)] {
            let style = FigureStyle {
                size: FigureSize {
                    width: Some(width),
                    height: Some(height),
                },
                ..FigureStyle::default()
            };
            for (figure, svg) in all_figures(&experiment(surface, 60, &runs), &style) {
                assert_sound(&svg);
                let document = Document::parse(&svg).unwrap();
                let side = |name| document.root_element().attribute(name).unwrap().to_owned();
                assert_eq!(side("width"), width.to_string(), "{figure:?}");
                assert_eq!(side("height"), height.to_string(), "{figure:?}");
            }
        }
    }
}

#[test]
fn a_dark_figure_has_dark_ground_and_light_text() {
    let style = FigureStyle {
        theme: &DARK,
        ..FigureStyle::default()
    };
    for (_, svg) in all_figures(&BUILT_IN[0].experiment(), &style) {
        assert_sound(&svg);
        let document = Document::parse(&svg).unwrap();
        let ground = document
            .descendants()
            .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "rect")))
            .unwrap();
        assert_eq!(ground.attribute("fill"), Some("#11141a"));
        assert!(svg.contains("fill=\"#e2e6ed\"") && !svg.contains("#ffffff\"/>\n<text"));
    }
}

#[test]
fn a_figure_at_a_step_shows_no_more_than_was_done_by_then() {
    let experiment = BUILT_IN[0].experiment();
    let at = |step| {
        let style = FigureStyle {
            step: Some(step),
            ..FigureStyle::default()
        };
        all_figures(&experiment, &style)
    };
    let whole = all_figures(&experiment, &FigureStyle::default());
    for (((_, start), (_, half)), (_, whole)) in at(0).iter().zip(&at(20)).zip(&whole) {
        for svg in [start, half] {
            assert_sound(svg);
        }
        assert!(texts(start).contains(&"epoch 0 of 150".to_owned()));
        assert!(texts(half).iter().any(|text| text.starts_with("J = ")));
        assert!(texts(whole).iter().all(|text| !text.starts_with("J = ")));
        let drawn = |svg: &str| -> usize {
            let document = Document::parse(svg).unwrap();
            let runs = document
                .descendants()
                .filter(|node| node.attribute("class") == Some("run"));
            runs.map(|node| node.attribute("d").unwrap().len()).sum()
        };
        assert!(drawn(start) < drawn(half) && drawn(half) <= drawn(whole));
    }
}

#[test]
fn every_figure_holds_the_font_of_its_texts() {
    for (figure, svg) in all_figures(&BUILT_IN[0].experiment(), &FigureStyle::default()) {
        let document = Document::parse(&svg).unwrap();
        let style = document
            .descendants()
            .find(|node| node.tag_name().name() == "style")
            .unwrap();
        let rule = style.text().unwrap();
        assert!(rule.starts_with("@font-face{font-family:\"Noto Sans\";src:url(data:font/ttf;"));
        assert!(
            (4_000..40_000).contains(&rule.len()),
            "{figure:?}: {}",
            rule.len()
        );
    }
}

#[test]
fn every_landscape_fits_in_its_file() {
    for landscape in LANDSCAPES {
        let id = landscape.card().id;
        let runs = [
            ("sgd", 0.001, "a"),
            ("adam", 1.0, "b"),
            ("momentum", 0.01, "c"),
        ];
        for svg in figures(&experiment(id, 40_000, &runs)) {
            assert_sound(&svg);
            assert!(svg.len() < 1_500_000, "{id}: {} bytes", svg.len());
        }
    }
}

#[test]
fn the_same_experiment_gives_the_same_bytes_on_any_number_of_threads() {
    let mut experiment = BUILT_IN[0].experiment();
    experiment.epochs = 500;
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let (checked, history) = simulate(&experiment);
            files(&checked, &history)
        })
    };
    let alone = on(1);
    assert_eq!(alone, on(4));
    let names: Vec<_> = alone.iter().map(|file| file.name).collect();
    assert_eq!(
        names,
        ["history.csv", "summary.json", "loss.svg", "landscape.svg"]
    );
}

#[test]
fn labels_cannot_break_the_file() {
    let hostile = "</text><script>alert(\"1\")</script>&amp;&#0;'\u{0}\u{8}\u{b}\u{1f}\u{7f}\u{fffe}\u{ffff}\u{202e}\r\n]]>";
    let mut experiment = experiment(
        "rosenbrock",
        10,
        &[
            ("sgd", 0.001, hostile),
            ("adam", 0.001, "\u{1}\u{2}"),
            ("adam", 0.1, ""),
        ],
    );
    experiment.title = hostile.into();
    for svg in figures(&experiment) {
        assert_sound(&svg);
        assert!(!svg.contains("<script"));
        let legend = texts(&svg);
        assert!(
            legend
                .iter()
                .any(|text| text.starts_with("</text><script>")),
            "{legend:?}"
        );
    }
}

#[test]
fn long_labels_are_cut_and_many_runs_make_the_figure_higher() {
    let long = "a label that is very much longer than what a legend has room for ".repeat(20);
    let runs: Vec<_> = (0..30)
        .map(|k| ("adam", 0.01 * f64::from(k + 1), long.as_str()))
        .collect();
    let few = figures(&experiment("beale", 60, &runs[..1]));
    let many = figures(&experiment("beale", 60, &runs));
    let height = |svg: &str| {
        let document = Document::parse(svg).unwrap();
        document
            .root_element()
            .attribute("height")
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    for (few, many) in few.iter().zip(&many) {
        assert_sound(many);
        assert!(height(many) > height(few) + 400.0);
        assert_eq!(
            texts(many)
                .iter()
                .filter(|text| text.ends_with('…'))
                .count(),
            30
        );
        assert_eq!(run_lines(many), 60);
    }
}

#[test]
fn nothing_to_show_is_said() {
    let empty = figures(&experiment("beale", 100, &[]));
    assert!(texts(&empty[0]).contains(&"no run to show".to_owned()));
    // From the minimum, where J is 0 all the time.
    let mut resting = experiment("rosenbrock", 5, &[("sgd", 0.1, "resting")]);
    resting.objective = ObjectiveSpec::Landscape {
        surface: "rosenbrock".into(),
        start: Some([1.0, 1.0]),
        noise: 0.0,
        settings: Default::default(),
    };
    let resting = figures(&resting);
    assert!(texts(&resting[0]).contains(&"no loss that has a logarithm".to_owned()));
    let untouched = figures(&experiment(
        "himmelblau",
        0,
        &[("sgd", 0.1, "a"), ("adam", 0.1, "b")],
    ));
    for svg in empty.iter().chain(&resting).chain(&untouched) {
        assert_sound(svg);
    }
}

#[test]
fn hidden_runs_are_left_out_and_keep_their_colours() {
    let mut experiment = BUILT_IN[0].experiment();
    experiment.runs[0].visible = false;
    experiment.assign_colours();
    let [loss, landscape] = figures(&experiment);
    let hidden = experiment.runs[0].display_label();
    for svg in [&loss, &landscape] {
        assert!(!texts(svg).contains(&hidden));
        // The second colour, which the second run has had all along.
        assert!(svg.contains("#cc7900") && !svg.contains("#0072b2"));
    }
}

#[test]
fn runs_without_a_finite_start_are_named() {
    let mut experiment = experiment("goldstein_price", 20, &[("sgd", 0.1, "lost")]);
    experiment.objective = ObjectiveSpec::Landscape {
        surface: "goldstein_price".into(),
        start: Some([1e200, -1e200]),
        noise: 0.0,
        settings: Default::default(),
    };
    for svg in figures(&experiment) {
        assert_sound(&svg);
        assert!(texts(&svg).contains(&"diverged at step 0".to_owned()));
    }
}

#[test]
fn settings_and_missing_minima_are_said() {
    let text = r#"(version: 1, epochs: 40, runs: [(optimizer: "sgd")],
        objective: Landscape(surface: "ravine", settings: {"condition_number": 1000}))"#;
    for svg in figures(&preset::read(text).unwrap()) {
        let name = "Ravine, Condition number κ 1000, Rotation φ in degrees 0, start";
        assert!(texts(&svg).iter().any(|text| text.starts_with(name)));
    }
    let [loss, saddle] = figures(&experiment("saddle", 40, &[("sgd", 0.1, "falls")]));
    assert_sound(&loss);
    assert_sound(&saddle);
    assert!(texts(&saddle).iter().all(|text| !text.contains("minimum")));
}

#[test]
fn a_low_loss_out_of_range_is_no_success() {
    let text = r#"(version: 1, epochs: 400, runs: [(optimizer: "adam", learning_rate: 0.05)],
        objective: Landscape(surface: "goldstein_price_ai_notes", start: (0.73, 2.5)))"#;
    for svg in figures(&preset::read(text).unwrap()) {
        assert_sound(&svg);
        assert!(
            texts(&svg)
                .iter()
                .any(|text| text.starts_with("out of range, J = −57"))
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_start_and_any_rate_give_sound_figures(
        surface in 0..LANDSCAPES.len(),
        start in proptest::option::of([any::<f64>(), any::<f64>()]),
        rates in proptest::collection::vec(0.0..3.0_f64, 0..5),
        power in -8..8_i32,
        label in any::<String>(),
        epochs in 0..80_u64,
    ) {
        let rules = ["sgd", "momentum", "nesterov", "rmsprop", "adam"];
        let runs: Vec<_> = rules
            .iter()
            .zip(&rates)
            .map(|(rule, rate)| (*rule, rate * 10_f64.powi(power), label.as_str()))
            .collect();
        let id = LANDSCAPES[surface].card().id;
        let mut experiment = experiment(id, epochs, &runs);
        experiment.title.clone_from(&label);
        experiment.objective = ObjectiveSpec::Landscape {
            surface: id.into(),
            start: start.filter(|start| start.iter().all(|w| w.is_finite())),
            noise: 0.0,
            settings: Default::default(),
        };
        for svg in figures(&experiment) {
            assert_sound(&svg);
        }
    }
}

/// How many elements of a class there are.
fn of_class(svg: &str, class: &str) -> usize {
    svg.matches(&format!("class=\"{class}\"")).count()
}

#[test]
fn other_starts_bands_and_the_pinned_experiment_are_drawn() {
    let before = experiment(
        "himmelblau",
        60,
        &[("adam", 0.1, "Adam"), ("sgd", 0.01, "Slow")],
    );
    let mut several = before.clone();
    several.starts = vec![
        vec![0.0, 0.0],
        vec![1.0, 2.0],
        vec![-3.0, 1.0],
        vec![4.9, -4.9],
    ];
    several.runs[1].learning_rate = Some(0.005);
    let (pinned, ghost) = simulate(&before);
    let (checked, history) = simulate(&several);
    let shown = Shown {
        pinned: Some((&pinned, &ghost)),
        ..Shown::new(&checked, &history)
    };
    for step in [None, Some(7)] {
        let style = FigureStyle {
            step,
            ..FigureStyle::default()
        };
        let map = shown.svg(Figure::Landscape, &style);
        assert_sound(&map);
        assert_eq!((of_class(&map, "pinned"), run_lines(&map)), (2, 4));
        // A path for each run, and a dot wherever one from another start is in the plot.
        let card = checked.objective.landscape().unwrap().card();
        let others = history.variations.iter().flat_map(|v| &v.traces);
        let ends = others.filter_map(|trace| trace.frame_at(step.unwrap_or(u64::MAX)));
        let inside = ends.filter(|frame| card.contains([frame.parameters[0], frame.parameters[1]]));
        let dots = inside.count();
        assert!(dots > 0, "nothing to be seen");
        assert_eq!(of_class(&map, "other"), 2 + dots);
        let said = texts(&map);
        assert!(said.contains(&"other starts and seeds".into()), "{said:?}");
        assert!(
            said.iter()
                .any(|text| text.contains("4 starts, first (0, 0)")),
            "{said:?}"
        );
        for quantity in QUANTITIES {
            let svg = shown.svg(Figure::Plot(Subject::Recorded(quantity)), &style);
            assert_sound(&svg);
            assert_eq!(of_class(&svg, "pinned"), 2, "{quantity:?}");
            assert_eq!(of_class(&svg, "median"), 2, "{quantity:?}");
            assert_eq!(of_class(&svg, "band"), 2, "{quantity:?}");
            assert!(texts(&svg).contains(&"median of 4".into()));
        }
    }
    let alone = svg(Figure::Landscape, &pinned, &ghost, &FigureStyle::default());
    assert_eq!(
        (of_class(&alone, "other"), of_class(&alone, "pinned")),
        (0, 0)
    );
}

#[test]
fn of_very_many_starts_a_figure_says_how_many_trails_it_has() {
    let mut many = experiment("himmelblau", 5, &[("sgd", 0.01, "Slow")]);
    many.starts = (0..600)
        .map(|k| vec![f64::from(k % 30) / 6.0, f64::from(k / 30) / 6.0])
        .collect();
    let [loss, landscape] = figures(&many);
    assert_sound(&loss);
    assert_sound(&landscape);
    let said = texts(&landscape);
    assert!(said.contains(&"400 of 599 other starts".into()), "{said:?}");
    assert!(texts(&loss).contains(&"median of 600".into()));
}

#[test]
fn what_happens_inside_the_rules_is_drawn_for_every_run_that_has_it() {
    let experiment = experiment(
        "rosenbrock",
        40,
        &[
            ("adam", 0.1, "Adam"),
            ("momentum", 1.0, "Wild"),
            ("sgd", 1e-3, "Slow"),
        ],
    );
    let (checked, history) = simulate(&experiment);
    let ledgers = replays(&checked, history.updates, || ControlFlow::Continue(())).unwrap();
    let shown = Shown {
        ledgers: &ledgers,
        ..Shown::new(&checked, &history)
    };
    let slots = Replayed::slots_of(checked.runs.iter().map(|run| run.optimizer.card()));
    assert!(slots.len() >= 4, "{slots:?}");
    for replayed in Replayed::ALWAYS.into_iter().chain(slots) {
        for step in [None, Some(3)] {
            let style = FigureStyle {
                step,
                ..FigureStyle::default()
            };
            let svg = shown.svg(Figure::Plot(Subject::Replayed(replayed)), &style);
            assert_sound(&svg);
            assert!(
                run_lines(&svg) > 3,
                "{replayed:?}: a curve beside the legend"
            );
        }
    }
    let effective = shown.svg(
        Figure::Plot(Subject::Replayed(Replayed::EffectiveStep)),
        &FigureStyle::default(),
    );
    assert!(texts(&effective).contains(&"w1 thick, w2 thin".into()));
    let unreplayed = svg(
        Figure::Plot(Subject::Replayed(Replayed::Cosine)),
        &checked,
        &history,
        &FigureStyle::default(),
    );
    assert_eq!(run_lines(&unreplayed), 3, "the legend alone");
}

#[test]
fn a_pinned_run_that_blows_up_leaves_at_the_edge() {
    let wild = experiment("rosenbrock", 60, &[("momentum", 0.5, "Wild")]);
    let calm = experiment("rosenbrock", 60, &[("adam", 0.1, "Calm")]);
    let (pinned, ghost) = simulate(&wild);
    assert!(matches!(ghost.traces[0].outcome, Outcome::Diverged { .. }));
    let (checked, history) = simulate(&calm);
    let shown = Shown {
        pinned: Some((&pinned, &ghost)),
        ..Shown::new(&checked, &history)
    };
    for scale in [AxisScale::Linear, AxisScale::Logarithmic] {
        let style = FigureStyle {
            scale: Some(scale),
            ..FigureStyle::default()
        };
        for figure in FIGURES {
            assert_sound(&shown.svg(figure, &style));
        }
    }
}
