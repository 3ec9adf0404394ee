//! Where the files of `export` go.

use super::arguments::Format;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// The kind of file that is meant: the given one, or what the ending of the path says.
pub fn format(given: Option<Format>, out: Option<&Path>) -> Result<Format, String> {
    let said = out.filter(|out| !out.is_dir()).and_then(ending);
    match (given, said) {
        (Some(given), Some(said)) if given != said => Err(format!(
            "{}: the ending says {}, --format says {}; leave one of them out",
            out.unwrap_or(Path::new("")).display(),
            said.ending(),
            given.ending()
        )),
        (Some(format), _) | (None, Some(format)) => Ok(format),
        (None, None) => Ok(Format::Svg),
    }
}

/// The folder that must be there, and the path of every file.
pub fn paths(
    out: Option<&Path>,
    format: Format,
    names: &[String],
) -> Result<(Option<PathBuf>, Vec<PathBuf>), String> {
    let Some(out) = out else {
        return Ok((None, inside(Path::new(""), format, names)));
    };
    if out.is_dir() || ending(out).is_none() {
        return Ok((Some(out.to_owned()), inside(out, format, names)));
    }
    if names.len() > 1 {
        return Err(format!(
            "{}: this is one file for {} figures; name a folder, or one --figure",
            out.display(),
            names.len()
        ));
    }
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok((folder.map(Path::to_owned), vec![out.to_owned()]))
}

fn inside(folder: &Path, format: Format, names: &[String]) -> Vec<PathBuf> {
    let path = |name: &String| folder.join(format!("{name}.{}", format.ending()));
    names.iter().map(path).collect()
}

/// The kind of file that a path's ending names.
fn ending(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?;
    Format::value_variants()
        .iter()
        .copied()
        .find(|format| format.ending().eq_ignore_ascii_case(ending))
}
