//! What `export` is told, and what that comes to.

use super::chosen::Chosen;
use super::destination;
use crate::experiment::Checked;
use crate::export::{
    Figure, FigureSize, FigureStyle, MOST_FRAMES, PlaybackStyle, SCALES, SizeError,
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
    /// Which figure: loss, best_loss, learning_rate, gradient_norm, update_norm, distance,
    /// landscape, or all of these. A CSV file of all is the whole record, a GIF of all has the
    /// loss beside the landscape. What happens inside the rules is replayed: effective_step,
    /// cosine, a memory slot by its name (slot_m_first_moment_mean_gradient), or inside for
    /// every one of them; a CSV file of inside has them in one table.
    #[arg(long, value_name = "FIGURE", default_value = "all")]
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
    /// The files.
    pub files: Vec<(Content, PathBuf)>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A figure.
    Figure(Figure),
    /// Everything that was recorded, or the playback.
    Everything,
    /// Everything that was replayed.
    Inside,
}

impl Content {
    /// Whether the runs must be replayed for it.
    pub fn needs_replay(self) -> bool {
        self == Self::Inside || matches!(self, Self::Figure(figure) if figure.needs_replay())
    }

    /// Whether the sharpness along the runs must be worked out for it.
    pub fn needs_sharpness(self) -> bool {
        matches!(self, Self::Figure(figure) if figure.needs_sharpness())
    }
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

impl Arguments {
    /// What is to be written of an experiment, or what is wrong with the arguments.
    pub fn wanted(&self, checked: &Checked) -> Result<Wanted, String> {
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
        let files = self.files(format, checked)?;
        let names: Vec<String> = files.iter().map(|(_, name)| name.clone()).collect();
        let (folder, paths) = destination::paths(self.out.as_deref(), format, &names)?;
        let contents = files.into_iter().map(|(content, _)| content);
        Ok(Wanted {
            format,
            style,
            playback,
            folder,
            files: contents.zip(paths).collect(),
        })
    }

    fn size(&self) -> FigureSize {
        FigureSize {
            width: self.width,
            height: self.height,
        }
    }

    /// What the files hold, with their names without endings.
    fn files(&self, format: Format, checked: &Checked) -> Result<Vec<(Content, String)>, String> {
        let whole = |content, name: &str| Ok(vec![(content, name.to_owned())]);
        match (format, self.figure) {
            (Format::Gif, _) => whole(Content::Everything, "playback"),
            (Format::Csv, Chosen::All) => whole(Content::Everything, "history"),
            (Format::Csv, Chosen::Inside) => {
                self.figure.figures(checked)?;
                whole(Content::Inside, "inside")
            }
            _ => {
                let figures = self.figure.figures(checked)?.into_iter();
                let named = |figure: Figure| (Content::Figure(figure), figure.id().into_owned());
                Ok(figures.map(named).collect())
            }
        }
    }

    fn check(&self, format: Format) -> Result<(), String> {
        self.size().check().map_err(|error| error.to_string())?;
        if let Some(scale) = self.scale.filter(|scale| !SCALES.contains(scale)) {
            return Err(SizeError::Scale(scale).to_string());
        }
        let is_plot = !matches!(self.figure, Chosen::All | Chosen::Figure(Figure::Landscape));
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
