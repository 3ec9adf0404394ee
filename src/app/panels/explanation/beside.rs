//! Another rule beside that of the run at hand: both formulas with what differs marked, and the
//! step that both make from the same state.

use crate::analysis::explanation::{Row, SharedStep, shortest};
use crate::analysis::side_by_side::{Beside, Span, side_by_side};
use crate::app::widgets::named;
use crate::figures::axis::significant;
use crate::optimizers::{self, OPTIMIZERS, OptimizerCard};
use egui::text::{LayoutJob, TextFormat};
use egui::{Button, CollapsingHeader, ComboBox, Grid, Label, Stroke, TextStyle, Ui, vec2};

/// Two rules beside one another, made ready to be shown.
pub struct Compared {
    /// The lines of both, with what differs marked.
    formulas: Vec<Beside>,
    /// The step that both make, or why they do not.
    step: Result<BothSteps, String>,
}

/// One step by both rules.
struct BothSteps {
    shared: SharedStep,
    /// Which names stand for the same thing.
    renamed: Option<String>,
    /// Every row with the digits on show.
    rounded: Vec<Row>,
    /// The same with all digits.
    exact: Vec<Row>,
}

impl Compared {
    /// Of the rules of these cards. Aligning lines takes long for a frame.
    pub fn new(
        [own, other]: [&OptimizerCard; 2],
        shared: Result<SharedStep, impl ToString>,
    ) -> Self {
        let step = shared.map(|shared| BothSteps {
            renamed: shared.renamed_in_words(),
            rounded: shared.compared(true),
            exact: shared.compared(false),
            shared,
        });
        let formulas = match &step {
            Ok(step) => {
                let formulas = step.rounded.iter().filter(|row| row.is_formula);
                formulas.map(|row| row.beside.clone()).collect()
            }
            // Without a step nobody knows which lines are in force: all are shown.
            Err(_) => side_by_side(own.formula, other.formula),
        };
        Self {
            formulas,
            step: step.map_err(|reason| reason.to_string()),
        }
    }
}

/// Lets a rule be chosen, and shows both formulas and both steps once one is.
pub fn show(
    card: &OptimizerCard,
    chosen: &mut Option<&'static str>,
    compared: Option<&Compared>,
    ui: &mut Ui,
) {
    choice(chosen, ui);
    let Some(other) = chosen.and_then(optimizers::find) else {
        return;
    };
    let Some(compared) = compared else {
        ui.weak("Working out the step of both…");
        return;
    };
    formulas([card, other.card()], &compared.formulas, ui);
    match &compared.step {
        Ok(step) => {
            if let Some(renamed) = &step.renamed {
                ui.weak(format!("{renamed}."));
            }
            ui.separator();
            both_steps(step, ui);
        }
        Err(reason) => {
            ui.separator();
            ui.weak(format!("No shared step: {reason}."));
        }
    }
}

/// The lines of both, with what differs marked.
fn formulas(cards: [&OptimizerCard; 2], rows: &[Beside], ui: &mut Ui) {
    Grid::new("side by side")
        .striped(true)
        .spacing(vec2(16.0, 4.0))
        .show(ui, |ui| {
            for card in cards {
                ui.strong(card.name);
            }
            ui.end_row();
            for row in rows {
                line(row.left.as_deref(), true, ui);
                line(row.right.as_deref(), true, ui);
                ui.end_row();
            }
        });
}

fn choice(chosen: &mut Option<&'static str>, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.label("Beside");
        let other = chosen.and_then(optimizers::find);
        let text = other.map_or("no other rule", |rule| rule.card().name);
        let combo = ComboBox::from_id_salt("beside").selected_text(text);
        let combo = combo.show_ui(ui, |ui| {
            ui.selectable_value(chosen, None, "no other rule");
            for rule in OPTIMIZERS {
                let other = rule.card();
                ui.selectable_value(chosen, Some(other.id), other.name);
            }
        });
        named(combo.response, "Rule beside").on_hover_text(
            "Another rule's formula beside this one, line by line, and the step that it makes from \
             the same state; what differs is underlined.",
        );
    });
}

/// The step of both rules from the same state, line beside line.
fn both_steps(step: &BothSteps, ui: &mut Ui) {
    let shared = &step.shared;
    let names = [shared.own.card.name, shared.other.card.name];
    ui.horizontal_wrapped(|ui| {
        ui.strong(format!(
            "Update {} by both, from the same state",
            shared.own.step
        ));
        copying(shared, ui);
    });
    let title = format!("How {} is given the state", names[1]);
    CollapsingHeader::new(title)
        .id_salt("how the state is given")
        .show(ui, |ui| {
            for line in shared.given() {
                ui.add(Label::new(line).wrap());
            }
        });
    Grid::new("both steps")
        .striped(true)
        .spacing(vec2(16.0, 3.0))
        .show(ui, |ui| {
            ui.label("");
            ui.strong(names[0]);
            ui.strong(names[1]);
            ui.end_row();
            for (row, exact) in step.rounded.iter().zip(&step.exact) {
                both(row, exact, ui);
            }
            moves(shared, ui);
        });
}

fn both(row: &Row, exact: &Row, ui: &mut Ui) {
    ui.weak(row.of.trim_end_matches(": "));
    let sides = [
        (&row.beside.left, &exact.beside.left),
        (&row.beside.right, &exact.beside.right),
    ];
    for (spans, exact) in sides {
        let response = line(spans.as_deref(), row.is_formula, ui);
        if let (Some(exact), false) = (exact, row.is_formula) {
            let text: String = exact.iter().map(|span| span.text.as_str()).collect();
            response.on_hover_text(text);
        }
    }
    ui.end_row();
}

/// What came of both steps.
fn moves(shared: &SharedStep, ui: &mut Ui) {
    let number = |value: f64, ui: &mut Ui| {
        let label = ui.strong(significant(value, 6));
        label.on_hover_text(shortest(value));
    };
    for (own, other) in shared.own.parameters.iter().zip(&shared.other.parameters) {
        ui.label(format!("Δ{}", own.name));
        number(own.step(), ui);
        number(other.step(), ui);
        ui.end_row();
    }
    ui.label("J after");
    number(shared.own.loss_after, ui);
    number(shared.other.loss_after, ui);
    ui.end_row();
}

fn copying(shared: &SharedStep, ui: &mut Ui) {
    let button = named(
        ui.add(Button::new("Copy text").small()),
        "Copy both steps as text",
    );
    let help = "Both steps with all digits, as descent-lab explain --beside prints them.";
    if button.on_hover_text(help).clicked() {
        ui.ctx().copy_text(shared.to_text());
    }
    let button = ui.add(Button::new("Copy Markdown").small());
    let button = named(button, "Copy both steps as Markdown");
    if button
        .on_hover_text("The same as a Markdown table.")
        .clicked()
    {
        ui.ctx().copy_text(shared.to_markdown());
    }
}

fn line(spans: Option<&[Span]>, is_strong: bool, ui: &mut Ui) -> egui::Response {
    let Some(spans) = spans else {
        return ui.weak("–");
    };
    let visuals = ui.visuals();
    let plain = if is_strong {
        visuals.text_color()
    } else {
        visuals.weak_text_color()
    };
    let marked = visuals.strong_text_color();
    let mut job = LayoutJob::default();
    for span in spans {
        let color = if span.differs { marked } else { plain };
        let underline = match span.differs {
            true => Stroke::new(1.0, color),
            false => Stroke::NONE,
        };
        let format = TextFormat {
            // The monospaced font has no hats.
            font_id: TextStyle::Body.resolve(ui.style()),
            color,
            underline,
            ..TextFormat::default()
        };
        job.append(&span.text, 0.0, format);
    }
    ui.add(Label::new(job).extend())
}
