//! A training under control: how far it is, and its rates, which can be changed while it goes on.

use super::{Commands, unrecorded};
use crate::app::command::{Action, Command};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::training::TrainingCommand;
use crate::app::widgets::marker;
use crate::app::widgets::number::{exact, number_field};
use crate::app::widgets::{icon, named};
use crate::engine::training::snapshots;
use crate::engine::{Record, Stage, room};
use crate::experiment::RunSpec;
use crate::optimizers::Domain;
use crate::storage::checkpoints;
use egui::{Grid, ProgressBar, ScrollArea, Ui, vec2};

/// By what the buttons multiply a rate.
const FACTORS: [f64; 4] = [0.1, 0.5, 2.0, 10.0];

/// Seconds in a hundred years, past which a time says nothing to people.
const CENTURY: f64 = 100.0 * 365.25 * 86_400.0;

/// How many epochs the button adds.
const MORE: u64 = 10;

/// Shows the panel.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    ScrollArea::vertical()
        .id_salt("training")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let Some(record) = lab.record_here() else {
                unrecorded::say(lab, ui);
                return;
            };
            progress(record, ui);
            buttons(record, commands, ui);
            ui.add_space(8.0);
            ui.strong("Rates from the next update on");
            ui.weak(
                "A change is written into the experiment as an event at the update that it begins \
                 with, so that a new run gives the same bits. Undo takes it back.",
            );
            rates(lab, record, commands, ui);
            ui.add_space(8.0);
            memory(lab, record, ui);
        });
}

/// A time as people read it: `2 h 05 min`, `3 min 20 s`, `12 s`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round();
    if whole >= CENTURY {
        return "more than 100 years".to_owned();
    }
    if whole >= 360_000.0 {
        return format!("{:.0} h", whole / 3600.0);
    }
    // Less than a hundred hours of seconds.
    let whole = whole as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds:02} s"),
        (_, _) => format!("{hours} h {minutes:02} min"),
    }
}

/// How a record stands, in a word.
fn stage(record: &Record) -> String {
    match &record.stage {
        Stage::Running => "training".to_owned(),
        Stage::Paused => "paused".to_owned(),
        Stage::Done => "finished".to_owned(),
        Stage::Cancelled => "cancelled".to_owned(),
        Stage::Broken(reason) => format!("broken: {reason}"),
    }
}

fn progress(record: &Record, ui: &mut Ui) {
    let (done, total) = (record.history.updates, record.checked.updates());
    let share = done as f32 / total.max(1) as f32;
    let per_epoch = record.checked.updates_per_epoch();
    let epochs = done as f64 / per_epoch as f64;
    let bar = ProgressBar::new(share).desired_height(14.0);
    named(ui.add(bar), "Progress of the training");
    let mut text = format!(
        "{}: update {done} of {total}, epoch {epochs:.1} of {}",
        stage(record),
        total / per_epoch
    );
    if let Some(seconds) = record.seconds_left() {
        text += &format!(", about {} left", duration(seconds));
    }
    ui.label(text);
}

fn buttons(record: &Record, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let (text, help, is_possible) = match record.stage {
            Stage::Running => ("Pause training", "Hold it after this update (P).", true),
            Stage::Paused => ("Resume training", "Go on from here (P).", true),
            Stage::Cancelled => ("Go on training", "From where it was cancelled (P).", true),
            Stage::Done | Stage::Broken(_) => ("Pause training", "It is over.", false),
        };
        let button = ui.add_enabled(is_possible, egui::Button::new(text));
        if button.on_hover_text(help).clicked() {
            commands.act(Action::PauseWork);
        }
        let is_under_way = record.stage.is_under_way();
        let cancel = ui.add_enabled(is_under_way, egui::Button::new("Cancel training"));
        let help = "End it; what it recorded stays, and it can be gone on with.";
        if cancel.on_hover_text(help).clicked() {
            commands.act(Action::CancelWork);
        }
        let more = ui.button(format!("{MORE} more epochs"));
        let help = "Make the experiment longer; what was trained is not trained again.";
        if more.on_hover_text(help).clicked() {
            commands.push(Command::Training(TrainingCommand::GoOnFor(MORE)));
        }
    });
}

fn rates(lab: &Lab, record: &Record, commands: &mut Commands, ui: &mut Ui) {
    let next = record.history.updates + 1;
    // What is typed for one experiment is nothing to another one.
    ui.push_id(("rates of", lab.shown), |ui| {
        Grid::new("rates from now on")
            .striped(true)
            .spacing(vec2(8.0, 4.0))
            .show(ui, |ui| {
                for (index, run) in lab.experiment.runs.iter().enumerate() {
                    rate(run, index, next, commands, ui);
                }
            });
    });
}

/// The row of one run, over those of its events.
fn rate(run: &RunSpec, index: usize, next: u64, commands: &mut Commands, ui: &mut Ui) {
    let label = run.display_label();
    let colour = theme::of(ui).run(run.colour.unwrap_or(0));
    let present = run.base_rate_at(next);
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 12.0), egui::Sense::hover());
        let look = run.colour.unwrap_or(0);
        let halo = theme::colour(theme::of(ui).panel);
        let fill = theme::colour(colour);
        marker::of_look(ui.painter(), look, rect.center(), 4.0, fill, halo);
        ui.label(&label);
    });
    ui.horizontal(|ui| {
        for factor in FACTORS {
            let name = format!("Multiply the rate of {label} by {}", exact(factor));
            let button = ui.small_button(format!("×{}", exact(factor)));
            let help = format!("{} from update {next} on.", exact(present * factor));
            if named(button, &name).on_hover_text(help).clicked() {
                let change = TrainingCommand::ChangeRate(index, present * factor);
                commands.push(Command::Training(change));
            }
        }
        let id = ui.scope_id().with(("rate from now on", index));
        let typed = ui.data(|data| data.get_temp::<f64>(id));
        let mut rate = typed.unwrap_or(present);
        let name = format!("Rate of {label} from now on");
        let field = number_field(ui, &name, &mut rate, Domain::NON_NEGATIVE);
        let help = format!(
            "The base rate of update {next} and those after it, now {}.",
            exact(present)
        );
        field.on_hover_text(help);
        let is_other = rate != present;
        ui.data_mut(|data| match is_other {
            true => {
                data.insert_temp(id, rate);
            }
            false => data.remove::<f64>(id),
        });
        let button = ui.add_enabled(is_other, egui::Button::new("Change").small());
        if named(button, &format!("Change the rate of {label}")).clicked() {
            ui.data_mut(|data| data.remove::<f64>(id));
            commands.push(Command::Training(TrainingCommand::ChangeRate(index, rate)));
        }
    });
    ui.end_row();
    for (number, event) in run.events.iter().enumerate() {
        ui.label("");
        ui.horizontal(|ui| {
            ui.label(format!(
                "from update {} on {}",
                event.step,
                exact(event.learning_rate)
            ));
            let name = format!("Take back the change of {label} at update {}", event.step);
            if icon::icon_button(ui, icon::Icon::Close, &name, false).clicked() {
                let command = TrainingCommand::RemoveEvent(index, number);
                commands.push(Command::Training(command));
            }
        });
        ui.end_row();
    }
}

/// What is kept, and how much room that takes.
fn memory(lab: &Lab, record: &Record, ui: &mut Ui) {
    let runs = record.checked.runs.len();
    let parameters = record.checked.parameters();
    let kept: Vec<f64> = record
        .snapshots
        .of(0)
        .iter()
        .map(|snapshot| record.checked.epoch_of(snapshot.update) as f64)
        .collect();
    let most = snapshots::most_epochs(parameters, runs);
    if let Some(bytes) = room::of_training(&record.checked) {
        ui.weak(format!(
            "All runs with all seeds take about {} MB of memory.",
            bytes.div_ceil(1 << 20)
        ));
    }
    let every = match kept.as_slice() {
        [first, second, .., _] => format!(", every {}", exact(second - first)),
        _ => String::new(),
    };
    ui.weak(format!(
        "Weights are kept at {} ends of epochs{every}, at most {most}: {:.1} of {} MB.",
        kept.len(),
        record.snapshots.bytes() as f64 / f64::from(1 << 20),
        snapshots::MOST_BYTES >> 20,
    ));
    ui.weak(match lab.files.places() {
        Some(places) => format!(
            "Checkpoints are in {}: at most {} of them, {} MB together; the oldest go first.",
            places.checkpoints.display(),
            checkpoints::MOST_FILES,
            checkpoints::MOST_BYTES >> 20
        ),
        None => "No checkpoints are kept: this system names no folder for them.".to_owned(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        for (seconds, text) in [
            (0.4, "0 s"),
            (59.4, "59 s"),
            (200.0, "3 min 20 s"),
            (7500.0, "2 h 05 min"),
            (360_000.0, "100 h"),
            (1e300, "more than 100 years"),
            (f64::INFINITY, "more than 100 years"),
            (f64::NAN, "0 s"),
        ] {
            assert_eq!(duration(seconds), text, "{seconds}");
        }
    }
}
