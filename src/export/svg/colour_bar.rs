//! Which colour is which height.

use super::document::{Anchor, Document, TextStyle, hex, number};
use super::landscape::{BANDS, band_middle};
use super::plot::Plot;
use crate::figures::axis::{Tick, logarithmic_ticks, significant};
use crate::figures::curves::Quantity;
use crate::figures::field::HeightScale;
use crate::landscapes::LandscapeCard;

/// Its width with the gap before it and its labels.
pub(super) const WIDTH: f64 = 84.0;
const GAP: f64 = 16.0;
const BAR: f64 = 14.0;
/// Labels don't come closer than this.
const CLEARANCE: f64 = 20.0;

/// Draws the bar to the right of the plot, as high as it.
pub(super) fn draw(
    document: &mut Document,
    plot: &Plot,
    card: &LandscapeCard,
    scale: &HeightScale,
) {
    let page = plot.page(0.0);
    let (left, [_, height]) = (page.x.1 + GAP, plot.size);
    let at = |position: f64| page.y.1 - position * height;
    let colours = document.theme.height_colours();
    for band in 0..BANDS {
        let position = band as f64 / BANDS as f64;
        // Each reaches to the top and the next covers it, so that no seam shows.
        let size = [BAR, at(position) - page.y.0];
        document.rectangle([left, page.y.0], size, colours.at(band_middle(position)));
    }
    document.element(
        "rect",
        &[
            ("x", &number(left)),
            ("y", &number(page.y.0)),
            ("width", &number(BAR)),
            ("height", &number(height)),
            ("fill", &"none"),
            ("stroke", &hex(document.theme.quiet_text)),
            ("stroke-width", &"0.8"),
        ],
    );
    let style = TextStyle::new(11.0, document.theme.quiet_text);
    for tick in ticks(card, scale, height) {
        let (x, y) = (left + BAR, at(tick.at));
        document.line([x, y], [x + 4.0, y], document.theme.quiet_text, 0.8);
        document.text([x + 8.0, y + 4.0], style, &tick.label);
    }
    let symbol = Quantity::Loss.symbol(card.least_value() < 0.0);
    let style = TextStyle::new(12.0, document.theme.text).anchored(Anchor::Middle);
    document.text([left + BAR / 2.0, page.y.0 - 8.0], style, symbol);
}

/// Labelled ticks at positions on the bar: the least value, and powers of ten above it with
/// room between them.
fn ticks(card: &LandscapeCard, scale: &HeightScale, length: f64) -> Vec<Tick> {
    // As on a plot of the loss: only a loss that can be negative is taken from its least value.
    let offset = card.least_value().min(0.0);
    let shown = |position: f64| scale.height(position) - offset;
    let lowest = shown(1.0 / BANDS as f64).log10();
    let powers = logarithmic_ticks(lowest, shown(1.0).log10(), 8);
    let mut ticks = vec![Tick {
        at: 0.0,
        label: significant(card.least_value() - offset, 4),
    }];
    let labelled = powers.into_iter().filter(|tick| !tick.label.is_empty());
    for power in labelled {
        let at = scale.position(10_f64.powf(power.at) + offset);
        if ticks
            .last()
            .is_none_or(|below| (at - below.at) * length >= CLEARANCE)
        {
            ticks.push(Tick { at, ..power });
        }
    }
    ticks
}
