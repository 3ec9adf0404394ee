//! The interpolation and averaging of the schedule-free rules.

use super::Step;
use crate::numbers::Real;

/// What a schedule-free rule remembers, and its settings (Defazio et al., NeurIPS 2024,
/// arXiv:2405.15682; as optax.contrib.schedule_free).
pub(super) struct ScheduleFree<'a, R> {
    /// Where the base rule is.
    pub z: &'a mut [R],
    /// The weighted mean of all z, recovered from the parameters y and z at each update, so
    /// that it follows whatever else moved the parameters.
    pub x: &'a mut [R],
    /// The greatest rate so far.
    pub greatest: &'a mut R,
    /// The sum of the weights of all z.
    pub weights: &'a mut R,
    /// β, how near the parameters y lie to x.
    pub beta: R,
    /// r, the power of the greatest rate that weights a z.
    pub power: R,
}

impl<R: Real> ScheduleFree<'_, R> {
    /// Begins an update: the share that the next z will have in the mean.
    #[inline(always)]
    pub fn begin(&mut self, now: &Step<'_, R>, parameters: &[R]) -> R {
        if now.number == 1 {
            self.z.copy_from_slice(parameters);
        }
        *self.greatest = self.greatest.larger(now.learning_rate);
        let weight = self.greatest.power(self.power);
        *self.weights = *self.weights + weight;
        // While all rates were 0 nothing has weight.
        let any = R::zero().less_than(*self.weights);
        R::select(any, weight / *self.weights, R::zero())
    }

    /// Moves parameter `i`, which is `y`, where the base rule steps down by `step`.
    #[inline(always)]
    pub fn advance(&mut self, i: usize, y: &mut R, step: R, share: R) {
        let rest = R::one() - self.beta;
        let (z, x) = (&mut self.z[i], &mut self.x[i]);
        let mean = (*y - rest * *z) / self.beta;
        *z = *z - step;
        *x = (R::one() - share) * mean + share * *z;
        *y = self.beta * *x + rest * *z;
    }
}
