//! The episodes of a run on a strip of time, and as a list.

use crate::analysis::diagnosis::Episode;
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::theme;
use crate::app::widgets::named;
use egui::{Align2, FontId, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The most episodes that are listed.
const MOST_EPISODES: usize = 12;
/// The height of the strip, in points.
const HEIGHT: f32 = 18.0;
/// Below this width an episode has no room for its word.
const WORD: f32 = 54.0;

/// What the strip is of.
pub struct Timeline<'a> {
    /// The run's name.
    pub label: &'a str,
    /// What happened, in order.
    pub episodes: &'a [Episode],
    /// The playhead.
    pub now: u64,
    /// The number of the last update.
    pub end: u64,
}

impl Timeline<'_> {
    /// The strip: trouble has the colour of warnings and an outline, and a word where there is
    /// room; a click moves the playhead.
    pub fn strip(&self, commands: &mut Commands, ui: &mut Ui) {
        let width = ui.available_width().clamp(60.0, 900.0);
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
        let tokens = theme::of(ui);
        let painter = ui.painter().with_clip_rect(rect);
        painter.rect_filled(rect, 3, theme::colour(tokens.ground));
        let end = self.end.max(1) as f32;
        let place = |step: u64| rect.left() + rect.width() * step as f32 / end;
        for episode in self.episodes {
            let left = place(episode.from.saturating_sub(1));
            let right = place(episode.to).max(left + 1.0);
            let part = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
            let is_trouble = episode.verdict.is_trouble();
            let fill = if is_trouble {
                tokens.warning
            } else {
                tokens.control[1]
            };
            let opacity = if is_trouble { 0.35 } else { 1.0 };
            painter.rect_filled(part, 0, theme::translucent(fill, opacity));
            if is_trouble {
                let stroke = Stroke::new(1.0, theme::colour(tokens.warning));
                painter.rect_stroke(part, 0, stroke, StrokeKind::Inside);
            }
            if part.width() >= WORD {
                let inside = painter.with_clip_rect(part.shrink(2.0));
                inside.text(
                    part.left_center() + vec2(4.0, 0.0),
                    Align2::LEFT_CENTER,
                    episode.verdict.name(),
                    FontId::proportional(11.0),
                    theme::colour(tokens.text),
                );
            }
        }
        let at = place(self.now).clamp(rect.left() + 1.0, rect.right() - 1.0);
        let line = Stroke::new(2.0, theme::colour(tokens.accent));
        painter.vline(at, rect.y_range(), line);
        if response.has_focus() {
            let stroke = ui.visuals().selection.stroke;
            painter.rect_stroke(rect, 3, stroke, StrokeKind::Inside);
        }
        let hovered = response.hover_pos().map(|at| self.step_at(at.x, rect));
        if response.clicked() {
            // With the keyboard from one episode to the next.
            let pointer = response.interact_pointer_pos();
            let there = pointer.map_or_else(|| self.next(), |at| self.step_at(at.x, rect));
            commands.push(Command::Seek(there));
        }
        let name = format!("Timeline of {}", self.label);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let here = hovered.and_then(|step| Some((step, self.episode_at(step)?)));
        response.on_hover_text(match here {
            Some((step, episode)) => format!(
                "Update {step}: {}, updates {} to {}. A click moves the playhead there.",
                episode.verdict, episode.from, episode.to
            ),
            None => "A click moves the playhead there.".to_owned(),
        });
    }

    /// Where the next episode begins; the first one after the last.
    fn next(&self) -> u64 {
        let mut begins = self.episodes.iter().map(|episode| episode.from);
        let first = begins.clone().next();
        let after = begins.find(|from| *from > self.now);
        after.or(first).unwrap_or(self.now)
    }

    fn step_at(&self, x: f32, rect: Rect) -> u64 {
        let share = ((x - rect.left()) / rect.width()).clamp(0.0, 1.0);
        (f64::from(share) * self.end as f64).round() as u64
    }

    fn episode_at(&self, step: u64) -> Option<&Episode> {
        let mut episodes = self.episodes.iter();
        episodes.find(|episode| (episode.from..=episode.to).contains(&step))
    }

    /// The episodes as links, the last ones where there are many.
    pub fn list(&self, commands: &mut Commands, ui: &mut Ui) {
        let skipped = self.episodes.len().saturating_sub(MOST_EPISODES);
        if skipped > 0 {
            ui.weak(format!("{skipped} earlier ones are not listed."));
        }
        for episode in &self.episodes[skipped..] {
            let text = format!("{}–{}: {}", episode.from, episode.to, episode.verdict);
            let name = format!("{} at {}", self.label, episode.from);
            let line = named(ui.link(text), &name);
            if line.on_hover_text("Move the playhead there.").clicked() {
                commands.push(Command::Seek(episode.from));
            }
        }
    }
}
