//! What was done: notes, what is minimised, and the runs.

use super::document::{Document, Part, Piece};
use crate::experiment::{Checked, CheckedRun};
use crate::export::shortest;
use crate::formulas::{Expression, Math};
use crate::models::regression::Regression;
use crate::schedules::Schedule;

/// The most parameters whose start is written out.
const MOST_PARAMETERS: usize = 24;

/// Writes the notes and the settings.
pub fn write(checked: &Checked, document: &mut Document) {
    let notes = checked.experiment.notes.trim();
    if !notes.is_empty() {
        document.parts.push(Part::Notes(notes.to_owned()));
    }
    document.heading(2, "What is minimised");
    match (checked.regression(), checked.objective.landscape()) {
        (Some(regression), _) => of_regression(regression, document),
        (None, Some(landscape)) => {
            let card = landscape.card();
            document.say(format!("{}: {}", card.name, card.about));
            document.paragraph([Piece::Code(card.formula.to_owned())]);
        }
        (None, None) => {}
    }
    let start = checked.objective.parameter_names();
    let start: Vec<String> = start
        .iter()
        .zip(&checked.start)
        .take(MOST_PARAMETERS)
        .map(|(name, value)| format!("{name} = {}", shortest(*value)))
        .collect();
    let epochs = checked.experiment.epochs;
    let updates = match checked.updates_per_epoch() {
        1 => String::new(),
        several => format!(" of {several} updates"),
    };
    let start = match checked.start.len() {
        0..=MOST_PARAMETERS => start.join(", "),
        many => format!("{many} parameters, drawn from the seed"),
    };
    document.say(format!(
        "Start: {start}. Epochs: {epochs}{updates}. Seed: {}.",
        checked.experiment.seed
    ));
    runs(checked, document);
}

fn of_regression(regression: &Regression, document: &mut Document) {
    let model = regression.model();
    let names: Vec<String> = model
        .parameters()
        .iter()
        .chain(model.columns())
        .cloned()
        .collect();
    document.say("A model fitted to data:");
    document.formula([
        Math::Hat("y".into()),
        Math::Operator("="),
        Expression::of(model.program()).to_math(&names),
    ]);
    let target = &model.columns()[regression.target()];
    document.say(format!(
        "ŷ predicts the column {target}; e = ŷ − y. The loss is the {}, {}.",
        regression.loss().name(),
        regression.loss().formula()
    ));
    let rows = regression.table().rows();
    let size = regression.batches().size();
    document.say(match size == rows {
        true => format!("Every update sees all {rows} rows."),
        false => format!("Every update sees a batch of {size} of the {rows} rows."),
    });
}

fn runs(checked: &Checked, document: &mut Document) {
    document.heading(2, "Runs");
    let header = ["run", "optimizer", "learning rate", "settings"].map(Piece::from);
    let row = |run: &CheckedRun| {
        let card = run.optimizer.card();
        let mut rate = match &run.schedule {
            Schedule::Constant => shortest(run.learning_rate),
            schedule => format!("{}, {schedule:?}", shortest(run.learning_rate)),
        };
        for event in &run.events {
            let base = shortest(event.learning_rate);
            rate += &format!("; from update {} on {base}", event.step);
        }
        vec![
            run.label.clone().into(),
            format!("{} ({})", card.name, card.id).into(),
            rate.into(),
            settings(run).into(),
        ]
    };
    let rows = checked.runs.iter().map(row).collect();
    document.parts.push(Part::Table(header.into(), rows));
    let mut told: Vec<&str> = Vec::new();
    for run in &checked.runs {
        let card = run.optimizer.card();
        if told.contains(&card.id) {
            continue;
        }
        told.push(card.id);
        document.paragraph([format!("{}: {} ", card.name, card.about).into()]);
        for line in card.formula {
            document.paragraph([Piece::Code((*line).to_owned())]);
        }
        document.say(format!("Source: {}", card.citation));
    }
}

fn settings(run: &CheckedRun) -> String {
    let card = run.optimizer.card();
    let own = card.hyperparameters.iter().zip(&run.hyperparameters);
    let own = own.map(|(h, value)| format!("{} = {}", h.id, shortest(*value)));
    let around = run.wrappers.iter().map(|wrapper| {
        let settings = wrapper.card().settings.iter().zip(&wrapper.settings);
        let settings: Vec<_> = settings
            .map(|(s, v)| format!("{} = {}", s.id, shortest(*v)))
            .collect();
        format!("{} ({})", wrapper.card().name, settings.join(", "))
    });
    own.chain(around).collect::<Vec<_>>().join(", ")
}
