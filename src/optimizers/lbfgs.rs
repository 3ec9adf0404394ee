//! L-BFGS.

use super::lane_by_lane::scalar_rule;
use super::line_search::{LineSearch, dot, first_trial};
use super::{
    Extent, Family, Hyperparameter, MemoryView, Needs, Optimizer, OptimizerCard, Scope, Slot, Step,
};
use crate::numbers::{Domain, Scalar, Scale};

/// The most pairs that can be remembered.
const MOST_PAIRS: usize = 20;

/// A pair whose change of gradient points less than this along its step is not remembered.
const LEAST_CURVATURE: f64 = 1e-10;

/// Newton's direction guessed from the last steps, with a line search.
pub struct Lbfgs;

static CARD: OptimizerCard = OptimizerCard {
    id: "lbfgs",
    name: "L-BFGS",
    family: Family::Classical,
    formula: &[
        "remember the last M pairs s = θ − θ⁻,  y = g − g⁻   (where y·s > 10⁻¹⁰)",
        "q = g;  newest to oldest: aᵢ = (sᵢ·q)/(yᵢ·sᵢ),  q ← q − aᵢ·yᵢ",
        "p = (y·s)/(y·y)·q;  oldest to newest: p ← p + (aᵢ − (yᵢ·p)/(yᵢ·sᵢ))·sᵢ",
        "d = −p   (d = −g at the first slope)",
        "τ by line search (strong Wolfe, c₁ = 10⁻⁴, c₂ = 0.9), first look at α",
        "θ ← θ + τ·d",
    ],
    about: "A quasi-Newton method: the changes of the gradient over the last steps stand in for \
            the Hessian, and a line search makes sure that every step goes down enough. Each look \
            of the search costs an evaluation; compare by those. Noise on the gradient spoils both \
            pairs and search. As in torch the first look is α, at the first slope at most α/Σ|g|.",
    citation: "D. C. Liu & J. Nocedal, Math. Program. 45 (1989) 503–528; Nocedal & Wright (2006), \
               algorithms 7.4–7.5, 3.5–3.6; torch.optim.LBFGS(line_search_fn='strong_wolfe')",
    default_learning_rate: 1.0,
    hyperparameters: &[Hyperparameter {
        id: "memory",
        symbol: "M",
        meaning: "How many pairs are remembered.",
        default: 10.0,
        domain: Domain::closed(1.0, MOST_PAIRS as f64),
        slider: (1.0, MOST_PAIRS as f64),
        scale: Scale::Count,
    }],
    slots: &[
        Slot::new("θ⁻", "where the last step led").place(),
        Slot::new("g⁻", "gradient before the last step").uphill(),
        Slot::new("d", "direction").downhill(),
        Slot::of(Extent::Past(MOST_PAIRS), "s", "steps, the newest first"),
        Slot::of(
            Extent::Past(MOST_PAIRS),
            "y",
            "changes of the gradient, the newest first",
        ),
    ],
    scalar_slots: &[
        Slot::new("τ", "how far along d the last step went"),
        Slot::new("pairs", "pairs remembered"),
    ],
    scope: Scope::AllBlocks,
    needs: Needs::Gradients,
    ..OptimizerCard::BLANK
};

impl Lbfgs {
    fn scalar_step<R: Scalar>(now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [most] = now.settings();
        let ([reached, old_gradient, direction, steps, changes], [length, count]) =
            memory.take_apart_uneven();
        if now.gradient.iter().all(|g| *g == R::zero()) {
            return;
        }
        let size = parameters.len();
        let mut trial = now.learning_rate;
        // The gradient of 0 was never remembered, so this is the first that slopes.
        if old_gradient.iter().all(|g| *g == R::zero()) {
            trial = trial * first_trial(now.gradient);
            for (d, &g) in direction.iter_mut().zip(now.gradient) {
                *d = -g;
            }
        } else {
            // The step itself, and what else has moved the parameters since.
            let step: Vec<R> = (0..size)
                .map(|i| *length * direction[i] + (parameters[i] - reached[i]))
                .collect();
            let change: Vec<R> = (0..size)
                .map(|i| now.gradient[i] - old_gradient[i])
                .collect();
            let mut pairs = Pairs {
                steps,
                changes,
                count: count.to_f64() as usize,
            };
            if dot(&change, &step) > R::constant(LEAST_CURVATURE) {
                pairs.remember(&step, &change, most.to_f64() as usize);
            }
            *count = R::constant(pairs.count as f64);
            pairs.direction(now.gradient, direction);
        }
        old_gradient.copy_from_slice(now.gradient);
        let slope = dot(now.gradient, direction);
        *length = if slope > R::zero() {
            R::zero()
        } else {
            LineSearch::new(now, parameters, direction, slope, 0.9).length(trial)
        };
        for (theta, &d) in parameters.iter_mut().zip(direction.iter()) {
            *theta = *theta + *length * d;
        }
        reached.copy_from_slice(parameters);
    }
}

/// The remembered pairs, the newest first.
struct Pairs<'a, R> {
    steps: &'a mut [R],
    changes: &'a mut [R],
    count: usize,
}

impl<R: Scalar> Pairs<'_, R> {
    fn remember(&mut self, step: &[R], change: &[R], most: usize) {
        for (all, newest) in [(&mut *self.steps, step), (&mut *self.changes, change)] {
            all.rotate_right(newest.len());
            all[..newest.len()].copy_from_slice(newest);
        }
        self.count = (self.count + 1).min(most.clamp(1, MOST_PAIRS));
    }

    /// Writes −(inverse Hessian as the pairs have it)·gradient into `direction`.
    fn direction(&self, gradient: &[R], direction: &mut [R]) {
        let size = gradient.len();
        let pair = |index: usize| {
            let range = index * size..(index + 1) * size;
            (&self.steps[range.clone()], &self.changes[range])
        };
        for (d, &g) in direction.iter_mut().zip(gradient) {
            *d = -g;
        }
        let mut shares = [R::zero(); MOST_PAIRS];
        for (index, share) in shares.iter_mut().enumerate().take(self.count) {
            let (step, change) = pair(index);
            *share = dot(step, direction) * (R::one() / dot(change, step));
            add(direction, -*share, change);
        }
        if self.count > 0 {
            let (step, change) = pair(0);
            let scale = dot(change, step) / dot(change, change);
            direction.iter_mut().for_each(|d| *d = *d * scale);
        }
        for index in (0..self.count).rev() {
            let (step, change) = pair(index);
            let back = dot(change, direction) * (R::one() / dot(change, step));
            add(direction, shares[index] - back, step);
        }
    }
}

/// x ← x + factor·y.
fn add<R: Scalar>(x: &mut [R], factor: R, y: &[R]) {
    for (x, &y) in x.iter_mut().zip(y) {
        *x = *x + factor * y;
    }
}

scalar_rule!(Lbfgs);

impl Optimizer for Lbfgs {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
