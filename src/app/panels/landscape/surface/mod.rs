//! The landscape as a surface in space: turned by dragging, with the trails lying on it.

mod body;
mod gestures;
mod ghost;
mod marks;
mod others;
mod prepare;
mod scene;
mod trails;

use super::curving;
use super::inside::{self, Ground};
use super::readout;
use super::start::{self, Ring};
use super::succession;
use crate::app::command::Action;
use crate::app::panels::{Commands, context_menu};
use crate::app::state::Lab;
use crate::app::succession::Held;
use crate::app::theme;
use crate::figures::surface::{Camera, Canvas, Projection};
use crate::storage::settings::LandscapeView;
use body::Body;
use egui::{Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo};
use ghost::SurfaceGhost;
use prepare::{Answer, Question, Surfaces};
use scene::Scene;
use std::sync::Arc;
use trails::SurfaceTrails;

/// The view, with the surface it shows.
pub struct SurfaceView {
    surfaces: Option<Surfaces>,
    asked: Option<Question>,
    shown: Option<Arc<Answer>>,
    /// Counts the surfaces that were shown.
    serial: u64,
    camera: Camera,
    /// The reset that the camera has followed.
    resets: u64,
    rect: Rect,
    has_focus: bool,
    body: Body,
    ghost: SurfaceGhost,
    trails: SurfaceTrails,
}

impl SurfaceView {
    /// A view without a surface yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            surfaces: prepare::start(ctx).ok(),
            asked: None,
            shown: None,
            serial: 0,
            camera: Camera::default(),
            resets: 0,
            rect: Rect::ZERO,
            has_focus: false,
            body: Body::new(ctx),
            ghost: SurfaceGhost::default(),
            trails: SurfaceTrails::new(ctx),
        }
    }

    /// Lets the pointer and the keys move the camera, before anything is drawn. Gives the point
    /// of the landscape under the pointer.
    pub fn move_camera(
        &mut self,
        lab: &Lab,
        commands: &mut Commands,
        rect: Rect,
        ui: &mut Ui,
    ) -> Option<[f64; 2]> {
        self.take_surface(lab);
        self.rect = rect;
        if self.resets != lab.view.resets {
            self.resets = lab.view.resets;
            self.camera = Camera::default();
        }
        let gap = body::floor_gap(lab.settings.surface_contours);
        self.camera.set_depth(gap);
        if !rect.is_positive() {
            return None;
        }
        let id = ui.scope_id().with("surface");
        let response = ui.interact(rect, id, Sense::click_and_drag());
        gestures::pointer(&mut self.camera, canvas(rect), &response);
        if response.clicked() {
            response.request_focus();
        }
        self.has_focus = response.has_focus();
        if self.has_focus {
            gestures::keys(&mut self.camera, canvas(rect), &response, ui);
            if ui.input(|input| input.key_pressed(egui::Key::Space)) {
                commands.act(Action::PlayPause);
            }
        }
        context_menu::show(&response, lab, commands, super::OFFERED);
        self.describe(lab, &response);
        let scene = self.scene()?;
        if lab.chooses_start()
            && response.double_clicked()
            && let Some(w) = response
                .interact_pointer_pos()
                .and_then(|at| scene.pick(at))
        {
            start::set(lab, commands, w);
        }
        let pointer = response.hover_pos().filter(|_| !response.dragged());
        pointer.and_then(|at| scene.pick(at))
    }

    /// Draws the view; `marked` is the point under the pointer, here or elsewhere.
    pub fn show(
        &mut self,
        lab: &Lab,
        held: &[Held],
        commands: &mut Commands,
        marked: Option<[f64; 2]>,
        ui: &mut Ui,
    ) {
        let rect = self.rect;
        if !rect.is_positive() {
            return;
        }
        let painter = ui.painter().with_clip_rect(rect);
        let Some(answer) = &self.shown else {
            painter.rect_filled(rect, 0, theme::colour(theme::of(ui).ground));
            return;
        };
        let scene = Scene {
            answer,
            projection: Projection::new(self.camera, canvas(rect)),
            rect,
        };
        let contours = lab.settings.surface_contours;
        let names = lab.landscape_axes();
        self.body
            .show(&scene, self.serial, contours, &names, &painter, ui);
        if self.has_focus {
            let stroke = ui.visuals().selection.stroke;
            painter.rect_stroke(rect, 0, stroke, StrokeKind::Inside);
        }
        marks::minima(lab, &scene, &painter, ui);
        self.ghost.show(lab, &scene, self.serial, &painter, ui);
        let surface = (answer, self.serial);
        self.trails
            .show(lab, surface, scene.projection, &painter, ui);
        let ground = Ground {
            frame: rect,
            at: &|w| scene.spot(w).map(|spot| spot.at),
            towards: &|along| scene.direction(along),
        };
        curving::flow(lab, &ground, &painter, ui);
        inside::show(lab, &ground, &painter, ui);
        succession::show(lab, held, &ground, &painter, ui);
        if let Some(w) = marked {
            marks::cross_hair(w, &scene, &painter, ui);
        }
        match scene.spot(lab.start_on_landscape()) {
            Some(spot) if lab.chooses_start() => {
                let ring = Ring {
                    name: "Start point on the surface",
                    centre: spot.at,
                    frame: rect,
                    is_hidden: spot.is_hidden,
                };
                start::handle(lab, commands, &ring, |at| scene.pick(at), ui);
            }
            Some(_) => {}
            None => start::say_beyond(lab, rect, ui),
        }
        // Beside the map the numbers stand there.
        if lab.settings.landscape_view == LandscapeView::Surface {
            inside::numbers(lab, rect, ui);
        }
        if let Some(w) = marked {
            readout::show(lab, w, rect, ui);
        }
    }

    fn scene(&self) -> Option<Scene<'_>> {
        self.shown.as_ref().map(|answer| Scene {
            answer,
            projection: Projection::new(self.camera, canvas(self.rect)),
            rect: self.rect,
        })
    }

    /// Takes the newest surface, and asks for another when the landscape is another.
    fn take_surface(&mut self, lab: &Lab) {
        let mut answer = self.surfaces.as_ref().and_then(Surfaces::take);
        let question = Question {
            landscape: lab.landscape(),
            spread: lab.settings.surface_height,
        };
        if self.asked.as_ref() != Some(&question) {
            self.asked = Some(question.clone());
            match &self.surfaces {
                Some(surfaces) => surfaces.ask(question.clone()),
                // Some milliseconds, where the system gives no thread.
                None => answer = Some(prepare::answer(question.clone())),
            }
        }
        if answer.is_some() {
            self.shown = answer.map(Arc::new);
            self.serial += 1;
        }
        // Another landscape's surface would be read as this one's.
        let whose = |question: &Question| {
            let card = question.landscape.card();
            (card.id, card.range)
        };
        let here = whose(&question);
        self.shown.take_if(|shown| whose(&shown.question) != here);
    }

    /// Says in words what the view shows, for screen readers.
    fn describe(&self, lab: &Lab, response: &Response) {
        let [w1, w2] = lab.start_on_landscape();
        let [azimuth, elevation] = self.camera.degrees();
        let text = format!(
            "Surface of {}, seen from {azimuth}°, {elevation}° above, zoom {:.2}; start at {w1}, \
             {w2}. Arrow keys turn it, plus and minus zoom",
            lab.landscape().card().name,
            self.camera.zoom()
        );
        response.widget_info(|| WidgetInfo::labeled(Role::GraphicsDocument, true, &text));
    }
}

/// A rectangle of egui's as the projection has it.
fn canvas(rect: Rect) -> Canvas {
    let [centre, size] =
        [rect.center().to_vec2(), rect.size()].map(|pair| [f64::from(pair.x), f64::from(pair.y)]);
    Canvas { centre, size }
}
