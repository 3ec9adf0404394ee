//! How everything looks, how large it is, and whether it moves.

use super::command::Action;
use super::perform::{set, set_scale, set_theme};
use super::state::Lab;
use super::theme;
use crate::storage::settings::Theme;

/// Carries out an action of the appearance; no other.
pub fn act(lab: &mut Lab, ctx: &egui::Context, action: Action) {
    match action {
        Action::ToggleTheme => {
            let dark = ctx.theme() == egui::Theme::Dark;
            set_theme(lab, ctx, if dark { Theme::Light } else { Theme::Dark });
        }
        Action::SystemTheme => set_theme(lab, ctx, Theme::System),
        Action::ToggleContrast => {
            set(lab, |settings| {
                settings.high_contrast = !settings.high_contrast
            });
            theme::set_contrast(ctx, lab.settings.high_contrast);
        }
        Action::ToggleMotion => {
            set(lab, |settings| {
                settings.reduced_motion = !settings.reduced_motion
            });
            theme::set_motion(ctx, !lab.settings.reduced_motion);
        }
        Action::Larger => set_scale(lab, ctx, lab.settings.scale + 0.1),
        Action::Smaller => set_scale(lab, ctx, lab.settings.scale - 0.1),
        Action::UsualSize => set_scale(lab, ctx, 1.0),
        _ => {}
    }
}
