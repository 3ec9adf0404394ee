//! The plane through the weights with which a run's tasks ended: the loss of a task on it, the way
//! from end to end, and the ellipse of EWC's pull.

use super::{heat, run_choice};
use crate::analysis::task_plane::{self, TaskPlane};
use crate::app::background::Background;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::app::widgets::marker;
use crate::app::widgets::named;
use crate::engine::Record;
use crate::engine::continual::TaskEnd;
use crate::engine::training::Snapshot;
use crate::experiment::Checked;
use crate::figures::axis::significant;
use crate::figures::field::{Field, Window};
use crate::figures::theme::{Marker, Theme};
use egui::{
    Align2, ColorImage, FontId, Label, RichText, Stroke, TextureHandle, TextureOptions, Ui, vec2,
};
use egui_plot::{Line, LineStyle, Plot, PlotImage, PlotPoint, PlotPoints, PlotUi};
use std::sync::Arc;

/// Grid points a side.
const SIDE: usize = 25;

/// Contour lines.
const LEVELS: usize = 10;

/// Corners of the ellipse.
const CORNERS: usize = 120;

/// How much is seen around the ends, in parts of what they span.
const MARGIN: f64 = 0.35;

/// What is to be computed.
#[derive(Clone)]
struct Question {
    checked: Arc<Checked>,
    record: u64,
    run: usize,
    /// Whose loss.
    task: usize,
    ends: Vec<Arc<TaskEnd>>,
    /// The weights at the ends of epochs.
    path: Vec<Arc<Snapshot>>,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        let key = |question: &Self| {
            let last = question.path.last().map(|snapshot| snapshot.update);
            let ends = question.ends.len();
            (question.record, question.run, question.task, (ends, last))
        };
        key(self) == key(other)
    }
}

/// A plane with what lies on it.
struct Answer {
    question: Question,
    /// None where the ends lie on a line, or the data cannot be had.
    drawn: Option<Drawn>,
}

struct Drawn {
    field: Field,
    contours: Vec<Vec<[f64; 2]>>,
    ends: Vec<[f64; 2]>,
    /// The feet of the weights after so many updates, the start first.
    path: Vec<(u64, [f64; 2])>,
    /// What Σ F(θ − θ*)² of the first task is on the plane.
    form: [[f64; 2]; 2],
    /// By how much the shown task's loss falls from the first end to the least on the grid.
    gain: f64,
}

/// The panel, with the plane on show.
pub struct PlanePanel {
    background: Option<Background<Question, Answer>>,
    asked: Option<Question>,
    answer: Option<Answer>,
    texture: Option<(Appearance, TextureHandle)>,
    task: usize,
}

impl PlanePanel {
    /// A panel that has computed nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        let answer = |question: Question, superseded: &(dyn Fn() -> bool + Sync)| {
            let drawn = draw(&question, &|| !superseded());
            (!superseded()).then_some(Answer { question, drawn })
        };
        Self {
            background: Background::start_watched("plane of tasks", wake, answer).ok(),
            asked: None,
            answer: None,
            texture: None,
            task: 0,
        }
    }

    /// Shows the plane of the run at hand.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            ui.weak("Nothing recorded yet.");
            return;
        };
        run_choice::show(lab, record, "Run of the plane", commands, ui);
        let run = lab.run_at_hand();
        let trace = record.history.traces.get(run);
        let ends = trace.map_or(&[][..], |trace| trace.observations.ends());
        if ends.len() < 2 {
            ui.weak("The plane is there when two tasks have ended.");
            return;
        }
        self.tasks(record, ui);
        self.ask(lab, record, (run, ends));
        if let Some(answer) = self.background.as_ref().and_then(Background::take) {
            self.answer = Some(answer);
            self.texture = None;
        }
        let here = self.answer.take().filter(|answer| {
            let asked = self.asked.as_ref();
            asked.is_some_and(|asked| {
                (asked.record, asked.run) == (answer.question.record, answer.question.run)
            })
        });
        // Until the newest is there, what is drawn says whose loss it is.
        match here
            .as_ref()
            .map(|answer| (answer.question.task, &answer.drawn))
        {
            None => {
                ui.weak("Computing the losses on the plane …");
            }
            Some((_, None)) => {
                ui.weak("The ends of the tasks lie on a line: there is no plane through them.");
            }
            Some((task, Some(drawn))) => {
                self.texture(drawn, ui);
                self.plot(lab, (run, task), drawn, ui);
            }
        }
        self.answer = here;
    }

    fn tasks(&mut self, record: &Record, ui: &mut Ui) {
        let tasks = record.checked.sequence().map_or(0, |s| s.tasks());
        self.task = self.task.min(tasks.saturating_sub(1));
        ui.horizontal_wrapped(|ui| {
            ui.label("Test loss of");
            for task in 0..tasks {
                let text = format!("task {}", task + 1);
                let name = format!("Loss of task {}", task + 1);
                let label = named(ui.selectable_label(self.task == task, text), &name);
                if label
                    .on_hover_text("Draw this task's loss on the plane.")
                    .clicked()
                {
                    self.task = task;
                }
            }
        });
    }

    fn ask(&mut self, lab: &Lab, record: &Record, (run, ends): (usize, &[Arc<TaskEnd>])) {
        let Some(checked) = lab
            .record
            .as_ref()
            .map(|record| Arc::clone(&record.checked))
        else {
            return;
        };
        let question = Question {
            checked,
            record: record.request,
            run,
            task: self.task,
            ends: ends.to_vec(),
            path: record.snapshots.of(run).to_vec(),
        };
        if self.asked.as_ref() == Some(&question) {
            return;
        }
        if let Some(background) = &self.background {
            background.ask(question.clone());
            self.asked = Some(question);
        }
    }

    fn texture(&mut self, drawn: &Drawn, ui: &Ui) {
        let appearance = Appearance::of(ui);
        if self
            .texture
            .as_ref()
            .is_some_and(|(made, _)| *made == appearance)
        {
            return;
        }
        let heights = drawn.field.heights.iter().copied();
        let finite = heights.filter(|height| height.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), h| {
            (low.min(h), high.max(h))
        });
        let share = |height: f64| spread(height, low) / spread(high, low).max(f64::MIN_POSITIVE);
        let rows = drawn.field.heights.chunks(drawn.field.columns).rev();
        let tokens = theme::of(ui);
        let pixels = rows.flatten().map(|&height| {
            let share = if height.is_finite() {
                share(height)
            } else {
                1.0
            };
            heat::colour(tokens, share)
        });
        let size = [drawn.field.columns, drawn.field.rows];
        let image = ColorImage::new(size, pixels.collect());
        let texture = ui
            .ctx()
            .load_texture("plane of tasks", image, TextureOptions::LINEAR);
        self.texture = Some((appearance, texture));
    }

    fn plot(&self, lab: &Lab, (run, task): (usize, usize), drawn: &Drawn, ui: &mut Ui) {
        caption(drawn, task, ui);
        let tokens = theme::of(ui);
        let spec = lab.experiment.runs.get(run);
        let colour = spec.and_then(|run| run.colour).unwrap_or(0);
        // The ends are seen first; an ellipse may reach far beyond them.
        let Window { x, y } = drawn.field.window;
        let plot = Plot::new(("plane of tasks", run, self.asked.as_ref().map(|q| q.record)));
        let response = plot
            .default_x_bounds(x.0, x.1)
            .default_y_bounds(y.0, y.1)
            .data_aspect(1.0)
            .show_grid(false)
            .allow_scroll(false)
            .x_axis_label("towards the end of task 2")
            .y_axis_label("across")
            .show(ui, |plot| {
                if let Some((_, texture)) = &self.texture {
                    let window = drawn.field.window;
                    let ([x, y], [width, height]) = (window.centre(), window.size());
                    let size = vec2(width as f32, height as f32);
                    let image = PlotImage::new("loss", texture, PlotPoint::new(x, y), size);
                    plot.image(image.allow_hover(false));
                }
                lines(drawn, (colour, lab.playhead.step()), plot, tokens);
            });
        let painter = ui.painter().with_clip_rect(*response.transform.frame());
        let ground = theme::colour(tokens.halo);
        let fill = theme::colour(tokens.run(colour));
        let step = lab.playhead.step();
        let ends = drawn.ends.iter().enumerate().map(|(task, &at)| {
            let end = self.answer_end(task);
            let is_past = end.is_some_and(|end| end <= step);
            (at, format!("end of task {}", task + 1), is_past)
        });
        let here = drawn.path.partition_point(|(update, _)| *update <= step);
        if let Some((_, [x, y])) = here.checked_sub(1).and_then(|index| drawn.path.get(index)) {
            let at = response
                .transform
                .position_from_point(&PlotPoint::new(*x, *y));
            painter.circle_stroke(at, 8.0, Stroke::new(2.0, theme::colour(tokens.text)));
        }
        for (at, name, is_past) in ends {
            let point = PlotPoint::new(at[0], at[1]);
            let at = response.transform.position_from_point(&point);
            let radius = if is_past { 6.0 } else { 4.5 };
            marker::paint(&painter, Marker::of(colour), at, radius, fill, ground);
            let text = theme::colour(tokens.text);
            let font = FontId::proportional(11.0);
            let galley = painter.layout_no_wrap(name, font, text);
            let rect = Align2::CENTER_TOP.anchor_size(at + vec2(0.0, 8.0), galley.size());
            let behind = theme::translucent(tokens.panel, 0.8);
            painter.rect_filled(rect.expand2(vec2(3.0, 0.0)), 3, behind);
            painter.galley(rect.min, galley, text);
        }
        describe(drawn, task, &response.response);
    }

    /// After how many updates a task ended.
    fn answer_end(&self, task: usize) -> Option<u64> {
        let asked = self.asked.as_ref()?;
        asked.ends.get(task).map(|end| end.step)
    }
}

/// Evenly in the logarithm, from the least.
fn spread(height: f64, least: f64) -> f64 {
    (1.0 + 10.0 * (height - least).max(0.0)).ln()
}

/// Contours, the way, and the ellipse.
fn lines(drawn: &Drawn, (colour, step): (u8, u64), plot: &mut PlotUi<'_>, tokens: &Theme) {
    let (contour, opacity) = tokens.contour;
    let hairline = Stroke::new(1.0, theme::translucent(contour, opacity));
    for line in &drawn.contours {
        let points = PlotPoints::from(line.clone());
        plot.line(
            Line::new("", points)
                .allow_band(false)
                .stroke(hairline)
                .allow_hover(false),
        );
    }
    let run = theme::colour(tokens.run(colour));
    // Up to the playhead, and faintly beyond.
    let here = drawn.path.partition_point(|(update, _)| *update <= step);
    let feet: Vec<[f64; 2]> = drawn.path.iter().map(|(_, foot)| *foot).collect();
    let ahead = feet[here.saturating_sub(1)..].to_vec();
    let passed = feet[..here].to_vec();
    let faint = Stroke::new(1.0, theme::translucent(tokens.run(colour), 0.5));
    plot.line(
        Line::new("path ahead", PlotPoints::from(ahead))
            .allow_band(false)
            .stroke(faint),
    );
    plot.line(
        Line::new("path", PlotPoints::from(passed))
            .allow_band(false)
            .stroke(Stroke::new(2.0, run)),
    );
    let Some(centre) = drawn.ends.first() else {
        return;
    };
    let ellipse = task_plane::ellipse(drawn.form, *centre, drawn.gain, CORNERS);
    if let Some(corners) = ellipse {
        let stroke = Stroke::new(1.6, theme::colour(tokens.warning));
        let line =
            Line::new("Fisher ellipse of task 1", PlotPoints::from(corners)).allow_band(false);
        let dashed = LineStyle::Dashed { length: 8.0 };
        plot.line(line.stroke(stroke).style(dashed));
    }
}

fn caption(drawn: &Drawn, task: usize, ui: &mut Ui) {
    let text = format!(
        "Test loss of task {} on the plane through the start and the ends of the first two tasks; \
         the path at the ends of epochs is seen from above, a ring is at the playhead. Dashes: where ½·Σ F(θ − θ*)² of task 1 costs {}, what task 2 \
         has gained between the ends; it reaches {} towards the end of task 2, which is {} away. \
         With strength c the ellipse is 1/√c as large.",
        task + 1,
        significant(drawn.gain, 3),
        significant((2.0 * drawn.gain / drawn.form[0][0]).sqrt(), 3),
        significant(drawn.ends.get(1).map_or(f64::NAN, |end| end[0]), 3)
    );
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}

fn describe(drawn: &Drawn, task: usize, response: &egui::Response) {
    let number = |value: f64| significant(value, 3);
    let ends = drawn.ends.iter().enumerate().map(|(index, [x, y])| {
        let (x, y) = (number(*x), number(*y));
        format!("task {} ends at ({x}, {y})", index + 1)
    });
    let text = format!(
        "Plane of the tasks with the loss of task {}: {}",
        task + 1,
        ends.collect::<Vec<_>>().join(", ")
    );
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_label(text);
        node.set_role(egui::Role::GraphicsDocument);
    });
}

/// Computes what lies on the plane.
fn draw(question: &Question, goes_on: &(dyn Fn() -> bool + Sync)) -> Option<Drawn> {
    let checked = &question.checked;
    let start = checked.sequence()?.start();
    let [first, second, others @ ..] = &question.ends[..] else {
        return None;
    };
    let plane = TaskPlane::through([&first.parameters, &second.parameters, &start])?;
    let ends = [first, second].into_iter().chain(others);
    let ends: Vec<[f64; 2]> = ends.map(|end| plane.foot(&end.parameters)).collect();
    if !ends
        .iter()
        .flatten()
        .all(|coordinate| coordinate.is_finite())
    {
        return None;
    }
    let begun = std::iter::once((0, plane.foot(&start)));
    let later = question.path.iter().filter(|snapshot| snapshot.update > 0);
    let later = later.map(|snapshot| (snapshot.update, plane.foot(&snapshot.parameters)));
    let path: Vec<(u64, [f64; 2])> = begun.chain(later).collect();
    let range = range(path.iter().map(|(_, foot)| foot).chain(&ends));
    let grid = (range, SIDE);
    let heights = task_plane::losses(checked, question.run, question.task, &plane, grid, goes_on)?;
    // Of the second task, whose gain the pull is held against.
    let along = [ends[0], ends[1]];
    let at_ends = along.map(|[x, y]| {
        let single = ([(x, x), (y, y)], 2);
        let losses = task_plane::losses(checked, question.run, 1, &plane, single, goes_on);
        losses.and_then(|losses| losses.first().copied())
    });
    let gain = at_ends[0]? - at_ends[1]?;
    let field = Field {
        window: Window {
            x: range[0],
            y: range[1],
        },
        columns: SIDE,
        rows: SIDE,
        heights,
    };
    Some(Drawn {
        contours: contours(&field),
        field,
        path,
        form: plane.form(&first.information),
        ends,
        gain,
    })
}

/// A square around points, with a margin.
fn range<'p>(points: impl Iterator<Item = &'p [f64; 2]> + Clone) -> [(f64, f64); 2] {
    let along = |axis: usize| {
        let values = points.clone().map(|point| point[axis]);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let ends = [along(0), along(1)];
    let widest = ends
        .iter()
        .map(|(low, high)| high - low)
        .fold(0.0, f64::max);
    ends.map(|(low, high)| {
        let (middle, half) = ((low + high) / 2.0, widest * (0.5 + MARGIN));
        (middle - half, middle + half)
    })
}

/// Lines of equal loss, evenly spaced in colour.
fn contours(field: &Field) -> Vec<Vec<[f64; 2]>> {
    let finite = field.heights.iter().copied().filter(|h| h.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), h| {
        (low.min(h), high.max(h))
    });
    if high <= low {
        return Vec::new();
    }
    let most = spread(high, low);
    let level = |k: usize| {
        let place = most * k as f64 / (LEVELS + 1) as f64;
        low + (place.exp() - 1.0) / 10.0
    };
    let levels: Vec<f64> = (1..=LEVELS).map(level).collect();
    let contours = field.contours(&levels).into_iter();
    contours.flat_map(|contour| contour.lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_a_square_around_all_points() {
        let points = [[0.0, 0.0], [2.0, 0.0], [1.0, 1.0]];
        let [x, y] = range(points.iter());
        assert!((x.1 - x.0 - (y.1 - y.0)).abs() < 1e-12);
        for [w, v] in points {
            assert!(x.0 < w && w < x.1 && y.0 < v && v < y.1);
        }
    }

    #[test]
    fn contours_lie_between_the_least_and_the_greatest_loss() {
        let heights = (0..9).map(f64::from).collect();
        let field = Field {
            window: Window {
                x: (0.0, 1.0),
                y: (0.0, 1.0),
            },
            columns: 3,
            rows: 3,
            heights,
        };
        assert!(!contours(&field).is_empty());
        let flat = Field {
            heights: vec![1.0; 9],
            ..field
        };
        assert!(contours(&flat).is_empty());
    }
}
