//! One plot.

use super::hover::Hover;
use super::prepared::Prepared;
use super::{PlotsPanel, RIGHT_MARGIN, VALUE_AXIS, marks, this_view};
use crate::app::command::{Action, Command};
use crate::app::panels::{Commands, context_menu};
use crate::app::plots::{Replayed, Subject};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::axis::{self, moves_view, zoom_with_wheel};
use crate::figures::curves::{Abscissa, AxisScale, Quantity};
use crate::figures::dashes;
use egui::{Align2, FontId, Response, RichText, Stroke, Ui, Vec2, Vec2b, vec2};
use egui_plot::{
    AxisHints, Line, LineStyle, Placement, Plot, PlotPoint, PlotPoints, PlotTransform, VLine,
};

/// What the right mouse button offers on a plot.
const OFFERED: &[Action] = &[
    Action::ResetView,
    Action::ToggleLossScale,
    Action::ToggleAbscissa,
    Action::ToggleLogX,
    Action::EnlargePlot,
    Action::ShowValues,
    Action::Export,
];

/// Where a plot stands among the others.
#[derive(Clone, Copy)]
pub struct Place {
    /// Its height in points.
    pub height: f32,
    /// Whether the ticks of the common axis stand below it.
    pub is_last: bool,
    /// Whether it says in words what all of them show.
    pub explains: bool,
}

impl PlotsPanel {
    /// Shows one plot; gives where the pointer is on it.
    pub(super) fn plot(
        &mut self,
        lab: &Lab,
        commands: &mut Commands,
        subject: Subject,
        place: Place,
        ui: &mut Ui,
    ) -> Option<Hover> {
        let scale = lab.scale_of(subject);
        let width = (ui.available_width() - RIGHT_MARGIN).max(1.0);
        let this_view = this_view(lab);
        let is_moved = self.moved == Some(this_view);
        let visible = self.visible.get(&subject).copied().filter(|_| is_moved);
        let old = self.prepared.remove(&subject);
        let size = vec2(width - VALUE_AXIS, place.height);
        let wholes = &mut self.wholes;
        let prepared = Prepared::new(old, lab, wholes, (subject, scale), visible, size);
        let Some(prepared) = prepared else {
            empty(ui, vec2(width, place.height));
            return None;
        };
        let mut behind = self.behind.remove(&subject).unwrap_or_default();
        behind.prepare(lab, subject);
        let whole = behind.widened(prepared.bounds());
        let tokens = theme::of(ui);
        let is_pictured = self.pictures.has(subject, &prepared, ui);
        let response = axes(lab, subject, place, width, ui).show(ui, |plot| {
            behind.draw(plot, visible.unwrap_or(whole), tokens);
            let drawn = prepared.whole.curves.iter().zip(&prepared.thinned);
            for (curve, points) in drawn.filter(|_| !is_pictured) {
                let stroke = Stroke::new(curve.width, theme::colour(tokens.run(curve.colour)));
                let line = Line::new("", PlotPoints::Borrowed(points)).allow_band(false);
                let line = line.stroke(stroke).style(style(curve.colour));
                plot.line(line.allow_hover(false));
            }
            for (x, colour) in marks::playheads(lab, tokens) {
                let stroke = Stroke::new(1.0, colour);
                plot.vline(VLine::new("", x).stroke(stroke).allow_hover(false));
            }
            if !is_moved {
                plot.set_plot_bounds(whole);
            }
            zoom_with_wheel(plot)
        });
        let (transform, response, zoomed) = (response.transform, response.response, response.inner);
        if zoomed || moves_view(&response) {
            self.moved = Some(this_view);
        }
        if response.double_clicked() {
            self.moved = None;
        }
        self.visible.insert(subject, *transform.bounds());
        self.pictures.show(subject, &prepared, &transform, ui);
        behind.legend(lab, subject, place, *transform.frame(), ui);
        marks::show(lab, &prepared, &transform, self.hovered, ui);
        let mut curves = prepared.whole.curves.iter();
        if !prepared.whole.is_awaited && curves.all(|curve| curve.whole.points.is_empty()) {
            say_why_empty(lab, subject, &transform, ui);
        }
        answer(lab, &prepared, &response, &transform, commands);
        context_menu::show(&response, lab, commands, OFFERED);
        describe(&response, subject);
        self.prepared.insert(subject, prepared);
        self.behind.insert(subject, behind);
        Hover::of(lab, &response, &transform)
    }
}

/// How the line of a run is drawn: solid, or otherwise where earlier runs have its colour.
fn style(look: u8) -> LineStyle {
    match dashes::pattern(dashes::round(look)) {
        [] => LineStyle::Solid,
        [dash, _] if *dash < 5.0 => LineStyle::Dotted { spacing: 5.0 },
        [dash, _] => LineStyle::Dashed { length: *dash },
        [dash, ..] => LineStyle::Dashed {
            length: *dash / 2.0,
        },
    }
}

/// An empty plot with its axes.
fn axes<'a>(lab: &Lab, subject: Subject, place: Place, width: f32, ui: &Ui) -> Plot<'a> {
    let tokens = theme::of(ui);
    let quiet = theme::colour(tokens.quiet_text);
    let (scale, along) = (lab.scale_of(subject), lab.along());
    let ticks = (place.height / 30.0).max(2.0) as usize;
    let caption = RichText::new(lab.abscissa_caption()).small().weak();
    Plot::new(("curves", subject, scale, this_view(lab)))
        .width(width)
        .height(place.height)
        .set_margin_fraction(Vec2::ZERO)
        .show_x(false)
        .show_y(false)
        .allow_scroll(false)
        .allow_double_click_reset(false)
        .link_axis(
            ui.ctx()
                .viewport_id()
                .0
                .with(("shared axis", this_view(lab))),
            Vec2b::new(true, false),
        )
        .grid_color(theme::colour(tokens.grid))
        .grid_spacing(8.0..=40.0)
        .show_axes(Vec2b::new(place.is_last, true))
        .x_grid_spacer(move |input| axis::marks(&input, along, 5))
        .y_grid_spacer(move |input| axis::marks(&input, scale, ticks))
        .custom_y_axes(vec![
            AxisHints::new_y()
                .min_thickness(48.0)
                .tick_label_color(quiet)
                .placement(Placement::LeftBottom)
                .formatter(move |mark, range| axis::label(mark, range, scale, ticks)),
        ])
        .custom_x_axes(vec![
            AxisHints::new_x()
                .label(caption)
                .tick_label_color(quiet)
                .formatter(move |mark, range| axis::label(mark, range, along, 5)),
        ])
}

/// A click moves the playhead: to the epoch clicked, or to where the run whose curve is nearest
/// had used as many evaluations.
fn answer(
    lab: &Lab,
    prepared: &Prepared,
    response: &Response,
    transform: &PlotTransform,
    commands: &mut Commands,
) {
    let at = response.interact_pointer_pos();
    let Some(at) = at.filter(|_| response.clicked()) else {
        return;
    };
    let x = transform.value_from_position(at).x;
    let step = match lab.abscissa() {
        Abscissa::Epochs => Some(lab.along().value(x).round().max(0.0) as u64),
        Abscissa::Evaluations => prepared
            .whole
            .curves
            .iter()
            .filter_map(|curve| curve.whole.nearest_to(x))
            .map(|(step, [x, y])| {
                let place = transform.position_from_point(&PlotPoint::new(x, y));
                (step, place.distance_sq(at))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(step, _)| step),
    };
    if let Some(step) = step {
        commands.push(Command::Seek(step));
    }
}

/// A screen reader is told what the plot is.
fn describe(response: &Response, subject: Subject) {
    let name = format!(
        "Plot of {}; the table of values (T) lists them, the readout table gives those at the \
         playhead",
        subject.name()
    );
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        node.set_role(egui::Role::GraphicsDocument);
    });
}

/// Whether there is no minimum that a distance could be to.
fn knows_none(lab: &Lab) -> bool {
    let record = lab.record_here();
    record.is_some_and(|record| !record.checked.knows_minimum())
}

/// Why a plot with axes has no curve.
fn say_why_empty(lab: &Lab, subject: Subject, transform: &PlotTransform, ui: &Ui) {
    let text = match subject {
        _ if lab.shown_runs().next().is_none() => "no run is shown",
        _ if subject.needs_replay() && (lab.inside.is_busy() || lab.is_working()) => {
            "being replayed …"
        }
        Subject::Sharpness if lab.curving.is_busy() || lab.is_working() => "being worked out …",
        Subject::Sharpness => "no curvature is worked out here",
        Subject::Replayed(Replayed::Slot { .. }) => "no run on show remembers this",
        Subject::Recorded(Quantity::Distance) if knows_none(lab) => "no minimum is known",
        _ if lab.scale_of(subject) == AxisScale::Logarithmic => "nothing that has a logarithm",
        _ => "nothing to show",
    };
    say(text, transform.frame().center(), ui);
}

fn empty(ui: &mut Ui, size: Vec2) {
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    ui.painter()
        .rect_filled(rect, 4, ui.visuals().extreme_bg_color);
    say("nothing recorded yet", rect.center(), ui);
}

fn say(text: &str, at: egui::Pos2, ui: &Ui) {
    let font = FontId::proportional(12.0);
    let colour = ui.visuals().weak_text_color();
    ui.painter()
        .text(at, Align2::CENTER_CENTER, text, font, colour);
}
