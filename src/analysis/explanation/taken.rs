//! A step taken once more, in numbers that record it.

use super::names::{Names, PARAMETER};
use crate::engine::Replay;
use crate::experiment::CheckedRun;
use crate::numbers::recorded::{Record, record};
use crate::numbers::{Real, Recorded, Scalar};
use crate::objective::{Asked, Objective};
use crate::optimizers::wrappers::Wrap;
use crate::optimizers::{Composed, Owner, Place, Probe, Step, UpdateRule};
use std::cell::RefCell;

/// What a rule asked the objective by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// What.
    pub question: Question,
    /// Where.
    pub at: Vec<f64>,
    /// J there, where it was asked.
    pub value: Option<f64>,
    /// The gradient, or the Hessian's rows or diagonal, as asked.
    pub answer: Vec<f64>,
}

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The loss.
    Value,
    /// The loss and the gradient.
    Gradient,
    /// The Hessian matrix.
    Hessian,
    /// Its diagonal.
    Diagonal,
    /// Hutchinson's estimate of the diagonal.
    SampledDiagonal,
}

/// A step with its record.
pub(super) struct Taken {
    pub record: Record,
    pub start: Vec<Recorded>,
    pub end: Vec<Recorded>,
    pub memory: Vec<Remembering>,
    pub looks: Vec<Look>,
    /// The parameters on show after the step, where a wrapper shows others.
    pub shown: Option<Vec<f64>>,
}

/// One remembered number before and after the step.
pub(super) struct Remembering {
    pub owner: Owner,
    pub place: Place,
    pub before: Recorded,
    pub after: Recorded,
}

/// Who makes a step: a rule with the wrappers around it, and what they remember.
#[derive(Clone, Copy)]
pub(super) struct Stepper<'a> {
    pub run: &'a CheckedRun,
    pub rule: &'a Composed<'a, f64>,
}

/// Takes the step that comes next in a replay, with the replay's own rule or with another one in
/// its place.
pub(super) fn take(
    replay: &Replay<'_>,
    stepper: Stepper<'_>,
    objective: &dyn Objective,
    names: &Names,
) -> Taken {
    let (mut taken, record) = record(|| take_on_record(replay, stepper, objective, names));
    taken.record = record;
    taken
}

fn take_on_record(
    replay: &Replay<'_>,
    stepper: Stepper<'_>,
    objective: &dyn Objective,
    names: &Names,
) -> Taken {
    let update = replay.updates() + 1;
    let each = |symbol: &'static str, values: &[f64]| -> Vec<Recorded> {
        let values = values.iter().enumerate();
        let given = |(index, &value)| Recorded::given(symbol, Some(index), value);
        values.map(given).collect()
    };
    let start = each(PARAMETER, replay.parameters());
    let mut rule = composed(stepper.run, objective, names);
    let mut before = Vec::new();
    rule.take_over(stepper.rule, |owner, place, value| {
        let name = names.of_memory(owner, place);
        let given = Recorded::given(name.symbol, name.component, value);
        before.push(given);
        given
    });
    let disturb = |gradient: &mut [f64]| objective.disturb(update, gradient);
    let sign = |index| objective.sign(update, index);
    let descended = replay.next_descended();
    let answers = Answers {
        asked: Asked::new(&descended, &disturb, &sign),
        looks: RefCell::default(),
    };
    let gradient = each("g", &replay.disturbed_gradient());
    let now = Step {
        number: replay.counted(),
        learning_rate: Recorded::given("α", None, replay.next_rate()),
        loss: Recorded::given("J", None, replay.loss()),
        gradient: &gradient,
        hyperparameters: &[],
        shapes: &[],
        objective: &answers,
    };
    let mut end = start.clone();
    rule.step(&now, &mut end);
    let shown = rule.shown();
    let memory = rule.remembered().zip(before);
    Taken {
        record: Record::default(),
        start,
        end,
        shown: shown.map(|shown| shown.iter().map(|w| w.to_f64()).collect()),
        memory: memory
            .map(|((owner, place, after), before)| Remembering {
                owner,
                place,
                before,
                after,
            })
            .collect(),
        looks: answers.looks.into_inner(),
    }
}

/// The run's rule in recording numbers, before its first step.
fn composed(
    run: &CheckedRun,
    objective: &dyn Objective,
    names: &Names,
) -> Composed<'static, Recorded> {
    let named = |owner: Owner, values: &[f64]| -> Vec<Recorded> {
        let settings = names.settings(owner).zip(values);
        settings
            .map(|(known, &value)| Recorded::given(known.symbol.clone(), None, value))
            .collect()
    };
    let rule: &'static dyn UpdateRule<Recorded> = run.optimizer;
    let card = run.optimizer.card();
    let settings = named(Owner::Rule(0), &run.hyperparameters);
    let rule = Composed::new(rule, card, settings, &objective.shapes());
    let wrappers = run.wrappers.iter().enumerate();
    wrappers.fold(rule, |rule, (index, spec)| {
        let settings = named(Owner::Wrapper(index), &spec.settings);
        let wrapper: &'static dyn Wrap<Recorded> = spec.wrapper;
        rule.wrapped(wrapper, spec.card(), settings)
    })
}

/// The objective as a recording rule may ask it: answers are given numbers, named by the count
/// of the looks.
struct Answers<'a> {
    asked: Asked<'a, f64>,
    looks: RefCell<Vec<Look>>,
}

impl Answers<'_> {
    /// Asks for as many numbers as `into` holds; they are called `symbol` with the look's count.
    fn ask(
        &self,
        (question, symbol): (Question, &str),
        at: &[Recorded],
        into: &mut [Recorded],
        ask: impl FnOnce(&[f64], &mut [f64]) -> Option<f64>,
    ) -> Option<Recorded> {
        let at: Vec<f64> = at.iter().map(|w| w.to_f64()).collect();
        let mut answer = vec![0.0; into.len()];
        let value = ask(&at, &mut answer);
        let mut looks = self.looks.borrow_mut();
        let count = looks.len() + 1;
        for (index, (recorded, &value)) in into.iter_mut().zip(&answer).enumerate() {
            let (symbol, component) = match question {
                Question::Hessian => {
                    let (row, column) = (index / at.len() + 1, index % at.len() + 1);
                    (format!("{symbol}⟨{row},{column}⟩"), None)
                }
                _ => (format!("{symbol}⟨{count}⟩"), Some(index)),
            };
            *recorded = Recorded::given(symbol, component, value);
        }
        looks.push(Look {
            question,
            at,
            value,
            answer,
        });
        value.map(|value| Recorded::given(format!("J⟨{count}⟩"), None, value))
    }
}

impl Probe<Recorded> for Answers<'_> {
    fn value(&self, at: &[Recorded]) -> Recorded {
        let ask = |at: &[f64], _: &mut [f64]| Some(self.asked.value(at));
        let answer = self.ask((Question::Value, "J"), at, &mut [], ask);
        answer.unwrap_or_else(|| Recorded::constant(f64::NAN))
    }

    fn gradient(&self, at: &[Recorded], gradient: &mut [Recorded]) -> Recorded {
        let ask = |at: &[f64], into: &mut [f64]| Some(self.asked.gradient(at, into));
        let answer = self.ask((Question::Gradient, "g"), at, gradient, ask);
        answer.unwrap_or_else(|| Recorded::constant(f64::NAN))
    }

    fn hessian(&self, at: &[Recorded], rows: &mut [Recorded]) {
        self.ask((Question::Hessian, "H"), at, rows, |at, into| {
            self.asked.hessian(at, into);
            None
        });
    }

    fn hessian_diagonal(&self, at: &[Recorded], diagonal: &mut [Recorded]) {
        self.ask((Question::Diagonal, "∂²J"), at, diagonal, |at, into| {
            self.asked.hessian_diagonal(at, into);
            None
        });
    }

    fn sampled_hessian_diagonal(&self, at: &[Recorded], diagonal: &mut [Recorded]) {
        let question = (Question::SampledDiagonal, "z⊙∇²J·z");
        self.ask(question, at, diagonal, |at, into| {
            self.asked.sampled_hessian_diagonal(at, into);
            None
        });
    }
}
