//! Shards to one whole.

use super::search::{WHOLE, is_called_so, read_share};
use super::sweep::{checksum_of, read_manifest};
use super::{Checksum, Manifest, Shard, ShardError, Share, rows_of};
use crate::storage::{Action, StorageError, atomic, create_folder};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One of several shards.
struct Piece<'a> {
    path: &'a Path,
    question: &'a str,
    shard: u64,
    shards: u64,
    /// Rows, or runs, of all shards together.
    total: u64,
}

/// The shards of searches among `paths`: files that end in `.ron`, and of folders those that are
/// called `tune-I-of-N.ron`, or the whole search where that is alone. None where shards of sweeps
/// are meant.
///
/// # Errors
/// When both lie there, and when the disk refuses.
pub fn searches_among(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ShardError> {
    let mut found = Vec::new();
    let mut of_sweeps = None;
    for path in paths {
        if path.is_dir() {
            let mut inside = files_in(path)?;
            if inside.iter().any(|file| is_sweep_shard(file)) {
                of_sweeps = Some(path);
            }
            let whole = path.join(WHOLE);
            inside.retain(|file| is_called_so(file));
            if inside.is_empty() && whole.exists() {
                inside.push(whole);
            }
            found.extend(inside);
        } else if is_gone(path) {
            return Err(ShardError::Nothing { path: path.clone() });
        } else if path.extension().is_some_and(|ending| ending == "ron") {
            found.push(path.clone());
        } else {
            of_sweeps = Some(path);
        }
    }
    if let Some(path) = of_sweeps.filter(|_| !found.is_empty()) {
        return Err(ShardError::Mixed { path: path.clone() });
    }
    Ok(each_once(found))
}

/// Joins the shards of a search in these files: the experiment with the question, and what was
/// found, run after run.
///
/// # Errors
/// When shards are missing, doubled, damaged or of different searches, and when the disk refuses.
pub fn merge_searches(files: &[PathBuf]) -> Result<Share, ShardError> {
    let mut shares = Vec::new();
    for path in files {
        shares.push((path, read_share(path)?));
    }
    shares.sort_by_key(|(_, share)| share.shard);
    let pieces = shares.iter().map(|(path, share)| Piece {
        path,
        question: &share.question,
        shard: share.shard,
        shards: share.shards,
        total: share.runs.len() as u64,
    });
    check_complete(&pieces.collect::<Vec<_>>())?;
    let mut shares = shares.into_iter().map(|(_, share)| share);
    let Some(mut whole) = shares.next() else {
        let path = PathBuf::new();
        return Err(ShardError::Nothing { path });
    };
    whole
        .outcomes
        .extend(shares.flat_map(|share| share.outcomes));
    Ok(whole)
}

/// Joins all shards among `paths` (tables, manifests, or folders of them) to one table in
/// `folder`, which is what the whole sweep would have written. Returns its path and its rows.
///
/// # Errors
/// When shards are missing, doubled, damaged or of different sweeps, and when the disk refuses;
/// nothing is written then.
pub fn merge_sweeps(paths: &[PathBuf], folder: &Path) -> Result<(PathBuf, u64), ShardError> {
    let mut shards: Vec<(PathBuf, Manifest)> = Vec::new();
    for path in manifests(paths)? {
        let manifest = read_manifest(&path)?;
        shards.push((path, manifest));
    }
    shards.sort_by_key(|(_, manifest)| manifest.shard);
    let Some((_, manifest)) = shards.first().cloned() else {
        let path = paths.first().cloned().unwrap_or_default();
        return Err(ShardError::Nothing { path });
    };
    let pieces = shards.iter().map(|(path, manifest)| Piece {
        path,
        question: &manifest.question,
        shard: manifest.shard,
        shards: manifest.shards,
        total: manifest.total_rows,
    });
    check_complete(&pieces.collect::<Vec<_>>())?;
    check_rows(&shards)?;
    for (path, manifest) in &shards {
        let table = path.with_extension("csv");
        let sum = checksum_of(&table).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => ShardError::Gone {
                path: table.clone(),
                shard: manifest.shard,
                shards: manifest.shards,
            },
            _ => StorageError::system(Action::Read, &table, source).into(),
        })?;
        if sum != manifest.checksum {
            return Err(ShardError::Damaged {
                path: table,
                shard: manifest.shard,
                shards: manifest.shards,
            });
        }
    }
    create_folder(folder)?;
    let rows = manifest.total_rows;
    let whole = Shard::new(folder, manifest.question.clone(), (1, 1), rows);
    if whole.table().exists() && !whole.manifest().exists() {
        return Err(ShardError::Foreign {
            path: whole.table(),
        });
    }
    if whole.manifest().exists() && read_manifest(&whole.manifest())?.question != manifest.question
    {
        return Err(ShardError::Occupied {
            path: whole.manifest(),
        });
    }
    join(&shards, &whole)?;
    Ok((whole.table(), rows))
}

/// All shards of one whole are there once; `pieces` are in the order of their numbers.
fn check_complete(pieces: &[Piece]) -> Result<(), ShardError> {
    let Some(first) = pieces.first() else {
        return Ok(());
    };
    for piece in pieces {
        if piece.question == first.question && piece.shards != first.shards {
            return Err(ShardError::Divided {
                path: piece.path.to_owned(),
                shards: piece.shards,
                others: first.shards,
            });
        }
        if piece.question != first.question || piece.total != first.total {
            return Err(ShardError::Another {
                path: piece.path.to_owned(),
                other: first.path.to_owned(),
            });
        }
    }
    for pair in pieces.windows(2) {
        if pair[0].shard == pair[1].shard {
            return Err(ShardError::Doubled {
                shard: pair[0].shard,
                path: pair[1].path.to_owned(),
                other: pair[0].path.to_owned(),
            });
        }
    }
    let is_there = |shard: u64| pieces.iter().any(|piece| piece.shard == shard);
    // Named up to a number that still can be read.
    let missing: Vec<_> = (1..=first.shards)
        .filter(|&shard| !is_there(shard))
        .take(20)
        .map(|shard| shard.to_string())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let more = first.shards - (pieces.len() + missing.len()) as u64;
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Err(ShardError::Missing {
        missing: missing.join(", ") + &more,
        shards: first.shards,
    })
}

/// Each has as many rows as its place among the others says.
fn check_rows(shards: &[(PathBuf, Manifest)]) -> Result<(), ShardError> {
    for (path, manifest) in shards {
        let range = rows_of(manifest.shard, manifest.shards, manifest.total_rows);
        if manifest.rows != range.end - range.start {
            return Err(ShardError::Unreadable {
                path: path.clone(),
                reason: format!("{} rows are not those of its shard", manifest.rows),
            });
        }
    }
    Ok(())
}

/// Writes the tables one after another, with the first one's header alone.
fn join(shards: &[(PathBuf, Manifest)], whole: &Shard) -> Result<(), ShardError> {
    let mut sum = Checksum::default();
    atomic::write_with(&whole.table(), |file| {
        for (index, (path, _)) in shards.iter().enumerate() {
            let bytes = fs::read(path.with_extension("csv"))?;
            let header = bytes.iter().position(|byte| *byte == b'\n');
            let begin = if index == 0 {
                0
            } else {
                header.map_or(bytes.len(), |end| end + 1)
            };
            sum.add(&bytes[begin..]);
            file.write_all(&bytes[begin..])?;
        }
        Ok(())
    })?;
    Ok(whole.seal(sum)?)
}

/// The manifests that are meant: of a folder, all in it that belong to shards.
fn manifests(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ShardError> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            if is_gone(path) {
                return Err(ShardError::Nothing { path: path.clone() });
            }
            found.push(path.with_extension("json"));
            continue;
        }
        let mut inside = files_in(path)?;
        // The only shard of one; beside others it is what they were merged to before.
        let whole = inside.iter().find(|file| file.ends_with("sweep.json"));
        let whole = whole.cloned();
        inside.retain(|file| is_sweep_shard(file));
        if inside.is_empty() {
            inside.extend(whole);
        }
        if inside.is_empty() {
            return Err(ShardError::Nothing { path: path.clone() });
        }
        found.extend(inside);
    }
    Ok(each_once(found))
}

/// Whether neither this file nor, of a table, its manifest is there.
fn is_gone(path: &Path) -> bool {
    !path.exists() && !path.with_extension("json").exists()
}

/// Whether a file is called as manifests of shards of sweeps are.
fn is_sweep_shard(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("sweep-") && name.ends_with(".json")
}

/// What lies in a folder, in the order of the names.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, ShardError> {
    let failed = |source| StorageError::system(Action::List, folder, source);
    let mut inside = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        inside.push(folder.join(entry.map_err(failed)?.file_name()));
    }
    inside.sort();
    Ok(inside)
}

/// A shard given by its table and by its manifest, or by its folder too, is one.
fn each_once(mut found: Vec<PathBuf>) -> Vec<PathBuf> {
    let place = |path: &PathBuf| fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    found.sort_by_key(place);
    found.dedup_by_key(|path| place(path));
    found
}
