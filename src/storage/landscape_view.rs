//! How the landscape is seen, as settings remember it.

use serde::{Deserialize, Serialize};

/// From where the landscape is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LandscapeView {
    /// From above, as a map.
    #[default]
    Map,
    /// As a surface in space.
    Surface,
    /// Both at once.
    Both,
}

/// How heights are spread over the surface in space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeightSpread {
    /// Evenly, what is very high cut off.
    Linear,
    /// As the colours are: evenly in their logarithm.
    #[default]
    Logarithmic,
}

/// Where the surface's contour lines lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContourPlace {
    /// On the surface.
    #[default]
    Surface,
    /// On the floor of the box.
    Floor,
    /// There are none.
    Nowhere,
}
