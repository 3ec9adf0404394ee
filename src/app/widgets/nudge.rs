//! One press of an arrow key on a number: how far it goes.

use crate::optimizers::Scale;
use egui::{EventFilter, Key, Modifiers, Response, Ui};

/// Presses for a factor of ten, where a number is spread by powers of ten.
const A_DECADE: f64 = 20.0;

/// Presses for the whole of an evenly spread range, about.
const A_RANGE: f64 = 100.0;

/// How a number is spread, where it is nudged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// As a slider over this range is.
    Slider((f64, f64), Scale),
    /// By its own second digit.
    Digits,
}

/// What the arrow keys ask of a control that has the focus: +1 or −1, ten times as much with
/// Shift, a tenth with Alt. `upright` takes ↑ and ↓ (a field, in which ← and → move the cursor),
/// otherwise ← and →.
pub fn asked(id: egui::Id, upright: bool, ui: &Ui) -> Option<f64> {
    if !ui.memory(|memory| memory.has_focus(id)) {
        return None;
    }
    let (back, on) = if upright {
        (Key::ArrowDown, Key::ArrowUp)
    } else {
        (Key::ArrowLeft, Key::ArrowRight)
    };
    ui.input_mut(|input| {
        let kinds = [
            (Modifiers::SHIFT, 10.0),
            (Modifiers::ALT, 0.1),
            (Modifiers::NONE, 1.0),
        ];
        let presses: f64 = kinds
            .map(|(modifiers, weight)| {
                let mut count = |key| input.count_and_consume_key(modifiers, key) as f64;
                weight * (count(on) - count(back))
            })
            .iter()
            .sum();
        (presses != 0.0).then_some(presses)
    })
}

/// Keeps arrow keys, with or without others held, from leading the focus away from a control.
pub fn hold_focus(response: &Response, upright: bool, ui: &Ui) {
    if response.has_focus() {
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: upright,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
}

/// The number after so many presses.
pub fn nudged(value: f64, presses: f64, spread: Spread) -> f64 {
    if !value.is_finite() {
        return value;
    }
    match spread {
        Spread::Slider(range, Scale::Logarithmic) => by_decades(value, presses, range.0),
        Spread::Slider(_, Scale::NearOne) => {
            let rest = by_decades(1.0 - value, -presses, 0.0);
            significant(1.0 - rest, 12)
        }
        Spread::Slider(_, Scale::Count) => value.round() + whole(presses),
        Spread::Slider((low, high), _) => evenly(value, presses, step_of((high - low) / A_RANGE)),
        Spread::Digits => {
            let size = value.abs();
            let digit = if size > 0.0 {
                size.log10().floor()
            } else {
                0.0
            };
            // Downwards 1.0 is a number of the digit below.
            evenly(value, presses, 10_f64.powf(digit - 1.0))
        }
    }
}

/// At least one, where anything is asked for.
fn whole(presses: f64) -> f64 {
    let least = presses.signum();
    if presses.abs() < 1.0 {
        least
    } else {
        presses.round()
    }
}

/// By twentieths of a decade; a number that stands on such a step goes to the next, so that
/// there and back is where it was.
fn by_decades(value: f64, presses: f64, least: f64) -> f64 {
    if value <= 0.0 {
        let first = if least > 0.0 { least } else { 1e-6 };
        return if value == 0.0 && presses > 0.0 {
            first
        } else {
            value
        };
    }
    let fineness = if presses.abs() < 1.0 {
        A_DECADE * 10.0
    } else {
        A_DECADE
    };
    let at = value.log10() * fineness;
    let near = at.round();
    let from = if (at - near).abs() < 0.15 { near } else { at };
    let by = presses * fineness / A_DECADE;
    significant(10_f64.powf((from + by) / fineness), 3)
}

/// By an even step; without the error of binary fractions.
fn evenly(value: f64, presses: f64, step: f64) -> f64 {
    significant(value + presses * step, 12)
}

/// The nearest of 1, 2 and 5 times a power of ten.
fn step_of(wanted: f64) -> f64 {
    if wanted <= 0.0 || !wanted.is_finite() {
        return 0.01;
    }
    let power = 10_f64.powf(wanted.log10().floor());
    let digit = match wanted / power {
        digit if digit < 1.5 => 1.0,
        digit if digit < 3.5 => 2.0,
        digit if digit < 7.5 => 5.0,
        _ => 10.0,
    };
    digit * power
}

/// So many significant digits.
fn significant(value: f64, digits: usize) -> f64 {
    let decimals = digits.saturating_sub(1);
    format!("{value:.decimals$e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: Spread = Spread::Slider((1e-6, 10.0), Scale::Logarithmic);
    const SHARE: Spread = Spread::Slider((0.0, 1.0), Scale::Linear);
    const AVERAGE: Spread = Spread::Slider((0.0, 0.999), Scale::NearOne);
    const COUNT: Spread = Spread::Slider((1.0, 50.0), Scale::Count);

    #[test]
    fn a_press_is_a_readable_step() {
        for (from, presses, spread, to) in [
            (0.001, 1.0, RATE, 0.001_12),
            (0.001, 10.0, RATE, 0.003_16),
            (0.001, -20.0, RATE, 0.0001),
            (0.001, 0.1, RATE, 0.001_01),
            (0.0, 1.0, RATE, 1e-6),
            (0.0, -1.0, RATE, 0.0),
            (0.5, 1.0, SHARE, 0.51),
            (0.5, -10.0, SHARE, 0.4),
            (0.5, 0.1, SHARE, 0.501),
            (0.9, 1.0, AVERAGE, 0.9109),
            (0.9, 20.0, AVERAGE, 0.99),
            (5.0, 1.0, COUNT, 6.0),
            (5.0, 10.0, COUNT, 15.0),
            (5.0, -0.1, COUNT, 4.0),
            (-1.54, 1.0, Spread::Digits, -1.44),
            (-1.54, -0.1, Spread::Digits, -1.55),
            (0.0, 1.0, Spread::Digits, 0.1),
        ] {
            assert_eq!(nudged(from, presses, spread), to, "{from} by {presses}");
        }
        assert!(nudged(f64::NAN, 1.0, RATE).is_nan());
    }

    proptest! {
        #[test]
        fn there_and_back_is_where_it_was(from in -100..100_i32, presses in prop::sample::select(vec![1.0, 10.0, 0.1])) {
            let rate = nudged(0.001, f64::from(from % 40), RATE);
            let there = nudged(rate, presses, RATE);
            prop_assert!(there > rate);
            // Rates are rounded to three digits on the way there and on the way back.
            let back = nudged(there, -presses, RATE);
            prop_assert!((back / rate - 1.0).abs() < 0.01, "{rate} {there} {back}");
            let share = f64::from(from) / 100.0;
            let there = nudged(share, presses, SHARE);
            prop_assert_eq!(nudged(there, -presses, SHARE), share);
        }
    }
}
