//! The values of a plot as a table: every recorded step of every run on show.

use super::{Commands, unrecorded};
use crate::app::command::Command;
use crate::app::plots::{Source, Subject};
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::engine::Record;
use crate::figures::axis::significant;
use egui::accesskit::Role;
use egui::{ComboBox, Label, Response, RichText, ScrollArea, Ui, vec2};

/// The width of the dialog, in points.
pub const WIDTH: f32 = 720.0;

/// The height of a row and the width of its columns, in points.
const ROW: f32 = 18.0;
const STEP: f32 = 72.0;
const COLUMN: f32 = 132.0;

/// Shows the table of a plot, opened at the playhead.
pub fn show(lab: &Lab, subject: Subject, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.heading("Values of");
        choice(lab, subject, commands, ui);
    });
    ui.weak(subject.help());
    let Some(record) = lab.record_here() else {
        unrecorded::say(lab, ui);
        return;
    };
    let runs: Vec<usize> = lab.shown_runs().map(|(run, _)| run).collect();
    let longest = runs
        .iter()
        .filter_map(|&run| record.history.traces.get(run))
        .max_by_key(|trace| trace.len());
    let Some(steps) = longest.map(|trace| trace.steps()) else {
        ui.weak("No run is shown.");
        return;
    };
    let now = steps.partition_point(|&step| step <= lab.playhead.step());
    let table = Table {
        lab,
        record,
        subject,
        runs: &runs,
        steps,
        now: now.saturating_sub(1),
    };
    table.show(ui);
}

fn choice(lab: &Lab, present: Subject, commands: &mut Commands, ui: &mut Ui) {
    let combo = ComboBox::from_id_salt("table of")
        .selected_text(present.name())
        .width(300.0)
        .truncate()
        .show_ui(ui, |ui| {
            for subject in lab.subjects() {
                let offer = ui.selectable_label(subject == present, subject.name());
                if offer.on_hover_text(subject.help()).clicked() {
                    commands.push(Command::ShowValues(subject));
                }
            }
        });
    named(combo.response, "Plot of the table").on_hover_text(present.help());
}

/// What the table is of.
struct Table<'a> {
    lab: &'a Lab,
    record: &'a Record,
    subject: Subject,
    runs: &'a [usize],
    steps: &'a [u64],
    /// The row at the playhead.
    now: usize,
}

impl Table<'_> {
    fn show(&self, ui: &mut Ui) {
        let room = (ui.ctx().content_rect().height() - 220.0).clamp(80.0, 420.0);
        // Where it opens; from there on it is scrolled by hand.
        let opened = ui
            .scope_id()
            .with(("opened", self.subject, self.lab.playhead.step()));
        let is_new = !ui.data(|data| data.get_temp::<bool>(opened).unwrap_or(false));
        ui.data_mut(|data| data.insert_temp(opened, true));
        ui.spacing_mut().item_spacing.y = 2.0;
        ScrollArea::horizontal().id_salt("columns").show(ui, |ui| {
            ui.set_min_width(STEP + (COLUMN + 8.0) * self.runs.len() as f32);
            self.heading(ui);
            let mut rows = ScrollArea::vertical()
                .id_salt("rows")
                .auto_shrink([false, true])
                .max_height(room);
            if is_new {
                let above = self.now as f32 * (ROW + 2.0) - room / 2.0;
                rows = rows.vertical_scroll_offset(above.max(0.0));
            }
            rows.show_rows(ui, ROW, self.steps.len(), |ui, seen| {
                for row in seen {
                    self.row(row, ui);
                }
            });
        });
    }

    fn heading(&self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let text = RichText::new("step").weak();
            cell(STEP, text, Role::ColumnHeader, ui);
            for &run in self.runs {
                let label = self.lab.experiment.runs[run].display_label();
                let text = RichText::new(&label).strong();
                let header = cell(COLUMN, text, Role::ColumnHeader, ui);
                header.on_hover_text(label);
            }
        });
    }

    fn row(&self, row: usize, ui: &mut Ui) {
        let step = self.steps[row];
        let objective = &*self.record.checked.objective;
        ui.horizontal(|ui| {
            let mark = if row == self.now { "→ " } else { "" };
            let text = RichText::new(format!("{mark}{step}")).weak();
            cell(STEP, text, Role::RowHeader, ui);
            for &run in self.runs {
                let ledger = self.lab.ledger(run);
                let source = Source::new(&self.record.history, run, ledger, objective);
                let sharpness = self.lab.sharpness(run);
                let source = source.map(|source| source.with_sharpness(sharpness));
                // A run that has ended has no value any more.
                let source = source.filter(|source| source.trace().last_step() >= Some(step));
                let values = source.map_or_else(Vec::new, |s| s.values(self.subject, step));
                let exact: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
                let text = RichText::new(in_words(&values));
                cell(COLUMN, text, Role::Cell, ui).on_hover_text(exact.join(", "));
            }
        });
    }
}

fn in_words(values: &[f64]) -> String {
    let number = |value: &f64| match value.is_nan() {
        true => "–".to_owned(),
        false => significant(*value, 6),
    };
    match values {
        [] => "–".to_owned(),
        _ => values.iter().map(number).collect::<Vec<_>>().join(", "),
    }
}

/// A cell; a screen reader is told which part of the table it is.
fn cell(width: f32, text: RichText, role: Role, ui: &mut Ui) -> Response {
    let words = text.text().to_owned();
    let response = ui.add_sized(vec2(width, ROW), Label::new(text).truncate());
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_role(role);
        node.set_label(words);
    });
    response
}
