//! What to try: runs to set beside the one that is in trouble.

use super::evidence::short;
use super::{Episode, Verdict};
use crate::experiment::{RunSpec, WrapperSpec};
use crate::optimizers::{self, wrappers};
use crate::schedules::{Per, Schedule};

/// By what a rate is multiplied where nothing is known of what the rule bears.
const USUAL_RAISE: f64 = 10.0;
/// By what it is multiplied at most.
const MOST_RAISE: f64 = 100.0;

/// The share of the last step that momentum keeps, as is usual.
const MOMENTUM: f64 = 0.9;
/// The rate of an adaptive rule in place of another: its steps are about so long, whatever the
/// gradient.
const ADAPTIVE_RATE: f64 = 0.05;

/// A run to try beside the present one.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// What it does, in a few words.
    pub title: String,
    /// Why it may help, with this run's numbers.
    pub reason: String,
    /// The run.
    pub run: RunSpec,
}

/// What to try for a run that is doing as the episode says; nothing where all is well.
pub fn remedies(run: &RunSpec, label: &str, episode: &Episode) -> Vec<Remedy> {
    let of = Adviser {
        run,
        label,
        episode,
    };
    match episode.verdict {
        Verdict::Diverged | Verdict::Diverging => {
            vec![of.lower_rate(), of.warm_up(), of.clipped(), of.adaptive()]
        }
        Verdict::Bouncing => vec![of.lower_rate(), of.decay(), of.adaptive()],
        Verdict::Unsettled => vec![of.lower_rate(), of.decay()],
        Verdict::Creeping => vec![of.higher_rate(), of.momentum(), of.adaptive()],
        Verdict::Stalled => vec![of.higher_rate(), of.momentum(), of.adaptive()],
        Verdict::LocalMinimum => vec![of.momentum(), of.higher_rate(), of.restarts()],
        Verdict::Done | Verdict::Steady => Vec::new(),
    }
    .into_iter()
    .flatten()
    .collect()
}

struct Adviser<'a> {
    run: &'a RunSpec,
    label: &'a str,
    episode: &'a Episode,
}

impl Adviser<'_> {
    fn remedy(
        &self,
        title: &str,
        reason: String,
        change: impl FnOnce(&mut RunSpec),
    ) -> Option<Remedy> {
        let mut run = self.run.clone();
        run.colour = None;
        run.visible = true;
        change(&mut run);
        run.label = Some(format!("{}, {title}", self.label));
        Some(Remedy {
            title: title.to_owned(),
            reason,
            run,
        })
    }

    fn lower_rate(&self) -> Option<Remedy> {
        let share = self.episode.evidence.share_of_limit;
        let (factor, reason) = match share.filter(|share| share.is_finite() && *share > 0.5) {
            // Half of the limit is where a step lands in the middle of the valley.
            Some(share) => (
                0.5 / share,
                format!("λ_max is {share:.2} of what the rule bears; this rate makes it 0.5"),
            ),
            None => (
                0.1,
                "steps a tenth as long stay on one side of the valley".to_owned(),
            ),
        };
        self.at_rate(factor, reason)
    }

    /// The same run with all its rates multiplied.
    fn at_rate(&self, factor: f64, reason: String) -> Option<Remedy> {
        let rate = two_digits(self.run.base_rate() * factor);
        let usable = rate > 0.0 && rate.is_finite();
        usable.then_some(())?;
        self.remedy(&format!("rate {rate}"), reason, |run| {
            run.learning_rate = Some(rate);
            for event in &mut run.events {
                event.learning_rate = two_digits(event.learning_rate * factor);
            }
        })
    }

    fn higher_rate(&self) -> Option<Remedy> {
        let (factor, reason) = self.raise()?;
        self.at_rate(factor, reason)
    }

    /// By what the rate may be multiplied, and why; none where the rule bears no more.
    fn raise(&self) -> Option<(f64, String)> {
        let evidence = &self.episode.evidence;
        let to_half = |share: f64| (0.5 / share).min(MOST_RAISE);
        let share = match evidence.share_of_limit {
            // Nothing curves upwards, so that no limit applies yet. Steps that are short against
            // every curvature here are still short where it turns upwards.
            Some(share) if share <= 0.0 => {
                let size = evidence
                    .size_of_limit
                    .filter(|size| *size < 0.5 / USUAL_RAISE);
                return Some(match size {
                    Some(size) => (
                        to_half(size),
                        format!(
                            "nothing curves upwards here, and the largest |λ| is {} of the limit",
                            short(size)
                        ),
                    ),
                    None => (USUAL_RAISE, "nothing curves upwards here".to_owned()),
                });
            }
            Some(share) => share,
            None => return Some((USUAL_RAISE, "steps ten times as long".to_owned())),
        };
        (share < 0.4).then(|| {
            let reason = format!("λ_max is only {} of what the rule bears", short(share));
            (to_half(share), reason)
        })
    }

    /// Keeps the rate at first and lets it fall: to a quarter by the end of what was watched.
    fn decay(&self) -> Option<Remedy> {
        let rate = two_digits(3.0 / self.episode.to.max(10) as f64);
        let reason = "long steps while the way is long, short ones in the valley".to_owned();
        self.remedy(&format!("decay {rate}"), reason, |run| {
            run.schedule = Schedule::InverseTime {
                rate,
                per: Per::default(),
            };
        })
    }

    fn warm_up(&self) -> Option<Remedy> {
        let steps = 20;
        let reason = "the first steps are short, until the slope of the start is behind".to_owned();
        self.remedy("warm-up", reason, |run| {
            run.schedule = Schedule::WarmUp {
                steps,
                start_rate: 0.0,
                per: Per::default(),
                then: Box::new(run.schedule.clone()),
            };
        })
    }

    fn clipped(&self) -> Option<Remedy> {
        let norm = two_digits(0.1 * self.episode.evidence.greatest_gradient_norm);
        let reason = format!("no gradient counts for more than {norm}");
        let mut spec = WrapperSpec::new(wrappers::find("ClipNorm")?);
        let limit = spec.settings.first_mut()?;
        *limit = norm;
        let usable = norm.is_finite() && norm > 0.0;
        usable.then_some(())?;
        self.remedy("clipped", reason, |run| run.wrappers.push(spec))
    }

    /// Momentum for a rule that has none: gradient descent, or one whose own is set lower.
    fn momentum(&self) -> Option<Remedy> {
        let reason =
            "gradients that keep their direction add up, to ten times their size".to_owned();
        if self.run.optimizer == "sgd" {
            return self.remedy("with momentum", reason, |run| {
                run.optimizer = "momentum".to_owned();
                run.variant = None;
            });
        }
        let card = optimizers::find(&self.run.optimizer)?.card();
        let setting = card.hyperparameter("momentum")?;
        let is_low = self.run.value(setting) < MOMENTUM && setting.domain.contains(MOMENTUM);
        is_low.then_some(())?;
        self.remedy("with momentum", reason, |run| {
            run.hyperparameters.insert(setting.id.to_owned(), MOMENTUM);
        })
    }

    /// Adam in place of the run's rule, under the same schedule and wrappers; AdaBelief in place
    /// of Adam.
    fn adaptive(&self) -> Option<Remedy> {
        let (title, id, why) = match self.run.optimizer == "adam" {
            false => (
                "as Adam",
                "adam",
                "every parameter gets steps of its own size",
            ),
            true => (
                "as AdaBelief",
                "adabelief",
                "steps grow where the gradient comes as expected, however small it is",
            ),
        };
        let mut reason = format!("{why}, at first of the rate {ADAPTIVE_RATE}");
        if !self.run.events.is_empty() {
            reason += "; the rates set on the way were the old rule's and are left out";
        }
        self.remedy(title, reason, |run| {
            run.optimizer = id.to_owned();
            run.learning_rate = Some(ADAPTIVE_RATE);
            run.variant = None;
            run.hyperparameters.clear();
            run.events.clear();
        })
    }

    /// Waves of a rate that comes back.
    fn restarts(&self) -> Option<Remedy> {
        let reason = "a rate that comes back may carry it over the rim".to_owned();
        self.remedy("with restarts", reason, |run| {
            run.learning_rate = Some(two_digits(4.0 * run.base_rate()));
            run.events.clear();
            run.schedule = Schedule::CosineRestarts {
                first: 25,
                growth: 1,
                floor: 0.0,
                per: Per::default(),
            };
        })
    }
}

/// Rounded to two digits, as people set rates.
fn two_digits(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
}
