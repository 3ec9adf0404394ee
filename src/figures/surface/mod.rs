//! A landscape as a surface in space, seen from a camera: plain data that the window draws.
//!
//! - [`Relief`]: the surface, triangles over a regular grid, and its coordinates.
//! - [`HeightAxis`]: how heights are spread over the height of the box.
//! - [`Camera`] and [`Projection`]: where a point lies on the screen, and the ray behind a pixel.
//! - [`facets`](Relief::facets): the triangles, the farthest first.
//! - [`pick`](Relief::pick) and [`is_hidden`](Relief::is_hidden): what a ray meets.
//! - [`drape`](Relief::drape) and [`parts`](Relief::parts): lines that lie on the surface, cut
//!   where it begins to hide them.
//! - [`axes`]: the box around it, with ticks and their texts.
//!
//! Three systems of coordinates: (w1, w2) of the landscape; grid coordinates (u, v), whole
//! numbers at the grid points, in which a surface of triangles is a straight line between
//! whole numbers of u, v and u + v; and space, with the box around the origin.

mod axes;
mod camera;
mod cast;
mod crossings;
mod drape;
mod facets;
mod height;
mod means;
mod relief;

pub use axes::{Axes, Label, Line, axes};
pub use camera::{Camera, Canvas, Projection};
pub use drape::{Part, Place};
pub use facets::Facets;
pub use height::HeightAxis;
pub use relief::Relief;
