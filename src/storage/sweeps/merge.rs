//! Shards to one table.

use super::{Checksum, Manifest, Shard, SweepError, checksum_of, read_manifest, rows_of};
use crate::storage::{Action, StorageError, atomic, create_folder};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Joins all shards among `paths` (tables, manifests, or folders of them) to one table in
/// `folder`, which is what the whole sweep would have written. Returns its path and its rows.
///
/// # Errors
/// When shards are missing, doubled, damaged or of different sweeps, and when the disk refuses;
/// nothing is written then.
pub fn merge(paths: &[PathBuf], folder: &Path) -> Result<(PathBuf, u64), SweepError> {
    let mut shards: Vec<(PathBuf, Manifest)> = Vec::new();
    for path in manifests(paths)? {
        let manifest = read_manifest(&path)?;
        shards.push((path, manifest));
    }
    shards.sort_by_key(|(_, manifest)| manifest.shard);
    let Some((first, manifest)) = shards.first().cloned() else {
        let path = paths.first().cloned().unwrap_or_default();
        return Err(SweepError::Nothing { path });
    };
    check_complete(&shards, &first, &manifest)?;
    for (path, manifest) in &shards {
        let table = path.with_extension("csv");
        let sum = checksum_of(&table).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => SweepError::Gone {
                path: table.clone(),
                shard: manifest.shard,
                shards: manifest.shards,
            },
            _ => StorageError::system(Action::Read, &table, source).into(),
        })?;
        if sum != manifest.checksum {
            return Err(SweepError::Damaged {
                path: table,
                shard: manifest.shard,
                shards: manifest.shards,
            });
        }
    }
    create_folder(folder)?;
    let whole = Shard::new(
        folder,
        manifest.question.clone(),
        (1, 1),
        manifest.total_rows,
    );
    if whole.table().exists() && !whole.manifest().exists() {
        return Err(SweepError::Foreign {
            path: whole.table(),
        });
    }
    if whole.manifest().exists() && read_manifest(&whole.manifest())?.question != whole.question {
        return Err(SweepError::Occupied {
            path: whole.manifest(),
        });
    }
    join(&shards, &whole)?;
    Ok((whole.table(), whole.total_rows))
}

fn check_complete(
    shards: &[(PathBuf, Manifest)],
    first: &Path,
    manifest: &Manifest,
) -> Result<(), SweepError> {
    for (path, other) in shards {
        if other.question == manifest.question && other.shards != manifest.shards {
            return Err(SweepError::Divided {
                path: path.clone(),
                shards: other.shards,
                others: manifest.shards,
            });
        }
        let is_same =
            other.question == manifest.question && other.total_rows == manifest.total_rows;
        if !is_same {
            return Err(SweepError::Another {
                path: path.clone(),
                other: first.to_owned(),
            });
        }
    }
    for pair in shards.windows(2) {
        if pair[0].1.shard == pair[1].1.shard {
            return Err(SweepError::Doubled {
                shard: pair[0].1.shard,
                path: pair[1].0.clone(),
                other: pair[0].0.clone(),
            });
        }
    }
    let is_there = |shard: u64| shards.iter().any(|(_, manifest)| manifest.shard == shard);
    // Named up to a number that still can be read.
    let missing: Vec<_> = (1..=manifest.shards)
        .filter(|&shard| !is_there(shard))
        .take(20)
        .map(|shard| shard.to_string())
        .collect();
    if missing.is_empty() {
        return check_rows(shards);
    }
    let more = manifest.shards - (shards.len() + missing.len()) as u64;
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Err(SweepError::Missing {
        missing: missing.join(", ") + &more,
        shards: manifest.shards,
    })
}

/// Each has as many rows as its place among the others says.
fn check_rows(shards: &[(PathBuf, Manifest)]) -> Result<(), SweepError> {
    for (path, manifest) in shards {
        let range = rows_of(manifest.shard, manifest.shards, manifest.total_rows);
        if manifest.rows != range.end - range.start {
            return Err(SweepError::Manifest {
                path: path.clone(),
                reason: format!("{} rows are not those of its shard", manifest.rows),
            });
        }
    }
    Ok(())
}

/// Writes the tables one after another, with the first one's header alone.
fn join(shards: &[(PathBuf, Manifest)], whole: &Shard) -> Result<(), SweepError> {
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
fn manifests(paths: &[PathBuf]) -> Result<Vec<PathBuf>, SweepError> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            let manifest = path.with_extension("json");
            if !path.exists() && !manifest.exists() {
                return Err(SweepError::Nothing { path: path.clone() });
            }
            found.push(manifest);
            continue;
        }
        let failed = |source| StorageError::system(Action::List, path, source);
        let mut inside = Vec::new();
        let mut whole = None;
        for entry in fs::read_dir(path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("sweep-") && name.ends_with(".json") {
                inside.push(path.join(&*name));
            } else if name == "sweep.json" {
                whole = Some(path.join(&*name));
            }
        }
        // The only shard of one; beside others it is what they were merged to before.
        if inside.is_empty() {
            inside.extend(whole);
        }
        if inside.is_empty() {
            return Err(SweepError::Nothing { path: path.clone() });
        }
        inside.sort();
        found.extend(inside);
    }
    // A shard given by its table and by its manifest, or by its folder too, is one.
    let place = |path: &PathBuf| fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    found.sort_by_key(place);
    found.dedup_by_key(|path| place(path));
    Ok(found)
}
