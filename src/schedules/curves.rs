//! The ways from one rate to another that schedules share. All of them stay finite and are
//! never negative for finite rates from 0 on.

use std::f64::consts::PI;

/// How much of `length` is behind `position`, from 0 to 1; all of it when there is no length.
pub fn share(position: f64, length: f64) -> f64 {
    if position >= length {
        1.0
    } else {
        position / length
    }
}

/// The straight way from one rate to another; exactly `to` at its end.
pub fn straight(from: f64, to: f64, share: f64) -> f64 {
    if share >= 1.0 {
        to
    } else {
        from + (to - from) * share
    }
}

/// Half a cosine wave from one rate to another: slow, fast, slow.
pub fn half_wave(from: f64, to: f64, share: f64) -> f64 {
    straight(from, to, (1.0 - libm::cos(PI * share)) / 2.0)
}

/// `rate` times `factor`, at most the largest number there is.
pub fn scaled(rate: f64, factor: f64) -> f64 {
    if rate == 0.0 {
        0.0
    } else {
        (rate * factor).min(f64::MAX)
    }
}
