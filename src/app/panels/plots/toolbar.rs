//! How the plots are seen: the row above them, and the heading of each.

use super::choice;
use crate::app::command::{Action, Command};
use crate::app::panels::Commands;
use crate::app::plots::{PlotCommand, Replayed, Source, Subject};
use crate::app::state::Lab;
use crate::app::widgets::{at_right, named};
use crate::figures::axis::significant;
use crate::figures::curves::{self, Abscissa, AxisScale};
use egui::{Button, Label, Response, RichText, Ui};

/// Shows the row; whether the view is to be shown whole again.
pub fn show(lab: &Lab, commands: &mut Commands, is_moved: bool, ui: &mut Ui) -> bool {
    let mut resets = false;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.spacing_mut().button_padding.x = 6.0;
        choice::menu(lab, commands, ui);
        axis_switches(lab, commands, ui);
        let large = ui.selectable_label(lab.settings.plots.large.is_some(), "one large");
        if named(large, "One plot large")
            .on_hover_text(Action::EnlargePlot.card().help)
            .clicked()
        {
            commands.act(Action::EnlargePlot);
        }
        let table = named(ui.button("Table"), "Table of values");
        if table
            .on_hover_text(Action::ShowValues.card().help)
            .clicked()
        {
            commands.act(Action::ShowValues);
        }
        if is_moved {
            let reset = named(ui.button("Reset"), "Reset plots");
            resets = reset
                .on_hover_text("All plots whole again; so does a double click on one.")
                .clicked();
        }
    });
    resets
}

/// Epochs or evaluations along the axis of all plots, evenly or by powers of ten.
fn axis_switches(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let on = lab.abscissa() == Abscissa::Evaluations;
    let button = ui.selectable_label(on, "evaluations").on_hover_text(
        "All plots against evaluations of the objective instead of epochs (E), so that a line \
         search or SAM is compared fairly: a gradient counts as one, a Hessian-vector product \
         as two.",
    );
    if named(button, "Plot against evaluations").clicked() {
        commands.act(Action::ToggleAbscissa);
    }
    let on = lab.along() == AxisScale::Logarithmic;
    let button = ui
        .selectable_label(on, "log x")
        .on_hover_text(Action::ToggleLogX.card().help);
    if named(button, "Logarithmic x axis").clicked() {
        commands.act(Action::ToggleLogX);
    }
}

/// The line above a plot: what it is of, and how its values are spread.
pub fn heading(lab: &Lab, commands: &mut Commands, subject: Subject, ui: &mut Ui) {
    /// Tells the controls at the right end apart from those of other rows.
    const CONTROLS: &str = "plot";
    ui.horizontal(|ui| {
        ui.set_min_height(18.0);
        let controls = at_right::width(ui, CONTROLS) + ui.spacing().item_spacing.x;
        let room = (ui.available_width() - controls).max(1.0);
        ui.scope(|ui| {
            ui.set_max_width(room);
            title(lab, commands, subject, ui);
        });
        at_right::show(ui, CONTROLS, |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            spread(lab, commands, subject, ui);
            enlarge(lab, commands, subject, ui);
        });
    });
}

fn title(lab: &Lab, commands: &mut Commands, subject: Subject, ui: &mut Ui) {
    if lab.settings.plots.large.is_some() {
        choice::large(lab, commands, subject, ui);
    } else {
        let name = Label::new(RichText::new(subject.name()).strong()).truncate();
        ui.add(name).on_hover_text(subject.help());
    }
    let text = match subject {
        Subject::Replayed(Replayed::Slot { .. }) => parts(lab, subject),
        _ => {
            let subtracts = subtracted(lab, subject).is_some();
            let symbol = subject.symbol(subtracts).to_owned();
            [symbol, parts(lab, subject)].join("  ")
        }
    };
    let text = ui.add(Label::new(RichText::new(text.trim_end()).weak()).truncate());
    if let Some(least) = subtracted(lab, subject) {
        let least = significant(least, 7);
        text.on_hover_text(format!(
            "This landscape's loss can be negative, which has no logarithm: the axis shows \
             J − J*, the height above the least value J* = {least}."
        ));
    }
}

/// Which line is of which parameter, where there are several a run.
fn parts(lab: &Lab, subject: Subject) -> String {
    const LINES: [&str; 4] = ["thick", "thin", "thinner", "thinnest"];
    let has_several = subject.needs_replay() || subject == Subject::Sharpness;
    let Some(record) = lab.record_here().filter(|_| has_several) else {
        return String::new();
    };
    let objective = &*record.checked.objective;
    let names = lab.shown_runs().find_map(|(run, _)| {
        let source = Source::new(&record.history, run, lab.ledger(run), objective)?;
        let source = source.with_sharpness(lab.sharpness(run));
        Some(source.names(subject)).filter(|names| !names.is_empty())
    });
    let names = names.unwrap_or_default();
    let words = names.iter().zip(LINES);
    let words: Vec<_> = words.map(|(name, line)| format!("{name} {line}")).collect();
    words.join(", ")
}

/// The least value that is subtracted from a loss, where it is.
fn subtracted(lab: &Lab, subject: Subject) -> Option<f64> {
    let is_loss = matches!(subject, Subject::Recorded(quantity) if quantity.is_loss());
    let is_log = lab.scale_of(subject) == AxisScale::Logarithmic;
    let record = lab.record_here().filter(|_| is_loss && is_log)?;
    curves::subtracted_least(&*record.checked.objective)
}

fn spread(lab: &Lab, commands: &mut Commands, subject: Subject, ui: &mut Ui) {
    let log = lab.scale_of(subject) == AxisScale::Logarithmic;
    let button = small(ui, log, "log");
    let is_loss = subject == Subject::LOSS;
    let (name, help) = match is_loss {
        true => ("log".to_owned(), "Logarithmic axis (L)."),
        false => (
            format!("Logarithmic axis of {}", subject.name()),
            "Logarithmic axis.",
        ),
    };
    if named(button, &name).on_hover_text(help).clicked() {
        commands.push(Command::Plot(PlotCommand::Spread(subject)));
    }
}

fn enlarge(lab: &Lab, commands: &mut Commands, subject: Subject, ui: &mut Ui) {
    if lab.settings.plots.large.is_some() {
        return;
    }
    let button = named(
        small(ui, false, "large"),
        &format!("Enlarge {}", subject.name()),
    );
    if button.on_hover_text("Only this plot, large.").clicked() {
        commands.push(Command::Plot(PlotCommand::Enlarge(Some(subject))));
    }
}

/// A choice as high as a heading.
fn small(ui: &mut Ui, is_on: bool, text: &str) -> Response {
    ui.add(Button::selectable(is_on, RichText::new(text).small()).small())
}
