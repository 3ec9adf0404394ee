//! The plane through the weights with which a run's tasks ended: the loss of a task on it, the way
//! from end to end, and the ellipse of EWC's pull.

mod survey;

use super::run_choice;
use crate::app::asked::Asked;
use crate::app::canvas;
use crate::app::panels::{Commands, unrecorded};
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::app::widgets::{heat, marker, named};
use crate::engine::Record;
use crate::figures::axis::significant;
use crate::figures::field::Window;
use crate::figures::theme::{Marker, Theme};
use egui::{Align2, ColorImage, Context, FontId, Label, RichText, Stroke, TextureHandle, Ui, vec2};
use egui_plot::{Line, LineStyle, Plot, PlotImage, PlotPoint, PlotPoints, PlotUi};
use std::sync::Arc;
use survey::{Drawn, Question, draw, spread};

/// The panel, with the plane on show.
pub struct PlanePanel {
    /// What is drawn, or why nothing is.
    planes: Asked<Question, Result<Drawn, &'static str>>,
    /// The picture of the answer of this number.
    texture: Option<((u64, Appearance), TextureHandle)>,
    task: usize,
}

impl PlanePanel {
    /// A panel that has computed nothing yet.
    pub fn new(ctx: &Context) -> Self {
        Self {
            planes: Asked::new(ctx, "plane of tasks", draw),
            texture: None,
            task: 0,
        }
    }

    /// Shows the plane of the run at hand.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            unrecorded::say(lab, ui);
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
        let question = Question {
            checked: Arc::clone(&record.checked),
            record: record.request,
            run,
            task: self.task,
            ends: ends.to_vec(),
            path: record.snapshots.of(run).to_vec(),
        };
        let answer = self
            .planes
            .ask_in_turn(question.clone(), Question::is_earlier);
        let here = answer.filter(|(of, _)| of.is_same_run(&question));
        if here.is_none() {
            ui.weak("Computing the losses on the plane …");
            return;
        }
        self.drawn(lab, ui);
    }

    /// Shows the newest plane. Until that of the question is there, it says whose loss it is.
    fn drawn(&mut self, lab: &Lab, ui: &mut Ui) {
        match self.planes.answer() {
            None => {}
            Some((_, Err(reason))) => {
                ui.weak(*reason);
            }
            Some((of, Ok(drawn))) => {
                let key = (self.planes.serial(), Appearance::of(ui));
                let old = self.texture.take();
                let texture = match old {
                    Some((made, texture)) if made == key => texture,
                    old => texture(drawn, old.map(|(_, texture)| texture), ui),
                };
                plot(lab, of, drawn, &texture, ui);
                self.texture = Some((key, texture));
            }
        }
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
}

/// The losses as colours; what is no number has the ground's.
fn texture(drawn: &Drawn, old: Option<TextureHandle>, ui: &Ui) -> TextureHandle {
    let heights = drawn.field.heights.iter().copied();
    let finite = heights.filter(|height| height.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), h| {
        (low.min(h), high.max(h))
    });
    let share = |height: f64| match height.is_finite() {
        true => spread(height, low) / spread(high, low).max(f64::MIN_POSITIVE),
        false => f64::NAN,
    };
    let rows = drawn.field.heights.chunks(drawn.field.columns).rev();
    let tokens = theme::of(ui);
    let pixels = rows.flatten();
    let pixels = pixels.map(|&height| heat::colour(tokens, share(height)));
    let size = [drawn.field.columns, drawn.field.rows];
    let image = ColorImage::new(size, pixels.collect());
    canvas::load(old, "plane of tasks", image, ui.ctx())
}

fn plot(lab: &Lab, of: &Question, drawn: &Drawn, texture: &TextureHandle, ui: &mut Ui) {
    let (run, task) = (of.run, of.task);
    caption(drawn, task, ui);
    let tokens = theme::of(ui);
    let spec = lab.experiment.runs.get(run);
    let colour = spec.and_then(|run| run.colour).unwrap_or(0);
    let step = lab.playhead.step();
    // The ends are seen first; an ellipse may reach far beyond them.
    let Window { x, y } = drawn.field.window;
    let plot = Plot::new(("plane of tasks", run, of.record));
    let response = plot
        .default_x_bounds(x.0, x.1)
        .default_y_bounds(y.0, y.1)
        .data_aspect(1.0)
        .show_grid(false)
        .allow_scroll(false)
        .x_axis_label("towards the end of task 2")
        .y_axis_label("across")
        .show(ui, |plot| {
            let window = drawn.field.window;
            let ([x, y], [width, height]) = (window.centre(), window.size());
            let size = vec2(width as f32, height as f32);
            let image = PlotImage::new("loss", texture, PlotPoint::new(x, y), size);
            plot.image(image.allow_hover(false));
            lines(drawn, (colour, step), plot, tokens);
        });
    let painter = ui.painter().with_clip_rect(*response.transform.frame());
    let ground = theme::colour(tokens.halo);
    let fill = theme::colour(tokens.run(colour));
    let here = drawn.path.partition_point(|(update, _)| *update <= step);
    if let Some((_, [x, y])) = here.checked_sub(1).and_then(|index| drawn.path.get(index)) {
        let at = response
            .transform
            .position_from_point(&PlotPoint::new(*x, *y));
        painter.circle_stroke(at, 8.0, Stroke::new(2.0, theme::colour(tokens.text)));
    }
    for (task, at) in drawn.ends.iter().enumerate() {
        let is_past = of.ends.get(task).is_some_and(|end| end.step <= step);
        let name = format!("end of task {}", task + 1);
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
    if let Some(corners) = &drawn.ellipse {
        let stroke = Stroke::new(1.6, theme::colour(tokens.warning));
        let corners = PlotPoints::from(corners.clone());
        let line = Line::new("Fisher ellipse of task 1", corners).allow_band(false);
        let dashed = LineStyle::Dashed { length: 8.0 };
        plot.line(line.stroke(stroke).style(dashed));
    }
}

fn caption(drawn: &Drawn, task: usize, ui: &mut Ui) {
    let mut text = format!(
        "Test loss of task {} on the plane through the start and the ends of the first two tasks; \
         the path at the ends of epochs is seen from above, a ring is at the playhead. ",
        task + 1
    );
    text += &pull_in_words(drawn);
    let heights = &drawn.field.heights;
    let lost = heights.iter().filter(|height| !height.is_finite()).count();
    if lost > 0 {
        text += &format!(
            " At {lost} of the {} points the loss is not finite: there is no colour.",
            heights.len()
        );
    }
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}

/// What the ellipse is, or why there is none.
fn pull_in_words(drawn: &Drawn) -> String {
    let gain = significant(drawn.gain, 3);
    if drawn.ellipse.is_some() {
        return format!(
            "Dashes: where ½·Σ F(θ − θ*)² of task 1 costs {gain}, what task 2 has gained between \
             the ends; it reaches {} towards the end of task 2, which is {} away. With strength c \
             the ellipse is 1/√c as large.",
            significant((2.0 * drawn.gain / drawn.form[0][0]).sqrt(), 3),
            significant(drawn.ends.get(1).map_or(f64::NAN, |end| end[0]), 3)
        );
    }
    let why = if !drawn.gain.is_finite() {
        format!("what task 2 has gained between the ends is {gain}")
    } else if drawn.gain <= 0.0 {
        format!("task 2 has gained nothing between the ends ({gain})")
    } else {
        "the Fisher information of task 1 holds nothing along some direction of the plane"
            .to_owned()
    };
    format!("No ellipse of the pull back to task 1 is drawn: {why}.")
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

#[cfg(test)]
mod tests {
    use super::survey::CORNERS;
    use super::*;
    use crate::analysis::task_plane;
    use crate::figures::field::Field;

    #[test]
    fn what_is_no_number_is_said_and_not_drawn_as_an_ellipse() {
        let field = Field {
            window: Window {
                x: (0.0, 1.0),
                y: (0.0, 1.0),
            },
            columns: 2,
            rows: 2,
            heights: vec![f64::NAN; 4],
        };
        let drawn = |gain: f64, form: [[f64; 2]; 2]| Drawn {
            field: field.clone(),
            contours: Vec::new(),
            ends: vec![[0.0, 0.0], [1.0, 0.0]],
            path: Vec::new(),
            ellipse: task_plane::ellipse(form, [0.0, 0.0], gain, CORNERS),
            form,
            gain,
        };
        let unit = [[1.0, 0.0], [0.0, 1.0]];
        let says = |gain, form| pull_in_words(&drawn(gain, form));
        assert!(says(0.5, unit).starts_with("Dashes: "));
        assert!(says(f64::NAN, unit).contains("between the ends is NaN"));
        assert!(says(-0.1, unit).contains("gained nothing"));
        assert!(says(0.5, [[0.0; 2]; 2]).contains("holds nothing"));
    }
}
