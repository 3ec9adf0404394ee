//! The landscape from above: heights, contours, minima, the start, and every run's trail.

use super::curving;
use super::inside::{self, Ground};
use super::marks;
use super::range;
use super::readout;
use super::start::{self, Ring};
use super::succession;
use super::trails::{GhostTrails, Plane, Trails, handles, others, plane};
use crate::app::canvas::{self, Canvas};
use crate::app::panels::{Commands, context_menu, tuning};
use crate::app::pictures::{self, Pictures, Question};
use crate::app::state::Lab;
use crate::app::succession::Held;
use crate::app::theme;
use crate::app::widgets::axis::{self, moves_view, zoom_with_wheel};
use crate::figures::curves::AxisScale;
use crate::figures::field::Window;
use egui::{Painter, Pos2, Stroke, TextureHandle, Ui, Vec2, vec2};
use egui_plot::{Plot, PlotImage, PlotPoint, PlotTransform};

/// Labelled ticks a side.
const TICKS: usize = 7;

/// The map, with the picture it shows.
pub struct Map {
    pictures: Option<Pictures>,
    asked: Option<Question>,
    shown: Option<Shown>,
    trails: Trails,
    ghost: GhostTrails,
    /// The view that the user has moved; any other shows the whole range.
    moved: Option<WholeView>,
}

/// A view of a whole range: whose, which, and after how many resets.
type WholeView = (&'static str, [(f64, f64); 2], u64);

struct Shown {
    question: Question,
    texture: TextureHandle,
}

impl Map {
    /// A map without a picture yet. Where the system gives no thread for pictures there are
    /// none: trails, minima and numbers are still drawn.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            pictures: pictures::start(ctx).ok(),
            asked: None,
            shown: None,
            trails: Trails::new(ctx),
            ghost: GhostTrails::default(),
            moved: None,
        }
    }

    /// Shows the landscape; `marked` is the point under the pointer elsewhere. Gives the point
    /// under the pointer here.
    pub fn show(
        &mut self,
        lab: &Lab,
        held: &[Held],
        commands: &mut Commands,
        marked: Option<[f64; 2]>,
        ui: &mut Ui,
    ) -> Option<[f64; 2]> {
        self.take_picture(ui);
        let landscape = lab.landscape();
        let card = landscape.card();
        let image = self.image(lab);
        let this_view = (card.id, card.range, lab.view.resets);
        let shows_all = self.moved != Some(this_view);
        let axes = axes(card.id, lab).show_background(image.is_none());
        let response = axes.show(ui, |plot| {
            if let Some(image) = image {
                plot.image(image);
            }
            if shows_all {
                plot.set_plot_bounds(range::whole(&card, plot.transform().frame().size()));
            }
            zoom_with_wheel(plot)
        });
        if response.inner || moves_view(&response.response) {
            self.moved = Some(this_view);
        }
        let view = View {
            transform: response.transform,
            painter: ui.painter().with_clip_rect(*response.transform.frame()),
        };
        self.ask_for_picture(lab, &view, ui);
        range::dim_outside(lab, Plane(view.transform), &view.painter, ui);
        minima(lab, &view, ui);
        let on = Plane(view.transform);
        self.ghost.show(lab, on, &view.painter, ui);
        self.trails.show(lab, on, &view.painter, ui);
        others::heads(lab, on, &view.painter, ui);
        let heads = plane::heads(lab, on, &view.painter, ui);
        arrows(lab, held, &view, ui);
        handles::show(lab, commands, &heads, ui);
        if let Some(w) = marked {
            cross_hair(view.position(w), &view, ui);
        }
        tuning::preview::show(lab, &|w| view.position(w), &view.painter, ui);
        let frame = *view.transform.frame();
        let ring = Ring {
            name: "Start point",
            centre: view.position(lab.start_on_landscape()),
            frame,
            is_hidden: false,
        };
        let value = |at: Pos2| Some(view.value(at.clamp(frame.min, frame.max)));
        if lab.chooses_start() {
            start::handle(lab, commands, &ring, value, ui);
        }
        if lab.chooses_start()
            && response.response.double_clicked()
            && let Some(at) = response.response.interact_pointer_pos()
        {
            let place = match ui.input(|input| input.modifiers.shift) {
                true => start::add,
                false => start::set,
            };
            place(lab, commands, view.value(at));
        }
        context_menu::show(&response.response, lab, commands, super::OFFERED);
        describe(lab, &response.response);
        inside::numbers(lab, frame, ui);
        let pointer = response.response.hover_pos();
        let hovered = pointer.filter(|at| frame.contains(*at));
        let hovered = hovered.map(|at| view.value(at));
        if let Some(w) = hovered.or(marked) {
            readout::show(lab, w, frame, ui);
        }
        hovered
    }

    fn take_picture(&mut self, ui: &Ui) {
        let Some(picture) = self.pictures.as_ref().and_then(Pictures::take) else {
            return;
        };
        let old = self.shown.take().map(|shown| shown.texture);
        let texture = canvas::load(old, "landscape", picture.image, ui.ctx());
        self.shown = Some(Shown {
            question: picture.question,
            texture,
        });
    }

    /// The newest picture of this landscape, placed where it belongs even when the view or a
    /// setting has moved on meanwhile.
    fn image(&self, lab: &Lab) -> Option<PlotImage> {
        let shown = self.shown.as_ref()?;
        if shown.question.landscape.card().id != lab.landscape().card().id {
            return None;
        }
        let [x, y] = shown.question.window.centre();
        let [width, height] = shown.question.window.size();
        let size = vec2(width as f32, height as f32);
        Some(
            PlotImage::new("heights", &shown.texture, PlotPoint::new(x, y), size)
                .allow_hover(false),
        )
    }

    fn ask_for_picture(&mut self, lab: &Lab, view: &View, ui: &Ui) {
        let canvas = Canvas::over(*view.transform.frame(), ui.ctx());
        let corners = [canvas.rect.left_bottom(), canvas.rect.right_top()];
        let [low, high] = corners.map(|at| view.value(at));
        let window = Window {
            x: (low[0], high[0]),
            y: (low[1], high[1]),
        };
        let question = Question {
            landscape: lab.landscape(),
            window,
            size: canvas.size(),
            line_width: canvas.scale,
            tokens: theme::of(ui),
        };
        if !window.is_drawable() || self.asked.as_ref() == Some(&question) {
            return;
        }
        self.asked = Some(question.clone());
        if let Some(pictures) = &self.pictures {
            pictures.ask(question);
        }
    }
}

/// Where things of the plane lie on the screen.
struct View {
    transform: PlotTransform,
    painter: Painter,
}

impl View {
    fn position(&self, at: [f64; 2]) -> Pos2 {
        self.transform
            .position_from_point(&PlotPoint::new(at[0], at[1]))
    }

    fn value(&self, at: Pos2) -> [f64; 2] {
        let point = self.transform.value_from_position(at);
        [point.x, point.y]
    }
}

/// Gradient flow, curvature, what happens inside the rule of the selected run, and what surfaces
/// that follow one another have in common.
fn arrows(lab: &Lab, held: &[Held], view: &View, ui: &Ui) {
    let ground = Ground {
        frame: *view.transform.frame(),
        at: &|w| Some(view.position(w)),
        // Both axes have the same scale.
        towards: &|[x, y]| vec2(x as f32, -y as f32).normalized(),
    };
    curving::flow(lab, &ground, &view.painter, ui);
    curving::show(lab, &ground, &view.painter, ui);
    inside::show(lab, &ground, &view.painter, ui);
    succession::show(lab, held, &ground, &view.painter, ui);
}

/// Marks the point that is under the pointer in another view.
fn cross_hair(at: Pos2, view: &View, ui: &Ui) {
    let frame = *view.transform.frame();
    if !frame.contains(at) {
        return;
    }
    let tokens = theme::of(ui);
    let stroke = Stroke::new(1.0, theme::translucent(tokens.text, 0.55));
    view.painter.hline(frame.x_range(), at.y, stroke);
    view.painter.vline(at.x, frame.y_range(), stroke);
    marks::dot(&view.painter, at, tokens);
}

fn minima(lab: &Lab, view: &View, ui: &Ui) {
    for (at, is_least) in marks::minima(lab) {
        marks::cross(
            &view.painter,
            view.position(at),
            is_least,
            1.0,
            theme::of(ui),
        );
    }
}

/// An empty plot of the parameters, for the landscape of this id.
fn axes<'a>(landscape: &str, lab: &Lab) -> Plot<'a> {
    let [across, up] = lab.landscape_axes();
    Plot::new(("landscape", landscape, lab.view.resets))
        .data_aspect(1.0)
        .set_margin_fraction(Vec2::ZERO)
        .show_grid(false)
        .show_x(false)
        .show_y(false)
        .allow_scroll(false)
        .allow_double_click_reset(false)
        .x_axis_label(across)
        .y_axis_label(up)
        .x_grid_spacer(|input| axis::marks(&input, AxisScale::Linear, TICKS))
        .y_grid_spacer(|input| axis::marks(&input, AxisScale::Linear, TICKS))
        .x_axis_formatter(|mark, range| axis::label(mark, range, AxisScale::Linear, TICKS))
        .y_axis_formatter(|mark, range| axis::label(mark, range, AxisScale::Linear, TICKS))
}

/// Says in words what the picture shows, for screen readers.
fn describe(lab: &Lab, response: &egui::Response) {
    let [w1, w2] = lab.start_on_landscape();
    let text = format!(
        "Landscape {}, start at {w1}, {w2}; the readout table gives every run's position",
        lab.landscape().card().name
    );
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_label(text);
        node.set_role(egui::Role::GraphicsDocument);
    });
}
