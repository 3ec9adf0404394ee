//! Gathers evidence, update by update.

use super::{Evidence, WINDOW};
use crate::analysis::curvature::{Curvature, Sharpness, dot};
use crate::engine::{Descended, Replay};
use crate::experiment::Checked;
use crate::numbers::{cosine, norm};
use crate::objective::Function;
use std::collections::VecDeque;

/// What is kept of a run while it is watched: its last states, and a few extremes.
pub(super) struct Watcher<'a> {
    checked: &'a Checked,
    /// The state before the window's first update, and after each of them.
    states: VecDeque<State>,
    first: State,
    greatest_gradient_norm: f64,
    reach: f64,
    lowest_loss: f64,
    last: Option<Evidence>,
}

/// A run after an update.
#[derive(Clone)]
struct State {
    at: Vec<f64>,
    gradient: Vec<f64>,
    loss: f64,
}

impl State {
    fn of(replay: &Replay<'_>) -> Self {
        Self {
            at: replay.parameters().to_vec(),
            gradient: replay.gradient().to_vec(),
            loss: replay.loss(),
        }
    }

    /// The same on the surface that the replay has just left.
    fn on(left: &Descended<'_>, replay: &Replay<'_>) -> Self {
        let at = replay.parameters().to_vec();
        let mut gradient = vec![0.0; at.len()];
        let loss = left.gradient(&at, &mut gradient);
        Self { at, gradient, loss }
    }

    fn steps_to(&self, next: &Self) -> Vec<f64> {
        let pairs = next.at.iter().zip(&self.at);
        pairs.map(|(after, before)| after - before).collect()
    }
}

impl<'a> Watcher<'a> {
    pub fn new(checked: &'a Checked, replay: &Replay<'_>) -> Self {
        let first = State::of(replay);
        Self {
            checked,
            greatest_gradient_norm: norm(first.gradient.iter().copied()),
            states: VecDeque::from([first.clone()]),
            lowest_loss: first.loss,
            first,
            reach: 0.0,
            last: None,
        }
    }

    /// What the updates up to the replay's present one show.
    pub fn observe(&mut self, replay: &Replay<'_>) -> Evidence {
        if replay.diverged_at().is_some() {
            return self.of_the_end(replay);
        }
        // At a border the latest update belongs to the surface that it left.
        let (state, curvature) = match replay.left() {
            Some(left) => (
                State::on(&left, replay),
                Curvature::of(&left, replay.parameters()),
            ),
            None => {
                let curvature = Curvature::of(&replay.descended(), replay.parameters());
                (State::of(replay), curvature)
            }
        };
        self.greatest_gradient_norm = self
            .greatest_gradient_norm
            .max(norm(state.gradient.iter().copied()));
        self.lowest_loss = self.lowest_loss.min(state.loss);
        self.reach = self
            .reach
            .max(norm(self.first.steps_to(&state).into_iter()));
        self.states.push_back(state);
        if self.states.len() > WINDOW + 1 {
            self.states.pop_front();
        }
        let evidence = self.evidence(replay, curvature);
        self.last = Some(evidence.clone());
        if replay.begins_anew() {
            *self = Self::new(self.checked, replay);
        }
        evidence
    }

    /// The last finite evidence, or what little there is, marked as not finite.
    fn of_the_end(&mut self, replay: &Replay<'_>) -> Evidence {
        let mut evidence = match self.last.take() {
            Some(evidence) => evidence,
            None => {
                let last = self.states.back();
                let at = last.map_or(replay.parameters(), |state| state.at.as_slice());
                self.evidence(replay, Curvature::of(&replay.descended(), at))
            }
        };
        evidence.is_finite = false;
        evidence.step = replay.updates();
        evidence
    }

    fn evidence(&self, replay: &Replay<'_>, curvature: Option<Curvature>) -> Evidence {
        let (before, now) = (&self.states[0], &self.states[self.states.len() - 1]);
        let is_inside = self.checked.objective.contains(&now.at);
        let sharpest = curvature.as_ref().map(|c| c.eigen.vectors[0].clone());
        let pairs: Vec<(&State, &State)> =
            self.states.iter().zip(self.states.iter().skip(1)).collect();
        let steps: Vec<Vec<f64>> = pairs.iter().map(|(a, b)| a.steps_to(b)).collect();
        let (sign_changes, share) = match &sharpest {
            Some(direction) => (self.sign_changes(direction), share_along(&steps, direction)),
            None => (0, 0.0),
        };
        // What the rule bears is said of the surface that it is on next.
        let compared = curvature.as_ref().filter(|_| !replay.begins_anew());
        let sharpness = compared.map(|curvature| Sharpness::with(replay, curvature));
        Evidence {
            step: replay.updates(),
            updates: pairs.len(),
            is_finite: true,
            loss_before: before.loss,
            loss: now.loss,
            first_loss: self.first.loss,
            lowest_loss: self.lowest_loss,
            least_loss: self.checked.objective.least_value().filter(|_| is_inside),
            rises: pairs.iter().filter(|(a, b)| b.loss > a.loss).count(),
            gradient_norm: norm(now.gradient.iter().copied()),
            greatest_gradient_norm: self.greatest_gradient_norm,
            sign_changes,
            share_along_sharpest: share,
            cosine: self.mean_cosine(),
            sharpness: curvature.as_ref().map_or(f64::NAN, Curvature::sharpness),
            flattest: curvature.as_ref().map_or(f64::NAN, Curvature::flattest),
            left_to_bottom: curvature.as_ref().and_then(Curvature::left_to_bottom),
            share_of_limit: sharpness.as_ref().and_then(Sharpness::share_of_limit),
            size_of_limit: sharpness.as_ref().and_then(Sharpness::size_of_limit),
            step_length: steps.last().map_or(0.0, |step| norm(step.iter().copied())),
            reach: self.reach,
            extent: self.extent(),
        }
    }

    /// The diagonal of the surface's range.
    fn extent(&self) -> Option<f64> {
        let [(left, right), (low, high)] = self.checked.objective.landscape()?.card().range;
        Some((right - left).hypot(high - low))
    }

    /// The gradients that the window's updates began from.
    fn gradients(&self) -> impl Iterator<Item = &[f64]> + Clone {
        let updates = self.states.len().saturating_sub(1);
        let states = self.states.iter().take(updates);
        states.map(|state| state.gradient.as_slice())
    }

    fn sign_changes(&self, direction: &[f64]) -> usize {
        let along = self.gradients().map(|gradient| dot(gradient, direction));
        let next = along.clone().skip(1);
        along.zip(next).filter(|(a, b)| a * b < 0.0).count()
    }

    fn mean_cosine(&self) -> f64 {
        let pairs = self.gradients().zip(self.gradients().skip(1));
        let cosines = pairs.filter_map(|(a, b)| cosine(a.iter().copied(), b.iter().copied()));
        let cosines: Vec<f64> = cosines.collect();
        match cosines.len() {
            0 => 1.0,
            count => cosines.iter().sum::<f64>() / count as f64,
        }
    }
}

/// The share of the squared lengths that lies along a direction.
fn share_along(steps: &[Vec<f64>], direction: &[f64]) -> f64 {
    let whole: f64 = steps.iter().map(|step| dot(step, step)).sum();
    let along: f64 = steps.iter().map(|step| dot(step, direction).powi(2)).sum();
    if whole > 0.0 { along / whole } else { 0.0 }
}
