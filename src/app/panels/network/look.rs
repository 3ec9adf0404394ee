//! One example looked at closely: what the network makes of it, and what flows between its layers.

use super::sheet::Sheet;
use super::thumbnails::{Example, Part, Thumbnails};
use super::weights::NetworkAt;
use crate::analysis::classification::Prediction;
use crate::app::asked::Asked;
use crate::app::theme;
use crate::app::widgets::named;
use crate::app::widgets::number::whole_field;
use crate::figures::axis::significant;
use crate::models::datasets::Data;
use crate::models::network::Plan;
use crate::models::network::plan::Operation;
use egui::{Grid, RichText, ScrollArea, Sense, Ui, vec2};

/// The side of the example's own picture.
const PICTURE: f32 = 112.0;

/// The width of the bars.
const BAR: f32 = 140.0;

/// The side of the pictures of a layer.
const MAP: f32 = 42.0;

/// What is asked.
#[derive(Clone, PartialEq)]
struct Question {
    at: NetworkAt,
    example: Example,
}

/// What was found, with its pictures as far as they were drawn.
struct Look {
    data: Data,
    prediction: Prediction,
    /// The values between the layers, by what made them.
    stages: Vec<(String, Sheet)>,
}

/// The looks at examples, off the window's thread.
pub struct Looks(Asked<Question, Result<Look, String>>);

impl Looks {
    /// Nothing looked at yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self(Asked::new(ctx, "looking", look))
    }

    /// Lets the example be chosen and gives what was found, if only of the question before.
    fn of(&mut self, at: &NetworkAt, chosen: &mut Example, ui: &mut Ui) -> Option<&mut Look> {
        choose(chosen, ui);
        let question = Question {
            at: at.clone(),
            example: *chosen,
        };
        let Some((of, found)) = self.0.ask(question.clone()) else {
            ui.weak("Being looked at …");
            return None;
        };
        match found {
            // What was made of this example a moment ago stays, if it is of this training.
            _ if of.example != *chosen || !of.at.is_same_run(at) => {
                ui.weak("Being looked at …");
                None
            }
            Ok(found) => Some(found),
            Err(_) if *of != question => None,
            Err(reason) => {
                let text = RichText::new(reason.as_str()).color(ui.visuals().error_fg_color);
                ui.label(text);
                None
            }
        }
    }
}

/// Which example is looked at.
fn choose(chosen: &mut Example, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        for (part, name) in Part::ALL {
            let option = ui.selectable_label(chosen.part == part, name);
            let option = named(option, &format!("{name} examples"));
            if option.clicked() {
                *chosen = Example { part, index: 0 };
            }
        }
        ui.label("example");
        let mut index = chosen.index as u64;
        let help = "Its number, from 0; ↑ and ↓ go on to the next.";
        let _ = whole_field(ui, "Number of the example", &mut index, 0).on_hover_text(help);
        chosen.index = usize::try_from(index).unwrap_or(usize::MAX);
    });
}

fn look(question: &Question, _: &(dyn Fn() -> bool + Sync)) -> Option<Result<Look, String>> {
    let Example { part, index } = question.example;
    let plan = question.at.task()?.plan();
    let found = question.at.ask(|classifier, data| {
        let set = part.of(data);
        let found = classifier.predict(set, index).map(|prediction| Look {
            data: data.clone(),
            stages: sheets(plan, &prediction.values),
            prediction,
        });
        let count = set.len();
        let last = count.saturating_sub(1);
        let missing =
            || format!("There is no example {index}; there are {count}, from 0 to {last}.");
        Some(found.ok_or_else(missing))
    })?;
    Some(found.and_then(|found| found))
}

/// The values between the layers as pictures, with what made them.
fn sheets(plan: &Plan, values: &[Vec<f32>]) -> Vec<(String, Sheet)> {
    let names = std::iter::once(Some("Input".to_owned()));
    let stages = plan.stages.iter();
    let names = names.chain(stages.map(|stage| {
        let layer = stage.parameters.and_then(|block| plan.blocks.get(block));
        let layer = layer.map_or_else(String::new, |block| format!("{}: ", block.layer));
        Some(layer + &made_by(stage.operation)?)
    }));
    let pictures = names.zip(&plan.values).zip(values);
    let pictures = pictures.filter_map(|((name, volume), values)| {
        let sheet = match volume.is_vector() {
            true => Sheet::vector("number", values),
            false => Sheet::new("channel", values, [volume.height, volume.width]),
        };
        let shape = match volume.is_vector() {
            true => volume.channels.to_string(),
            false => format!("{}×{}×{}", volume.channels, volume.height, volume.width),
        };
        Some((format!("{}  {shape}", name?), sheet))
    });
    pictures.collect()
}

/// What a stage does, in words; none where it changes nothing when tests are made.
fn made_by(operation: Operation) -> Option<String> {
    Some(match operation {
        Operation::Dense => "dense".into(),
        Operation::Convolution { kernel, .. } => format!("convolution {kernel}×{kernel}"),
        Operation::MaxPool { size, .. } => format!("largest of {size}×{size}"),
        Operation::AveragePool { size, .. } => format!("mean of {size}×{size}"),
        Operation::Relu => "ReLU".into(),
        Operation::Sigmoid => "sigmoid".into(),
        Operation::Tanh => "tanh".into(),
        Operation::BatchNorm { .. } => "batch normalisation".into(),
        Operation::Flatten | Operation::Dropout { .. } => return None,
    })
}

/// Shows what the network makes of the chosen example, class by class.
pub fn prediction(
    looks: &mut Looks,
    at: &NetworkAt,
    chosen: &mut Example,
    thumbnails: &mut Thumbnails,
    ui: &mut Ui,
) {
    let Some(look) = looks.of(at, chosen, ui) else {
        return;
    };
    let set = chosen.part.of(&look.data);
    let truth = usize::from(set.labels[chosen.index]);
    let judgement = look.prediction.judgement;
    ui.horizontal_top(|ui| {
        thumbnails.show(&look.data, *chosen, (PICTURE, false), ui);
        ui.vertical(|ui| {
            ui.strong(format!("True class: {}", set.classes[truth]));
            let verdict = match judgement.predicted == truth {
                true => "rightly".to_owned(),
                false => "wrongly".to_owned(),
            };
            ui.label(format!(
                "Classified {verdict} as {}.",
                set.classes[judgement.predicted]
            ));
            ui.weak(format!("Loss {}", significant(judgement.loss, 5)));
        });
    });
    let outputs = &look.prediction.outputs;
    let shares = look.prediction.probabilities.as_deref();
    ui.weak(match shares {
        Some(_) => "Probabilities that softmax makes of the outputs:",
        None => "Outputs, which should be 1 for the true class and 0 for the others:",
    });
    ScrollArea::vertical()
        .id_salt("classes")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Grid::new("probabilities")
                .striped(true)
                .spacing(vec2(10.0, 3.0))
                .show(ui, |ui| {
                    for (class, name) in set.classes.iter().enumerate() {
                        let value =
                            shares.map_or(f64::from(outputs[class]), |shares| shares[class]);
                        let is = [class == truth, class == judgement.predicted];
                        row(name, (value, shares.is_some()), is, ui);
                    }
                });
        });
}

/// One class: its name, a bar, the number, and what it is.
fn row(
    name: &str,
    (value, is_share): (f64, bool),
    [is_true, is_predicted]: [bool; 2],
    ui: &mut Ui,
) {
    let text = match is_true || is_predicted {
        true => RichText::new(name).strong(),
        false => RichText::new(name),
    };
    ui.label(text);
    let (rect, _) = ui.allocate_exact_size(vec2(BAR, 12.0), Sense::hover());
    let tokens = theme::of(ui);
    ui.painter()
        .rect_filled(rect, 2, theme::colour(tokens.ground));
    let mut bar = rect;
    bar.set_width(BAR * value.clamp(0.0, 1.0) as f32);
    let fill = match is_true {
        true => tokens.run(2),
        false => tokens.run(0),
    };
    ui.painter().rect_filled(bar, 2, theme::colour(fill));
    ui.label(match is_share {
        true => format!("{:.2} %", 100.0 * value),
        false => significant(value, 4),
    });
    ui.label(match (is_true, is_predicted) {
        (true, true) => "true and predicted",
        (true, false) => "true",
        (false, true) => "predicted",
        (false, false) => "",
    });
    ui.end_row();
}

/// Shows what flows between the layers for the chosen example.
pub fn activations(looks: &mut Looks, at: &NetworkAt, chosen: &mut Example, ui: &mut Ui) {
    let Some(look) = looks.of(at, chosen, ui) else {
        return;
    };
    ui.label(chosen.name(&look.data));
    ScrollArea::vertical()
        .id_salt("activations")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            for (name, sheet) in &mut look.stages {
                ui.horizontal_wrapped(|ui| {
                    ui.strong(name.as_str());
                    ui.weak(sheet.meaning());
                });
                sheet.show(MAP, ui);
            }
        });
}
