//! An explained step as it is drawn.

use super::symbols::{self, Lit, Look};
use crate::analysis::explanation::{self, Explanation, Line, Piece, Show, Worked};
use crate::app::panels::Commands;
use crate::app::theme;
use crate::app::widgets::{marker, named};
use crate::figures::axis::significant;
use crate::figures::theme::Theme;
use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Grid, Label, RichText, Sense, Stroke, TextStyle, Ui, vec2};

/// Digits of the numbers on show; all of them are in the tooltips.
const DIGITS: usize = 6;

/// How thick the lines of the first, second, … parameter are on the plots.
const WIDTHS: [f32; 4] = [2.0, 1.2, 0.9, 0.7];

/// Draws everything but what stands beside it.
pub fn show(of: &Explanation, colour: u8, lit: &mut Lit, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| copying(of, ui));
    scalars(of, colour, ui);
    ui.add(Label::new(RichText::new(format!("α: {}", of.rate_origin())).weak()).wrap());
    let mut hovered = symbols::row(of, lit, ui);
    ui.separator();
    for (index, line) in of.lines.iter().enumerate() {
        let found = ui.push_id(index, |ui| worked(of, line, lit.symbol(), ui));
        hovered = found.inner.or(hovered);
    }
    lit.hover(hovered, ui);
    lit.point(of, colour, commands);
    ui.separator();
    after(of, colour, ui);
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
    let from = explanation::shortest(rate.value);
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
    let font = TextStyle::Body.resolve(ui.style());
    let job = underlined(text, font, (colour, part), theme::of(ui));
    ui.label(job).on_hover_text(help);
}

/// The same of a number in a table, which the plots draw over time too.
fn plotted(value: f64, colour: u8, part: usize, ui: &mut Ui) {
    let font = TextStyle::Monospace.resolve(ui.style());
    let job = underlined(short(value), font, (colour, part), theme::of(ui));
    ui.label(job).on_hover_text(explanation::shortest(value));
}

/// A text with the run's line under it, as thick as for the parameter with this number.
fn underlined(
    text: String,
    font: FontId,
    (colour, part): (u8, usize),
    tokens: &Theme,
) -> LayoutJob {
    let width = WIDTHS[part.min(WIDTHS.len() - 1)];
    let format = TextFormat {
        font_id: font,
        color: theme::colour(tokens.text),
        underline: Stroke::new(width, theme::colour(tokens.run(colour))),
        ..TextFormat::default()
    };
    LayoutJob::single_section(text, format)
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

fn after(of: &Explanation, colour: u8, ui: &mut Ui) {
    Grid::new("after")
        .striped(true)
        .spacing(vec2(12.0, 4.0))
        .show(ui, |ui| {
            for title in ["", "before", "after", "step", "effective rate"] {
                ui.weak(title);
            }
            ui.end_row();
            for (index, moved) in of.parameters.iter().enumerate() {
                ui.strong(&moved.name);
                number(ui, moved.before);
                number(ui, moved.after);
                number(ui, moved.step());
                match moved.effective_rate {
                    Some(rate) => plotted(rate, colour, index, ui),
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
                for (part, noted) in remembered.numbers.iter().enumerate() {
                    let name = noted.entry.filter(|_| remembered.numbers.len() > 1);
                    let name = name.map_or(String::new(), |entry| format!("[{}]", entry + 1));
                    ui.label(format!("{}{name}", remembered.symbol))
                        .on_hover_text(remembered.meaning);
                    number(ui, noted.before);
                    plotted(noted.after, colour, part, ui);
                    number(ui, noted.after - noted.before);
                    ui.end_row();
                }
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::explanation::explain;
    use crate::experiment::built_in;
    use egui::{Context, RawInput};

    /// Every underlined text of the page with the stroke under it, as it is painted.
    fn underlined_texts(of: &Explanation, colour: u8) -> Vec<(String, Stroke)> {
        let ctx = Context::default();
        let mut lit = Lit::default();
        let mut frame = || {
            ctx.run_ui(RawInput::default(), |ui| {
                show(of, colour, &mut lit, &mut Commands::default(), ui);
            })
        };
        // A table is only measured in its first frame.
        frame().textures_delta.clear();
        let mut output = frame();
        output.textures_delta.clear();
        let texts = output
            .shapes
            .iter()
            .filter_map(|clipped| match &clipped.shape {
                egui::Shape::Text(text) => Some(&text.galley.job),
                _ => None,
            });
        let sections = texts.flat_map(|job| {
            let lined = |section: &egui::text::LayoutSection| {
                let range = &section.byte_range;
                let text = job.text[range.start.0..range.end.0].to_owned();
                (text, section.format.underline)
            };
            job.sections.iter().map(lined).collect::<Vec<_>>()
        });
        sections.filter(|(_, stroke)| stroke.width > 0.0).collect()
    }

    #[test]
    fn numbers_that_are_plotted_are_underlined_in_the_colour_of_the_run() {
        let checked = built_in::find("hw3_q3a").unwrap().experiment();
        let checked = checked.check().unwrap();
        let is_adam = |run: &crate::experiment::CheckedRun| run.optimizer.card().id == "adam";
        let adam = checked.runs.iter().position(is_adam).unwrap();
        let of = explain(&checked, adam, 3).unwrap();
        let texts = underlined_texts(&of, 2);
        let strokes: Vec<_> = texts.iter().map(|(_, stroke)| stroke.color).collect();
        assert!(strokes.iter().all(|color| *color == strokes[0]));
        let has = |text: String| {
            assert!(
                texts.iter().any(|(found, _)| *found == text),
                "{text} in {texts:?}"
            )
        };
        for memory in of.memory.iter().flat_map(|memory| &memory.numbers) {
            has(short(memory.after));
        }
        for moved in &of.parameters {
            has(short(moved.effective_rate.unwrap()));
        }
        has(format!("α = {}", short(of.rate.value)));
        let other = underlined_texts(&of, 3);
        assert_ne!(other[0].1.color, strokes[0]);
    }
}
