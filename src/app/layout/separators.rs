//! The boundaries between panels: dragged, or moved with arrow keys.

use super::registry::card;
use super::tiles::PanelTree;
use egui::{CursorIcon, EventFilter, Key, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo};
use egui_tiles::{Container, LinearDir, Tile, TileId};

/// The narrowest and the lowest that a panel is made.
const LEAST: [f32; 2] = [160.0, 60.0];

/// How far an arrow key moves a boundary, in points.
const NUDGE: f32 = 16.0;

/// How far around a boundary the pointer takes it.
const REACH: f32 = 4.0;

/// What became of the boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// One is being moved.
    pub going_on: bool,
    /// One was moved to its place.
    pub done: bool,
    /// One was double-clicked: sizes back to the usual.
    pub reset: bool,
}

/// A boundary between two neighbours.
struct Boundary {
    container: TileId,
    direction: LinearDir,
    between: [TileId; 2],
    rects: [Rect; 2],
    name: String,
}

/// Shows every boundary and moves those that are asked to move.
pub fn show(tree: &mut PanelTree, ui: &Ui) -> Moves {
    let mut moves = Moves::default();
    for boundary in boundaries(tree) {
        let (response, by) = one(&boundary, ui);
        moves.reset |= response.double_clicked();
        moves.going_on |= response.dragged();
        moves.done |= response.drag_stopped() || by.is_some() && !response.dragged();
        if let Some(by) = by {
            shift(tree, &boundary, by);
        }
    }
    moves
}

fn boundaries(tree: &PanelTree) -> Vec<Boundary> {
    let mut found = Vec::new();
    let mut open: Vec<TileId> = tree.root().into_iter().collect();
    while let Some(container) = open.pop() {
        let Some(Tile::Container(inside)) = tree.tiles.get(container) else {
            continue;
        };
        open.extend(inside.children().copied());
        let Container::Linear(linear) = inside else {
            continue;
        };
        let seen = linear.children.iter().copied();
        let seen: Vec<_> = seen.filter(|&id| tree.is_visible_in_layout(id)).collect();
        for pair in seen.windows(2) {
            let between = [pair[0], pair[1]];
            let [Some(first), Some(second)] = between.map(|id| tree.tiles.rect(id)) else {
                continue;
            };
            let [before, behind] = between.map(|id| title(tree, id));
            found.push(Boundary {
                container,
                direction: linear.dir,
                between,
                rects: [first, second],
                name: format!("Boundary between {before} and {behind}"),
            });
        }
    }
    found
}

/// The title of the first panel in a tile that is seen.
fn title(tree: &PanelTree, id: TileId) -> &'static str {
    match tree.tiles.get(id) {
        Some(Tile::Pane(panel)) => card(panel).map_or("?", |card| card.title),
        Some(Tile::Container(container)) => {
            let mut children = container.children();
            let seen = children.find(|&&child| tree.is_visible_in_layout(child));
            seen.map_or("?", |&child| title(tree, child))
        }
        None => "?",
    }
}

/// One boundary, and by how many points it is to be moved.
fn one(boundary: &Boundary, ui: &Ui) -> (Response, Option<f32>) {
    let [first, second] = boundary.rects;
    let is_upright = boundary.direction == LinearDir::Horizontal;
    let (rect, line) = if is_upright {
        let x = (first.right() + second.left()) / 2.0;
        let rect = Rect::from_x_y_ranges(x - REACH..=x + REACH, first.y_range());
        (
            rect,
            [egui::pos2(x, rect.top()), egui::pos2(x, rect.bottom())],
        )
    } else {
        let y = (first.bottom() + second.top()) / 2.0;
        let rect = Rect::from_x_y_ranges(first.x_range(), y - REACH..=y + REACH);
        (
            rect,
            [egui::pos2(rect.left(), y), egui::pos2(rect.right(), y)],
        )
    };
    let id = ui.scope_id().with(("boundary", &boundary.name));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, enabled, &boundary.name));
    let is_held = response.dragged() || response.has_focus();
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(if is_upright {
            CursorIcon::ResizeHorizontal
        } else {
            CursorIcon::ResizeVertical
        });
    }
    let visuals = ui.visuals();
    let stroke = if is_held || response.hovered() {
        Stroke::new(2.0, visuals.selection.stroke.color)
    } else {
        visuals.widgets.noninteractive.bg_stroke
    };
    ui.painter().line_segment(line, stroke);
    let dragged = response.dragged().then(|| {
        let pointer = response.interact_pointer_pos().unwrap_or(line[0]);
        let by = pointer - line[0];
        if is_upright { by.x } else { by.y }
    });
    let by = dragged
        .filter(|by| *by != 0.0)
        .or(keys(&response, is_upright, ui));
    (response, by)
}

/// Arrow keys on a boundary that has the focus.
fn keys(response: &Response, is_upright: bool, ui: &Ui) -> Option<f32> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter {
        horizontal_arrows: is_upright,
        vertical_arrows: !is_upright,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let (back, on) = if is_upright {
        (Key::ArrowLeft, Key::ArrowRight)
    } else {
        (Key::ArrowUp, Key::ArrowDown)
    };
    ui.input(|input| {
        let by = if input.modifiers.shift { 4.0 } else { 1.0 } * NUDGE;
        if input.key_pressed(back) {
            Some(-by)
        } else {
            input.key_pressed(on).then_some(by)
        }
    })
}

/// Moves a boundary, as far as both neighbours keep their least size.
fn shift(tree: &mut PanelTree, boundary: &Boundary, by: f32) {
    let side = |rect: &Rect| match boundary.direction {
        LinearDir::Horizontal => (rect.width(), LEAST[0]),
        LinearDir::Vertical => (rect.height(), LEAST[1]),
    };
    let [(first, least), (second, _)] = [&boundary.rects[0], &boundary.rects[1]].map(side);
    let (low, high) = ((least - first).min(0.0), (second - least).max(0.0));
    let by = by.clamp(low, high);
    let Some(Tile::Container(Container::Linear(linear))) = tree.tiles.get_mut(boundary.container)
    else {
        return;
    };
    let [before, behind] = boundary.between;
    // Shares are worth points in the proportion that these two have now.
    let shares = linear.shares[before] + linear.shares[behind];
    let share = shares / (first + second).max(1.0);
    linear
        .shares
        .set_share(before, ((first + by) * share).max(f32::MIN_POSITIVE));
    linear
        .shares
        .set_share(behind, ((second - by) * share).max(f32::MIN_POSITIVE));
}
