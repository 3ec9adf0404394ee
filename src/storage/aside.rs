//! Setting aside what cannot be read, so that nothing overwrites it.

use super::{Action, StorageError};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// So many damaged files in one folder are nobody's accident.
const MOST: u32 = 1000;

/// Renames a file to `NAME.damaged`, or `NAME.damaged-2`, …, whichever is free. Returns its new
/// path.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf, StorageError> {
    let failed = |source| StorageError::system(Action::Rename, path, source);
    for number in 1..=MOST {
        let target = numbered(path, number);
        // Making the file claims its name against another process that does the same.
        match File::create_new(&target) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(failed(error)),
        }
        return match fs::rename(path, &target) {
            Ok(()) => Ok(target),
            Err(error) => {
                // The claim is empty and ours.
                let _ = fs::remove_file(&target);
                Err(failed(error))
            }
        };
    }
    Err(failed(ErrorKind::AlreadyExists.into()))
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".damaged");
    if number > 1 {
        name.push(format!("-{number}"));
    }
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_aside_before_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.ron");
        for number in 1..=3 {
            fs::write(&path, format!("damage {number}")).unwrap();
            let moved = set_aside(&path).unwrap();
            assert_eq!(moved, numbered(&path, number));
            assert!(!path.exists());
        }
        for number in 1..=3 {
            let text = fs::read_to_string(numbered(&path, number)).unwrap();
            assert_eq!(text, format!("damage {number}"));
        }
    }

    #[test]
    fn a_missing_file_leaves_no_claim_behind() {
        let folder = tempfile::tempdir().unwrap();
        assert!(set_aside(&folder.path().join("none")).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
