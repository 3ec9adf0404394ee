//! What a figure shows as a table, and what happened inside the rules.

use super::history_csv::ORIGIN;
use super::{Figure, Shown, records_of, shortest};
use crate::engine::Trace;
use crate::engine::inside::{Ledger, Remembered, Update};
use crate::figures::curves::{self, Abscissa, AxisScale, Quantity};
use crate::figures::source::Source;
use crate::figures::subject::{Replayed, Subject};
use std::io::Write;

/// Writes what a figure shows: one row a recorded step of every run from every start with every
/// seed, its value or, for the landscape, its place and loss. What is replayed has a row an
/// update, from the first start with the first seed.
///
/// # Errors
/// When `writer` does not take what is written.
pub fn figure_csv(figure: Figure, shown: &Shown<'_>, writer: impl Write) -> Result<(), csv::Error> {
    match figure {
        Figure::Plot(Subject::Replayed(replayed)) => replayed_csv(shown, &[replayed], writer),
        Figure::Plot(subject @ Subject::Layer(..)) => layer_csv(shown, subject, writer),
        Figure::Plot(Subject::Sharpness) => sharpness_csv(shown, writer),
        Figure::Plot(Subject::Recorded(quantity)) => {
            let value =
                |trace: &Trace, index: usize| vec![cell(value(shown, trace, quantity, index))];
            recorded_csv(shown, vec![figure.id().into_owned()], value, writer)
        }
        Figure::Landscape => {
            let names = shown.history.parameter_names.iter().cloned();
            let names = names.chain(["loss".to_owned()]).collect();
            let value = |trace: &Trace, index: usize| {
                let frame = trace.frame(index);
                let all = frame
                    .iter()
                    .flat_map(|f| f.parameters.iter().chain([&f.loss]));
                all.copied().map(shortest).collect()
            };
            recorded_csv(shown, names, value, writer)
        }
    }
}

fn value(shown: &Shown<'_>, trace: &Trace, quantity: Quantity, index: usize) -> f64 {
    curves::value(trace, &*shown.checked.objective, quantity, index)
}

/// A number; empty where there is none.
fn cell(value: f64) -> String {
    match value.is_nan() {
        true => String::new(),
        false => shortest(value),
    }
}

fn recorded_csv(
    shown: &Shown<'_>,
    names: Vec<String>,
    values: impl Fn(&Trace, usize) -> Vec<String>,
    writer: impl Write,
) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(writer);
    let has_several = shown.checked.experiment.has_several();
    let origin = ORIGIN.into_iter().filter(|_| has_several);
    let head = ["run", "label"].into_iter().chain(origin).chain(["step"]);
    table.write_record(head.map(str::to_owned).chain(names))?;
    for (number, run) in shown.checked.runs.iter().enumerate() {
        for record in records_of(shown.checked, shown.history, number) {
            let mut head = vec![number.to_string(), run.label.clone()];
            if has_several {
                head.extend([record.start.to_string(), record.seed.to_string()]);
            }
            for (index, step) in record.trace.steps().iter().enumerate() {
                let row = head.iter().cloned().chain([step.to_string()]);
                table.write_record(row.chain(values(record.trace, index)))?;
            }
        }
    }
    table.flush()?;
    Ok(())
}

/// What is recorded of a layer, from the first start with the first seed.
fn layer_csv(shown: &Shown<'_>, subject: Subject, writer: impl Write) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(writer);
    table.write_record(["run", "label", "step", &subject.id()])?;
    let scales = [AxisScale::Linear; 2];
    for (number, run) in shown.checked.runs.iter().enumerate() {
        let source = Source::new(shown.history, number, None, &*shown.checked.objective);
        let curves = source.map_or_else(Vec::new, |source| {
            source.curves(subject, Abscissa::Epochs, scales)
        });
        for [step, value] in curves.iter().flat_map(|curve| &curve.points) {
            let row = [number.to_string(), run.label.clone(), shortest(*step)];
            table.write_record(row.into_iter().chain([cell(*value)]))?;
        }
    }
    table.flush()?;
    Ok(())
}

/// How sharp it is along every run, what its rule bears, and what it meets.
fn sharpness_csv(shown: &Shown<'_>, writer: impl Write) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(writer);
    let names = ["sharpness", "limit", "met"];
    let head = ["run", "label", "step", "evaluations"];
    table.write_record(head.into_iter().chain(names))?;
    for (number, run) in shown.checked.runs.iter().enumerate() {
        for one in shown.sharpness(number).unwrap_or_default() {
            let head = [
                number.to_string(),
                run.label.clone(),
                one.step.to_string(),
                one.evaluations.to_string(),
            ];
            let values = [Some(one.sharpness), one.limit, one.met];
            let cells = values.map(|value| value.map_or_else(String::new, cell));
            table.write_record(head.into_iter().chain(cells))?;
        }
    }
    table.flush()?;
    Ok(())
}

/// Writes everything that the replays found: the rate, the cosine between slope and step, the
/// effective steps, and every number that the rules remember. What a rule has not is empty.
///
/// # Errors
/// When `writer` does not take what is written.
pub fn inside_csv(shown: &Shown<'_>, writer: impl Write) -> Result<(), csv::Error> {
    let rules = shown.checked.runs.iter().map(|run| run.optimizer.card());
    let slots = Replayed::slots_of(rules);
    let all: Vec<_> = [Replayed::Cosine, Replayed::EffectiveStep]
        .into_iter()
        .chain(slots)
        .collect();
    replayed_csv(shown, &all, writer)
}

fn replayed_csv(shown: &Shown<'_>, all: &[Replayed], writer: impl Write) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(writer);
    let columns: Vec<Vec<String>> = all.iter().map(|one| names(shown, *one)).collect();
    let head = [
        "run",
        "label",
        "optimizer",
        "step",
        "evaluations",
        "learning_rate",
    ];
    let head = head.into_iter().map(str::to_owned);
    table.write_record(head.chain(columns.iter().flatten().cloned()))?;
    for (number, run) in shown.checked.runs.iter().enumerate() {
        let Some(ledger) = shown.ledger(number) else {
            continue;
        };
        let head = [
            number.to_string(),
            run.label.clone(),
            run.optimizer.card().id.to_owned(),
        ];
        for update in ledger.updates() {
            let row = head.iter().cloned().chain([
                update.number.to_string(),
                update.evaluations.to_string(),
                cell(update.learning_rate),
            ]);
            let numbers = all.iter().zip(&columns).flat_map(|(&one, columns)| {
                let mut cells: Vec<String> = numbers(ledger, &update, one)
                    .into_iter()
                    .map(cell)
                    .collect();
                cells.resize(columns.len(), String::new());
                cells
            });
            table.write_record(row.chain(numbers))?;
        }
    }
    table.flush()?;
    Ok(())
}

/// The columns of something replayed: one a number that any run has of it.
fn names(shown: &Shown<'_>, replayed: Replayed) -> Vec<String> {
    let id = replayed.file_id();
    let by_parameter = |count: usize| -> Vec<String> {
        let names = shown.history.parameter_names.iter().take(count);
        names.map(|name| format!("{id}_{name}")).collect()
    };
    let widest = shown
        .ledgers
        .iter()
        .flatten()
        .filter_map(|ledger| slot(ledger, replayed))
        .max_by_key(|slot| slot.len());
    match (replayed, widest) {
        (Replayed::Cosine, _) => vec![id],
        (Replayed::EffectiveStep, _) => {
            let ledgers = shown.ledgers.iter().flatten();
            by_parameter(ledgers.map(Ledger::dimension).max().unwrap_or(0))
        }
        (_, None) => Vec::new(),
        (_, Some(slot)) if slot.is_by_parameter => by_parameter(slot.len()),
        (_, Some(slot)) if slot.len() == 1 => vec![id],
        (_, Some(slot)) => (1..=slot.len()).map(|k| format!("{id}_{k}")).collect(),
    }
}

/// The slot of a rule; none where it has no such slot.
fn slot(ledger: &Ledger, replayed: Replayed) -> Option<&Remembered> {
    let mut slots = ledger.slots().iter();
    slots.find(|slot| {
        let own = Replayed::Slot {
            symbol: slot.symbol,
            meaning: slot.meaning,
            holds: slot.holds,
        };
        own == replayed
    })
}

fn numbers(ledger: &Ledger, update: &Update<'_>, replayed: Replayed) -> Vec<f64> {
    match replayed {
        Replayed::Cosine => vec![update.cosine()],
        Replayed::EffectiveStep => update.effective_steps().collect(),
        Replayed::Slot { .. } => {
            let slot = slot(ledger, replayed);
            slot.map_or_else(Vec::new, |slot| update.slot(slot).to_vec())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine;
    use crate::experiment::preset;
    use crate::export::replays;
    use std::ops::ControlFlow;

    const SEVERAL: &str = r#"(version: 1, epochs: 3, runs: [
            (optimizer: "adam", learning_rate: 0.1), (optimizer: "momentum", learning_rate: 0.01)],
        objective: Landscape(surface: "booth"), starts: [(0, 0), (2, 1)])"#;

    fn with_shown<T>(text: &str, look: impl FnOnce(&Shown<'_>) -> T) -> T {
        let checked = preset::read(text).unwrap().check().unwrap();
        let history = engine::run(&checked, |_| ControlFlow::Continue(()));
        let ledgers = replays(&checked, history.updates, || ControlFlow::Continue(())).unwrap();
        look(&Shown {
            ledgers: &ledgers,
            ..Shown::new(&checked, &history)
        })
    }

    fn rows(bytes: Vec<u8>) -> Vec<Vec<String>> {
        let text = String::from_utf8(bytes).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let rows = reader.records().map(Result::unwrap);
        rows.map(|row| row.iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn figures_of_several_starts_have_all_of_them() {
        let table = with_shown(SEVERAL, |shown| {
            rows(shown.table(Some(Figure::Plot(Subject::Recorded(
                Quantity::GradientNorm,
            )))))
        });
        assert_eq!(
            table[0],
            ["run", "label", "start", "seed", "step", "gradient_norm"]
        );
        assert_eq!(table.len(), 1 + 2 * 2 * 4);
        assert_eq!(table[5][..5], ["0", "Adam", "1", "0", "0"]);
    }

    #[test]
    fn what_a_rule_remembers_has_a_column_a_number() {
        with_shown(SEVERAL, |shown| {
            let table = rows(shown.inside_table());
            let column = |name: &str| {
                let found = table[0].iter().position(|column| column == name);
                found.unwrap_or_else(|| panic!("{name} is not in {:?}", table[0]))
            };
            assert_eq!(table.len(), 1 + 2 * 3, "a row an update");
            let m = column("slot_m_first_moment_mean_gradient_w1");
            let v = column("slot_v_velocity_w2");
            let power = column("slot_beta1_t_what_is_left_of_the_initial_m");
            // Booth's slope at (0, 0) is (−34, −38): m after one update is a tenth of it.
            let number = |row: usize, column: usize| table[row][column].parse::<f64>().unwrap();
            assert!((number(1, m) + 3.4).abs() < 1e-12, "{}", table[1][m]);
            assert!((number(3, power) - 0.729).abs() < 1e-12);
            assert_eq!((table[1][v].as_str(), number(4, v)), ("", -38.0));
            assert_eq!((table[4][m].as_str(), table[4][power].as_str()), ("", ""));
            let cosine = column("cosine");
            assert!(
                (number(4, cosine) - 1.0).abs() < 1e-12,
                "the first step goes downhill"
            );
            let effective = column("effective_step_w2");
            assert!((number(4, effective) - 0.01).abs() < 1e-15);
        });
    }

    #[test]
    fn one_slot_alone_is_the_same_numbers() {
        with_shown(SEVERAL, |shown| {
            let whole = rows(shown.inside_table());
            let one = rows(shown.table(Some(Figure::Plot(Subject::Replayed(Replayed::Cosine)))));
            let column = whole[0].iter().position(|name| name == "cosine").unwrap();
            let all: Vec<_> = whole.iter().map(|row| row[column].clone()).collect();
            let alone: Vec<_> = one.iter().map(|row| row[6].clone()).collect();
            assert_eq!((alone, one[0].len()), (all, 7));
        });
    }
}
