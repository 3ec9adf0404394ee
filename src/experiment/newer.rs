//! Files of newer versions, as far as they are understood.

use super::preset::{self, Partial, ReadError};
use super::{outline, position, spec};

/// How many bytes are read again while parts of a newer file are left out one by one; thousands
/// of parts of a usual file, and no more than some seconds for the largest.
const MOST_REREAD: usize = 1 << 28;

/// Cuts out of a newer file whatever this version cannot read, innermost first, until the rest
/// is an experiment without problems.
pub(super) fn read(text: &str) -> Result<Partial, ReadError> {
    let mut text = replace_version(text);
    let mut left_out = Vec::new();
    let mut allowance = MOST_REREAD;
    loop {
        let Some(rest) = allowance.checked_sub(text.len()) else {
            return Err(ReadError::Text {
                line: 1,
                column: 1,
                message: format!(
                    "more than {} parts of this newer file are not understood; open it in a newer \
                     Descent Lab",
                    left_out.len()
                ),
            });
        };
        allowance = rest;
        let (offset, reason, refused) = match preset::parse(&text) {
            Ok(experiment) => match experiment.check() {
                Ok(_) => {
                    return Ok(Partial {
                        experiment,
                        left_out,
                    });
                }
                Err(problems) => {
                    let placed = &preset::place_problems(&text, problems)[0];
                    let offset = outline::locate(&text, &placed.problem.place);
                    let refused = ReadError::Text {
                        line: placed.line,
                        column: placed.column,
                        message: placed.problem.to_string(),
                    };
                    (offset, placed.problem.to_string(), refused)
                }
            },
            Err(error) => {
                let ReadError::Text {
                    line,
                    column,
                    message,
                } = &error
                else {
                    return Err(error);
                };
                let offset = position::offset_of(&text, *line, *column);
                (offset, message.clone(), error.clone())
            }
        };
        let Some(cut) = innermost_optional_entry(&text, offset) else {
            return Err(refused);
        };
        left_out.push(format!("`{}`: {reason}", first_line(&text[cut.clone()])));
        text.replace_range(cut, "");
    }
}

fn replace_version(text: &str) -> String {
    let mut text = text.to_owned();
    let version = outline::entries(&text, 0..text.len())
        .into_iter()
        .find(|entry| entry.key == Some("version"))
        .map(|entry| entry.value);
    if let Some(range) = version {
        text.replace_range(range, &spec::VERSION.to_string());
    }
    text
}

/// The smallest entry around `offset` that an experiment can do without: a field of a run, a
/// whole run, or a top-level field other than the objective.
fn innermost_optional_entry(text: &str, offset: usize) -> Option<std::ops::Range<usize>> {
    let around = |range: std::ops::Range<usize>| {
        outline::entries(text, range)
            .into_iter()
            .find(|entry| entry.whole.contains(&offset))
    };
    let field = around(0..text.len())?;
    match field.key {
        Some("objective" | "version") => None,
        Some("runs") => {
            let run = around(field.value)?;
            match around(run.value.clone()) {
                Some(inner) if inner.key != Some("optimizer") => Some(inner.whole),
                _ => Some(run.whole),
            }
        }
        _ => Some(field.whole),
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim_end_matches(',');
    if line.chars().count() > 60 {
        line.chars().take(59).chain(['…']).collect()
    } else {
        line.to_owned()
    }
}
