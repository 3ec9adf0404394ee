//! Means of a field, for a surface with half as many cells.

use crate::figures::field::Field;

/// Grid points of a surface for as many of a field.
pub(super) fn coarser(points: usize) -> usize {
    (points / 2 + 1).max(2)
}

/// The mean of a quantity of the heights around every second grid point, with weights 1, 2, 1
/// along both axes.
pub(super) fn halved(field: &Field, quantity: impl Fn(f64) -> f64) -> Vec<f64> {
    let fine: Vec<f64> = field.heights.iter().map(|h| quantity(*h)).collect();
    let weighted = |line: usize, count: usize| {
        let middle = (2 * line).min(count - 1);
        let [before, after] = around(middle, count);
        [(before, 0.25), (middle, 0.5), (after, 0.25)]
    };
    let (columns, rows) = (coarser(field.columns), coarser(field.rows));
    let mut means = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        let rows = weighted(row, field.rows);
        for column in 0..columns {
            let columns = weighted(column, field.columns);
            let sum: f64 = rows
                .iter()
                .flat_map(|(row, a)| columns.iter().map(move |(column, b)| (row, column, a * b)))
                .map(|(row, column, weight)| weight * fine[row * field.columns + column])
                .sum();
            means.push(sum);
        }
    }
    means
}

/// The neighbours of a grid line among `count`; itself at the border.
pub(super) fn around(line: usize, count: usize) -> [usize; 2] {
    [line.saturating_sub(1), (line + 1).min(count - 1)]
}
