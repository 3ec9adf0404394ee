//! What can be done with what is selected.

use super::entries::Entry;
use crate::app::browsing::{Browsing, Shelf};
use crate::app::perform::with_run;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::experiment::{Experiment, MAX_RUNS, MAX_WRAPPERS, WrapperSpec};
use crate::landscapes;
use crate::optimizers::wrappers;
use crate::schedules::SCHEDULES;
use egui::{Button, ComboBox, Label, RichText, Ui};

/// The button below the details.
pub struct Offer {
    text: &'static str,
    /// What it is called for screen readers.
    name: String,
    /// Whether a run is chosen beside it.
    needs_run: bool,
    /// What it does, or why it cannot.
    pub change: Result<Change, String>,
}

/// The experiment as it is then, and the run whose card is unfolded.
pub struct Change {
    /// The experiment.
    pub experiment: Experiment,
    /// The run.
    pub unfolded: Option<usize>,
}

impl Offer {
    /// What can be done with an entry.
    pub fn of(lab: &Lab, browsing: &Browsing, entry: &Entry) -> Self {
        let name = entry.name;
        let run = target(lab, browsing);
        match browsing.shelf {
            Shelf::Optimizers => Self {
                text: "Add run",
                name: format!("Add a run of {name}"),
                needs_run: false,
                change: new_run(lab, entry),
            },
            Shelf::Wrappers => Self {
                text: "Add wrapper",
                name: format!("Add the wrapper {name}"),
                needs_run: true,
                change: on_run(lab, run, |experiment, run| wrap(experiment, run, entry)),
            },
            Shelf::Schedules => Self {
                text: "Use schedule",
                name: format!("Use the schedule {name}"),
                needs_run: true,
                change: on_run(lab, run, |experiment, run| schedule(experiment, run, entry)),
            },
            Shelf::Landscapes => Self {
                text: "Use it",
                name: format!("Use the landscape {name}"),
                needs_run: false,
                change: with_landscape(lab, entry),
            },
        }
    }

    /// Shows the button and why it cannot be pressed; whether it was.
    pub fn show(&self, lab: &Lab, browsing: &mut Browsing, ui: &mut Ui) -> bool {
        ui.horizontal(|ui| {
            let able = self.change.is_ok();
            let mut button = Button::new(RichText::new(self.text).strong());
            if able {
                button = button.fill(ui.visuals().selection.bg_fill);
            }
            let button = ui.add_enabled(able, button);
            let pressed = named(button, &self.name).on_hover_text("Enter").clicked();
            if self.needs_run && !lab.experiment.runs.is_empty() {
                run_menu(lab, browsing, ui);
            }
            if let Err(reason) = &self.change {
                let text = RichText::new(reason)
                    .small()
                    .color(ui.visuals().error_fg_color);
                ui.add(Label::new(text).truncate()).on_hover_text(reason);
            }
            pressed
        })
        .inner
    }
}

/// The run that a wrapper or a schedule is meant for.
fn target(lab: &Lab, browsing: &Browsing) -> Option<usize> {
    let exists = |run: &usize| *run < lab.experiment.runs.len();
    let unfolded = lab.view.selected.filter(exists);
    let first = Some(0).filter(exists);
    browsing.run.filter(exists).or(unfolded).or(first)
}

fn run_menu(lab: &Lab, browsing: &mut Browsing, ui: &mut Ui) {
    let Some(present) = target(lab, browsing) else {
        return;
    };
    let runs = &lab.experiment.runs;
    let combo = ComboBox::from_id_salt("run to change")
        .selected_text(runs[present].display_label())
        .width(220.0)
        .truncate()
        .show_ui(ui, |ui| {
            for (index, run) in runs.iter().enumerate() {
                let label = run.display_label();
                if ui.selectable_label(index == present, label).clicked() {
                    browsing.run = Some(index);
                }
            }
        });
    named(combo.response, "Run to change");
}

fn new_run(lab: &Lab, entry: &Entry) -> Result<Change, String> {
    if let Some(reason) = &entry.refusal {
        return Err(format!("Refused here: {reason}"));
    }
    if lab.experiment.runs.len() >= MAX_RUNS {
        return Err(format!("An experiment has at most {MAX_RUNS} runs."));
    }
    Ok(Change {
        experiment: with_run(&lab.experiment, entry.id),
        unfolded: Some(lab.experiment.runs.len()),
    })
}

fn on_run(
    lab: &Lab,
    run: Option<usize>,
    change: impl FnOnce(&mut Experiment, usize) -> Result<(), String>,
) -> Result<Change, String> {
    let run = run.ok_or("Add a run first.")?;
    let mut experiment = lab.experiment.clone();
    change(&mut experiment, run)?;
    Ok(Change {
        experiment,
        unfolded: Some(run),
    })
}

fn wrap(experiment: &mut Experiment, run: usize, entry: &Entry) -> Result<(), String> {
    let wrappers = &mut experiment.runs[run].wrappers;
    if wrappers.len() >= MAX_WRAPPERS {
        return Err(format!("A run has at most {MAX_WRAPPERS} wrappers."));
    }
    let wrapper = wrappers::find(entry.id).ok_or("There is no such wrapper.")?;
    wrappers.push(WrapperSpec::new(wrapper));
    Ok(())
}

fn schedule(experiment: &mut Experiment, run: usize, entry: &Entry) -> Result<(), String> {
    let card = SCHEDULES.iter().find(|card| card.id == entry.id);
    let card = card.ok_or("There is no such schedule.")?;
    experiment.runs[run].schedule = (card.template)();
    Ok(())
}

/// Another landscape keeps the noise, and the start where that lies in its range.
fn with_landscape(lab: &Lab, entry: &Entry) -> Result<Change, String> {
    let card = landscapes::find(entry.id)
        .ok_or("There is no such landscape.")?
        .card();
    if lab.experiment.objective.is(&card) {
        return Err("It is in use.".into());
    }
    let mut experiment = lab.experiment.clone();
    experiment.objective = experiment.objective.moved_to(&card);
    Ok(Change {
        experiment,
        unfolded: lab.view.selected,
    })
}
