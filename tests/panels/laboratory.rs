//! The laboratory without a window, as `egui_kittest` drives it.

use descent_lab::app::{First, Laboratory};
use descent_lab::storage::places::Places;
use egui_kittest::{Harness, HarnessBuilder};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

/// A laboratory of someone who has been here before, and sees no tour.
pub fn harness(
    builder: HarnessBuilder<Option<Laboratory>>,
    home: &Path,
    first: First,
) -> Harness<'static, Option<Laboratory>> {
    let settings = Places::under(home).settings;
    if !settings.exists() {
        std::fs::write(settings, "(version: 1)").unwrap();
    }
    fresh(builder, home, first)
}

/// A laboratory that fills the harness as it fills a real window. The state is there from the
/// first frame on.
pub fn fresh(
    builder: HarnessBuilder<Option<Laboratory>>,
    home: &Path,
    first: First,
) -> Harness<'static, Option<Laboratory>> {
    let made = Rc::new(RefCell::new(None));
    let places = Places::under(home);
    let setup = {
        let made = Rc::clone(&made);
        move |ctx: &egui::Context| {
            ctx.options_mut(|options| options.warn_on_id_clash = true);
            let laboratory = Laboratory::new(ctx, Some(places), first).unwrap();
            *made.borrow_mut() = Some(laboratory);
        }
    };
    builder
        .with_step_dt(1.0 / 60.0)
        .with_context_setup(setup)
        .build_ui_state(
            move |ui, laboratory: &mut Option<Laboratory>| {
                let laboratory = laboratory.get_or_insert_with(|| made.take().unwrap());
                let window = ui.ctx().content_rect();
                ui.scope_builder(egui::UiBuilder::new().max_rect(window), |ui| {
                    laboratory.logic(ui.ctx());
                    laboratory.show(ui);
                });
            },
            None,
        )
}
