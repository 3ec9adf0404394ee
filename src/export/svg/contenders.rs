//! The runs that a figure shows, as it shows them.

use crate::engine::{History, Outcome, Trace};
use crate::experiment::{Checked, CheckedRun, Experiment};
use crate::figures::axis::significant;
use crate::figures::dashes;
use crate::figures::theme::{Marker, Rgb, Theme};

/// A visible run: what it is called, how it is drawn, what it did.
pub(super) struct Contender<'a> {
    /// Its number in file order.
    pub index: usize,
    pub label: String,
    pub colour: Rgb,
    /// The appearance of its figure.
    pub theme: &'static Theme,
    pub marker: Marker,
    /// As SVG writes dashes.
    pub dash: String,
    pub trace: &'a Trace,
    /// How many of its frames are shown.
    pub shown: usize,
    /// What became of it, in a few words.
    pub outcome: String,
}

/// The visible runs in file order. Only the ninth run and those after it must share a colour
/// with another; dashes tell them apart. They are shown as they stood after `step` updates
/// where one is given, else at their ends.
pub(super) fn visible<'a>(
    checked: &'a Checked,
    history: &'a History,
    theme: &'static Theme,
    step: Option<u64>,
) -> Vec<Contender<'a>> {
    let mut experiment = checked.experiment.clone();
    experiment.assign_colours();
    let mut contenders: Vec<Contender<'_>> = Vec::new();
    let runs = experiment.runs.iter().zip(&checked.runs);
    for (number, ((spec, run), trace)) in runs.zip(&history.traces).enumerate() {
        if !spec.visible {
            continue;
        }
        let index = spec.colour.unwrap_or(0);
        let colour = theme.run(index);
        let alike = contenders.iter().filter(|other| other.colour == colour);
        contenders.push(Contender {
            index: number,
            label: label(run, &experiment, checked),
            colour,
            theme,
            marker: Marker::of(index),
            dash: dash(alike.count()),
            trace,
            shown: step.map_or(trace.len(), |step| {
                trace.index_at(step).map_or(0, |index| index + 1)
            }),
            outcome: outcome(checked, trace, step),
        });
    }
    contenders
}

/// The dashes of a run whose colour so many others before it have.
fn dash(alike: usize) -> String {
    let lengths = dashes::pattern(alike).iter().map(f32::to_string);
    match lengths.collect::<Vec<_>>().join(" ").as_str() {
        "" => "none".to_owned(),
        lengths => lengths.to_owned(),
    }
}

/// The run's label; with its learning rate where another visible run has the same.
fn label(run: &CheckedRun, experiment: &Experiment, checked: &Checked) -> String {
    let visible = experiment.runs.iter().zip(&checked.runs);
    let namesakes = visible.filter(|(spec, other)| spec.visible && other.label == run.label);
    match namesakes.count() {
        0 | 1 => run.label.clone(),
        _ => format!("{}, α = {}", run.label, significant(run.learning_rate, 4)),
    }
}

fn outcome(checked: &Checked, trace: &Trace, step: Option<u64>) -> String {
    if let Some(step) = step
        && let Some(loss) = unfinished(trace, step)
    {
        return format!("J = {}", significant(loss, 5));
    }
    if let Outcome::Diverged { step } = trace.outcome {
        return format!("diverged at step {step}");
    }
    let (Some(loss), Some(step), Some(place)) = (
        trace.losses().last(),
        trace.last_step(),
        trace.parameters().last(),
    ) else {
        return "no result".to_owned();
    };
    let loss = significant(*loss, 5);
    if let Outcome::Cancelled | Outcome::Running = trace.outcome {
        return format!("stopped at step {step}, J = {loss}");
    }
    // A low loss outside the studied range is no success.
    match checked.objective.contains(place) {
        true => format!("final loss {loss}"),
        false => format!("out of range, J = {loss}"),
    }
}

/// The loss after `step` updates while there is more to come.
fn unfinished(trace: &Trace, step: u64) -> Option<f64> {
    let end = match trace.outcome {
        Outcome::Diverged { step } => step,
        _ => trace.last_step()?,
    };
    let frame = trace.frame_at(step)?;
    (step < end).then_some(frame.loss)
}
