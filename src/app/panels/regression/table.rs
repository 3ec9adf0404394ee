//! The table of data: as many rows as one likes, of which only those in sight are laid out.

use super::generate::GenerateForm;
use super::paste;
use crate::app::command::Command;
use crate::app::data::{self, DataCommand};
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::named;
use crate::app::widgets::number::{FIELD, number_field};
use crate::experiment::RegressionSpec;
use crate::models::regression::{Rows, read_cells, read_delimited};
use crate::optimizers::Domain;
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{
    Label, PopupCloseBehavior, RichText, Role, ScrollArea, Sense, Shape, TextEdit, TextStyle, Ui,
    WidgetInfo, vec2,
};
use std::ops::ControlFlow;

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// Width of the rows' numbers, in points.
const NUMBERS: f32 = 64.0;

/// The panel, with what is typed but not taken yet.
#[derive(Default)]
pub struct DataPanel {
    /// The row at hand.
    row: usize,
    /// The row and column of the cell that was being typed in in the last frame.
    typed_in: Option<(usize, usize)>,
    /// Whether a row's number had the focus in the last frame.
    row_has_focus: bool,
    path: String,
    pasted: String,
    /// The column whose name is being typed, and the name so far.
    renaming: Option<(usize, String)>,
    new_column: String,
    /// Why the last change was not made.
    refusal: Option<String>,
    generate: GenerateForm,
}

impl DataPanel {
    /// Shows the table and what can be done with it.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let mut edited = lab.experiment.clone();
        let Some(spec) = edited.objective.regression_mut() else {
            ui.weak("This experiment has no table of data.");
            return;
        };
        let area = ui.available_rect_before_wrap();
        if lab.view.dialog.is_none()
            && let Some(text) = paste::arrived(self.typed_in, self.row_has_focus, area, ui)
        {
            let (row, column) = self.typed_in.unwrap_or((self.row, 0));
            self.write_over(&text, (row, column), spec);
        }
        (self.typed_in, self.row_has_focus) = (None, false);
        self.tools(lab, spec, commands, ui);
        if let Some(refusal) = &self.refusal {
            let text = RichText::new(refusal).color(ui.visuals().error_fg_color);
            ui.add(Label::new(text).wrap());
        }
        self.cells(lab, spec, ui);
        if edited != lab.experiment {
            commands.push(Command::Edit(Box::new(edited)));
        }
    }

    fn tools(
        &mut self,
        lab: &Lab,
        spec: &mut RegressionSpec,
        commands: &mut Commands,
        ui: &mut Ui,
    ) {
        ui.horizontal_wrapped(|ui| {
            ui.strong(format!("{} rows", spec.data.rows()));
            if ui
                .button("Add row")
                .on_hover_text("A row of zeros behind the one at hand.")
                .clicked()
            {
                self.row = (self.row + 1).min(spec.data.rows());
                spec.data.insert_row(self.row);
            }
            let delete = format!("Delete row {}", self.row + 1);
            if ui
                .button(delete)
                .on_hover_text("Take the row at hand out of the table.")
                .clicked()
            {
                spec.data.remove_row(self.row);
                self.row = self.row.min(spec.data.rows().saturating_sub(1));
            }
            form(ui, "Add column", |ui| self.add_column(spec, ui));
            form(ui, "Paste…", |ui| self.paste(spec, ui));
            form(ui, "Open CSV…", |ui| self.open(commands, ui));
            form(ui, "Generate…", |ui| {
                self.refusal = self.generate.show(spec, ui).or(self.refusal.take());
            });
        });
        if let Some(reading) = data::reading(lab) {
            ui.horizontal(|ui| {
                let share = reading.share();
                let bar = egui::ProgressBar::new(share).desired_width(160.0);
                named(ui.add(bar.text("reading")), "Reading the table");
                if ui.button("Cancel").clicked() {
                    commands.push(Command::Data(DataCommand::CancelTable));
                }
            });
            ui.ctx()
                .request_repaint_after(std::time::Duration::from_millis(100));
        }
    }

    fn add_column(&mut self, spec: &mut RegressionSpec, ui: &mut Ui) {
        let field = TextEdit::singleline(&mut self.new_column).hint_text("name");
        named(ui.add(field), "Name of the new column");
        if ui.button("Add").clicked() {
            self.refusal = spec
                .data
                .add_column(self.new_column.trim())
                .err()
                .map(|e| e.to_string());
            if self.refusal.is_none() {
                self.new_column.clear();
                ui.close();
            }
        }
    }

    /// Rows from a spreadsheet, over the present ones or in their place.
    fn paste(&mut self, spec: &mut RegressionSpec, ui: &mut Ui) {
        ui.set_min_width(320.0);
        ui.label("Rows as a spreadsheet copies them, or as CSV:");
        let field = TextEdit::multiline(&mut self.pasted)
            .font(TextStyle::Monospace)
            .desired_rows(6)
            .hint_text("1\t-1\t10");
        named(ui.add(field), "Rows to paste");
        ui.horizontal(|ui| {
            let over = ui.button(format!("Write over, from row {}", self.row + 1));
            if over
                .on_hover_text("The numbers take the places of cells; missing rows are added.")
                .clicked()
            {
                let text = std::mem::take(&mut self.pasted);
                self.write_over(&text, (self.row, 0), spec);
                self.pasted = text;
                ui.close();
            }
            let replace = ui.button("Replace the table");
            if replace
                .on_hover_text("The first line may name the columns.")
                .clicked()
            {
                match read_delimited(self.pasted.as_bytes(), |_| ControlFlow::Continue(())) {
                    Ok(read) => {
                        spec.data = read.table;
                        self.refusal = None;
                    }
                    Err(error) => self.refusal = Some(error.to_string()),
                }
                ui.close();
            }
        });
    }

    /// Puts rows of numbers in the place of the cells from a row and column on.
    fn write_over(&mut self, text: &str, (row, column): (usize, usize), spec: &mut RegressionSpec) {
        self.refusal = match read_cells(text) {
            Ok(block) => {
                let left_out = spec.data.paste(row, column, &block);
                (left_out > 0)
                    .then(|| format!("{left_out} cells beyond the last column were left out."))
            }
            Err(error) => Some(error.to_string()),
        };
    }

    fn open(&mut self, commands: &mut Commands, ui: &mut Ui) {
        ui.set_min_width(320.0);
        ui.label("A file of rows; the first line may name the columns.");
        let field = TextEdit::singleline(&mut self.path).hint_text("/path/to/table.csv");
        named(
            ui.add(field.desired_width(f32::INFINITY)),
            "Path of the table",
        );
        ui.horizontal(|ui| {
            let typed = self.path.trim();
            let open = ui.add_enabled(!typed.is_empty(), egui::Button::new("Open table"));
            if open.clicked() {
                commands.push(Command::Data(DataCommand::OpenTable(typed.into())));
                ui.close();
            }
            if ui.button("Browse…").clicked() {
                commands.push(Command::Data(DataCommand::BrowseTable));
                ui.close();
            }
        });
    }

    fn cells(&mut self, lab: &Lab, spec: &mut RegressionSpec, ui: &mut Ui) {
        let height = ui.spacing().interact_size.y;
        let lit = batch_at_playhead(lab);
        let width = NUMBERS + spec.data.columns().len() as f32 * (FIELD + 8.0) + 16.0;
        ScrollArea::horizontal()
            .id_salt("table across")
            .show(ui, |ui| {
                ui.set_min_width(width);
                self.header(spec, ui);
                let rows = spec.data.rows();
                ScrollArea::vertical()
                    .id_salt("table down")
                    .auto_shrink([false, false])
                    .show_rows(ui, height, rows, |ui, range| {
                        for row in range {
                            let is_lit = lit.as_ref().is_some_and(|lit| lit.contains(&row));
                            self.row(row, is_lit, spec, ui);
                        }
                    });
            });
    }

    /// The columns' names; a click lets one be typed.
    fn header(&mut self, spec: &mut RegressionSpec, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.add_sized(vec2(NUMBERS, 18.0), Label::new(RichText::new("row").weak()));
            for index in 0..spec.data.columns().len() {
                let name = spec.data.columns()[index].name.clone();
                if let Some((column, typed)) = &mut self.renaming
                    && *column == index
                {
                    let field = TextEdit::singleline(typed).desired_width(FIELD - 8.0);
                    let response = named(ui.add(field), &format!("New name of column {name}"));
                    response.request_focus();
                    if ui.input(|input| input.key_pressed(egui::Key::Enter))
                        || response.clicked_elsewhere()
                    {
                        let typed = std::mem::take(typed);
                        self.renaming = None;
                        self.rename(spec, index, typed.trim());
                    }
                    continue;
                }
                let is_target = name == spec.target;
                let text = if is_target {
                    format!("{name} (target)")
                } else {
                    name.clone()
                };
                let label = Label::new(RichText::new(text).strong())
                    .sense(Sense::click())
                    .truncate();
                let response = named(
                    ui.add_sized(vec2(FIELD, 18.0), label),
                    &format!("Column {name}"),
                );
                if response.on_hover_text("Click to rename.").clicked() {
                    self.renaming = Some((index, name));
                }
            }
        });
    }

    fn rename(&mut self, spec: &mut RegressionSpec, index: usize, name: &str) {
        let before = spec.data.columns()[index].name.clone();
        if before == name {
            return;
        }
        self.refusal = spec
            .data
            .rename(index, name)
            .err()
            .map(|error| error.to_string());
        if self.refusal.is_none() && spec.target == before {
            name.clone_into(&mut spec.target);
        }
    }

    fn row(&mut self, row: usize, is_lit: bool, spec: &mut RegressionSpec, ui: &mut Ui) {
        let height = ui.spacing().interact_size.y;
        let behind = ui.painter().add(Shape::Noop);
        let laid_out = ui.horizontal(|ui| {
            let mark = if is_lit { "• " } else { "" };
            let text = RichText::new(format!("{mark}{}", row + 1));
            let text = if row == self.row {
                text.strong()
            } else {
                text.weak()
            };
            let label = Label::new(text).sense(Sense::click());
            let response = ui.add_sized(vec2(NUMBERS, height), label);
            let state = if is_lit { ", in the batch" } else { "" };
            let name = format!("Row {}{state}", row + 1);
            let enabled = ui.is_enabled();
            response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
            if response.clicked() {
                response.request_focus();
            }
            if response.clicked() || response.has_focus() {
                self.row = row;
            }
            self.row_has_focus |= response.has_focus();
            response.on_hover_text("Click, then paste rows from a spreadsheet here (Ctrl+V).");
            for column in 0..spec.data.columns().len() {
                let Some(before) = spec.data.cell(row, column) else {
                    continue;
                };
                let mut value = before;
                let name = format!("{}, row {}", spec.data.columns()[column].name, row + 1);
                let response = number_field(ui, &name, &mut value, FINITE);
                if response.has_focus() || response.dragged() {
                    self.row = row;
                }
                if response.has_focus() {
                    self.typed_in = Some((row, column));
                }
                if value.to_bits() != before.to_bits() {
                    spec.data.set(row, column, value);
                }
            }
        });
        if is_lit {
            let rect = laid_out.response.rect.expand2(vec2(0.0, 1.0));
            let fill = theme::translucent(theme::of(ui).accent, 0.22);
            let lit = Shape::rect_filled(rect, 2, fill);
            ui.painter().set(behind, lit);
        }
    }
}

/// A button that opens something to fill in, which stays while it is clicked in.
fn form(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui)) {
    let stays = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    MenuButton::new(title).config(stays).ui(ui, contents);
}

/// The rows of the batch at the playhead, where it is not all of them.
fn batch_at_playhead(lab: &Lab) -> Option<std::collections::BTreeSet<usize>> {
    let record = lab.record_here()?;
    let regression = record.checked.regression()?;
    let step = lab.playhead.step();
    if step == 0 || regression.batches().are_full() {
        return None;
    }
    let rows: Rows = regression.batches().of_update(step);
    Some(rows.numbers().into_iter().collect())
}
