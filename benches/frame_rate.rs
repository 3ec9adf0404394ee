//! Frames a second of real windows: the laboratory while it plays twelve runs of 10,000 epochs,
//! against a bare window that holds one line plot, of the same size and with the same renderer.
//!
//!     cargo bench --bench frame_rate        (needs a display; `tests/measure_frames` brings one)
//!
//! A process has one event loop, so each window is a process of its own: this program starts
//! itself once a window and reads what it counted.

#![allow(
    clippy::expect_used,
    reason = "a measurement that fails has nothing to go on with"
)]

mod twelve_runs;

use descent_lab::app::{First, Laboratory};
use eframe::egui::{self, Event, Key, Modifiers};
use egui_plot::{Line, Plot, PlotPoints};
use std::process::Command;
use std::time::{Duration, Instant};
use twelve_runs::twelve_runs;

const SIZE: [f32; 2] = [1280.0, 800.0];
const WARM_UP: Duration = Duration::from_secs(2);
const COUNTED: Duration = Duration::from_secs(5);

/// What a window shows.
const WINDOWS: [(&str, &str); 3] = [
    ("bare", "a bare window with one line plot"),
    ("map", "the laboratory playing, landscape in 2-D"),
    ("surface", "the laboratory playing, landscape in 3-D"),
];

fn main() {
    let window =
        std::env::args().find_map(|argument| argument.strip_prefix("window=").map(str::to_owned));
    match window {
        Some(id) => println!("{}", frames_of(&id)),
        None => compare(),
    }
}

fn compare() {
    let program = std::env::current_exe().expect("a running program has a file");
    let mut bare = None;
    for (id, name) in WINDOWS {
        let output = Command::new(&program)
            .arg(format!("window={id}"))
            .output()
            .expect("the program can start itself");
        let text = String::from_utf8_lossy(&output.stdout);
        let Ok(rate) = text.trim().parse::<f64>() else {
            let reason = String::from_utf8_lossy(&output.stderr);
            println!("{name}: no window ({})", reason.trim());
            continue;
        };
        let share = bare.get_or_insert(rate);
        println!(
            "{name}: {rate:.1} frames a second, {:.0} % of the bare window's",
            100.0 * rate / *share
        );
    }
}

/// Frames a second of one window.
fn frames_of(id: &str) -> f64 {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default().with_inner_size(SIZE),
        ..eframe::NativeOptions::default()
    };
    let rate = std::rc::Rc::new(std::cell::Cell::new(f64::NAN));
    let counted = std::rc::Rc::clone(&rate);
    let id = id.to_owned();
    eframe::run_native(
        "frame rate",
        options,
        Box::new(move |creation| {
            let shown: Box<dyn Shown> = match id.as_str() {
                "bare" => Box::new(Bare::new()),
                _ => Box::new(Playing::new(&creation.egui_ctx, id == "surface")),
            };
            Ok(Box::new(Counter {
                shown,
                began: Instant::now(),
                frames: 0,
                rate: counted,
            }))
        }),
    )
    .expect("a display");
    rate.get()
}

/// What is drawn again and again.
trait Shown {
    fn prepare(&mut self, _ctx: &egui::Context, _input: &mut egui::RawInput) {}
    fn logic(&mut self, _ctx: &egui::Context) {}
    fn show(&mut self, ui: &mut egui::Ui);
    /// Whether counting may begin.
    fn is_ready(&self) -> bool {
        true
    }
}

/// A window that counts its frames, after it has warmed up.
struct Counter {
    shown: Box<dyn Shown>,
    began: Instant,
    frames: u32,
    rate: std::rc::Rc<std::cell::Cell<f64>>,
}

impl eframe::App for Counter {
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        descent_lab::app::ground(visuals)
    }

    fn raw_input_hook(&mut self, ctx: &egui::Context, input: &mut egui::RawInput) {
        self.shown.prepare(ctx, input);
    }

    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.shown.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.shown.show(ui);
        ui.ctx().request_repaint();
        if !self.shown.is_ready() {
            self.began = Instant::now();
            return;
        }
        let since = self.began.elapsed();
        if since < WARM_UP {
            return;
        }
        self.frames += 1;
        if since >= WARM_UP + COUNTED {
            let seconds = (since - WARM_UP).as_secs_f64();
            self.rate.set(f64::from(self.frames) / seconds);
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }
}

/// One line plot over the whole window, as long as a curve of the laboratory.
struct Bare {
    points: Vec<[f64; 2]>,
}

impl Bare {
    fn new() -> Self {
        let point = |k: i32| [f64::from(k), (f64::from(k) * 0.01).sin()];
        Self {
            points: (0..1000).map(point).collect(),
        }
    }
}

impl Shown for Bare {
    fn show(&mut self, ui: &mut egui::Ui) {
        egui::CentralPanel::default().show(ui, |ui| {
            Plot::new("bare").show(ui, |plot| {
                plot.line(Line::new("", PlotPoints::from(self.points.clone())));
            });
        });
    }
}

/// The laboratory with the experiment of the frame benchmark, playing in a loop.
struct Playing {
    laboratory: Laboratory,
    /// Keys to be pressed, one a frame, the last first.
    keys: Vec<Key>,
    is_loaded: bool,
}

impl Playing {
    fn new(ctx: &egui::Context, in_space: bool) -> Self {
        let laboratory = Laboratory::new(ctx, None, First::Last).expect("threads");
        let mut keys = vec![Key::Space, Key::Home, Key::Escape];
        if in_space {
            keys.insert(2, Key::Num3);
        }
        Self {
            laboratory,
            keys,
            is_loaded: false,
        }
    }
}

impl Shown for Playing {
    fn prepare(&mut self, _ctx: &egui::Context, input: &mut egui::RawInput) {
        if !self.is_loaded || !self.laboratory.is_settled() {
            return;
        }
        if let Some(key) = self.keys.pop() {
            input.events.extend([true, false].map(|pressed| Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: Modifiers::NONE,
            }));
        }
    }

    fn logic(&mut self, ctx: &egui::Context) {
        if !self.is_loaded {
            self.laboratory.load(twelve_runs());
            self.is_loaded = true;
        }
        self.laboratory.logic(ctx);
    }

    fn show(&mut self, ui: &mut egui::Ui) {
        self.laboratory.show(ui);
    }

    fn is_ready(&self) -> bool {
        self.keys.is_empty()
    }
}
