//! What a run brings along from one surface to the next: where it left the ones before, and what
//! its remedy makes of that.

use crate::experiment::CheckedRun;
use crate::models::continual::{Kind, Pull, Remedy, Surfaces};
use crate::objective::{Batch, Function, Objective};
use std::any::Any;

/// A run's past on surfaces that follow one another.
#[derive(Clone, Debug)]
pub(super) struct Past<'a> {
    surfaces: &'a Surfaces,
    remedy: Option<&'a Remedy>,
    /// Where the run left each surface that it has done with.
    ends: Vec<[f64; 2]>,
    pull: Pull,
}

impl<'a> Past<'a> {
    /// Before the first update; none where there is one objective throughout.
    pub fn of(run: &'a CheckedRun, objective: &'a (dyn Objective + 'static)) -> Option<Self> {
        let objective: &'a dyn Any = objective;
        Some(Self {
            surfaces: objective.downcast_ref()?,
            remedy: run.remedy.as_ref(),
            ends: Vec::new(),
            pull: Pull::default(),
        })
    }

    /// The number of update `number` (from 1) among those of its surface, from 1.
    pub fn within(&self, number: u64) -> u64 {
        let last = self.surfaces.tasks().saturating_sub(1);
        let task = (number.saturating_sub(1) / self.surfaces.per_task()).min(last);
        number
            .saturating_sub(task * self.surfaces.per_task())
            .max(1)
    }

    /// Whether another surface follows update `number`.
    pub fn is_border(&self, number: u64) -> bool {
        let per_task = self.surfaces.per_task();
        number.is_multiple_of(per_task) && (1..self.surfaces.tasks()).contains(&(number / per_task))
    }

    /// By what the rate is multiplied on the present surface.
    pub fn rate(&self) -> f64 {
        match self.remedy {
            Some(remedy) if remedy.card.kind == Kind::SlowerRate => {
                remedy.setting("factor").powi(self.ends.len() as i32)
            }
            _ => 1.0,
        }
    }

    /// Takes leave of a surface, where the state after `step` updates is its last.
    pub fn cross(&mut self, step: u64, at: &[f64]) {
        let left = self.ends.len() as u64 + 1;
        let is_last = left >= self.surfaces.tasks();
        if is_last || step != left * self.surfaces.per_task() {
            return;
        }
        self.ends.push([at[0], at[1]]);
        self.pull = Pull::of(self.remedy, self.surfaces, &self.ends);
    }

    /// The same before the surface that was left last.
    pub fn before_the_last_border(&self) -> Self {
        let mut earlier = self.clone();
        earlier.ends.pop();
        earlier.pull = Pull::of(self.remedy, self.surfaces, &earlier.ends);
        earlier
    }

    /// Adds what the remedy adds to J of the present surface and its gradient at `at`.
    pub fn add(&self, at: &[f64], loss: f64, gradient: &mut [f64]) -> f64 {
        if self.is_joint() {
            return self.joint(at, loss, gradient);
        }
        loss + self.pull.add(at, gradient)
    }

    fn is_joint(&self) -> bool {
        let remedy = self.remedy;
        remedy.is_some_and(|remedy| remedy.card.kind == Kind::Joint)
    }

    /// The mean of the present surface and of all before.
    fn joint(&self, at: &[f64], loss: f64, gradient: &mut [f64]) -> f64 {
        let share = 1.0 / (self.ends.len() + 1) as f64;
        let mut sum = loss;
        let mut other = [0.0; 2];
        for task in 0..self.ends.len() {
            sum += self.surfaces.descend(task, at, &mut other);
            for (g, other) in gradient.iter_mut().zip(other) {
                *g += other;
            }
        }
        gradient.iter_mut().for_each(|g| *g *= share);
        sum * share
    }

    fn add_hessian(&self, at: &[f64], rows: &mut [f64]) {
        if self.is_joint() {
            let share = 1.0 / (self.ends.len() + 1) as f64;
            let mut other = [0.0; 4];
            for task in 0..self.ends.len() {
                self.surfaces.bend(task, at, &mut other);
                for (row, other) in rows.iter_mut().zip(other) {
                    *row += other;
                }
            }
            rows.iter_mut().for_each(|row| *row *= share);
            return;
        }
        let [across, up] = self.pull.curvature();
        if let [first, _, _, last] = rows {
            *first += across;
            *last += up;
        }
    }
}

/// The objective of one update as a rule may ask it: its batch, with what the past adds.
pub(super) struct Seen<'a> {
    pub batch: Batch<'a>,
    pub past: Option<&'a Past<'a>>,
}

impl Function<f64> for Seen<'_> {
    fn value(&self, at: &[f64]) -> f64 {
        match self.past {
            None => self.batch.value(at),
            Some(_) => self.gradient(at, &mut vec![0.0; at.len()]),
        }
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let loss = self.batch.gradient(at, gradient);
        match self.past {
            None => loss,
            Some(past) => past.add(at, loss, gradient),
        }
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        self.batch.hessian(at, rows);
        if let Some(past) = self.past {
            past.add_hessian(at, rows);
        }
    }
}

/// What a run descends at one update, for those who look on: its batch or its surface, with what
/// the past adds; or all data.
#[derive(Clone, Debug)]
pub struct Descended<'a> {
    objective: &'a dyn Objective,
    /// The update whose batch or surface it is; none for all data.
    update: Option<u64>,
    past: Option<Past<'a>>,
}

impl<'a> Descended<'a> {
    /// What update `update` descends, given the past that it has; without one of either, all data.
    pub(super) fn new(
        objective: &'a dyn Objective,
        update: Option<u64>,
        past: Option<Past<'a>>,
    ) -> Self {
        Self {
            objective,
            update,
            past,
        }
    }
}

impl Function<f64> for Descended<'_> {
    fn value(&self, at: &[f64]) -> f64 {
        match self.update {
            Some(update) => self.seen(update).value(at),
            None => self.objective.value(at),
        }
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        match self.update {
            Some(update) => self.seen(update).gradient(at, gradient),
            None => self.objective.gradient(at, gradient),
        }
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        match self.update {
            Some(update) => self.seen(update).hessian(at, rows),
            None => self.objective.hessian(at, rows),
        }
    }
}

impl Descended<'_> {
    fn seen(&self, update: u64) -> Seen<'_> {
        Seen {
            batch: Batch {
                objective: self.objective,
                update,
            },
            past: self.past.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine;
    use crate::experiment::{Checked, preset};
    use std::ops::ControlFlow;

    fn learnt(runs: &str) -> (Checked, engine::History) {
        let text = format!(
            r#"(version: 1, epochs: 400, objective: Formula(
                expression: "0.5*(20*w1^2 + 0.2*w2^2)", then: ["0.5*((w1-1)^2 + (w2-1.5)^2)"],
                w1: (-1, 2), w2: (-1, 2), start: (0.5, -0.5)), runs: [{runs}])"#
        );
        let checked = preset::read(&text).unwrap().check().unwrap();
        let history = engine::run(&checked, |_| ControlFlow::Continue(()));
        (checked, history)
    }

    fn at(history: &engine::History, run: usize, step: u64) -> Vec<f64> {
        history.frame(run, step).unwrap().parameters.to_vec()
    }

    #[track_caller]
    fn close(found: &[f64], expected: [f64; 2]) {
        let far = found.iter().zip(expected).map(|(a, b)| (a - b).abs());
        assert!(far.fold(0.0, f64::max) < 1e-6, "{found:?} {expected:?}");
    }

    #[test]
    fn the_first_surface_is_forgotten_unless_something_pulls_back_to_it() {
        let (checked, history) = learnt(
            r#"(optimizer: "sgd", learning_rate: 0.09),
               (optimizer: "sgd", learning_rate: 0.09, remedy: Ewc(strength: 1)),
               (optimizer: "sgd", learning_rate: 0.09, remedy: L2ToOld(strength: 3)),
               (optimizer: "sgd", learning_rate: 0.09, remedy: Joint())"#,
        );
        assert_eq!((checked.updates(), history.updates), (800, 800));
        // Until the border nothing tells them apart.
        let left = at(&history, 0, 400);
        for run in 1..4 {
            assert_eq!(at(&history, run, 400), left);
        }
        let [a, b] = [left[0], left[1]];
        close(&at(&history, 0, 800), [1.0, 1.5]);
        // Where both slopes cancel: (w − 1) + 20·(w − a) = 0, and so on.
        let ewc = [(1.0 + 20.0 * a) / 21.0, (1.5 + 0.2 * b) / 1.2];
        close(&at(&history, 1, 800), ewc);
        close(
            &at(&history, 2, 800),
            [(1.0 + 3.0 * a) / 4.0, (1.5 + 3.0 * b) / 4.0],
        );
        close(&at(&history, 3, 800), [1.0 / 21.0, 1.5 / 1.2]);
    }

    #[test]
    fn what_is_recorded_is_the_present_surface_and_what_is_measured_are_all() {
        let (_, history) =
            learnt(r#"(optimizer: "sgd", learning_rate: 0.09, remedy: Ewc(strength: 1))"#);
        let trace = &history.traces[0];
        for step in [1, 400, 401, 800] {
            let before = at(&history, 0, step - 1);
            let [w1, w2] = [before[0], before[1]];
            let first = 0.5 * (20.0 * w1 * w1 + 0.2 * w2 * w2);
            let second = 0.5 * ((w1 - 1.0).powi(2) + (w2 - 1.5).powi(2));
            let expected = if step <= 400 { first } else { second };
            let loss = trace.frame_at(step).unwrap().loss;
            assert!((loss - expected).abs() < 1e-12, "{step}: {loss} {expected}");
            let measured = trace.measured.exactly_at(step - 1).unwrap();
            for (found, expected) in measured.iter().zip([(first + second) / 2.0, first, second]) {
                assert!((found - expected).abs() < 1e-12, "{step}: {measured:?}");
            }
        }
    }

    #[test]
    fn a_slower_rate_and_a_fresh_rule_begin_at_the_border() {
        let (_, history) = learnt(
            r#"(optimizer: "sgd", learning_rate: 0.09, remedy: SlowerRate(factor: 0.1)),
               (optimizer: "adam", learning_rate: 0.01)"#,
        );
        let rate = |step: u64| history.frame(0, step).unwrap().learning_rate;
        assert!((rate(400) - 0.09).abs() < 1e-15 && (rate(401) - 0.009).abs() < 1e-15);
        // Adam's first step is its rate along every axis, whatever it has seen before.
        let (before, after) = (at(&history, 1, 400), at(&history, 1, 401));
        for (before, after) in before.iter().zip(&after) {
            assert!(
                ((after - before).abs() - 0.01).abs() < 1e-7,
                "{before} {after}"
            );
        }
    }

    #[test]
    fn remedies_that_need_a_network_are_refused_by_name() {
        let text = r#"(version: 1, objective: Formula(expression: "w1^2 + w2^2", then: ["w1^2", "w3"]),
            runs: [(optimizer: "sgd", remedy: Lwf()), (optimizer: "sgd", head: Multi)])"#;
        let problems = preset::read(text).unwrap().check().unwrap_err();
        let of = |place: &str| problems.iter().find(|problem| problem.place == place);
        assert!(of("objective.then[1]").is_some(), "{problems:?}");
        let text = text.replace(", \"w3\"", "");
        let problems = preset::read(&text).unwrap().check().unwrap_err();
        let of = |place: &str| problems.iter().find(|problem| problem.place == place);
        assert!(of("runs[0].remedy").unwrap().message.contains("LwF"));
        assert!(of("runs[1].head").is_some(), "{problems:?}");
    }
}
