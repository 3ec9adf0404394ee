//! `landscape.svg`: the way of every visible run over the landscape.

use super::contenders::{self, Contender};
use super::document::{Document, hex, path_data};
use super::plot::{Axis, Plot};
use super::strokes::{self, Departure, End};
use super::{colour_bar, heading, legend, marks};
use crate::engine::History;
use crate::experiment::Checked;
use crate::figures::axis::linear_ticks;
use crate::figures::bands::{self, Region};
use crate::figures::field::{Field, HeightScale, Window};
use crate::figures::theme::LIGHT;
use crate::figures::{clip, thinning};
use crate::landscapes::LandscapeCard;

/// The longer side of the plot.
const SIDE: f64 = 480.0;
const LEGEND_WIDTH: f64 = 190.0;
/// How many colours there are between the lowest and the highest point of the range.
pub(super) const BANDS: usize = 20;
/// Grid points a side; narrow valleys need them.
const GRID: usize = 481;
const CLIP: &str = "landscape-plot";

/// The landscape as filled contour bands, its minima, the start, and the way of every visible
/// run. The same experiment gives the same bytes.
pub fn landscape_svg(checked: &Checked, history: &History) -> String {
    let landscape = &*checked.objective.landscape;
    let runs = contenders::visible(checked, history);
    let start = checked.experiment.start();
    let plot = plot(window(&landscape.card(), start));
    let right = plot.corner[0] + plot.size[0];
    let legend_corner = [right + colour_bar::WIDTH + 24.0, heading::BOTTOM + 2.0];
    let key_top = legend_corner[1] + legend::height(runs.len()) + 6.0;
    let width = legend_corner[0] + LEGEND_WIDTH + 12.0;
    let height = (plot.page(54.0).y.1).max(key_top + marks::KEY_HEIGHT + 16.0);
    let mut document = Document::new([width, height]);
    heading::draw(&mut document, checked, width);

    document.clip_rectangle(CLIP, plot.corner, plot.size);
    document.open("g", &[("clip-path", &format!("url(#{CLIP})"))]);
    let scale = HeightScale::of(landscape);
    let field = Field::sample(landscape, plot.window, GRID, GRID);
    let per_pixel = plot.per_unit().map(|unit| unit / 2.0);
    draw_bands(
        &mut document,
        &plot,
        &bands::regions(&field, &scale, BANDS, per_pixel),
    );
    let trails: Vec<_> = runs.iter().map(|run| trail(&plot, run)).collect();
    draw_trails(&mut document, &runs, &trails);
    document.close("g");
    draw_axes(&mut document, &plot);
    marks::minima(&mut document, &plot, &landscape.card());
    marks::start(&mut document, &plot, start, &trails.concat().concat());
    draw_ends(&mut document, &plot, &runs);
    colour_bar::draw(&mut document, &plot, &landscape.card(), &scale);
    legend::draw(&mut document, legend_corner, LEGEND_WIDTH, &runs);
    marks::key(
        &mut document,
        [legend_corner[0], key_top],
        &landscape.card(),
    );
    document.finish(
        &format!("Landscape: {}", heading::title(checked)),
        LIGHT.ground,
    )
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

/// A unit of w1 is as long as a unit of w2.
fn plot(window: Window) -> Plot {
    let [width, height] = window.size();
    let scale = SIDE / width.max(height);
    Plot {
        corner: [heading::MARGIN + 60.0, heading::BOTTOM],
        size: [width * scale, height * scale],
        window,
    }
}

fn draw_bands(document: &mut Document, plot: &Plot, regions: &[Region]) {
    let colours = LIGHT.height_colours();
    document.rectangle(plot.corner, plot.size, colours.at(band_middle(0.0)));
    let (line, opacity) = LIGHT.contour;
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

/// The parts of a run's way that can be seen, on the page.
fn trail(plot: &Plot, run: &Contender<'_>) -> Vec<Vec<[f64; 2]>> {
    // A little beyond the frame, so that no line ends within it. Cut before it is placed on
    // the page, where the farthest points would overflow.
    let [x, y] = plot.per_unit().map(|unit| 8.0 * unit);
    let window = Window {
        x: (plot.window.x.0 - x, plot.window.x.1 + x),
        y: (plot.window.y.0 - y, plot.window.y.1 + y),
    };
    clip::polyline(window, places(run))
        .into_iter()
        .map(|part| {
            let placed: Vec<_> = part.into_iter().map(|at| plot.place(at)).collect();
            thinning::thin(&placed, [0.5, 0.5])
        })
        .collect()
}

fn places(run: &Contender<'_>) -> impl Iterator<Item = [f64; 2]> {
    run.trace.parameters().map(|w| [w[0], w[1]])
}

/// The trails over the halos of all of them: a halo between two trails that run side by side
/// would hide one.
fn draw_trails(document: &mut Document, runs: &[Contender<'_>], trails: &[Vec<Vec<[f64; 2]>>]) {
    let data = |parts: &Vec<Vec<[f64; 2]>>| parts.iter().map(|part| path_data(part, 1)).collect();
    let paths: Vec<String> = trails.iter().map(data).collect();
    let halo = hex(LIGHT.halo);
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
