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

/// A number in so many digits, written as [`shortest`] writes it.
pub fn rounded(x: f64, digits: usize) -> String {
    let places = digits.saturating_sub(1);
    shortest(format!("{x:.places$e}").parse().unwrap_or(x))
}

/// That decimal in LaTeX: `1.5\cdot 10^{-8}`.
pub(super) fn latex(x: f64) -> String {
    if x.is_infinite() {
        return if x > 0.0 { r"\infty" } else { r"-\infty" }.to_owned();
    }
    if x.is_nan() {
        return r"\text{NaN}".to_owned();
    }
    let text = shortest(x);
    match text.split_once('e') {
        Some((digits, exponent)) => format!(r"{digits}\cdot 10^{{{exponent}}}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_to_their_bits() {
        for x in [0.1, -1.54, 1e-8, 5e-324, 1.0 / 3.0, 6.02e23, -0.0, 1e15] {
            assert_eq!(shortest(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
        }
        assert_eq!(
            (shortest(1e-8), latex(1.5e-8)),
            ("1e-8".into(), r"1.5\cdot 10^{-8}".into())
        );
        assert_eq!(
            (rounded(1.0 / 3.0, 4), rounded(-2e-9, 4)),
            ("0.3333".into(), "-2e-9".into())
        );
        assert_eq!(
            (rounded(f64::NAN, 4), rounded(f64::INFINITY, 4)),
            ("NaN".into(), "inf".into())
        );
        assert_eq!(latex(f64::NEG_INFINITY), r"-\infty");
    }
}
