//! Where the panels stand, as settings remember it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The deepest nesting that is taken from a file.
const MAX_DEPTH: usize = 8;

/// The most panels that are taken from a file.
const MAX_PANELS: usize = 64;

/// A layout of the window: where the panels stand, and which of them are seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Where the panels stand; none is the usual place of each.
    pub arrangement: Option<Arrangement>,
    /// The panels that are shown or hidden otherwise than usual, by their ids.
    pub panels: BTreeMap<String, bool>,
}

impl Layout {
    /// Whether a window can be laid out so.
    pub fn is_valid(&self) -> bool {
        self.panels.len() <= MAX_PANELS
            && self.arrangement.as_ref().is_none_or(Arrangement::is_valid)
    }
}

/// Where panels stand to one another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Arrangement {
    /// One panel, by its id.
    Panel(String),
    /// Side by side: each one's share of the width, and what stands there.
    Row(Vec<(f32, Arrangement)>),
    /// One below the other: each one's share of the height, and what stands there.
    Column(Vec<(f32, Arrangement)>),
    /// In the same place, one in front: its number from 0, and all of them.
    Tabs(usize, Vec<Arrangement>),
}

impl Arrangement {
    /// Whether every share is a positive number and nothing is too large.
    pub fn is_valid(&self) -> bool {
        self.depth() <= MAX_DEPTH && self.panels().len() <= MAX_PANELS && self.has_valid_shares()
    }

    fn depth(&self) -> usize {
        1 + self.parts().map(Self::depth).max().unwrap_or(0)
    }

    fn has_valid_shares(&self) -> bool {
        let shares = match self {
            Self::Row(parts) | Self::Column(parts) => parts.as_slice(),
            Self::Panel(_) | Self::Tabs(..) => &[],
        };
        shares
            .iter()
            .all(|(share, _)| share.is_finite() && *share > 0.0)
            && self.parts().all(Self::has_valid_shares)
    }

    /// What this consists of; nothing for a panel.
    pub fn parts(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match self {
            Self::Panel(_) => Box::new(std::iter::empty()),
            Self::Row(parts) | Self::Column(parts) => Box::new(parts.iter().map(|(_, part)| part)),
            Self::Tabs(_, parts) => Box::new(parts.iter()),
        }
    }

    /// The ids of all panels, in reading order.
    pub fn panels(&self) -> Vec<&str> {
        match self {
            Self::Panel(id) => vec![id],
            _ => self.parts().flat_map(Self::panels).collect(),
        }
    }

    /// Whether the panel is somewhere in this.
    pub fn contains(&self, id: &str) -> bool {
        self.panels().contains(&id)
    }
}
