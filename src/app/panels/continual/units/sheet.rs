//! The units of one hidden layer at the playhead: what each answers to, to which tasks it matters,
//! and what the remedy lets it learn.

use crate::engine::continual::Observations;
use crate::export::{TextTable, shortest};

/// Below this multiple of their own update units count as protected.
const PROTECTED: f32 = 0.5;

/// From this importance on, in units of the layer's mean, a unit matters to a task.
const MATTERS: f32 = 1.0;

/// What can be said of a unit's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The remedy holds its updates back to less than half.
    Protected,
    /// It matters to several of the tasks that are over.
    Shared,
    /// It matters to one of them.
    Single,
    /// It matters to none of them.
    Free,
}

impl Role {
    /// Every one, from the top lane to the lowest.
    pub const ALL: [Self; 4] = [Self::Protected, Self::Shared, Self::Single, Self::Free];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Shared => "shared",
            Self::Single => "of one task",
            Self::Free => "free",
        }
    }

    /// How it is told.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Protected => {
                "The remedy multiplies the unit's updates by less than one half; frozen units by 0."
            }
            Self::Shared => {
                "Not protected, and its importance is above the layer's mean for several of the \
                 tasks that are over."
            }
            Self::Single => {
                "Not protected, and its importance is above the layer's mean for one of the tasks \
                 that are over."
            }
            Self::Free => {
                "Not protected, and its importance is below the layer's mean for every task that \
                 is over."
            }
        }
    }
}

/// A class, and the task that it belongs to, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// The task.
    pub task: usize,
    /// The name.
    pub name: String,
}

/// One hidden unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its number in its layer, from 0.
    pub number: usize,
    /// Its mean activation for every class.
    pub responses: Vec<f32>,
    /// The class that it answers to most strongly; none where it answers to none.
    pub favourite: Option<usize>,
    /// Its importance to every task that is over, as a multiple of the layer's mean.
    pub importance: Vec<f32>,
    /// By what the remedy multiplies its updates; none where the remedy tells no units apart.
    pub rate: Option<f32>,
    /// What follows from that.
    pub role: Role,
}

impl Unit {
    /// A response as a share of the strongest; 0 where it answers to nothing.
    pub fn share(&self, class: usize) -> f64 {
        let strongest = self.responses.iter().filter(|r| r.is_finite());
        let strongest = strongest.fold(0.0_f32, |most, r| most.max(r.abs()));
        match self.responses.get(class) {
            Some(response) if strongest > 0.0 => f64::from(response.abs() / strongest),
            Some(response) if response.is_nan() => f64::NAN,
            _ => 0.0,
        }
    }

    /// The most that it matters to any task.
    fn most_important(&self) -> f32 {
        self.importance.iter().copied().fold(0.0, f32::max)
    }
}

/// The order of the units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By the class that they answer to.
    #[default]
    Concept,
    /// The most important first.
    Importance,
    /// As they stand in the layer.
    Number,
}

/// All units of a layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The classes, task after task.
    pub concepts: Vec<Concept>,
    /// How many tasks are over, whose importance is known.
    pub finished: usize,
    /// The task that is being learnt, from 0.
    pub task: usize,
    /// After how many updates the units were seen so.
    pub step: u64,
    /// The units, in the order asked for.
    pub units: Vec<Unit>,
}

impl Sheet {
    /// What was seen of a layer last, not after `step`; none where nothing was.
    pub fn of(
        observations: &Observations,
        step: u64,
        layer: usize,
        names: &[Vec<String>],
        order: Order,
    ) -> Option<Self> {
        let moment = observations.at(step)?;
        let seen = moment.layers.get(layer)?;
        let over = observations.moments().iter();
        let over = over.filter(|moment| moment.ends_task && moment.step <= step);
        let over: Vec<_> = over.filter_map(|moment| moment.layers.get(layer)).collect();
        let concepts = names.iter().enumerate().flat_map(|(task, names)| {
            let concept = move |name: &String| Concept {
                task,
                name: name.clone(),
            };
            names.iter().map(concept)
        });
        let concepts: Vec<Concept> = concepts.collect();
        let unit = |number: usize| {
            let importance = over.iter().filter_map(|layer| layer.importance.get(number));
            let importance: Vec<f32> = importance.copied().collect();
            let rate = seen.rates.get(number).copied();
            Unit {
                number,
                responses: (0..concepts.len())
                    .map(|class| seen.response(class, number).unwrap_or(f32::NAN))
                    .collect(),
                favourite: seen.favourite(number),
                role: role(rate, &importance),
                importance,
                rate,
            }
        };
        let mut sheet = Self {
            finished: over.len(),
            task: moment.task,
            step: moment.step,
            units: (0..seen.units).map(unit).collect(),
            concepts,
        };
        sheet.sort(order);
        Some(sheet)
    }

    fn sort(&mut self, order: Order) {
        match order {
            Order::Number => {}
            Order::Importance => self
                .units
                .sort_by(|a, b| b.most_important().total_cmp(&a.most_important())),
            Order::Concept => self.units.sort_by_key(|unit| {
                // Those that answer to nothing come last.
                unit.favourite.unwrap_or(usize::MAX)
            }),
        }
    }

    /// How many units have a role.
    pub fn count(&self, role: Role) -> usize {
        self.units.iter().filter(|unit| unit.role == role).count()
    }

    /// How many units answer to nothing.
    pub fn silent(&self) -> usize {
        let silent = self.units.iter().filter(|unit| unit.favourite.is_none());
        silent.count()
    }

    /// How many units answer most to every class, and what role they have.
    pub fn by_concept(&self) -> TextTable {
        let mut headings: Vec<String> = ["class", "task", "units"].map(str::to_owned).to_vec();
        headings.extend(Role::ALL.map(|role| role.name().to_owned()));
        let row = |(class, concept): (usize, &Concept)| {
            let own = self.units.iter().filter(|u| u.favourite == Some(class));
            let own: Vec<&Unit> = own.collect();
            let mut cells = vec![
                concept.name.clone(),
                (concept.task + 1).to_string(),
                own.len().to_string(),
            ];
            cells.extend(Role::ALL.map(|role| {
                let of_role = own.iter().filter(|unit| unit.role == role);
                of_role.count().to_string()
            }));
            cells
        };
        TextTable {
            rows: self.concepts.iter().enumerate().map(row).collect(),
            headings,
        }
    }

    /// Every number of every unit.
    pub fn every_unit(&self) -> TextTable {
        let mut headings: Vec<String> = ["unit", "answers_to", "role", "update_factor"]
            .map(str::to_owned)
            .to_vec();
        headings.extend((1..=self.finished).map(|task| format!("importance_{task}")));
        let concepts = self.concepts.iter();
        headings.extend(concepts.map(|c| format!("response {} {}", c.task + 1, c.name)));
        let number = |value: f32| match value.is_finite() {
            true => shortest(f64::from(value)),
            false => String::new(),
        };
        let row = |unit: &Unit| {
            let favourite = unit.favourite.and_then(|class| self.concepts.get(class));
            let mut cells = vec![
                (unit.number + 1).to_string(),
                favourite.map_or_else(String::new, |concept| concept.name.clone()),
                unit.role.name().to_owned(),
                unit.rate.map_or_else(String::new, number),
            ];
            let mut importance: Vec<String> = unit.importance.iter().map(|&i| number(i)).collect();
            importance.resize(self.finished, String::new());
            cells.extend(importance);
            cells.extend(unit.responses.iter().map(|&response| number(response)));
            cells
        };
        TextTable {
            rows: self.units.iter().map(row).collect(),
            headings,
        }
    }
}

fn role(rate: Option<f32>, importance: &[f32]) -> Role {
    let tasks = importance.iter().filter(|&&i| i > MATTERS).count();
    match (rate, tasks) {
        (Some(rate), _) if rate < PROTECTED => Role::Protected,
        (_, 0) => Role::Free,
        (_, 1) => Role::Single,
        _ => Role::Shared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::continual::Learning;
    use crate::experiment::preset;

    #[test]
    fn roles_follow_from_the_remedy_and_the_importance() {
        assert_eq!(role(Some(0.0), &[]), Role::Protected);
        assert_eq!(role(Some(0.4), &[5.0, 5.0]), Role::Protected);
        assert_eq!(role(Some(1.0), &[5.0, 5.0]), Role::Shared);
        assert_eq!(role(None, &[5.0, 0.2]), Role::Single);
        assert_eq!(role(None, &[1.0, 0.2]), Role::Free);
    }

    #[test]
    fn a_layer_is_read_at_any_update_with_what_is_over_by_then() {
        let text = r#"(version: 1, epochs: 2, objective: Tasks(data: Blobs(examples: 60),
            joined: Permuted, scenario: Split(tasks: [[0, 1, 2], [3, 4, 5]]), head: Multi,
            layers: [Flatten, Dense(outputs: 8), Relu], batch_size: 30),
            runs: [(optimizer: "sgd", learning_rate: 0.3, remedy: FreezeNeurons(share: 0.5))])"#;
        let checked = preset::read(text).unwrap().check().unwrap();
        let (mut learning, mut history) = Learning::new(&checked).unwrap();
        learning.observe_units(&mut history);
        while !learning.is_done() {
            learning.advance(learning.block(), &mut history);
        }
        let observations = &history.traces[0].observations;
        let names = checked.sequence().unwrap().class_names();
        let at = |step: u64, order| Sheet::of(observations, step, 0, &names, order).unwrap();
        let border = checked.updates_per_task();
        let before = at(border - 1, Order::Number);
        assert_eq!((before.units.len(), before.concepts.len()), (8, 6));
        assert_eq!((before.finished, before.count(Role::Free)), (0, 8));
        let after = at(2 * border, Order::Number);
        assert_eq!(after.finished, 2);
        assert_eq!(after.count(Role::Protected), 4, "half of 8 are frozen");
        let numbers: Vec<usize> = after.units.iter().map(|unit| unit.number).collect();
        assert_eq!(numbers, (0..8).collect::<Vec<_>>());
        let ordered = at(2 * border, Order::Importance);
        let importance = ordered.units.iter().map(Unit::most_important);
        assert!(importance.is_sorted_by(|a, b| a >= b));
        let favourites = at(2 * border, Order::Concept);
        let favourites = favourites
            .units
            .iter()
            .map(|u| u.favourite.unwrap_or(usize::MAX));
        assert!(favourites.is_sorted());
        // Every unit is one of a class's, or silent; its strongest answer is the whole share.
        let table = after.by_concept();
        let counted: usize = table
            .rows
            .iter()
            .map(|row| row[2].parse::<usize>().unwrap())
            .sum();
        assert_eq!(counted + after.silent(), 8);
        for unit in after.units.iter().filter(|unit| unit.favourite.is_some()) {
            assert_eq!(unit.share(unit.favourite.unwrap()), 1.0);
        }
        let every = after.every_unit();
        assert!(
            every
                .rows
                .iter()
                .all(|row| row.len() == every.headings.len())
        );
        assert!(Sheet::of(observations, 0, 7, &names, Order::Number).is_none());
    }
}
