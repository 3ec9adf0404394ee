//! Figures as pixels: PNG files and the animated playback.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::engine::{self, History};
use descent_lab::experiment::Checked;
use descent_lab::experiment::built_in;
use descent_lab::export::{
    ExportError, FIGURES, Figure, FigureSize, FigureStyle, MOST_FRAMES, PlaybackStyle, SizeError,
    encode_png, playback_gif, png,
};
use descent_lab::figures::theme::{DARK, LIGHT, Rgb, Theme};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

fn simulate(id: &str, epochs: u64) -> (Checked, History) {
    let mut experiment = built_in::find(id).unwrap().experiment();
    experiment.epochs = epochs;
    let checked = experiment.check().unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    (checked, history)
}

fn style(theme: &'static Theme, width: u32, height: u32) -> FigureStyle {
    FigureStyle {
        size: FigureSize {
            width: Some(width),
            height: Some(height),
        },
        theme,
        ..FigureStyle::default()
    }
}

/// Width, height and pixels of a PNG file.
fn decoded(bytes: &[u8]) -> ([u32; 2], Vec<Rgb>) {
    let mut reader = png_reader(bytes);
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let colours = pixels.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    ([info.width, info.height], colours)
}

fn png_reader(bytes: &[u8]) -> ::png::Reader<std::io::Cursor<&[u8]>> {
    ::png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap()
}

#[test]
fn every_figure_is_a_picture_of_the_chosen_size_with_text_and_colours() {
    let (checked, history) = simulate("hw3_q3a", 150);
    for (theme, scale, size) in [(&LIGHT, 1.0, [600, 400]), (&DARK, 1.5, [900, 600])] {
        for figure in FIGURES {
            let style = style(theme, 600, 400);
            let bytes = png(figure, &checked, &history, &style, scale).unwrap();
            let (found, pixels) = decoded(&bytes);
            assert_eq!(found, size, "{figure:?}");
            let share = |colour: Rgb| pixels.iter().filter(|&&pixel| pixel == colour).count();
            assert!(share(theme.ground) > pixels.len() / 10, "{figure:?}");
            // The strokes of the title and of the legend; most of their pixels are softened.
            assert!(share(theme.text) > 50, "{figure:?}: {}", share(theme.text));
            for run in 0..4 {
                assert!(share(theme.run(run)) > 20, "{figure:?}, run {run}");
            }
            let colours: BTreeSet<Rgb> = pixels.into_iter().collect();
            assert!(colours.len() > 50, "{figure:?}: {}", colours.len());
        }
    }
}

#[test]
fn a_picture_is_the_same_every_time() {
    let (checked, history) = simulate("ai_notes_1", 60);
    let bytes = || {
        let style = style(&LIGHT, 600, 400);
        png(Figure::Landscape, &checked, &history, &style, 1.0).unwrap()
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn too_large_pictures_are_refused() {
    let (checked, history) = simulate("ai_notes_1", 10);
    let large = style(&LIGHT, 8000, 8000);
    let refused = png(Figure::Landscape, &checked, &history, &large, 16.0);
    assert!(matches!(
        refused,
        Err(ExportError::Size(SizeError::Pixels { .. }))
    ));
    for scale in [0.0, f64::NAN, -1.0, 1e9] {
        let refused = png(
            FIGURES[0],
            &checked,
            &history,
            &FigureStyle::default(),
            scale,
        );
        assert!(matches!(
            refused,
            Err(ExportError::Size(SizeError::Scale(_)))
        ));
    }
    assert!(matches!(
        encode_png(&[], [0, 0]),
        Err(ExportError::Broken(_))
    ));
    assert!(matches!(
        encode_png(&[1; 8], [9, 9]),
        Err(ExportError::Broken(_))
    ));
}

fn playback(every: Option<u64>) -> PlaybackStyle {
    PlaybackStyle {
        figure: style(&LIGHT, 900, 400),
        every,
        ..PlaybackStyle::default()
    }
}

/// The pictures of an animation as they are seen, and how long each stays.
fn animation(bytes: &[u8]) -> Vec<(Vec<Rgb>, u16)> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(bytes).unwrap();
    let width = usize::from(decoder.width());
    let mut seen = vec![[0; 3]; width * usize::from(decoder.height())];
    let mut pictures = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        let (left, top) = (usize::from(frame.left), usize::from(frame.top));
        for (row, line) in frame
            .buffer
            .chunks_exact(4 * usize::from(frame.width))
            .enumerate()
        {
            for (column, pixel) in line.chunks_exact(4).enumerate() {
                if pixel[3] > 0 {
                    let at = (top + row) * width + left + column;
                    seen[at] = [pixel[0], pixel[1], pixel[2]];
                }
            }
        }
        pictures.push((seen.clone(), frame.delay));
    }
    pictures
}

#[test]
fn an_animation_shows_every_chosen_epoch_and_ends_with_the_final_state() {
    let (checked, history) = simulate("hw3_q3a", 30);
    let mut reports = Vec::new();
    let mut style = playback(Some(4));
    style.has_loss = false;
    let bytes = playback_gif(&checked, &history, &style, |done, total| {
        reports.push((done, total));
        ControlFlow::Continue(())
    });
    let pictures = animation(&bytes.unwrap());
    // 0, 4, … 28 and the last.
    assert_eq!(pictures.len(), 9);
    assert_eq!((reports[0], *reports.last().unwrap()), ((0, 9), (9, 9)));
    assert!(pictures.iter().take(8).all(|(_, delay)| *delay == 5));
    assert!(pictures[8].1 >= 100, "the end can be seen");
    for pair in pictures.windows(2) {
        assert_ne!(pair[0].0, pair[1].0);
    }
    let figure = FigureStyle {
        step: Some(30),
        ..style.figure
    };
    let whole = png(Figure::Landscape, &checked, &history, &figure, 1.0).unwrap();
    let (_, whole) = decoded(&whole);
    let far = |(a, b): (&Rgb, &Rgb)| (0..3).any(|axis| a[axis].abs_diff(b[axis]) > 40);
    let wrong = whole.iter().zip(&pictures[8].0).filter(|pair| far(*pair));
    assert!(wrong.count() < whole.len() / 1000);
    let exact = whole.iter().zip(&pictures[8].0).filter(|(a, b)| a == b);
    assert!(exact.count() > whole.len() * 9 / 10);
}

#[test]
fn the_loss_stands_beside_the_landscape_in_both_appearances() {
    let (checked, history) = simulate("ai_notes_2", 12);
    for theme in [&LIGHT, &DARK] {
        let mut style = playback(None);
        style.figure.theme = theme;
        let bytes = playback_gif(&checked, &history, &style, |_, _| ControlFlow::Continue(()));
        let pictures = animation(&bytes.unwrap());
        assert_eq!(pictures.len(), 13);
        let (last, _) = &pictures[12];
        let right_half = last.chunks_exact(900).flat_map(|row| &row[560..]);
        let curve = right_half.filter(|&&pixel| pixel == theme.run(1)).count();
        assert!(curve > 20, "{curve}");
    }
}

#[test]
fn an_animation_can_be_ended_at_any_time() {
    let (checked, history) = simulate("ai_notes_1", 40);
    for last in [0, 5] {
        let ended = playback_gif(&checked, &history, &playback(None), |done, _| {
            match done >= last {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        assert_eq!(ended, Err(ExportError::Cancelled));
    }
}

#[test]
fn absurd_animations_are_refused() {
    let (checked, history) = simulate("ai_notes_1", 5000);
    let refused = |style: PlaybackStyle| {
        playback_gif(&checked, &history, &style, |_, _| ControlFlow::Continue(())).unwrap_err()
    };
    let ExportError::TooLong { most, every, .. } = refused(playback(Some(1))) else {
        panic!("5001 pictures are too many");
    };
    assert_eq!((most, every), (MOST_FRAMES, 3));
    for frames_per_second in [0, 51, u32::MAX] {
        let style = PlaybackStyle {
            frames_per_second,
            ..playback(None)
        };
        assert_eq!(refused(style), ExportError::Speed(frames_per_second));
    }
    let large = PlaybackStyle {
        scale: 4.0,
        ..playback(None)
    };
    assert!(matches!(
        refused(large),
        ExportError::Size(SizeError::Pixels { .. })
    ));
}

#[test]
fn nothing_to_play_is_one_picture() {
    let (mut checked, _) = simulate("ai_notes_1", 5);
    checked.runs.clear();
    checked.experiment.runs.clear();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    let bytes = playback_gif(&checked, &history, &playback(None), |_, _| {
        ControlFlow::Continue(())
    });
    assert_eq!(animation(&bytes.unwrap()).len(), 1);
}
