//! The window's panels, driven by their accessible names, without a display.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod accessibility;
mod catalogue;
mod comparison;
mod continual;
mod curving;
mod dialogs;
mod documents;
mod evaluations;
mod explanation;
mod exports;
mod extremes;
mod formula;
mod frame_weight;
mod inside;
mod laboratory;
mod layout;
mod loss_slice;
mod lost_work;
mod network;
mod nudging;
mod objective;
mod playback;
mod plots;
mod recovery;
mod regression;
mod run_cards;
mod runs;
mod starts;
mod surface;
mod tour;
mod training;
mod tuning;
mod wrappers;

use descent_lab::app::{First, Laboratory};
use descent_lab::experiment::{Experiment, built_in};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Rect};
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable, by};
use egui_kittest::{Harness, HarnessBuilder, Node};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Far more than anything here takes; a test that waits as long has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// A laboratory at work, and the folder in which it keeps its own files.
struct Bench {
    harness: Harness<'static, Option<Laboratory>>,
    home: TempDir,
}

impl Bench {
    /// On the experiment of a first start, in a window of the usual size.
    fn new() -> Self {
        Self::on(First::Last)
    }

    fn on(first: First) -> Self {
        Self::at(tempfile::tempdir().unwrap(), first)
    }

    /// With what an earlier session has left in `home`.
    fn at(home: TempDir, first: First) -> Self {
        Self::built(usual(), home, first)
    }

    fn built(builder: HarnessBuilder<Option<Laboratory>>, home: TempDir, first: First) -> Self {
        let harness = laboratory::harness(builder, home.path(), first);
        let mut bench = Self { harness, home };
        bench.settle();
        bench
    }

    fn laboratory(&self) -> &Laboratory {
        self.harness.state().as_ref().unwrap()
    }

    fn experiment(&self) -> &Experiment {
        self.laboratory().experiment()
    }

    fn is_unsaved(&self) -> bool {
        self.laboratory().document().1
    }

    fn step(&self) -> u64 {
        self.laboratory().playhead().step()
    }

    fn load(&mut self, experiment: Experiment) {
        self.harness.state_mut().as_mut().unwrap().load(experiment);
        self.settle();
    }

    /// A path in the laboratory's folder.
    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Goes on until `done`; the engine and files work on threads of their own.
    #[track_caller]
    fn wait_for(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        loop {
            self.harness.step();
            if done(self) {
                return;
            }
            assert!(start.elapsed() < DEADLINE, "waited in vain for {what}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Goes on until what is queued has been taken in and the record answers it, and checks
    /// what must hold of every state.
    #[track_caller]
    fn settle(&mut self) {
        self.harness.run_steps(3);
        self.wait_for("the record", |bench| bench.laboratory().is_settled());
        // What the last frame laid out in its second pass, egui paints only in the next one.
        self.harness.step();
        self.harness.check_accessibility();
        assert_eq!(self.id_clashes(), Vec::<String>::new());
    }

    /// What egui paints over widgets that share an id.
    fn id_clashes(&self) -> Vec<String> {
        let shapes = self.harness.output().shapes.iter();
        shapes
            .filter_map(|clipped| match &clipped.shape {
                egui::Shape::Text(text) if text.galley.text().contains("use of") => {
                    Some(text.galley.text().to_owned())
                }
                _ => None,
            })
            .collect()
    }

    /// Whether a text is shown, in whole or as a part of a longer one.
    fn says(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).count() > 0
    }

    /// Whether there is exactly this text or control.
    fn has(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).count() > 0
    }

    /// The control of this name; a plain text beside it may say the same.
    #[track_caller]
    fn control<'a>(&'a self, name: &'a str) -> Node<'a> {
        let is_control = |node: &AccessKitNode<'_>| node.role() != Role::Label;
        self.harness.get(by().label(name).predicate(is_control))
    }

    #[track_caller]
    fn rect(&self, name: &str) -> Rect {
        self.control(name).rect()
    }

    #[track_caller]
    fn is_focused(&self, name: &str) -> bool {
        self.control(name).is_focused()
    }

    #[track_caller]
    fn is_disabled(&self, name: &str) -> bool {
        self.control(name).accesskit_node().is_disabled()
    }

    /// Scrolls until a control can be seen.
    #[track_caller]
    fn scroll_to(&mut self, name: &str) {
        self.control(name).scroll_to_me();
        self.harness.run_steps(4);
    }

    /// Clicks with the mouse, after scrolling to it.
    #[track_caller]
    fn click(&mut self, name: &str) {
        self.scroll_to(name);
        self.control(name).click();
        self.settle();
    }

    #[track_caller]
    fn focus(&mut self, name: &str) {
        self.control(name).focus();
        self.harness.run_steps(2);
        assert!(self.is_focused(name), "{name} takes no focus");
    }

    /// Puts `text` in place of what a field holds, and leaves the field.
    #[track_caller]
    fn enter(&mut self, name: &str, text: &str) {
        self.focus(name);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.event(egui::Event::Text(text.into()));
        self.harness.key_press(Key::Enter);
        self.settle();
    }

    /// Types where the focus is.
    fn type_text(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.into()));
        self.settle();
    }

    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.settle();
    }

    fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    fn ctrl(&mut self, key: Key) {
        self.press_with(Modifiers::COMMAND, key);
    }

    /// Drags with the mouse in several moves.
    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.harness.hover_at(from);
        self.harness.drag_at(from);
        for part in 1..=4 {
            let share = part as f32 / 4.0;
            self.harness.hover_at(from.lerp(to, share));
        }
        self.harness.drop_at(to);
        self.settle();
    }
}

/// A window of the usual size.
fn usual() -> HarnessBuilder<Option<Laboratory>> {
    HarnessBuilder::default().with_size([1280.0, 800.0])
}

fn preset(id: &str) -> Experiment {
    let mut experiment = built_in::find(id).unwrap().experiment();
    experiment.assign_colours();
    experiment
}

/// A file with an experiment of this title.
fn write_file(path: &Path, title: &str) -> Experiment {
    let mut experiment = preset("ai_notes_2");
    experiment.title = title.into();
    descent_lab::storage::experiments::save(path, &experiment).unwrap();
    experiment
}
