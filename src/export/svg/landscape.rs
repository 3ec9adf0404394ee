//! The way of every visible run over the landscape.

use super::contenders::{self, Contender};
use super::document::{Anchor, Document, TextStyle, hex, path_data};
use super::plot::{Axis, Plot};
use super::strokes::{self, Departure, End};
use super::{colour_bar, heading, legend, marks, notes, others};
use crate::experiment::Checked;
use crate::export::{FigureStyle, Shown};
use crate::figures::axis::linear_ticks;
use crate::figures::bands::{self, Region};
use crate::figures::field::{Field, HeightScale, Window};
use crate::figures::{clip, thinning};
use crate::landscapes::{Chosen, LandscapeCard};

/// The longer side of the plot.
const SIDE: f64 = 480.0;
/// How many colours there are between the lowest and the highest point of the range.
pub(super) const BANDS: usize = 20;
/// Grid points a side; narrow valleys need them.
const GRID: usize = 481;
const CLIP: &str = "landscape-plot";
const RUNS_CLIP: &str = "landscape-runs";

/// The landscape with its runs, laid out on the page.
pub(super) struct Scene<'a> {
    shown: Shown<'a>,
    landscape: &'a Chosen,
    step: Option<u64>,
    plot: Plot,
    legend_corner: [f64; 2],
    legend_size: [f64; 2],
    /// The whole way of every run, on the page; the name of the start keeps clear of it.
    ways: Vec<[f64; 2]>,
    /// Width and height of the page.
    pub size: [f64; 2],
}

/// The landscape as filled contour bands, its minima, the start, and the way of every visible
/// run; complete but for the end of the file.
pub(super) fn document(shown: &Shown<'_>, style: &FigureStyle) -> Document {
    let runs = contenders::visible(shown.checked, shown.history, style.theme, style.step);
    let Some(landscape) = looked_down_on(shown.checked, style.step) else {
        return without_landscape(shown.checked, style);
    };
    let scene = Scene::new(shown, landscape, &runs, style);
    let mut document = Document::new(scene.size, style.theme);
    heading::draw(&mut document, shown.checked, style.step);
    scene.draw_ground(&mut document);
    scene.draw_runs(&mut document, &runs);
    document
}

/// The landscape that is descended; of surfaces that follow one another, the one of the step.
fn looked_down_on(checked: &Checked, step: Option<u64>) -> Option<&Chosen> {
    let at_step = || {
        let surfaces = checked.surfaces()?;
        let update = step.unwrap_or_else(|| checked.updates());
        surfaces.all().get(surfaces.task_of(update))
    };
    checked.objective.landscape().or_else(at_step)
}

/// A page that says that there is nothing to look down on.
fn without_landscape(checked: &Checked, style: &FigureStyle) -> Document {
    let size = [
        style.size.width.unwrap_or(640),
        style.size.height.unwrap_or(320),
    ];
    let mut document = Document::new(size.map(f64::from), style.theme);
    heading::draw(&mut document, checked, style.step);
    let middle = TextStyle::new(12.0, style.theme.quiet_text).anchored(Anchor::Middle);
    let place = size.map(|length| f64::from(length) / 2.0);
    document.text(
        place,
        middle,
        "what is minimised has more than two parameters: no landscape",
    );
    document
}

impl<'a> Scene<'a> {
    /// Room that a figure of this height takes beside its plot, across and down.
    fn around(legend: f64) -> [f64; 2] {
        let left = heading::MARGIN + 60.0;
        let right = colour_bar::WIDTH + 24.0 + legend + 12.0;
        [left + right, heading::BOTTOM + 54.0]
    }

    /// Lays the landscape out in the chosen size, or in one that it needs.
    pub fn new(
        shown: &Shown<'a>,
        landscape: &'a Chosen,
        runs: &[Contender<'_>],
        style: &FigureStyle,
    ) -> Self {
        let card = landscape.card();
        let window = window(&card, shown.checked.experiment.start());
        let legend_width = legend::width(style.size.width.map_or(f64::INFINITY, f64::from));
        let around = Self::around(legend_width);
        let chosen = [style.size.width, style.size.height];
        let free = [0, 1].map(|axis| Some(f64::from(chosen[axis]?) - around[axis]));
        let mut plot = plot(window, free);
        if let [Some(width), _] = free {
            plot.corner[0] += (width - plot.size[0]) / 2.0;
        }
        let right = plot.corner[0] + plot.size[0];
        let legend_corner = [right + colour_bar::WIDTH + 24.0, heading::BOTTOM + 2.0];
        let noted = notes::height(&others::notes(shown, runs.len()));
        let below = marks::KEY_HEIGHT + 22.0 + noted;
        let needed = legend_corner[1] + legend::height(runs.len()) + below;
        let size = [
            style
                .size
                .width
                .map_or(legend_corner[0] + legend_width + 12.0, f64::from),
            style
                .size
                .height
                .map_or(plot.page(54.0).y.1.max(needed), f64::from),
        ];
        let legend_size = [legend_width, size[1] - legend_corner[1] - below];
        let ways = runs.iter().flat_map(|run| trail(&plot, whole_way(run)));
        Self {
            shown: *shown,
            landscape,
            step: style.step,
            plot,
            legend_corner,
            legend_size,
            ways: ways.flatten().collect(),
            size,
        }
    }

    /// What stays the same at every step.
    pub fn draw_ground(&self, document: &mut Document) {
        let landscape = &**self.landscape;
        document.clip_rectangle(CLIP, self.plot.corner, self.plot.size);
        document.open("g", &[("clip-path", &format!("url(#{CLIP})"))]);
        let scale = HeightScale::of(landscape);
        let field = Field::sample(landscape, self.plot.window, GRID, GRID);
        let per_pixel = self.plot.per_unit().map(|unit| unit / 2.0);
        let regions = bands::regions(&field, &scale, BANDS, per_pixel);
        draw_bands(document, &self.plot, &regions);
        document.close("g");
        draw_axes(document, &self.plot);
        colour_bar::draw(document, &self.plot, &landscape.card(), &scale);
    }

    /// What changes from step to step, and what lies over it.
    pub fn draw_runs(&self, document: &mut Document, runs: &[Contender<'_>]) {
        let card = self.landscape.card();
        let (shown, plot) = (&self.shown, &self.plot);
        heading::epoch(document, shown.checked, self.step);
        document.clip_rectangle(RUNS_CLIP, self.plot.corner, self.plot.size);
        document.open("g", &[("clip-path", &format!("url(#{RUNS_CLIP})"))]);
        others::pinned(document, plot, shown);
        others::trails(document, plot, shown, runs, self.step);
        let trails: Vec<_> = runs.iter().map(|run| trail(plot, places(run))).collect();
        draw_trails(document, runs, &trails);
        document.close("g");
        marks::minima(document, plot, &card);
        others::heads(document, plot, shown, runs, self.step);
        others::pinned_heads(document, plot, shown, self.step);
        marks::start(document, plot, shown.checked.experiment.start(), &self.ways);
        draw_ends(document, plot, runs);
        legend::draw(document, self.legend_corner, self.legend_size, runs);
        let [left, top] = self.legend_corner;
        let [width, room] = self.legend_size;
        let below = top + legend::height(runs.len()).min(room);
        let notes = others::notes(shown, runs.len());
        notes::draw(document, [left, below], width, &notes);
        let below = below + notes::height(&notes);
        marks::key(document, [left, below + 4.0], &card);
    }
}

/// The range of the card, extended to a start that lies outside it, unless that lies so far
/// away that the range would be a speck.
fn window(card: &LandscapeCard, start: [f64; 2]) -> Window {
    let side = |axis: usize| {
        let ((low, high), w) = (card.range[axis], start[axis]);
        let span = high - low;
        let (farthest_low, farthest_high) = (low - 1.8 * span, high + 1.8 * span);
        if (low..=high).contains(&w) || !(farthest_low..=farthest_high).contains(&w) {
            return (low, high);
        }
        let margin = 0.1 * span;
        (low.min(w - margin), high.max(w + margin))
    };
    Window {
        x: side(0),
        y: side(1),
    }
}

/// A unit of w1 is as long as a unit of w2; as large as the free room allows where a side of
/// it is given.
fn plot(window: Window, free: [Option<f64>; 2]) -> Plot {
    let [width, height] = window.size();
    let scale = match free.map(|side| side.map(|side| side.max(40.0))) {
        [None, None] => SIDE / width.max(height),
        [w, h] => {
            let fits = |side: Option<f64>, units: f64| side.map_or(f64::INFINITY, |s| s / units);
            fits(w, width).min(fits(h, height))
        }
    };
    Plot {
        corner: [heading::MARGIN + 60.0, heading::BOTTOM],
        size: [width * scale, height * scale],
        window,
    }
}

fn draw_bands(document: &mut Document, plot: &Plot, regions: &[Region]) {
    let colours = document.theme.height_colours();
    document.rectangle(plot.corner, plot.size, colours.at(band_middle(0.0)));
    let (line, opacity) = document.theme.contour;
    let attributes: [(&str, &dyn std::fmt::Display); 4] = [
        ("fill-rule", &"evenodd"),
        ("stroke", &hex(line)),
        ("stroke-opacity", &opacity),
        ("stroke-width", &"0.6"),
    ];
    document.open("g", &attributes);
    for region in regions {
        let data: String = region
            .rings
            .iter()
            .map(|ring| {
                let placed: Vec<_> = ring.iter().map(|point| plot.place(*point)).collect();
                path_data(&placed, 1) + "z"
            })
            .collect();
        let fill = hex(colours.at(band_middle(region.position)));
        document.element("path", &[("d", &data), ("fill", &fill)]);
    }
    document.close("g");
}

/// The middle of the band that begins at this position: the lowest band takes the lowest
/// colour, the highest the highest.
pub(super) fn band_middle(position: f64) -> f64 {
    position * BANDS as f64 / (BANDS - 1) as f64
}

/// The parts of a way that can be seen, on the page.
pub(super) fn trail(plot: &Plot, places: impl Iterator<Item = [f64; 2]>) -> Vec<Vec<[f64; 2]>> {
    // A little beyond the frame, so that no line ends within it. Cut before it is placed on
    // the page, where the farthest points would overflow.
    let [x, y] = plot.per_unit().map(|unit| 8.0 * unit);
    let window = Window {
        x: (plot.window.x.0 - x, plot.window.x.1 + x),
        y: (plot.window.y.0 - y, plot.window.y.1 + y),
    };
    clip::polyline(window, places)
        .into_iter()
        .map(|part| {
            let placed: Vec<_> = part.into_iter().map(|at| plot.place(at)).collect();
            thinning::thin(&placed, [0.5, 0.5])
        })
        .collect()
}

/// Where a run has been so far.
fn places(run: &Contender<'_>) -> impl Iterator<Item = [f64; 2]> {
    whole_way(run).take(run.shown)
}

fn whole_way(run: &Contender<'_>) -> impl Iterator<Item = [f64; 2]> {
    run.trace.parameters().map(|w| [w[0], w[1]])
}

/// The trails over the halos of all of them: a halo between two trails that run side by side
/// would hide one.
fn draw_trails(document: &mut Document, runs: &[Contender<'_>], trails: &[Vec<Vec<[f64; 2]>>]) {
    let data = |parts: &Vec<Vec<[f64; 2]>>| parts.iter().map(|part| path_data(part, 1)).collect();
    let paths: Vec<String> = trails.iter().map(data).collect();
    let halo = hex(document.theme.halo);
    for path in paths.iter().filter(|path| !path.is_empty()) {
        document.element(
            "path",
            &[
                ("d", path),
                ("fill", &"none"),
                ("stroke", &halo),
                ("stroke-width", &"4"),
                ("stroke-linejoin", &"round"),
            ],
        );
    }
    strokes::lines(document, runs, &paths, 2.0);
}

/// Every run's marker at its last place, or an arrow where it left the frame.
fn draw_ends(document: &mut Document, plot: &Plot, runs: &[Contender<'_>]) {
    let (mut ends, mut departures) = (Vec::new(), Vec::new());
    for run in runs {
        let colour = run.colour;
        let Some(last) = places(run).last() else {
            continue;
        };
        if clip::contains(plot.window, last) {
            ends.push(End {
                place: plot.place(last),
                marker: run.marker,
                colour,
            });
        } else if let Some((border, [dx, dy])) = clip::exit(plot.window, places(run)) {
            departures.push(Departure {
                border: plot.place(border),
                // On the page a unit of both axes is equally long, and y points down.
                direction: [dx, -dy],
                colour,
            });
        }
    }
    strokes::ends(document, &ends, 4.5);
    strokes::arrows(document, &departures);
}

fn draw_axes(document: &mut Document, plot: &Plot) {
    let ticks = |(low, high): (f64, f64), length: f64| {
        linear_ticks(low, high, (length / 70.0).round() as usize)
    };
    let x = Axis {
        ticks: &ticks(plot.window.x, plot.size[0]),
        name: "w1",
    };
    let y = Axis {
        ticks: &ticks(plot.window.y, plot.size[1]),
        name: "w2",
    };
    plot.axes(document, &x, &y);
}
