//! From where the surface is seen, and where its points then lie on the screen.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// A point or direction in space.
pub type Point = [f64; 3];

/// From where the surface is seen. The projection is parallel, so that equal lengths look
/// equal and one depth order holds for the whole picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The compass direction of the eye in radians, from the axis of w1 towards that of w2.
    azimuth: f64,
    /// How far the eye stands above the horizon, in radians.
    elevation: f64,
    /// How much larger than to fit.
    zoom: f64,
    /// By how much the picture is moved to the right and up, in units of space.
    pan: [f64; 2],
    /// How far the box reaches below the surface, in units of space.
    depth: f64,
}

impl Default for Camera {
    /// Both axes rise to the right and away, as in most textbooks.
    fn default() -> Self {
        Self {
            azimuth: -60_f64.to_radians(),
            elevation: 38_f64.to_radians(),
            zoom: 1.0,
            pan: [0.0, 0.0],
            depth: 0.0,
        }
    }
}

impl Camera {
    /// The eye never goes lower than this: from below there is nothing to see, and edge-on the
    /// surface is a line.
    const LOWEST: f64 = 5.0 * PI / 180.0;

    /// Limits of the zoom.
    const ZOOM: (f64, f64) = (0.4, 20.0);

    /// The farthest that the picture can be moved.
    const FARTHEST: f64 = 3.0;

    /// A camera at this azimuth and elevation, in radians.
    pub fn at(azimuth: f64, elevation: f64) -> Self {
        let mut camera = Self {
            azimuth: 0.0,
            elevation: 0.0,
            ..Self::default()
        };
        camera.rotate(azimuth, elevation);
        camera
    }

    /// Turns the eye around the surface and up; what is not finite counts as nothing.
    pub fn rotate(&mut self, azimuth: f64, elevation: f64) {
        if azimuth.is_finite() && elevation.is_finite() {
            self.azimuth = (self.azimuth + azimuth + PI).rem_euclid(TAU) - PI;
            self.elevation = (self.elevation + elevation).clamp(Self::LOWEST, FRAC_PI_2);
        }
    }

    /// Moves the picture, in units of space.
    pub fn pan(&mut self, by: [f64; 2]) {
        if by.iter().all(|side| side.is_finite()) {
            let moved = |axis: usize| self.pan[axis] + by[axis];
            self.pan = [0, 1].map(|axis| moved(axis).clamp(-Self::FARTHEST, Self::FARTHEST));
        }
    }

    /// Enlarges the picture around the point `at` of the screen, which stays where it is.
    pub fn zoom_at(&mut self, factor: f64, at: [f64; 2], canvas: Canvas) {
        let zoom = (self.zoom * factor).clamp(Self::ZOOM.0, Self::ZOOM.1);
        if !zoom.is_finite() {
            return;
        }
        let before = Projection::new(*self, canvas).on_plane(at);
        self.zoom = zoom;
        let after = Projection::new(*self, canvas).on_plane(at);
        self.pan([after[0] - before[0], after[1] - before[1]]);
    }

    /// Makes room for a floor so far below the surface, in units of space.
    pub fn set_depth(&mut self, depth: f64) {
        self.depth = if depth.is_finite() {
            depth.clamp(0.0, 2.0)
        } else {
            0.0
        };
    }

    /// Azimuth and elevation in whole degrees, for people.
    pub fn degrees(self) -> [i32; 2] {
        [self.azimuth, self.elevation].map(|angle| angle.to_degrees().round() as i32)
    }

    /// How much larger than to fit.
    pub fn zoom(self) -> f64 {
        self.zoom
    }
}

/// The rectangle of the screen that holds the picture; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// Its middle.
    pub centre: [f64; 2],
    /// Width and height.
    pub size: [f64; 2],
}

/// Where points of space lie on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    right: Point,
    up: Point,
    toward: Point,
    origin: [f64; 2],
    scale: f64,
}

impl Projection {
    /// Room for the texts around the box.
    const MARGIN: [f64; 2] = [84.0, 60.0];

    /// The longest diagonal of a box of sides 2, 2 and 1, so that it fits however it is turned.
    const DIAGONAL: [f64; 2] = [2.83, 2.75];

    /// What a camera sees in a rectangle of the screen.
    pub fn new(camera: Camera, canvas: Canvas) -> Self {
        let (sine, cosine) = camera.azimuth.sin_cos();
        // Straight from above cos(π/2) is 6·10⁻¹⁷, and a ray would take so many steps sideways.
        let (high, along) = match camera.elevation {
            top if top >= FRAC_PI_2 => (1.0, 0.0),
            elevation => elevation.sin_cos(),
        };
        let fit = [0, 1].map(|axis: usize| {
            let room = (canvas.size[axis] - Self::MARGIN[axis]).max(canvas.size[axis] * 0.78);
            let deeper = if axis == 1 { 0.45 * camera.depth } else { 0.0 };
            room.max(1.0) / (Self::DIAGONAL[axis] + deeper)
        });
        let scale = camera.zoom * fit[0].min(fit[1]);
        Self {
            right: [-sine, cosine, 0.0],
            up: [-high * cosine, -high * sine, along],
            toward: [along * cosine, along * sine, high],
            origin: [
                canvas.centre[0] + scale * camera.pan[0],
                canvas.centre[1] - scale * (camera.pan[1] + camera.depth / 2.0 * along),
            ],
            scale,
        }
    }

    /// Where a point lies on the screen.
    pub fn position(&self, point: Point) -> [f64; 2] {
        [
            self.origin[0] + self.scale * dot(point, self.right),
            self.origin[1] - self.scale * dot(point, self.up),
        ]
    }

    /// How near to the eye a point lies.
    pub fn nearness(&self, point: Point) -> f64 {
        dot(point, self.toward)
    }

    /// The unit direction from everything to the eye.
    pub fn toward(&self) -> Point {
        self.toward
    }

    /// The directions on the screen of a direction in space.
    pub fn direction(&self, along: Point) -> [f64; 2] {
        [dot(along, self.right), -dot(along, self.up)]
    }

    /// The unit directions in space of right and up on the screen.
    pub fn right_and_up(&self) -> [Point; 2] {
        [self.right, self.up]
    }

    /// Pixels to a unit of space.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The point behind a place of the screen that lies in the plane through the origin.
    pub fn behind(&self, at: [f64; 2]) -> Point {
        let [x, y] = self.on_plane(at);
        [0, 1, 2].map(|axis| x * self.right[axis] + y * self.up[axis])
    }

    fn on_plane(&self, at: [f64; 2]) -> [f64; 2] {
        [
            (at[0] - self.origin[0]) / self.scale,
            (self.origin[1] - at[1]) / self.scale,
        ]
    }
}

/// The inner product.
pub(super) fn dot(a: Point, b: Point) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CANVAS: Canvas = Canvas {
        centre: [400.0, 300.0],
        size: [800.0, 600.0],
    };

    proptest! {
        #[test]
        fn a_point_lies_on_the_ray_behind_its_place(
            azimuth in -9.0..9.0_f64, elevation in -1.0..2.0_f64,
            point in [-1.0..1.0_f64, -1.0..1.0, -0.5..0.5],
        ) {
            let projection = Projection::new(Camera::at(azimuth, elevation), CANVAS);
            let behind = projection.behind(projection.position(point));
            let nearness = projection.nearness(point);
            for axis in 0..3 {
                let on_ray = behind[axis] + nearness * projection.toward()[axis];
                prop_assert!((on_ray - point[axis]).abs() < 1e-12);
            }
        }

        #[test]
        fn the_box_fits_however_it_is_turned(azimuth in -4.0..4.0_f64, elevation in 0.0..1.6_f64, depth in 0.0..0.6_f64) {
            let mut camera = Camera::at(azimuth, elevation);
            camera.set_depth(depth);
            let projection = Projection::new(camera, CANVAS);
            for corner in 0..8 {
                let side = |bit: u32, half: f64| if corner >> bit & 1 == 0 { -half } else { half };
                let z = side(2, 0.5) - if corner >> 2 & 1 == 0 { depth } else { 0.0 };
                let [x, y] = projection.position([side(0, 1.0), side(1, 1.0), z]);
                prop_assert!((0.0..800.0).contains(&x) && (0.0..600.0).contains(&y));
            }
        }

        #[test]
        fn zooming_keeps_what_is_under_the_pointer(
            factor in 0.5..2.0_f64, at in [100.0..700.0_f64, 100.0..500.0],
        ) {
            let mut camera = Camera::default();
            let before = Projection::new(camera, CANVAS).behind(at);
            camera.zoom_at(factor, at, CANVAS);
            let after = Projection::new(camera, CANVAS).position(before);
            prop_assert!((after[0] - at[0]).abs() < 1e-9 && (after[1] - at[1]).abs() < 1e-9);
        }
    }

    #[test]
    fn no_gesture_makes_a_camera_that_sees_nothing() {
        let mut camera = Camera::default();
        for wild in [f64::NAN, f64::INFINITY, 1e300, -1e300, 0.0] {
            camera.rotate(wild, wild);
            camera.pan([wild, -wild]);
            camera.zoom_at(wild, [wild, 0.0], CANVAS);
            let empty = Canvas {
                centre: [0.0, 0.0],
                size: [0.0, 0.0],
            };
            for canvas in [CANVAS, empty] {
                let [x, y] = Projection::new(camera, canvas).position([1.0, -1.0, 0.5]);
                assert!(x.is_finite() && y.is_finite(), "{wild}: {camera:?}");
            }
        }
    }
}
