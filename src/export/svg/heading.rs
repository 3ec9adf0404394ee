//! What stands above a figure.

use super::document::{Anchor, Document, TextStyle};
use super::text::shortened;
use crate::experiment::{Checked, Experiment};
use crate::figures::axis::significant;
use crate::landscapes::{LandscapeCard, Setting};

/// Where the figure may begin below the heading.
pub(super) const BOTTOM: f64 = 72.0;
/// The margin left and right.
pub(super) const MARGIN: f64 = 24.0;
/// Size of the conditions, and how much of their line a formula may take.
const CONDITIONS_SIZE: f64 = 12.0;
const FORMULA_WIDTH: f64 = 360.0;

/// The experiment's title; its landscape where it has none.
pub(super) fn title(checked: &Checked) -> &str {
    match checked.experiment.title.trim() {
        "" => match checked.objective.landscape() {
            Some(landscape) => landscape.card().name,
            None => "Untitled experiment",
        },
        title => title,
    }
}

/// Room for the epoch on the right of the title.
const EPOCH: f64 = 150.0;

/// Writes title and conditions over the document; with room for the epoch where the figure
/// shows another than the last.
pub(super) fn draw(document: &mut Document, checked: &Checked, step: Option<u64>) {
    let whole = document.size()[0] - 2.0 * MARGIN;
    let room = whole - step.map_or(0.0, |_| EPOCH);
    let style = TextStyle {
        bold: true,
        ..TextStyle::new(16.0, document.theme.text)
    };
    // Bold is about a tenth wider.
    let title = shortened(title(checked), room / 1.1, style.size);
    document.text([MARGIN, 30.0], style, &title);
    let style = TextStyle::new(CONDITIONS_SIZE, document.theme.quiet_text);
    let conditions = shortened(&conditions(checked), whole, style.size);
    document.text([MARGIN, 50.0], style, &conditions);
}

/// Says which epoch the figure shows, where it is one in particular.
pub(super) fn epoch(document: &mut Document, checked: &Checked, step: Option<u64>) {
    let Some(step) = step else { return };
    let end = checked.updates();
    let style = TextStyle::new(13.0, document.theme.text).anchored(Anchor::End);
    let at = [document.size()[0] - MARGIN, 30.0];
    let unit = update_name(checked);
    document.text(at, style, &format!("{unit} {} of {end}", step.min(end)));
}

/// What an update is called: an epoch where one update goes through everything.
pub(super) fn update_name(checked: &Checked) -> &'static str {
    match checked.updates_per_epoch() {
        1 => "epoch",
        _ => "update",
    }
}

fn conditions(checked: &Checked) -> String {
    let epochs = checked.experiment.epochs;
    let unit = if epochs == 1 { "epoch" } else { "epochs" };
    let start: Vec<_> = checked.start.iter().map(|w| significant(*w, 6)).collect();
    let experiment = &checked.experiment;
    let first = match experiment.all_starts().len() {
        1 => "start".to_owned(),
        count => format!("{count} starts, first"),
    };
    let seeds = match experiment.all_seeds().len() {
        1 => String::new(),
        count => format!(", {count} seeds"),
    };
    // A network begins at more numbers than a line holds.
    let begin = match start.is_empty() {
        true => format!("{epochs} {unit}{seeds}"),
        false => format!("{first} ({}), {epochs} {unit}{seeds}", start.join(", ")),
    };
    match checked.objective.landscape() {
        Some(landscape) => on_landscape(&checked.experiment, &landscape.card(), &begin),
        None => begin,
    }
}

/// The same with what else decides on a landscape.
fn on_landscape(experiment: &Experiment, card: &LandscapeCard<'_>, begin: &str) -> String {
    let (noise, settings) = (
        experiment.objective.noise(),
        experiment.objective.settings(),
    );
    // A formula is all that tells one user's landscape from another.
    let name = match experiment.objective.expression() {
        Some(_) => shortened(card.formula, FORMULA_WIDTH, CONDITIONS_SIZE),
        None => card.name.to_owned(),
    };
    let setting = |setting: &Setting| {
        let value = settings.get(setting.id).copied();
        let value = significant(value.unwrap_or(setting.default), 6);
        format!(", {} {value}", setting.name)
    };
    let settings: String = card.settings.iter().map(setting).collect();
    let noise = match noise {
        0.0 => String::new(),
        noise => format!(", gradient noise σ = {}", significant(noise, 4)),
    };
    format!("{name}{settings}, {begin}{noise}")
}
