//! The model formula over columns and parameters.

use crate::formulas::{self, FormulaError, Program, Sweep, Vocabulary};

/// A formula whose names are columns of a table or parameters.
#[derive(Clone, Debug)]
pub struct Model {
    text: String,
    parameters: Vec<String>,
    columns: Vec<String>,
    program: Program,
    sweep: Sweep,
}

impl Model {
    /// Reads a formula. Its names are these parameters and these columns.
    ///
    /// # Errors
    /// The first mistake in the text, with its place.
    pub fn new(
        text: &str,
        parameters: Vec<String>,
        columns: Vec<String>,
    ) -> Result<Self, FormulaError> {
        let names = parameters.iter().chain(&columns).map(String::as_str);
        let names = names.enumerate().map(|(variable, name)| (name, variable));
        let hint = "write one of the data's columns and the parameters, such as `w*x + b`";
        let vocabulary = Vocabulary::new(names, "a column, a parameter", hint);
        let program = formulas::read(text, &vocabulary)?;
        Ok(Self {
            text: text.to_owned(),
            sweep: Sweep::new(&program, parameters.len()),
            program,
            parameters,
            columns,
        })
    }

    /// The formula as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The formula without names: the parameters are its first variables, then come the columns.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The formula for blocks of rows.
    pub fn sweep(&self) -> &Sweep {
        &self.sweep
    }

    /// The parameters' names, in the order of the gradient.
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// The names of the columns that it may use.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The numbers of the columns that it does use.
    pub fn used_columns(&self) -> Vec<usize> {
        let first = self.parameters.len();
        let uses = |column: &usize| self.program.names(first + column);
        (0..self.columns.len()).filter(uses).collect()
    }

    /// The names of the parameters that it does not use.
    pub fn unused_parameters(&self) -> impl Iterator<Item = &str> {
        let unused = |(index, _): &(usize, &String)| !self.program.names(*index);
        let parameters = self.parameters.iter().enumerate();
        parameters.filter(unused).map(|(_, name)| name.as_str())
    }

    /// Whether f is linear in the parameters: f = φ₀(x) + Σ wⱼ·φⱼ(x).
    pub fn is_linear(&self) -> bool {
        self.sweep.is_linear()
    }
}
