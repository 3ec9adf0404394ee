//! The SVG file itself: elements, path data and numbers.

use super::text::escape;
use crate::export::font;
use crate::figures::theme::{Rgb, Theme};
use std::collections::BTreeSet;
use std::fmt::Display;

/// The embedded font, and those of the three systems for letters that it does not have.
const FONTS: &str = "Noto Sans, Noto Sans Math, Segoe UI, Helvetica, Arial, sans-serif";

/// An SVG document that grows element by element; later ones lie on top.
pub(super) struct Document {
    /// The colours of its appearance.
    pub theme: &'static Theme,
    size: [f64; 2],
    body: String,
    /// Every character that is set.
    characters: BTreeSet<char>,
}

/// On which side of its place a text stands.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct TextStyle {
    pub size: f64,
    pub colour: Rgb,
    pub anchor: Anchor,
    pub bold: bool,
}

impl TextStyle {
    pub fn new(size: f64, colour: Rgb) -> Self {
        Self {
            size,
            colour,
            anchor: Anchor::Start,
            bold: false,
        }
    }

    pub fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    fn attributes(self) -> String {
        let anchor = match self.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        format!("font-size=\"{}\"{anchor}", number(self.size))
    }

    /// One weight of the font ships; a thin outline makes it bold, in every program alike.
    fn weight(self) -> String {
        match self.bold {
            true => format!(" stroke=\"{}\" stroke-width=\"0.5\"", hex(self.colour)),
            false => String::new(),
        }
    }
}

impl Document {
    /// An empty document of this width and height.
    pub fn new(size: [f64; 2], theme: &'static Theme) -> Self {
        Self {
            theme,
            size,
            body: String::new(),
            characters: BTreeSet::new(),
        }
    }

    /// Width and height.
    pub fn size(&self) -> [f64; 2] {
        self.size
    }

    /// An empty element. The values are the program's own and hold no markup.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &dyn Display)]) {
        self.open(name, attributes);
        self.body.truncate(self.body.len() - 2);
        self.body.push_str("/>\n");
    }

    /// Begins an element; `close` ends it.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &dyn Display)]) {
        self.body.push_str(&format!("<{name}"));
        for (key, value) in attributes {
            self.body.push_str(&format!(" {key}=\"{value}\""));
        }
        self.body.push_str(">\n");
    }

    /// Ends an element.
    pub fn close(&mut self, name: &str) {
        self.body.push_str(&format!("</{name}>\n"));
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], fill: Rgb) {
        self.element(
            "rect",
            &[
                ("x", &number(x)),
                ("y", &number(y)),
                ("width", &number(width)),
                ("height", &number(height)),
                ("fill", &hex(fill)),
            ],
        );
    }

    /// A straight line.
    pub fn line(&mut self, from: [f64; 2], to: [f64; 2], stroke: Rgb, width: f64) {
        self.element(
            "path",
            &[
                ("d", &path_data(&[from, to], 1)),
                ("stroke", &hex(stroke)),
                ("stroke-width", &number(width)),
                ("fill", &"none"),
            ],
        );
    }

    /// The text as it stands in the file; the font must have its characters.
    fn note(&mut self, text: &str) -> String {
        self.characters.extend(text.chars());
        escape(text)
    }

    /// A text whose base line begins, has its middle or ends at `at`.
    pub fn text(&mut self, [x, y]: [f64; 2], style: TextStyle, text: &str) {
        let text = self.note(text);
        self.body.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" {} fill=\"{}\"{}>{text}</text>\n",
            number(x),
            number(y),
            style.attributes(),
            hex(style.colour),
            style.weight(),
        ));
    }

    /// A text with an outline in the colour of the ground, legible on anything.
    pub fn text_with_halo(&mut self, [x, y]: [f64; 2], style: TextStyle, halo: Rgb, text: &str) {
        // Twice, because not every program knows `paint-order`.
        self.body.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" {} fill=\"none\" stroke=\"{}\" stroke-width=\"3\" \
             stroke-linejoin=\"round\" aria-hidden=\"true\">{}</text>\n",
            number(x),
            number(y),
            style.attributes(),
            hex(halo),
            escape(text)
        ));
        self.text([x, y], style, text);
    }

    /// A text that reads upwards, its middle at `at`.
    pub fn text_upwards(&mut self, [x, y]: [f64; 2], style: TextStyle, text: &str) {
        let style = style.anchored(Anchor::Middle);
        let text = self.note(text);
        self.body.push_str(&format!(
            "<text transform=\"translate({} {}) rotate(-90)\" {} fill=\"{}\">{text}</text>\n",
            number(x),
            number(y),
            style.attributes(),
            hex(style.colour),
        ));
    }

    /// A clip path that leaves only this rectangle.
    pub fn clip_rectangle(&mut self, id: &str, [x, y]: [f64; 2], [width, height]: [f64; 2]) {
        self.open("clipPath", &[("id", &id)]);
        self.element(
            "rect",
            &[
                ("x", &number(x)),
                ("y", &number(y)),
                ("width", &number(width)),
                ("height", &number(height)),
            ],
        );
        self.close("clipPath");
    }

    /// The whole file on its ground, with the font that it needs; the title is what a screen
    /// reader says.
    pub fn finish(self, title: &str) -> String {
        let face = font::face(&self.characters);
        let style = format!("<style>{face}</style>\n");
        let ground = self.ground();
        self.assembled(title, &(style + &ground))
    }

    /// The file for the program's own rasteriser, which has the fonts; without a ground it can
    /// be laid over another picture.
    pub fn layer(self, has_ground: bool) -> String {
        let ground = match has_ground {
            true => self.ground(),
            false => String::new(),
        };
        self.assembled("", &ground)
    }

    fn ground(&self) -> String {
        let [width, height] = self.size.map(number);
        let fill = hex(self.theme.ground);
        format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>\n")
    }

    fn assembled(&self, title: &str, first: &str) -> String {
        let [width, height] = self.size.map(number);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{FONTS}\">\n\
             <title>{}</title>\n{first}{}</svg>\n",
            escape(title),
            self.body
        )
    }
}

/// A colour as SVG writes it.
pub(super) fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A number with at most one decimal.
pub(super) fn number(value: f64) -> String {
    decimal(rounded(value, 1), 1)
}

/// `value` in units of the last of `decimals` decimals. NaN is 0 and what is too large stops at
/// the largest, so that no file is broken by what should not be there.
fn rounded(value: f64, decimals: i32) -> i64 {
    debug_assert!(value.is_finite(), "{value} has no place in a figure");
    (value * 10_f64.powi(decimals)).round() as i64
}

fn decimal(units: i64, decimals: i32) -> String {
    let value = units as f64 / 10_f64.powi(decimals);
    value.to_string()
}

/// An open path through the points, rounded to `decimals` decimals: the first absolute, the
/// others relative to the one before, which is shorter. Rounding errors don't add up.
pub(super) fn path_data(points: &[[f64; 2]], decimals: i32) -> String {
    let mut data = String::new();
    let mut previous: Option<[i64; 2]> = None;
    for point in points {
        let place = point.map(|w| rounded(w, decimals));
        let (command, units) = match previous {
            None => ("M", place),
            Some(from) if from == place => continue,
            Some(from) => ("l", [place[0] - from[0], place[1] - from[1]]),
        };
        let [x, y] = units.map(|units| decimal(units, decimals));
        data.push_str(command);
        data.push_str(&x);
        data.push(' ');
        data.push_str(&y);
        previous = Some(place);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let texts = [0.0, -0.01, 12.34, -7.0, 0.05].map(number);
        assert_eq!(texts, ["0", "0", "12.3", "-7", "0.1"]);
    }

    #[test]
    fn paths_are_relative_and_skip_points_that_round_to_the_same() {
        let points = [[10.0, 20.0], [10.04, 20.0], [10.26, 19.0], [0.0, 0.0]];
        assert_eq!(path_data(&points, 1), "M10 20l0.3 -1l-10.3 -19");
        assert_eq!(path_data(&[], 1), "");
    }
}
