//! What settings survive.

use super::*;

#[test]
fn recent_files_are_few_distinct_and_latest_first() {
    let mut settings = Settings::default();
    for number in 0..20 {
        settings.remember(Path::new(&format!("{number}.ron")));
    }
    settings.remember(Path::new("15.ron"));
    assert_eq!(settings.recent.len(), MAX_RECENT);
    assert_eq!(settings.recent[0], Path::new("15.ron"));
    assert_eq!(settings.recent[1], Path::new("19.ron"));
    let again = settings.recent.iter().filter(|p| p.ends_with("15.ron"));
    assert_eq!(again.count(), 1);
}

#[test]
fn a_newer_versions_fields_survive_reading_and_writing() {
    let text = "(version: 3, theme: Sepia, scale: 1.5, plots: [Loss(log: true), (a: 1)],)";
    let (mut settings, notice) = parse(text).unwrap();
    assert_eq!((settings.version, settings.scale), (3, 1.5));
    assert_eq!(settings.theme, Theme::System);
    assert!(notice.unwrap().contains("`theme: Sepia`"));
    assert!(settings.text().contains("theme: Sepia,"));
    assert!(
        settings
            .text()
            .contains("plots: [Loss(log: true), (a: 1)],")
    );
    settings.theme = Theme::Dark;
    let (again, notice) = parse(&settings.text()).unwrap();
    assert_eq!((again.theme, again.version), (Theme::Dark, 3));
    assert_eq!(notice, None);
    assert!(again.text().contains("plots: [Loss(log: true), (a: 1)],"));
}

#[test]
fn values_that_no_window_could_have_are_refused() {
    for field in ["scale: NaN", "scale: 0.0", "window_size: Some((-1.0, 2.0))"] {
        let (settings, notice) = parse(&format!("({field})")).unwrap();
        assert_eq!((settings.scale, settings.window_size), (1.0, None));
        assert!(notice.unwrap().contains(field), "{field}");
    }
}

#[test]
fn how_the_landscape_is_seen_is_remembered() {
    let chosen = Settings {
        landscape_view: LandscapeView::Both,
        surface_height: HeightSpread::Linear,
        surface_contours: ContourPlace::Floor,
        ..Settings::default()
    };
    assert_eq!(parse(&chosen.text()).unwrap(), (chosen, None));
    let (settings, notice) = parse("(landscape_view: Globe, surface_height: Linear)").unwrap();
    assert_eq!(settings.landscape_view, LandscapeView::Map);
    assert_eq!(settings.surface_height, HeightSpread::Linear);
    assert!(notice.unwrap().contains("`landscape_view: Globe`"));
}

#[test]
fn an_empty_list_of_settings_gives_the_defaults() {
    assert_eq!(parse("()").unwrap(), (Settings::default(), None));
    assert!(parse("").is_err() && parse("(theme: Da").is_err());
}

#[test]
fn comfort_is_remembered() {
    use crate::storage::arrangement::Arrangement;
    let panel = |id: &str| Arrangement::Panel(id.into());
    let layout = Layout {
        arrangement: Some(Arrangement::Row(vec![
            (0.25, panel("setup")),
            (
                0.75,
                Arrangement::Tabs(1, vec![panel("plots"), panel("notes")]),
            ),
        ])),
        panels: [("readout".to_owned(), false)].into(),
    };
    let chosen = Settings {
        high_contrast: true,
        reduced_motion: true,
        layouts: [("Tall".to_owned(), layout.clone())].into(),
        layout,
        ..Settings::default()
    };
    assert_eq!(parse(&chosen.text()).unwrap(), (chosen, None));
    let wrong = "(layout: (arrangement: Row([(-1.0, Panel(\"setup\"))])), high_contrast: true)";
    let (settings, notice) = parse(wrong).unwrap();
    assert_eq!(settings.layout, Layout::default());
    assert!(settings.high_contrast && notice.unwrap().contains("layout"));
}

#[test]
fn how_the_plots_are_seen_is_remembered_field_by_field() {
    let chosen = Settings {
        plots: PlotView {
            shown: vec!["loss".into(), "slot v: a \"second\" moment".into()],
            large: Some("loss".into()),
            by_evaluations: true,
            log_x: true,
            logarithmic: BTreeMap::from([("loss".into(), false)]),
        },
        shows_inside: true,
        shows_curvature: true,
        shows_flow: true,
        ..Settings::default()
    };
    assert_eq!(parse(&chosen.text()).unwrap(), (chosen, None));
    let text = "(plots_shown: Everything, plots_log_x: true, plots_large: \"cosine\")";
    let (settings, notice) = parse(text).unwrap();
    assert_eq!(settings.plots.shown, PlotView::default().shown);
    assert_eq!(settings.plots.large.as_deref(), Some("cosine"));
    assert!(settings.plots.log_x);
    assert!(notice.unwrap().contains("`plots_shown: Everything`"));
}
