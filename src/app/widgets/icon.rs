//! Buttons that show a drawn symbol, so that no font needs to have it.

use crate::app::theme;
use egui::{Color32, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

/// The symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// To the start.
    First,
    /// One step back.
    StepBack,
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// One step on.
    StepForward,
    /// To the end.
    Last,
    /// Start over at the end.
    Loop,
    /// Shown.
    Eye,
    /// Hidden.
    EyeClosed,
    /// Only this one.
    Solo,
    /// One more like it.
    Duplicate,
    /// Away with it.
    Delete,
    /// Unfold.
    Unfolded,
    /// Fold.
    Folded,
    /// Take back.
    Undo,
    /// Make again.
    Redo,
    /// Dark and light.
    Theme,
    /// Close.
    Close,
    /// Towards the inside of a list.
    Inward,
    /// Towards its outside.
    Outward,
}

/// A square button with a symbol. `name` is its accessible name and the first line of its
/// tooltip; `on` draws it as switched on.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    let size = ui.spacing().interact_size.y;
    let (rect, response) = ui.allocate_exact_size(vec2(size, size), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, name));
    if ui.is_rect_visible(rect) {
        let visuals = ui.style().interact(&response);
        let tokens = theme::of(ui);
        let colour = if !enabled {
            ui.visuals().weak_text_color().gamma_multiply(0.5)
        } else if on {
            theme::colour(tokens.accent)
        } else {
            visuals.text_color()
        };
        if response.hovered() || response.has_focus() || on {
            let fill = if on && !response.hovered() {
                theme::colour(tokens.selection)
            } else {
                visuals.weak_bg_fill
            };
            let stroke = if response.has_focus() {
                ui.visuals().selection.stroke
            } else {
                Stroke::NONE
            };
            ui.painter().rect(
                rect.shrink(1.0),
                visuals.corner_radius,
                fill,
                stroke,
                egui::StrokeKind::Inside,
            );
        }
        let drawing = Drawing {
            rect: rect.shrink(size * 0.27),
            colour,
        };
        ui.painter().extend(drawing.shapes(icon));
    }
    response.on_hover_text(name)
}

/// A symbol within a square, in coordinates from 0 to 1.
struct Drawing {
    rect: Rect,
    colour: Color32,
}

impl Drawing {
    fn at(&self, x: f32, y: f32) -> Pos2 {
        pos2(
            self.rect.left() + x * self.rect.width(),
            self.rect.top() + y * self.rect.height(),
        )
    }

    fn stroke(&self) -> Stroke {
        Stroke::new(1.5, self.colour)
    }

    fn filled(&self, points: &[(f32, f32)]) -> Shape {
        let points = points.iter().map(|&(x, y)| self.at(x, y)).collect();
        Shape::convex_polygon(points, self.colour, Stroke::NONE)
    }

    fn line(&self, points: &[(f32, f32)]) -> Shape {
        let points = points.iter().map(|&(x, y)| self.at(x, y)).collect();
        Shape::line(points, self.stroke())
    }

    fn bar(&self, left: f32, right: f32) -> Shape {
        self.filled(&[(left, 0.0), (right, 0.0), (right, 1.0), (left, 1.0)])
    }

    fn triangle(&self, from: f32, to: f32) -> Shape {
        self.filled(&[(from, 0.0), (to, 0.5), (from, 1.0)])
    }

    /// A circular arc; angles in turns from the right, clockwise.
    fn arc(&self, centre: (f32, f32), radius: f32, from: f32, to: f32) -> Shape {
        let points: Vec<_> = (0..=20)
            .map(|k| {
                let turn = from + (to - from) * k as f32 / 20.0;
                let (sine, cosine) = (turn * std::f32::consts::TAU).sin_cos();
                (centre.0 + radius * cosine, centre.1 + radius * sine)
            })
            .collect();
        self.line(&points)
    }

    fn shapes(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::First => vec![self.bar(0.0, 0.18), self.triangle(1.0, 0.25)],
            Icon::StepBack => vec![self.triangle(0.75, 0.1), self.bar(0.82, 0.98)],
            Icon::Play => vec![self.triangle(0.1, 1.0)],
            Icon::Pause => vec![self.bar(0.1, 0.38), self.bar(0.62, 0.9)],
            Icon::StepForward => vec![self.bar(0.02, 0.18), self.triangle(0.25, 0.9)],
            Icon::Last => vec![self.triangle(0.0, 0.75), self.bar(0.82, 1.0)],
            Icon::Loop => vec![
                self.arc((0.5, 0.5), 0.45, 0.05, 0.85),
                self.filled(&[(0.62, -0.12), (0.98, 0.1), (0.6, 0.32)]),
            ],
            Icon::Eye => self.eye(),
            Icon::EyeClosed => vec![
                self.arc((0.5, 0.05), 0.62, 0.12, 0.38),
                self.line(&[(0.08, 0.95), (0.92, 0.05)]),
            ],
            Icon::Solo => vec![
                Shape::circle_stroke(self.at(0.5, 0.5), self.rect.width() * 0.5, self.stroke()),
                Shape::circle_filled(self.at(0.5, 0.5), self.rect.width() * 0.22, self.colour),
            ],
            Icon::Duplicate => vec![
                self.frame(0.0, 0.3),
                self.line(&[(0.35, 0.0), (1.0, 0.0), (1.0, 0.65)]),
            ],
            Icon::Delete => vec![
                self.line(&[(0.0, 0.15), (1.0, 0.15)]),
                self.line(&[(0.35, 0.12), (0.35, -0.05), (0.65, -0.05), (0.65, 0.12)]),
                self.line(&[(0.12, 0.2), (0.2, 1.05), (0.8, 1.05), (0.88, 0.2)]),
            ],
            Icon::Unfolded => vec![self.line(&[(0.1, 0.3), (0.5, 0.7), (0.9, 0.3)])],
            Icon::Folded => vec![self.line(&[(0.3, 0.1), (0.7, 0.5), (0.3, 0.9)])],
            Icon::Undo => self.bent_arrow(false),
            Icon::Redo => self.bent_arrow(true),
            Icon::Theme => vec![
                Shape::circle_stroke(self.at(0.5, 0.5), self.rect.width() * 0.5, self.stroke()),
                self.half_disc(),
            ],
            Icon::Inward => vec![
                self.line(&[(0.5, 0.95), (0.5, 0.05)]),
                self.line(&[(0.1, 0.45), (0.5, 0.05), (0.9, 0.45)]),
            ],
            Icon::Outward => vec![
                self.line(&[(0.5, 0.05), (0.5, 0.95)]),
                self.line(&[(0.1, 0.55), (0.5, 0.95), (0.9, 0.55)]),
            ],
            Icon::Close => vec![
                self.line(&[(0.1, 0.1), (0.9, 0.9)]),
                self.line(&[(0.9, 0.1), (0.1, 0.9)]),
            ],
        }
    }

    fn eye(&self) -> Vec<Shape> {
        vec![
            self.arc((0.5, 1.0), 0.72, 0.615, 0.885),
            self.arc((0.5, 0.0), 0.72, 0.115, 0.385),
            Shape::circle_filled(self.at(0.5, 0.5), self.rect.width() * 0.18, self.colour),
        ]
    }

    fn frame(&self, low: f32, high: f32) -> Shape {
        let size = 0.7;
        self.line(&[
            (low, high),
            (low + size, high),
            (low + size, high + size),
            (low, high + size),
            (low, high),
        ])
    }

    fn bent_arrow(&self, mirrored: bool) -> Vec<Shape> {
        let x = |x: f32| if mirrored { 1.0 - x } else { x };
        let mut curve: Vec<_> = (0..=16)
            .map(|k| {
                let angle = -0.25 + 0.5 * k as f32 / 16.0;
                let (sine, cosine) = (angle * std::f32::consts::TAU).sin_cos();
                (x(0.58 + 0.38 * cosine), 0.62 + 0.34 * sine)
            })
            .collect();
        curve.insert(0, (x(0.15), 0.28));
        curve.push((x(0.35), 0.96));
        vec![
            self.line(&curve),
            self.line(&[(x(0.38), 0.0), (x(0.08), 0.28), (x(0.38), 0.56)]),
        ]
    }

    fn half_disc(&self) -> Shape {
        let points: Vec<_> = (0..=16)
            .map(|k| {
                let (sine, cosine) =
                    ((-0.25 + 0.5 * k as f32 / 16.0) * std::f32::consts::TAU).sin_cos();
                (0.5 + 0.5 * cosine, 0.5 + 0.5 * sine)
            })
            .collect();
        self.filled(&points)
    }
}
