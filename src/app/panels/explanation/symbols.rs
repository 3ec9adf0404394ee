//! The symbols of an explained step: pointed at, all their occurrences light up, and so does what
//! they stand for on the landscape.

use crate::analysis::explanation::{Explanation, Piece, shortest};
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::theme;
use crate::app::understanding::{Pointed, UnderstandingCommand};
use crate::app::widgets::named;
use crate::figures::theme::Theme;
use egui::text::{CCursor, LayoutJob, TextFormat};
use egui::{Button, Color32, Label, Response, Stroke, TextStyle, Ui};

/// Which symbol is lit.
#[derive(Default)]
pub struct Lit {
    /// The one under the pointer, or with the focus.
    hovered: Option<String>,
    /// The one that was clicked and stays lit.
    kept: Option<String>,
}

impl Lit {
    /// The symbol that is lit: the one under the pointer before the one that stays.
    pub fn symbol(&self) -> Option<&str> {
        self.hovered.as_deref().or(self.kept.as_deref())
    }

    /// The symbol that stays lit.
    pub fn kept(&self) -> Option<&str> {
        self.kept.as_deref()
    }

    /// Takes over what is under the pointer now; drawn from the next frame on.
    pub fn hover(&mut self, found: Option<String>, ui: &Ui) {
        if self.hovered != found {
            self.hovered = found;
            ui.ctx().request_repaint();
        }
    }

    /// Lights on the landscape what the symbol stands for.
    pub fn point(&self, of: &Explanation, colour: u8, commands: &mut Commands) {
        let symbol = self.symbol().filter(|symbol| is_known(of, symbol));
        let pointed = symbol.and_then(|symbol| Pointed::of(of, symbol, colour));
        if let Some(pointed) = pointed {
            let point = UnderstandingCommand::PointAt(Box::new(pointed));
            commands.push(Command::Understanding(point));
        }
    }
}

/// Every symbol of a step, in the order in which they come, each once.
pub fn all(of: &Explanation) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in &of.lines {
        let used = line.worked.iter().flat_map(|w| w.expression.symbols());
        let used = used.map(|symbol| symbol.name.as_str());
        for name in std::iter::once(line.symbol.as_str()).chain(used) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn is_known(of: &Explanation, symbol: &str) -> bool {
    all(of).iter().any(|known| known == symbol)
}

/// What a symbol stands for, in words.
pub fn meaning(of: &Explanation, symbol: &str) -> String {
    let meaning = of.meaning(symbol).map_or_else(
        || format!("{symbol}: worked out in this step"),
        |meaning| format!("{symbol}: {meaning}"),
    );
    let values = values(of, symbol);
    match values.is_empty() {
        true => meaning,
        false => format!("{meaning}\n{}", values.join("\n")),
    }
}

/// The numbers of a symbol, with all digits.
fn values(of: &Explanation, symbol: &str) -> Vec<String> {
    let name = |component: Option<usize>| {
        let name = component.and_then(|c| of.parameter_names.get(c));
        name.map_or_else(String::new, |name| format!("{name}: "))
    };
    let setting = of.settings.iter().find(|setting| setting.symbol == symbol);
    if let Some(setting) = setting {
        return vec![shortest(setting.value)];
    }
    if symbol == "α" {
        return vec![shortest(of.rate.value)];
    }
    if symbol == "g" {
        let given = of.disturbed.as_ref().unwrap_or(&of.gradient).iter();
        let given = given.enumerate();
        return given
            .map(|(index, g)| format!("{}{}", name(Some(index)), shortest(*g)))
            .collect();
    }
    let lines = of.lines.iter().filter(|line| line.symbol == symbol);
    let worked = lines.flat_map(|line| &line.worked).take(8);
    worked
        .map(|worked| format!("{}{}", name(worked.component), shortest(worked.value)))
        .collect()
}

/// The symbols as buttons, for those who have no pointer over the formulas: one that is clicked
/// stays lit. Gives the one under the pointer or with the focus.
pub fn row(of: &Explanation, lit: &mut Lit, ui: &mut Ui) -> Option<String> {
    let mut hovered = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 5.0;
        ui.weak("Symbols");
        for symbol in all(of) {
            let is_lit = lit.symbol() == Some(&symbol);
            let button = named(
                ui.add(Button::selectable(is_lit, symbol.as_str())),
                &format!("Symbol {symbol}"),
            );
            if button.hovered() || button.has_focus() {
                hovered = Some(symbol.clone());
            }
            let button = button.on_hover_text(meaning(of, &symbol));
            if button.clicked() {
                let was_kept = lit.kept.as_deref() == Some(&symbol);
                lit.kept = (!was_kept).then_some(symbol);
            }
        }
    });
    if let Some(kept) = lit.kept().filter(|kept| is_known(of, kept)) {
        let text = meaning(of, kept).replace('\n', ";  ");
        ui.weak(text);
    }
    hovered
}

/// How a line of pieces is drawn.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The symbol that is lit.
    pub lit: Option<&'a str>,
    /// The weight: numbers are quieter than formulas.
    pub is_quiet: bool,
    /// The explanation that the pieces are of.
    pub of: &'a Explanation,
}

/// Draws pieces as one text; gives the symbol under the pointer.
pub fn line(pieces: &[Piece], look: Look<'_>, ui: &mut Ui) -> (Response, Option<String>) {
    let job = job(pieces, look, ui);
    let response = ui.add(Label::new(job.clone()).extend());
    let found = under_pointer(pieces, job, &response, ui);
    (response, found)
}

fn job(pieces: &[Piece], look: Look<'_>, ui: &Ui) -> LayoutJob {
    let tokens = theme::of(ui);
    let mut job = LayoutJob::default();
    for piece in pieces {
        let is_lit = piece.symbol.is_some() && piece.symbol.as_deref() == look.lit;
        let mut format = TextFormat {
            // The monospaced font has no hats.
            font_id: TextStyle::Body.resolve(ui.style()),
            color: colour(piece, look, tokens),
            ..TextFormat::default()
        };
        if is_lit {
            format.color = theme::colour(tokens.text);
            format.background = theme::colour(tokens.selection);
            format.underline = Stroke::new(1.5, theme::colour(tokens.accent));
        }
        job.append(&piece.text, 0.0, format);
    }
    job
}

/// What is remembered has the colour that it has on the landscape.
fn colour(piece: &Piece, look: Look<'_>, tokens: &Theme) -> Color32 {
    let is_remembered = piece.symbol.as_deref().is_some_and(|symbol| {
        let mut memory = look.of.memory.iter();
        memory.any(|remembered| remembered.symbol == symbol)
    });
    match (is_remembered, look.is_quiet) {
        (true, false) => theme::colour(tokens.warning),
        (false, false) => theme::colour(tokens.text),
        (_, true) => theme::colour(tokens.quiet_text),
    }
}

/// The symbol whose text the pointer is on.
fn under_pointer(
    pieces: &[Piece],
    mut job: LayoutJob,
    response: &Response,
    ui: &Ui,
) -> Option<String> {
    let pointer = response.hover_pos()?;
    job.wrap.max_width = f32::INFINITY;
    let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
    let x = pointer.x - response.rect.left();
    let mut end = 0;
    for piece in pieces {
        let begin = end;
        end += piece.text.chars().count();
        let place = |index: usize| galley.pos_from_cursor(CCursor::new(index)).left();
        if piece.symbol.is_some() && (place(begin)..place(end)).contains(&x) {
            return piece.symbol.clone();
        }
    }
    None
}
