//! What can be asked of the plots.

use super::Subject;
use crate::app::state::Lab;
use crate::figures::curves::AxisScale;
use crate::storage::settings::PlotView;

/// A request about plots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlotCommand {
    /// Choose a plot, or no longer.
    Choose(Subject, bool),
    /// Choose the plots of a first start.
    ChooseUsual,
    /// Draw only this one, large, or all chosen ones again.
    Enlarge(Option<Subject>),
    /// Spread the values of a plot evenly or by powers of ten.
    Spread(Subject),
}

/// Changes how plots are seen.
pub fn perform(lab: &Lab, view: &mut PlotView, command: PlotCommand) {
    match command {
        PlotCommand::Choose(subject, is_chosen) => {
            view.shown.retain(|shown| *shown != subject.id());
            if is_chosen {
                view.shown.push(subject.id());
            }
        }
        PlotCommand::ChooseUsual => view.shown = PlotView::default().shown,
        PlotCommand::Enlarge(subject) => view.large = subject.map(Subject::id),
        PlotCommand::Spread(subject) => {
            let is_log = lab.scale_of(subject) == AxisScale::Logarithmic;
            view.logarithmic.insert(subject.id(), !is_log);
        }
    }
}
