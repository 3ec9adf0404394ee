//! `sweep FILE|NAME`.

mod arguments;

pub use arguments::Arguments;
pub(super) use arguments::{chosen_runs, shard_number};

use super::interruption::Interruption;
use super::progress::Progress;
use super::{DONE, INTERRUPTED, WRONG_USE, output};
use crate::engine::Plan;
use crate::export::SweepTable;
use crate::storage::shards::{Shard, ShardError};
use arguments::Request;

/// Rows of a part: a second's work or so, and few enough to be made again.
const PART: u64 = 1 << 16;

/// The same where every trial goes through the simulation.
const PART_ALONE: u64 = 1 << 8;

/// Makes a sweep and writes, or prints, its table.
pub fn execute(arguments: &Arguments) -> u8 {
    let request = match arguments.request() {
        Ok(request) => request,
        Err(reason) => {
            output::say(&reason);
            return WRONG_USE;
        }
    };
    let varied = request.plan.axes().iter().map(|axis| &axis.quantity);
    if let Some(left_out) = request
        .experiment
        .left_out(varied)
        .filter(|_| !request.quiet)
    {
        output::say(&left_out);
    }
    let interruption = Interruption::watch();
    match &request.shard {
        Some(shard) => to_folder(&request, shard, &interruption),
        None => to_output(&request, &interruption),
    }
}

fn part_length(plan: &Plan) -> u64 {
    if plan.is_packed() { PART } else { PART_ALONE }
}

/// The bytes of the rows from `first` to `end`; none when the user has had enough.
fn make(
    request: &Request,
    table: &SweepTable,
    rows: std::ops::Range<u64>,
    interruption: &Interruption,
) -> Option<Vec<u8>> {
    let goes_on = || !interruption.has_come();
    let made = request.plan.run(rows.clone(), &goes_on)?;
    Some(table.rows(&request.plan, rows.start, &made))
}

fn to_output(request: &Request, interruption: &Interruption) -> u8 {
    let table = SweepTable::new(&request.experiment, &request.plan);
    let rows = request.plan.rows();
    let mut progress = Progress::new(rows, "trials", request.quiet);
    let mut text = String::from_utf8_lossy(&table.header()).into_owned();
    let length = part_length(&request.plan);
    let mut first = 0;
    while first < rows {
        let end = rows.min(first + length);
        let Some(bytes) = make(request, &table, first..end, interruption) else {
            progress.clear();
            output::say(&format_args!(
                "interrupted after {first} of {rows} trials; with --out they would have been kept"
            ));
            return INTERRUPTED;
        };
        text += &String::from_utf8_lossy(&bytes);
        progress.clear();
        match output::print(&text) {
            DONE => text.clear(),
            failed => return failed,
        }
        progress.show(end);
        first = end;
    }
    progress.clear();
    output::print(&text)
}

fn to_folder(request: &Request, shard: &Shard, interruption: &Interruption) -> u8 {
    let code = fill(request, shard, interruption).unwrap_or_else(|error| output::refuse(&error));
    if code != DONE {
        shard.leave();
    }
    code
}

fn fill(request: &Request, shard: &Shard, interruption: &Interruption) -> Result<u8, ShardError> {
    let say = |what: &str| {
        if !request.quiet {
            output::say(&format_args!("{what} {}", shard.table().display()));
        }
    };
    if shard.is_finished()? {
        say("nothing to do: this sweep is complete in");
        return Ok(DONE);
    }
    shard.begin()?;
    let table = SweepTable::new(&request.experiment, &request.plan);
    let (range, length) = (shard.range(), part_length(&request.plan));
    let parts = (range.end - range.start).div_ceil(length);
    let mut progress = Progress::new(range.end - range.start, "trials", request.quiet);
    for index in 0..parts {
        let first = range.start + index * length;
        let end = range.end.min(first + length);
        if !shard.has_part(index) {
            let Some(bytes) = make(request, &table, first..end, interruption) else {
                progress.clear();
                output::say(&format_args!(
                    "interrupted; {} of {} trials are kept, and the same command goes on from \
                     there",
                    first - range.start,
                    range.end - range.start
                ));
                return Ok(INTERRUPTED);
            };
            shard.write_part(index, bytes)?;
        }
        progress.show(end - range.start);
    }
    progress.clear();
    shard.finish(&table.header(), parts)?;
    say("wrote");
    Ok(DONE)
}
