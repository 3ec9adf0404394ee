//! Trails as pixels, at any epoch.

use super::coverage::{near, over, reach, share};
use super::{Pixel, Size, Stroke};
use crate::figures::dashes;
use rayon::prelude::*;

/// A point of a trail: where, in pixels from the picture's top left corner, and the epoch at
/// which the run came there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knot {
    /// The epoch.
    pub epoch: u64,
    /// The place.
    pub at: [f32; 2],
}

impl dashes::Point for Knot {
    fn at(&self) -> [f32; 2] {
        self.at
    }

    fn towards(&self, next: &Self, share: f32) -> Self {
        Self {
            epoch: next.epoch,
            at: self.at.towards(&next.at, share),
        }
    }
}

/// How a trail is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pens {
    /// What is still ahead of the playhead.
    pub ahead: Stroke,
    /// The outline of what lies behind it.
    pub halo: Stroke,
    /// What lies behind it.
    pub line: Stroke,
}

impl Pens {
    /// By layer, the lowest first.
    fn layers(&self) -> [Stroke; 3] {
        [self.ahead, self.halo, self.line]
    }
}

const AHEAD: usize = 0;
const HALO: usize = 1;
const LINE: usize = 2;

/// A run's trail.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// How it is drawn.
    pub pens: Pens,
    /// Unbroken lines, in the order in which the run drew them.
    pub lines: Vec<Vec<Knot>>,
}

/// The trails' picture. Each trail lies over those before it; of each, what the playhead has
/// passed is drawn with an outline, and what it has not, faintly.
///
/// For every pixel that a trail ever covers it is kept at which epochs the share changes that is
/// covered, so that moving the playhead touches the pixels that change and no others, forwards
/// as well as backwards.
pub struct Sheet {
    size: Size,
    pixels: Vec<Pixel>,
    pens: Vec<[Stroke; 3]>,
    /// The cells of pixel k are `cells[first[k]..first[k + 1]]`.
    first: Vec<u32>,
    cells: Vec<Cell>,
    /// By epoch.
    changes: Vec<Change>,
    /// How many of the changes have been made.
    made: usize,
    /// Which pixels change, while the playhead is being moved.
    is_changing: Vec<bool>,
}

/// What a trail has of a pixel.
#[derive(Clone, Copy)]
struct Cell {
    trail: u32,
    /// The share of the pixel that each layer covers.
    shares: [u8; 3],
}

/// A share that is another one from an epoch on.
#[derive(Clone, Copy)]
struct Change {
    epoch: u64,
    cell: u32,
    pixel: u32,
    layer: u8,
    before: u8,
    after: u8,
}

/// Side of the squares in which changes are gathered, in pixels.
const TILE: usize = 64;

/// A part of the picture: columns and rows.
pub type Part = [std::ops::Range<usize>; 2];

impl Sheet {
    /// The picture before any epoch.
    pub fn new(size: Size, trails: &[Trail]) -> Self {
        let count = size[0] * size[1];
        // One map of cells a thread: filling it anew for each of hundreds of trails would cost
        // more than the trails.
        let traced: Vec<Traced> = trails
            .par_iter()
            .map_init(
                || vec![NOTHING; count],
                |cells, trail| trace(size, trail, cells),
            )
            .collect();
        let mut first = vec![0_u32; count + 1];
        for trail in &traced {
            for &pixel in &trail.pixels {
                first[pixel as usize + 1] += 1;
            }
        }
        for pixel in 0..count {
            first[pixel + 1] += first[pixel];
        }
        let mut next = first.clone();
        let nothing = Cell {
            trail: 0,
            shares: [0; 3],
        };
        let mut cells = vec![nothing; first[count] as usize];
        let mut changes = Vec::with_capacity(traced.iter().map(|one| one.changes.len()).sum());
        for (trail, one) in traced.into_iter().enumerate() {
            let places: Vec<u32> = one
                .pixels
                .iter()
                .zip(&one.ahead)
                .map(|(&pixel, &ahead)| {
                    let place = next[pixel as usize];
                    next[pixel as usize] += 1;
                    cells[place as usize] = Cell {
                        trail: trail as u32,
                        shares: [ahead, 0, 0],
                    };
                    place
                })
                .collect();
            changes.extend(one.changes.into_iter().map(|change| Change {
                cell: places[change.cell as usize],
                ..change
            }));
        }
        // Stable: what happens to a pixel within an epoch stays in its order.
        changes.par_sort_by_key(|change| change.epoch);
        let mut sheet = Self {
            size,
            pixels: vec![Pixel::default(); count],
            pens: trails.iter().map(|trail| trail.pens.layers()).collect(),
            first,
            cells,
            changes,
            made: 0,
            is_changing: vec![false; count],
        };
        (0..count).for_each(|pixel| sheet.mix(pixel));
        sheet
    }

    /// Columns and rows.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The pixels, row by row from the top.
    pub fn pixels(&self) -> &[Pixel] {
        &self.pixels
    }

    /// Moves the playhead; gives the parts of the picture that are others now.
    pub fn turn_to(&mut self, epoch: u64) -> Vec<Part> {
        let made = self.changes.partition_point(|change| change.epoch <= epoch);
        let (low, high) = (made.min(self.made), made.max(self.made));
        let forwards = made > self.made;
        self.made = made;
        let mut changed = Vec::new();
        let mut make = |change: &Change, share: u8| {
            self.cells[change.cell as usize].shares[usize::from(change.layer)] = share;
            if !std::mem::replace(&mut self.is_changing[change.pixel as usize], true) {
                changed.push(change.pixel);
            }
        };
        let between = &self.changes[low..high];
        match forwards {
            true => between.iter().for_each(|change| make(change, change.after)),
            false => {
                let back = between.iter().rev();
                back.for_each(|change| make(change, change.before));
            }
        }
        for &pixel in &changed {
            self.is_changing[pixel as usize] = false;
            self.mix(pixel as usize);
        }
        self.tiles(&changed)
    }

    /// Mixes a pixel anew from what every trail has of it.
    fn mix(&mut self, pixel: usize) {
        let cells = self.first[pixel] as usize..self.first[pixel + 1] as usize;
        let mut mixed = Pixel::default();
        for cell in &self.cells[cells] {
            let pens = &self.pens[cell.trail as usize];
            for (pen, &share) in pens.iter().zip(&cell.shares) {
                if share != 0 {
                    mixed = over(pen.colour, share, mixed);
                }
            }
        }
        self.pixels[pixel] = mixed;
    }

    /// The tiles that hold the given pixels.
    fn tiles(&self, pixels: &[u32]) -> Vec<Part> {
        let [columns, rows] = self.size;
        let across = columns.div_ceil(TILE).max(1);
        let mut is_touched = vec![false; across * rows.div_ceil(TILE)];
        for &pixel in pixels {
            let (column, row) = (pixel as usize % columns, pixel as usize / columns);
            is_touched[row / TILE * across + column / TILE] = true;
        }
        let touched = (0..is_touched.len()).filter(|&tile| is_touched[tile]);
        let part = |tile: usize| {
            let side = |place: usize, end: usize| place * TILE..((place + 1) * TILE).min(end);
            [side(tile % across, columns), side(tile / across, rows)]
        };
        touched.map(part).collect()
    }
}

/// What one trail covers, and when.
struct Traced {
    /// Every pixel that it ever covers.
    pixels: Vec<u32>,
    /// The share of each that the whole trail covers faintly.
    ahead: Vec<u8>,
    /// With cells counted within this trail.
    changes: Vec<Change>,
}

/// No cell of this trail.
const NOTHING: u32 = u32::MAX;

/// Follows one trail forwards for what it has passed, and backwards for what is ahead.
/// `cell_of` says `NOTHING` of every pixel, and does so again afterwards.
fn trace(size: Size, trail: &Trail, cell_of: &mut [u32]) -> Traced {
    let mut tracer = Tracer {
        size,
        pens: trail.pens.layers(),
        cell_of,
        pixels: Vec::new(),
        shares: Vec::new(),
        changes: Vec::new(),
    };
    let segments = trail.lines.iter().flat_map(|line| line.windows(2));
    for ends in segments.clone() {
        tracer.pass(ends);
    }
    let passed = std::mem::take(&mut tracer.changes);
    for ends in segments.rev() {
        tracer.foresee(ends);
    }
    for &pixel in &tracer.pixels {
        tracer.cell_of[pixel as usize] = NOTHING;
    }
    // Found from the end; as time goes on it is made from the start.
    let mut changes = tracer.changes;
    changes.reverse();
    changes.extend(passed);
    Traced {
        ahead: tracer.shares.iter().map(|shares| shares[AHEAD]).collect(),
        pixels: tracer.pixels,
        changes,
    }
}

struct Tracer<'a> {
    size: Size,
    pens: [Stroke; 3],
    cell_of: &'a mut [u32],
    pixels: Vec<u32>,
    shares: Vec<[u8; 3]>,
    changes: Vec<Change>,
}

impl Tracer<'_> {
    /// What lies behind the playhead once it has come to a segment's end.
    fn pass(&mut self, ends: &[Knot]) {
        for layer in [HALO, LINE] {
            self.cover(ends, layer, |epoch, before, after| (epoch, before, after));
        }
    }

    /// What lies ahead until the playhead has come to a segment's end.
    fn foresee(&mut self, ends: &[Knot]) {
        self.cover(ends, AHEAD, |epoch, less, more| (epoch, more, less));
    }

    fn cover(&mut self, ends: &[Knot], layer: usize, change: fn(u64, u8, u8) -> (u64, u8, u8)) {
        let pen = self.pens[layer];
        if pen.colour[3] == 0 || pen.width <= 0.0 {
            return;
        }
        let at = [ends[0].at, ends[1].at];
        near(self.size, at, reach(pen.width), |pixel, distance| {
            let share = share(pen.width, distance);
            if share == 0 {
                return;
            }
            if self.cell_of[pixel] == NOTHING {
                self.cell_of[pixel] = self.pixels.len() as u32;
                self.pixels.push(pixel as u32);
                self.shares.push([0; 3]);
            }
            let cell = self.cell_of[pixel];
            let here = &mut self.shares[cell as usize][layer];
            if *here < share {
                let (epoch, before, after) = change(ends[1].epoch, *here, share);
                self.changes.push(Change {
                    epoch,
                    cell,
                    pixel: pixel as u32,
                    layer: layer as u8,
                    before,
                    after,
                });
                *here = share;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pens(hue: u8) -> Pens {
        let stroke = |width, colour| Stroke { width, colour };
        Pens {
            ahead: stroke(1.0, [hue / 3, 20, 0, 90]),
            halo: stroke(3.5, [10, 10, 10, 180]),
            line: stroke(1.8, [hue, 60, 0, 255]),
        }
    }

    fn trail(hue: u8, places: &[[f32; 2]]) -> Trail {
        let knots = places.iter().enumerate();
        let line = knots.map(|(epoch, &at)| Knot {
            epoch: epoch as u64,
            at,
        });
        Trail {
            pens: pens(hue),
            lines: vec![line.collect()],
        }
    }

    #[test]
    fn the_playhead_turns_what_is_ahead_into_what_is_passed() {
        let mut sheet = Sheet::new(
            [30, 9],
            &[trail(200, &[[2.0, 4.5], [15.0, 4.5], [28.0, 4.5]])],
        );
        let at = |sheet: &Sheet, column: usize| sheet.pixels()[4 * 30 + column];
        let faint = [200 / 3, 20, 0, 90];
        assert_eq!((at(&sheet, 8), at(&sheet, 22)), (faint, faint));
        sheet.turn_to(1);
        assert_eq!((at(&sheet, 8), at(&sheet, 22)), ([200, 60, 0, 255], faint));
        sheet.turn_to(0);
        assert_eq!((at(&sheet, 8), at(&sheet, 22)), (faint, faint));
    }

    #[test]
    fn only_the_tiles_that_change_are_given() {
        let places = [[5.0, 5.0], [20.0, 5.0], [20.0, 90.0], [190.0, 90.0]];
        let mut sheet = Sheet::new([200, 100], &[trail(90, &places)]);
        assert!(sheet.turn_to(0).is_empty());
        assert_eq!(sheet.turn_to(1), [[0..64, 0..64]]);
        assert_eq!(sheet.turn_to(2), [[0..64, 0..64], [0..64, 64..100]]);
        assert!(sheet.turn_to(2).is_empty());
        assert_eq!(sheet.turn_to(u64::MAX).len(), 3);
    }

    proptest! {
        /// The picture depends on the playhead alone, not on how it came there, and what is not
        /// named as changed has not changed.
        #[test]
        fn every_way_to_an_epoch_gives_the_same_picture(
            first in prop::collection::vec(prop::array::uniform2(-5.0_f32..75.0), 2..20),
            second in prop::collection::vec(prop::array::uniform2(-5.0_f32..75.0), 2..20),
            stops in prop::collection::vec(0_u64..22, 1..8),
        ) {
            let trails = [trail(200, &first), trail(90, &second)];
            let mut wandering = Sheet::new([70, 66], &trails);
            for stop in stops {
                let before = wandering.pixels().to_vec();
                let parts = wandering.turn_to(stop);
                let mut straight = Sheet::new([70, 66], &trails);
                straight.turn_to(stop);
                prop_assert!(wandering.pixels() == straight.pixels());
                for (k, pair) in before.iter().zip(wandering.pixels()).enumerate() {
                    let is_named = parts.iter().any(|[columns, rows]| {
                        columns.contains(&(k % 70)) && rows.contains(&(k / 70))
                    });
                    prop_assert!(is_named || pair.0 == pair.1);
                }
            }
        }
    }
}
