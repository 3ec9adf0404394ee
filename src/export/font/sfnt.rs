//! Writing a TrueType font of chosen glyphs.

use super::source::{Source, word};
use std::collections::BTreeSet;

// Flags of a composite glyph's parts (OpenType 1.9, `glyf`).
const WORDS: u16 = 0x0001;
const SCALE: u16 = 0x0008;
const MORE: u16 = 0x0020;
const TWO_SCALES: u16 = 0x0040;
const MATRIX: u16 = 0x0080;
const INSTRUCTIONS: u16 = 0x0100;

/// A glyph of one of the fonts.
type Origin = (usize, u16);

/// The glyphs of the new font; a glyph's number is its place.
struct Glyphs<'a> {
    fonts: &'a [&'a Source],
    origins: Vec<Origin>,
}

/// A font with the glyphs of these characters, each from the first of `fonts` that has it.
pub(super) fn subset(fonts: &[&Source], characters: &BTreeSet<char>) -> Vec<u8> {
    // Glyph 0 stands for what is not there.
    let mut glyphs = Glyphs {
        fonts,
        origins: vec![(0, 0)],
    };
    let mut numbers: Vec<(u32, u16)> = Vec::new();
    for &character in characters {
        let found = fonts
            .iter()
            .enumerate()
            .find_map(|(font, source)| Some((font, source.glyph_of(character)?)));
        if let Some(origin) = found {
            numbers.push((character.into(), glyphs.number(origin)));
        }
    }
    assemble(glyphs, &numbers)
}

fn assemble(mut glyphs: Glyphs<'_>, numbers: &[(u32, u16)]) -> Vec<u8> {
    let first = glyphs.fonts[0];
    let (mut outlines, mut places) = (Vec::new(), Vec::new());
    let mut next = 0;
    // Parts of composite glyphs join the list while it is walked.
    while let Some(&origin) = glyphs.origins.get(next) {
        places.extend((outlines.len() as u32).to_be_bytes());
        outlines.extend(glyphs.outline(origin));
        outlines.resize(outlines.len().next_multiple_of(4), 0);
        next += 1;
    }
    places.extend((outlines.len() as u32).to_be_bytes());
    let count = glyphs.origins.len() as u16;
    let metrics: Vec<u8> = glyphs
        .origins
        .iter()
        .flat_map(|&(font, glyph)| glyphs.fonts[font].metrics(glyph))
        .flat_map(u16::to_be_bytes)
        .collect();
    let mut head = first.table(b"head").to_vec();
    // The checksum of the whole counts as 0 while it is not known; readers don't ask for it.
    patch(&mut head, 8, &[0; 4]);
    patch(&mut head, 50, &1_u16.to_be_bytes());
    let mut hhea = first.table(b"hhea").to_vec();
    patch(&mut hhea, 34, &count.to_be_bytes());
    let mut maxp = first.table(b"maxp").to_vec();
    patch(&mut maxp, 4, &count.to_be_bytes());
    // Version 3: glyphs have no names.
    let mut post = first.table(b"post").get(..32).unwrap_or(&[]).to_vec();
    patch(&mut post, 0, &[0, 3, 0, 0]);
    file(&[
        (b"OS/2", first.table(b"OS/2").to_vec()),
        (b"cmap", character_map(numbers)),
        (b"glyf", outlines),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", metrics),
        (b"loca", places),
        (b"maxp", maxp),
        (b"name", first.table(b"name").to_vec()),
        (b"post", post),
    ])
}

impl Glyphs<'_> {
    /// The number of a glyph, which joins the font if it is not in it yet.
    fn number(&mut self, origin: Origin) -> u16 {
        let known = self.origins.iter().position(|known| *known == origin);
        let number = known.unwrap_or_else(|| {
            self.origins.push(origin);
            self.origins.len() - 1
        });
        number as u16
    }

    /// An outline without hinting instructions, which refer to tables that are left out.
    fn outline(&mut self, (font, glyph): Origin) -> Vec<u8> {
        let outline = self.fonts[font].outline(glyph);
        // Negative for a composite glyph.
        match word(outline, 0).cast_signed() {
            contours @ 0.. => simple(outline, contours.cast_unsigned().into()),
            _ => self.composite(outline, font),
        }
    }

    fn composite(&mut self, outline: &[u8], font: usize) -> Vec<u8> {
        let mut kept = outline.to_vec();
        let mut at = 10;
        while at + 4 <= outline.len() {
            let flags = word(outline, at);
            let number = self.number((font, word(outline, at + 2)));
            patch(&mut kept, at, &(flags & !INSTRUCTIONS).to_be_bytes());
            patch(&mut kept, at + 2, &number.to_be_bytes());
            at += 4 + if flags & WORDS == 0 { 2 } else { 4 };
            at += match flags {
                _ if flags & SCALE != 0 => 2,
                _ if flags & TWO_SCALES != 0 => 4,
                _ if flags & MATRIX != 0 => 8,
                _ => 0,
            };
            if flags & MORE == 0 {
                break;
            }
        }
        kept.truncate(at);
        kept
    }
}

/// A glyph of contours: its header and contour ends, no instructions, then its points.
fn simple(outline: &[u8], contours: usize) -> Vec<u8> {
    let at = 10 + 2 * contours;
    let points = at + 2 + usize::from(word(outline, at));
    match (outline.get(..at), outline.get(points..)) {
        (Some(head), Some(points)) => [head, &[0, 0], points].concat(),
        _ => Vec::new(),
    }
}

/// A `cmap` of format 12: one group a character.
fn character_map(numbers: &[(u32, u16)]) -> Vec<u8> {
    let mut table: Vec<u8> = Vec::new();
    // One part, for all of Unicode on Windows' terms, which every system reads.
    for value in [0_u16, 1, 3, 10] {
        table.extend(value.to_be_bytes());
    }
    table.extend(12_u32.to_be_bytes());
    table.extend([0, 12, 0, 0]);
    let count = numbers.len() as u32;
    for value in [16 + 12 * count, 0, count] {
        table.extend(value.to_be_bytes());
    }
    for &(code, glyph) in numbers {
        for value in [code, code, glyph.into()] {
            table.extend(value.to_be_bytes());
        }
    }
    table
}

/// The tables, which must be in the order of their tags, as one file.
fn file(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = tables.len() as u16;
    let power = count.ilog2() as u16;
    let range = 16 << power;
    let mut header = vec![0, 1, 0, 0];
    for value in [count, range, power, 16 * count - range] {
        header.extend(value.to_be_bytes());
    }
    let mut body: Vec<u8> = Vec::new();
    let start = 12 + 16 * tables.len();
    for (tag, table) in tables {
        header.extend(*tag);
        for value in [
            checksum(table),
            (start + body.len()) as u32,
            table.len() as u32,
        ] {
            header.extend(value.to_be_bytes());
        }
        body.extend(table);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    [header, body].concat()
}

fn checksum(table: &[u8]) -> u32 {
    table
        .chunks(4)
        .map(|chunk| {
            let byte = |index: usize| chunk.get(index).copied().unwrap_or(0);
            u32::from_be_bytes([0, 1, 2, 3].map(byte))
        })
        .fold(0, u32::wrapping_add)
}

/// Writes over a part of a table that is long enough.
fn patch(table: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(part) = table.get_mut(at..at + bytes.len()) {
        part.copy_from_slice(bytes);
    }
}
