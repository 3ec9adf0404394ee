//! The product of two long vectors in single precision.

/// a·b, summed in double precision in a fixed order: eight sums side by side, which become vector
/// instructions. What one vector has more than the other is left out.
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    let mut sums = [0.0_f64; 8];
    let ((whole_a, rest_a), (whole_b, rest_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in whole_a.iter().zip(whole_b) {
        for (sum, (&a, &b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += f64::from(a) * f64::from(b);
        }
    }
    for (sum, (&a, &b)) in sums.iter_mut().zip(rest_a.iter().zip(rest_b)) {
        *sum += f64::from(a) * f64::from(b);
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_counts_also_those_beyond_the_last_eight() {
        for length in 0..20_u16 {
            let a: Vec<f32> = (1..=length).map(f32::from).collect();
            let b: Vec<f32> = a.iter().map(|x| 2.0 * x).collect();
            let squares: u32 = (1..=u32::from(length)).map(|x| x * x).sum();
            assert_eq!(dot(&a, &b), 2.0 * f64::from(squares));
        }
    }
}
