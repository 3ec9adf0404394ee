//! Gradients at many packed points in one call.

use super::Surface;
use crate::numbers::vector::{Work, one_by_one, widest};
use crate::numbers::{Dual, Lanes};

/// A surface that answers for a block of packed points at once.
pub trait PackedSurface {
    /// Writes J at each of the points into `heights` and ∂J/∂w into `slopes`.
    fn gradients(&self, at: &[[Lanes; 2]], heights: &mut [Lanes], slopes: &mut [[Lanes; 2]]);
}

impl<S: Surface<Dual<Lanes>>> PackedSurface for S {
    fn gradients(&self, at: &[[Lanes; 2]], heights: &mut [Lanes], slopes: &mut [[Lanes; 2]]) {
        let gradients = Gradients {
            surface: self,
            at,
            heights,
            slopes,
        };
        if let Err(Gradients {
            at,
            heights,
            slopes,
            ..
        }) = widest(gradients)
        {
            // Through the surface's own call, so that it is not compiled once more.
            let surface: &dyn Surface<Dual<Lanes>> = self;
            let plain = Gradients {
                surface,
                at,
                heights,
                slopes,
            };
            plain.work();
        }
    }
}

struct Gradients<'a, S: ?Sized> {
    surface: &'a S,
    at: &'a [[Lanes; 2]],
    heights: &'a mut [Lanes],
    slopes: &'a mut [[Lanes; 2]],
}

impl<S: Surface<Dual<Lanes>> + ?Sized> Work for Gradients<'_, S> {
    type Output = ();

    #[inline(always)]
    fn work(self) {
        let count = self.at.len().min(self.heights.len()).min(self.slopes.len());
        for index in 0..count {
            one_by_one();
            let found = self.surface.height(Dual::variables(self.at[index]));
            self.heights[index] = found.value;
            self.slopes[index] = found.slope;
        }
    }
}
