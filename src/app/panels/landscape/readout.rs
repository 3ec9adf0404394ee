//! w1, w2, J and ∇J of the point under the pointer, the same in every view.

use crate::app::state::Lab;
use crate::app::theme;
use crate::figures::axis::significant;
use crate::landscapes;
use egui::{Align2, FontId, Rect, Ui, vec2};

/// Shows the readout of `w` in the lower left corner of `frame`.
pub fn show(lab: &Lab, w: [f64; 2], frame: Rect, ui: &Ui) {
    let (height, slope) = landscapes::gradient::<f64>(&*lab.landscape(), w);
    let number = |value| significant(value, 4);
    let [across, up] = lab.landscape_axes();
    let text = format!(
        "{across} {}   {up} {}   J {}   ∇J ({}, {})",
        number(w[0]),
        number(w[1]),
        number(height),
        number(slope[0]),
        number(slope[1])
    );
    let tokens = theme::of(ui);
    let painter = ui.painter().with_clip_rect(frame);
    let corner = frame.left_bottom() + vec2(8.0, -8.0);
    let font = FontId::proportional(12.0);
    // In a narrow view the text takes two lines instead of being cut off.
    let width = (frame.width() - 16.0).max(1.0);
    let galley = painter.layout(text, font, theme::colour(tokens.text), width);
    let rect = Align2::LEFT_BOTTOM.anchor_size(corner, galley.size());
    let ground = theme::translucent(tokens.panel, 0.88);
    painter.rect_filled(rect.expand(4.0), 4, ground);
    painter.galley(rect.min, galley, theme::colour(tokens.text));
}
