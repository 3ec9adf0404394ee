//! The numbers that an accuracy matrix is judged by, and how they lie over several seeds.

use crate::engine::continual::Results;

/// A number that says how well tasks are learnt and kept. R[k][j] is the accuracy on task j after
/// task k, T the number of finished tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// ACC.
    MeanAccuracy,
    /// BWT.
    BackwardTransfer,
    /// Against the best.
    Forgetting,
    /// Against the first.
    ForgettingOfFirst,
    /// Against joint training.
    Intransigence,
}

impl Score {
    /// Every one, in the order of the columns.
    pub const ALL: [Self; 5] = [
        Self::MeanAccuracy,
        Self::BackwardTransfer,
        Self::Forgetting,
        Self::ForgettingOfFirst,
        Self::Intransigence,
    ];

    /// The heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::MeanAccuracy => "ACC",
            Self::BackwardTransfer => "BWT",
            Self::Forgetting => "forgetting (maximum)",
            Self::ForgettingOfFirst => "forgetting (first)",
            Self::Intransigence => "intransigence",
        }
    }

    /// The name of a column of numbers for other programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::MeanAccuracy => "acc",
            Self::BackwardTransfer => "bwt",
            Self::Forgetting => "forgetting_maximum",
            Self::ForgettingOfFirst => "forgetting_first",
            Self::Intransigence => "intransigence",
        }
    }

    /// Its definition, with the source.
    pub fn definition(self) -> &'static str {
        match self {
            Self::MeanAccuracy => {
                "ACC = 1/T Σⱼ R[T][j]: the mean accuracy on all tasks so far after the last \
                 (Lopez-Paz & Ranzato 2017, eq. 2). More is better."
            }
            Self::BackwardTransfer => {
                "BWT = 1/(T−1) Σⱼ (R[T][j] − R[j][j]) over the tasks before the last: what later \
                 tasks did to earlier ones (Lopez-Paz & Ranzato 2017, eq. 3). Negative is \
                 forgetting; more is better."
            }
            Self::Forgetting => {
                "1/(T−1) Σⱼ (maxₖ R[k][j] − R[T][j]), k from j to T−1: against the best that a \
                 task ever was since it was learnt (Chaudhry et al. 2018, eqs. 2, 3). Less is \
                 better."
            }
            Self::ForgettingOfFirst => {
                "1/(T−1) Σⱼ (R[j][j] − R[T][j]): against what the task was just after it was \
                 learnt, as Avalanche has it; −BWT. Less is better."
            }
            Self::Intransigence => {
                "1/T Σⱼ (R*[j][j] − R[j][j]): by how much tasks are learnt worse than joint \
                 training with the same head and rule learns them (Chaudhry et al. 2018, eq. 4). \
                 It needs a run with joint training. Less is better."
            }
        }
    }

    /// What it is of one record; none where it says nothing yet.
    pub fn of(self, results: &Results) -> Option<f64> {
        match self {
            Self::MeanAccuracy => results.matrix.mean_accuracy(),
            Self::BackwardTransfer => results.matrix.backward_transfer(),
            Self::Forgetting => results.matrix.forgetting(),
            Self::ForgettingOfFirst => results.matrix.forgetting_of_first(),
            Self::Intransigence => results.intransigence,
        }
    }

    /// The same number, turned so that more is better.
    pub(super) fn goodness(self, value: f64) -> f64 {
        match self {
            Self::MeanAccuracy | Self::BackwardTransfer => value,
            Self::Forgetting | Self::ForgettingOfFirst | Self::Intransigence => -value,
        }
    }
}

/// Shares over several seeds: their mean and, of several, their standard deviation (with n − 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub deviation: Option<f64>,
}

impl Spread {
    /// Of these; none where there are none.
    pub fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        let deviation = (values.len() > 1).then(|| (squares.sum::<f64>() / (count - 1.0)).sqrt());
        (!values.is_empty()).then_some(Self { mean, deviation })
    }

    /// In % with one decimal: `80.0 ± 10.0`.
    pub fn in_percent(&self) -> String {
        let percent = |share: f64| format!("{:.1}", 100.0 * share).replace('-', "−");
        match self.deviation {
            Some(deviation) => format!("{} ± {}", percent(self.mean), percent(deviation)),
            None => percent(self.mean),
        }
    }
}

/// How a run stands among those with the same head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// None does better.
    Best,
    /// Its difference to the best, seed by seed, is no larger than that difference's standard
    /// deviation: these seeds do not tell the two apart.
    WithinSpread,
    /// Behind the best.
    Behind,
    /// Joint training, which the others are held against.
    Reference,
    /// There is nothing to say, or nobody to be held against.
    Alone,
}

impl Standing {
    /// What stands beside the number.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::WithinSpread => "≈ best",
            Self::Reference => "bound",
            Self::Behind | Self::Alone => "",
        }
    }
}

/// How every one of these stands by one score, where they are numbers of the same seeds in the
/// same order.
pub(super) fn standings(score: Score, seeds: &[Vec<Option<f64>>]) -> Vec<Standing> {
    let means: Vec<Option<f64>> = seeds.iter().map(|values| mean(values)).collect();
    let goodness = |index: usize| means[index].map(|mean| score.goodness(mean));
    let best = (0..seeds.len())
        .filter(|&index| goodness(index).is_some())
        .max_by(|&a, &b| {
            let worst = f64::NEG_INFINITY;
            let of = |index| goodness(index).unwrap_or(worst);
            // The first of equals.
            of(a).total_cmp(&of(b)).then(b.cmp(&a))
        });
    let Some(best) = best else {
        return vec![Standing::Alone; seeds.len()];
    };
    let others = means.iter().flatten().count();
    (0..seeds.len())
        .map(|index| match means[index] {
            None => Standing::Alone,
            Some(_) if others < 2 => Standing::Alone,
            Some(_) if index == best => Standing::Best,
            Some(_) if is_within(&seeds[index], &seeds[best]) => Standing::WithinSpread,
            Some(_) => Standing::Behind,
        })
        .collect()
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let values: Option<Vec<f64>> = values.iter().copied().collect();
    Spread::of(&values?).map(|spread| spread.mean)
}

/// Whether the differences of two runs, seed by seed, are within their own spread.
fn is_within(own: &[Option<f64>], best: &[Option<f64>]) -> bool {
    let pairs = own.iter().zip(best);
    let differences: Option<Vec<f64>> = pairs.map(|(own, best)| Some((*best)? - (*own)?)).collect();
    let spread = differences.and_then(|differences| Spread::of(&differences));
    spread.is_some_and(|spread| {
        spread
            .deviation
            .is_some_and(|deviation| spread.mean.abs() <= deviation)
    })
}
