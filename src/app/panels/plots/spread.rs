//! What lies behind the curves of a plot: the bands of several starts and seeds, and the pinned
//! experiment.

use super::plot::Place;
use crate::app::comparison::Pinned;
use crate::app::plots::Subject;
use crate::app::state::Lab;
use crate::app::theme;
use crate::engine::{Record, Stage};
use crate::figures::curves::{self, Abscissa, AxisScale, Quantity, curve_along};
use crate::figures::spread::{Spread, SpreadOf};
use crate::figures::theme::Theme;
use crate::figures::thinning;
use egui::{Align, Label, Layout, RichText, Stroke, Ui, UiBuilder, vec2};
use egui_plot::{FilledArea, Line, LineStyle, PlotBounds, PlotPoint, PlotPoints, PlotUi};
use rayon::prelude::*;

/// Columns of which a pinned curve keeps its extremes.
const COLUMNS: f64 = 1500.0;

/// The bands and pinned curves of one plot, made once for a record.
#[derive(Default)]
pub struct Behind {
    key: Option<Key>,
    /// The colour and the band of every shown run; empty where there is one record of each.
    bands: Vec<(u8, Spread)>,
    /// Where they lie, from the lowest to the highest.
    range: Option<(f64, f64)>,
    /// The curves of the pinned runs.
    pinned: Vec<Vec<PlotPoint>>,
}

/// What it was made for.
#[derive(PartialEq)]
struct Key {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    /// Along the places, and of the values.
    scales: [AxisScale; 2],
    abscissa: Abscissa,
    pinned: Option<u64>,
}

impl Key {
    /// Whether it is of an earlier part of the same record, and the same otherwise.
    fn is_earlier(&self, later: &Self) -> bool {
        let rest = |key: &Self| (key.record.0, key.scales, key.abscissa, key.pinned);
        rest(self) == rest(later) && self.shown == later.shown && self.record.1 < later.record.1
    }
}

impl Behind {
    /// Makes anew what has changed.
    pub fn prepare(&mut self, lab: &Lab, subject: Subject) {
        let Some(record) = lab.record_here() else {
            return;
        };
        let pinned = lab.pinned_here();
        let key = Key {
            record: record.identity(),
            shown: lab.shown_runs().collect(),
            scales: [lab.along(), lab.scale_of(subject)],
            abscissa: lab.abscissa(),
            pinned: pinned.map(|pinned| pinned.serial),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        // While runs are still being computed the first bands stay: those of many records take
        // longer than a frame, and there is another record in the next.
        let is_running = record.stage == Stage::Running;
        if is_running && self.key.as_ref().is_some_and(|old| old.is_earlier(&key)) {
            return;
        }
        self.bands = match subject {
            Subject::Recorded(quantity) => bands(record, quantity, &key),
            _ => Vec::new(),
        };
        self.pinned = match (pinned, subject) {
            (Some(pinned), Subject::Recorded(quantity)) => pinned_curves(pinned, quantity, &key),
            _ => Vec::new(),
        };
        let lines = self.bands.iter().flat_map(|(_, band)| {
            [&band.lower, &band.median, &band.upper].map(|values| band.line(values).collect())
        });
        let lines: Vec<Vec<[f64; 2]>> = lines.collect();
        self.range = curves::value_range(lines.iter().map(Vec::as_slice), key.scales[1]);
        self.key = Some(key);
    }

    /// The bounds widened so that the bands can be seen.
    pub fn widened(&self, bounds: PlotBounds) -> PlotBounds {
        let Some((low, high)) = self.range else {
            return bounds;
        };
        let ([left, bottom], [right, top]) = (bounds.min(), bounds.max());
        PlotBounds::from_min_max([left, bottom.min(low)], [right, top.max(high)])
    }

    /// Draws everything, before the curves, in a plot that shows these bounds.
    pub fn draw<'a>(&'a self, plot: &mut PlotUi<'a>, bounds: PlotBounds, tokens: &Theme) {
        let (low, high) = (bounds.min()[1], bounds.max()[1]);
        if !bounds.is_finite() || low > high {
            return;
        }
        // What is infinite is drawn just beyond the edge.
        let margin = 0.1 * (high - low);
        let within = |values: &[f64]| -> Vec<f64> {
            let kept = values.iter().map(|v| v.clamp(low - margin, high + margin));
            kept.collect()
        };
        for (colour, band) in &self.bands {
            let fill = theme::translucent(tokens.run(*colour), 0.28);
            let (lower, upper) = (within(&band.lower), within(&band.upper));
            let area = FilledArea::new("", &band.places, &lower, &upper).fill_color(fill);
            plot.add(area.allow_hover(false));
        }
        let grey = Stroke::new(1.3, theme::colour(tokens.quiet_text));
        for points in &self.pinned {
            let line = Line::new("", PlotPoints::Borrowed(points))
                .allow_band(false)
                .stroke(grey);
            let dashed = LineStyle::Dashed { length: 4.0 };
            plot.line(line.style(dashed).allow_hover(false));
        }
        for (colour, band) in &self.bands {
            let median: PlotPoints<'_> = band.line(&band.median).collect();
            let stroke = Stroke::new(2.0, theme::colour(tokens.run(*colour)));
            let dashed = LineStyle::Dashed { length: 9.0 };
            let line = Line::new("", median)
                .allow_band(false)
                .stroke(stroke)
                .style(dashed);
            plot.line(line.allow_hover(false));
        }
    }

    /// Says in words what is drawn, in the upper right corner of the plot. All plots are drawn in
    /// the same way: the first of them explains it, the others only say where they differ.
    pub fn legend(
        &self,
        lab: &Lab,
        subject: Subject,
        place: Place,
        frame: egui::Rect,
        ui: &mut Ui,
    ) {
        let record = lab.record_here();
        let varies = record.is_some_and(|record| !record.history.variations.is_empty());
        let mut lines = Vec::new();
        if varies && !matches!(subject, Subject::Recorded(_)) {
            lines.push("first start and seed only".to_owned());
        } else if varies && place.explains && !self.bands.is_empty() {
            let experiment = &lab.experiment;
            let count = experiment.all_starts().len() * experiment.all_seeds().len();
            lines.push(format!(
                "solid: first start · dashes: median of {count} · area: middle half"
            ));
        }
        if place.explains
            && let Some(pinned) = lab.pinned_here().filter(|_| !self.pinned.is_empty())
        {
            lines.push(format!("grey dashes: pinned “{}”", pinned.title()));
        }
        if lines.is_empty() {
            return;
        }
        // A child of its own: the plots below must not move.
        let mut corner = ui.new_child(
            UiBuilder::new()
                .max_rect(frame.shrink2(vec2(6.0, 2.0)))
                .layout(Layout::top_down(Align::RIGHT)),
        );
        corner.spacing_mut().item_spacing.y = 0.0;
        for line in lines {
            // Curves that begin high run through it.
            let ground = theme::translucent(theme::of(ui).ground, 0.75);
            let text = RichText::new(line).small().weak();
            let text = text.background_color(ground);
            corner.add(Label::new(text).selectable(false).truncate());
        }
    }
}

/// The colour and the band of every shown run, where there are several records of each.
fn bands(record: &Record, quantity: Quantity, key: &Key) -> Vec<(u8, Spread)> {
    if record.history.variations.is_empty() {
        return Vec::new();
    }
    let of = SpreadOf {
        history: &record.history,
        objective: &*record.checked.objective,
        quantity,
        abscissa: key.abscissa,
        scales: key.scales,
    };
    let band = |&(run, colour): &(usize, u8)| (colour, of.run(run));
    key.shown.par_iter().map(band).collect()
}

/// The curves of the shown pinned runs, in as few points as a plot can show.
fn pinned_curves(pinned: &Pinned, quantity: Quantity, key: &Key) -> Vec<Vec<PlotPoint>> {
    let objective = &*pinned.record.checked.objective;
    let runs = pinned.shown_runs().map(|(run, _)| run);
    let thinned = runs.map(|run| {
        let trace = &pinned.record.history.traces[run];
        let points = curve_along(trace, objective, quantity, key.abscissa, key.scales).points;
        let end = points.last().map_or(1.0, |point| point[0]);
        // By columns only: how high a value is counts in the view, which may be any part.
        let kept = thinning::thin(&points, [end / COLUMNS, 0.0]).into_iter();
        kept.map(|[x, y]| PlotPoint::new(x, y)).collect()
    });
    thinned.collect()
}
