//! Small controls that panels are built of. Each has an accessible name.

pub mod at_right;
pub mod axis;
pub mod heat;
pub mod icon;
pub mod line;
pub mod marker;
pub mod nudge;
pub mod number;
pub mod reset;
pub mod setting;

use egui::Response;

/// Gives a control that shows no text of its own a name for screen readers and tests.
pub fn named(response: Response, name: &str) -> Response {
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_label(name));
    response
}
