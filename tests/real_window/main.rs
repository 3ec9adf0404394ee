//! The program in a real window, on a display of its own, with mouse and keyboard.
//!
//! Where a control stands is asked of the same laboratory without a window, by its name.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod display;
#[path = "../panels/laboratory.rs"]
mod laboratory;
mod pictures;
mod training;

use descent_lab::app::{First, Laboratory};
use descent_lab::experiment::{Experiment, RunSpec, built_in};
use descent_lab::figures::theme::DARK;
use descent_lab::storage::experiments;
use descent_lab::storage::places::Places;
use descent_lab::storage::recovery::Recovery;
use descent_lab::storage::settings::{Settings, Theme};
use display::{Display, SIZE, Window, program, wait_for};
use egui::{Pos2, Rect, vec2};
use egui_kittest::kittest::{Queryable, by};
use egui_kittest::{Harness, HarnessBuilder};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

const RATE: &str = "Learning rate of Gradient descent";

/// A home with an experiment file in it.
fn home() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("mine.ron");
    let mut experiment = built_in::find("ai_notes_1").unwrap().experiment();
    experiment.title = "Mine".into();
    experiment.runs = ["sgd", "adam"].map(RunSpec::new).to_vec();
    experiment.assign_colours();
    experiments::save(&file, &experiment).unwrap();
    // Whoever has settings is shown no tour.
    fs::write(Places::under(home.path()).settings, "(version: 1)").unwrap();
    (home, file)
}

/// The same laboratory without a window: where everything stands.
struct Plan(Harness<'static, Option<Laboratory>>);

impl Plan {
    fn of(home: &Path, file: &Path) -> Self {
        let size = SIZE.map(|side| side as f32);
        let builder = HarnessBuilder::default().with_size(size);
        let first = First::File(file.to_owned());
        let mut plan = Self(laboratory::harness(builder, home, first));
        wait_for("the plan", || {
            plan.0.step();
            let laboratory = plan.laboratory();
            let shown = laboratory.document().0 == Some(file) && laboratory.is_settled();
            shown.then_some(())
        });
        plan.0.run_steps(3);
        plan
    }

    fn laboratory(&self) -> &Laboratory {
        self.0.state().as_ref().unwrap()
    }

    fn rect(&self, name: &str) -> Rect {
        self.0.get(by().label(name)).rect()
    }

    /// Clicks there.
    fn click_at(&mut self, at: Pos2) {
        self.0.hover_at(at);
        self.0.drag_at(at);
        self.0.drop_at(at);
        self.0.run_steps(6);
    }

    /// The experiment after dragging the start.
    fn drag(&mut self, from: Pos2, to: Pos2) -> Experiment {
        self.0.hover_at(from);
        self.0.drag_at(from);
        self.0.hover_at(from.lerp(to, 0.5));
        self.0.hover_at(to);
        self.0.drop_at(to);
        self.0.run_steps(2);
        self.laboratory().experiment().clone()
    }
}

/// Drags the start with the mouse. What a program is told between two frames it takes in at
/// once, so each part of the gesture waits until it can be seen.
fn drag(window: &Window, from: Pos2, to: Pos2) {
    let display = window.display;
    let ring_at = |at: Pos2| {
        let around = part(display, Rect::from_center_size(at, vec2(24.0, 24.0)));
        around.iter().filter(|&&pixel| pixel == DARK.text).count()
    };
    let at_rest = wait_for("the ring", || Some(ring_at(from)).filter(|&size| size > 20));
    display.point(from);
    wait_for("the ring to feel the pointer", || {
        (ring_at(from) > at_rest).then_some(())
    });
    display.xdotool(&["mousedown", "1"]);
    display.point(from + vec2(8.0, 0.0));
    window.wait_for_title("the drag", |title| title.starts_with('•'));
    display.point(from.lerp(to, 0.5));
    display.point(to);
    wait_for("the ring to follow", || {
        (ring_at(to) > at_rest).then_some(())
    });
    display.xdotool(&["mouseup", "1"]);
}

/// The pixels of a part of the display.
fn part(display: &Display, rect: Rect) -> Vec<[u8; 3]> {
    let pixels = display.pixels();
    let (columns, rows) = (
        rect.left() as usize..(rect.right() as usize).min(SIZE[0]),
        rect.top() as usize..(rect.bottom() as usize).min(SIZE[1]),
    );
    rows.flat_map(|y| columns.clone().map(move |x| 3 * (y * SIZE[0] + x)))
        .map(|at| [pixels[at], pixels[at + 1], pixels[at + 2]])
        .collect()
}

/// Opens a number field for typing: its text is then marked, in the colour of marked text.
fn open_field(display: &Display, field: Rect) {
    let is_marked = || {
        let marked = part(display, field);
        marked
            .iter()
            .filter(|&&pixel| pixel == DARK.selection)
            .count()
            > 20
    };
    assert!(!is_marked());
    display.click(field.center(), 2);
    wait_for("the field to open", || is_marked().then_some(()));
    display.key("ctrl+a");
}

/// Saves and waits until that is done.
fn save(window: &Window, file: &Path) -> Experiment {
    let modified = || fs::metadata(file).and_then(|data| data.modified()).unwrap();
    let before = modified();
    window.display.key("ctrl+s");
    wait_for("the file", || (modified() != before).then_some(()));
    window.wait_for_title("the saved mark", |title| !title.starts_with('•'));
    experiments::load(file).unwrap()
}

#[test]
fn an_experiment_is_changed_saved_and_found_again() {
    let (home, file) = home();
    let mut plan = Plan::of(tempfile::tempdir().unwrap().path(), &file);
    let (ring, field) = (plan.rect("Start point").center(), plan.rect(RATE));
    let scrubber = plan.rect("Playhead");
    let to = ring + vec2(90.0, -60.0);
    let expected = plan.drag(ring, to);

    let display = Display::start();
    let window = Window::open(&display, home.path(), &["open", file.to_str().unwrap()]);
    window.wait_for_title("the file", |title| title == "Mine – Descent Lab");
    drag(&window, ring, to);
    let dragged = save(&window, &file);
    for (made, planned) in dragged.start().into_iter().zip(expected.start()) {
        assert!(
            (made - planned).abs() < 0.05,
            "{:?} {:?}",
            dragged.start(),
            expected.start()
        );
    }

    let still = part(&display, scrubber);
    display.key("space");
    wait_for("the playhead", || {
        (part(&display, scrubber) != still).then_some(())
    });
    display.screenshot("playing");

    open_field(&display, field);
    display.xdotool(&["type", "0.02"]);
    display.key("Return");
    window.wait_for_title("the new rate", |title| title.starts_with('•'));
    display.screenshot("changed");
    let saved = save(&window, &file);
    let mut rate_too = dragged.clone();
    rate_too.runs[0].learning_rate = Some(0.02);
    assert_eq!(saved, rate_too);
    window.quit();

    let bytes = fs::read(&file).unwrap();
    let window = Window::open(&display, home.path(), &[]);
    window.wait_for_title("the same experiment", |title| title == "Mine – Descent Lab");
    display.screenshot("reopened");
    assert_eq!(save(&window, &file), saved);
    assert_eq!(fs::read(&file).unwrap(), bytes);
    window.quit();
    assert!(left_behind(home.path()).is_empty());
}

#[test]
fn the_whole_window_is_exported_as_it_looks() {
    let (home, file) = home();
    // A cursor that blinks would never let the window come to rest.
    let settings = Places::under(home.path()).settings;
    fs::write(settings, "(version: 1, reduced_motion: true)").unwrap();
    let away = egui::pos2(SIZE[0] as f32 - 1.0, SIZE[1] as f32 - 1.0);
    let display = Display::start();
    let window = Window::open(&display, home.path(), &["open", file.to_str().unwrap()]);
    window.wait_for_title("the file", |title| title.starts_with("Mine"));
    // Where no tooltip comes up.
    display.point(away);
    let before = pictures::settled(&display);
    let exported = home.path().join("whole.png");
    display.key("ctrl+p");
    // What is typed before the palette has the keyboard is for the window.
    pictures::settled(&display);
    display.xdotool(&["type", "--delay", "30", "export"]);
    pictures::settled(&display);
    display.key("Return");
    pictures::settled(&display);
    choose_the_window(&display, &file);
    pictures::settled(&display);
    display.key("ctrl+a");
    display.xdotool(&["type", "--delay", "30", exported.to_str().unwrap()]);
    display.point(away);
    pictures::settled(&display);
    display.key("Return");
    wait_for("the picture", || exported.exists().then_some(()));
    let pixels = pictures::read(&exported);
    assert_eq!(
        pixels.len(),
        SIZE[0] * SIZE[1] * 3,
        "as many pixels as the window has"
    );
    let share = pictures::difference(&pixels, &before);
    assert!(share < 0.01, "{:.2} % of the pixels differ", 100.0 * share);
    // It is no empty sheet, and the dialog is not on it.
    let mut colours: Vec<&[u8]> = pixels.chunks_exact(3).collect();
    colours.sort_unstable();
    colours.dedup();
    assert!(colours.len() > 100, "{} colours", colours.len());
    window.quit();
}

/// Chooses the whole window in the export dialog, where it stands in the same laboratory without
/// a window, and puts the keyboard into the field of the path.
fn choose_the_window(display: &Display, file: &Path) {
    let mut plan = Plan::of(tempfile::tempdir().unwrap().path(), file);
    let open = egui::Modifiers::COMMAND | egui::Modifiers::SHIFT;
    plan.0.key_press_modifiers(open, egui::Key::E);
    plan.0.run_steps(4);
    let what = plan.rect("What to export").center();
    display.click(what, 1);
    pictures::settled(display);
    plan.click_at(what);
    let window = plan.rect("The whole window").center();
    display.click(window, 1);
    pictures::settled(display);
    plan.click_at(window);
    display.click(plan.rect("Path to export to").center(), 1);
}

/// What the next start would offer.
fn left_behind(home: &Path) -> Vec<Experiment> {
    let found = Recovery::left_behind(&Places::under(home).recovery);
    assert_eq!(found.notices, Vec::<String>::new());
    let left = found.left_behind.into_iter();
    left.map(|left| left.experiment).collect()
}

/// Copies settings and unsaved work, as a look at them without taking them.
fn copy_of(home: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let (from, to) = (Places::under(home), Places::under(copy.path()));
    fs::create_dir_all(&to.recovery).unwrap();
    for entry in fs::read_dir(&from.recovery).unwrap().flatten() {
        fs::copy(entry.path(), to.recovery.join(entry.file_name())).unwrap();
    }
    copy
}

#[test]
fn unsaved_work_is_offered_after_the_program_was_killed() {
    let (home, file) = home();
    let original = fs::read(&file).unwrap();
    let plan = Plan::of(tempfile::tempdir().unwrap().path(), &file);
    let ring = plan.rect("Start point").center();
    let display = Display::start();
    let window = Window::open(&display, home.path(), &["open", file.to_str().unwrap()]);
    window.wait_for_title("the file", |title| title.starts_with("Mine"));
    drag(&window, ring, ring + vec2(-70.0, -50.0));
    let recovery = Places::under(home.path()).recovery;
    wait_for("the work to be kept", || {
        let kept = fs::read_dir(&recovery).into_iter().flatten().flatten();
        let mut names = kept.map(|entry| entry.file_name().into_string().unwrap());
        names.find(|name| name.starts_with("unsaved-") && name.ends_with(".ron"))
    });
    window.kill();
    assert_eq!(fs::read(&file).unwrap(), original);

    let copy = copy_of(home.path());
    let kept = left_behind(copy.path());
    assert_eq!(kept.len(), 1);
    assert_ne!(kept[0].start(), [0.0, 0.0]);
    let plan = Plan::of(copy.path(), &file);
    let restore = plan.rect("Restore").center();

    let window = Window::open(&display, home.path(), &[]);
    window.wait_for_title("the file", |title| title == "Mine – Descent Lab");
    display.screenshot("recovery");
    display.click(restore, 1);
    window.wait_for_title("the unsaved work", |title| title.starts_with("• Mine"));
    assert_eq!(save(&window, &file), kept[0]);
    window.quit();
    assert!(left_behind(home.path()).is_empty());
}

#[test]
fn quitting_with_unsaved_changes_keeps_them_for_the_next_start() {
    let (home, file) = home();
    let plan = Plan::of(tempfile::tempdir().unwrap().path(), &file);
    let ring = plan.rect("Start point").center();
    let display = Display::start();
    let window = Window::open(&display, home.path(), &["open", file.to_str().unwrap()]);
    window.wait_for_title("the file", |title| title.starts_with("Mine"));
    drag(&window, ring, ring + vec2(40.0, 80.0));
    window.quit();
    let kept = left_behind(home.path());
    assert_eq!(kept.len(), 1);
    assert!(kept[0].start()[0] > 0.0 && kept[0].start()[1] < 0.0);
    assert_eq!(experiments::load(&file).unwrap().start(), [0.0, 0.0]);
}

#[test]
fn two_windows_share_a_home() {
    let (home, file) = home();
    let plan = Plan::of(tempfile::tempdir().unwrap().path(), &file);
    let ring = plan.rect("Start point").center();
    let settings = Places::under(home.path()).settings;
    let display = Display::start();
    let path = file.to_str().unwrap();
    let first = Window::open(&display, home.path(), &["open", path]);
    first.wait_for_title("the file", |title| title.starts_with("Mine"));
    let second = Window::open(&display, home.path(), &["open", "ai_notes_3"]);
    second.wait_for_title("the preset", |title| title.contains("Rosenbrock"));
    first.focus();
    drag(&first, ring, ring + vec2(50.0, 50.0));
    assert!(first.is_unsaved() && !second.is_unsaved());
    for window in [&first, &second] {
        window.focus();
        display.key("ctrl+t");
        wait_for("the settings", || {
            let (read, notice) = Settings::load(&settings);
            assert_eq!(notice, None);
            (read.theme == Theme::Light).then_some(())
        });
    }
    display.screenshot("light");
    second.quit();
    first.quit();
    let (read, notice) = Settings::load(&settings);
    assert_eq!((read.recent.len(), notice), (1, None));
    assert_eq!(left_behind(home.path()).len(), 1);
}

#[test]
fn a_window_of_any_size_lives() {
    let (home, file) = home();
    let display = Display::start();
    let mut window = Window::open(&display, home.path(), &["open", file.to_str().unwrap()]);
    let whole = Rect::from_min_size(Pos2::ZERO, vec2(SIZE[0] as f32, SIZE[1] as f32));
    let settings = Places::under(home.path()).settings;
    let sizes = [
        [1, 1],
        [8, 8],
        [300, 200],
        [1, 800],
        [1280, 1],
        [640, 480],
        SIZE,
    ];
    for (size, theme) in sizes
        .into_iter()
        .zip([Theme::Light, Theme::Dark].into_iter().cycle())
    {
        window.resize(size);
        // What is written follows a frame that was drawn at this size.
        display.key("ctrl+t");
        wait_for("a frame", || {
            assert!(window.is_running(), "{size:?}");
            (Settings::load(&settings).0.theme == theme).then_some(())
        });
    }
    wait_for("a picture", || {
        let mut colours = part(&display, whole);
        colours.sort_unstable();
        colours.dedup();
        (colours.len() > 100).then_some(())
    });
    window.quit();
}

#[test]
fn without_a_display_one_line_names_what_works() {
    let home = tempfile::tempdir().unwrap();
    for display in [None, Some(""), Some(":9999"), Some("nonsense")] {
        let mut command = program(home.path());
        if let Some(display) = display {
            command.env("DISPLAY", display);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{display:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{display:?}: {said}");
        assert!(said.contains("descent-lab run"), "{display:?}: {said}");
        assert!(!said.contains("panicked") && output.stdout.is_empty());
    }
}

/// Says how much processor time an idle window takes; how much is right is not for a test, as
/// other programs share the machine. `tests/measure_window` measures it for README.
#[test]
fn an_idle_window_says_what_it_costs() {
    let (home, file) = home();
    let display = Display::start();
    let mut window = Window::open(&display, home.path(), &["open", file.to_str().unwrap()]);
    let ticks = |window: &Window| -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", window.pid())).unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let fields: Vec<_> = fields.split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    let before = ticks(&window);
    std::thread::sleep(Duration::from_secs(3));
    let used = ticks(&window) - before;
    println!("{used} clock ticks of processor time in the 3 s after the start");
    assert!(window.is_running() && before > 0);
    window.quit();
}
