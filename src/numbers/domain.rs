//! Which values a setting may take, and how a slider spreads them.

use serde::Serialize;
use std::fmt;

/// The values a setting may take.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Domain {
    /// The least value, allowed itself.
    pub least: f64,
    /// The upper end.
    pub most: f64,
    /// Whether the upper end itself is allowed.
    pub most_allowed: bool,
}

impl Domain {
    /// least ≤ x ≤ most.
    pub const fn closed(least: f64, most: f64) -> Self {
        Self {
            least,
            most,
            most_allowed: true,
        }
    }

    /// least ≤ x < most.
    pub const fn half_open(least: f64, most: f64) -> Self {
        Self {
            least,
            most,
            most_allowed: false,
        }
    }

    /// least ≤ x, finite.
    pub const fn at_least(least: f64) -> Self {
        Self::half_open(least, f64::INFINITY)
    }

    /// Any x that is finite.
    pub const FINITE: Self = Self::half_open(f64::MIN, f64::INFINITY);

    /// 0 ≤ x, finite.
    pub const NON_NEGATIVE: Self = Self::at_least(0.0);

    /// Whether a value may be used.
    pub fn contains(self, value: f64) -> bool {
        value >= self.least && (value < self.most || self.most_allowed && value == self.most)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::FINITE {
            return f.write_str("any finite number");
        }
        match (self.most.is_infinite(), self.most_allowed) {
            (true, _) => write!(f, "a finite number of at least {}", self.least),
            (false, true) => write!(f, "from {} to {}", self.least, self.most),
            (false, false) => write!(f, "at least {} and below {}", self.least, self.most),
        }
    }
}

/// How a slider spreads its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Evenly.
    Linear,
    /// Evenly in log x.
    Logarithmic,
    /// Evenly in log(1 − x): room near 1, where averaging factors live.
    NearOne,
    /// Whole numbers, evenly.
    Count,
    /// On or off.
    Flag,
    /// One of these, by its number from 0.
    Choice(&'static [&'static str]),
}

impl Scale {
    /// Whether only whole numbers make sense.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Count | Self::Flag | Self::Choice(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_say_what_they_hold_in_few_words() {
        for (domain, text) in [
            (Domain::FINITE, "any finite number"),
            (Domain::NON_NEGATIVE, "a finite number of at least 0"),
            (Domain::closed(0.0, 1.0), "from 0 to 1"),
            (Domain::half_open(0.0, 1.0), "at least 0 and below 1"),
        ] {
            assert_eq!(domain.to_string(), text);
        }
        assert!(Domain::FINITE.contains(f64::MIN) && Domain::FINITE.contains(f64::MAX));
        assert!(
            ![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]
                .iter()
                .any(|&x| Domain::FINITE.contains(x))
        );
    }
}
