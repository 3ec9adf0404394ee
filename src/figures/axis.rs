//! Where an axis has ticks and what they say.

/// One tick of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where, in axis units (log₁₀ of the value on a logarithmic axis).
    pub at: f64,
    /// Its text; empty for a minor tick.
    pub label: String,
}

/// Ticks at 1, 2 or 5 times a power of ten, about `count` of them.
pub fn linear_ticks(low: f64, high: f64, count: usize) -> Vec<Tick> {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return Vec::new();
    }
    let rough = span / count.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(10.0 * power);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last)
        .take(1000)
        .map(|k| {
            let at = k as f64 * step;
            Tick {
                at,
                label: number_near(at, step),
            }
        })
        .collect()
}

/// Ticks of a logarithmic axis whose ends are given as log₁₀: labelled at powers of ten (every
/// 2nd, 3rd, … when there are many), unlabelled at 2 to 9 where there is room; within two decades
/// 2 and 5 are labelled too where `count` labels have room for them, and a range within one decade has the ticks of a linear axis.
pub fn logarithmic_ticks(low: f64, high: f64, count: usize) -> Vec<Tick> {
    // Beyond ±400 no f64 has such a logarithm.
    if !(high > low && low > -400.0 && high < 400.0) {
        return Vec::new();
    }
    let decades = high - low;
    if decades < 1.0 {
        return linear_ticks(10_f64.powf(low), 10_f64.powf(high), count)
            .into_iter()
            .filter(|tick| tick.at > 0.0)
            .map(|tick| Tick {
                at: tick.at.log10(),
                label: tick.label,
            })
            .collect();
    }
    let has_room = decades < 2.0 && 3.0 * decades <= count as f64 + 1.0;
    let every = (decades / count.max(1) as f64).ceil().max(1.0) as i64;
    let mut ticks = Vec::new();
    for decade in low.floor() as i64..=high.ceil() as i64 {
        if decade % every == 0 {
            ticks.push(Tick {
                at: decade as f64,
                label: power_of_ten(decade),
            });
        }
        if decades < 8.0 {
            ticks.extend((2..10).map(|digit| Tick {
                at: decade as f64 + f64::from(digit).log10(),
                label: match digit {
                    2 | 5 if has_room => {
                        significant(f64::from(digit) * 10_f64.powi(decade as i32), 1)
                    }
                    _ => String::new(),
                },
            }));
        }
    }
    ticks.retain(|tick| (low..=high).contains(&tick.at));
    ticks
}

/// 10ⁿ as people write it: 0.01, 1, 100, 10⁶.
fn power_of_ten(exponent: i64) -> String {
    match exponent {
        -3..=4 => format!("{}", 10_f64.powi(exponent as i32)),
        _ => format!("10{}", superscript(exponent)),
    }
}

/// A whole number in superscript digits.
pub fn superscript(number: i64) -> String {
    number
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            _ => '⁹',
        })
        .collect()
}

/// A number with as many decimals as tell it from its neighbours `step` away.
fn number_near(value: f64, step: f64) -> String {
    let largest = value.abs().max(step);
    if !(1e-4..1e6).contains(&largest) {
        return significant(value, 3);
    }
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    minus_sign(format!(
        "{:.decimals$}",
        if value == 0.0 { 0.0 } else { value }
    ))
}

/// A number in `digits` significant digits, with a power of ten where that is shorter:
/// 0.00123, 580.23, 6.07·10⁸. Infinite values and NaN are said in words' place: ∞, −∞, NaN.
pub fn significant(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.into();
    }
    if value == 0.0 {
        return "0".into();
    }
    let exponent = format!("{value:.*e}", digits.saturating_sub(1))
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse::<i64>().ok())
        .unwrap_or(0);
    if (-4..6).contains(&exponent) {
        let decimals = (digits as i64 - 1 - exponent).max(0) as usize;
        return minus_sign(trim_zeros(&format!("{value:.decimals$}")));
    }
    let mantissa = value / 10_f64.powi(exponent as i32);
    let mantissa = if mantissa.is_finite() && mantissa != 0.0 {
        format!("{mantissa:.*}", digits.saturating_sub(1))
    } else {
        // 10ⁿ itself leaves the range of f64 for the smallest numbers.
        format!("{value:.*e}", digits.saturating_sub(1))
            .split_once('e')
            .map_or_else(String::new, |(mantissa, _)| mantissa.to_owned())
    };
    minus_sign(format!(
        "{}·10{}",
        trim_zeros(&mantissa),
        superscript(exponent)
    ))
}

fn trim_zeros(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

fn minus_sign(text: String) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks
            .iter()
            .map(|tick| tick.label.as_str())
            .filter(|label| !label.is_empty())
            .collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(
            labels(&linear_ticks(0.0, 150.0, 5)),
            ["0", "50", "100", "150"]
        );
        assert_eq!(labels(&linear_ticks(-0.25, 0.3, 5)), ["−0.2", "0.0", "0.2"]);
    }

    #[test]
    fn logarithmic_ticks_name_powers_of_ten() {
        assert_eq!(
            labels(&logarithmic_ticks(-2.0, 3.0, 10)),
            ["0.01", "0.1", "1", "10", "100", "1000"]
        );
        assert_eq!(
            labels(&logarithmic_ticks(-300.0, 300.0, 4)),
            ["10⁻³⁰⁰", "10⁻¹⁵⁰", "1", "10¹⁵⁰", "10³⁰⁰"]
        );
        assert_eq!(labels(&logarithmic_ticks(0.48, 0.9, 4)), ["4", "6"]);
        assert_eq!(
            labels(&logarithmic_ticks(1.4, 3.1, 7)),
            ["50", "100", "200", "500", "1000"]
        );
        assert_eq!(labels(&logarithmic_ticks(1.4, 3.1, 2)), ["100", "1000"]);
    }

    #[test]
    fn significant_digits() {
        assert_eq!(significant(580.226_9, 6), "580.227");
        assert_eq!(significant(-0.001, 6), "−0.001");
        assert_eq!(significant(123_456_789.0, 4), "1.235·10⁸");
        assert_eq!(significant(5e-324, 3), "4.94·10⁻³²⁴");
        assert_eq!(significant(f64::MAX, 3), "1.8·10³⁰⁸");
        assert_eq!(significant(999_999.9, 3), "1·10⁶");
    }

    proptest! {
        #[test]
        fn ticks_lie_in_the_range_and_rise(low in any::<f64>(), span in 1e-300..1e300_f64, count in 0..12_usize) {
            for ticks in [linear_ticks(low, low + span, count), logarithmic_ticks(low, low + span, count)] {
                prop_assert!(ticks.len() < 20_000);
            }
            let low = low % 300.0;
            let ticks = logarithmic_ticks(low, low + span.min(50.0), count.max(1));
            prop_assert!(ticks.iter().all(|t| t.at >= low - 1e-9 && t.at <= low + 50.0 + 1e-9));
        }

        #[test]
        fn any_number_has_a_text(value in any::<f64>(), digits in 0..17_usize) {
            prop_assert!(!significant(value, digits).is_empty());
        }
    }
}
