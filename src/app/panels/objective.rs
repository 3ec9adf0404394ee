//! The objective: the gallery of landscapes, the start, the noise.

use super::Commands;
use crate::app::command::Command;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::number::number_field;
use crate::experiment::{Experiment, ObjectiveSpec};
use crate::figures::field::{Field, HeightScale, Window};
use crate::figures::theme::Theme;
use crate::landscapes::{LANDSCAPES, Landscape, LandscapeCard};
use crate::optimizers::Domain;
use egui::{
    Color32, ColorImage, Image, Response, RichText, Role, Sense, TextureHandle, TextureOptions, Ui,
    Vec2, WidgetInfo, vec2,
};

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// The panel, with the thumbnails it has drawn.
#[derive(Default)]
pub struct ObjectivePanel {
    thumbnails: Vec<TextureHandle>,
    drawn_dark: Option<bool>,
}

impl ObjectivePanel {
    /// Shows the objective of the experiment.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        ui.label(RichText::new("Landscape").heading());
        self.draw_thumbnails(ui);
        let mut edited = lab.experiment.clone();
        self.gallery(lab, &mut edited, ui);
        let card = lab.landscape().card();
        description(card, ui);
        start_fields(&mut edited, ui);
        noise_fields(&mut edited, ui);
        if edited != lab.experiment {
            commands.push(Command::Edit(Box::new(edited)));
        }
    }

    /// Thumbnails are drawn once an appearance; together they cost less than a frame.
    fn draw_thumbnails(&mut self, ui: &Ui) {
        let dark = ui.visuals().dark_mode;
        if self.drawn_dark == Some(dark) {
            return;
        }
        self.drawn_dark = Some(dark);
        self.thumbnails = LANDSCAPES
            .iter()
            .map(|landscape| {
                let name = format!("thumbnail {}", landscape.card().id);
                let image = thumbnail(*landscape, theme::of(ui));
                ui.ctx().load_texture(name, image, TextureOptions::LINEAR)
            })
            .collect();
    }

    fn gallery(&self, lab: &Lab, edited: &mut Experiment, ui: &mut Ui) {
        const COLUMNS: usize = 3;
        let gap = 6.0;
        let width = (ui.available_width() - gap * (COLUMNS - 1) as f32) / COLUMNS as f32;
        let size = vec2(width.max(8.0).floor(), (width * 0.62).max(8.0).floor());
        let present = lab.landscape().card().id;
        egui::Grid::new("gallery")
            .spacing(vec2(gap, gap))
            .show(ui, |ui| {
                for (index, landscape) in LANDSCAPES.iter().enumerate() {
                    let card = landscape.card();
                    let chosen = card.id == present;
                    if let Some(texture) = self.thumbnails.get(index)
                        && tile(ui, texture, card, size, chosen).clicked()
                    {
                        choose(edited, card);
                    }
                    if (index + 1) % COLUMNS == 0 {
                        ui.end_row();
                    }
                }
            });
    }
}

/// One landscape of the gallery.
fn tile(
    ui: &mut Ui,
    texture: &TextureHandle,
    card: &LandscapeCard,
    size: Vec2,
    chosen: bool,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, chosen, card.name));
    if ui.is_rect_visible(rect) {
        Image::from_texture((texture.id(), size))
            .corner_radius(4)
            .paint_at(ui, rect);
        let stroke = if chosen || response.has_focus() {
            egui::Stroke::new(2.0, theme::colour(theme::of(ui).accent))
        } else if response.hovered() {
            egui::Stroke::new(1.0, ui.visuals().text_color())
        } else {
            ui.visuals().widgets.noninteractive.bg_stroke
        };
        ui.painter()
            .rect_stroke(rect, 4, stroke, egui::StrokeKind::Inside);
    }
    response.on_hover_ui(|ui| {
        ui.strong(card.name);
        ui.label(card.formula);
        ui.label(card.about);
    })
}

fn thumbnail(landscape: &dyn Landscape, tokens: &Theme) -> ColorImage {
    let (columns, rows) = (96, 60);
    let field = Field::sample(landscape, Window::of(landscape.card()), columns, rows);
    let scale = HeightScale::of(landscape);
    let colours = tokens.height_colours();
    // Twelve bands of height stand for contour lines, which would be too fine here.
    let banded = field
        .heights
        .iter()
        .map(|&height| scale.height((scale.position(height) * 12.0).floor() / 12.0))
        .collect();
    let field = Field {
        heights: banded,
        ..field
    };
    let pixels = field
        .pixels(&scale, &colours)
        .into_iter()
        .map(|[r, g, b]| Color32::from_rgb(r, g, b))
        .collect();
    ColorImage::new([columns, rows], pixels)
}

/// Another landscape keeps the start where that lies in its range, and takes the landscape's
/// own start otherwise.
fn choose(edited: &mut Experiment, card: &LandscapeCard) {
    let present = edited.start();
    let ObjectiveSpec::Landscape { surface, start, .. } = &mut edited.objective;
    if surface != card.id {
        *surface = card.id.into();
        *start = Some(if card.contains(present) {
            present
        } else {
            card.start
        });
    }
}

fn description(card: &LandscapeCard, ui: &mut Ui) {
    ui.strong(card.name);
    let formula = RichText::new(card.formula).small();
    ui.add(egui::Label::new(formula).wrap()).on_hover_ui(|ui| {
        ui.label(card.about);
        ui.weak(card.source);
    });
}

fn start_fields(edited: &mut Experiment, ui: &mut Ui) {
    let [mut w1, mut w2] = edited.start();
    ui.horizontal(|ui| {
        ui.label("Start").on_hover_text(
            "Where every run begins. Drag the ring on the landscape, double-click there, or type.",
        );
        ui.label("w1");
        number_field(ui, "Start w1", &mut w1, FINITE);
        ui.label("w2");
        number_field(ui, "Start w2", &mut w2, FINITE);
    });
    if [w1, w2] != edited.start() {
        let ObjectiveSpec::Landscape { start, .. } = &mut edited.objective;
        *start = Some([w1, w2]);
    }
}

fn noise_fields(edited: &mut Experiment, ui: &mut Ui) {
    let mut seed = edited.seed;
    let ObjectiveSpec::Landscape { noise, .. } = &mut edited.objective;
    ui.horizontal(|ui| {
        ui.label("Noise").on_hover_text(
            "Standard deviation of a Gaussian added to each gradient component: the same draw \
             for every run at the same step.",
        );
        number_field(ui, "Gradient noise", noise, Domain::NON_NEGATIVE);
        ui.label("Seed")
            .on_hover_text("The same seed gives the same noise, always.");
        crate::app::widgets::named(ui.add(egui::DragValue::new(&mut seed)), "Seed");
    });
    edited.seed = seed;
}
