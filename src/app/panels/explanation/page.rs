//! An explained step as it is drawn.

use super::symbols::{self, Lit, Look};
use crate::analysis::explanation::{self, Explanation, Line, Piece, Show, Worked};
use crate::app::panels::Commands;
use crate::app::theme;
use crate::app::widgets::{marker, named};
use crate::figures::axis::significant;
use egui::text::{LayoutJob, TextFormat};
use egui::{Grid, Label, RichText, Sense, Stroke, TextStyle, Ui, vec2};

/// Digits of the numbers on show; all of them are in the tooltips.
const DIGITS: usize = 6;

/// How thick the lines of the first, second, … parameter are on the plots.
const WIDTHS: [f32; 4] = [2.0, 1.2, 0.9, 0.7];

/// Draws everything but what stands beside it.
pub fn show(of: &Explanation, colour: u8, lit: &mut Lit, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| copying(of, ui));
    scalars(of, colour, ui);
    let mut hovered = symbols::row(of, lit, ui);
    ui.separator();
    for (index, line) in of.lines.iter().enumerate() {
        let found = ui.push_id(index, |ui| worked(of, line, lit.symbol(), ui));
        hovered = found.inner.or(hovered);
    }
    lit.hover(hovered, ui);
    lit.point(of, colour, commands);
    ui.separator();
    after(of, ui);
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

/// The numbers of the step that the plots draw over time, marked as the run's line is there: in
/// its colour, thick for the first parameter and thinner for the next.
fn scalars(of: &Explanation, colour: u8, ui: &mut Ui) {
    let rate = &of.rate;
    let from = format!(
        "{}: {}\nbase α = {}",
        rate.schedule.name,
        rate.schedule.formula,
        explanation::shortest(rate.base)
    );
    ui.horizontal_wrapped(|ui| {
        let tokens = theme::of(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
        let fill = theme::colour(tokens.run(colour));
        let halo = theme::colour(tokens.panel);
        marker::of_look(ui.painter(), colour, rect.center(), 5.0, fill, halo);
        response.on_hover_text("Underlined as the run's lines are on the plots.");
        scalar(format!("α = {}", short(rate.value)), colour, 0, &from, ui);
        let loss = format!("J = {}", short(of.loss));
        scalar(loss, colour, 0, "The loss before the step.", ui);
        for (index, (moved, g)) in of.parameters.iter().zip(&of.gradient).enumerate() {
            let text = format!("g({}) = {}", moved.name, short(*g));
            let help = format!("∂J/∂{} before the step, exact.", moved.name);
            scalar(text, colour, index, &help, ui);
        }
    });
}

/// A number in the colour of the run's line on the plots, and as thick.
fn scalar(text: String, colour: u8, part: usize, help: &str, ui: &mut Ui) {
    let tokens = theme::of(ui);
    let width = WIDTHS[part.min(WIDTHS.len() - 1)];
    let format = TextFormat {
        font_id: TextStyle::Body.resolve(ui.style()),
        color: theme::colour(tokens.text),
        underline: Stroke::new(width, theme::colour(tokens.run(colour))),
        ..TextFormat::default()
    };
    let job = LayoutJob::single_section(text, format);
    ui.label(job).on_hover_text(help);
}

/// One line: its formula, with its numbers below. Gives the symbol under the pointer.
fn worked(of: &Explanation, line: &Line, lit: Option<&str>, ui: &mut Ui) -> Option<String> {
    let look = |is_quiet| Look { lit, is_quiet, of };
    let mut hovered = None;
    for (index, worked) in line.worked.iter().enumerate() {
        // Where a formula mixes the parameters, each has its own.
        if index == 0 || line.mixes_components {
            let pieces = line.pieces(worked, &of.parameter_names);
            let (response, found) = symbols::line(&pieces, look(false), ui);
            if let Some(symbol) = &found {
                response.on_hover_text(symbols::meaning(of, symbol));
            }
            hovered = found.or(hovered);
        }
        let pieces = in_numbers(of, line, worked);
        let (response, found) = symbols::line(&pieces, look(true), ui);
        let exact = format!(
            "{} = {}",
            worked.expression.text(Show::Values),
            explanation::shortest(worked.value)
        );
        response.on_hover_text(match &found {
            Some(symbol) => format!("{}\n\n{exact}", symbols::meaning(of, symbol)),
            None => exact,
        });
        hovered = found.or(hovered);
    }
    ui.add_space(4.0);
    hovered
}

/// A line in numbers, in pieces that know their symbols.
fn in_numbers(of: &Explanation, line: &Line, worked: &Worked) -> Vec<Piece> {
    let plain = |text: String| Piece { text, symbol: None };
    let name = worked.component.and_then(|c| of.parameter_names.get(c));
    let name = name.map_or(String::new(), |name| format!("{name}: "));
    let result = Piece {
        text: short(worked.value),
        symbol: Some(line.symbol.clone()),
    };
    let mut pieces = vec![plain(format!("    {name}"))];
    pieces.extend(worked.expression.pieces(Show::Rounded));
    pieces.extend([plain(" = ".to_owned()), result]);
    pieces
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
