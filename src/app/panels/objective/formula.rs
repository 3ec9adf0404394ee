//! The user's own formula: its text, checked while it is typed, and its range.

use crate::app::theme;
use crate::app::widgets::named;
use crate::app::widgets::number::number_field;
use crate::experiment::{Experiment, ObjectiveSpec};
use crate::figures::axis::significant;
use crate::landscapes::LandscapeCard;
use crate::landscapes::formula::{self, FARTHEST, MOST_CHARACTERS, NAME};
use crate::models::continual::MAX_SURFACES;
use crate::optimizers::Domain;
use egui::text::{LayoutJob, TextFormat};
use egui::{Button, Color32, FontSelection, Galley, Key, RichText, Stroke, TextBuffer, TextEdit};
use egui::{TextStyle, Ui};
use std::ops::Range;
use std::sync::Arc;

/// What a formula begins with, and where it is worth seeing.
const ROSENBROCK: &str = "(1 - w1)^2 + 100*(w2 - w1^2)^2";
const ROSENBROCK_MINIMUM: [f64; 2] = [1.0, 1.0];

/// The language in lines of a kind and its words.
const LANGUAGE: [(&str, &str); 6] = [
    ("parameters", "w1  w2  (or x  y)"),
    ("operators", "+  −  *  /  ^  ( )"),
    ("trigonometry", "sin cos tan asin acos atan sinh cosh tanh"),
    ("others", "exp ln log10 sqrt abs"),
    ("of two values", "min(a, b)  max(a, b)  pow(a, b)"),
    ("constants", "pi  e  2.5  1e-3"),
];

/// Ends of a range.
const END: Domain = Domain::closed(-FARTHEST, FARTHEST);

/// The button that makes a formula the objective: the one that was shown before, or a first one.
pub fn button(edited: &mut Experiment, before: Option<&ObjectiveSpec>, ui: &mut Ui) {
    let is_chosen = edited.objective.expression().is_some();
    let button = Button::selectable(is_chosen, "ƒ Formula")
        .frame_when_inactive(true)
        .stroke(ui.visuals().widgets.noninteractive.bg_stroke);
    let response = named(ui.add(button), NAME)
        .on_hover_text("Type a formula in w1 and w2 of your own; it is drawn as you type.");
    if response.clicked() && !is_chosen {
        edited.objective = before.cloned().unwrap_or_else(|| first(&edited.objective));
    }
}

/// Rosenbrock's formula over the present range, where that holds its minimum.
fn first(present: &ObjectiveSpec) -> ObjectiveSpec {
    let mut own = ObjectiveSpec::formula(ROSENBROCK);
    own.set_noise(present.noise());
    let Some(landscape) = present.landscape() else {
        return own;
    };
    let card = landscape.card();
    if card.contains(ROSENBROCK_MINIMUM) {
        own.set_range(0, card.range[0]);
        own.set_range(1, card.range[1]);
    }
    let is_inside =
        |landscape: crate::landscapes::Chosen| landscape.card().contains(present.start());
    if own.landscape().is_some_and(is_inside) {
        own.set_start(present.start());
    }
    own
}

/// Shows the formula of the experiment. `card` is of the last text that was a formula.
pub fn show(edited: &mut Experiment, card: &LandscapeCard<'_>, ui: &mut Ui) {
    let ObjectiveSpec::Formula {
        expression, w1, w2, ..
    } = &mut edited.objective
    else {
        return;
    };
    ui.horizontal(|ui| {
        ui.strong("J(w1, w2) =");
        let hint = ui.menu_button("?", language);
        named(hint.response, "Formula language").on_hover_text("What a formula may contain");
    });
    text_field(expression, ui);
    match formula::check(expression) {
        Ok(()) => findings(card, ui),
        Err(error) => {
            let text = format!("Column {}: {error}", error.column(expression));
            let colour = ui.visuals().error_fg_color;
            ui.add(egui::Label::new(RichText::new(text).color(colour)).wrap());
        }
    }
    for (parameter, range) in [*w1, *w2].into_iter().enumerate() {
        let changed = range_fields(parameter, range, ui);
        if changed != range {
            edited.objective.set_range(parameter, changed);
        }
    }
    if let ObjectiveSpec::Formula { then, .. } = &mut edited.objective {
        later(then, ui);
    }
}

/// The formulas that follow the first, each with what is wrong with it.
fn later(then: &mut Vec<String>, ui: &mut Ui) {
    let mut taken_out = None;
    for (index, text) in then.iter_mut().enumerate() {
        let number = index + 2;
        ui.horizontal(|ui| {
            ui.strong(format!("then J, task {number} =")).on_hover_text(
                "Takes the place of the formula before it when that has been descended for all \
                 epochs; runs go on from where they stand.",
            );
            let name = format!("Remove formula {number}");
            let button = named(ui.small_button("×"), &name);
            if button.on_hover_text("Take this formula out.").clicked() {
                taken_out = Some(index);
            }
        });
        let field = TextEdit::multiline(text)
            .id_salt(("formula", number))
            .font(TextStyle::Monospace)
            .hint_text("(w1-1)^2 + w2^2")
            .desired_width(f32::INFINITY)
            .desired_rows(1)
            .char_limit(2 * MOST_CHARACTERS)
            .return_key(None);
        let response = named(ui.add(field), &format!("Formula {number}"));
        if response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            response.surrender_focus();
        }
        if let Err(error) = formula::check(text) {
            let text = format!("Column {}: {error}", error.column(text));
            let colour = ui.visuals().error_fg_color;
            ui.add(egui::Label::new(RichText::new(text).color(colour)).wrap());
        }
    }
    if let Some(index) = taken_out {
        then.remove(index);
    }
    let has_room = then.len() + 1 < MAX_SURFACES;
    let button = ui.add_enabled(has_room, Button::new("Add a task that follows"));
    let help = "One more formula, which takes the place of this one when all epochs are over: \
                what is forgotten of the first, and what a remedy keeps, is then seen.";
    if button.on_hover_text(help).clicked() {
        then.push("(w1-1)^2 + (w2-1)^2".to_owned());
    }
}

fn language(ui: &mut Ui) {
    ui.set_max_width(320.0);
    egui::Grid::new("formula language").show(ui, |ui| {
        for (kind, words) in LANGUAGE {
            ui.weak(kind);
            ui.label(RichText::new(words).monospace());
            ui.end_row();
        }
    });
    ui.label(
        "^ binds tighter than a minus sign and groups to the right: -2^2 = −4, 2^3^2 = 512. \
         Angles are in radians. At 0, the derivatives of abs and sqrt are taken as 0.",
    );
}

/// The text, with the place of a mistake marked. Enter leaves it.
fn text_field(expression: &mut String, ui: &mut Ui) {
    let mut layouter =
        |ui: &Ui, text: &dyn TextBuffer, width: f32| layout(ui, text.as_str(), width);
    let field = TextEdit::multiline(expression)
        .id_salt("formula")
        .font(TextStyle::Monospace)
        .hint_text("w1^2 + 10*w2^2")
        .desired_width(f32::INFINITY)
        .desired_rows(2)
        // What is too long is said to be so, but a whole book is not laid out in every frame.
        .char_limit(2 * MOST_CHARACTERS)
        .return_key(None)
        .layouter(&mut layouter);
    let response = named(ui.add(field), "Formula");
    if response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        response.surrender_focus();
    }
}

fn layout(ui: &Ui, text: &str, width: f32) -> Arc<Galley> {
    let font = FontSelection::from(TextStyle::Monospace).resolve(ui.style());
    let usual = TextFormat::simple(font, ui.visuals().text_color());
    let error = theme::colour(theme::of(ui).error);
    let wrong = TextFormat {
        color: error,
        underline: Stroke::new(1.5, error),
        background: Color32::TRANSPARENT,
        ..usual.clone()
    };
    let marked = formula::check(text)
        .err()
        .map_or(text.len()..text.len(), |error| visible(text, error.place));
    let mut job = LayoutJob::default();
    for (part, format) in [
        (&text[..marked.start], &usual),
        (&text[marked.clone()], &wrong),
        (&text[marked.end..], &usual),
    ] {
        job.append(part, 0.0, format.clone());
    }
    job.wrap.max_width = width;
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// The place of a mistake; where something is missing at the end, the last character before it.
fn visible(text: &str, place: Range<usize>) -> Range<usize> {
    if !text[place.clone()].trim().is_empty() {
        return place;
    }
    let before = text[..place.start].trim_end();
    match before.char_indices().last() {
        Some((start, _)) => start..before.len(),
        None => place,
    }
}

/// What the search has found.
fn findings(card: &LandscapeCard<'_>, ui: &mut Ui) {
    let number = |value| significant(value, 5);
    let text = match card.minima {
        [] => format!(
            "No minimum found; lowest height {}",
            number(card.least_value())
        ),
        [least, others @ ..] => {
            let [w1, w2] = least.at.map(number);
            let count = match others.len() {
                0 => "Minimum found".to_owned(),
                more => format!("{} minima found, the least", more + 1),
            };
            format!("{count}: J = {} at ({w1}, {w2})", number(least.value))
        }
    };
    let label = egui::Label::new(RichText::new(text).small().weak()).wrap();
    ui.add(label).on_hover_text(card.about);
}

/// Both ends of a range. Where one end passes the other, the other gives way.
fn range_fields(parameter: usize, range: (f64, f64), ui: &mut Ui) -> (f64, f64) {
    let name = ["w1", "w2"][parameter];
    let (mut low, mut high) = range;
    ui.horizontal(|ui| {
        ui.label(name)
            .on_hover_text("The range that is drawn and searched for minima.");
        ui.label("from");
        number_field(ui, &format!("{name} from"), &mut low, END);
        ui.label("to");
        number_field(ui, &format!("{name} to"), &mut high, END);
    });
    let width = range.1 - range.0;
    match (low != range.0, high != range.1) {
        (true, false) if low >= high => (low, low + width),
        (false, true) if low >= high => (high - width, high),
        _ => (low, high),
    }
}
