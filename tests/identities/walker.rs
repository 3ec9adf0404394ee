//! A rule at work on two parameters, step by step.

use super::rosenbrock;
use descent_lab::objective::{Asked, Function};
use descent_lab::optimizers::{self, Memory, Optimizer, Shape, Step};

/// w1² + w2².
pub struct Bowl;

impl Function<f64> for Bowl {
    fn value(&self, at: &[f64]) -> f64 {
        at[0] * at[0] + at[1] * at[1]
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.copy_from_slice(&[2.0 * at[0], 2.0 * at[1]]);
        self.value(at)
    }

    fn hessian(&self, _: &[f64], rows: &mut [f64]) {
        rows.copy_from_slice(&[2.0, 0.0, 0.0, 2.0]);
    }
}

/// With the card's hyperparameters but for some.
pub struct Walker {
    pub rule: &'static dyn Optimizer,
    settings: Vec<f64>,
    pub memory: Memory<f64>,
    number: u64,
    pub at: [f64; 2],
}

impl Walker {
    /// At `at`, with the card's hyperparameters but for those given.
    pub fn new(id: &str, given: &[(&str, f64)], at: [f64; 2]) -> Self {
        let rule = optimizers::find(id).unwrap();
        let card = rule.card();
        for (name, _) in given {
            assert!(card.hyperparameter(name).is_some(), "{id} has no {name}");
        }
        let value = |name: &str| given.iter().find(|(other, _)| *other == name);
        let settings = card.hyperparameters.iter();
        Self {
            rule,
            settings: settings
                .map(|h| value(h.id).map_or(h.default, |&(_, value)| value))
                .collect(),
            memory: card.memory(&[Shape::vector(2)]),
            number: 0,
            at,
        }
    }

    /// A step by any gradient; what the rule asks by itself is about the bowl.
    pub fn step(&mut self, learning_rate: f64, gradient: [f64; 2]) {
        self.step_on(&Bowl, learning_rate, gradient);
    }

    /// One step down a function.
    pub fn descend(&mut self, function: &dyn Function<f64>, learning_rate: f64) {
        let mut gradient = [0.0; 2];
        function.gradient(&self.at, &mut gradient);
        self.step_on(function, learning_rate, gradient);
    }

    fn step_on(&mut self, function: &dyn Function<f64>, learning_rate: f64, gradient: [f64; 2]) {
        self.number += 1;
        let now = Step {
            number: self.number,
            learning_rate,
            loss: function.value(&self.at),
            gradient: &gradient,
            hyperparameters: &self.settings,
            shapes: &[Shape::vector(2)],
            objective: &Asked::new(function, &|_| (), &|_| 1.0),
        };
        self.rule.step(&now, &mut self.at, self.memory.lend());
    }

    /// One step down Rosenbrock's valley.
    pub fn step_on_rosenbrock(&mut self, learning_rate: f64) {
        self.step(learning_rate, rosenbrock(self.at));
    }
}
