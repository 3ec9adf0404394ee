//! The update at the playhead, explained: the rule's lines with this update's numbers in them.

use crate::analysis::explanation::{self, Explanation, Line, Role, Show};
use crate::app::background::Background;
use crate::app::command::{Action, Command};
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::named;
use crate::experiment::Checked;
use crate::figures::axis::significant;
use egui::{Grid, Label, RichText, ScrollArea, Ui, vec2};
use std::sync::Arc;

/// Digits of the numbers on show; all of them are in the tooltips.
const DIGITS: usize = 6;

/// The update that is to be explained.
#[derive(Clone)]
struct Question {
    record: u64,
    checked: Arc<Checked>,
    run: usize,
    update: u64,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        (self.record, self.run, self.update) == (other.record, other.run, other.update)
    }
}

struct Answer {
    question: Question,
    explained: Result<Explanation, String>,
}

/// The panel, with the explanation on show.
pub struct StepPanel {
    explainer: Option<Background<Question, Answer>>,
    asked: Option<Question>,
    answer: Option<Answer>,
    /// The rule whose formula stands beside.
    beside: Option<&'static str>,
}

impl StepPanel {
    /// A panel that has explained nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            explainer: Background::start("explanation", wake, explain).ok(),
            asked: None,
            answer: None,
            beside: None,
        }
    }

    /// Shows the explanation of the playhead's update.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let Some(record) = lab.record_here() else {
            ui.weak("Nothing recorded yet.");
            return;
        };
        let (run, update) = (lab.run_at_hand(), lab.playhead.step());
        heading(lab, run, update, commands, ui);
        if update == 0 {
            ui.weak("This is the start. Step on (→) to the first update.");
            return;
        }
        self.ask(Question {
            record: record.identity().0,
            checked: Arc::clone(&record.checked),
            run,
            update,
        });
        // What was shown a moment ago stays until the new one is there: nothing flickers while
        // playing.
        let Self { answer, beside, .. } = self;
        match answer.as_ref().map(|answer| &answer.explained) {
            Some(Ok(of)) if of.label == record.checked.runs[run].label => page(of, beside, ui),
            Some(Err(reason)) => {
                ui.weak(reason);
            }
            _ => {
                ui.weak("Working it out…");
            }
        }
    }

    fn ask(&mut self, question: Question) {
        let Some(explainer) = &self.explainer else {
            return;
        };
        if let Some(answer) = explainer.take() {
            self.answer = Some(answer);
        }
        let is_answered = self.answer.as_ref().is_some_and(|a| a.question == question);
        if !is_answered && self.asked.as_ref() != Some(&question) {
            self.asked = Some(question.clone());
            explainer.ask(question);
        }
    }
}

fn explain(question: Question) -> Answer {
    let explained = explanation::explain(&question.checked, question.run, question.update);
    Answer {
        explained: explained.map_err(|reason| format!("Nothing to explain: {reason}.")),
        question,
    }
}

fn heading(lab: &Lab, run: usize, update: u64, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let label = lab.experiment.runs.get(run).map(|run| run.display_label());
        ui.strong(label.unwrap_or_default());
        ui.add_enabled_ui(update > 0, |ui| {
            if icon_button(ui, Icon::StepBack, "Step before", false).clicked() {
                commands.act(Action::StepBack);
            }
        });
        ui.label(format!("update {update} of {}", lab.playhead.end()));
        ui.add_enabled_ui(update < lab.playhead.end(), |ui| {
            if icon_button(ui, Icon::StepForward, "Step after", false).clicked() {
                commands.push(Command::Seek(update + 1));
            }
        });
    });
}

fn page(of: &Explanation, beside: &mut Option<&'static str>, ui: &mut Ui) {
    ScrollArea::both()
        .id_salt("explanation")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.horizontal(|ui| copying(of, ui));
            before(of, ui);
            ui.separator();
            for (index, line) in of.lines.iter().enumerate() {
                ui.push_id(index, |ui| worked(of, line, ui));
            }
            ui.separator();
            after(of, ui);
            ui.separator();
            super::beside::show(of.card, beside, ui);
        });
}

fn copying(of: &Explanation, ui: &mut Ui) {
    let text = named(ui.button("Copy text"), "Copy explanation as text");
    if text
        .on_hover_text("The whole explanation with all digits, as descent-lab explain prints it.")
        .clicked()
    {
        ui.ctx().copy_text(of.to_text());
    }
    let markdown = named(ui.button("Copy Markdown"), "Copy explanation as Markdown");
    if markdown
        .on_hover_text("The same as Markdown with LaTeX.")
        .clicked()
    {
        ui.ctx().copy_text(of.to_markdown());
    }
}

fn short(value: f64) -> String {
    significant(value, DIGITS)
}

/// A number with all its digits in the tooltip.
fn number(ui: &mut Ui, value: f64) {
    let label = ui.add(Label::new(RichText::new(short(value)).monospace()));
    label.on_hover_text(explanation::shortest(value));
}

fn before(of: &Explanation, ui: &mut Ui) {
    let rate = &of.rate;
    let from = format!(
        "{}: {}\nbase α = {}",
        rate.schedule.name,
        rate.schedule.formula,
        explanation::shortest(rate.base)
    );
    ui.horizontal_wrapped(|ui| {
        ui.label(format!("α = {}", short(rate.value)))
            .on_hover_text(from);
        ui.label(format!("J = {}", short(of.loss)))
            .on_hover_text("The loss before the step.");
        for (moved, g) in of.parameters.iter().zip(&of.gradient) {
            let text = format!("g({}) = {}", moved.name, short(*g));
            ui.label(text)
                .on_hover_text(format!("∂J/∂{} before the step, exact.", moved.name));
        }
    });
}

/// One line: its formula, with its numbers below.
fn worked(of: &Explanation, line: &Line, ui: &mut Ui) {
    let show = match line.mixes_components {
        true => Show::Components(&of.parameter_names),
        false => Show::Names,
    };
    let Some(first) = line.worked.first() else {
        return;
    };
    let formula = first.expression.text(show);
    let formula = format!("{} {} {formula}", line.symbol, line.sign());
    let text = match line.role {
        Role::Parameter => RichText::new(formula).monospace().strong(),
        _ => RichText::new(formula).monospace(),
    };
    ui.add(Label::new(text).extend())
        .on_hover_ui(|ui| symbols(of, line, ui));
    for worked in &line.worked {
        let name = worked.component.and_then(|c| of.parameter_names.get(c));
        let of = name.map_or(String::new(), |name| format!("{name}: "));
        let numbers = worked.expression.text(Show::Rounded);
        let value = short(worked.value);
        let text = format!("    {of}{numbers} = {value}");
        let exact = format!(
            "{} = {}",
            worked.expression.text(Show::Values),
            explanation::shortest(worked.value)
        );
        ui.add(Label::new(RichText::new(text).monospace().weak()).extend())
            .on_hover_text(exact);
    }
    ui.add_space(4.0);
}

/// What the symbols of a line mean.
fn symbols(of: &Explanation, line: &Line, ui: &mut Ui) {
    let used = line
        .worked
        .iter()
        .flat_map(|worked| worked.expression.symbols());
    let mut names: Vec<&str> = vec![line.symbol.as_str()];
    for symbol in used {
        if !names.contains(&symbol.name.as_str()) {
            names.push(symbol.name.as_str());
        }
    }
    Grid::new("symbols").spacing(vec2(8.0, 2.0)).show(ui, |ui| {
        for name in names {
            ui.monospace(name);
            ui.label(of.meaning(name).unwrap_or("worked out above"));
            ui.end_row();
        }
    });
}

fn after(of: &Explanation, ui: &mut Ui) {
    Grid::new("after")
        .striped(true)
        .spacing(vec2(12.0, 4.0))
        .show(ui, |ui| {
            for title in ["", "before", "after", "step", "effective rate"] {
                ui.weak(title);
            }
            ui.end_row();
            for moved in &of.parameters {
                ui.strong(&moved.name);
                number(ui, moved.before);
                number(ui, moved.after);
                number(ui, moved.step());
                match moved.effective_rate {
                    Some(rate) => number(ui, rate),
                    None => {
                        ui.weak("g is 0");
                    }
                }
                ui.end_row();
            }
            ui.strong("J");
            number(ui, of.loss);
            number(ui, of.loss_after);
            number(ui, of.loss_after - of.loss);
            ui.end_row();
            for remembered in &of.memory {
                for noted in &remembered.numbers {
                    let name = noted.entry.filter(|_| remembered.numbers.len() > 1);
                    let name = name.map_or(String::new(), |entry| format!("[{}]", entry + 1));
                    ui.label(format!("{}{name}", remembered.symbol))
                        .on_hover_text(remembered.meaning);
                    number(ui, noted.before);
                    number(ui, noted.after);
                    number(ui, noted.after - noted.before);
                    ui.end_row();
                }
            }
        });
}
