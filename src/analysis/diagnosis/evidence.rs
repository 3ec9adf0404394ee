//! What shows how a run is doing.

/// How many updates a verdict is about.
pub const WINDOW: usize = 10;

/// The numbers behind a verdict, over the last [`WINDOW`] updates (fewer at first).
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The update that the window ends with.
    pub step: u64,
    /// How many updates it holds.
    pub updates: usize,
    /// Whether the state is finite; where it isn't, the numbers are those of the last finite one.
    pub is_finite: bool,
    /// J before the window.
    pub loss_before: f64,
    /// J at its end.
    pub loss: f64,
    /// J at the start of the run.
    pub first_loss: f64,
    /// The lowest J of the run so far.
    pub lowest_loss: f64,
    /// The least known value of the objective in its range; none where none is known, and where
    /// the run has left that range.
    pub least_loss: Option<f64>,
    /// At how many of its updates the loss rose.
    pub rises: usize,
    /// ‖∇J‖ at its end.
    pub gradient_norm: f64,
    /// The greatest ‖∇J‖ of the run so far.
    pub greatest_gradient_norm: f64,
    /// How often the gradient along the sharpest direction changed its sign, from one update to
    /// the next.
    pub sign_changes: usize,
    /// The share of the squared steps that lies along the sharpest direction, from 0 to 1.
    pub share_along_sharpest: f64,
    /// The mean cosine of successive gradients.
    pub cosine: f64,
    /// λ_max at its end.
    pub sharpness: f64,
    /// λ_min at its end.
    pub flattest: f64,
    /// How much lower the bottom of the local quadratic model lies; none where it has no bottom,
    /// as the surface curves downwards somewhere or not at all.
    pub left_to_bottom: Option<f64>,
    /// λ_max as the rule meets it, over its own limit; none where the limit is not known.
    pub share_of_limit: Option<f64>,
    /// The largest |λ| as the rule meets it, over that limit: where nothing curves upwards, λ_max
    /// says nothing about how long steps may be.
    pub size_of_limit: Option<f64>,
    /// The length of the last step.
    pub step_length: f64,
    /// How far the run has come from its start, at most.
    pub reach: f64,
    /// The diagonal of the range in which the surface is studied; none of what is no surface.
    pub extent: Option<f64>,
}

impl Evidence {
    /// What J is measured from: the least known value, or the lowest of the run.
    fn floor(&self) -> f64 {
        self.least_loss.unwrap_or(self.lowest_loss)
    }

    /// How far J was above that before the window, and is at its end.
    pub fn excess(&self) -> (f64, f64) {
        (self.loss_before - self.floor(), self.loss - self.floor())
    }

    /// How far the start was above it.
    pub fn whole(&self) -> f64 {
        self.first_loss - self.floor()
    }

    /// The share of what is left to fall that one update takes, on average: 1 − (E/E₀)^(1/n). None
    /// where nothing is left, or the least value is not known.
    pub fn progress(&self) -> Option<f64> {
        self.least_loss?;
        let (before, now) = self.excess();
        let ratio = now / before;
        (before > 0.0 && ratio >= 0.0).then(|| 1.0 - ratio.powf(1.0 / self.updates.max(1) as f64))
    }

    /// Whether the surface curves upwards in no direction, as the rule meets it.
    pub fn curves_nowhere_upwards(&self) -> bool {
        self.share_of_limit.is_some_and(|share| share <= 0.0)
    }

    /// The gradient against the greatest of the run.
    pub fn gradient_share(&self) -> f64 {
        if self.greatest_gradient_norm > 0.0 {
            self.gradient_norm / self.greatest_gradient_norm
        } else {
            0.0
        }
    }

    /// What the slope would bring over the whole range, as a share of what is left to fall; none
    /// where one of them is not known, or nothing is left.
    pub fn slope_over_range(&self) -> Option<f64> {
        self.least_loss?;
        let (_, left) = self.excess();
        (left > 0.0).then_some(self.gradient_norm * self.extent? / left)
    }

    /// The evidence in words, a line a number.
    pub fn lines(&self) -> Vec<String> {
        let pairs = self.updates.saturating_sub(1);
        let mut lines = vec![
            format!(
                "J {} → {} in {} updates",
                short(self.loss_before),
                short(self.loss),
                self.updates
            ),
            format!("rises of J: {} of {}", self.rises, self.updates),
            format!(
                "sign changes of the gradient along the sharpest direction: {} of {pairs}",
                self.sign_changes
            ),
            format!(
                "share of the steps along the sharpest direction: {:.0} %",
                100.0 * self.share_along_sharpest
            ),
            format!("cosine of successive gradients: {:.3}", self.cosine),
            format!(
                "‖g‖ = {}, {} of the run's greatest",
                short(self.gradient_norm),
                short(self.gradient_share())
            ),
            format!(
                "λ_max = {}, λ_min = {}",
                short(self.sharpness),
                short(self.flattest)
            ),
        ];
        if let Some(left) = self.left_to_bottom {
            lines.push(format!(
                "the bottom of the local model is {} lower",
                short(left)
            ));
        }
        if let Some(share) = self.share_of_limit {
            lines.push(format!("λ_max against the rule's limit: {}", short(share)));
        }
        if let Some(size) = self.size_of_limit.filter(|_| self.curves_nowhere_upwards()) {
            lines.push(format!(
                "nothing curves upwards here; the largest |λ| against the limit: {}",
                short(size)
            ));
        }
        if let Some(share) = self.slope_over_range() {
            lines.push(format!(
                "‖g‖ over the whole range would bring {} of what is left to fall",
                short(share)
            ));
        }
        if let Some(progress) = self.progress() {
            let percent = short(100.0 * progress);
            lines.push(format!(
                "an update takes {percent} % of what is left to fall"
            ));
        }
        lines
    }
}

/// Four digits.
pub(super) fn short(x: f64) -> String {
    let size = x.abs();
    if size == 0.0 || !size.is_finite() {
        return x.to_string();
    }
    let rounded: f64 = format!("{x:.3e}").parse().unwrap_or(x);
    if (1e-3..1e6).contains(&size) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}
