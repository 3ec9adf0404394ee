//! The AdaBelief paper's table of large and small steps, worked out from the present runs.

use crate::analysis::step_sizes::{self, StepSizes};
use crate::app::asked::Asked;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::experiment::{Checked, Experiment};
use egui::{Grid, ScrollArea, Ui, vec2};
use std::sync::OnceLock;

/// Which table.
#[derive(Clone, PartialEq)]
struct Question {
    /// Without what only describes it.
    experiment: Experiment,
    step: u64,
}

/// The panel, with the table on show.
pub struct SizesPanel {
    tables: Asked<Question, Result<StepSizes, String>>,
}

/// Whether an experiment is about the paper's three cases: one of the homework's, or one of the
/// cases with other runs.
pub fn applies(lab: &Lab) -> bool {
    static EXPRESSIONS: OnceLock<Vec<String>> = OnceLock::new();
    let expressions = EXPRESSIONS.get_or_init(step_sizes::expressions);
    let built_in = lab.document.built_in.as_deref();
    let is_homeworks = built_in.is_some_and(|id| id.starts_with("hw3_q1"));
    let expression = lab.experiment.objective.expression();
    is_homeworks || expression.is_some_and(|own| expressions.iter().any(|of| of == own))
}

impl SizesPanel {
    /// A panel that has no table yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            tables: Asked::new(ctx, "step sizes", |question, _| Some(table(question))),
        }
    }

    /// Shows the table after as many updates as the playhead stands at.
    pub fn show(&mut self, lab: &Lab, _: &mut Commands, ui: &mut Ui) {
        let step = lab.playhead.step();
        if step == 0 {
            ui.weak("This is the start: no rule has made a step yet. Step on (→).");
            return;
        }
        if lab.is_working() {
            ui.weak("Worked out when the runs have ended.");
            return;
        }
        let mut experiment = lab.experiment.clone();
        experiment.title.clear();
        experiment.notes.clear();
        experiment.tune = None;
        let question = Question { experiment, step };
        let answer = self.tables.ask(question.clone());
        match answer.filter(|(of, _)| of.experiment == question.experiment) {
            // The table of the step before says which step it is of, and stays until the new one.
            Some((_, Ok(table))) => show(table, ui),
            Some((of, Err(reason))) if *of == question => {
                ui.weak(reason.as_str());
            }
            _ => {
                ui.weak("Working it out…");
            }
        }
    }
}

fn table(question: &Question) -> Result<StepSizes, String> {
    let cases = step_sizes::cases_of(&question.experiment, question.step).into_iter();
    let checked: Result<Vec<Checked>, _> = cases.map(|case| case.check()).collect();
    let checked = checked.map_err(|problems| {
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        format!("No table: {}.", problems.join("; "))
    })?;
    if checked.iter().any(|case| case.runs.is_empty()) {
        return Err("No table: the experiment has no runs.".to_owned());
    }
    let table = step_sizes::step_sizes(&checked, question.step);
    table.map_err(|reason| format!("No table: {reason}."))
}

fn show(table: &StepSizes, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.strong(format!("After {} updates", table.step));
        let button = named(ui.button("Copy Markdown"), "Copy step sizes as Markdown");
        if button.on_hover_text("The table as Markdown.").clicked() {
            ui.ctx().copy_text(table.to_markdown());
        }
    });
    ScrollArea::both()
        .id_salt("step sizes")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Grid::new("step sizes table")
                .striped(true)
                .spacing(vec2(14.0, 4.0))
                .show(ui, |ui| rows(table, ui));
            ui.add_space(4.0);
            ui.weak(
                "The paper's three cases with the runs of this experiment: w1 at the update of the \
                 playhead. Small and large are the two sides of the widest gap (as a ratio) between \
                 a row's numbers. The ideal step is small where the gradient changes. The paper \
                 compares what the gradient is multiplied by (α/(√v̂ + ε), …); how far the steps \
                 really went stands below.",
            );
        });
}

fn rows(table: &StepSizes, ui: &mut Ui) {
    ui.label("");
    ui.label("");
    for case in &table.cases {
        ui.strong(case);
    }
    ui.end_row();
    for (name, formula, cells) in table.rows() {
        ui.label(name);
        ui.label(formula);
        for cell in cells {
            // A word says it; weight only helps the eye.
            match cell.ends_with("large") {
                true => ui.strong(cell),
                false => ui.label(cell),
            };
        }
        ui.end_row();
    }
}
