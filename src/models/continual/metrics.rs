//! What an accuracy matrix says about learning and forgetting.

/// R[k][j]: the accuracy on the test data of task j after task k; both from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccuracyMatrix {
    /// One row a task that was finished, one number a task.
    pub rows: Vec<Vec<f64>>,
}

impl AccuracyMatrix {
    /// The mean accuracy on all tasks so far after the last: 1/T Σⱼ R[T][j] (Lopez-Paz & Ranzato
    /// 2017, NeurIPS, arXiv:1706.08840, eq. 2). None before the first task has ended.
    pub fn mean_accuracy(&self) -> Option<f64> {
        let last = self.rows.last()?;
        mean(last[..self.rows.len()].iter().copied())
    }

    /// Backward transfer: 1/(T−1) Σⱼ R[T][j] − R[j][j] over the tasks before the last (the same,
    /// eq. 3); negative is forgetting.
    pub fn backward_transfer(&self) -> Option<f64> {
        let last = self.rows.last()?;
        mean((0..self.rows.len() - 1).map(|task| last[task] - self.rows[task][task]))
    }

    /// Forgetting against the best: 1/(T−1) Σⱼ maxₖ R[k][j] − R[T][j], k from j to T − 1 (Chaudhry
    /// et al. 2018, ECCV, arXiv:1801.10112, eqs. 2, 3, with the maximum over the tasks from j on).
    pub fn forgetting(&self) -> Option<f64> {
        mean(self.forgotten(|task, end| {
            let column = self.rows[task..end].iter().map(|row| row[task]);
            column.fold(f64::NEG_INFINITY, f64::max)
        }))
    }

    /// Forgetting against the first: 1/(T−1) Σⱼ R[j][j] − R[T][j] (as Avalanche has it): −BWT.
    pub fn forgetting_of_first(&self) -> Option<f64> {
        mean(self.forgotten(|task, _| self.rows[task][task]))
    }

    /// What every task before the last has lost, against what `before` says of it.
    fn forgotten(&self, before: impl Fn(usize, usize) -> f64) -> impl Iterator<Item = f64> {
        let end = self.rows.len().saturating_sub(1);
        (0..end).map(move |task| before(task, end) - self.rows[end][task])
    }

    /// Intransigence: 1/T Σⱼ R*[j][j] − R[j][j], by how much a task is learnt worse than a
    /// reference, here joint training, learns it (Chaudhry et al. 2018, eq. 4).
    pub fn intransigence(&self, reference: &Self) -> Option<f64> {
        let own = (0..self.rows.len()).map(|task| self.rows[task][task]);
        let theirs = (0..reference.rows.len()).map(|task| reference.rows[task][task]);
        mean(theirs.zip(own).map(|(theirs, own)| theirs - own))
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::AccuracyMatrix;

    fn close(found: Option<f64>, expected: f64) {
        assert!(
            (found.unwrap() - expected).abs() < 1e-12,
            "{found:?} {expected}"
        );
    }

    #[test]
    fn the_metrics_of_a_matrix_worked_by_hand() {
        let matrix = AccuracyMatrix {
            rows: vec![
                vec![0.9, 0.1, 0.2],
                vec![0.95, 0.8, 0.3],
                vec![0.5, 0.6, 0.7],
            ],
        };
        close(matrix.mean_accuracy(), 0.6);
        close(matrix.backward_transfer(), (-0.4 - 0.2) / 2.0);
        close(matrix.forgetting(), (0.45 + 0.2) / 2.0);
        close(matrix.forgetting_of_first(), (0.4 + 0.2) / 2.0);
        let joint = AccuracyMatrix {
            rows: vec![vec![0.9, 0.0, 0.0], vec![0.9, 0.9, 0.0], vec![0.9; 3]],
        };
        close(matrix.intransigence(&joint), (0.0 + 0.1 + 0.2) / 3.0);
    }

    #[test]
    fn one_task_forgets_nothing_and_none_says_nothing() {
        let one = AccuracyMatrix {
            rows: vec![vec![0.9, 0.1]],
        };
        close(one.mean_accuracy(), 0.9);
        assert_eq!((one.backward_transfer(), one.forgetting()), (None, None));
        assert_eq!(AccuracyMatrix::default().mean_accuracy(), None);
    }
}
