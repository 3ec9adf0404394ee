//! The dialog of exports, and how far one is.

use super::Commands;
use crate::app::command::Command;
use crate::app::export::{ExportCommand, ExportForm, Subject};
use crate::app::plots;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::export::{FIGURES, Figure, HEIGHTS, SCALES, WIDTHS, can_replay};
use crate::figures::curves::AxisScale;
use egui::{ComboBox, DragValue, Grid, Key, TextEdit, Ui};

/// Shows the dialog's choices.
pub fn show(lab: &Lab, form: &ExportForm, commands: &mut Commands, ui: &mut Ui) {
    if form.asks_to_replace {
        replace(form, commands, ui);
        return;
    }
    ui.heading("Export");
    let mut edited = form.clone();
    Grid::new("export")
        .num_columns(2)
        .spacing([12.0, 8.0])
        .show(ui, |ui| {
            ui.label("What");
            subject(lab, &mut edited, ui);
            ui.end_row();
            format(&mut edited, ui);
            if !matches!(
                form.subject,
                Subject::Data | Subject::Inside | Subject::Window
            ) {
                size(&mut edited, ui);
                appearance(lab, &mut edited, ui);
            }
            if form.subject == Subject::Playback {
                ui.label("Speed");
                let field = DragValue::new(&mut edited.frames_per_second)
                    .range(1..=50)
                    .suffix(" pictures a second");
                named(ui.add(field), "Pictures a second").on_hover_text("1 to 50.");
                ui.end_row();
            }
        });
    let confirmed = path(&mut edited, commands, ui);
    if edited != *form {
        commands.push(Command::Export(ExportCommand::Edit(Box::new(edited))));
    }
    buttons(lab, form, confirmed, commands, ui);
}

fn replace(form: &ExportForm, commands: &mut Commands, ui: &mut Ui) {
    ui.heading("Replace the file?");
    ui.label(format!("{} is there already.", form.path().display()));
    ui.horizontal(|ui| {
        let keep = ui.button("Keep it").on_hover_text("Back to the choices.");
        if keep.clicked() {
            let mut form = form.clone();
            form.asks_to_replace = false;
            commands.push(Command::Export(ExportCommand::Edit(Box::new(form))));
        }
        let replace = ui.button("Replace").on_hover_text("Write over it.");
        if replace.clicked() {
            commands.push(Command::Export(ExportCommand::Replace));
        }
    });
}

fn subject(lab: &Lab, form: &mut ExportForm, ui: &mut Ui) {
    let figures = FIGURES.into_iter().map(Subject::Figure);
    let is_recorded = |subject: &plots::Subject| matches!(subject, plots::Subject::Recorded(_));
    let further = lab.subjects().into_iter();
    let further = further.filter(|subject| !is_recorded(subject));
    let further = further.map(|subject| Subject::Figure(Figure::Plot(subject)));
    // Before the many numbers that rules remember, so that they are seen without scrolling.
    let others = [
        Subject::Playback,
        Subject::Window,
        Subject::Data,
        Subject::Inside,
    ];
    let response = ComboBox::from_id_salt("export what")
        .selected_text(form.subject.name())
        .width(220.0)
        // All of them at once, where the window is high enough.
        .height(480.0)
        .show_ui(ui, |ui| {
            for subject in figures.chain(others).chain(further) {
                ui.selectable_value(&mut form.subject, subject, subject.name());
            }
        });
    named(response.response, "What to export")
        .on_hover_text("A plot, the landscape, the playback, the window, or the numbers.");
}

fn format(form: &mut ExportForm, ui: &mut Ui) {
    ui.label("Format");
    match form.subject {
        Subject::Figure(_) => {
            ui.horizontal(|ui| {
                for (is_png, name, help) in [
                    (
                        false,
                        "SVG",
                        "A drawing with its font inside, sharp at any size.",
                    ),
                    (true, "PNG", "Pixels."),
                ] {
                    ui.selectable_value(&mut form.is_png, is_png, name)
                        .on_hover_text(help);
                }
            });
        }
        Subject::Window => {
            ui.label("PNG, as the window looks without this dialog");
        }
        Subject::Data => {
            ui.label("CSV, one row a recorded step of every run");
        }
        Subject::Inside => {
            ui.label("CSV, one row an update: steps, cosine, and what the rules remember");
        }
        Subject::Playback => {
            ui.label("GIF, the landscape with the loss beside it");
        }
    }
    ui.end_row();
}

fn size(form: &mut ExportForm, ui: &mut Ui) {
    let has_pixels = form.ending() != "svg";
    ui.label("Size")
        .on_hover_text("In units; text is 12 units high.");
    ui.horizontal(|ui| {
        let width = DragValue::new(&mut form.width).range(WIDTHS).speed(4);
        named(ui.add(width), "Width of the figure").on_hover_text("Width in units.");
        ui.label("×");
        let height = DragValue::new(&mut form.height).range(HEIGHTS).speed(4);
        named(ui.add(height), "Height of the figure").on_hover_text("Height in units.");
        if has_pixels {
            ui.label("at scale");
            let scale = DragValue::new(&mut form.scale).range(SCALES).speed(0.02);
            named(ui.add(scale), "Scale of the figure").on_hover_text("Pixels a unit.");
        }
    });
    ui.end_row();
    if has_pixels {
        let pixels = |units: u32| (f64::from(units) * form.scale).round();
        ui.label("");
        ui.weak(format!(
            "{} × {} pixels",
            pixels(form.width),
            pixels(form.height)
        ));
        ui.end_row();
    }
}

fn appearance(lab: &Lab, form: &mut ExportForm, ui: &mut Ui) {
    ui.label("Appearance");
    ui.horizontal(|ui| {
        ui.selectable_value(&mut form.is_dark, false, "Light")
            .on_hover_text("Dark on white, for print.");
        ui.selectable_value(&mut form.is_dark, true, "Dark")
            .on_hover_text("Light on dark, for screens.");
    });
    ui.end_row();
    let shows_loss = form.subject == Subject::Figure(Figure::Plot(plots::Subject::LOSS));
    if shows_loss || form.subject == Subject::Playback {
        ui.label("Loss axis");
        ui.horizontal(|ui| {
            for (scale, name, help) in [
                (AxisScale::Logarithmic, "Logarithmic", "By powers of ten."),
                (AxisScale::Linear, "Linear", "Spread evenly."),
            ] {
                ui.selectable_value(&mut form.loss_scale, scale, name)
                    .on_hover_text(help);
            }
        });
        ui.end_row();
    }
    if matches!(form.subject, Subject::Figure(_)) {
        ui.label("Runs");
        let text = format!("as at the playhead, epoch {}", lab.playhead.step());
        ui.checkbox(&mut form.at_playhead, text)
            .on_hover_text("Otherwise as they are at the end.");
        ui.end_row();
    }
}

/// The path field; whether Enter was pressed in it.
fn path(form: &mut ExportForm, commands: &mut Commands, ui: &mut Ui) -> bool {
    ui.add_space(4.0);
    let mut text = form.typed.clone();
    let mut confirmed = false;
    ui.horizontal(|ui| {
        let field = TextEdit::singleline(&mut text)
            .hint_text("Path of the file")
            .desired_width((ui.available_width() - 90.0).max(60.0));
        let response = named(ui.add(field), "Path to export to");
        confirmed = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if response.changed() {
            form.typed = text;
            form.is_named = true;
        }
        let browse = ui.button("Browse…");
        if browse
            .on_hover_text("Choose the place with the system's dialog.")
            .clicked()
        {
            commands.push(Command::Export(ExportCommand::Browse));
        }
    });
    confirmed
}

/// Whether what happens inside the rules can be found again.
fn is_replayable(lab: &Lab) -> bool {
    let record = lab.record_here();
    record.is_none_or(|record| can_replay(&record.checked))
}

fn buttons(lab: &Lab, form: &ExportForm, confirmed: bool, commands: &mut Commands, ui: &mut Ui) {
    let reason = match form.subject {
        _ if lab.exporter.is_busy() => Some("Another export is still under way."),
        _ if lab.is_working() => Some("The computation has not ended yet."),
        subject if subject.needs_sharpness() && !is_replayable(lab) => {
            Some("A network has too many numbers for its curvature to be worked out along the way.")
        }
        subject if subject.needs_replay() && !is_replayable(lab) => {
            Some("A network has too many numbers for its runs to be replayed.")
        }
        _ if form.typed.trim().is_empty() => Some("Type the path of the file, or browse."),
        _ => None,
    };
    ui.horizontal(|ui| {
        let export = ui.add_enabled(reason.is_none(), egui::Button::new("Export to file"));
        let export = match reason {
            Some(reason) => export.on_disabled_hover_text(reason),
            None => export.on_hover_text("Draw and write the file."),
        };
        if reason.is_none() && (export.clicked() || confirmed) {
            commands.push(Command::Export(ExportCommand::Start));
        }
        let close = ui.button("Close").on_hover_text("Without exporting.");
        if close.clicked() {
            commands.push(Command::CloseDialog);
        }
        if let Some(reason) = reason {
            ui.weak(reason);
        }
    });
}

/// How far the present export is, with a way to end it.
pub fn progress(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let Some(share) = lab.exporter.progress() else {
        return;
    };
    let cancel = ui.button("Cancel export");
    if cancel
        .on_hover_text("End the export; nothing is written.")
        .clicked()
    {
        commands.push(Command::Export(ExportCommand::Cancel));
    }
    let bar = egui::ProgressBar::new(share)
        .desired_width(110.0)
        .text(format!("export {:.0} %", share * 100.0));
    named(ui.add(bar), "Progress of the export");
}
