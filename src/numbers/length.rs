//! The length of a vector.

/// The smallest sum of squares from which no square that matters was too small to be told from 0.
const LEAST_SUM: f64 = 1e-280;

/// ‖x‖₂, without overflow or underflow where the result itself is finite and not 0.
pub fn length(x: impl Iterator<Item = f64> + Clone) -> f64 {
    let squares: f64 = x.clone().map(|component| component * component).sum();
    if squares >= LEAST_SUM && squares.is_finite() {
        return squares.sqrt();
    }
    // Rarely: `hypot` takes several times as long.
    x.fold(0.0, |length: f64, component| length.hypot(component))
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn squares_out_of_range_do_not_matter() {
        let of = |x: &[f64]| length(x.iter().copied());
        assert_eq!(of(&[3.0, -4.0]), 5.0);
        assert_eq!(of(&[]), 0.0);
        for scale in [1e-300, 1e-160, 1e-140, 1e150, 1e300] {
            let found = of(&[3.0 * scale, 4.0 * scale]) / scale;
            assert!((found - 5.0).abs() < 1e-12, "{scale:e}: {found}");
        }
        assert_eq!(of(&[f64::NEG_INFINITY, 1.0]), f64::INFINITY);
        assert!(of(&[1.0, f64::NAN]).is_nan());
    }
}
