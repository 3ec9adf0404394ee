//! Everything that is said about one step.

use super::names::Names;
use super::taken::{self, Look, Stepper, Taken};
use super::worked::{self, Line};
use crate::engine::Replay;
use crate::experiment::{Checked, CheckedRun};
use crate::numbers::{Recorded, Scalar};
use crate::objective::Function;
use crate::optimizers::{OptimizerCard, Owner, Place};
use crate::schedules::{Per, ScheduleCard};

/// One step of a run.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The run's name on plots and tables.
    pub label: String,
    /// The card of its rule.
    pub card: &'static OptimizerCard,
    /// The formulas of the wrappers around it, each with its name, the innermost first.
    pub wrappers: Vec<(String, &'static [&'static str])>,
    /// Which update, from 1.
    pub step: u64,
    /// How many updates the experiment has.
    pub updates: u64,
    /// The parameters' names.
    pub parameter_names: Vec<String>,
    /// The settings of the rule and its wrappers.
    pub settings: Vec<Setting>,
    /// The learning rate and where it comes from.
    pub rate: Rate,
    /// Whether J and g are those of the step's batch, not of all data.
    pub has_batches: bool,
    /// J before the step, where the rule works.
    pub loss: f64,
    /// J of the present surface alone, where surfaces before it add to `loss`.
    pub loss_alone: Option<f64>,
    /// ∂J/∂w there.
    pub gradient: Vec<f64>,
    /// The gradient that the rule was given, where noise made it another one.
    pub disturbed: Option<Vec<f64>>,
    /// What the rule asked the objective by itself.
    pub looks: Vec<Look>,
    /// The step, line by line.
    pub lines: Vec<Line>,
    /// What is remembered, before and after.
    pub memory: Vec<Remembered>,
    /// The parameters, before and after.
    pub parameters: Vec<Moved>,
    /// J after the step, where the rule works.
    pub loss_after: f64,
    /// What is shown after the step in place of the rule's parameters, with its J.
    pub shown: Option<(Vec<f64>, f64)>,
}

/// A setting in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The symbol in formulas.
    pub symbol: String,
    /// Its value.
    pub value: f64,
    /// What it does.
    pub meaning: &'static str,
}

/// The rate of the step.
#[derive(Clone, Debug)]
pub struct Rate {
    /// The rate.
    pub value: f64,
    /// The run's own rate, from which the schedule makes it.
    pub base: f64,
    /// The step at which an event of the run set that; none where it is the run's first.
    pub set_at: Option<u64>,
    /// By what it is multiplied on the present surface; 1 where no remedy slows the run.
    pub factor: f64,
    /// The schedule whose turn it is.
    pub schedule: &'static ScheduleCard,
    /// The settings of that schedule, as experiment files write it.
    pub written: String,
    /// The number of the update since that schedule began, from 1.
    pub update: u64,
    /// The number of its epoch since then, from 1.
    pub epoch: u64,
}

/// What is remembered under one symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Remembered {
    /// Who remembers it.
    pub owner: String,
    /// The symbol in formulas.
    pub symbol: String,
    /// What it is.
    pub meaning: &'static str,
    /// Every number, once a parameter or as many as there are.
    pub numbers: Vec<Noted>,
}

/// A number before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    /// Which of them, where there are several.
    pub entry: Option<usize>,
    /// Before the step.
    pub before: f64,
    /// After it.
    pub after: f64,
}

/// What the step did to a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Its name.
    pub name: String,
    /// Before the step.
    pub before: f64,
    /// After it.
    pub after: f64,
    /// The rate at which the gradient alone would have made that step: −Δ/g. None where g is 0.
    pub effective_rate: Option<f64>,
}

impl Moved {
    /// How far it moved.
    pub fn step(&self) -> f64 {
        self.after - self.before
    }
}

/// Explains the update that comes next, as the run makes it.
pub(super) fn of_next_step(checked: &Checked, replay: &Replay<'_>) -> Explanation {
    let stepper = Stepper {
        run: replay.run(),
        rule: replay.rule(),
    };
    of_next_step_by(checked, replay, stepper)
}

/// Explains the update that comes next, as `stepper` makes it from there.
pub(super) fn of_next_step_by(
    checked: &Checked,
    replay: &Replay<'_>,
    stepper: Stepper<'_>,
) -> Explanation {
    let run = stepper.run;
    let objective = &*checked.objective;
    let number = replay.updates() + 1;
    let parameter_names = objective.parameter_names();
    let names = Names::new(run, parameter_names.len());
    let taken = taken::take(replay, stepper, objective, &names);
    let given = replay.disturbed_gradient();
    let end: Vec<f64> = taken.end.iter().map(|w| w.to_f64()).collect();
    let descended = replay.next_descended();
    let loss_at = |at: &[f64]| descended.value(at);
    let wrappers = run.wrappers.iter().enumerate().map(|(index, spec)| {
        let name = names.owner(Owner::Wrapper(index)).to_owned();
        (name, spec.card().formula)
    });
    Explanation {
        label: run.label.clone(),
        card: run.optimizer.card(),
        wrappers: wrappers.collect(),
        step: number,
        updates: checked.updates(),
        has_batches: objective.has_batches(),
        settings: settings(run, &names),
        rate: rate(replay),
        loss: replay.loss(),
        loss_alone: replay.loss_alone(),
        gradient: replay.gradient().to_vec(),
        lines: worked::lines(&taken, &names),
        memory: memory(&taken, &names),
        parameters: moved(&taken, &parameter_names, &given),
        loss_after: loss_at(&end),
        shown: taken.shown.map(|shown| {
            let loss = loss_at(&shown);
            (shown, loss)
        }),
        looks: taken.looks,
        disturbed: (!objective.is_exact()).then_some(given),
        parameter_names,
    }
}

fn settings(run: &CheckedRun, names: &Names) -> Vec<Setting> {
    let of = |owner: Owner, values: &[f64]| -> Vec<Setting> {
        let settings = names.settings(owner).zip(values);
        settings
            .map(|(known, &value)| Setting {
                symbol: known.symbol.clone(),
                value,
                meaning: known.meaning,
            })
            .collect()
    };
    let mut all = of(Owner::Rule(0), &run.hyperparameters);
    for (index, spec) in run.wrappers.iter().enumerate() {
        all.extend(of(Owner::Wrapper(index), &spec.settings));
    }
    all
}

fn rate(replay: &Replay<'_>) -> Rate {
    let run = replay.run();
    let step = replay.updates() + 1;
    let (active, at) = run.schedule.active(replay.next_moment());
    Rate {
        value: replay.next_rate(),
        base: run.base_rate_at(step),
        set_at: run.event_at(step).map(|event| event.step),
        factor: replay.rate_factor(),
        schedule: active.card(),
        written: ron::to_string(active).unwrap_or_default(),
        update: at.update(),
        epoch: at.count(Per::Epoch),
    }
}

fn memory(taken: &Taken, names: &Names) -> Vec<Remembered> {
    let mut all: Vec<Remembered> = Vec::new();
    for number in &taken.memory {
        let known = names.known(number.owner, number.place);
        let is_same = |last: &&mut Remembered| last.symbol == known.symbol;
        let noted = Noted {
            entry: match number.place {
                Place::Slot { entry, .. } => Some(entry),
                Place::Scalar(_) => None,
            },
            before: number.before.to_f64(),
            after: number.after.to_f64(),
        };
        match all.last_mut().filter(is_same) {
            Some(last) => last.numbers.push(noted),
            None => all.push(Remembered {
                owner: names.owner(number.owner).to_owned(),
                symbol: known.symbol.clone(),
                meaning: known.meaning,
                numbers: vec![noted],
            }),
        }
    }
    all
}

fn moved(taken: &Taken, names: &[String], given: &[f64]) -> Vec<Moved> {
    let value = |number: &Recorded| number.to_f64();
    let pairs = taken
        .start
        .iter()
        .map(value)
        .zip(taken.end.iter().map(value));
    let named = pairs.zip(names).zip(given);
    named
        .map(|(((before, after), name), &g)| Moved {
            name: name.clone(),
            before,
            after,
            effective_rate: (g != 0.0).then(|| (before - after) / g),
        })
        .collect()
}

impl Explanation {
    /// What a symbol of the lines stands for; none for what is worked out in them.
    pub fn meaning(&self, symbol: &str) -> Option<&str> {
        let settings = self.settings.iter();
        let setting = settings.filter(|s| s.symbol == symbol).map(|s| s.meaning);
        // Of a slot with several rows each has its number.
        let is_row = |known: &str| {
            let rest = symbol.strip_prefix(known);
            rest.is_some_and(|rest| rest.chars().all(|c| ('₀'..='₉').contains(&c)))
        };
        let memory = self.memory.iter();
        let remembered = memory.filter(|m| is_row(&m.symbol)).map(|m| m.meaning);
        let usual = match symbol {
            "θ" => Some("the parameters"),
            "g" => Some("the gradient that the rule is given, ∂J/∂θ"),
            "α" => Some("the learning rate of this update"),
            "J" => Some("the loss before the step"),
            _ if symbol.starts_with("J⟨") => Some("the loss where the rule asked for it"),
            _ if symbol.starts_with("g⟨") => Some("the gradient where the rule asked for it"),
            _ if symbol.starts_with("H⟨") => Some("an entry of the Hessian matrix"),
            _ => None,
        };
        usual.into_iter().chain(setting).chain(remembered).next()
    }
}

impl Remembered {
    /// Whether its numbers belong to the parameters, one each.
    pub(super) fn is_per_parameter(&self, parameters: usize) -> bool {
        self.numbers.len() == parameters && self.numbers.iter().all(|n| n.entry.is_some())
    }
}
