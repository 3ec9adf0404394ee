//! `forgetting FILE|NAME`, and the same numbers below the results of `run`.

use super::interruption::Interruption;
use super::run::{checked_or_problems, load, require_room_and_data, simulate, written_so_far};
use super::sweep::chosen_runs;
use super::{DONE, FAILED, INTERRUPTED, WRONG_USE, output, table};
use crate::engine::continual::{Compared, compare};
use crate::engine::over_seeds::{Spread, Standing};
use crate::engine::{History, Outcome, Trace, Variation};
use crate::experiment::{Checked, ObjectiveSpec, data_from_text};
use crate::export::accuracy_csv;
use crate::export::forgetting::{by_task_in_percent, in_percent};
use crate::export::results::TableForm;
use crate::export::text_table::TextTable;
use crate::storage::atomic;
use clap::ValueEnum;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The arguments of `forgetting`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Every seed is learnt by itself, one after the other, so that a comparison of hours can be broken \
off: what was finished is printed, and written after every seed.

  descent-lab forgetting split_single --seeds 0,1,2 --format markdown
  descent-lab forgetting split_multi --data 'Mnist(folder: \"mnist\")' --epochs 21 --run 0 --run 4
  descent-lab forgetting my_tasks.ron --out results")]
pub struct Arguments {
    /// An experiment file, or the name of a built-in experiment; what it learns must be tasks.
    #[arg(value_name = "FILE|NAME")]
    experiment: OsString,
    /// These seeds in place of the experiment's own.
    #[arg(long, value_name = "S,S,…", value_delimiter = ',')]
    seeds: Vec<u64>,
    /// So many epochs a task in place of the experiment's own number.
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,
    /// These data in place of the experiment's, as experiment files name them.
    #[arg(long, value_name = "DATA")]
    data: Option<String>,
    /// Only this run, counted from 0 in file order; may be given again.
    #[arg(long, value_name = "R")]
    run: Vec<usize>,
    /// How the table is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write forgetting.md and accuracy_matrix.csv into this folder, which is made where needed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Columns that line up.
    Text,
    /// A Markdown table.
    Markdown,
}

/// Learns the tasks with every seed and prints what is known of each at the end.
pub fn execute(arguments: &Arguments) -> u8 {
    let checked = match prepare_tasks(arguments) {
        Ok(checked) => checked,
        Err(reason) => {
            output::say(&reason);
            return WRONG_USE;
        }
    };
    if let Err(code) = output::make_folder(arguments.out.as_deref()) {
        return code;
    }
    let learnt = match learn(&checked, arguments.out.as_deref()) {
        Ok(learnt) => learnt,
        Err(failed) => return failed,
    };
    let Some((with_finished, history)) = learnt else {
        output::say(&"interrupted before the first seed was finished");
        return INTERRUPTED;
    };
    if let Some(folder) = &arguments.out {
        output::say(&written_so_far(&files(folder)));
    }
    let printed = output::print(&match arguments.format {
        Format::Text => results(&with_finished, &history),
        Format::Markdown => markdown(&with_finished, &history),
    });
    let [all, finished] = [&checked, &with_finished].map(|c| c.experiment.all_seeds().len());
    if printed != DONE || finished == all {
        return printed;
    }
    output::say(&format!(
        "interrupted; {finished} of {all} seeds were finished"
    ));
    INTERRUPTED
}

fn prepare_tasks(arguments: &Arguments) -> Result<Checked, String> {
    let checked = load(&arguments.experiment, arguments.epochs)?;
    if checked.sequence().is_none() {
        let named = arguments.experiment.to_string_lossy();
        return Err(format!(
            "{named}: its objective is not Tasks(...), and nothing else is forgotten"
        ));
    }
    let checked = changed(&checked, arguments)?;
    // One is learnt after the other, and only the records of those before it are kept.
    let one = with_seeds(&checked, &[checked.seed]).ok_or("the seed cannot be used")?;
    require_room_and_data(&one)?;
    Ok(checked)
}

/// The experiment with the data, runs and seeds that were asked for.
fn changed(checked: &Checked, arguments: &Arguments) -> Result<Checked, String> {
    let mut experiment = checked.experiment.clone();
    let chosen = chosen_runs(&experiment, &arguments.run)?;
    experiment.runs = chosen
        .iter()
        .map(|&run| experiment.runs[run].clone())
        .collect();
    if let (ObjectiveSpec::Tasks(tasks), Some(data)) = (&mut experiment.objective, &arguments.data)
    {
        tasks.data = data_from_text(data).map_err(|wrong| format!("--data: {wrong}"))?;
    }
    let checked = checked_or_problems(&experiment)?;
    match arguments.seeds.is_empty() {
        true => Ok(checked),
        false => with_seeds(&checked, &arguments.seeds)
            .ok_or_else(|| "the seeds cannot be used".to_owned()),
    }
}

/// The same experiment with these seeds; none where there are none.
fn with_seeds(checked: &Checked, seeds: &[u64]) -> Option<Checked> {
    let mut experiment = checked.experiment.clone();
    experiment.seed = *seeds.first()?;
    experiment.seeds = match seeds {
        [_] => Vec::new(),
        several => several.to_vec(),
    };
    experiment.check().ok()
}

/// Learns with one seed after the other until the user interrupts, and writes the files anew after
/// each, so that hours of work outlive whatever ends the program. The experiment with the seeds
/// that were finished, and their records; none where there are none.
fn learn(checked: &Checked, folder: Option<&Path>) -> Result<Option<(Checked, History)>, u8> {
    let interruption = Interruption::watch();
    let mut learnt: Option<(Checked, History)> = None;
    let seeds = checked.experiment.all_seeds();
    for (index, &seed) in seeds.iter().enumerate() {
        let (Some(one), Some(so_far)) = (
            with_seeds(checked, &[seed]),
            with_seeds(checked, &seeds[..=index]),
        ) else {
            break;
        };
        let history = simulate(&one, &interruption, false);
        let is_cut = |trace: &Trace| trace.outcome == Outcome::Cancelled;
        if history.traces.iter().any(is_cut) {
            break;
        }
        let all = match learnt.take() {
            None => history,
            Some((_, mut all)) => {
                all.variations.push(Variation {
                    start: 0,
                    seed,
                    traces: history.traces,
                });
                all
            }
        };
        if let Some(folder) = folder {
            write(folder, &so_far, &all)?;
        }
        learnt = Some((so_far, all));
    }
    Ok(learnt)
}

/// What is written into a folder.
fn files(folder: &Path) -> [PathBuf; 2] {
    ["forgetting.md", "accuracy_matrix.csv"].map(|name| folder.join(name))
}

fn write(folder: &Path, checked: &Checked, history: &History) -> Result<(), u8> {
    let mut matrix = Vec::new();
    if let Err(error) = accuracy_csv(checked, history, &mut matrix) {
        output::say(&error);
        return Err(FAILED);
    }
    let texts = [markdown(checked, history).into_bytes(), matrix];
    let mut written = Vec::new();
    for (path, bytes) in files(folder).into_iter().zip(texts) {
        if let Err(error) = atomic::write(&path, &bytes) {
            output::say(&format!("{error} ({})", written_so_far(&written)));
            return Err(FAILED);
        }
        written.push(path);
    }
    Ok(())
}

/// Accuracies and forgetting as a table, and a line that says what they are. Several seeds give
/// means and standard deviations.
pub fn results(checked: &Checked, history: &History) -> String {
    let compared = compare(checked, history);
    let rows: Vec<_> = compared.iter().map(|row| cells(checked, row)).collect();
    "\n".to_owned() + &table::aligned(HEADER, &rows) + &explained(checked, &compared)
}

/// The same as Markdown.
fn markdown(checked: &Checked, history: &History) -> String {
    let compared = compare(checked, history);
    let rows = compared.iter().map(|row| cells(checked, row).to_vec());
    let table = TextTable {
        headings: HEADER.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    };
    table.text(TableForm::Markdown) + "\n" + &explained(checked, &compared)
}

const HEADER: [&str; 9] = [
    "run",
    "head",
    "mean",
    "against fine-tuning",
    "forgetting",
    "of first",
    "kept examples",
    "task by task at the end",
    "when learnt",
];

fn cells(checked: &Checked, row: &Compared) -> [String; 9] {
    let by_task = |shares: &[Spread]| by_task_in_percent(shares.iter().copied().map(Some));
    let standing = row.against_fine_tuning.map_or("–", Standing::name);
    [
        checked.runs[row.run].label.clone(),
        row.head.name().to_owned(),
        in_percent(row.mean_accuracy),
        standing.to_owned(),
        in_percent(row.forgetting),
        in_percent(row.forgetting_of_first),
        row.kept_examples.to_string(),
        by_task(&row.at_the_end),
        by_task(&row.when_learnt),
    ]
}

fn explained(checked: &Checked, compared: &[Compared]) -> String {
    let seeds = checked.experiment.all_seeds();
    let spread = match &seeds[..] {
        [seed] => format!(" Seed {seed}."),
        several => {
            let each: Vec<_> = several.iter().map(u64::to_string).collect();
            format!(
                " Means over the seeds {} ± standard deviation; within the spread: the \
                 differences, seed by seed, have a mean no larger than their standard deviation.",
                each.join(", ")
            )
        }
    };
    let diverged = match compared.iter().any(|row| row.has_diverged) {
        true => " A run that has diverged before the last task has no scores.",
        false => "",
    };
    format!(
        "Accuracies in % on test data. Mean: over all tasks at the end. Forgetting: what tasks \
         before the last lost of their best; of first: of what they had when learnt (minus the \
         backward transfer).{spread}{diverged}\n"
    )
}
