//! The gallery of landscapes.

use super::ObjectivePanel;
use crate::app::state::Lab;
use crate::app::theme;
use crate::experiment::Experiment;
use crate::figures::field::{Field, HeightScale, Window};
use crate::figures::theme::Theme;
use crate::landscapes::{LANDSCAPES, Landscape, LandscapeCard};
use egui::{
    Color32, ColorImage, Image, Response, Role, Sense, TextureHandle, TextureOptions, Ui, Vec2,
    WidgetInfo, vec2,
};

/// Columns of the gallery, and rows that show at a time.
const COLUMNS: usize = 3;
const ROWS: f32 = 2.2;

/// Thumbnails drawn in one frame; together they cost a small part of it.
const THUMBNAILS_PER_FRAME: usize = 3;

impl ObjectivePanel {
    /// The landscapes whose names hold what is searched for.
    fn found(&self) -> Vec<usize> {
        let wanted = self.search.trim().to_lowercase();
        let holds = |index: &usize| {
            let card = LANDSCAPES[*index].card();
            card.name.to_lowercase().contains(&wanted) || card.id.contains(&wanted)
        };
        (0..LANDSCAPES.len()).filter(holds).collect()
    }

    /// Shows the landscapes that are searched for; a click chooses one.
    pub(super) fn gallery(&mut self, lab: &Lab, edited: &mut Experiment, ui: &mut Ui) {
        let found = self.found();
        if found.is_empty() {
            ui.weak("No landscape has such a name.");
            return;
        }
        let gap = 6.0;
        let bar = ui.spacing().scroll.allocated_width();
        let width = (ui.available_width() - bar - gap * (COLUMNS - 1) as f32) / COLUMNS as f32;
        let size = vec2(width.max(8.0).floor(), (width * 0.62).max(8.0).floor());
        let landscape = lab.landscape();
        let present = landscape.card().id;
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
                                choose(edited, &card);
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

fn choose(edited: &mut Experiment, card: &LandscapeCard<'_>) {
    if !edited.objective.is(card) {
        edited.objective = edited.objective.moved_to(card);
        // Of several starts those stay that the new range holds.
        edited
            .starts
            .retain(|start| matches!(start[..], [w1, w2] if card.contains([w1, w2])));
        let kept = std::mem::take(&mut edited.starts);
        edited.set_starts(kept);
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
    let field = Field::sample(landscape, Window::of(&landscape.card()), columns, rows);
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
