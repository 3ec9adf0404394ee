//! Folders and files that networks are trained on.

use crate::app::state::Lab;
use crate::models::datasets::Source;

/// Data with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataKind {
    /// A folder with the four files of Fashion-MNIST.
    FashionMnist,
    /// A folder with the four files of MNIST.
    Mnist,
    /// A CSV file.
    Csv,
}

impl DataKind {
    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::FashionMnist => "Fashion-MNIST, folder",
            Self::Mnist => "MNIST, folder",
            Self::Csv => "CSV file",
        }
    }

    /// What stands in the empty field.
    pub fn hint(self) -> &'static str {
        match self {
            Self::FashionMnist | Self::Mnist => "/path/to/folder",
            Self::Csv => "/path/to/rows.csv",
        }
    }

    /// What is expected there, for the tooltip.
    pub fn help(self) -> &'static str {
        match self {
            Self::FashionMnist | Self::Mnist => {
                "The folder with the four files train-images-idx3-ubyte, train-labels-idx1-ubyte, \
                 t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, as they are or with .gz."
            }
            Self::Csv => {
                "A file of rows: columns of numbers, and one with the class as a word or a whole \
                 number. The first line may name the columns."
            }
        }
    }

    /// The data at a path; what `before` says beyond its path stays where it is of the same kind.
    pub fn source(self, path: &str, before: &Source) -> Source {
        // An experiment must not depend on where the program was started.
        let whole = std::path::absolute(path);
        let path = whole.map_or_else(|_| path.to_owned(), |path| path.display().to_string());
        match (self, before) {
            (Self::FashionMnist, _) => Source::FashionMnist { folder: Some(path) },
            (Self::Mnist, _) => Source::Mnist { folder: path },
            (
                Self::Csv,
                Source::Csv {
                    test_share,
                    standardise,
                    ..
                },
            ) => Source::Csv {
                file: path,
                label: None,
                test_share: *test_share,
                standardise: *standardise,
            },
            (Self::Csv, _) => Source::Csv {
                file: path,
                label: None,
                test_share: 0.2,
                standardise: true,
            },
        }
    }
}

/// Takes data that were read for a network; a network that does not fit them gets other layers.
pub fn read(lab: &mut Lab, source: Source, counts: Result<(usize, usize), String>) {
    let (train, test) = match counts {
        Ok(counts) => counts,
        Err(reason) => return lab.complain(reason),
    };
    let Some(spec) = lab.experiment.objective.network_mut() else {
        return lab.complain("The data were read, but the experiment trains no network any more.");
    };
    spec.data = source;
    let mut text = format!("Training on {train} examples, testing on {test}.");
    if spec.fit_to_data() {
        text += " The network did not fit them: it has one hidden layer of 32 now.";
    }
    lab.inform(text);
}
