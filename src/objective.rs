//! What is minimised, as a rule sees it.

use crate::landscapes::{self, Chosen, Landscape};
use crate::numbers::{Lanes, Noise, Real};
use crate::optimizers::{Probe, Shape};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::sync::Arc;

/// J as a function of n parameters.
pub trait Function<R> {
    /// J at `at`.
    fn value(&self, at: &[R]) -> R;

    /// J at `at`; writes ∂J/∂w into `gradient`.
    fn gradient(&self, at: &[R], gradient: &mut [R]) -> R;

    /// Writes the n×n Hessian matrix at `at` into `rows`, row after row.
    fn hessian(&self, at: &[R], rows: &mut [R]);
}

/// Something to be minimised, with what each update disturbs.
///
/// One object serves every run of an experiment, so that all of them see the same thing at the
/// same update.
pub trait Objective: Function<f64> + Any + Debug + Send + Sync {
    /// The parameters' names; their number is the dimension.
    fn parameter_names(&self) -> Vec<String>;

    /// How many updates go once through the data; 1 where there are none.
    fn updates_per_epoch(&self) -> u64 {
        1
    }

    /// How many tasks are learnt one after the other; every one for as many epochs as the
    /// experiment has.
    fn tasks(&self) -> u64 {
        1
    }

    /// Whether an update sees only a part of what is minimised: the loss and the gradient that
    /// belong to it are then those of its batch, at the parameters before it.
    fn has_batches(&self) -> bool {
        false
    }

    /// J of the batch of update `update` (from 1); of everything where there are no batches.
    fn batch_value(&self, _update: u64, at: &[f64]) -> f64 {
        self.value(at)
    }

    /// J of the batch of update `update` (from 1); writes its ∂J/∂w into `gradient`.
    fn batch_gradient(&self, _update: u64, at: &[f64], gradient: &mut [f64]) -> f64 {
        self.gradient(at, gradient)
    }

    /// Writes the Hessian matrix of the batch of update `update` (from 1) into `rows`.
    fn batch_hessian(&self, _update: u64, at: &[f64], rows: &mut [f64]) {
        self.hessian(at, rows);
    }

    /// What is measured now and then beside each batch's loss, as columns of tables are called.
    /// The first is the loss over all data.
    fn measures(&self) -> &'static [&'static str] {
        &[]
    }

    /// The layers whose gradients and updates are recorded one by one, as columns of tables are
    /// called.
    fn layer_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether everything is measured after update `update`; 0 is the start.
    fn is_measured_after(&self, _update: u64) -> bool {
        true
    }

    /// Measures at `at`: one value for each of [`Self::measures`].
    fn measure(&self, _at: &[f64], _values: &mut [f64]) {}

    /// About how many multiplications an update takes: what is worth a thread of its own.
    fn work_per_update(&self) -> u64 {
        1
    }

    /// The blocks that the parameters lie in, one after the other.
    fn shapes(&self) -> Vec<Shape>;

    /// Turns the exact gradient into the one that update `update` (from 1) sees: the same
    /// disturbance for every run.
    fn disturb(&self, update: u64, gradient: &mut [f64]);

    /// Whether no update is disturbed, so that what was learnt at a point holds at the next.
    fn is_exact(&self) -> bool;

    /// −1 or 1: component `index` of the signs that Hutchinson's estimate uses at `update`.
    fn sign(&self, update: u64, index: u64) -> f64;

    /// Whether a loss found at `at` counts as a success: anywhere in the studied range, and
    /// outside it only down to the least value of the range. Below that, a surface that falls
    /// without end would win.
    fn counts(&self, at: &[f64], loss: f64) -> bool;

    /// Whether `at` lies where the objective is meant to be studied.
    fn contains(&self, at: &[f64]) -> bool;

    /// The same with the draws of another seed.
    fn reseeded(&self, seed: u64) -> Arc<dyn Objective>;

    /// The surface over two parameters that this is, where it is one.
    fn landscape(&self) -> Option<&Chosen> {
        None
    }

    /// The least value that is known of it.
    fn least_value(&self) -> Option<f64> {
        None
    }

    /// Euclidean distance from `at` to the nearest known minimum; none where none is known.
    fn distance_to_minimum(&self, _at: &[f64]) -> Option<f64> {
        None
    }
}

/// An objective as one update sees it: its batch.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The whole.
    pub objective: &'a dyn Objective,
    /// The update's number, from 1.
    pub update: u64,
}

impl Function<f64> for Batch<'_> {
    fn value(&self, at: &[f64]) -> f64 {
        self.objective.batch_value(self.update, at)
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        self.objective.batch_gradient(self.update, at, gradient)
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        self.objective.batch_hessian(self.update, at, rows);
    }
}

/// A two-parameter landscape, with Gaussian noise of standard deviation `noise` added to each
/// component of the gradient.
#[derive(Clone, Debug)]
pub struct LandscapeObjective {
    /// The surface, with its settings.
    pub landscape: Chosen,
    /// Standard deviation of the noise; 0 for none.
    pub noise: f64,
    /// Where the draws come from.
    pub draws: Noise,
}

impl Function<f64> for LandscapeObjective {
    fn value(&self, at: &[f64]) -> f64 {
        let landscape: &dyn Landscape = &*self.landscape;
        landscape.height([at[0], at[1]])
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let (height, slope) = landscapes::gradient::<f64>(&*self.landscape, [at[0], at[1]]);
        gradient.copy_from_slice(&slope);
        height
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        let (_, _, hessian) = landscapes::hessian(&*self.landscape, [at[0], at[1]]);
        rows.copy_from_slice(hessian.as_flattened());
    }
}

impl Function<Lanes> for LandscapeObjective {
    fn value(&self, at: &[Lanes]) -> Lanes {
        let landscape: &dyn Landscape = &*self.landscape;
        landscape.height([at[0], at[1]])
    }

    fn gradient(&self, at: &[Lanes], gradient: &mut [Lanes]) -> Lanes {
        let (height, slope) = landscapes::gradient::<Lanes>(&*self.landscape, [at[0], at[1]]);
        gradient.copy_from_slice(&slope);
        height
    }

    /// Lane by lane: few rules ask for it, and doubly packed duals would double the code.
    fn hessian(&self, at: &[Lanes], rows: &mut [Lanes]) {
        for lane in 0..at[0].0.len() {
            let point = [at[0].0[lane], at[1].0[lane]];
            let (_, _, hessian) = landscapes::hessian(&*self.landscape, point);
            for (packed, alone) in rows.iter_mut().zip(hessian.as_flattened()) {
                packed.0[lane] = *alone;
            }
        }
    }
}

impl Objective for LandscapeObjective {
    fn parameter_names(&self) -> Vec<String> {
        vec!["w1".into(), "w2".into()]
    }

    fn shapes(&self) -> Vec<Shape> {
        vec![Shape::vector(2)]
    }

    fn disturb(&self, update: u64, gradient: &mut [f64]) {
        if self.noise == 0.0 {
            return;
        }
        for (index, component) in gradient.iter_mut().enumerate() {
            *component += self.noise * self.draws.gaussian(update, index as u64);
        }
    }

    fn is_exact(&self) -> bool {
        self.noise == 0.0
    }

    fn sign(&self, update: u64, index: u64) -> f64 {
        self.draws.sign(update, index)
    }

    fn counts(&self, at: &[f64], loss: f64) -> bool {
        self.contains(at) || loss >= self.landscape.card().least_value()
    }

    fn reseeded(&self, seed: u64) -> Arc<dyn Objective> {
        Arc::new(Self {
            draws: Noise::new(seed),
            ..self.clone()
        })
    }

    fn contains(&self, at: &[f64]) -> bool {
        self.landscape.card().contains([at[0], at[1]])
    }

    fn landscape(&self) -> Option<&Chosen> {
        Some(&self.landscape)
    }

    fn least_value(&self) -> Option<f64> {
        Some(self.landscape.card().least_value())
    }

    fn distance_to_minimum(&self, at: &[f64]) -> Option<f64> {
        self.landscape.card().distance_to_minimum([at[0], at[1]])
    }
}

/// A function as a rule may ask it at one update, with the evaluations counted.
pub struct Asked<'a, R> {
    function: &'a dyn Function<R>,
    disturb: &'a dyn Fn(&mut [R]),
    sign: &'a dyn Fn(u64) -> f64,
    evaluations: Cell<u64>,
    /// Where gradients were asked for, one point after the other.
    asked_at: RefCell<Vec<R>>,
}

impl<'a, R: Real + PartialEq> Asked<'a, R> {
    /// `disturb` adds the update's disturbance to a gradient, `sign` gives its signs for
    /// Hutchinson's estimate.
    pub fn new(
        function: &'a dyn Function<R>,
        disturb: &'a dyn Fn(&mut [R]),
        sign: &'a dyn Fn(u64) -> f64,
    ) -> Self {
        Self {
            function,
            disturb,
            sign,
            evaluations: Cell::new(0),
            asked_at: RefCell::default(),
        }
    }

    /// How many evaluations were asked for.
    pub fn evaluations(&self) -> u64 {
        self.evaluations.get()
    }

    /// Whether the gradient at `at` was asked for.
    pub fn knows_gradient_at(&self, at: &[R]) -> bool {
        let asked_at = self.asked_at.borrow();
        asked_at
            .chunks_exact(at.len().max(1))
            .any(|known| known == at)
    }

    fn count(&self, evaluations: usize) {
        self.evaluations
            .set(self.evaluations.get() + evaluations as u64);
    }
}

impl<R: Real + PartialEq> Probe<R> for Asked<'_, R> {
    fn value(&self, at: &[R]) -> R {
        self.count(1);
        self.function.value(at)
    }

    fn gradient(&self, at: &[R], gradient: &mut [R]) -> R {
        self.count(1);
        self.asked_at.borrow_mut().extend_from_slice(at);
        let value = self.function.gradient(at, gradient);
        (self.disturb)(gradient);
        value
    }

    fn hessian(&self, at: &[R], rows: &mut [R]) {
        self.count(2 * at.len());
        self.function.hessian(at, rows);
    }

    fn hessian_diagonal(&self, at: &[R], diagonal: &mut [R]) {
        self.count(2 * at.len());
        let mut rows = vec![R::zero(); at.len() * at.len()];
        self.function.hessian(at, &mut rows);
        for (entry, &on_diagonal) in diagonal.iter_mut().zip(rows.iter().step_by(at.len() + 1)) {
            *entry = on_diagonal;
        }
    }

    fn sampled_hessian_diagonal(&self, at: &[R], diagonal: &mut [R]) {
        self.count(2);
        let mut rows = vec![R::zero(); at.len() * at.len()];
        self.function.hessian(at, &mut rows);
        let sign = |index: usize| R::constant((self.sign)(index as u64));
        let rows = rows.chunks_exact(at.len().max(1));
        for (index, (entry, row)) in diagonal.iter_mut().zip(rows).enumerate() {
            let terms = row.iter().enumerate().map(|(i, &h)| h * sign(i));
            *entry = sign(index) * terms.fold(R::zero(), |sum, term| sum + term);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// w².
    struct Parabola;

    impl Function<f64> for Parabola {
        fn value(&self, at: &[f64]) -> f64 {
            at[0] * at[0]
        }

        fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
            gradient[0] = 2.0 * at[0];
            self.value(at)
        }

        fn hessian(&self, _: &[f64], rows: &mut [f64]) {
            rows[0] = 2.0;
        }
    }

    /// A line search may settle on any point that it looked at, not only on the last.
    #[test]
    fn every_gradient_that_was_asked_for_is_known() {
        let asked = Asked::new(&Parabola, &|_| (), &|_| 1.0);
        assert!(!asked.knows_gradient_at(&[1.0]));
        asked.gradient(&[1.0], &mut [0.0]);
        asked.gradient(&[0.5], &mut [0.0]);
        asked.value(&[3.0]);
        assert!(asked.knows_gradient_at(&[1.0]) && asked.knows_gradient_at(&[0.5]));
        assert!(!asked.knows_gradient_at(&[3.0]));
        assert_eq!(asked.evaluations(), 3);
    }
}
