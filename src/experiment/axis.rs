//! An axis of a map, a sweep or a search: what varies, and over which values.
//!
//! Written `QUANTITY=[0,]LOW:HIGH[:COUNT][:log|:linear]` or `QUANTITY=VALUE,VALUE,…`, or
//! `QUANTITY` alone for its usual values:
//!
//! ```text
//! learning_rate=1e-5:1:256:log     256 values from 0.00001 to 1, each the same factor apart
//! decay=0,0.001:10:9:log           0, and 9 values from 0.001 to 10
//! decay=0.001:10                   the usual number of values, spread as usual for a decay
//! seed=0:63                        every whole number
//! momentum=0.5,0.9,0.99            these three
//! ```

use super::{Experiment, NoSuchQuantity, Quantity};
use crate::numbers::{Domain, Scale};
use std::fmt;
use thiserror::Error;

/// How many values an axis has where nobody says.
pub const USUAL_COUNT: usize = 32;

/// The part of a search that has 0 where an axis has it beside its range.
const ZERO: f64 = 1.0 / 16.0;

/// The most values of one axis.
pub const MAX_COUNT: usize = 1_000_000;

/// How the values of an axis lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Evenly.
    Linear,
    /// Each the same factor apart.
    Logarithmic,
}

/// What varies, and over which values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What varies.
    pub quantity: Quantity,
    /// The least value.
    pub low: f64,
    /// The greatest value.
    pub high: f64,
    /// How the values lie between them.
    pub spread: Spread,
    /// How many there are, without the 0 beside them.
    pub count: usize,
    /// Whether 0 is a value too, where they lie logarithmically and can come no nearer to it.
    pub zero: bool,
    /// Whether only whole numbers make sense.
    pub whole: bool,
    /// The values themselves, where they were listed.
    pub listed: Option<Vec<f64>>,
}

/// Why a text is no axis.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AxisError {
    /// The run has no such quantity.
    #[error("axis {0}")]
    Quantity(#[from] NoSuchQuantity),
    /// The values cannot be read or don't make sense.
    #[error(
        "axis `{text}`: {reason}; write QUANTITY=[0,]LOW:HIGH[:COUNT][:log|:linear] \
         (learning_rate=1e-5:1:64:log) or QUANTITY=VALUE,VALUE,… (momentum=0.5,0.9)"
    )]
    Values {
        /// The axis as it was written.
        text: String,
        /// What is wrong.
        reason: String,
    },
    /// It belongs to all runs, and every one of several would find its own.
    #[error(
        "axis `{quantity}`: all runs share it, and each would find its own; search it for a single \
         run (--run R), or leave it as it is"
    )]
    Shared {
        /// What is shared.
        quantity: Quantity,
    },
    /// None of the runs that are meant has it.
    #[error("axis `{text}`: none of the chosen runs has it")]
    Lacking {
        /// The axis as it was written.
        text: String,
    },
}

impl Axis {
    /// Reads an axis for run `run` of an experiment.
    ///
    /// # Errors
    /// When the run has no such quantity, or the values make no sense for it.
    pub fn read(text: &str, experiment: &Experiment, run: usize) -> Result<Self, AxisError> {
        let (name, values) = match text.split_once('=') {
            Some((name, values)) => (name.trim(), Some(values.trim())),
            None => (text.trim(), None),
        };
        let axis = Self::usual(Quantity::named(name), experiment, run)?;
        let Some(values) = values else {
            return Ok(axis);
        };
        let domain = axis.quantity.traits(experiment, run)?.domain;
        let read = if values.contains(':') {
            axis.ranged(values, domain)
        } else {
            axis.with_list(values, domain)
        };
        read.map_err(|reason| AxisError::Values {
            text: text.to_owned(),
            reason,
        })
    }

    /// A quantity over its usual values.
    ///
    /// # Errors
    /// When the run has no such quantity.
    pub fn usual(
        quantity: Quantity,
        experiment: &Experiment,
        run: usize,
    ) -> Result<Self, NoSuchQuantity> {
        let traits = quantity.traits(experiment, run)?;
        let (low, high) = traits.usual;
        let is_logarithmic = traits.scale == Scale::Logarithmic && low > 0.0;
        let whole = traits.scale.is_whole();
        let mut axis = Self {
            quantity,
            low,
            high,
            spread: if is_logarithmic {
                Spread::Logarithmic
            } else {
                Spread::Linear
            },
            count: USUAL_COUNT,
            zero: false,
            whole,
            listed: None,
        };
        if whole {
            axis.count = axis.whole_numbers().min(USUAL_COUNT);
        }
        Ok(axis)
    }

    /// The usual axis as a search has it: rates from a tenth to ten times as far as on a slider,
    /// and no decay at all beside the decays.
    #[must_use]
    pub fn searched(mut self) -> Self {
        match self.quantity {
            Quantity::LearningRate => {
                self.high *= 10.0;
                self.low /= 10.0;
            }
            Quantity::Decay => self.zero = true,
            _ => {}
        }
        self
    }

    fn whole_numbers(&self) -> usize {
        (self.high - self.low + 1.0).clamp(1.0, MAX_COUNT as f64) as usize
    }

    fn ranged(mut self, text: &str, domain: Domain) -> Result<Self, String> {
        let behind_zero = text.strip_prefix('0').map(str::trim_start);
        let behind_zero = behind_zero.and_then(|rest| rest.strip_prefix(','));
        self.zero = behind_zero.is_some();
        let text = behind_zero.unwrap_or(text);
        let mut parts: Vec<&str> = text.split(':').map(str::trim).collect();
        match parts.last() {
            Some(&"log") => self.spread = Spread::Logarithmic,
            Some(&"linear") => self.spread = Spread::Linear,
            _ => parts.push(""),
        }
        parts.pop();
        let (low, high, count) = match parts[..] {
            [low, high] => (low, high, None),
            [low, high, count] => (low, high, Some(count)),
            _ => return Err("a range has a low and a high end and perhaps a count".to_owned()),
        };
        self.low = number(low, domain, self.whole)?;
        self.high = number(high, domain, self.whole)?;
        if self.low >= self.high {
            return Err(format!("{low} does not lie below {high}"));
        }
        if self.spread == Spread::Logarithmic && self.low <= 0.0 {
            return Err(format!(
                "{low} is not above 0, where a logarithmic axis must begin (`:linear` may begin \
                 there)"
            ));
        }
        let is_wide = match self.spread {
            Spread::Linear => self.high - self.low == f64::INFINITY,
            Spread::Logarithmic => self.high / self.low == f64::INFINITY,
        };
        if is_wide {
            return Err(format!("from {low} to {high} is too wide to be divided"));
        }
        if self.zero {
            number("0", domain, self.whole)?;
            if self.spread == Spread::Linear {
                return Err(
                    "0 stands before a logarithmic range only; a linear one may begin \
                            there (0:1:linear)"
                        .to_owned(),
                );
            }
        }
        self.count = match count {
            None if self.whole => self.whole_numbers(),
            None => USUAL_COUNT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|count| (2..=MAX_COUNT).contains(count))
                .ok_or_else(|| format!("`{text}` is not a count from 2 to {MAX_COUNT}"))?,
        };
        if self.whole {
            self.count = self.count.min(self.whole_numbers());
            self.without_repeats();
        }
        Ok(self)
    }

    /// Whole numbers on a logarithmic axis lie so near to each other at its low end that rounding
    /// makes some the same; then they are listed, each once.
    fn without_repeats(&mut self) {
        let mut values: Vec<f64> = (0..self.values()).map(|index| self.value(index)).collect();
        let count = values.len();
        values.dedup();
        if values.len() < count {
            self.count = values.len();
            self.zero = false;
            self.spread = Spread::Linear;
            self.listed = Some(values);
        }
    }

    fn with_list(mut self, text: &str, domain: Domain) -> Result<Self, String> {
        let values = text
            .split(',')
            .map(|value| number(value.trim(), domain, self.whole));
        let values: Vec<f64> = values.collect::<Result<_, _>>()?;
        if values.len() > MAX_COUNT {
            return Err(format!("more than {MAX_COUNT} values"));
        }
        self.low = values.iter().copied().fold(f64::INFINITY, f64::min);
        self.high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.count = values.len();
        self.listed = Some(values);
        Ok(self)
    }

    /// The value at a share of the way, 0 for the low end and 1 for the high one.
    pub fn at(&self, share: f64) -> f64 {
        let value = match self.spread {
            Spread::Linear => self.low + share * (self.high - self.low),
            Spread::Logarithmic => self.low * libm::pow(self.high / self.low, share),
        };
        let value = if self.whole { value.round() } else { value };
        value.clamp(self.low, self.high)
    }

    /// A value at a share of the way; of a list, the entry there.
    pub fn sampled(&self, share: f64) -> f64 {
        match &self.listed {
            Some(values) => values[((share * values.len() as f64) as usize).min(values.len() - 1)],
            None if !self.zero => self.at(share),
            None if share < ZERO => 0.0,
            None => self.at((share - ZERO) / (1.0 - ZERO)),
        }
    }

    /// A share that [`Axis::sampled`] gives the value for that lies nearest to `value`.
    pub fn nearest(&self, value: f64) -> f64 {
        let Some(values) = &self.listed else {
            let share = self.share(value.clamp(self.low, self.high)).clamp(0.0, 1.0);
            return match self.zero {
                true if value < 0.5 * self.low => 0.5 * ZERO,
                true => ZERO + share * (1.0 - ZERO),
                false => share,
            };
        };
        let distance = |index: &usize| (values[*index] - value).abs();
        let closer = |a: &usize, b: &usize| distance(a).total_cmp(&distance(b));
        let index = (0..values.len()).min_by(closer).unwrap_or(0);
        (index as f64 + 0.5) / values.len() as f64
    }

    /// The share of the way at which a value lies, from 0 to 1 inside.
    pub fn share(&self, value: f64) -> f64 {
        match self.spread {
            Spread::Linear => (value - self.low) / (self.high - self.low),
            Spread::Logarithmic => libm::log(value / self.low) / libm::log(self.high / self.low),
        }
    }

    /// How many values the grid has.
    pub fn values(&self) -> usize {
        self.count + usize::from(self.zero)
    }

    /// Value `index` of the grid; the ends are among them.
    pub fn value(&self, index: usize) -> f64 {
        if self.zero && index == 0 {
            return 0.0;
        }
        let index = index - usize::from(self.zero);
        match &self.listed {
            Some(values) => values[index.min(values.len() - 1)],
            None if index + 1 >= self.count => self.high,
            None => self.at(index as f64 / (self.count - 1).max(1) as f64),
        }
    }
}

/// A number of an axis, in its domain.
fn number(text: &str, domain: Domain, whole: bool) -> Result<f64, String> {
    let value: f64 = text
        .parse()
        .map_err(|_| format!("`{text}` is not a number"))?;
    if !value.is_finite() || !domain.contains(value) {
        return Err(format!("{text} is out of range; give {domain}"));
    }
    if whole && value.fract() != 0.0 {
        return Err(format!("{text} is not a whole number"));
    }
    Ok(value)
}

impl fmt::Display for Axis {
    /// The axis as it can be read again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.quantity)?;
        if let Some(values) = &self.listed {
            for (index, value) in values.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                write!(f, "{comma}{value}")?;
            }
            return Ok(());
        }
        let spread = match self.spread {
            Spread::Linear => "linear",
            Spread::Logarithmic => "log",
        };
        let zero = if self.zero { "0," } else { "" };
        write!(
            f,
            "{zero}{}:{}:{}:{spread}",
            self.low, self.high, self.count
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    fn experiment() -> Experiment {
        preset::read(
            r#"(version: 1, objective: Landscape(surface: "beale"), runs: [
                (optimizer: "momentum", wrappers: [ClipNorm(1.0)]),
                (optimizer: "sgd", schedule: Step(every: 10, factor: 0.5))])"#,
        )
        .unwrap()
    }

    fn read(text: &str) -> Result<Axis, String> {
        Axis::read(text, &experiment(), 0).map_err(|error| error.to_string())
    }

    fn values(text: &str) -> Vec<f64> {
        let axis = read(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read(&axis.to_string()).as_ref(), Ok(&axis), "{axis}");
        (0..axis.values()).map(|index| axis.value(index)).collect()
    }

    #[test]
    fn grids_logarithmic_grids_whole_numbers_and_lists() {
        assert_eq!(values("w1=-2:2:5"), [-2.0, -1.0, 0.0, 1.0, 2.0]);
        let rates = values("learning_rate=0.001:1:4:log");
        for (rate, expected) in rates.iter().zip([0.001, 0.01, 0.1, 1.0]) {
            assert!((rate / expected - 1.0).abs() < 1e-14, "{rates:?}");
        }
        assert_eq!((rates[0], rates[3]), (0.001, 1.0));
        assert_eq!(values("seed=3:6"), [3.0, 4.0, 5.0, 6.0]);
        assert_eq!(values("momentum=0.5, 0.9"), [0.5, 0.9]);
        assert_eq!(values("decay=0:1:3:linear"), [0.0, 0.5, 1.0]);
        assert_eq!(values("decay=0, 0.5:2:3:log"), [0.0, 0.5, 1.0, 2.0]);
        assert_eq!(values("wrappers.0.norm=0.1:10:3:log").len(), 3);
        assert_eq!(values("learning_rate").len(), USUAL_COUNT);
        assert_eq!(
            values("seed=1:10:8:log"),
            [1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0]
        );
    }

    #[test]
    fn a_search_has_0_beside_a_logarithmic_range() {
        let axis = read("decay=0,0.01:1:log").unwrap();
        assert_eq!(
            [0.0, 0.06, 1.0].map(|share| axis.sampled(share)),
            [0.0, 0.0, 1.0]
        );
        assert!((axis.sampled(1.0 / 16.0) - 0.01).abs() < 1e-12);
        for value in [0.0, 0.01, 0.2, 1.0] {
            let again = axis.sampled(axis.nearest(value));
            assert!((again - value).abs() < 1e-12, "{value} became {again}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("momentun=0:1", "did you mean `momentum`?"),
            ("learning_rate=1:0.1", "1 does not lie below 0.1"),
            ("learning_rate=0:1:log", "0 is not above 0"),
            ("decay=0,0.1:1:linear", "a logarithmic range only"),
            ("learning_rate=1e-300:1e300:5:log", "too wide"),
            ("w1=-1e308:1e308:5", "too wide"),
            ("surface.turn=0,0.1:1:log", "no such setting"),
            ("learning_rate=a:1", "`a` is not a number"),
            ("learning_rate=0.1:1:1", "`1` is not a count"),
            ("learning_rate=1:2:3:4:5", "a low and a high end"),
            ("momentum=0.5,1.5", "1.5 is out of range"),
            ("learning_rate=-1:1", "-1 is out of range"),
            ("seed=0.5:2", "0.5 is not a whole number"),
            ("seed=1e300:2e300", "out of range"),
            ("wrappers.1.norm=1:2", "no wrapper with this setting"),
            ("surface.turn=1:2", "no such setting"),
            ("learning_rate=", "is not a number"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        let error = Axis::read("decay=0.1:1", &experiment(), 1).unwrap_err();
        assert!(error.to_string().contains("InverseTime"), "{error}");
        assert!(Axis::read("schedule.factor=0.1:1", &experiment(), 1).is_ok());
    }
}
