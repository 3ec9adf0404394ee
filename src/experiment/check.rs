//! From plain data to something that can run, or to everything that is wrong with it.

use super::{
    Experiment, RUN_COLOURS, RateEvent, RunSpec, WrapperSpec, event, objective, schedule, spec,
    starts,
};
use crate::models::continual::{Head, REMEDIES, Remedy, Sequence, Surfaces};
use crate::models::network::Task;
use crate::models::regression::Regression;
use crate::numbers::Lanes;
use crate::objective::Objective;
use crate::optimizers::{
    self, Composed, Hyperparameter, Needs, OPTIMIZERS, Optimizer, Shape, UpdateRule,
};
use crate::schedules::Schedule;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// The most runs of an experiment; their records then stay within a gigabyte.
pub const MAX_RUNS: usize = 256;

/// The most wrappers around one rule.
pub const MAX_WRAPPERS: usize = 16;

/// An experiment whose names are resolved and whose numbers are in range.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The data it was made from.
    pub experiment: Experiment,
    /// What is minimised, with the first seed.
    pub objective: Arc<dyn Objective>,
    /// The parameters before the first update, of the first start.
    pub start: Vec<f64>,
    /// The first seed.
    pub seed: u64,
    /// Every other pair of a start and a seed, start after start.
    pub variations: Vec<CheckedVariation>,
    /// The contenders, in file order.
    pub runs: Vec<CheckedRun>,
}

/// A start and a seed with which all runs go, beside the first ones.
#[derive(Clone, Debug)]
pub struct CheckedVariation {
    /// Number of the start, from 0 in file order.
    pub start_index: usize,
    /// The parameters before the first update.
    pub start: Vec<f64>,
    /// The seed.
    pub seed: u64,
    /// What is minimised, with this seed.
    pub objective: Arc<dyn Objective>,
}

impl CheckedVariation {
    /// Every pair of a start and a seed but the first.
    fn all(experiment: &Experiment, objective: &dyn Objective) -> Vec<Self> {
        let seeded = |seed: u64| (seed, objective.reseeded(seed));
        let seeds: Vec<_> = experiment.all_seeds().into_iter().map(seeded).collect();
        let mut pairs = Vec::new();
        for (start_index, start) in experiment.all_starts().into_iter().enumerate() {
            for (seed, objective) in &seeds {
                pairs.push(Self {
                    start_index,
                    start: start.clone(),
                    seed: *seed,
                    objective: Arc::clone(objective),
                });
            }
        }
        // The first is the experiment's own.
        pairs.remove(0);
        pairs
    }
}

impl Checked {
    /// How many updates go once through the data; 1 where there are none.
    pub fn updates_per_epoch(&self) -> u64 {
        self.objective.updates_per_epoch().max(1)
    }

    /// How many updates every run makes.
    pub fn updates(&self) -> u64 {
        self.updates_per_task()
            .saturating_mul(self.objective.tasks().max(1))
    }

    /// How many updates every run makes on each task; all of them where there are no tasks.
    pub fn updates_per_task(&self) -> u64 {
        self.experiment
            .epochs
            .saturating_mul(self.updates_per_epoch())
    }

    /// The epoch, from 1, that an update belongs to; 0 for the start.
    pub fn epoch_of(&self, update: u64) -> u64 {
        update.div_ceil(self.updates_per_epoch())
    }

    /// How many pairs of a start and a seed every run goes with.
    pub fn origins(&self) -> usize {
        self.variations.len() + 1
    }

    /// The same experiment from pair number `origin` of a start and a seed alone, counted from 0
    /// start after start as in `variations`; none where there is no such pair.
    pub fn from_origin(&self, origin: usize) -> Option<Self> {
        let (start, seed, objective) = match origin.checked_sub(1) {
            None => (&self.start, self.seed, &self.objective),
            Some(other) => {
                let other = self.variations.get(other)?;
                (&other.start, other.seed, &other.objective)
            }
        };
        Some(Self {
            experiment: self.experiment.clone(),
            objective: Arc::clone(objective),
            start: start.clone(),
            seed,
            variations: Vec::new(),
            runs: self.runs.clone(),
        })
    }

    /// Whether there is a minimum that a distance could be to.
    pub fn knows_minimum(&self) -> bool {
        let distance = self.objective.distance_to_minimum(&self.start);
        distance.is_some()
    }

    /// The training of a network, where that is what is done.
    pub fn task(&self) -> Option<&Task> {
        of_kind(&self.objective)
    }

    /// The trainings of a network with every seed, in the order of the records.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.with_every_seed()
    }

    /// The sequence of tasks, where that is what is learnt.
    pub fn sequence(&self) -> Option<&Sequence> {
        of_kind(&self.objective)
    }

    /// The sequences of tasks with every seed, in the order of the records.
    pub fn sequences(&self) -> impl Iterator<Item = &Sequence> {
        self.with_every_seed()
    }

    /// How many parameters every run has.
    pub fn parameters(&self) -> usize {
        self.objective.shapes().into_iter().map(Shape::size).sum()
    }

    /// The surfaces that follow one another, where that is what is descended.
    pub fn surfaces(&self) -> Option<&Surfaces> {
        of_kind(&self.objective)
    }

    /// The regression, where one is minimised.
    pub fn regression(&self) -> Option<&Regression> {
        of_kind(&self.objective)
    }

    /// The objective with every seed, in the order of the records, where it is of this kind.
    fn with_every_seed<T: 'static>(&self) -> impl Iterator<Item = &T> {
        let others = self.variations.iter().map(|variation| &variation.objective);
        let all = std::iter::once(&self.objective).chain(others);
        all.filter_map(of_kind)
    }
}

/// An objective as what it is, where it is of this kind.
fn of_kind<T: 'static>(objective: &Arc<dyn Objective>) -> Option<&T> {
    let objective: &dyn Any = &**objective;
    objective.downcast_ref()
}

/// A run with everything resolved.
#[derive(Clone, Debug)]
pub struct CheckedRun {
    /// The name on plots and tables.
    pub label: String,
    /// The rule.
    pub optimizer: &'static dyn Optimizer,
    /// Base of the schedule.
    pub learning_rate: f64,
    /// How the rate changes.
    pub schedule: Schedule,
    /// From which updates on the base is another.
    pub events: Vec<RateEvent>,
    /// Every hyperparameter, in the order of the rule's card.
    pub hyperparameters: Vec<f64>,
    /// What is composed around the rule, the outermost last.
    pub wrappers: Vec<WrapperSpec>,
    /// What is done against forgetting; none is fine-tuning.
    pub remedy: Option<Remedy>,
    /// Which outputs answer for a task, where the run differs from the objective.
    pub head: Option<Head>,
}

impl CheckedRun {
    /// The base of the schedule at update `step`, from 1.
    pub fn base_rate_at(&self, step: u64) -> f64 {
        event::base_at(self.learning_rate, &self.events, step)
    }

    /// The event that has set the base of update `step`, from 1; none where it is the run's first.
    pub fn event_at(&self, step: u64) -> Option<&RateEvent> {
        event::latest(&self.events, step)
    }

    /// The rule with its wrappers before its first step, for parameters in these blocks.
    pub fn composed(&self, shapes: &[Shape]) -> Composed<'static, f64> {
        let card = self.optimizer.card();
        let rule: &'static dyn UpdateRule<f64> = self.optimizer;
        let rule = Composed::new(rule, card, self.hyperparameters.clone(), shapes);
        self.wrappers.iter().fold(rule, |rule, around| {
            rule.wrapped(around.wrapper, around.card(), around.settings.clone())
        })
    }
}

impl CheckedRun {
    /// The rule with its wrappers before its first step, for eight runs packed in one number:
    /// `settings` are the rule's hyperparameters, `around` those of each wrapper.
    pub fn in_lanes(
        &self,
        shapes: &[Shape],
        settings: Vec<Lanes>,
        around: Vec<Vec<Lanes>>,
    ) -> Composed<'static, Lanes> {
        let rule: &'static dyn UpdateRule<Lanes> = self.optimizer;
        let rule = Composed::new(rule, self.optimizer.card(), settings, shapes);
        let wrappers = self.wrappers.iter().zip(around);
        wrappers.fold(rule, |rule, (spec, settings)| {
            rule.wrapped(spec.wrapper, spec.card(), settings)
        })
    }

    /// The rule with its wrappers before its first step, as networks are trained: in single
    /// precision.
    pub fn in_single_precision(&self, shapes: &[Shape]) -> Composed<'static, f32> {
        let single = |numbers: &[f64]| numbers.iter().map(|&x| x as f32).collect::<Vec<f32>>();
        let card = self.optimizer.card();
        let rule: &'static dyn UpdateRule<f32> = self.optimizer;
        let rule = Composed::new(rule, card, single(&self.hyperparameters), shapes);
        self.wrappers.iter().fold(rule, |rule, around| {
            rule.wrapped(around.wrapper, around.card(), single(&around.settings))
        })
    }
}

/// Something that keeps an experiment from running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a path of fields: `runs[2].learning_rate`.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl Experiment {
    /// Resolves every name and number.
    ///
    /// # Errors
    /// All problems at once, each with its place.
    pub fn check(&self) -> Result<Checked, Vec<Problem>> {
        let mut problems = Problems::default();
        if self.version != spec::VERSION {
            problems.add(
                "version",
                format!("{} is not a known format; write 1", self.version),
            );
        }
        let objective = objective::check(
            &self.objective,
            (self.epochs, self.all_seeds()[0]),
            &mut problems,
        );
        if self.runs.len() > MAX_RUNS {
            problems.add(
                "runs",
                format!(
                    "{} runs are more than the {MAX_RUNS} that an experiment may have",
                    self.runs.len()
                ),
            );
        }
        let runs: Vec<_> = self
            .runs
            .iter()
            .enumerate()
            .filter_map(|(index, run)| check_run(run, &format!("runs[{index}]"), &mut problems))
            .collect();
        if let Some(objective) = &objective {
            check_fits(&self.runs, &objective.shapes(), &mut problems);
            starts::check(self, objective.parameter_names().len(), &mut problems);
            let objective: &dyn Any = &**objective;
            if objective.is::<Task>() || objective.is::<Sequence>() {
                check_needs(&self.runs, &mut problems);
            }
            match objective.downcast_ref::<Sequence>() {
                Some(sequence) => check_heads(&self.runs, sequence.head(), &mut problems),
                None if objective.is::<Surfaces>() => refuse_on_surfaces(&self.runs, &mut problems),
                None => refuse_remedies(&self.runs, &mut problems),
            }
        }
        match objective {
            Some(objective) if problems.0.is_empty() => Ok(Checked {
                start: self.all_starts().swap_remove(0),
                seed: self.all_seeds()[0],
                variations: CheckedVariation::all(self, &*objective),
                experiment: self.clone(),
                objective,
                runs,
            }),
            _ => Err(problems.0),
        }
    }
}

#[derive(Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    /// How many there are so far.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// All of them.
    pub fn all(self) -> Vec<Problem> {
        self.0
    }

    pub fn add(&mut self, place: &str, message: String) {
        self.0.push(Problem {
            place: place.to_owned(),
            message,
        });
    }

    /// Reports a number that is not finite or fails `valid`.
    pub fn number(&mut self, place: &str, value: f64, valid: bool, expected: &dyn fmt::Display) {
        if !value.is_finite() {
            self.add(
                place,
                format!("{value} is not a finite number; give {expected}"),
            );
        } else if !valid {
            self.add(place, format!("{value} is out of range; give {expected}"));
        }
    }

    /// Reports a name that is not among the valid ones.
    pub fn unknown<'a>(
        &mut self,
        place: &str,
        kind: &str,
        name: &str,
        valid: impl Iterator<Item = &'a str>,
    ) {
        let hint = nearest(name, valid).map_or_else(
            || format!("`descent-lab list {kind}s` names them all"),
            |known| format!("did you mean `{known}`?"),
        );
        self.add(place, format!("unknown {kind} `{name}`; {hint}"));
    }
}

/// The valid name most like `name`, by edit distance; none when there are no names.
pub(crate) fn nearest<'a>(name: &str, valid: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    valid.min_by_key(|known| strsim::damerau_levenshtein(&lower, &known.to_lowercase()))
}

fn check_run(run: &RunSpec, place: &str, problems: &mut Problems) -> Option<CheckedRun> {
    let rate = run.base_rate();
    let domain = optimizers::Domain::NON_NEGATIVE;
    let rate_place = format!("{place}.learning_rate");
    problems.number(&rate_place, rate, domain.contains(rate), &domain);
    if let Some(colour) = run.colour
        && colour >= RUN_COLOURS
    {
        problems.add(
            &format!("{place}.colour"),
            format!("{colour} is out of range; give 0 to {}", RUN_COLOURS - 1),
        );
    }
    schedule::check(&run.schedule, &format!("{place}.schedule"), problems);
    event::check(&run.events, &format!("{place}.events"), problems);
    let Some(optimizer) = optimizers::find(&run.optimizer) else {
        let ids = OPTIMIZERS.iter().map(|optimizer| optimizer.card().id);
        let place = format!("{place}.optimizer");
        problems.unknown(&place, "optimizer", &run.optimizer, ids);
        return None;
    };
    Some(CheckedRun {
        label: run.display_label(),
        optimizer,
        learning_rate: rate,
        schedule: run.schedule.clone(),
        events: run.events.clone(),
        hyperparameters: check_hyperparameters(run, optimizer, place, problems),
        wrappers: check_wrappers(run, place, problems),
        remedy: check_remedy(run, place, problems),
        head: run.head,
    })
}

/// Reports every rule that is refused on parameters in blocks of these shapes.
fn check_fits(runs: &[RunSpec], shapes: &[Shape], problems: &mut Problems) {
    for (index, run) in runs.iter().enumerate() {
        let rule = optimizers::find(&run.optimizer);
        if let Some(reason) = rule.and_then(|rule| rule.card().fits.refusal(shapes)) {
            let place = format!("runs[{index}].optimizer");
            problems.add(
                &place,
                format!("`{}` is refused here: {reason}", run.optimizer),
            );
        }
    }
}

/// Reports every rule that needs more of a network than can be had.
fn check_needs(runs: &[RunSpec], problems: &mut Problems) {
    for (index, run) in runs.iter().enumerate() {
        let Some(card) = optimizers::find(&run.optimizer).map(|rule| rule.card()) else {
            continue;
        };
        let diagonal = Hyperparameter::DIAGONAL.id;
        let sampled = card.hyperparameter(diagonal);
        let message = match (card.needs, sampled) {
            (Needs::Hessian, _) => "the matrix of a network has no room in memory".to_owned(),
            (Needs::HessianDiagonal, Some(flag)) if run.value(flag) < 0.5 => format!(
                "the exact diagonal costs two gradients a parameter; write \
                 hyperparameters: {{\"{diagonal}\": 1}} for Hutchinson's estimate"
            ),
            _ => continue,
        };
        problems.add(
            &format!("runs[{index}].optimizer"),
            format!(
                "`{}` is refused on a network: it needs {}, and {message}",
                run.optimizer, card.needs
            ),
        );
    }
}

fn check_wrappers(run: &RunSpec, place: &str, problems: &mut Problems) -> Vec<WrapperSpec> {
    if run.wrappers.len() > MAX_WRAPPERS {
        let count = run.wrappers.len();
        problems.add(
            &format!("{place}.wrappers"),
            format!("{count} wrappers are more than the {MAX_WRAPPERS} that a run may have"),
        );
    }
    for (index, wrapper) in run.wrappers.iter().enumerate() {
        if let Some(reason) = refusal(run, wrapper) {
            problems.add(&format!("{place}.wrappers[{index}]"), reason);
        }
        for (setting, &value) in wrapper.card().settings.iter().zip(&wrapper.settings) {
            let mut place = format!("{place}.wrappers[{index}]");
            if !wrapper.card().is_positional {
                place = format!("{place}.{}", setting.id);
            }
            check_value(setting, value, &place, problems);
        }
    }
    run.wrappers.clone()
}

/// The run's remedy, its settings in range.
fn check_remedy(run: &RunSpec, place: &str, problems: &mut Problems) -> Option<Remedy> {
    let remedy = run.remedy.as_ref()?;
    for (setting, &value) in remedy.card.settings.iter().zip(&remedy.settings) {
        let place = format!("{place}.remedy.{}", setting.id);
        check_value(setting, value, &place, problems);
    }
    Some(remedy.clone())
}

/// Reports runs whose head needs another network than the objective's.
fn check_heads(runs: &[RunSpec], head: Head, problems: &mut Problems) {
    for (index, run) in runs.iter().enumerate() {
        let Some(own) = run.head else { continue };
        if (own == Head::Domain) != (head == Head::Domain) {
            let message = format!(
                "a run with the head {own:?} needs another network than the objective's head \
                 {head:?}; runs may change only between Single, Growing and Multi"
            );
            problems.add(&format!("runs[{index}].head"), message);
        }
    }
}

/// Reports remedies that surfaces have nothing for.
fn refuse_on_surfaces(runs: &[RunSpec], problems: &mut Problems) {
    for (index, run) in runs.iter().enumerate() {
        if let Some(remedy) = &run.remedy
            && !remedy.card.works_on_surfaces()
        {
            let able = REMEDIES.iter().filter(|card| card.works_on_surfaces());
            let able: Vec<_> = able.map(|card| card.id).collect();
            let message = format!(
                "{} needs a network with examples, which surfaces have not; give one of {}",
                remedy.card.name,
                able.join(", ")
            );
            problems.add(&format!("runs[{index}].remedy"), message);
        }
        if run.head.is_some() {
            let message = "surfaces have no outputs, and so no heads; take it out".to_owned();
            problems.add(&format!("runs[{index}].head"), message);
        }
    }
}

/// Reports remedies against forgetting where nothing is learnt that could be forgotten.
fn refuse_remedies(runs: &[RunSpec], problems: &mut Problems) {
    for (index, run) in runs.iter().enumerate() {
        let fields = [
            ("remedy", run.remedy.is_some()),
            ("head", run.head.is_some()),
        ];
        for (field, _) in fields.into_iter().filter(|(_, is_given)| *is_given) {
            let message = "only an objective Tasks(...), or a formula that others follow, has it; \
                           take it out"
                .to_owned();
            problems.add(&format!("runs[{index}].{field}"), message);
        }
    }
}

/// Why a wrapper is refused around the run's rule; none where it is not.
fn refusal(run: &RunSpec, wrapper: &WrapperSpec) -> Option<String> {
    let rule = optimizers::find(&run.optimizer)?.card();
    let id = wrapper.card().id;
    let is_idle = wrapper.card().needs == Needs::Gradients && !rule.needs.uses_gradient();
    is_idle.then(|| {
        format!(
            "`{id}` is refused around `{}`: it asks for a gradient at another point, and that \
             rule uses none",
            rule.id
        )
    })
}

/// Reports a value that is out of its domain, or no whole number where only those make sense.
fn check_value(setting: &Hyperparameter, value: f64, place: &str, problems: &mut Problems) {
    let domain = setting.domain;
    problems.number(place, value, domain.contains(value), &domain);
    if domain.contains(value) && setting.scale.is_whole() && value.fract() != 0.0 {
        problems.add(
            place,
            format!("{value} is not a whole number; give {domain}"),
        );
    }
}

fn check_variant(run: &RunSpec, optimizer: &dyn Optimizer, place: &str, problems: &mut Problems) {
    let card = optimizer.card();
    let Some(variant) = &run.variant else { return };
    let place = format!("{place}.variant");
    if card.variants.is_empty() {
        problems.add(&place, format!("`{}` has no variants", card.id));
    } else if card.variant(variant).is_none() {
        let ids = card.variants.iter().map(|variant| variant.id);
        problems.unknown(&place, &format!("variant of `{}`", card.id), variant, ids);
    }
}

/// The rule's hyperparameters in card order, defaults filled in.
fn check_hyperparameters(
    run: &RunSpec,
    optimizer: &dyn Optimizer,
    place: &str,
    problems: &mut Problems,
) -> Vec<f64> {
    let card = optimizer.card();
    check_variant(run, optimizer, place, problems);
    for (id, &value) in &run.hyperparameters {
        let place = format!("{place}.hyperparameters.{id}");
        match card.hyperparameter(id) {
            Some(h) => check_value(h, value, &place, problems),
            None if card.hyperparameters.is_empty() => {
                problems.add(&place, format!("`{}` has no hyperparameters", card.id));
            }
            None => {
                let ids = card.hyperparameters.iter().map(|h| h.id);
                let kind = format!("hyperparameter of `{}`", card.id);
                problems.unknown(&place, &kind, id, ids);
            }
        }
    }
    card.hyperparameters.iter().map(|h| run.value(h)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::ObjectiveSpec;
    use crate::landscapes;
    use std::collections::BTreeMap;

    fn experiment() -> Experiment {
        Experiment {
            version: 1,
            title: String::new(),
            notes: String::new(),
            objective: ObjectiveSpec::Landscape {
                surface: "rosenbrock".into(),
                start: None,
                noise: 0.0,
                settings: BTreeMap::new(),
            },
            epochs: 10,
            seed: 0,
            starts: Vec::new(),
            seeds: Vec::new(),
            runs: vec![RunSpec::new("sgd"), RunSpec::new("adam")],
            tune: None,
        }
    }

    fn only_problem(experiment: &Experiment) -> String {
        let problems = experiment.check().unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems[0].to_string()
    }

    #[test]
    fn absent_settings_take_the_cards_defaults() {
        let checked = experiment().check().unwrap();
        assert_eq!(
            checked.runs[1].hyperparameters,
            [0.9, 0.999, 1e-8, 0.0, 0.0]
        );
        assert_eq!(checked.runs[1].learning_rate, 0.001);
        assert_eq!(checked.start, [-1.54, -0.64]);
    }

    #[test]
    fn an_unknown_optimizer_is_named_with_its_place_and_the_nearest() {
        let mut bad = experiment();
        bad.runs[1].optimizer = "admam".into();
        assert_eq!(
            only_problem(&bad),
            "runs[1].optimizer: unknown optimizer `admam`; did you mean `adam`?"
        );
    }

    #[test]
    fn nan_negative_and_out_of_range_numbers_are_named() {
        let mut bad = experiment();
        bad.runs[0].learning_rate = Some(f64::NAN);
        assert!(only_problem(&bad).contains("runs[0].learning_rate: NaN is not a finite number"));
        bad.runs[0].learning_rate = Some(-0.1);
        assert!(only_problem(&bad).contains("-0.1 is out of range"));
        bad = experiment();
        bad.runs[1].hyperparameters.insert("beta1".into(), 1.0);
        assert!(only_problem(&bad).contains("runs[1].hyperparameters.beta1: 1 is out of range"));
        bad = experiment();
        bad.runs[1].schedule = Schedule::InverseTime {
            rate: -1.0,
            per: Default::default(),
        };
        assert!(only_problem(&bad).contains("runs[1].schedule.rate"));
    }

    #[test]
    fn settings_of_a_landscape_are_checked_and_used() {
        let with = |id: &str, name: &str, value: f64| {
            let mut experiment = experiment();
            experiment.objective = ObjectiveSpec::Landscape {
                surface: id.into(),
                start: None,
                noise: 0.0,
                settings: BTreeMap::from([(name.into(), value)]),
            };
            experiment
        };
        let narrow = with("ravine", "condition_number", 1000.0).check().unwrap();
        let height = |checked: &Checked, at: [f64; 2]| -> f64 {
            landscapes::Surface::height(&**checked.objective.landscape().unwrap(), at)
        };
        assert_eq!(height(&narrow, [0.0, 1.0]), 500.0);
        let turned = with("ravine", "rotation", 90.0).check().unwrap();
        assert!((height(&turned, [1.0, 0.0]) - 50.0).abs() < 1e-12);
        assert!(narrow.objective.landscape() != turned.objective.landscape());
        let default = with("ravine", "condition_number", 100.0).check().unwrap();
        let listed = landscapes::find("ravine").unwrap().into();
        assert_eq!(default.objective.landscape(), Some(&listed));
        assert_eq!(
            only_problem(&with("ravine", "condition", 10.0)),
            "objective.settings.condition: unknown setting of `ravine` `condition`; did you mean \
             `rotation`?"
        );
        assert!(only_problem(&with("ravine", "condition_number", 0.5)).contains("is out of range"));
        assert!(only_problem(&with("ravine", "rotation", f64::NAN)).contains("not a finite"));
        assert_eq!(
            only_problem(&with("booth", "rotation", 1.0)),
            "objective.settings.rotation: `booth` has no settings"
        );
    }

    #[test]
    fn all_problems_are_reported_together() {
        let mut bad = experiment();
        bad.objective = ObjectiveSpec::Landscape {
            surface: "rosenbrok".into(),
            start: Some([f64::INFINITY, 0.0]),
            noise: -1.0,
            settings: BTreeMap::new(),
        };
        bad.runs[0].hyperparameters.insert("momentum".into(), 0.9);
        bad.runs[1].hyperparameters.insert("beta".into(), 0.9);
        bad.runs[1].colour = Some(200);
        let places: Vec<_> = bad
            .check()
            .unwrap_err()
            .into_iter()
            .map(|p| p.place)
            .collect();
        assert_eq!(
            places,
            [
                "objective.start[0]",
                "objective.noise",
                "objective.surface",
                "runs[0].hyperparameters.momentum",
                "runs[1].colour",
                "runs[1].hyperparameters.beta"
            ]
        );
    }

    #[test]
    fn more_runs_than_memory_holds_are_refused() {
        let mut crowd = experiment();
        crowd.runs = vec![RunSpec::new("sgd"); MAX_RUNS + 1];
        assert!(only_problem(&crowd).starts_with("runs: 257 runs are more than"));
        crowd.runs.pop();
        assert!(crowd.check().is_ok());
    }

    #[test]
    fn a_rule_is_refused_where_it_does_not_fit_with_the_reason() {
        let mut bad = experiment();
        for id in ["muon", "adafactor"] {
            bad.runs[1] = RunSpec::new(id);
            let problem = only_problem(&bad);
            let begins = format!("runs[1].optimizer: `{id}` is refused here: it needs a weight");
            assert!(problem.starts_with(&begins), "{problem}");
        }
        let simplex = optimizers::find("nelder_mead").unwrap().card().fits;
        assert_eq!(simplex.refusal(&[Shape::vector(1000)]), None);
        let blocks = [Shape::vector(1), Shape::matrix(10, 100)];
        let reason = simplex.refusal(&blocks).unwrap();
        assert!(
            reason.contains("at most 1000 parameters and here are 1001"),
            "{reason}"
        );
    }

    #[test]
    fn variants_set_what_the_run_does_not() {
        let mut varied = experiment();
        varied.runs[1].variant = Some("keras".into());
        let checked = varied.check().unwrap();
        assert_eq!(
            checked.runs[1].hyperparameters,
            [0.9, 0.999, 1e-7, 0.0, 1.0]
        );
        assert_eq!(checked.runs[1].label, "Adam (Keras)");
        varied.runs[1]
            .hyperparameters
            .insert("epsilon".into(), 1e-3);
        assert_eq!(varied.check().unwrap().runs[1].hyperparameters[2], 1e-3);
        varied.runs[1].variant = Some("kears".into());
        assert_eq!(
            only_problem(&varied),
            "runs[1].variant: unknown variant of `adam` `kears`; did you mean `keras`?"
        );
        varied.runs[0].variant = varied.runs[1].variant.take();
        assert_eq!(
            only_problem(&varied),
            "runs[0].variant: `sgd` has no variants"
        );
    }

    #[test]
    fn settings_of_wrappers_and_conventions_are_checked() {
        let mut bad = experiment();
        let wrapper = |id| WrapperSpec::new(optimizers::wrappers::find(id).unwrap());
        bad.runs[0].wrappers = vec![wrapper("ClipNorm"), wrapper("Lookahead")];
        assert_eq!(
            bad.check().unwrap().runs[0].label,
            "Gradient descent + Clip by norm + Lookahead"
        );
        bad.runs[0].wrappers[0].settings[0] = -1.0;
        assert!(only_problem(&bad).starts_with("runs[0].wrappers[0]: -1 is out of range"));
        bad.runs[0].wrappers[0].settings[0] = 1.0;
        bad.runs[0].wrappers[1].settings[0] = 2.5;
        assert_eq!(
            only_problem(&bad),
            "runs[0].wrappers[1].k: 2.5 is not a whole number; give a finite number of at least 1"
        );
        bad.runs[0].wrappers = vec![wrapper("Sam"); MAX_WRAPPERS + 1];
        assert!(only_problem(&bad).starts_with("runs[0].wrappers: 17 wrappers are more"));
        bad = experiment();
        bad.runs[1]
            .hyperparameters
            .insert("epsilon_hat".into(), 0.5);
        assert!(only_problem(&bad).contains("epsilon_hat: 0.5 is not a whole number"));
    }

    #[test]
    fn a_climb_along_the_gradient_is_refused_around_a_rule_without_one() {
        let mut bad = experiment();
        bad.runs[1] = RunSpec::new("nelder_mead");
        let sam = WrapperSpec::new(optimizers::wrappers::find("Sam").unwrap());
        bad.runs[0].wrappers = vec![sam.clone()];
        assert!(bad.check().is_ok());
        bad.runs[1].wrappers = vec![sam];
        let problem = only_problem(&bad);
        let begins = "runs[1].wrappers[0]: `Sam` is refused around `nelder_mead`: it asks for a";
        assert!(problem.starts_with(begins), "{problem}");
    }

    #[test]
    fn a_least_loss_that_is_not_finite_is_refused_in_few_words() {
        let mut bad = experiment();
        bad.runs[1] = RunSpec::new("polyak_sgd");
        let settings = &mut bad.runs[1].hyperparameters;
        settings.insert("f_min".into(), f64::INFINITY);
        assert_eq!(
            only_problem(&bad),
            "runs[1].hyperparameters.f_min: inf is not a finite number; give any finite number"
        );
    }

    #[test]
    fn extreme_but_finite_rates_are_allowed() {
        let mut odd = experiment();
        odd.runs[0].learning_rate = Some(1e308);
        odd.runs[1].learning_rate = Some(0.0);
        odd.epochs = 0;
        assert!(odd.check().is_ok());
    }
}
