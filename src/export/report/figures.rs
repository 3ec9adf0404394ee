//! The figures of a report.

use super::document::{Document, Part};
use crate::engine::History;
use crate::experiment::Checked;
use crate::export::{FIGURES, Figure, FigureStyle, svg};
use crate::figures::curves::Quantity;
use crate::figures::subject::Subject;
use crate::schedules::Schedule;
use std::borrow::Cow;

/// A figure that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Figured {
    /// Its number in [`FIGURES`].
    pub number: usize,
    /// The file.
    pub svg: String,
}

impl Figured {
    /// The name of its file.
    pub fn file_name(&self) -> String {
        file_name(self.number)
    }
}

/// The name of a figure's file.
pub fn file_name(number: usize) -> String {
    format!("{}.svg", FIGURES[number].id())
}

/// The name of a figure for people.
pub fn name(number: usize) -> Cow<'static, str> {
    FIGURES[number].name()
}

/// Draws the figures that show something here.
pub fn write(checked: &Checked, history: &History, document: &mut Document) -> Vec<Figured> {
    let shown = FIGURES
        .iter()
        .enumerate()
        .filter(|(_, figure)| is_telling(**figure, checked));
    let figures: Vec<Figured> = shown
        .map(|(number, figure)| Figured {
            number,
            svg: svg(*figure, checked, history, &FigureStyle::default()),
        })
        .collect();
    document.heading(2, "Figures");
    let parts = figures.iter().map(|figure| Part::Figure(figure.number));
    document.parts.extend(parts);
    figures
}

fn is_telling(figure: Figure, checked: &Checked) -> bool {
    let subject = match figure {
        Figure::Landscape => return checked.objective.landscape().is_some(),
        Figure::Plot(subject) => subject,
    };
    match subject {
        Subject::Recorded(Quantity::Loss | Quantity::GradientNorm) => true,
        // The loss and the path say the same.
        Subject::Recorded(Quantity::BestLoss | Quantity::UpdateNorm) => false,
        Subject::Recorded(Quantity::LearningRate) => {
            let mut runs = checked.runs.iter();
            runs.any(|run| run.schedule != Schedule::Constant)
        }
        Subject::Recorded(Quantity::Distance) => checked.knows_minimum(),
        Subject::Replayed(_) | Subject::Layer(..) | Subject::Sharpness => false,
    }
}
