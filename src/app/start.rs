//! Opening the real window.

use super::{First, Laboratory, theme};
use crate::storage::places::Places;
use crate::storage::settings::Settings;
use eframe::{NativeOptions, Renderer};
use std::path::PathBuf;

/// What keeps the window from opening; one line for people.
#[derive(Debug, thiserror::Error)]
#[error("no window can be opened ({reason}); `descent-lab run FILE|NAME` works without one")]
pub struct NoWindow {
    reason: String,
}

impl NoWindow {
    fn new(reason: impl std::fmt::Display) -> Self {
        let reason = reason.to_string();
        let line: Vec<_> = reason.split_whitespace().collect();
        Self {
            reason: line.join(" "),
        }
    }
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When there is no display, or nothing to draw with.
pub fn open(first: First) -> Result<(), NoWindow> {
    if !has_display() {
        return Err(NoWindow::new("there is no display"));
    }
    let mut failure = None;
    for renderer in renderers() {
        match open_with(renderer, first.clone()) {
            Ok(()) => return Ok(()),
            Err(error) => failure = Some(error),
        }
    }
    Err(failure.unwrap_or_else(|| NoWindow::new("no renderer is built in")))
}

/// What can draw, the best first.
fn renderers() -> Vec<Renderer> {
    vec![
        #[cfg(feature = "wgpu")]
        Renderer::Wgpu,
        Renderer::Glow,
    ]
}

/// Whether a display is named at all; elsewhere than on Unix systems with X11 or Wayland there
/// always is one.
fn has_display() -> bool {
    let is_named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(
        unix,
        not(any(
            target_os = "macos",
            target_os = "ios",
            target_os = "android"
        ))
    )) || is_named("DISPLAY")
        || is_named("WAYLAND_DISPLAY")
        || is_named("WAYLAND_SOCKET")
}

fn open_with(renderer: Renderer, first: First) -> Result<(), NoWindow> {
    let places = Places::find();
    let size = places
        .as_ref()
        .and_then(|places| Settings::peek(&places.settings)?.window_size)
        .filter(|size| size.iter().all(|side| (200.0..20_000.0).contains(side)))
        .unwrap_or([1280.0, 800.0]);
    let options = NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_app_id("descent-lab")
            .with_title("Descent Lab")
            .with_inner_size(size)
            .with_drag_and_drop(true),
        renderer,
        ..NativeOptions::default()
    };
    eframe::run_native(
        "descent-lab",
        options,
        Box::new(move |creation| {
            let laboratory = Laboratory::new(&creation.egui_ctx, places, first)?;
            Ok(Box::new(Window {
                laboratory,
                size: None,
            }))
        }),
    )
    .map_err(NoWindow::new)
}

/// The laboratory in a window of the system.
struct Window {
    laboratory: Laboratory,
    size: Option<[f32; 2]>,
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.laboratory.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let rect = ui.ctx().content_rect();
        let scale = ui.ctx().zoom_factor();
        self.size = Some([rect.width() * scale, rect.height() * scale]);
        self.laboratory.show(ui);
    }

    /// The ground of every panel: none of them paints its own.
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        theme::ground(visuals)
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.laboratory.close(self.size);
    }
}

impl From<crate::cli::WindowRequest> for First {
    fn from(request: crate::cli::WindowRequest) -> Self {
        match request.source {
            None => Self::Last,
            Some(crate::cli::Source::File(path)) => Self::File(absolute(path)),
            Some(crate::cli::Source::BuiltIn(built_in)) => Self::BuiltIn(built_in.id),
        }
    }
}

/// Remembered paths must not depend on where the program was started.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}
