//! Which outputs of the network answer for a task.

use serde::{Deserialize, Serialize};

/// Which outputs a task is learnt and judged on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Head {
    /// One head for all: softmax goes over the classes of all tasks, and nobody says which task
    /// an example is of (class-incremental).
    #[default]
    Single,
    /// One head for all that grows: softmax goes over the classes of the tasks that have come so
    /// far (class-incremental, as Hsu et al. 2018, arXiv:1810.12488, and van de Ven & Tolias 2019,
    /// arXiv:1904.07734, have it).
    Growing,
    /// A head for each task, which is known: softmax goes over the task's own classes
    /// (task-incremental).
    Multi,
    /// The same outputs in every task; an example's class is its place within its task
    /// (domain-incremental).
    Domain,
}

impl Head {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Growing => "growing",
            Self::Multi => "multi",
            Self::Domain => "domain",
        }
    }
}
