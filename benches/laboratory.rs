//! What the laboratory's speed rests on. `cargo bench --bench laboratory`

mod twelve_runs;

use descent_lab::engine;
use descent_lab::experiment::{
    Checked, Experiment, ObjectiveSpec, RegressionSpec, RunSpec, built_in, preset,
};
use descent_lab::landscapes::{self, LANDSCAPES, Landscape, formula};
use descent_lab::models::datasets;
use descent_lab::models::network::{self, Initialisation, Network, Purpose, Volume, presets};
use descent_lab::models::regression::{Generator, Loss, Model, generate};
use descent_lab::numbers::Lanes;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use std::ops::ControlFlow;
use std::sync::Arc;
use twelve_runs::twelve_runs;

fn main() {
    divan::main();
}

/// The six rules, four of them a second time at another rate. The rates keep every run finite,
/// so that all of them do all the work.
const CONTENDERS: [(&str, f64); 10] = [
    ("sgd", 1e-3),
    ("sgd", 5e-4),
    ("momentum", 1e-4),
    ("momentum", 5e-5),
    ("nesterov", 1e-4),
    ("rmsprop", 1e-3),
    ("rmsprop", 1e-4),
    ("adam", 1e-2),
    ("adam", 1e-3),
    ("adabelief", 1e-3),
];

fn race(epochs: u64) -> Checked {
    let runs = CONTENDERS.map(|(id, rate)| RunSpec {
        learning_rate: Some(rate),
        ..RunSpec::new(id)
    });
    let experiment = Experiment {
        version: 1,
        title: String::new(),
        notes: String::new(),
        objective: ObjectiveSpec::Landscape {
            surface: "rosenbrock".into(),
            start: None,
            noise: 0.0,
            settings: Default::default(),
        },
        epochs,
        seed: 0,
        starts: Vec::new(),
        seeds: Vec::new(),
        runs: runs.to_vec(),
        tune: None,
    };
    experiment.check().expect("the race is a valid experiment")
}

/// Ten runs through the engine, recording included. Items are updates.
#[divan::bench(args = [150, 10_000])]
fn lockstep(bencher: Bencher, epochs: u64) {
    let checked = race(epochs);
    let updates = CONTENDERS.len() as u64 * epochs;
    bencher.counter(ItemsCount::new(updates)).bench_local(|| {
        let history = engine::run(black_box(&checked), |_| ControlFlow::Continue(()));
        let made: u64 = history.traces.iter().map(|trace| trace.evaluations).sum();
        assert_eq!(made, updates, "a run diverged and the measurement is void");
        history
    });
}

/// One full-batch epoch of six rules on 100,000 rows and ten parameters, the evaluation of the
/// start and recording included. Items are rows seen by a run.
#[divan::bench]
fn regression_epoch(bencher: Bencher) {
    let checked = large_regression().check().expect("the regression is valid");
    bencher
        .counter(ItemsCount::new(600_000_u64))
        .bench_local(|| engine::run(black_box(&checked), |_| ControlFlow::Continue(())));
}

/// One epoch of LeNet on 60,000 images in batches of 256: forward, backward and update. The
/// images are the shipped sample, six times.
#[divan::bench(sample_count = 5)]
fn lenet(bencher: Bencher) {
    let layers = presets::find("lenet").expect("a named architecture").layers;
    let plan = Arc::new(
        network::plan(layers, Volume::new(1, 28, 28), 10).expect("LeNet fits such images"),
    );
    let data = datasets::sample().train;
    let start = Initialisation::Torch.parameters(&plan, 0);
    let order: Vec<u32> = (0..60_000).map(|index| index % 10_000).collect();
    let mut network = Network::<f32>::new(plan, network::Loss::CrossEntropy, 256, 0);
    let mut gradient = vec![0.0; start.len()];
    bencher.bench_local(|| {
        let mut parameters = start.clone();
        for (number, batch) in (1..).zip(order.chunks(256)) {
            let purpose = Purpose::Update(number);
            network.gradient(&*data, batch, &parameters, purpose, &mut gradient);
            for (w, g) in parameters.iter_mut().zip(&gradient) {
                *w -= 0.3 * g;
            }
        }
        black_box(parameters)
    });
}

fn large_regression() -> Experiment {
    let parameters: Vec<String> = (1..=10).map(|i| format!("w{i}")).collect();
    let columns = (1..=9).map(|i| format!("x{i}")).chain(["y".to_owned()]);
    let terms = (1..=9).map(|i| format!("w{i}*x{i}"));
    let text = terms.collect::<Vec<_>>().join(" + ") + " + w10";
    let model = Model::new(&text, parameters.clone(), columns.collect());
    let generator = Generator {
        rows: 100_000,
        truth: vec![1.0; 10],
        range: (-1.0, 1.0),
        noise: 0.1,
        seed: 0,
    };
    let data = generate(&model.expect("a model"), "y", &generator).expect("a table");
    let rules = [
        "sgd",
        "momentum",
        "nesterov",
        "rmsprop",
        "adam",
        "adabelief",
    ];
    Experiment {
        version: 1,
        title: String::new(),
        notes: String::new(),
        objective: ObjectiveSpec::Regression(RegressionSpec {
            model: text,
            start: parameters.into_iter().map(|name| (name, 0.0)).collect(),
            data,
            target: "y".into(),
            loss: Loss::MeanSquared,
            batch_size: None,
            shuffle: false,
            drop_last: false,
        }),
        epochs: 1,
        seed: 0,
        starts: Vec::new(),
        seeds: Vec::new(),
        tune: None,
        runs: rules.map(RunSpec::new).to_vec(),
    }
}

/// What derivatives cost beside the value alone.
mod landscape {
    use super::*;

    fn ids() -> impl Iterator<Item = &'static str> {
        LANDSCAPES.iter().map(|landscape| landscape.card().id)
    }

    fn find(id: &str) -> (&'static dyn Landscape, [f64; 2]) {
        let landscape = landscapes::find(id).expect("the id is from the catalogue");
        (landscape, landscape.card().start)
    }

    #[divan::bench(args = ids())]
    fn value(bencher: Bencher, id: &str) {
        let (landscape, at) = find(id);
        bencher.bench_local(|| -> f64 { landscape.height(black_box(at)) });
    }

    #[divan::bench(args = ids())]
    fn dual_gradient(bencher: Bencher, id: &str) {
        let (landscape, at) = find(id);
        bencher.bench_local(|| landscapes::gradient::<f64>(landscape, black_box(at)));
    }

    /// Eight gradients at once. Items are gradients.
    #[divan::bench(args = ids())]
    fn dual_gradient_of_eight_lanes(bencher: Bencher, id: &str) {
        let (landscape, at) = find(id);
        let at: [Lanes; 2] = at.map(|w| Lanes([w; 8]));
        bencher
            .counter(ItemsCount::new(8_u64))
            .bench_local(|| landscapes::gradient::<Lanes>(landscape, black_box(at)));
    }

    /// The user's formulas: reading one, and searching it for minima.
    #[divan::bench(args = [
        "(1-w1)^2 + 100*(w2-w1^2)^2",
        "20 + w1^2 - 10*cos(2*pi*w1) + w2^2 - 10*cos(2*pi*w2)",
        "abs(w1) + exp(-w2^2)*sqrt(1 + w1^2)",
    ])]
    fn formula_made(bencher: Bencher, text: &str) {
        // A formula that was just made is not made again, so each is another.
        let texts = std::cell::Cell::new(0_u64);
        bencher
            .with_inputs(|| {
                texts.set(texts.get() + 1);
                format!("{text} + {}", texts.get())
            })
            .bench_local_values(|text| formula::own(&text, [(-5.0, 5.0); 2]));
    }

    /// What evaluating a program costs beside the compiled surface of the same name.
    #[divan::bench]
    fn formula_gradient(bencher: Bencher) {
        let text = "(1-w1)^2 + 100*(w2-w1^2)^2";
        let own = formula::own(text, [(-2.0, 2.0); 2]).expect("the text is a formula");
        bencher.bench_local(|| landscapes::gradient::<f64>(&*own, black_box([-1.5, 1.0])));
    }

    #[divan::bench(args = ids())]
    fn hessian(bencher: Bencher, id: &str) {
        let (landscape, at) = find(id);
        bencher.bench_local(|| landscapes::hessian(landscape, black_box(at)));
    }
}

/// Opening a file: text to a checked experiment.
mod experiment {
    use super::*;

    #[divan::bench]
    fn read_preset(bencher: Bencher) {
        let text = built_in::BUILT_IN[0].text;
        bencher.bench_local(|| preset::read(black_box(text)));
    }

    #[divan::bench]
    fn check(bencher: Bencher) {
        let experiment = built_in::BUILT_IN[0].experiment();
        bencher.bench_local(|| black_box(&experiment).check());
    }
}

/// One frame of the whole window: the egui pass of every panel and the tessellation of all it
/// drew, with 12 runs × 10,000 epochs on show at 1280×800.
mod frame {
    use super::*;
    use descent_lab::app::{First, Laboratory};
    use egui::{Event, Key, Modifiers, PointerButton, RawInput, Rect, Vec2, pos2, vec2};
    use std::time::{Duration, Instant};

    /// A laboratory that shows the experiment of the benchmark, completely computed.
    struct Stage {
        ctx: egui::Context,
        laboratory: Laboratory,
        time: f64,
        size: Vec2,
    }

    impl Stage {
        fn new() -> Self {
            let ctx = egui::Context::default();
            let mut laboratory =
                Laboratory::new(&ctx, None, First::Last).expect("the system has a thread left");
            laboratory.load(twelve_runs());
            let mut stage = Self {
                ctx,
                laboratory,
                time: 0.0,
                size: vec2(1280.0, 800.0),
            };
            let deadline = Instant::now() + Duration::from_secs(60);
            stage.draw(Vec::new());
            while !stage.laboratory.is_settled() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(5));
                stage.draw(Vec::new());
            }
            assert!(stage.laboratory.is_settled());
            for _ in 0..20 {
                std::thread::sleep(Duration::from_millis(20));
                stage.draw(Vec::new());
            }
            stage
        }

        /// The same with the landscape as a surface in space, in a large window.
        fn in_space() -> Self {
            let mut stage = Self::new();
            stage.size = vec2(1920.0, 1080.0);
            stage.press(Key::Num3);
            for _ in 0..20 {
                std::thread::sleep(Duration::from_millis(20));
                stage.draw(Vec::new());
            }
            stage
        }

        fn draw(&mut self, events: Vec<Event>) -> usize {
            self.time += 1.0 / 60.0;
            let input = RawInput {
                screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), self.size)),
                time: Some(self.time),
                events,
                focused: true,
                ..RawInput::default()
            };
            let Self {
                ctx, laboratory, ..
            } = self;
            let output = ctx.run_ui(input, |ui| {
                laboratory.logic(ui.ctx());
                laboratory.show(ui);
            });
            let meshes = ctx.tessellate(output.shapes, output.pixels_per_point);
            meshes.len()
        }

        fn press(&mut self, key: Key) {
            let event = |pressed| Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: Modifiers::NONE,
            };
            self.draw(vec![event(true), event(false)]);
        }
    }

    /// Nothing moves: the playhead at the end, all trails complete.
    #[divan::bench]
    fn at_rest(bencher: Bencher) {
        let mut stage = Stage::new();
        bencher.bench_local(|| stage.draw(Vec::new()));
    }

    /// A slider moves: every frame shows a record that was not there before.
    #[divan::bench(sample_count = 40)]
    fn dragging(bencher: Bencher) {
        let stage = std::cell::RefCell::new(Stage::new());
        let seed = std::cell::Cell::new(1);
        bencher
            .with_inputs(|| {
                let mut edited = twelve_runs();
                seed.set(seed.get() + 1);
                edited.seed = seed.get();
                let mut stage = stage.borrow_mut();
                stage.laboratory.edit(edited);
                // The engine works beside the window; its time is the lockstep benchmark's.
                std::thread::sleep(Duration::from_millis(60));
            })
            .bench_local_values(|()| stage.borrow_mut().draw(Vec::new()));
    }

    /// The playhead moves a few hundred epochs every frame.
    #[divan::bench]
    fn playing(bencher: Bencher) {
        let mut stage = Stage::new();
        stage.press(Key::Home);
        stage.press(Key::Space);
        bencher.bench_local(|| stage.draw(Vec::new()));
    }

    /// The surface in space, nothing moves.
    #[divan::bench]
    fn in_space_at_rest(bencher: Bencher) {
        let mut stage = Stage::in_space();
        bencher.bench_local(|| stage.draw(Vec::new()));
    }

    /// The surface in space is turned: every frame has a camera that was not there before.
    #[divan::bench]
    fn in_space_turning(bencher: Bencher) {
        let mut stage = Stage::in_space();
        let mut x = 700.0;
        stage.draw(vec![Event::PointerMoved(pos2(x, 150.0))]);
        stage.draw(vec![Event::PointerButton {
            pos: pos2(x, 150.0),
            button: PointerButton::Primary,
            pressed: true,
            modifiers: Modifiers::NONE,
        }]);
        bencher.bench_local(|| {
            x += 7.0;
            stage.draw(vec![Event::PointerMoved(pos2(x, 150.0))])
        });
    }
}

/// A landscape's surface in space.
mod surface {
    use super::*;
    use descent_lab::figures::curves::AxisScale;
    use descent_lab::figures::field::{Field, HeightScale, Window};
    use descent_lab::figures::surface::{Camera, Canvas, HeightAxis, Projection, Relief};
    use descent_lab::figures::theme::DARK;

    const CANVAS: Canvas = Canvas {
        centre: [960.0, 540.0],
        size: [1920.0, 1080.0],
    };

    fn relief(cells: usize) -> Relief {
        let landscape = landscapes::find("rosenbrock").expect("the id is from the catalogue");
        let window = Window::of(&landscape.card());
        let field = Field::sample(landscape, window, 2 * cells + 1, 2 * cells + 1);
        let scale = HeightScale::of(landscape);
        let axis = HeightAxis::new(AxisScale::Logarithmic, scale, &field);
        Relief::new(&field, &axis, &scale)
    }

    /// Sampling a landscape; once, not once a camera.
    #[divan::bench(args = [96, 128])]
    fn sample(bencher: Bencher, cells: usize) {
        bencher.bench_local(|| relief(black_box(cells)));
    }

    /// The sorted and shaded triangles of a camera.
    #[divan::bench(args = [96, 128])]
    fn facets(bencher: Bencher, cells: usize) {
        let relief = relief(cells);
        let projection = Projection::new(Camera::default(), CANVAS);
        let colours = DARK.height_colours();
        bencher.bench_local(|| relief.facets(black_box(&projection), &colours));
    }

    /// Whether a point of the surface is hidden. Items are points.
    #[divan::bench]
    fn hidden(bencher: Bencher) {
        let relief = relief(128);
        let projection = Projection::new(Camera::default(), CANVAS);
        bencher.counter(ItemsCount::new(1024_u64)).bench_local(|| {
            let at = |k: usize| [(k % 32) as f64 * 4.0 + 0.3, (k / 32) as f64 * 4.0 + 0.4];
            (0..1024)
                .filter(|k| relief.is_hidden(black_box(&projection), at(*k)))
                .count()
        });
    }
}

/// Many small experiments at once. Items are updates, gradients included.
mod sweep {
    use super::*;
    use descent_lab::analysis::map::{Map, MapQuestion};
    use descent_lab::engine::Sweep;
    use descent_lab::experiment::{Axis, Quantity};
    use descent_lab::optimizers::OPTIMIZERS;

    fn experiment(surface: &str, rule: &str, epochs: u64) -> Experiment {
        let mut experiment = built_in::BUILT_IN[0].experiment();
        experiment.objective = ObjectiveSpec::Landscape {
            surface: surface.into(),
            start: None,
            noise: 0.0,
            settings: Default::default(),
        };
        experiment.epochs = epochs;
        experiment.runs = vec![RunSpec::new(rule)];
        experiment
    }

    const RATE_AND_DECAY: [&str; 2] = ["learning_rate=1e-4:1:{}:log", "decay=1e-4:1:{}:log"];

    /// The trials of a square grid over two axes.
    fn grid([first, second]: &[Axis; 2], side: usize) -> Vec<f64> {
        let cells = (0..side * side).flat_map(|cell| [cell % side, cell / side]);
        let of = |(index, place): (usize, usize)| match index % 2 {
            0 => first.value(place),
            _ => second.value(place),
        };
        cells.enumerate().map(of).collect()
    }

    fn measure(bencher: Bencher, (surface, rule): (&str, &str), axes: [&str; 2], side: usize) {
        let experiment = experiment(surface, rule, 150);
        let axes = axes.map(|text| {
            let text = text.replace("{}", &side.to_string());
            Axis::read(&text, &experiment, 0).expect("the run has what is swept")
        });
        let quantities = axes.each_ref().map(|axis| axis.quantity.clone());
        let sweep = Sweep::new(&experiment, 0, &quantities, 1e-3).expect("a valid sweep");
        let values = grid(&axes, side);
        let updates = (side * side * 150) as u64;
        bencher
            .counter(ItemsCount::new(updates))
            .bench_local(|| sweep.run(black_box(&values), &|| true));
    }

    /// To be compared with benches/sweep_jax.py.
    #[divan::bench(args = ["rosenbrock", "ackley"])]
    fn adam(bencher: Bencher, surface: &str) {
        measure(bencher, (surface, "adam"), RATE_AND_DECAY, 256);
    }

    /// Where no two packs have the same hyperparameters.
    #[divan::bench]
    fn betas(bencher: Bencher) {
        let axes = ["beta1=0.5:0.99:{}", "beta2=0.9:0.9999:{}"];
        measure(bencher, ("rosenbrock", "adam"), axes, 256);
    }

    fn rules() -> impl Iterator<Item = &'static str> {
        OPTIMIZERS
            .iter()
            .map(|optimizer| optimizer.card())
            .filter_map(|card| {
                let is_refused = card
                    .fits
                    .refusal(&[descent_lab::optimizers::Shape::vector(2)]);
                is_refused.is_none().then_some(card.id)
            })
    }

    /// Every rule that a landscape has; those that ask the objective go one by one.
    #[divan::bench(args = rules(), sample_count = 5, sample_size = 1)]
    fn rule(bencher: Bencher, rule: &str) {
        measure(bencher, ("rosenbrock", rule), RATE_AND_DECAY, 64);
    }

    /// Which minimum 512 × 512 starts lead to in 200 epochs.
    #[divan::bench(sample_count = 20)]
    fn basins(bencher: Bencher) {
        let mut experiment = experiment("himmelblau", "momentum", 200);
        experiment.runs[0].learning_rate = Some(0.01);
        let axis =
            |quantity| Axis::usual(quantity, &experiment, 0).expect("a landscape has a start");
        let question = MapQuestion {
            x: axis(Quantity::Start(0)),
            y: axis(Quantity::Start(1)),
            experiment: experiment.clone().into(),
            run: 0,
            target: f64::NAN,
            cells: [512, 512],
        };
        bencher
            .counter(ItemsCount::new(512_u64 * 512 * 200))
            .bench_local(|| {
                let mut map = Map::new(question.clone()).expect("a valid map");
                while !map.is_complete() {
                    map.refine(&|| true);
                }
                map
            });
    }
}
