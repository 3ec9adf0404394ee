//! What is wrong with every run on show, what shows it, and what to try.

use super::origin;
use super::timeline::Timeline;
use crate::analysis::diagnosis::{self, Diagnosis, Remedy};
use crate::app::background::Background;
use crate::app::command::Command;
use crate::app::panels::{Commands, unrecorded};
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::engine::Stage;
use crate::experiment::Checked;
use egui::{CollapsingHeader, RichText, ScrollArea, Ui};
use std::sync::Arc;

/// The runs that are to be diagnosed.
#[derive(Clone)]
struct Question {
    record: (u64, u64),
    checked: Arc<Checked>,
    origin: usize,
    runs: Vec<usize>,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        let key = |of: &Self| (of.record, of.origin);
        key(self) == key(other) && self.runs == other.runs
    }
}

struct Answer {
    question: Question,
    found: Vec<Diagnosis>,
}

/// The panel, with the diagnoses on show.
pub struct DiagnosisPanel {
    doctor: Option<Background<Question, Answer>>,
    asked: Option<Question>,
    answer: Option<Answer>,
}

impl DiagnosisPanel {
    /// A panel that has diagnosed nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            doctor: Background::start_watched("diagnosis", wake, diagnose).ok(),
            asked: None,
            answer: None,
        }
    }

    /// Shows what is found about every run on show, at the playhead.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            unrecorded::say(lab, ui);
            return;
        };
        if record.stage == Stage::Running {
            ui.weak("Runs are looked at when they have ended.");
            return;
        }
        origin::show(lab, commands, ui);
        self.ask(Question {
            record: record.identity(),
            checked: Arc::clone(&record.checked),
            origin: lab.origin(),
            runs: lab.shown_runs().map(|(run, _)| run).collect(),
        });
        let answer = self.answer.as_ref();
        let Some(answer) = answer.filter(|a| self.asked.as_ref() == Some(&a.question)) else {
            ui.weak("Looking at every update…");
            return;
        };
        ScrollArea::vertical()
            .id_salt("diagnosis")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                for found in &answer.found {
                    ui.push_id(found.run, |ui| run(lab, found, commands, ui));
                }
            });
    }

    fn ask(&mut self, question: Question) {
        let Some(doctor) = &self.doctor else { return };
        if let Some(answer) = doctor.take() {
            self.answer = Some(answer);
        }
        if self.asked.as_ref() != Some(&question) {
            self.asked = Some(question.clone());
            doctor.ask(question);
        }
    }
}

fn diagnose(question: Question, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Answer> {
    let goes_on = || !is_superseded();
    let checked = question.checked.from_origin(question.origin);
    let checked = checked.as_ref().unwrap_or(&question.checked);
    let of = |&run: &usize| diagnosis::diagnose(checked, run, &goes_on);
    let found: Vec<_> = question.runs.iter().filter_map(of).collect();
    goes_on().then_some(Answer { question, found })
}

fn run(lab: &Lab, found: &Diagnosis, commands: &mut Commands, ui: &mut Ui) {
    let Some(spec) = lab.experiment.runs.get(found.run) else {
        return;
    };
    let label = spec.display_label();
    // Before the first update there is nothing to see; the end is what is asked about then.
    let episode = found.at(lab.playhead.step()).or(found.last());
    let Some(episode) = episode else {
        ui.strong(&label);
        ui.weak("No updates.");
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.strong(&label);
        let verdict = RichText::new(episode.verdict.name());
        let verdict = match episode.verdict.is_trouble() {
            true => verdict.color(ui.visuals().warn_fg_color),
            false => verdict,
        };
        ui.label(verdict);
        let place = format!("updates {} to {}", episode.from, episode.to);
        let link = named(ui.link(place), &format!("Place of {label} on the timeline"));
        if link
            .on_hover_text("Move the playhead to where it began.")
            .clicked()
        {
            commands.push(Command::Seek(episode.from));
        }
    });
    let timeline = Timeline {
        label: &label,
        episodes: &found.episodes,
        now: lab.playhead.step(),
        end: lab.playhead.end(),
    };
    timeline.strip(commands, ui);
    for line in episode.evidence.lines() {
        ui.weak(format!("  {line}"));
    }
    remedies(
        lab,
        &diagnosis::remedies(spec, &label, episode),
        commands,
        ui,
    );
    if found.episodes.len() > 1 {
        CollapsingHeader::new(format!("Episodes of {label}"))
            .show(ui, |ui| timeline.list(commands, ui));
    }
    ui.separator();
}

fn remedies(lab: &Lab, remedies: &[Remedy], commands: &mut Commands, ui: &mut Ui) {
    if remedies.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label("Try");
        for remedy in remedies {
            let name = format!("Add {}", remedy.run.display_label());
            let button = named(ui.button(&remedy.title), &name);
            let help = format!("Adds a run beside this one: {}.", remedy.reason);
            if button.on_hover_text(help).clicked() {
                let mut edited = lab.experiment.clone();
                let mut run = remedy.run.clone();
                run.colour = Some(edited.free_colour());
                edited.runs.push(run);
                commands.push(Command::Edit(Box::new(edited)));
            }
        }
    });
}
