//! Where the program keeps what is its own.

use directories::ProjectDirs;
use std::env;
use std::path::{Path, PathBuf};

/// Names a folder that holds settings and unsaved work in place of the system's.
pub const HOME_VARIABLE: &str = "DESCENT_LAB_HOME";

/// What to tell the user, once, when there is no place.
pub const NO_PLACE: &str = "This system names no folder for settings, so settings and unsaved work \
                            are not kept. Set DESCENT_LAB_HOME to a folder to keep them.";

/// The program's own files and folders. They need not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The settings file.
    pub settings: PathBuf,
    /// The folder of unsaved work.
    pub recovery: PathBuf,
    /// The folder of checkpoints.
    pub checkpoints: PathBuf,
}

impl Places {
    /// `DESCENT_LAB_HOME` where it is set, otherwise the system's folders. None when the system
    /// names none; the program works without, and says [`NO_PLACE`].
    pub fn find() -> Option<Self> {
        match env::var_os(HOME_VARIABLE).filter(|home| !home.is_empty()) {
            Some(home) => Some(Self::under(Path::new(&home))),
            None => ProjectDirs::from("", "", "descent-lab").map(|folders| Self {
                settings: folders.config_dir().join("settings.ron"),
                recovery: folders.data_local_dir().join("recovery"),
                checkpoints: folders.data_local_dir().join("checkpoints"),
            }),
        }
    }

    /// Everything under one folder.
    pub fn under(home: &Path) -> Self {
        // A relative folder is meant from where the program was started.
        let home = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
        Self {
            settings: home.join("settings.ron"),
            recovery: home.join("recovery"),
            checkpoints: home.join("checkpoints"),
        }
    }
}
