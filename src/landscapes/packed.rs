//! Gradients at many packed points in one call.

use super::Surface;
use crate::numbers::vector::{Work, vectorized};
use crate::numbers::{Dual, Lanes};

/// A surface that answers for a block of packed points at once.
pub trait PackedSurface {
    /// Writes J at each of the points into `heights` and ∂J/∂w into `slopes`.
    fn gradients(&self, at: &[[Lanes; 2]], heights: &mut [Lanes], slopes: &mut [[Lanes; 2]]);
}

impl<S: Surface<Dual<Lanes>>> PackedSurface for S {
    fn gradients(&self, at: &[[Lanes; 2]], heights: &mut [Lanes], slopes: &mut [[Lanes; 2]]) {
        vectorized(Gradients {
            surface: self,
            at,
            heights,
            slopes,
        });
    }
}

struct Gradients<'a, S> {
    surface: &'a S,
    at: &'a [[Lanes; 2]],
    heights: &'a mut [Lanes],
    slopes: &'a mut [[Lanes; 2]],
}

impl<S: Surface<Dual<Lanes>>> Work for Gradients<'_, S> {
    type Output = ();

    #[inline(always)]
    fn work(self) {
        let each = self.at.iter().zip(self.heights).zip(self.slopes);
        for ((at, height), slope) in each {
            let found = self.surface.height(Dual::variables(*at));
            *height = found.value;
            *slope = found.slope;
        }
    }
}
