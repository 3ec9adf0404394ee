//! When an update happens.

use serde::{Deserialize, Serialize};

/// What a schedule counts. On a landscape one epoch is one update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Per {
    /// Updates.
    Step,
    /// Passes over the data.
    #[default]
    Epoch,
}

impl Per {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The place of an update in its run, or in its part of a nested schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// From 1.
    update: u64,
    updates_per_epoch: u64,
}

impl Moment {
    /// The update with this number, from 1, where an epoch has so many updates.
    pub fn new(update: u64, updates_per_epoch: u64) -> Self {
        Self {
            update: update.max(1),
            updates_per_epoch: updates_per_epoch.max(1),
        }
    }

    /// An update on an objective whose epochs are single updates.
    pub fn of_update(update: u64) -> Self {
        Self::new(update, 1)
    }

    /// The update's number, from 1.
    pub fn update(self) -> u64 {
        self.update
    }

    /// The number, from 1, of what a schedule counts.
    pub fn count(self, per: Per) -> u64 {
        self.done(per) + 1
    }

    /// How many updates, or whole epochs, are behind.
    pub fn done(self, per: Per) -> u64 {
        match per {
            Per::Step => self.update - 1,
            Per::Epoch => (self.update - 1) / self.updates_per_epoch,
        }
    }

    /// Whether the update is the last of its epoch.
    pub fn ends_epoch(self) -> bool {
        self.update.is_multiple_of(self.updates_per_epoch)
    }

    /// The same moment counted from behind so many updates or epochs; none while they last.
    pub fn after(self, steps: u64, per: Per) -> Option<Self> {
        let updates = match per {
            Per::Step => steps,
            Per::Epoch => steps.saturating_mul(self.updates_per_epoch),
        };
        let update = self.update.checked_sub(updates)?;
        (update > 0).then_some(Self { update, ..self })
    }
}
