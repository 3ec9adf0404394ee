//! Which figures are meant by `--figure`.

use crate::experiment::Checked;
use crate::export::{FIGURES, Figure, can_replay};
use crate::figures::subject::{LayerQuantity, Replayed, Subject};
use crate::optimizers::OPTIMIZERS;
use std::str::FromStr;

/// A figure, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// One.
    Figure(Figure),
    /// Every one that the record is enough for.
    All,
    /// Every one that the runs are replayed for.
    Inside,
    /// Every one of the layers of a network.
    Layers,
}

impl FromStr for Chosen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => return Ok(Self::All),
            "inside" => return Ok(Self::Inside),
            "layers" => return Ok(Self::Layers),
            _ => {}
        }
        let slots = Replayed::slots_of(OPTIMIZERS.iter().map(|rule| rule.card()));
        let replayed = Replayed::ALWAYS.into_iter().chain(slots);
        let further = [Subject::Sharpness].into_iter();
        let further = further
            .chain(replayed.map(Subject::Replayed))
            .chain(layer(text));
        let mut figures = FIGURES.into_iter().chain(further.map(Figure::Plot));
        let found = figures.find(|figure| figure.id() == text);
        found.map(Self::Figure).ok_or_else(|| {
            let names = FIGURES.map(|figure| figure.id().into_owned()).join(", ");
            format!(
                "choose one of {names}, all, sharpness, effective_step, cosine, inside, or the \
                 name of a memory slot; of a network layers, or the name of a layer's column, such \
                 as gradient_norm_fc1; `export … --figure inside` writes every slot of an \
                 experiment under its name, `--figure layers` every layer's plot"
            )
        })
    }
}

/// The plot of a layer's column in `history.csv`.
fn layer(text: &str) -> Option<Subject> {
    LayerQuantity::ALL.into_iter().find_map(|quantity| {
        let name = text.strip_prefix(quantity.id())?.strip_prefix('_')?;
        Some(Subject::Layer(quantity, name.parse().ok()?))
    })
}

/// Every plot of the layers of an experiment's network.
///
/// # Errors
/// When it has none.
fn layers(checked: &Checked) -> Result<Vec<Figure>, String> {
    let task = checked
        .task()
        .ok_or("--figure: only a network on one set of data has plots of its layers")?;
    let layers = task.plan().layers();
    let subjects = Subject::of_layers(layers.iter().map(|(layer, _)| *layer));
    Ok(subjects.map(Figure::Plot).collect())
}

impl Chosen {
    /// The figures that are meant of an experiment.
    ///
    /// # Errors
    /// When its runs have nothing of the kind.
    pub fn figures(self, checked: &Checked) -> Result<Vec<Figure>, String> {
        let slots = || Replayed::slots_of(checked.runs.iter().map(|run| run.optimizer.card()));
        let is_replayed = match self {
            Self::Inside => true,
            Self::Figure(figure) => figure.needs_replay() || figure.needs_sharpness(),
            Self::All | Self::Layers => false,
        };
        if is_replayed && !can_replay(checked) {
            return Err(
                "--figure: a network has too many numbers for its runs to be replayed".into(),
            );
        }
        match self {
            Self::All => Ok(FIGURES.to_vec()),
            Self::Layers => layers(checked),
            Self::Figure(figure @ Figure::Plot(Subject::Layer(..))) => {
                let all = layers(checked)?;
                if all.contains(&figure) {
                    return Ok(vec![figure]);
                }
                let names: Vec<_> = all.iter().map(|figure| figure.id()).collect();
                Err(format!(
                    "--figure {}: the network has no such layer; it has {}",
                    figure.id(),
                    names.join(", ")
                ))
            }
            Self::Inside => {
                let all = Replayed::ALWAYS.into_iter().chain(slots());
                let all = all.map(Subject::Replayed);
                Ok(all.map(Figure::Plot).collect())
            }
            Self::Figure(Figure::Plot(Subject::Replayed(slot @ Replayed::Slot { .. })))
                if !slots().contains(&slot) =>
            {
                let own: Vec<String> = slots().iter().map(|slot| slot.file_id()).collect();
                let own = match own.as_slice() {
                    [] => "its rules remember nothing".to_owned(),
                    own => format!("its rules remember {}", own.join(", ")),
                };
                Err(format!(
                    "--figure {}: no run of this experiment remembers this; {own}",
                    slot.file_id()
                ))
            }
            Self::Figure(figure) => Ok(vec![figure]),
        }
    }
}
