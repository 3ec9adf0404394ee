//! The range in which a landscape is studied, on the map.

use super::trails::{Ground, Plane};
use crate::app::state::Lab;
use crate::app::theme;
use crate::figures::field::Window;
use crate::landscapes::LandscapeCard;
use egui::{Painter, Rect, Ui, Vec2, pos2};
use egui_plot::PlotBounds;

/// The range of a landscape, with as much beside it as the shape of the picture asks for.
pub fn whole(card: &LandscapeCard, frame: Vec2) -> PlotBounds {
    let range = Window::of(card);
    let ([width, height], [x, y]) = (range.size(), range.centre());
    let unit = (width / f64::from(frame.x.max(1.0))).max(height / f64::from(frame.y.max(1.0)));
    let half = [
        unit * f64::from(frame.x.max(1.0)) / 2.0,
        unit * f64::from(frame.y.max(1.0)) / 2.0,
    ];
    PlotBounds::from_min_max([x - half[0], y - half[1]], [x + half[0], y + half[1]])
}

/// The studied range, when more than it is visible: outside is dimmed.
pub fn dim_outside(lab: &Lab, plane: Plane, painter: &Painter, ui: &Ui) {
    let [x, y] = lab.landscape().card().range;
    let frame = plane.frame();
    let corners = [plane.position([x.0, y.0]), plane.position([x.1, y.1])];
    let range = Rect::from_two_pos(corners[0], corners[1]).intersect(frame);
    let dim = theme::translucent(theme::of(ui).panel, 0.6);
    let outside = [
        Rect::from_min_max(frame.min, pos2(frame.right(), range.top())),
        Rect::from_min_max(pos2(frame.left(), range.bottom()), frame.max),
        Rect::from_min_max(
            pos2(frame.left(), range.top()),
            pos2(range.left(), range.bottom()),
        ),
        Rect::from_min_max(
            pos2(range.right(), range.top()),
            pos2(frame.right(), range.bottom()),
        ),
    ];
    for rect in outside {
        if rect.is_positive() {
            painter.rect_filled(rect, 0, dim);
        }
    }
}
