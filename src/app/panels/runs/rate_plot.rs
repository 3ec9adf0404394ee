//! The rate over the epochs as a small picture.

use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::number::exact;
use crate::engine::Trace;
use crate::experiment::RunSpec;
use crate::schedules::{Moment, Schedule};
use egui::{Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

const HEIGHT: f32 = 40.0;

/// The most points of the line.
const POINTS: u64 = 200;

/// An epoch, and the rate in it.
type Point = (f64, f64);

/// Draws the rate of run `index` over the epochs; a constant one needs no picture.
pub fn show(lab: &Lab, run: &RunSpec, index: usize, label: &str, ui: &mut Ui) {
    if run.schedule == Schedule::Constant {
        return;
    }
    let epochs = lab.experiment.epochs;
    let points = if run.schedule.reads_losses() {
        let trace = lab
            .record_here()
            .and_then(|record| record.history.traces.get(index));
        trace.map(recorded).unwrap_or_default()
    } else {
        planned(&run.schedule, run.base_rate(), epochs)
    };
    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let name = format!("Rate over the epochs of {label}");
    let enabled = ui.is_enabled();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, enabled, &name));
    let highest = points.iter().map(|point| point.1).fold(0.0, f64::max);
    if ui.is_rect_visible(rect) {
        let tokens = theme::of(ui);
        let hairline = ui.visuals().widgets.noninteractive.bg_stroke;
        ui.painter().hline(rect.x_range(), rect.bottom(), hairline);
        let colour = theme::colour(tokens.run(run.colour.unwrap_or(0)));
        let line = placed(&points, epochs, highest, rect.shrink(2.0));
        ui.painter()
            .add(Shape::line(line, Stroke::new(1.5, colour)));
    }
    response.on_hover_text(summary(&name, &points, highest));
}

fn summary(name: &str, points: &[Point], highest: f64) -> String {
    match (points.first(), points.last()) {
        (Some(first), Some(last)) => format!(
            "{name}: first {}, highest {}, last {}.",
            exact(first.1),
            exact(highest),
            exact(last.1)
        ),
        _ => format!("{name}: it depends on the losses; nothing is recorded yet."),
    }
}

/// At most so many of `length` things, evenly, with the first and the last.
fn sampled(length: u64) -> impl Iterator<Item = u64> {
    let count = length.min(POINTS);
    let gaps = u128::from(count.saturating_sub(1).max(1));
    (0..count).map(move |i| (u128::from(i) * u128::from(length - 1) / gaps) as u64)
}

/// What the schedule says.
fn planned(schedule: &Schedule, base: f64, epochs: u64) -> Vec<Point> {
    let point = |before: u64| {
        let epoch = before + 1;
        (epoch as f64, schedule.rate(base, Moment::of_update(epoch)))
    };
    sampled(epochs).map(point).collect()
}

/// What was used; the start has no rate.
fn recorded(trace: &Trace) -> Vec<Point> {
    let updates = trace.len().saturating_sub(1);
    let point = |before: u64| {
        let index = before as usize + 1;
        (trace.steps()[index] as f64, trace.learning_rates()[index])
    };
    sampled(updates as u64).map(point).collect()
}

/// The points within `rect`: all epochs wide, from 0 to the highest rate high.
fn placed(points: &[Point], epochs: u64, highest: f64, rect: Rect) -> Vec<Pos2> {
    let share = |value: f64, of: f64| if of > 0.0 { (value / of) as f32 } else { 0.0 };
    let place = |&(epoch, rate): &Point| {
        pos2(
            rect.left() + rect.width() * share(epoch - 1.0, epochs as f64 - 1.0),
            rect.bottom() - rect.height() * share(rate, highest),
        )
    };
    points.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_epochs_are_all_drawn_and_many_evenly_with_the_last() {
        assert_eq!(sampled(0).count(), 0);
        assert_eq!(sampled(1).collect::<Vec<_>>(), [0]);
        assert_eq!(
            sampled(200).collect::<Vec<_>>(),
            (0..200).collect::<Vec<_>>()
        );
        for length in [201, 1_000_000, u64::MAX] {
            let indices: Vec<_> = sampled(length).collect();
            assert_eq!(
                (indices.len(), indices[0], indices[199]),
                (200, 0, length - 1)
            );
        }
    }

    #[test]
    fn the_line_stays_within_its_rectangle() {
        let rect = Rect::from_min_size(pos2(10.0, 10.0), vec2(100.0, 40.0));
        let schedule: Schedule = ron::from_str("Cyclic(low: 0, half_cycle: 3)").unwrap();
        for epochs in [0, 1, 2, 150, 1_000_000] {
            for base in [0.0, 1e-300, 0.1, f64::MAX] {
                let points = planned(&schedule, base, epochs);
                for point in placed(&points, epochs, base, rect) {
                    assert!(rect.contains(point), "{point} {epochs} {base}");
                }
            }
        }
    }
}
