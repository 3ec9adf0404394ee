//! Reading the shipped TrueType fonts.

use crate::figures::fonts::{NOTO_SANS, NOTO_SANS_MATH};
use std::sync::LazyLock;

static SHIPPED: LazyLock<[Source; 2]> =
    LazyLock::new(|| [NOTO_SANS, NOTO_SANS_MATH].map(Source::new));

/// A TrueType font. What lies outside it reads as 0, so that no font can make this panic.
pub(super) struct Source {
    bytes: &'static [u8],
    glyphs: &'static [u8],
    places: &'static [u8],
    metrics: &'static [u8],
    measured: usize,
    characters: &'static [u8],
}

impl Source {
    /// The fonts that come with the program, in the order of preference.
    pub fn shipped() -> [&'static Self; 2] {
        SHIPPED.each_ref()
    }

    fn new(bytes: &'static [u8]) -> Self {
        let table = |tag| table(bytes, tag);
        Self {
            bytes,
            glyphs: table(b"glyf"),
            places: table(b"loca"),
            metrics: table(b"hmtx"),
            measured: usize::from(word(table(b"hhea"), 34)),
            characters: segments(table(b"cmap")),
        }
    }

    /// A whole table; empty where there is none.
    pub fn table(&self, tag: &[u8; 4]) -> &'static [u8] {
        table(self.bytes, tag)
    }

    /// The glyph of a character.
    pub fn glyph_of(&self, character: char) -> Option<u16> {
        let code = u32::from(character);
        if word(self.characters, 0) != 12 {
            return segment_glyph(self.characters, u16::try_from(code).ok()?);
        }
        let group = |index: usize| [0, 4, 8].map(|at| long(self.characters, 16 + 12 * index + at));
        let [first, _, glyph] = (0..long(self.characters, 12) as usize)
            .map(group)
            .find(|[first, last, _]| (*first..=*last).contains(&code))?;
        u16::try_from(glyph + (code - first)).ok()
    }

    /// The outline of a glyph; empty for a blank.
    pub fn outline(&self, glyph: u16) -> &'static [u8] {
        // Both fonts have long offsets; a test reads them.
        let at = |index: usize| long(self.places, 4 * index) as usize;
        let glyph = usize::from(glyph);
        self.glyphs.get(at(glyph)..at(glyph + 1)).unwrap_or(&[])
    }

    /// Advance and left side bearing of a glyph.
    pub fn metrics(&self, glyph: u16) -> [u16; 2] {
        let glyph = usize::from(glyph);
        let last = self.measured.saturating_sub(1);
        if glyph <= last {
            return [
                word(self.metrics, 4 * glyph),
                word(self.metrics, 4 * glyph + 2),
            ];
        }
        let bearing = 4 * self.measured + 2 * (glyph - self.measured);
        [word(self.metrics, 4 * last), word(self.metrics, bearing)]
    }
}

/// Two bytes of a table.
pub(super) fn word(table: &[u8], at: usize) -> u16 {
    table
        .get(at..at + 2)
        .map_or(0, |bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
}

fn long(table: &[u8], at: usize) -> u32 {
    u32::from(word(table, at)) << 16 | u32::from(word(table, at + 2))
}

fn table(bytes: &'static [u8], tag: &[u8; 4]) -> &'static [u8] {
    let entry = (0..usize::from(word(bytes, 4)))
        .map(|index| 12 + 16 * index)
        .find(|&at| bytes.get(at..at + 4) == Some(tag));
    let part = entry.and_then(|at| {
        let from = long(bytes, at + 8) as usize;
        bytes.get(from..from + long(bytes, at + 12) as usize)
    });
    part.unwrap_or(&[])
}

/// The part of `cmap` that knows most characters: format 12, or format 4.
fn segments(cmap: &'static [u8]) -> &'static [u8] {
    let parts: Vec<_> = (0..usize::from(word(cmap, 2)))
        .filter_map(|index| cmap.get(long(cmap, 4 + 8 * index + 4) as usize..))
        .collect();
    let of_format = |format| parts.iter().find(|part| word(part, 0) == format);
    of_format(12).or(of_format(4)).copied().unwrap_or(&[])
}

/// The glyph of a character in a `cmap` of format 4.
fn segment_glyph(part: &[u8], code: u16) -> Option<u16> {
    let double = usize::from(word(part, 6));
    let index = (0..double / 2).find(|index| word(part, 14 + 2 * index) >= code)?;
    let field = |row: usize| 16 + row * double + 2 * index;
    let (first, delta, range) = (
        word(part, field(1)),
        word(part, field(2)),
        word(part, field(3)),
    );
    if code < first {
        return None;
    }
    let glyph = match range {
        0 => code.wrapping_add(delta),
        _ => {
            let at = field(3) + usize::from(range) + 2 * usize::from(code - first);
            match word(part, at) {
                0 => 0,
                glyph => glyph.wrapping_add(delta),
            }
        }
    };
    (glyph != 0).then_some(glyph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_the_figures_has_a_glyph_with_an_outline() {
        for character in "AZaz09αφσκ−·∇‖…×Äé⁰⁹⁻*".chars() {
            let found = Source::shipped()
                .into_iter()
                .find_map(|font| Some((font, font.glyph_of(character)?)));
            let (font, glyph) = found.expect("one of the fonts has it");
            assert!(font.outline(glyph).len() > 10, "{character}");
            assert!((100..1500).contains(&font.metrics(glyph)[0]), "{character}");
        }
    }

    #[test]
    fn the_fonts_have_long_offsets_and_the_same_units() {
        for font in Source::shipped() {
            assert_eq!(word(font.table(b"head"), 50), 1);
            assert_eq!(word(font.table(b"head"), 18), 1000);
        }
    }
}
