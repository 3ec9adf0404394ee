//! What runs remember of the tasks that they learnt one after the other, as tables: accuracies,
//! transfer and forgetting, over all seeds.

mod scores;
mod tables;
#[cfg(test)]
mod tests;

pub use scores::{Score, Standing, by_task_in_percent, in_percent};
pub use tables::{Matrix, ScoreRow, ScoreTable, Scored};
