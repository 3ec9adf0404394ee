//! Which figures are meant by `--figure`.

use crate::experiment::Checked;
use crate::export::{FIGURES, Figure, can_replay};
use crate::figures::subject::Replayed;
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
}

impl FromStr for Chosen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => return Ok(Self::All),
            "inside" => return Ok(Self::Inside),
            _ => {}
        }
        let slots = Replayed::slots_of(OPTIMIZERS.iter().map(|rule| rule.card()));
        let replayed = Replayed::ALWAYS.into_iter().chain(slots);
        let mut figures = FIGURES.into_iter().chain(replayed.map(Figure::Replayed));
        let found = figures.find(|figure| figure.id() == text);
        found.map(Self::Figure).ok_or_else(|| {
            let names = FIGURES.map(|figure| figure.id().into_owned()).join(", ");
            format!(
                "choose one of {names}, all, effective_step, cosine, inside, or the name of a \
                 memory slot; `export … --figure inside` writes every slot of an experiment \
                 under its name"
            )
        })
    }
}

impl Chosen {
    /// The figures that are meant of an experiment.
    ///
    /// # Errors
    /// When its runs have nothing of the kind.
    pub fn figures(self, checked: &Checked) -> Result<Vec<Figure>, String> {
        let slots = || Replayed::slots_of(checked.runs.iter().map(|run| run.optimizer.card()));
        let is_replayed = matches!(self, Self::Inside | Self::Figure(Figure::Replayed(_)));
        if is_replayed && !can_replay(checked) {
            return Err(
                "--figure: a network has too many numbers for its runs to be replayed".into(),
            );
        }
        match self {
            Self::All => Ok(FIGURES.to_vec()),
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
