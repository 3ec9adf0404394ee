//! Data made of a true model and noise.

use crate::app::widgets::number::{number_field, whole_field};
use crate::experiment::RegressionSpec;
use crate::models::regression::{Generator, generate};
use crate::optimizers::Domain;
use egui::Ui;
use std::collections::BTreeMap;

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// What is typed.
pub struct GenerateForm {
    rows: u64,
    truth: BTreeMap<String, f64>,
    range: (f64, f64),
    noise: f64,
    seed: u64,
}

impl Default for GenerateForm {
    fn default() -> Self {
        Self {
            rows: 100,
            truth: BTreeMap::new(),
            range: (-2.0, 2.0),
            noise: 0.5,
            seed: 0,
        }
    }
}

impl GenerateForm {
    /// Shows the form; makes the table when that is asked for. Gives the reason why it could not.
    pub fn show(&mut self, spec: &mut RegressionSpec, ui: &mut Ui) -> Option<String> {
        ui.set_min_width(300.0);
        ui.label("Data made of the model with true parameters, and noise.");
        egui::Grid::new("generate").num_columns(2).show(ui, |ui| {
            ui.label("Rows");
            whole_field(ui, "Rows to generate", &mut self.rows, 1);
            ui.end_row();
            for name in spec.parameters() {
                ui.label(format!("True {name}"));
                let value = self.truth.entry(name.clone()).or_insert(1.0);
                number_field(ui, &format!("True {name}"), value, FINITE);
                ui.end_row();
            }
            ui.label("Inputs from");
            ui.horizontal(|ui| {
                number_field(ui, "Inputs from", &mut self.range.0, FINITE);
                ui.label("to");
                number_field(ui, "Inputs to", &mut self.range.1, FINITE);
            });
            ui.end_row();
            ui.label("Noise σ");
            number_field(
                ui,
                "Noise of the target",
                &mut self.noise,
                Domain::NON_NEGATIVE,
            );
            ui.end_row();
            ui.label("Seed");
            whole_field(ui, "Seed of the data", &mut self.seed, 0);
            ui.end_row();
        });
        let button = ui.button("Generate data");
        if !button
            .on_hover_text("Replaces the table. Undo brings it back.")
            .clicked()
        {
            return None;
        }
        ui.close();
        self.replace(spec).err()
    }

    fn replace(&self, spec: &mut RegressionSpec) -> Result<(), String> {
        let model = spec.read_model().ok_or("The model is not valid yet.")?;
        let truth = |name: &String| self.truth.get(name).copied().unwrap_or(1.0);
        let generator = Generator {
            rows: usize::try_from(self.rows).unwrap_or(usize::MAX),
            truth: model.parameters().iter().map(truth).collect(),
            range: self.range,
            noise: self.noise,
            seed: self.seed,
        };
        spec.data =
            generate(&model, &spec.target, &generator).map_err(|error| error.to_string())?;
        let rows = spec.data.rows();
        spec.batch_size = spec.batch_size.map(|size| size.min(rows));
        Ok(())
    }
}
