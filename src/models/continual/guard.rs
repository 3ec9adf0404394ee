//! What a remedy does while it is at work.

use super::views::Headed;
use crate::models::network::Network;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The batch of an update, as a remedy may see it.
pub struct Present<'a> {
    /// The present task's data.
    pub data: &'a Headed<'a>,
    /// The batch.
    pub chosen: &'a [u32],
    /// The update's number within the whole sequence, from 1.
    pub update: u64,
}

/// The beginning or the end of a task: the last time that a remedy sees its data.
pub struct Border<'a> {
    /// The task, from 0.
    pub task: usize,
    /// The task's data.
    pub data: &'a Headed<'a>,
    /// The outputs of the tasks so far, one range a head, without the present.
    pub past: &'a [Range<usize>],
    /// The outputs that are this task's alone; none where tasks share them.
    pub own: Option<Range<usize>>,
    /// The network without dropout.
    pub network: &'a mut Network<f32>,
    /// The parameters before the first update of all.
    pub start: &'a [f32],
}

/// What a remedy keeps of past tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Copies of training examples.
    pub examples: usize,
    /// Numbers beside them: old weights, importances, directions.
    pub numbers: usize,
}

/// What is remembered, as bytes of a checkpoint. Everything that can be written and read is.
pub trait Remembers {
    /// Everything that is remembered.
    fn remembered(&self) -> Vec<u8>;

    /// Takes over what [`remembered`](Self::remembered) gave; says whether it could be read.
    fn recall(&mut self, bytes: &[u8]) -> bool;
}

impl<T: Serialize + DeserializeOwned> Remembers for T {
    fn remembered(&self) -> Vec<u8> {
        // Plain data in memory always have bytes.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    fn recall(&mut self, bytes: &[u8]) -> bool {
        match postcard::from_bytes(bytes) {
            Ok(read) => {
                *self = read;
                true
            }
            Err(_) => false,
        }
    }
}

/// A remedy at work on one run. What it does not override, it leaves alone.
pub trait Guard: Send + Remembers {
    /// A task begins.
    fn begin(&mut self, _border: &mut Border<'_>, _parameters: &[f32]) {}

    /// By what the rate is multiplied in this task, from 0.
    fn rate(&self, _task: usize) -> f64 {
        1.0
    }

    /// Turns the loss of a batch and its gradient at `at` into what the rule is to descend.
    fn add(
        &self,
        _network: &mut Network<f32>,
        _present: &Present<'_>,
        _at: &[f32],
        loss: f64,
        _gradient: &mut [f32],
    ) -> f64 {
        loss
    }

    /// Corrects an update from `before` to `parameters`; `own` is the batch's own gradient.
    fn correct(&mut self, _own: &[f32], _before: &[f32], _parameters: &mut [f32]) {}

    /// A task ends, and another follows. What is to be known of it must be learnt now.
    fn learn(&mut self, _border: &mut Border<'_>, _parameters: &mut [f32]) {}

    /// What is kept of past tasks.
    fn footprint(&self) -> Footprint {
        Footprint::default()
    }

    /// By what the updates of every hidden unit are multiplied, layer after layer: 1 for a free
    /// unit, 0 for a frozen one. Empty where units are not told apart.
    fn unit_rates(&self) -> Vec<Vec<f32>> {
        Vec::new()
    }
}

/// Fine-tuning: nothing is done.
#[derive(Serialize, Deserialize)]
pub(super) struct Idle;

impl Guard for Idle {}

/// A lower rate after the first task.
#[derive(Serialize, Deserialize)]
pub(super) struct SlowerRate {
    /// What the rate is multiplied by at each border.
    pub factor: f64,
}

impl Guard for SlowerRate {
    fn rate(&self, task: usize) -> f64 {
        self.factor.powi(task as i32)
    }
}
