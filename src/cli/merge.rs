//! `merge`: shards of a sweep to one table, shards of a search to one answer.

use super::{DONE, output, tune::report};
use crate::analysis::tuner::Question;
use crate::experiment::preset;
use crate::storage::create_folder;
use crate::storage::shards::{self, SearchShard, ShardError};
use std::path::{Path, PathBuf};

/// The arguments of `merge`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Shards that `sweep --shard` or `tune --shard` has made, or folders of them.
    #[arg(value_name = "FILE|DIR", required = true)]
    shards: Vec<PathBuf>,
    /// Write sweep.csv, or tune.json and tuned.ron, into this folder.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Say nothing but errors.
    #[arg(long)]
    quiet: bool,
}

/// Joins the shards, unless one is missing, doubled, damaged or of another sweep or search.
pub fn execute(arguments: &Arguments) -> u8 {
    arguments
        .merge()
        .unwrap_or_else(|error| output::refuse(&error))
}

impl Arguments {
    fn merge(&self) -> Result<u8, ShardError> {
        let searches = shards::searches_among(&self.shards)?;
        if !searches.is_empty() {
            return self.merge_searches(&searches);
        }
        let (path, rows) = shards::merge_sweeps(&self.shards, &self.out)?;
        self.say_written(&path, &format!("{rows} trials"));
        Ok(DONE)
    }

    fn merge_searches(&self, files: &[PathBuf]) -> Result<u8, ShardError> {
        let whole = shards::merge_searches(files)?;
        let unreadable = |reason: String| ShardError::Unreadable {
            path: files.first().cloned().unwrap_or_default(),
            reason,
        };
        let experiment =
            preset::read(&whole.experiment).map_err(|error| unreadable(error.to_string()))?;
        let question = Question::of(&experiment);
        let Some(tuned) = question.answers(whole.outcomes.clone()) else {
            let path = files.first().cloned().unwrap_or_default();
            return Err(ShardError::of_another_experiment(path));
        };
        let place = SearchShard::new(&self.out, whole.question, (1, 1), whole.runs);
        // Refuses where something else lies.
        place.finished()?;
        create_folder(&self.out)?;
        let report = report::report(&question, &tuned);
        let code = report::write(&self.out, &question, &report, &tuned);
        if code != DONE {
            return Ok(code);
        }
        place.finish(whole.experiment, whole.outcomes)?;
        let runs = format!("{} runs", tuned.len());
        self.say_written(&self.out.join("tune.json"), &runs);
        Ok(DONE)
    }

    fn say_written(&self, path: &Path, what: &str) {
        if !self.quiet {
            output::say(&format_args!("wrote {} ({what})", path.display()));
        }
    }
}
