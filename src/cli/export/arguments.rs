//! What `export` is told, and what that comes to.

use super::destination;
use crate::export::{
    FIGURES, Figure, FigureSize, FigureStyle, MOST_FRAMES, PlaybackStyle, SCALES, SizeError,
};
use crate::figures::curves::AxisScale;
use crate::figures::theme::{DARK, LIGHT};
use clap::ValueEnum;
use std::ffi::OsString;
use std::path::PathBuf;

/// The arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// An experiment file, or the name of a built-in experiment.
    #[arg(value_name = "FILE|NAME")]
    pub experiment: OsString,
    /// Which figure. A CSV file of all is the whole record, a GIF of all has the loss beside
    /// the landscape.
    #[arg(long, value_enum, default_value = "all")]
    figure: Chosen,
    /// The kind of file; without it, what the ending of --out says, or svg.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The folder to write into, which is made where needed, or the file where there is only
    /// one. The present folder where it is not given.
    #[arg(long, value_name = "DIR|FILE")]
    out: Option<PathBuf>,
    /// Width in units (480 to 8192); text is 12 units high.
    #[arg(long)]
    width: Option<u32>,
    /// Height in units (320 to 8192); without it as high as needed.
    #[arg(long)]
    height: Option<u32>,
    /// Pixels a unit (0.25 to 16), for png and gif [default: 2 for png, 1 for gif].
    #[arg(long)]
    scale: Option<f64>,
    /// The appearance.
    #[arg(long, value_enum, default_value = "light")]
    theme: Appearance,
    /// Show the runs as they stood after so many updates, for svg and png.
    #[arg(long, value_name = "K")]
    step: Option<u64>,
    /// Spread the values by powers of ten.
    #[arg(long, conflicts_with = "linear")]
    log: bool,
    /// Spread the values evenly.
    #[arg(long)]
    linear: bool,
    /// Pictures a second (1 to 50), for gif.
    #[arg(long, value_name = "F", default_value_t = 20)]
    fps: u32,
    /// Show every n-th epoch only, for gif; without it about 150 pictures.
    #[arg(long, value_name = "N")]
    every: Option<u64>,
}

/// A figure, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Chosen {
    Loss,
    BestLoss,
    LearningRate,
    GradientNorm,
    UpdateNorm,
    Distance,
    Landscape,
    All,
}

/// The kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Drawing, for print and for editing.
    Svg,
    /// Pixels.
    Png,
    /// Numbers.
    Csv,
    /// The playback, animated.
    Gif,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Appearance {
    Light,
    Dark,
}

/// What is to be written.
pub struct Wanted {
    pub format: Format,
    pub style: FigureStyle,
    /// How the playback looks; its scale is that of every picture.
    pub playback: PlaybackStyle,
    /// The folder that must be there; none for the present one.
    pub folder: Option<PathBuf>,
    /// The files; no figure stands for the whole record or playback.
    pub files: Vec<(Option<Figure>, PathBuf)>,
}

impl Format {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Csv => "csv",
            Self::Gif => "gif",
        }
    }
}

impl Chosen {
    /// The figure; none for all.
    fn figure(self) -> Option<Figure> {
        let id = self.to_possible_value()?;
        FIGURES
            .into_iter()
            .find(|figure| figure.id() == id.get_name())
    }
}

impl Arguments {
    /// What is to be written, or what is wrong with the arguments.
    pub fn wanted(&self) -> Result<Wanted, String> {
        let format = destination::format(self.format, self.out.as_deref())?;
        self.check(format)?;
        let style = FigureStyle {
            size: self.size(),
            theme: match self.theme {
                Appearance::Light => &LIGHT,
                Appearance::Dark => &DARK,
            },
            scale: match (self.log, self.linear) {
                (true, _) => Some(AxisScale::Logarithmic),
                (_, true) => Some(AxisScale::Linear),
                _ => None,
            },
            step: self.step,
        };
        let usual_scale = if format == Format::Gif { 1.0 } else { 2.0 };
        let playback = PlaybackStyle {
            figure: style,
            scale: self.scale.unwrap_or(usual_scale),
            frames_per_second: self.fps,
            every: self.every,
            has_loss: self.figure == Chosen::All,
        };
        let names = self.names(format);
        let (folder, paths) = destination::paths(self.out.as_deref(), format, &names)?;
        let figures = names.into_iter().map(|(figure, _)| figure);
        Ok(Wanted {
            format,
            style,
            playback,
            folder,
            files: figures.zip(paths).collect(),
        })
    }

    fn size(&self) -> FigureSize {
        FigureSize {
            width: self.width,
            height: self.height,
        }
    }

    /// The figures with the names of their files, without endings.
    fn names(&self, format: Format) -> Vec<(Option<Figure>, &'static str)> {
        match (format, self.figure.figure()) {
            (Format::Gif, _) => vec![(None, "playback")],
            (Format::Csv, None) => vec![(None, "history")],
            (_, None) => FIGURES.map(|figure| (Some(figure), figure.id())).to_vec(),
            (_, Some(figure)) => vec![(Some(figure), figure.id())],
        }
    }

    fn check(&self, format: Format) -> Result<(), String> {
        self.size().check().map_err(|error| error.to_string())?;
        if let Some(scale) = self.scale.filter(|scale| !SCALES.contains(scale)) {
            return Err(SizeError::Scale(scale).to_string());
        }
        let is_plot = !matches!(self.figure, Chosen::All | Chosen::Landscape);
        if format == Format::Gif && is_plot {
            return Err(
                "the playback is of the landscape: --figure landscape, or all for the \
                        loss beside it"
                    .into(),
            );
        }
        if format == Format::Gif && !(1..=50).contains(&self.fps) {
            return Err(format!(
                "--fps {}: choose 1 to 50 pictures a second",
                self.fps
            ));
        }
        if self.every == Some(0) {
            return Err(format!(
                "--every 0: choose 1 or more; an animation has at most {MOST_FRAMES} pictures"
            ));
        }
        if self.step.is_some() && matches!(format, Format::Csv | Format::Gif) {
            return Err("--step is for figures (svg, png); csv and gif hold every step".into());
        }
        Ok(())
    }
}
