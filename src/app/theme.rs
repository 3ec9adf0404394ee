//! The tokens of `figures::theme` as egui's visuals, and the fonts.

use crate::figures::fonts::{NOTO_SANS, NOTO_SANS_MATH};
use crate::figures::theme::{
    ALL, DARK, DARK_HIGH_CONTRAST, LIGHT, LIGHT_HIGH_CONTRAST, Rgb, Theme,
};
use egui::style::ScrollAnimation;
use egui::{
    Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, TextStyle,
    Visuals, vec2,
};
use std::sync::Arc;

/// Applies fonts, spacing and both appearances to a context.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    set_contrast(ctx, false);
    ctx.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Small, 11.0),
            (TextStyle::Body, 13.0),
            (TextStyle::Button, 13.0),
            (TextStyle::Monospace, 12.0),
            (TextStyle::Heading, 15.0),
        ]
        .map(|(name, size)| {
            let family = if name == TextStyle::Monospace {
                FontFamily::Monospace
            } else {
                FontFamily::Proportional
            };
            (name, FontId::new(size, family))
        })
        .into();
        let spacing = &mut style.spacing;
        spacing.item_spacing = vec2(8.0, 6.0);
        spacing.button_padding = vec2(8.0, 3.0);
        spacing.interact_size = vec2(28.0, 22.0);
        spacing.slider_rail_height = 4.0;
        spacing.combo_height = 320.0;
        spacing.tooltip_width = 340.0;
        spacing.scroll = egui::style::ScrollStyle::thin();
        style.interaction.tooltip_delay = 0.35;
    });
    set_motion(ctx, true);
}

/// Takes the usual tokens or those of high contrast, dark and light.
pub fn set_contrast(ctx: &egui::Context, high: bool) {
    let (dark, light) = if high {
        (&DARK_HIGH_CONTRAST, &LIGHT_HIGH_CONTRAST)
    } else {
        (&DARK, &LIGHT)
    };
    for (theme, tokens) in [(egui::Theme::Dark, dark), (egui::Theme::Light, light)] {
        let mut visuals = visuals(tokens);
        visuals.text_cursor.blink = ctx.style_of(theme).visuals.text_cursor.blink;
        ctx.set_visuals_of(theme, visuals);
    }
}

/// Lets controls fade, lists glide and the text cursor blink, or nothing of it.
pub fn set_motion(ctx: &egui::Context, moves: bool) {
    ctx.all_styles_mut(|style| {
        style.animation_time = if moves { 0.08 } else { 0.0 };
        style.scroll_animation = if moves {
            ScrollAnimation::default()
        } else {
            ScrollAnimation::none()
        };
        style.visuals.text_cursor.blink = moves;
    });
}

/// The tokens of the appearance that a ui is drawn in: those that its panels have the colour of.
pub fn of(ui: &egui::Ui) -> &'static Theme {
    let visuals = ui.visuals();
    let is_it = |theme: &&&Theme| {
        theme.is_dark == visuals.dark_mode && colour(theme.panel) == visuals.panel_fill
    };
    let usual = if visuals.dark_mode { &DARK } else { &LIGHT };
    ALL.iter().find(is_it).copied().unwrap_or(usual)
}

/// Which theme is on show. What was drawn once for one of them is drawn anew for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appearance {
    is_dark: bool,
    is_high_contrast: bool,
}

impl Appearance {
    /// That of the window.
    pub fn of(ui: &egui::Ui) -> Self {
        Self::from(of(ui))
    }

    /// Its tokens.
    pub fn tokens(self) -> &'static Theme {
        let is_it = |theme: &&&Theme| Self::from(**theme) == self;
        let usual = if self.is_dark { &DARK } else { &LIGHT };
        ALL.iter().find(is_it).copied().unwrap_or(usual)
    }
}

impl From<&Theme> for Appearance {
    fn from(theme: &Theme) -> Self {
        Self {
            is_dark: theme.is_dark,
            is_high_contrast: theme.is_high_contrast,
        }
    }
}

/// The colour that the window has where nothing is painted: the panels'.
pub fn ground(visuals: &Visuals) -> [f32; 4] {
    visuals.panel_fill.to_normalized_gamma_f32()
}

/// A token as egui's colour.
pub const fn colour([r, g, b]: Rgb) -> Color32 {
    Color32::from_rgb(r, g, b)
}

/// A token with opacity.
pub fn translucent([r, g, b]: Rgb, opacity: f32) -> Color32 {
    Color32::from_rgba_unmultiplied(r, g, b, (opacity.clamp(0.0, 1.0) * 255.0).round() as u8)
}

fn visuals(theme: &Theme) -> Visuals {
    let mut visuals = if theme.is_dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let hairline = Stroke::new(1.0, colour(theme.hairline));
    let text = Stroke::new(1.0, colour(theme.text));
    visuals.panel_fill = colour(theme.panel);
    visuals.window_fill = colour(theme.raised);
    visuals.window_stroke = hairline;
    visuals.extreme_bg_color = colour(theme.ground);
    visuals.faint_bg_color = colour(theme.raised);
    visuals.code_bg_color = colour(theme.control[0]);
    visuals.hyperlink_color = colour(theme.accent);
    visuals.warn_fg_color = colour(theme.warning);
    visuals.error_fg_color = colour(theme.error);
    visuals.weak_text_color = Some(colour(theme.quiet_text));
    visuals.selection.bg_fill = colour(theme.selection);
    visuals.selection.stroke = Stroke::new(1.5, colour(theme.accent));
    visuals.slider_trailing_fill = true;
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.popup_shadow.blur = 12;
    visuals.window_shadow.blur = 24;
    let outline = if theme.is_high_contrast {
        hairline
    } else {
        Stroke::NONE
    };
    if theme.is_high_contrast {
        visuals.selection.stroke.width = 2.5;
    }
    let widgets = &mut visuals.widgets;
    widgets.noninteractive.bg_stroke = hairline;
    widgets.noninteractive.fg_stroke = text;
    widgets.noninteractive.bg_fill = colour(theme.panel);
    let states = [
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
    ];
    for (state, fill) in states.into_iter().zip(theme.control) {
        state.bg_fill = colour(fill);
        state.weak_bg_fill = colour(fill);
        state.bg_stroke = outline;
        state.fg_stroke = text;
        state.corner_radius = CornerRadius::same(4);
        state.expansion = 0.0;
    }
    widgets.hovered.bg_stroke = Stroke::new(1.0, colour(theme.accent));
    widgets.active.bg_stroke = Stroke::new(1.5, colour(theme.accent));
    widgets.open = widgets.inactive;
    visuals
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let shipped = [("Noto Sans", NOTO_SANS), ("Noto Sans Math", NOTO_SANS_MATH)];
    for (place, (name, bytes)) in shipped.into_iter().enumerate() {
        fonts
            .font_data
            .insert(name.into(), Arc::new(FontData::from_static(bytes)));
        if let Some(family) = fonts.families.get_mut(&FontFamily::Proportional) {
            family.insert(place, name.into());
        }
        if let Some(family) = fonts.families.get_mut(&FontFamily::Monospace) {
            family.push(name.into());
        }
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn once for a theme must not stay when only the contrast changes.
    #[test]
    fn every_theme_has_an_appearance_of_its_own() {
        for (place, one) in ALL.iter().enumerate() {
            for other in &ALL[..place] {
                assert_ne!(Appearance::from(*one), Appearance::from(*other));
            }
        }
    }
}
