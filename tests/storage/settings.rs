//! Settings that are torn, written by two at once, or of any kind.

use super::{folder, names_in};
use descent_lab::storage::places::Places;
use descent_lab::storage::settings::{LastExperiment, MAX_RECENT, Settings, Theme};
use descent_lab::storage::{Action, StorageError};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

fn some_settings() -> Settings {
    let mut settings = Settings::default();
    settings.theme = Theme::Light;
    settings.remember(Path::new("/home/me/a.ron"));
    settings.last = Some(LastExperiment::BuiltIn("hw3_q3a".into()));
    settings
}

#[test]
fn a_missing_file_gives_the_defaults_without_a_word() {
    let folder = folder();
    let loaded = Settings::load(&folder.path().join("none/settings.ron"));
    assert_eq!(loaded, (Settings::default(), None));
    assert!(names_in(folder.path()).is_empty(), "reading makes nothing");
}

#[test]
fn torn_settings_are_set_aside_and_that_is_said() {
    let folder = folder();
    let file = folder.path().join("settings.ron");
    some_settings().save(&file).unwrap();
    let whole = fs::read(&file).unwrap();
    let torn = whole[..whole.len() / 2].to_vec();
    let damage = [torn, Vec::new(), b"\xFF\xFE".to_vec()];
    for (number, bytes) in damage.iter().enumerate() {
        fs::write(&file, bytes).unwrap();
        let (settings, notice) = Settings::load(&file);
        assert_eq!(settings, Settings::default());
        let aside = match number {
            0 => "settings.ron.damaged".to_owned(),
            _ => format!("settings.ron.damaged-{}", number + 1),
        };
        assert!(notice.unwrap().contains(&aside));
        assert!(!file.exists());
        assert_eq!(&fs::read(folder.path().join(aside)).unwrap(), bytes);
    }
    assert_eq!(Settings::load(&file), (Settings::default(), None));
}

#[test]
fn what_a_newer_program_wrote_survives() {
    let folder = folder();
    let file = folder.path().join("settings.ron");
    fs::write(
        &file,
        "(version: 2, theme: Dark, dock: Left(width: 3.5), scale: 2.0)",
    )
    .unwrap();
    let (mut settings, notice) = Settings::load(&file);
    assert_eq!(
        (settings.theme, settings.scale, notice),
        (Theme::Dark, 2.0, None)
    );
    settings.theme = Theme::Light;
    settings.save(&file).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    for part in ["version: 2", "theme: Light", "dock: Left(width: 3.5)"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[test]
fn two_writers_at_once_leave_one_whole_file() {
    let folder = folder();
    let file = folder.path().join("settings.ron");
    let versions: Vec<_> = [1_u32, 2]
        .map(|version| {
            let mut settings = some_settings();
            for number in 0..MAX_RECENT as u32 {
                let name = format!("{version}-{number}").repeat(100 * version as usize);
                settings.remember(Path::new(&name));
            }
            settings
        })
        .into();
    versions[0].save(&file).unwrap();
    let done = AtomicBool::new(false);
    let whole = |loaded: (Settings, Option<String>)| {
        assert!(
            loaded.1.is_none() && versions.contains(&loaded.0),
            "{loaded:?}"
        );
        loaded.0
    };
    std::thread::scope(|scope| {
        let writers: Vec<_> = versions
            .iter()
            .map(|settings| scope.spawn(|| (0..100).for_each(|_| settings.save(&file).unwrap())))
            .collect();
        let reader = scope.spawn(|| {
            let mut reads = 0_u32;
            while !done.load(Ordering::Relaxed) {
                whole(Settings::load(&file));
                reads += 1;
            }
            reads
        });
        writers
            .into_iter()
            .for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 10);
    });
    whole(Settings::load(&file));
    assert_eq!(names_in(folder.path()), ["settings.ron"]);
}

#[test]
fn a_place_that_cannot_be_written_is_a_typed_error() {
    let folder = folder();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = some_settings()
        .save(&folder.path().join("file/settings.ron"))
        .unwrap_err();
    assert!(
        matches!(
            error,
            StorageError::System {
                action: Action::CreateFolder,
                ..
            }
        ),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_unicode_costs_only_itself() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let file = folder.path().join("settings.ron");
    let mut settings = some_settings();
    let odd = Path::new(std::ffi::OsStr::from_bytes(b"/tmp/\xFF.ron"));
    settings.remember(odd);
    settings.last = Some(LastExperiment::File(odd.to_owned()));
    settings.save(&file).unwrap();
    let (loaded, notice) = Settings::load(&file);
    assert_eq!(loaded.recent, [PathBuf::from("/home/me/a.ron")]);
    assert_eq!(
        (loaded.last, notice, loaded.theme),
        (None, None, Theme::Light)
    );
}

#[test]
fn everything_lies_under_the_given_home() {
    let folder = folder();
    let places = Places::under(folder.path());
    assert_eq!(places.settings, folder.path().join("settings.ron"));
    assert_eq!(places.recovery, folder.path().join("recovery"));
    assert!(Places::under(Path::new("relative")).settings.is_absolute());
}

proptest! {
    #[test]
    fn all_settings_survive_writing_and_reading(
        theme in prop_oneof![Just(Theme::Dark), Just(Theme::Light), Just(Theme::System)],
        window_size: Option<[u16; 2]>,
        scale in 0.25_f32..8.0,
        recent in proptest::collection::vec("[^\0]{1,20}", 0..20),
        last in proptest::option::of(("(?s).{0,20}", any::<bool>())),
    ) {
        let folder = folder();
        let file = folder.path().join("deep/settings.ron");
        let mut settings = Settings::default();
        settings.theme = theme;
        settings.window_size = window_size.map(|size| size.map(|side| f32::from(side) / 7.0 + 1.0));
        settings.scale = scale;
        settings.last = last.map(|(text, is_file)| match is_file {
            true => LastExperiment::File(text.into()),
            false => LastExperiment::BuiltIn(text),
        });
        for path in &recent {
            settings.remember(Path::new(path));
        }
        settings.save(&file).unwrap();
        prop_assert_eq!(Settings::load(&file), (settings, None));
    }
}
