//! The tables: a row a run, and the accuracy matrix of one run.

use super::scores::{Score, Standing, by_task_in_percent, in_percent, standings};
use crate::engine::History;
use crate::engine::continual::Results;
use crate::engine::over_seeds::Spread;
use crate::experiment::Checked;
use crate::export::results::TableForm;
use crate::export::shortest;
use crate::export::text_table::TextTable;

/// A score of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// Over all seeds; none while it says nothing.
    pub spread: Option<Spread>,
    /// Among the runs with the same head.
    pub standing: Standing,
}

/// One run's line.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRow {
    /// Its number.
    pub run: usize,
    /// Its name.
    pub label: String,
    /// The name of its head.
    pub head: &'static str,
    /// Its remedy, as files have it.
    pub remedy: &'static str,
    /// Copies of examples that the remedy keeps.
    pub kept_examples: u64,
    /// The accuracy on every task just after it, over all seeds.
    pub learnt: Vec<Option<Spread>>,
    /// The accuracy on every task after the last finished one.
    pub at_the_end: Vec<Option<Spread>>,
    /// Whether it diverged with some seed, so that it has no scores.
    pub has_diverged: bool,
    /// In the order of [`Score::ALL`].
    pub scores: Vec<Scored>,
}

/// The lines of the runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreTable {
    /// In file order.
    pub rows: Vec<ScoreRow>,
    /// How many seeds there are.
    pub seeds: usize,
    /// How many tasks there are.
    pub tasks: usize,
}

impl ScoreTable {
    /// Of these runs.
    pub fn new(checked: &Checked, history: &History, runs: &[usize]) -> Self {
        let all = Results::all(checked, history);
        let of_run = |run: usize| -> Vec<&Results> {
            let of_run = all.iter().filter(|(number, ..)| *number == run);
            of_run.map(|(.., results)| results).collect()
        };
        let mut rows: Vec<ScoreRow> = Vec::new();
        for &run in runs {
            let results = of_run(run);
            if let Some(label) = checked.runs.get(run).map(|run| &run.label)
                && !results.is_empty()
            {
                rows.push(row(run, label, &results));
            }
        }
        let mut table = Self {
            rows,
            seeds: 1 + history.variations.len(),
            tasks: checked.sequence().map_or(0, |sequence| sequence.tasks()),
        };
        table.rank(&of_run);
        table
    }

    /// Writes how every run stands among those with the same head.
    fn rank<'a>(&mut self, of_run: &dyn Fn(usize) -> Vec<&'a Results>) {
        let is_reference = |row: &ScoreRow| row.remedy == "Joint";
        let heads: Vec<&str> = self.rows.iter().map(|row| row.head).collect();
        for head in ["single", "multi", "domain"] {
            let group: Vec<usize> = (0..self.rows.len())
                .filter(|&index| heads[index] == head && !is_reference(&self.rows[index]))
                .collect();
            for (number, score) in Score::ALL.into_iter().enumerate() {
                let seeds: Vec<Vec<Option<f64>>> = group
                    .iter()
                    .map(|&index| {
                        let results = of_run(self.rows[index].run);
                        results.iter().map(|results| score.of(results)).collect()
                    })
                    .collect();
                let standings = standings(score, &seeds);
                for (&index, standing) in group.iter().zip(standings) {
                    self.rows[index].scores[number].standing = standing;
                }
            }
        }
        for row in self.rows.iter_mut().filter(|row| is_reference(row)) {
            for scored in &mut row.scores {
                scored.standing = Standing::Reference;
            }
        }
    }

    /// The table as text: for people in %, as CSV with every digit.
    pub fn text(&self, form: TableForm) -> String {
        match form {
            TableForm::Csv => self.exact().text(form),
            TableForm::Markdown | TableForm::Latex => self.for_people().text(form),
        }
    }

    fn for_people(&self) -> TextTable {
        let mut headings: Vec<String> = ["run", "head", "when learnt, %", "at the end, %"]
            .map(str::to_owned)
            .to_vec();
        headings.extend(Score::ALL.map(|score| format!("{}, %", score.heading())));
        headings.push("kept examples".to_owned());
        let rows = self.rows.iter().map(|row| {
            let mut cells = vec![row.label.clone(), row.head.to_owned()];
            let by_task = |shares: &[Option<Spread>]| by_task_in_percent(shares.iter().copied());
            cells.extend([by_task(&row.learnt), by_task(&row.at_the_end)]);
            cells.extend(row.scores.iter().map(Scored::cell));
            cells.push(row.kept_examples.to_string());
            cells
        });
        TextTable {
            rows: rows.collect(),
            headings,
        }
    }

    fn exact(&self) -> TextTable {
        let pair = |name: &str| [name.to_owned(), format!("{name}_deviation")];
        let mut headings: Vec<String> = ["run", "head", "remedy", "kept_examples", "seeds"]
            .map(str::to_owned)
            .to_vec();
        for task in 1..=self.tasks {
            headings.extend(pair(&format!("learnt_{task}")));
            headings.extend(pair(&format!("end_{task}")));
        }
        for score in Score::ALL {
            headings.extend(pair(score.id()));
            headings.push(format!("{}_standing", score.id()));
        }
        let rows = self.rows.iter().map(|row| {
            let mut cells = vec![
                row.label.clone(),
                row.head.to_owned(),
                row.remedy.to_owned(),
                row.kept_examples.to_string(),
                self.seeds.to_string(),
            ];
            for task in 0..self.tasks {
                let of = |spreads: &[Option<Spread>]| digits(spreads.get(task).copied().flatten());
                cells.extend(of(&row.learnt));
                cells.extend(of(&row.at_the_end));
            }
            for scored in &row.scores {
                cells.extend(digits(scored.spread));
                cells.push(scored.standing.mark().to_owned());
            }
            cells
        });
        TextTable {
            rows: rows.collect(),
            headings,
        }
    }
}

impl Scored {
    /// As people read it.
    pub fn cell(&self) -> String {
        let number = in_percent(self.spread);
        match self.standing.mark() {
            "" => number,
            _ if self.spread.is_none() => number,
            mark => format!("{number} ({mark})"),
        }
    }
}

/// Mean and deviation with every digit; empty where there is none.
fn digits(spread: Option<Spread>) -> [String; 2] {
    let number = |value: Option<f64>| value.map_or_else(String::new, shortest);
    [
        number(spread.map(|spread| spread.mean)),
        number(spread.and_then(|spread| spread.deviation)),
    ]
}

fn row(run: usize, label: &str, results: &[&Results]) -> ScoreRow {
    // As many as every seed has finished.
    let finished = results.iter().map(|results| results.matrix.rows.len());
    let finished = finished.min().unwrap_or(0);
    let over_seeds = |value: &dyn Fn(&Results) -> f64| {
        let values: Vec<f64> = results.iter().map(|results| value(results)).collect();
        Spread::of(&values)
    };
    let scored = |score: Score| Scored {
        spread: Spread::of_all(results.iter().map(|results| score.of(results))),
        standing: Standing::Alone,
    };
    let learnt = |task: usize| over_seeds(&|results| results.matrix.rows[task][task]);
    let at_the_end = |task: usize| over_seeds(&|results| results.matrix.rows[finished - 1][task]);
    let has_diverged = results.iter().any(|results| results.has_diverged);
    let ends = if has_diverged { 0 } else { finished };
    ScoreRow {
        run,
        label: label.to_owned(),
        head: results[0].head.name(),
        remedy: results[0].remedy,
        kept_examples: results[0].kept_examples,
        learnt: (0..finished).map(learnt).collect(),
        at_the_end: (0..ends).map(at_the_end).collect(),
        has_diverged,
        scores: Score::ALL.map(scored).to_vec(),
    }
}

/// R[k][j] over all seeds: the accuracy on task j after task k.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// One row a task that every seed has finished, one number a task.
    pub rows: Vec<Vec<Spread>>,
}

impl Matrix {
    /// Of a run.
    pub fn of(checked: &Checked, history: &History, run: usize) -> Self {
        let all = Results::all(checked, history);
        let of_run: Vec<_> = all.iter().filter(|(number, ..)| *number == run).collect();
        let rows = of_run.iter().map(|(.., results)| results.matrix.rows.len());
        let row = |after: usize| {
            let tasks = of_run[0].2.matrix.rows[after].len();
            let cell = |task: usize| {
                let values = of_run.iter().map(|(.., r)| r.matrix.rows[after][task]);
                Spread::of(&values.collect::<Vec<_>>())
            };
            (0..tasks).filter_map(cell).collect()
        };
        Self {
            rows: (0..rows.min().unwrap_or(0)).map(row).collect(),
        }
    }

    /// The matrix as text.
    pub fn text(&self, form: TableForm) -> String {
        let tasks = self.rows.first().map_or(0, Vec::len);
        let mut headings = vec!["after task".to_owned()];
        headings.extend((1..=tasks).map(|task| format!("task {task}")));
        let rows = self.rows.iter().enumerate().map(|(after, row)| {
            let mut cells = vec![(after + 1).to_string()];
            cells.extend(row.iter().map(|spread| match form {
                TableForm::Csv => shortest(spread.mean),
                TableForm::Markdown | TableForm::Latex => in_percent(Some(*spread)),
            }));
            cells
        });
        let rows = rows.collect();
        TextTable { headings, rows }.text(form)
    }
}
