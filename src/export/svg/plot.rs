//! A plot area with its two axes.

use super::document::{Anchor, Document, TextStyle, hex, number};
use crate::figures::axis::Tick;
use crate::figures::field::Window;

const TICK_TEXT: f64 = 11.0;
const AXIS_TEXT: f64 = 12.0;

/// A rectangle of the page that shows a window of the axes.
#[derive(Clone, Copy)]
pub(super) struct Plot {
    /// The upper left corner.
    pub corner: [f64; 2],
    /// Width and height.
    pub size: [f64; 2],
    /// What the axes cover.
    pub window: Window,
}

/// One axis: its ticks and its name.
pub(super) struct Axis<'a> {
    pub ticks: &'a [Tick],
    pub name: &'a str,
}

impl Plot {
    /// The place on the page of a point of the axes.
    pub fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [width, height] = self.window.size();
        [
            self.corner[0] + self.size[0] * ((x - self.window.x.0) / width),
            self.corner[1] + self.size[1] * ((self.window.y.1 - y) / height),
        ]
    }

    /// The rectangle on the page, moved out by `margin` on every side.
    pub fn page(&self, margin: f64) -> Window {
        let [left, top] = self.corner;
        Window {
            x: (left - margin, left + self.size[0] + margin),
            y: (top - margin, top + self.size[1] + margin),
        }
    }

    /// How much of the axes falls on one unit of the page.
    pub fn per_unit(&self) -> [f64; 2] {
        let window = self.window.size();
        [window[0] / self.size[0], window[1] / self.size[1]]
    }

    /// Grid lines at the labelled ticks.
    pub fn grid(&self, document: &mut Document, x: &[Tick], y: &[Tick]) {
        let page = self.page(0.0);
        for tick in x.iter().filter(|tick| !tick.label.is_empty()) {
            let [at, _] = self.place([tick.at, self.window.y.0]);
            document.line([at, page.y.0], [at, page.y.1], document.theme.grid, 1.0);
        }
        for tick in y.iter().filter(|tick| !tick.label.is_empty()) {
            let [_, at] = self.place([self.window.x.0, tick.at]);
            document.line([page.x.0, at], [page.x.1, at], document.theme.grid, 1.0);
        }
    }

    /// The frame, ticks outside it, their labels and the names of the axes.
    pub fn axes(&self, document: &mut Document, x: &Axis<'_>, y: &Axis<'_>) {
        let page = self.page(0.0);
        document.element(
            "rect",
            &[
                ("x", &number(page.x.0)),
                ("y", &number(page.y.0)),
                ("width", &number(self.size[0])),
                ("height", &number(self.size[1])),
                ("fill", &"none"),
                ("stroke", &hex(document.theme.quiet_text)),
                ("stroke-width", &"0.8"),
            ],
        );
        let labels = TextStyle::new(TICK_TEXT, document.theme.quiet_text);
        for tick in x.ticks {
            let [at, _] = self.place([tick.at, self.window.y.0]);
            let bottom = page.y.1;
            document.line(
                [at, bottom],
                [at, bottom + length(tick)],
                document.theme.quiet_text,
                0.8,
            );
            let style = labels.anchored(Anchor::Middle);
            label(document, [at, bottom + 18.0], style, tick);
        }
        for tick in y.ticks {
            let [_, at] = self.place([self.window.x.0, tick.at]);
            let left = page.x.0;
            document.line(
                [left - length(tick), at],
                [left, at],
                document.theme.quiet_text,
                0.8,
            );
            let style = labels.anchored(Anchor::End);
            label(document, [left - 8.0, at + 4.0], style, tick);
        }
        let names = TextStyle::new(AXIS_TEXT, document.theme.text).anchored(Anchor::Middle);
        let [middle_x, middle_y] = page.centre();
        document.text([middle_x, page.y.1 + 38.0], names, x.name);
        document.text_upwards([page.x.0 - 52.0, middle_y], names, y.name);
    }
}

/// A minor tick is shorter.
fn length(tick: &Tick) -> f64 {
    if tick.label.is_empty() { 2.5 } else { 5.0 }
}

fn label(document: &mut Document, at: [f64; 2], style: TextStyle, tick: &Tick) {
    if !tick.label.is_empty() {
        document.text(at, style, &tick.label);
    }
}
