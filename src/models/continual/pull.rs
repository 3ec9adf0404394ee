//! The pull of quadratic penalties over two parameters: EWC and its kin, seen whole.

use super::card::Kind;
use super::{Remedy, RemedyCard, Surfaces};

/// A pull back to where earlier tasks ended: Σ_k c/2·Σᵢ W_k,ᵢ(wᵢ − a_k,ᵢ)².
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pull {
    strength: f64,
    anchors: Vec<Anchor>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Anchor {
    at: [f64; 2],
    weights: [f64; 2],
}

/// An ellipse whose axes are those of the parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ellipse {
    /// Its middle.
    pub centre: [f64; 2],
    /// How far it reaches from there along each axis; infinite where nothing pulls.
    pub half_axes: [f64; 2],
}

impl RemedyCard {
    /// Whether the remedy can be tried on surfaces over two parameters, which have neither
    /// outputs, nor examples, nor units.
    pub fn works_on_surfaces(&self) -> bool {
        matches!(
            self.kind,
            Kind::FineTuning
                | Kind::Joint
                | Kind::SlowerRate
                | Kind::L2ToOld
                | Kind::Ewc
                | Kind::OnlineEwc
        )
    }
}

impl Pull {
    /// That of a remedy when the first surfaces were left at `ends`.
    pub fn of(remedy: Option<&Remedy>, surfaces: &Surfaces, ends: &[[f64; 2]]) -> Self {
        let Some(remedy) = remedy else {
            return Self::default();
        };
        let anchor = |(task, &at): (usize, &[f64; 2])| Anchor {
            at,
            weights: surfaces.curvature(task, at),
        };
        let mut anchors = ends.iter().enumerate().map(anchor);
        let anchors: Vec<Anchor> = match remedy.card.kind {
            Kind::Ewc => anchors.collect(),
            Kind::OnlineEwc => online(anchors, remedy.setting("decay")),
            Kind::L2ToOld => anchors
                .next_back()
                .map(|last| Anchor {
                    weights: [1.0; 2],
                    ..last
                })
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
        Self {
            strength: remedy.setting("strength"),
            anchors,
        }
    }

    /// Whether nothing is pulled.
    pub fn is_idle(&self) -> bool {
        self.strength == 0.0 || self.anchors.is_empty()
    }

    /// The penalty at `at`.
    pub fn value(&self, at: &[f64]) -> f64 {
        self.add(at, &mut [0.0; 2])
    }

    /// The penalty at `at`; adds its gradient.
    pub fn add(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for anchor in &self.anchors {
            for (axis, g) in gradient.iter_mut().enumerate().take(2) {
                let distance = at[axis] - anchor.at[axis];
                let slope = self.strength * anchor.weights[axis] * distance;
                *g += slope;
                sum += 0.5 * slope * distance;
            }
        }
        sum
    }

    /// Its second derivatives along both axes; between them they are 0.
    pub fn curvature(&self) -> [f64; 2] {
        [0, 1].map(|axis| {
            let weights = self.anchors.iter().map(|anchor| anchor.weights[axis]);
            self.strength * weights.sum::<f64>()
        })
    }

    /// Where the penalty is `rise` above its least: a sum of parabolas is one. None where nothing
    /// pulls, or nothing rises.
    pub fn ellipse(&self, rise: f64) -> Option<Ellipse> {
        if self.is_idle() || !(rise.is_finite() && rise > 0.0) {
            return None;
        }
        let centre = [0, 1].map(|axis| {
            let weights = self.anchors.iter().map(|anchor| anchor.weights[axis]);
            let total: f64 = weights.clone().sum();
            let places = self.anchors.iter().map(|anchor| anchor.at[axis]);
            let sum: f64 = weights.zip(places).map(|(weight, at)| weight * at).sum();
            if total > 0.0 {
                sum / total
            } else {
                self.anchors.last().map_or(0.0, |anchor| anchor.at[axis])
            }
        });
        let half_axes = self.curvature().map(|bend| (2.0 * rise / bend).sqrt());
        Some(Ellipse { centre, half_axes })
    }
}

/// One anchor for all: where the last task ended, with what is kept of older curvatures.
fn online(anchors: impl Iterator<Item = Anchor>, decay: f64) -> Vec<Anchor> {
    let all = anchors.reduce(|old, new| Anchor {
        at: new.at,
        weights: [0, 1].map(|axis| decay * old.weights[axis] + new.weights[axis]),
    });
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landscapes::formula::own;
    use crate::numbers::Noise;

    fn surfaces() -> Surfaces {
        let range = [(-2.0, 2.0); 2];
        let texts = ["10*w1^2 + 0.1*w2^2", "(w1-1)^2 + 2*w2^2", "w1^2 + w2^2"];
        let all = texts.map(|text| own(text, range).unwrap()).to_vec();
        Surfaces::new(all, 10, 0.0, Noise::new(0)).unwrap()
    }

    fn remedy(id: &str, settings: &[f64]) -> Remedy {
        let mut remedy = Remedy::new(RemedyCard::find(id).unwrap());
        remedy.settings[..settings.len()].copy_from_slice(settings);
        remedy
    }

    #[test]
    fn ewc_pulls_with_the_curvature_of_what_was_learnt() {
        let ewc = remedy("Ewc", &[3.0]);
        let pull = Pull::of(Some(&ewc), &surfaces(), &[[0.5, -1.0]]);
        // F = (20, 0.2), c = 3: 3/2·(20·0.5² + 0.2·2²) = 8.7, by hand.
        let mut gradient = [1.0, 1.0];
        let value = pull.add(&[1.0, 1.0], &mut gradient);
        assert!((value - 8.7).abs() < 1e-12, "{value}");
        assert!((gradient[0] - 31.0).abs() < 1e-12 && (gradient[1] - 2.2).abs() < 1e-12);
        assert_eq!(pull.value(&[0.5, -1.0]), 0.0);
    }

    #[test]
    fn the_ellipse_is_where_the_penalty_has_risen_by_as_much() {
        let ewc = remedy("Ewc", &[2.0]);
        let pull = Pull::of(Some(&ewc), &surfaces(), &[[0.5, -1.0], [1.0, 0.25]]);
        let Ellipse { centre, half_axes } = pull.ellipse(0.7).unwrap();
        let least = pull.value(&centre);
        for (axis, half) in half_axes.into_iter().enumerate() {
            for sign in [-1.0, 1.0] {
                let mut at = centre;
                at[axis] += sign * half;
                assert!((pull.value(&at) - least - 0.7).abs() < 1e-12, "{at:?}");
            }
        }
        assert!(pull.ellipse(0.0).is_none() && pull.ellipse(f64::NAN).is_none());
        assert!(Pull::default().ellipse(1.0).is_none());
    }

    #[test]
    fn every_remedy_keeps_what_its_card_says() {
        let ends = [[0.0, 0.0], [1.0, 0.0]];
        let of = |remedy: &Remedy| Pull::of(Some(remedy), &surfaces(), &ends);
        assert_eq!(of(&remedy("Ewc", &[1.0])).anchors.len(), 2);
        let l2 = of(&remedy("L2ToOld", &[1.0]));
        assert_eq!((l2.anchors.len(), l2.curvature()), (1, [1.0, 1.0]));
        // γ = 0.5: 0.5·(20, 0.2) + (2, 4).
        let online = of(&remedy("OnlineEwc", &[1.0, 0.5]));
        let [a, b] = online.curvature();
        assert!(
            (a - 12.0).abs() < 1e-12 && (b - 4.1).abs() < 1e-12,
            "{a} {b}"
        );
        assert_eq!(online.anchors[0].at, [1.0, 0.0]);
        assert!(of(&remedy("SlowerRate", &[])).is_idle());
    }
}
