//! Sobol's sequence: points that fill a box evenly, however many of them are taken.

use super::Noise;

/// The most axes.
pub const MAX_DIMENSIONS: usize = 10;

/// Primitive polynomials and first direction numbers of dimensions 2 to 10: degree, inner
/// coefficients, mᵢ (S. Joe & F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008) 2635–2654, table
/// new-joe-kuo-6).
const DIRECTIONS: [(usize, u32, [u32; 5]); MAX_DIMENSIONS - 1] = [
    (1, 0, [1, 0, 0, 0, 0]),
    (2, 1, [1, 3, 0, 0, 0]),
    (3, 1, [1, 3, 1, 0, 0]),
    (3, 2, [1, 1, 1, 0, 0]),
    (4, 1, [1, 1, 3, 3, 0]),
    (4, 4, [1, 3, 5, 13, 0]),
    (5, 2, [1, 1, 5, 5, 17]),
    (5, 4, [1, 1, 5, 5, 5]),
    (5, 7, [1, 1, 7, 11, 19]),
];

/// The sequence in some dimensions, shifted at random by its seed.
#[derive(Clone, Debug)]
pub struct Sobol {
    /// 32 direction numbers a dimension.
    directions: Vec<[u32; 32]>,
    /// What every coordinate is XORed with.
    shifts: Vec<u32>,
}

impl Sobol {
    /// The sequence in `dimensions` dimensions, at most [`MAX_DIMENSIONS`].
    pub fn new(dimensions: usize, seed: u64) -> Self {
        let dimensions = dimensions.min(MAX_DIMENSIONS);
        let noise = Noise::new(seed);
        Self {
            directions: (0..dimensions).map(directions).collect(),
            shifts: (0..dimensions)
                .map(|index| (noise.uniform(0, index as u64) * 4_294_967_296.0) as u32)
                .collect(),
        }
    }

    /// Point `index`, each coordinate in [0, 1); the first 2ᵏ points fill the box evenly for
    /// every k.
    pub fn point(&self, index: u32) -> impl Iterator<Item = f64> + '_ {
        let gray = index ^ (index >> 1);
        self.directions
            .iter()
            .zip(&self.shifts)
            .map(move |(directions, shift)| {
                let bits = (0..32).filter(|bit| gray >> bit & 1 == 1);
                let sum = bits.fold(*shift, |sum, bit| sum ^ directions[bit]);
                f64::from(sum) / 4_294_967_296.0
            })
    }
}

fn directions(dimension: usize) -> [u32; 32] {
    let Some(&(degree, coefficients, first)) = dimension
        .checked_sub(1)
        .and_then(|index| DIRECTIONS.get(index))
    else {
        return std::array::from_fn(|bit| 1 << (31 - bit));
    };
    let mut v = [0_u32; 32];
    for bit in 0..32 {
        if bit < degree {
            v[bit] = first[bit] << (31 - bit);
            continue;
        }
        v[bit] = v[bit - degree] ^ (v[bit - degree] >> degree);
        for k in 1..degree {
            if coefficients >> (degree - 1 - k) & 1 == 1 {
                v[bit] ^= v[bit - k];
            }
        }
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In every dimension each of 2ᵏ equal parts holds one of the first 2ᵏ points, and in every
    /// pair of the first dimensions, each of 4 × 4 boxes holds one of the first 16.
    #[test]
    fn points_fill_every_interval_once() {
        for seed in [0, 1, 77] {
            let sobol = Sobol::new(MAX_DIMENSIONS, seed);
            let points: Vec<Vec<f64>> =
                (0..256).map(|index| sobol.point(index).collect()).collect();
            for dimension in 0..MAX_DIMENSIONS {
                let mut filled = vec![false; 256];
                for point in &points {
                    filled[(point[dimension] * 256.0) as usize] = true;
                }
                assert!(filled.iter().all(|filled| *filled), "dimension {dimension}");
            }
            let mut boxes = [0; 16];
            for point in &points[..16] {
                boxes[(point[0] * 4.0) as usize * 4 + (point[1] * 4.0) as usize] += 1;
            }
            assert_eq!(boxes, [1; 16]);
        }
    }

    #[test]
    fn seeds_give_other_points_and_the_same_seed_the_same() {
        let first = |seed| Sobol::new(2, seed).point(3).collect::<Vec<_>>();
        assert_eq!(first(5), first(5));
        assert_ne!(first(5), first(6));
    }
}
