//! The numbers that an accuracy matrix is judged by, and how they lie over several seeds.

use crate::engine::continual::Results;
use crate::engine::over_seeds::{self, Spread};

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

    /// What it is of one record; none where it says nothing yet, or the run has diverged.
    pub fn of(self, results: &Results) -> Option<f64> {
        match self {
            Self::MeanAccuracy => results.mean_accuracy(),
            Self::BackwardTransfer => results.backward_transfer(),
            Self::Forgetting => results.forgetting(),
            Self::ForgettingOfFirst => results.forgetting_of_first(),
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

/// Shares in % with one decimal, `80.0 ± 10.0`; a dash where there is nothing.
pub fn in_percent(shares: Option<Spread>) -> String {
    let percent = |share: f64| format!("{:.1}", 100.0 * share).replace('-', "−");
    match shares {
        None => "–".to_owned(),
        Some(Spread { mean, deviation }) => match deviation {
            Some(deviation) => format!("{} ± {}", percent(mean), percent(deviation)),
            None => percent(mean),
        },
    }
}

/// The shares of every task in %; a dash where there is none.
pub fn by_task_in_percent(shares: impl IntoIterator<Item = Option<Spread>>) -> String {
    let cells: Vec<_> = shares.into_iter().map(in_percent).collect();
    match cells.is_empty() {
        true => in_percent(None),
        false => cells.join(", "),
    }
}

/// How a run stands among those with the same head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// None does better.
    Best,
    /// These seeds do not tell it and the best apart, as [`over_seeds::Standing`] has it.
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
    Spread::of_all(values.iter().copied()).map(|spread| spread.mean)
}

/// Whether these seeds do not tell two runs apart.
fn is_within(own: &[Option<f64>], best: &[Option<f64>]) -> bool {
    let all = |values: &[Option<f64>]| values.iter().copied().collect::<Option<Vec<f64>>>();
    let standing = all(own).zip(all(best));
    standing.and_then(|(own, best)| over_seeds::Standing::of(&own, &best))
        == Some(over_seeds::Standing::WithinSpread)
}
