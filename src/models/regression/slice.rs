//! The loss over a plane through the parameters, as a landscape.

use super::{Plane, Regression, Rows};
use crate::landscapes::{Chosen, Landscape, LandscapeCard, Minimum, Regularity, Surface};
use crate::numbers::{Dual, Real};
use crate::objective::Objective;
use std::any::Any;
use std::sync::Arc;

/// The most rows that a picture is drawn from; more would only take time.
const MOST_ROWS: usize = 2048;

/// The id of the card of every slice.
pub const SLICE_ID: &str = "slice";

/// The loss over all data on a plane.
#[derive(Clone, Debug)]
pub struct Slice {
    objective: Arc<dyn Objective>,
    plane: Plane,
    names: String,
    about: String,
    range: [(f64, f64); 2],
    start: [f64; 2],
    minima: Vec<Minimum>,
    lowest: f64,
    rows: Rows,
    /// J, its gradient and its Hessian in the middle of the range, where the loss is quadratic.
    quadratic: Option<(f64, [f64; 2], [[f64; 2]; 2])>,
}

impl Slice {
    /// The slice of a regression through a plane, seen over a range; None for other objectives.
    /// `names` tells people which, `start` is the foot of the start.
    pub fn of(
        objective: &Arc<dyn Objective>,
        plane: Plane,
        names: String,
        range: [(f64, f64); 2],
        start: [f64; 2],
    ) -> Option<Chosen> {
        let regression = regression(objective)?;
        let rows = sample(regression.table().rows());
        let mut slice = Self {
            about: format!(
                "The loss over all data on a plane through the parameters; the others are held \
                 where the playhead is. Runs are projected onto it. {}",
                match rows.len() == regression.table().rows() {
                    true => String::new(),
                    false => format!("It is drawn from {} evenly chosen rows.", rows.len()),
                }
            ),
            minima: minima(regression, &plane),
            lowest: 0.0,
            quadratic: None,
            objective: Arc::clone(objective),
            plane,
            names,
            range,
            start,
            rows,
        };
        if regression.loss().is_squared() && regression.model().is_linear() {
            let middle = slice.middle();
            let height = slice.exact(Dual::<Dual<f64>>::twice_variables(middle));
            slice.quadratic = Some(height.value_gradient_hessian());
        }
        slice.lowest = slice.lowest_on_grid();
        let identity = slice.identity();
        Some(Chosen::set(Arc::new(slice), &identity))
    }

    /// What tells slices apart; other data under the same names give other heights.
    fn identity(&self) -> Vec<f64> {
        let mut identity = self.plane.origin.clone();
        identity.extend(self.plane.axes.concat());
        identity.extend(self.range.map(|(low, high)| [low, high]).concat());
        identity.extend([self.lowest, self.middle_height()]);
        identity
    }

    fn middle(&self) -> [f64; 2] {
        self.range.map(|(low, high)| 0.5 * (low + high))
    }

    fn middle_height(&self) -> f64 {
        self.height(self.middle())
    }

    fn lowest_on_grid(&self) -> f64 {
        let place = |(low, high): (f64, f64), k: u8| low + (high - low) * f64::from(k) / 16.0;
        let heights = (0..=16).flat_map(|i| {
            (0..=16).map(move |j| (i, j)).map(|(i, j)| {
                let at = [place(self.range[0], i), place(self.range[1], j)];
                Surface::<f64>::height(self, at)
            })
        });
        let known = self.minima.iter().map(|minimum| minimum.value);
        let finite = heights.chain(known).filter(|height| height.is_finite());
        finite.reduce(f64::min).unwrap_or(0.0)
    }

    /// J by the sum over the rows.
    fn exact<R: Real>(&self, [u, v]: [R; 2]) -> R {
        let Some(regression) = regression(&self.objective) else {
            return R::constant(f64::NAN);
        };
        let [a, b] = &self.plane.axes;
        let parts = self.plane.origin.iter().zip(a.iter().zip(b));
        let point: Vec<R> = parts
            .map(|(origin, (a, b))| {
                R::constant(*origin) + u * R::constant(*a) + v * R::constant(*b)
            })
            .collect();
        regression.evaluate(&self.rows, &point, None)
    }
}

fn regression(objective: &Arc<dyn Objective>) -> Option<&Regression> {
    let any: &dyn Any = &**objective;
    any.downcast_ref()
}

/// All rows, or evenly chosen ones where there are too many.
fn sample(rows: usize) -> Rows {
    if rows <= MOST_ROWS {
        return Rows::InOrder(0..rows);
    }
    let chosen = (0..MOST_ROWS).map(|k| (k * rows / MOST_ROWS) as u32);
    Rows::Shuffled(chosen.collect(), 0..MOST_ROWS)
}

/// The foot of the closed form's parameters, which is marked as the target.
fn minima(regression: &Regression, plane: &Plane) -> Vec<Minimum> {
    let foot = |parameters: &[f64], value: f64| Minimum {
        at: plane.foot(parameters),
        value,
    };
    let fit = regression.fit().ok();
    fit.map(|fit| foot(&fit.parameters, fit.loss))
        .into_iter()
        .collect()
}

impl<R: Real> Surface<R> for Slice {
    fn height(&self, at: [R; 2]) -> R {
        let Some((value, slope, matrix)) = self.quadratic else {
            return self.exact(at);
        };
        let middle = self.middle();
        let [u, v] = [0, 1].map(|i| at[i] - R::constant(middle[i]));
        let half = R::constant(0.5);
        let c = R::constant;
        c(value)
            + c(slope[0]) * u
            + c(slope[1]) * v
            + half * (c(matrix[0][0]) * u * u + c(matrix[1][1]) * v * v)
            + c(matrix[0][1]) * u * v
    }
}

impl Landscape for Slice {
    fn card(&self) -> LandscapeCard<'_> {
        LandscapeCard {
            id: SLICE_ID,
            name: &self.names,
            formula: "J over all data",
            about: &self.about,
            source: "the experiment",
            range: self.range,
            start: self.start,
            minima: &self.minima,
            has_more_minima: false,
            is_searched: false,
            lowest: Some(self.lowest),
            regularity: Regularity::Smooth,
            settings: &[],
            fitted: None,
        }
    }

    fn with_settings(&self, _values: &[f64]) -> Chosen {
        Chosen::set(Arc::new(self.clone()), &self.identity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::regression::{Batches, Column, Loss, Model, Order, Table};
    use crate::numbers::Noise;

    fn objective(text: &str, loss: Loss) -> Arc<dyn Objective> {
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let rows = 5000;
        let x = (0..rows).map(|k| f64::from(k % 17) / 8.0 - 1.0).collect();
        let y = (0..rows).map(|k| f64::from(k % 5) - 2.0).collect();
        let table = Table::new(vec![Column::new("x", x), Column::new("y", y)]).unwrap();
        let model = Model::new(text, names(&["a", "b", "c"]), names(&["x", "y"])).unwrap();
        let batches = Batches::new(5000, 5000, Order::Table, false, 0);
        Arc::new(Regression::new(
            model,
            table,
            1,
            loss,
            batches,
            Noise::new(0),
        ))
    }

    #[test]
    fn a_slice_has_the_losses_of_the_points_on_its_plane() {
        for (text, loss) in [
            ("a*x^2 + b*x + c", Loss::MeanSquared),
            ("a*exp(b*x) + c", Loss::MeanAbsolute),
        ] {
            let objective = objective(text, loss);
            let plane = Plane::of_parameters([0, 2], &[0.5, -0.25, 2.0]);
            let range = [(-2.0, 2.0), (-1.0, 3.0)];
            let slice =
                Slice::of(&objective, plane.clone(), "a, c".into(), range, [0.5, 2.0]).unwrap();
            for at in [[0.0, 0.0], [1.5, -0.5], [-2.0, 3.0]] {
                let height: f64 = slice.height(at);
                let exact = objective.value(&plane.point(at));
                assert!(
                    (height - exact).abs() < 0.02 * exact,
                    "{text} {height} {exact}"
                );
            }
            let least = slice.card().least_value();
            assert!(least <= slice.height([0.5, 2.0]));
        }
    }
}
