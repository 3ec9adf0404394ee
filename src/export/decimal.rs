//! Numbers as text that loses nothing.

/// The shortest decimal that reads back to the same bits: plain (`0.001`) where people write
/// numbers so, with an exponent (`1e-300`) where the zeros would bury the digits.
pub fn shortest(x: f64) -> String {
    let size = x.abs();
    if size == 0.0 || (1e-5..1e16).contains(&size) || !size.is_finite() {
        x.to_string()
    } else {
        format!("{x:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_look_as_people_write_them() {
        let cases = [
            (0.001, "0.001"),
            (-1.54, "-1.54"),
            (1.0, "1"),
            (0.0, "0"),
            (-0.0, "-0"),
            (1e308, "1e308"),
            (5e-324, "5e-324"),
            (1e-5, "0.00001"),
            (123_456_789.125, "123456789.125"),
        ];
        for (x, text) in cases {
            assert_eq!(shortest(x), text);
        }
    }

    proptest! {
        #[test]
        fn every_number_reads_back_to_its_bits(bits: u64) {
            let x = f64::from_bits(bits);
            prop_assume!(!x.is_nan());
            let text = shortest(x);
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), bits);
            prop_assert!(text.len() <= 24, "{}", text);
        }
    }
}
