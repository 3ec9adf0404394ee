//! `merge`: shards of a sweep to one table.

use super::{DONE, FAILED, WRONG_USE, output};
use crate::storage::sweeps::{self, SweepError};
use std::path::PathBuf;

/// The arguments of `merge`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Shards that `sweep --shard` has made, or folders of them.
    #[arg(value_name = "FILE|DIR", required = true)]
    shards: Vec<PathBuf>,
    /// Write sweep.csv into this folder.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Say nothing but errors.
    #[arg(long)]
    quiet: bool,
}

/// Joins the shards, unless one is missing, doubled, damaged or of another sweep.
pub fn execute(arguments: &Arguments) -> u8 {
    match sweeps::merge(&arguments.shards, &arguments.out) {
        Ok((path, rows)) => {
            if !arguments.quiet {
                output::say(&format_args!("wrote {} ({rows} trials)", path.display()));
            }
            DONE
        }
        Err(error @ SweepError::Storage(_)) => {
            output::say(&error);
            FAILED
        }
        Err(error) => {
            output::say(&error);
            WRONG_USE
        }
    }
}
