//! Pictures as data: what the window draws and the exports write, so that both show the same.

pub mod axis;
pub mod bands;
pub mod clip;
mod curve;
pub mod curves;
pub mod dashes;
pub mod field;
pub mod fonts;
pub mod raster;
pub mod source;
pub mod spread;
pub mod subject;
pub mod surface;
pub mod theme;
pub mod thinning;
