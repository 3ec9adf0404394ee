//! The main views as they were when someone last looked at them, in `tests/pictures`.
//!
//! Everything is drawn by the program in a real window, with Mesa's software renderer. A picture
//! may differ in [`SHARE`] of its pixels by more than [`DIFFERENCE`] in one of red, green and
//! blue: other versions of Mesa round otherwise, and kept pictures have 256 colours. A control
//! that has moved, a panel of another size or another colour of text are far beyond that.
//!
//! After a change that is meant to be seen, look at the pictures in `target/screenshots` and
//! renew those that are kept: `UPDATE=1 cargo test --test real_window pictures`.

use super::display::{Display, SIZE, Window, wait_for};
use descent_lab::storage::places::Places;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The part of the pixels that may differ.
const SHARE: f64 = 0.003;

/// What counts as different, of 255.
const DIFFERENCE: u8 = 40;

/// A view: its name, the window's size, more settings, and keys that lead to it.
struct View {
    name: &'static str,
    size: [usize; 2],
    settings: &'static str,
    keys: &'static [&'static str],
}

const VIEWS: [View; 4] = [
    View {
        name: "window",
        size: SIZE,
        settings: "",
        keys: &[],
    },
    View {
        name: "in-space",
        size: SIZE,
        settings: "landscape_view: Both,",
        keys: &["Home"],
    },
    View {
        name: "catalogue",
        size: SIZE,
        settings: "",
        keys: &["ctrl+r"],
    },
    View {
        name: "narrow",
        size: [800, 600],
        settings: "",
        keys: &[],
    },
];

/// What is on the display when nothing has changed for a second.
pub fn settled(display: &Display) -> Vec<u8> {
    let mut last = display.pixels();
    let mut same = 0;
    wait_for("a picture that stays", || {
        std::thread::sleep(Duration::from_millis(250));
        let next = display.pixels();
        same = if next == last { same + 1 } else { 0 };
        last.clone_from(&next);
        (same == 4).then_some(next)
    })
}

/// Red, green and blue of the upper left part of what is on the display.
fn cropped(pixels: &[u8], size: [usize; 2]) -> Vec<u8> {
    let rows = pixels.chunks_exact(3 * SIZE[0]).take(size[1]);
    rows.flat_map(|row| &row[..3 * size[0]]).copied().collect()
}

fn kept(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    tests.join(name).with_extension("png")
}

/// Red, green and blue of a kept picture.
pub fn read(file: &Path) -> Vec<u8> {
    let opened = File::open(file).unwrap_or_else(|error| {
        panic!("{}: {error}; UPDATE=1 makes it", file.display());
    });
    let mut decoder = png::Decoder::new(BufReader::new(opened));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut bytes).unwrap();
    bytes.truncate(frame.buffer_size());
    match frame.color_type {
        png::ColorType::Rgb => bytes,
        png::ColorType::Rgba => bytes
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect(),
        png::ColorType::Grayscale => bytes.iter().flat_map(|&grey| [grey; 3]).collect(),
        other => panic!("{}: {other:?}", file.display()),
    }
}

/// Writes a picture in 256 colours, which is a third of its size.
fn keep(pixels: &[u8], size: [usize; 2], file: &Path) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let raw = file.with_extension("rgb");
    fs::write(&raw, pixels).unwrap();
    let status = Command::new("convert")
        .args(["-size", &format!("{}x{}", size[0], size[1]), "-depth", "8"])
        .arg(format!("rgb:{}", raw.display()))
        .args(["-strip", "-dither", "None", "-colors", "256"])
        .args(["-define", "png:compression-level=9"])
        .arg(format!("PNG8:{}", file.display()))
        .status()
        .unwrap();
    fs::remove_file(raw).unwrap();
    assert!(status.success(), "convert failed");
}

/// The share of pixels that differ.
pub fn difference(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len(), "the pictures have other sizes");
    let pixels = one.chunks_exact(3).zip(other.chunks_exact(3));
    let differ =
        |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > DIFFERENCE);
    let count = pixels.filter(differ).count();
    count as f64 / (one.len() / 3) as f64
}

/// Takes a view and compares it with the kept one. Gives what is wrong.
fn look(display: &Display, view: &View, theme: &str) -> Option<String> {
    let home = tempfile::tempdir().unwrap();
    let settings = format!(
        "(version: 1, theme: {theme}, reduced_motion: true, {})",
        view.settings
    );
    fs::write(Places::under(home.path()).settings, settings).unwrap();
    let window = Window::open(display, home.path(), &["open", "hw3_q3a_page"]);
    window.resize(view.size);
    // Away from everything that would show a tooltip.
    display.point(egui::pos2(SIZE[0] as f32 - 1.0, SIZE[1] as f32 - 1.0));
    for key in view.keys {
        settled(display);
        display.key(key);
    }
    let pixels = cropped(&settled(display), view.size);
    window.quit_or_kill();
    let name = format!("{}-{}", view.name, theme.to_lowercase());
    let file = kept(&name);
    if std::env::var_os("UPDATE").is_some() {
        keep(&pixels, view.size, &file);
    }
    let share = difference(&pixels, &read(&file));
    println!("{name}: {:.3} % of the pixels differ", 100.0 * share);
    if share <= SHARE {
        return None;
    }
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    let now = shots.join(&name).with_extension("png");
    keep(&pixels, view.size, &now);
    let [percent, most] = [share, SHARE].map(|share| 100.0 * share);
    Some(format!(
        "{name}: {percent:.2} % of the pixels differ, more than {most} %: compare {} with {}",
        now.display(),
        file.display()
    ))
}

#[test]
fn pictures_of_the_main_views_are_as_they_were() {
    let display = Display::start();
    let wrong = ["Dark", "Light"].into_iter().flat_map(|theme| {
        let views = VIEWS.iter();
        views
            .filter_map(|view| look(&display, view, theme))
            .collect::<Vec<_>>()
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pictures_that_differ_are_told_apart() {
    let one = vec![100; 3000];
    let mut other = one.clone();
    other.iter_mut().for_each(|value| *value += DIFFERENCE);
    assert_eq!(difference(&one, &other), 0.0, "rounding is no difference");
    other[0..30].fill(200);
    assert_eq!(difference(&one, &other), 0.01);
}
