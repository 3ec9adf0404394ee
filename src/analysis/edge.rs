//! Where theory puts the edge of stability on a map.

use super::map::MapQuestion;
use super::stability;
use crate::experiment::Quantity;

/// Parts of the other axis between two points of the edge.
const PARTS: u32 = 64;

/// The edge in values along the axes: on axes of the learning rate, where the greatest curvature
/// is the same everywhere.
pub fn find(question: &MapQuestion) -> Vec<[f64; 2]> {
    let rate_is_x = question.x.quantity == Quantity::LearningRate;
    if !rate_is_x && question.y.quantity != Quantity::LearningRate {
        return Vec::new();
    }
    // The other runs say nothing of it.
    let alone = question.experiment.only(question.run);
    let checked = alone.check().ok();
    let Some(curvature) = checked.and_then(|checked| stability::curvature_of(&checked)) else {
        return Vec::new();
    };
    let other = if rate_is_x { &question.y } else { &question.x };
    // Nothing else on an axis bends what is minimised.
    let bends = matches!(other.quantity, Quantity::Surface(_));
    (0..=PARTS)
        .filter_map(|part| {
            let value = other.at(f64::from(part) / f64::from(PARTS));
            let mut experiment = alone.clone();
            other.quantity.set(&mut experiment, 0, value);
            let checked = experiment.check().ok()?;
            let curvature = match bends {
                true => stability::curvature_of(&checked)?,
                false => curvature,
            };
            let rate = stability::greatest_rate(checked.runs.first()?, curvature)?;
            Some(match rate_is_x {
                true => [rate, value],
                false => [value, rate],
            })
        })
        .collect()
}
