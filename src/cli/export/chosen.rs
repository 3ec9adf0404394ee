//! Which figures are meant by `--figure`.

use crate::experiment::Checked;
use crate::export::{FIGURES, Figure, can_replay};
use crate::figures::subject::{LayerQuantity, Replayed};
use crate::optimizers::OPTIMIZERS;
use std::str::FromStr;

/// What is said where layers are wanted of something else.
const NO_LAYERS: &str = "--figure: only a network on one set of data has plots of its layers";

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
        if let Some(figure) = layer(text) {
            return Ok(Self::Figure(figure));
        }
        let slots = Replayed::slots_of(OPTIMIZERS.iter().map(|rule| rule.card()));
        let replayed = Replayed::ALWAYS.into_iter().chain(slots);
        let figures = FIGURES.into_iter().chain([Figure::Sharpness]);
        let mut figures = figures.chain(replayed.map(Figure::Replayed));
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

/// The figure of a layer's column in `history.csv`.
fn layer(text: &str) -> Option<Figure> {
    LayerQuantity::ALL.into_iter().find_map(|quantity| {
        let name = text.strip_prefix(quantity.id())?.strip_prefix('_')?;
        Some(Figure::Layer(quantity, name.parse().ok()?))
    })
}

/// Every plot of the layers of an experiment's network.
fn layers(checked: &Checked) -> Vec<Figure> {
    let layers = checked
        .task()
        .map_or_else(Vec::new, |task| task.plan().layers());
    let of = |quantity| {
        layers
            .iter()
            .map(move |(layer, _)| Figure::Layer(quantity, *layer))
    };
    LayerQuantity::ALL.into_iter().flat_map(of).collect()
}

impl Chosen {
    /// The figures that are meant of an experiment.
    ///
    /// # Errors
    /// When its runs have nothing of the kind.
    pub fn figures(self, checked: &Checked) -> Result<Vec<Figure>, String> {
        let slots = || Replayed::slots_of(checked.runs.iter().map(|run| run.optimizer.card()));
        let is_replayed = matches!(
            self,
            Self::Inside | Self::Figure(Figure::Replayed(_) | Figure::Sharpness)
        );
        if is_replayed && !can_replay(checked) {
            return Err(
                "--figure: a network has too many numbers for its runs to be replayed".into(),
            );
        }
        match self {
            Self::All => Ok(FIGURES.to_vec()),
            Self::Layers => match layers(checked) {
                none if none.is_empty() => Err(NO_LAYERS.into()),
                all => Ok(all),
            },
            Self::Figure(figure @ Figure::Layer(..)) => match layers(checked) {
                none if none.is_empty() => Err(NO_LAYERS.into()),
                all if all.contains(&figure) => Ok(vec![figure]),
                all => {
                    let names: Vec<_> = all.iter().map(|figure| figure.id()).collect();
                    Err(format!(
                        "--figure {}: the network has no such layer; it has {}",
                        figure.id(),
                        names.join(", ")
                    ))
                }
            },
            Self::Inside => {
                let all = Replayed::ALWAYS.into_iter().chain(slots());
                Ok(all.map(Figure::Replayed).collect())
            }
            Self::Figure(Figure::Replayed(slot @ Replayed::Slot { .. }))
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
