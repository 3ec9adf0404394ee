//! How heights are spread over the height of the box.

use crate::figures::axis::{Tick, linear_ticks, significant};
use crate::figures::curves::AxisScale;
use crate::figures::field::{Field, HeightScale};

/// How heights are spread over the height of the box: 0 at its bottom, 1 at its top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeightAxis {
    scale: HeightScale,
    /// The height at the top where heights are spread evenly; none where they are spread as the
    /// colours are.
    top: Option<f64>,
    is_clipped: bool,
}

impl HeightAxis {
    /// The axis for the heights of `field`.
    ///
    /// Spread evenly, a landscape with one steep corner would be a spike on a plain: the box
    /// ends at three times the height that three quarters of the landscape keep below.
    pub fn new(spread: AxisScale, scale: HeightScale, field: &Field) -> Self {
        let mut heights: Vec<f64> = field.heights.clone();
        heights.retain(|height| height.is_finite());
        heights.sort_by(f64::total_cmp);
        let highest = heights.last().copied().unwrap_or(1.0);
        if spread == AxisScale::Logarithmic {
            return Self {
                scale,
                top: None,
                is_clipped: scale.position(highest) > 1.0 + 1e-9,
            };
        }
        let usual = heights.get(heights.len() * 3 / 4).copied().unwrap_or(1.0);
        let top = highest.min(scale.least() + 3.0 * (usual - scale.least()));
        let above_least = top - scale.least() > 0.0 && (top - scale.least()).is_finite();
        let top = if above_least { top } else { scale.height(1.0) };
        Self {
            scale,
            top: Some(top),
            is_clipped: highest > top,
        }
    }

    /// The place of a height, from 0 to 1; what is not finite lies at the top.
    pub fn position(&self, height: f64) -> f64 {
        let position = match self.top {
            Some(top) => (height - self.scale.least()) / (top - self.scale.least()),
            None => self.scale.position(height),
        };
        if height.is_finite() && position.is_finite() {
            position.clamp(0.0, 1.0)
        } else {
            1.0
        }
    }

    /// Whether some of the landscape is higher than the box.
    pub fn is_clipped(&self) -> bool {
        self.is_clipped
    }

    /// Ticks, about `count`; `at` is a position.
    pub fn ticks(&self, count: usize) -> Vec<Tick> {
        let count = count.max(1);
        match self.top {
            Some(top) => linear_ticks(self.scale.least(), top, count)
                .into_iter()
                .map(|tick| Tick {
                    at: self.position(tick.at),
                    label: tick.label,
                })
                .collect(),
            None => self.uneven_ticks(count),
        }
    }

    /// The heights at even places, each rounded as far as its neighbour allows and put where
    /// it then belongs.
    fn uneven_ticks(&self, count: usize) -> Vec<Tick> {
        let height = |k: usize| self.scale.height(k as f64 / count as f64);
        (0..=count)
            .filter_map(|k| {
                let exact = height(k);
                let gap = height(k.max(1)) - height(k.max(1) - 1);
                let unit = 10_f64.powf((0.4 * gap).log10().floor());
                let rounded = (exact / unit).round() * unit;
                let at = self.scale.position(rounded);
                let is_inside = rounded >= self.scale.least() && at <= 1.02;
                let value = if is_inside { rounded } else { exact };
                value.is_finite().then(|| Tick {
                    at: self.position(value),
                    label: significant(value, 3),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::field::Window;
    use crate::landscapes::LANDSCAPES;

    #[test]
    fn positions_rise_with_the_height_and_fill_the_box() {
        for landscape in LANDSCAPES {
            let field = Field::sample(*landscape, Window::of(&landscape.card()), 65, 65);
            let scale = HeightScale::of(*landscape);
            for spread in [AxisScale::Linear, AxisScale::Logarithmic] {
                let axis = HeightAxis::new(spread, scale, &field);
                let mut heights = field.heights.clone();
                heights.sort_by(f64::total_cmp);
                let places: Vec<f64> = heights.iter().map(|h| axis.position(*h)).collect();
                assert!(places.is_sorted(), "{landscape:?} {spread:?}");
                assert!(places[0] < 0.2, "{landscape:?} {spread:?} {}", places[0]);
                assert!(places[places.len() - 1] > 0.97, "{landscape:?} {spread:?}");
                // The middle of the landscape is neither on the floor nor at the top.
                let ticks = axis.ticks(5);
                assert!((2..=12).contains(&ticks.len()), "{landscape:?} {ticks:?}");
                assert!(ticks.is_sorted_by(|a, b| a.at < b.at), "{ticks:?}");
            }
        }
    }

    #[test]
    fn what_is_not_finite_lies_at_the_top() {
        let landscape = LANDSCAPES[0];
        let mut field = Field::sample(landscape, Window::of(&landscape.card()), 9, 9);
        let scale = HeightScale::of(landscape);
        field.heights.fill(f64::NAN);
        for spread in [AxisScale::Linear, AxisScale::Logarithmic] {
            let axis = HeightAxis::new(spread, scale, &field);
            for height in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
                assert_eq!(axis.position(height), 1.0, "{height}");
            }
            assert_eq!(axis.position(f64::MIN), 0.0);
            axis.ticks(0);
        }
    }
}
