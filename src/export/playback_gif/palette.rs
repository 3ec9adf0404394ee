//! The 255 colours of an animation.

use std::collections::HashMap;

/// Red, green, blue.
type Rgb = [u8; 3];

/// How many colours there are; the last number of a byte stands for "as before".
const COLOURS: usize = 255;
/// The number that stands for a pixel which stays as it was.
pub(super) const UNCHANGED: u8 = 255;

/// A palette, and which of its colours is nearest to any.
pub(super) struct Palette {
    colours: Vec<Rgb>,
    known: HashMap<Rgb, u8>,
}

impl Palette {
    /// The palette that serves these pictures best: figures are mostly flat, so the commonest
    /// colours are taken as they are; after them each time the colour that is missed most, by
    /// how far it lies from all chosen ones and how often it comes.
    pub fn of(pictures: &[&[u8]]) -> Self {
        /// So many are taken for their frequency alone.
        const FLAT: usize = 96;
        /// Of at most so many the others are chosen.
        const CANDIDATES: usize = 6000;
        let mut counts: HashMap<Rgb, u64> = HashMap::new();
        for pixel in pictures.iter().flat_map(|picture| picture.chunks_exact(4)) {
            *counts.entry([pixel[0], pixel[1], pixel[2]]).or_default() += 1;
        }
        // In an order of its own: that of the map differs from run to run.
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|&(colour, count)| (std::cmp::Reverse(count), colour));
        let flat = counts.len().min(FLAT);
        let mut colours: Vec<Rgb> = counts[..flat].iter().map(|(colour, _)| *colour).collect();
        // Evenly from all that are left, so that no hue is passed over where counts are equal.
        let every = counts.len().div_ceil(CANDIDATES).max(1);
        let mut missed: Vec<(Rgb, f64, u32)> = counts[flat..]
            .iter()
            .step_by(every)
            .map(|&(colour, count)| (colour, (count as f64).sqrt(), nearest(&colours, colour).1))
            .collect();
        while colours.len() < COLOURS {
            let worst = missed
                .iter()
                .max_by(|a, b| (a.1 * f64::from(a.2)).total_cmp(&(b.1 * f64::from(b.2))));
            let Some(&(colour, _, distance)) = worst else {
                break;
            };
            if distance == 0 {
                break;
            }
            colours.push(colour);
            for (other, _, distance) in &mut missed {
                *distance = (*distance).min(squared_distance(*other, colour));
            }
        }
        Self {
            known: HashMap::new(),
            colours,
        }
    }

    /// The colours one after another, as the file holds them.
    pub fn bytes(&self) -> Vec<u8> {
        self.colours.concat()
    }

    /// The number of the nearest colour.
    pub fn number(&mut self, colour: Rgb) -> u8 {
        let colours = &self.colours;
        let found = self.known.entry(colour);
        *found.or_insert_with(|| nearest(colours, colour).0)
    }
}

/// The number and the squared distance of the nearest colour.
fn nearest(colours: &[Rgb], colour: Rgb) -> (u8, u32) {
    let distances = colours.iter().map(|&other| squared_distance(other, colour));
    let nearest = distances.enumerate().min_by_key(|(_, distance)| *distance);
    nearest.map_or((0, u32::MAX), |(index, distance)| (index as u8, distance))
}

fn squared_distance(a: Rgb, b: Rgb) -> u32 {
    let squared = |axis: usize| u32::from(a[axis].abs_diff(b[axis])).pow(2);
    squared(0) + squared(1) + squared(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_kept_exactly() {
        let picture: Vec<u8> = (0..200_u8).flat_map(|k| [k, 255 - k, k / 2, 255]).collect();
        let mut palette = Palette::of(&[&picture]);
        let bytes = palette.bytes();
        for pixel in picture.chunks_exact(4) {
            let at = 3 * usize::from(palette.number([pixel[0], pixel[1], pixel[2]]));
            assert_eq!(bytes[at..at + 3], pixel[..3]);
        }
    }

    #[test]
    fn many_colours_are_near_one_of_the_palette() {
        let picture: Vec<u8> = (0..=255_u8)
            .flat_map(|x| (0..=255_u8).step_by(3).flat_map(move |y| [x, y, 128, 255]))
            .collect();
        let mut palette = Palette::of(&[&picture]);
        let bytes = palette.bytes();
        assert_eq!(bytes.len(), 3 * COLOURS);
        let mut total = 0;
        for pixel in picture.chunks_exact(4) {
            let colour = [pixel[0], pixel[1], pixel[2]];
            let at = 3 * usize::from(palette.number(colour));
            let found = [bytes[at], bytes[at + 1], bytes[at + 2]];
            total += squared_distance(found, colour) as usize;
            assert!(
                squared_distance(found, colour) < 4000,
                "{colour:?} {found:?}"
            );
        }
        // 256 colours over this plane lie some 16 apart.
        let mean = total / (picture.len() / 4);
        assert!(mean < 400, "{mean}");
    }

    #[test]
    fn nothing_to_show_is_no_fault() {
        assert_eq!(Palette::of(&[]).number([1, 2, 3]), 0);
    }
}
