//! Eigenvalues of symmetric matrices.

/// More sweeps than any matrix of numbers needs.
const MOST_SWEEPS: usize = 64;

/// Eigenvalues, the largest first, and their directions of length 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigen {
    /// The eigenvalues, falling.
    pub values: Vec<f64>,
    /// The direction of each.
    pub vectors: Vec<Vec<f64>>,
}

impl Eigen {
    /// Those of a symmetric n×n matrix, given row after row (only its upper half is read), by
    /// Jacobi's rotations: slow for large matrices, and exact to rounding for small ones.
    pub fn of_symmetric(rows: &[f64], size: usize) -> Self {
        let mut rotation = Rotations::new(rows, size);
        for _ in 0..MOST_SWEEPS {
            if rotation.is_diagonal() {
                break;
            }
            rotation.sweep();
        }
        rotation.sorted()
    }
}

/// The matrix on its way to a diagonal, and what was turned so far.
struct Rotations {
    size: usize,
    matrix: Vec<f64>,
    /// Columns are the directions.
    turned: Vec<f64>,
    /// The size of the matrix, against which entries are small.
    scale: f64,
}

impl Rotations {
    fn new(rows: &[f64], size: usize) -> Self {
        let entry = |index: usize| {
            let (row, column) = (index / size, index % size);
            rows[row.min(column) * size + row.max(column)]
        };
        let matrix: Vec<f64> = (0..size * size).map(entry).collect();
        let unit = |index: usize| f64::from(u8::from(index / size == index % size));
        Self {
            size,
            scale: matrix.iter().fold(0.0, |most: f64, x| most.max(x.abs())),
            matrix,
            turned: (0..size * size).map(unit).collect(),
        }
    }

    fn is_diagonal(&self) -> bool {
        let small = f64::EPSILON * f64::EPSILON * self.scale;
        (0..self.size * self.size)
            .filter(|index| index / self.size != index % self.size)
            .all(|index| self.matrix[index].abs() <= small)
    }

    fn sweep(&mut self) {
        for row in 0..self.size {
            for column in row + 1..self.size {
                self.clear(row, column);
            }
        }
    }

    /// Turns the plane of two axes so that their mixed entry vanishes.
    fn clear(&mut self, p: usize, q: usize) {
        let n = self.size;
        let mixed = self.matrix[p * n + q];
        if mixed == 0.0 {
            return;
        }
        let half = (self.matrix[q * n + q] - self.matrix[p * n + p]) / (2.0 * mixed);
        let sign = if half < 0.0 { -1.0 } else { 1.0 };
        let tangent = sign / (half.abs() + half.hypot(1.0));
        let cosine = 1.0 / tangent.hypot(1.0);
        let sine = tangent * cosine;
        for k in 0..n {
            turn(&mut self.matrix, (k * n + p, k * n + q), (cosine, sine));
        }
        for k in 0..n {
            turn(&mut self.matrix, (p * n + k, q * n + k), (cosine, sine));
            turn(&mut self.turned, (k * n + p, k * n + q), (cosine, sine));
        }
        self.matrix[p * n + q] = 0.0;
        self.matrix[q * n + p] = 0.0;
    }

    fn sorted(self) -> Eigen {
        let n = self.size;
        let value = |index: &usize| self.matrix[index * n + index];
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| value(b).total_cmp(&value(a)));
        let vector = |&index: &usize| (0..n).map(|k| self.turned[k * n + index]).collect();
        Eigen {
            values: order.iter().map(value).collect(),
            vectors: order.iter().map(vector).collect(),
        }
    }
}

fn turn(entries: &mut [f64], (p, q): (usize, usize), (cosine, sine): (f64, f64)) {
    let (a, b) = (entries[p], entries[q]);
    entries[p] = cosine * a - sine * b;
    entries[q] = sine * a + cosine * b;
}

#[cfg(test)]
mod tests {
    use super::super::dot;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn directions_are_stretched_by_their_values(
            size in 1..6_usize,
            entries in proptest::collection::vec(-1e3..1e3_f64, 36),
        ) {
            let entry = |row: usize, column: usize| entries[row.min(column) * 6 + row.max(column)];
            let rows: Vec<f64> = (0..size * size).map(|i| entry(i / size, i % size)).collect();
            let eigen = Eigen::of_symmetric(&rows, size);
            prop_assert!(eigen.values.windows(2).all(|pair| pair[0] >= pair[1]));
            for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
                prop_assert!((dot(vector, vector) - 1.0).abs() < 1e-12);
                for (row, component) in rows.chunks(size).zip(vector) {
                    let difference = dot(row, vector) - value * component;
                    prop_assert!(difference.abs() < 1e-9, "{difference}");
                }
            }
        }
    }

    #[test]
    fn matrices_that_are_done_already_and_those_of_no_size() {
        let eigen = Eigen::of_symmetric(&[1.0, 0.0, 0.0, 5.0], 2);
        assert_eq!(eigen.values, [5.0, 1.0]);
        assert_eq!(eigen.vectors, [[0.0, 1.0], [1.0, 0.0]]);
        assert_eq!(Eigen::of_symmetric(&[0.0; 4], 2).values, [0.0, 0.0]);
        assert!(Eigen::of_symmetric(&[], 0).values.is_empty());
    }
}
