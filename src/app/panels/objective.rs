//! The objective: the gallery of landscapes, the start, the noise.

use super::Commands;
use crate::app::command::Command;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::named;
use crate::app::widgets::number::{number_field, slider_and_field};
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

/// Columns of the gallery, and rows that show at a time.
const COLUMNS: usize = 3;
const ROWS: f32 = 2.2;

/// Thumbnails drawn in one frame; together they cost a small part of it.
const THUMBNAILS_PER_FRAME: usize = 3;

/// The panel: what is searched for, and the thumbnails drawn so far.
#[derive(Default)]
pub struct ObjectivePanel {
    search: String,
    thumbnails: Vec<Option<TextureHandle>>,
    drawn_dark: bool,
    /// The landscape that was last brought into view.
    revealed: Option<&'static str>,
}

impl ObjectivePanel {
    /// Shows the objective of the experiment.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let mut edited = lab.experiment.clone();
        ui.horizontal(|ui| {
            ui.label(RichText::new("Landscape").heading());
            let field = egui::TextEdit::singleline(&mut self.search)
                .hint_text("Search landscapes")
                .desired_width(f32::INFINITY);
            named(ui.add(field), "Search landscapes");
        });
        self.gallery(lab, &mut edited, ui);
        let card = lab.landscape().card();
        description(card, ui);
        setting_fields(&mut edited, card, ui);
        start_fields(&mut edited, ui);
        noise_fields(&mut edited, ui);
        if edited != lab.experiment {
            commands.push(Command::Edit(Box::new(edited)));
        }
    }

    /// The landscapes whose names hold what is searched for.
    fn found(&self) -> Vec<usize> {
        let wanted = self.search.trim().to_lowercase();
        let holds = |index: &usize| {
            let card = LANDSCAPES[*index].card();
            card.name.to_lowercase().contains(&wanted) || card.id.contains(&wanted)
        };
        (0..LANDSCAPES.len()).filter(holds).collect()
    }

    fn gallery(&mut self, lab: &Lab, edited: &mut Experiment, ui: &mut Ui) {
        let found = self.found();
        if found.is_empty() {
            ui.weak("No landscape has such a name.");
            return;
        }
        let gap = 6.0;
        let bar = ui.spacing().scroll.allocated_width();
        let width = (ui.available_width() - bar - gap * (COLUMNS - 1) as f32) / COLUMNS as f32;
        let size = vec2(width.max(8.0).floor(), (width * 0.62).max(8.0).floor());
        let present = lab.landscape().card().id;
        self.forget_other_appearance(ui);
        let mut budget = THUMBNAILS_PER_FRAME;
        egui::ScrollArea::vertical()
            .id_salt("gallery")
            .max_height((size.y + gap) * ROWS)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                egui::Grid::new("tiles")
                    .spacing(vec2(gap, gap))
                    .show(ui, |ui| {
                        for (place, index) in found.into_iter().enumerate() {
                            if place > 0 && place % COLUMNS == 0 {
                                ui.end_row();
                            }
                            let card = LANDSCAPES[index].card();
                            let chosen = card.id == present;
                            let response = self.tile(ui, index, size, chosen, &mut budget);
                            if chosen && self.revealed != Some(present) {
                                self.revealed = Some(present);
                                response.scroll_to_me(None);
                            }
                            if response.clicked() {
                                choose(edited, card);
                            }
                        }
                    });
            });
    }

    /// Colours differ between the appearances.
    fn forget_other_appearance(&mut self, ui: &Ui) {
        let dark = ui.visuals().dark_mode;
        if self.thumbnails.len() != LANDSCAPES.len() || self.drawn_dark != dark {
            self.thumbnails = vec![None; LANDSCAPES.len()];
            self.drawn_dark = dark;
        }
    }

    /// One landscape of the gallery. Its picture is drawn when it first comes into sight, unless
    /// this frame has drawn enough; then the next one does.
    fn tile(
        &mut self,
        ui: &mut Ui,
        index: usize,
        size: Vec2,
        chosen: bool,
        budget: &mut usize,
    ) -> Response {
        let landscape = LANDSCAPES[index];
        let card = landscape.card();
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        if ui.is_rect_visible(rect) && self.thumbnails[index].is_none() {
            if *budget > 0 {
                *budget -= 1;
                let name = format!("thumbnail {}", card.id);
                let image = thumbnail(landscape, theme::of(ui));
                let texture = ui.ctx().load_texture(name, image, TextureOptions::LINEAR);
                self.thumbnails[index] = Some(texture);
            } else {
                ui.ctx().request_repaint();
            }
        }
        paint_tile(ui, &response, self.thumbnails[index].as_ref(), chosen);
        let enabled = ui.is_enabled();
        response
            .widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, chosen, card.name));
        response.on_hover_ui(|ui| {
            ui.strong(card.name);
            ui.label(card.formula);
            ui.label(card.about);
        })
    }
}

fn paint_tile(ui: &Ui, response: &Response, texture: Option<&TextureHandle>, chosen: bool) {
    let rect = response.rect;
    if !ui.is_rect_visible(rect) {
        return;
    }
    if let Some(texture) = texture {
        Image::from_texture((texture.id(), rect.size()))
            .corner_radius(4)
            .paint_at(ui, rect);
    }
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
    let ObjectiveSpec::Landscape {
        surface,
        start,
        settings,
        ..
    } = &mut edited.objective;
    if surface != card.id {
        settings.clear();
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

/// The settings of the landscape; what equals the card's default is not kept.
fn setting_fields(edited: &mut Experiment, card: &LandscapeCard, ui: &mut Ui) {
    let ObjectiveSpec::Landscape { settings, .. } = &mut edited.objective;
    for setting in card.settings {
        let present = settings.get(setting.id).copied();
        let mut value = present.unwrap_or(setting.default);
        let before = value;
        ui.label(setting.name)
            .on_hover_text(format!("{} ({})", setting.meaning, setting.domain));
        ui.horizontal(|ui| {
            slider_and_field(
                ui,
                setting.name,
                &mut value,
                setting.slider,
                setting.scale,
                setting.domain,
            );
        });
        if value != before {
            settings.insert(setting.id.into(), value);
            settings.retain(|id, value| card.setting(id).is_none_or(|s| s.default != *value));
        }
    }
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
        named(ui.add(egui::DragValue::new(&mut seed)), "Seed");
    });
    edited.seed = seed;
}
