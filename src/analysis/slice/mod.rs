//! Slices through the loss of a network: the loss over a plane through its weights.
//!
//! The plane is one of two random directions whose parts are as long as the network's filters (H.
//! Li et al., NeurIPS 2018, arXiv:1712.09913, § 4), or that of the first two principal axes of
//! the paths that the contenders took (§ 7.2). Either says with it how much of the paths it shows.

mod plane;
mod relief;
mod survey;

pub use plane::{WeightPlane, range};
pub use relief::{RELIEF_ID, Relief};
pub use survey::{SIDE, Survey};
