//! What a contender makes of the test data at the playhead: the confusion matrix, its worst
//! mistakes, and one example looked at closely.

use super::confusion;
use super::look::{self, Looks};
use super::thumbnails::{Example, Part, Thumbnails};
use super::weights::{self, NetworkAt};
use crate::analysis::classification::{Confusion, Judgement, worst_mistakes};
use crate::app::asked::Asked;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::figures::axis::significant;
use crate::models::datasets::Data;
use egui::{RichText, ScrollArea, Ui};
use std::ops::ControlFlow;

/// The most mistakes that are listed.
const MOST_MISTAKES: usize = 200;

/// The height of a line of the list of mistakes.
const LINE: f32 = 44.0;

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    Confusion,
    Mistakes,
    Example,
}

const CHOICES: [(Shown, &str, &str); 3] = [
    (
        Shown::Confusion,
        "Confusion matrix",
        "How many test examples of every class were taken for which. A click on a cell lists them.",
    ),
    (
        Shown::Mistakes,
        "Worst mistakes",
        "The wrongly classified test examples with the largest loss.",
    ),
    (
        Shown::Example,
        "One example",
        "What the network makes of one example, class by class.",
    ),
];

/// How the test data fared.
pub struct Judged {
    /// All data.
    pub data: Data,
    /// Every test example.
    pub judgements: Vec<Judgement>,
    /// Which classes were taken for which.
    pub confusion: Confusion,
    /// The worst mistakes, the largest loss first.
    worst: Vec<usize>,
}

/// The panel, with what was judged.
pub struct PredictionsPanel {
    shown: Shown,
    judged: Asked<NetworkAt, Result<Judged, String>>,
    /// The cell of the confusion matrix whose examples are listed: true and predicted class.
    cell: Option<(usize, usize)>,
}

impl PredictionsPanel {
    /// A panel that has shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            shown: Shown::default(),
            judged: Asked::new(ctx, "judging", judge),
            cell: None,
        }
    }

    /// Shows what is chosen. A click on an example makes it the chosen one.
    pub fn show(
        &mut self,
        lab: &Lab,
        (chosen, looks, thumbnails): (&mut Example, &mut Looks, &mut Thumbnails),
        commands: &mut Commands,
        ui: &mut Ui,
    ) {
        ui.horizontal_wrapped(|ui| {
            for (choice, name, help) in CHOICES {
                let option = ui.selectable_label(self.shown == choice, name);
                if option.on_hover_text(help).clicked() {
                    self.shown = choice;
                }
            }
        });
        let Some(at) = weights::heading(lab, commands, ui) else {
            return;
        };
        if self.shown == Shown::Example {
            look::prediction(looks, &at, chosen, thumbnails, ui);
            return;
        }
        let answer = self.judged.ask(at.clone());
        let Some((of, judged)) = answer.filter(|(of, _)| of.is_same_run(&at)) else {
            ui.weak("Being tested …");
            return;
        };
        if *of != at {
            ui.weak(format!("Being tested … Still shown: {}.", of.caption()));
        }
        match judged {
            Err(reason) => {
                ui.label(RichText::new(reason.as_str()).color(ui.visuals().error_fg_color));
            }
            Ok(judged) => {
                accuracy(judged, ui);
                match self.shown {
                    Shown::Mistakes => mistakes(judged, chosen, thumbnails, ui),
                    _ => confusion::show(judged, &mut self.cell, (chosen, thumbnails), ui),
                }
            }
        }
    }
}

fn judge(
    at: &NetworkAt,
    is_superseded: &(dyn Fn() -> bool + Sync),
) -> Option<Result<Judged, String>> {
    at.ask(|classifier, data| {
        let watch = || match is_superseded() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let judgements = classifier.judge(&data.test, watch)?;
        Some(Judged {
            confusion: Confusion::of(&data.test, &judgements),
            worst: worst_mistakes(&data.test, &judgements, MOST_MISTAKES),
            data: data.clone(),
            judgements,
        })
    })
}

fn accuracy(judged: &Judged, ui: &mut Ui) {
    let (correct, all) = judged.confusion.correct();
    let percent = 100.0 * correct as f64 / all.max(1) as f64;
    ui.label(format!(
        "{correct} of {all} test examples are classified rightly ({percent:.1} %)."
    ));
}

/// The worst mistakes, one a line.
fn mistakes(judged: &Judged, chosen: &mut Example, thumbnails: &mut Thumbnails, ui: &mut Ui) {
    if judged.worst.is_empty() {
        ui.weak("There is no mistake.");
        return;
    }
    let test = &judged.data.test;
    ScrollArea::vertical()
        .id_salt("worst mistakes")
        .auto_shrink([false, false])
        .show_rows(ui, LINE, judged.worst.len(), |ui, rows| {
            for row in rows {
                let index = judged.worst[row];
                let judgement = judged.judgements[index];
                let example = Example {
                    part: Part::Test,
                    index,
                };
                ui.horizontal(|ui| {
                    ui.set_min_height(LINE);
                    let look = (LINE - 4.0, *chosen == example);
                    if thumbnails.show(&judged.data, example, look, ui).clicked() {
                        *chosen = example;
                    }
                    let class = |class: usize| test.classes[class].as_str();
                    let truth = class(usize::from(test.labels[index]));
                    let predicted = class(judgement.predicted);
                    ui.vertical(|ui| {
                        ui.label(format!("{truth} taken for {predicted}"));
                        let loss = significant(judgement.loss, 4);
                        ui.weak(format!("test example {index}, loss {loss}"));
                    });
                });
            }
        });
}
