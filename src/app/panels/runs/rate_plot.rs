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

/// Draws the rate of run `index` over the epochs, with a line at every change of its base; a
/// constant one needs no picture.
pub fn show(lab: &Lab, run: &RunSpec, index: usize, label: &str, ui: &mut Ui) {
    if run.schedule == Schedule::Constant && run.events.is_empty() {
        return;
    }
    let epochs = lab.experiment.epochs;
    let record = lab.record_here();
    let per_epoch = record.map_or(1, |record| record.checked.updates_per_epoch());
    let points = if run.schedule.reads_losses() {
        let trace = record.and_then(|record| record.history.traces.get(index));
        trace
            .map(|trace| recorded(trace, per_epoch))
            .unwrap_or_default()
    } else {
        planned(run, epochs, per_epoch)
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
        let inner = rect.shrink(2.0);
        let line = placed(&points, epochs, highest, inner);
        ui.painter()
            .add(Shape::line(line, Stroke::new(1.5, colour)));
        for event in &run.events {
            let at = (event.step as f64 / per_epoch as f64).max(1.0);
            if at <= epochs as f64 {
                let x = placed(&[(at, 0.0)], epochs, highest, inner)[0].x;
                let ends = [pos2(x, inner.top()), pos2(x, inner.bottom())];
                let stroke = Stroke::new(1.0, theme::colour(tokens.warning));
                ui.painter()
                    .extend(Shape::dashed_line(&ends, stroke, 3.0, 2.0));
            }
        }
    }
    let mut text = summary(&name, &points, highest);
    for event in &run.events {
        let rate = exact(event.learning_rate);
        text += &format!("\nChanged to {rate} at update {}.", event.step);
    }
    response.on_hover_text(text);
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

/// What the schedule says of the first update of every epoch, with the changes of its base.
fn planned(run: &RunSpec, epochs: u64, per_epoch: u64) -> Vec<Point> {
    let point = |before: u64| {
        let update = before.saturating_mul(per_epoch).saturating_add(1);
        let base = run.base_rate_at(update);
        let moment = Moment::new(update, per_epoch);
        ((before + 1) as f64, run.schedule.rate(base, moment))
    };
    sampled(epochs).map(point).collect()
}

/// What was used; the start has no rate.
fn recorded(trace: &Trace, per_epoch: u64) -> Vec<Point> {
    let updates = trace.len().saturating_sub(1);
    let point = |before: u64| {
        let index = before as usize + 1;
        let epoch = trace.steps()[index] as f64 / per_epoch as f64;
        (epoch.max(1.0), trace.learning_rates()[index])
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
    use crate::experiment::RateEvent;

    #[test]
    fn changes_of_the_base_are_drawn_from_their_epoch_on() {
        let mut run = RunSpec::new("sgd");
        run.learning_rate = Some(1.0);
        run.events = vec![RateEvent {
            step: 8,
            learning_rate: 0.25,
        }];
        // The third epoch begins with update 9; the change in the second shows there.
        let points = planned(&run, 4, 4);
        assert_eq!(points, [(1.0, 1.0), (2.0, 1.0), (3.0, 0.25), (4.0, 0.25)]);
        run.events[0].step = 5;
        assert_eq!(planned(&run, 4, 4)[1], (2.0, 0.25));
    }

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
        let mut run = RunSpec::new("sgd");
        run.schedule = ron::from_str("Cyclic(low: 0, half_cycle: 3)").unwrap();
        for epochs in [0, 1, 2, 150, 1_000_000] {
            for base in [0.0, 1e-300, 0.1, f64::MAX] {
                run.learning_rate = Some(base);
                let points = planned(&run, epochs, 3);
                for point in placed(&points, epochs, base, rect) {
                    assert!(rect.contains(point), "{point} {epochs} {base}");
                }
            }
        }
    }
}
