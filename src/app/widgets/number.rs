//! Numbers: an exact field, and a slider for the hand.

use super::named;
use super::nudge::{self, Spread};
use crate::optimizers::{Domain, Scale};
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Direction, DragValue, Layout, Response, Slider, SliderClamping, Ui, vec2};

/// A number as short as it can be and still read back to the same bits: 0.001, 1e-8.
pub fn exact(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-4..1e7).contains(&size) || !value.is_finite() {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// The most characters that a field of [`FIELD`] points has room for.
const ROOM: usize = 8;

/// A number in at most [`ROOM`] characters, in as many digits as that allows.
fn short(value: f64) -> String {
    let digits = |count: usize| format!("{value:.count$e}");
    let candidates = (0..=7).rev().flat_map(|count| {
        let plain = digits(count).parse().map_or_else(|_| String::new(), exact);
        [plain, digits(count)]
    });
    std::iter::once(exact(value))
        .chain(candidates)
        .find(|text| !text.is_empty() && text.chars().count() <= ROOM)
        .unwrap_or_else(|| digits(0))
}

/// A field for an exact number, with `name` for screen readers. Dragging it changes the value
/// by a share of itself; what is typed may be anything in the domain.
pub fn number_field(ui: &mut Ui, name: &str, value: &mut f64, domain: Domain) -> Response {
    spread_field(ui, name, value, domain, Spread::Digits)
}

/// The same, for a number that is spread so: ↑ and ↓ move it by that.
fn spread_field(
    ui: &mut Ui,
    name: &str,
    value: &mut f64,
    domain: Domain,
    spread: Spread,
) -> Response {
    let before = *value;
    let speed = if value.is_finite() && *value != 0.0 {
        (value.abs() * 0.01).max(1e-300)
    } else {
        1e-4
    };
    // As wide as ever, however long the number is: a field that grew would push its panel. So a
    // long number is shown short, and exactly while it is being typed and in the tooltip.
    let whole = exact(*value);
    let size = vec2(FIELD, ui.spacing().interact_size.y);
    let layout = Layout::centered_and_justified(Direction::LeftToRight);
    let response = ui.allocate_ui_with_layout(size, layout, |ui| {
        let id = ui.next_auto_id();
        nudge_typed(id, value, domain, spread, ui);
        let is_typed = ui.memory(|memory| memory.has_focus(id));
        let field = DragValue::new(value)
            .speed(speed)
            .custom_formatter(
                move |value, _| {
                    if is_typed { exact(value) } else { short(value) }
                },
            )
            .custom_parser(parse)
            .clip_text(true)
            .update_while_editing(false);
        ui.add(field)
    });
    let response = named(response.inner, name);
    nudge::hold_focus(&response, true, ui);
    let response = if short(*value) == whole {
        response
    } else {
        response.on_hover_text(whole)
    };
    if response.double_clicked() {
        select_all(&response);
    }
    if !domain.contains(*value) && *value != before {
        // A drag stops at the edge; what is typed beyond it is not taken.
        *value = if response.dragged() && *value < domain.least {
            domain.least
        } else {
            before
        };
    } else if response.dragged() && *value != before {
        *value = rounded(*value);
    }
    response
}

/// ↑ and ↓ in a field that is being typed in move the number that stands there.
fn nudge_typed(id: egui::Id, value: &mut f64, domain: Domain, spread: Spread, ui: &Ui) {
    let Some(presses) = nudge::asked(id, true, ui) else {
        return;
    };
    // What egui's field keeps of a number that is being typed.
    let typed = ui.data_mut(|data| data.remove_temp::<String>(id));
    let from = typed.and_then(|text| parse(&text)).unwrap_or(*value);
    let to = nudge::nudged(from, presses, spread);
    let from_is_valid = domain.contains(from);
    if domain.contains(to) {
        *value = to;
    } else if from_is_valid {
        *value = from;
    }
}

/// A double click takes the whole number; egui's would take the digits up to the point.
fn select_all(response: &Response) {
    let Some(mut state) = TextEditState::load(&response.ctx, response.id) else {
        return;
    };
    // No number has as many letters.
    let whole = CCursorRange::two(CCursor::new(0), CCursor::new(1000));
    state.cursor.set_char_range(Some(whole));
    state.store(&response.ctx, response.id);
}

/// A plain number in the ways people write it: 0.001, 1e-3, 1·10⁻³ is not among them; a comma
/// counts as a decimal point and the typographic minus as a minus.
fn parse(text: &str) -> Option<f64> {
    let plain = text.trim().replace('−', "-").replace(',', ".");
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Three significant digits, so that numbers found by hand stay readable.
fn rounded(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// A slider over `range`, spread by `scale`; values outside (typed in the field) stay as they
/// are until it is moved.
pub fn scaled_slider(
    ui: &mut Ui,
    name: &str,
    value: &mut f64,
    range: (f64, f64),
    scale: Scale,
) -> Response {
    // egui's slider makes its id itself; it is the same in every frame.
    let place = ui.next_auto_id().with("slider");
    let known = ui.data(|data| data.get_temp::<egui::Id>(place));
    if !matches!(scale, Scale::Flag | Scale::Choice(_))
        && let Some(presses) = known.and_then(|id| nudge::asked(id, false, ui))
    {
        let to = nudge::nudged(*value, presses, Spread::Slider(range, scale));
        let (low, high) = (range.0.min(*value), range.1.max(*value));
        *value = to.clamp(low.min(high), high);
    }
    let response = match scale {
        Scale::Flag => {
            let mut on = *value >= 0.5;
            let response = ui.checkbox(&mut on, "");
            if response.changed() {
                *value = f64::from(u8::from(on));
            }
            response
        }
        Scale::Choice(names) => return choice(ui, name, value, names),
        Scale::Count => {
            let slider = Slider::from_get_set(range.0..=range.1, |new| {
                if let Some(new) = new {
                    *value = new.round();
                }
                *value
            });
            ui.add(plain(slider))
        }
        Scale::NearOne => {
            // The slider goes evenly through log(1 − x), said as the number of steps averaged.
            let steps = |x: f64| 1.0 / (1.0 - x);
            let slider = Slider::from_get_set(steps(range.0)..=steps(range.1), |new| {
                if let Some(new) = new {
                    *value = rounded_near_one(1.0 - 1.0 / new);
                }
                steps(*value)
            });
            ui.add(plain(slider.logarithmic(true)))
        }
        Scale::Linear | Scale::Logarithmic => {
            let logarithmic = scale == Scale::Logarithmic;
            let slider = Slider::from_get_set(range.0..=range.1, |new| {
                if let Some(new) = new {
                    *value = rounded(new);
                }
                *value
            });
            let smallest = if range.0 > 0.0 { range.0 } else { 1e-6 };
            ui.add(plain(
                slider.logarithmic(logarithmic).smallest_positive(smallest),
            ))
        }
    };
    ui.data_mut(|data| data.insert_temp(place, response.id));
    named(response, name)
}

/// Whether a slider, which itself feels only drags, was double-clicked.
pub fn is_double_clicked(slider: &Response) -> bool {
    let double = |input: &egui::InputState| {
        input
            .pointer
            .button_double_clicked(egui::PointerButton::Primary)
    };
    slider.contains_pointer() && slider.ctx.input(double)
}

/// One of several names, kept as its number.
fn choice(ui: &mut Ui, name: &str, value: &mut f64, names: &[&str]) -> Response {
    let present = names.get(*value as usize).copied().unwrap_or("?");
    let combo = egui::ComboBox::from_id_salt(name)
        .selected_text(present)
        .width(ui.available_width().max(24.0))
        .truncate();
    let response = combo.show_ui(ui, |ui| {
        for (number, text) in names.iter().enumerate() {
            ui.selectable_value(value, number as f64, *text);
        }
    });
    named(response.response, name)
}

/// Width of a field for exact numbers beside other controls.
pub const FIELD: f32 = 72.0;

/// A slider and, to its right, the exact field; together they fill the line.
pub fn slider_and_field(
    ui: &mut Ui,
    name: &str,
    value: &mut f64,
    range: (f64, f64),
    scale: Scale,
    domain: Domain,
) -> Response {
    let gap = ui.spacing().item_spacing.x;
    ui.spacing_mut().slider_width = (ui.available_width() - FIELD - gap).max(24.0);
    let slider = scaled_slider(ui, &format!("{name}, slider"), value, range, scale);
    spread_field(ui, name, value, domain, Spread::Slider(range, scale));
    slider
}

/// The same; a double click on the slider brings `usual` back.
pub fn slider_and_field_from(
    ui: &mut Ui,
    name: &str,
    value: &mut f64,
    usual: f64,
    (range, scale, domain): ((f64, f64), Scale, Domain),
) -> Response {
    let slider = slider_and_field(ui, name, value, range, scale, domain);
    if is_double_clicked(&slider) {
        *value = usual;
    }
    slider
}

/// A field for a whole number that is at least `least`; ↑ and ↓ move it.
pub fn whole_field(ui: &mut Ui, name: &str, value: &mut u64, least: u64) -> Response {
    let id = ui.next_auto_id();
    if let Some(presses) = nudge::asked(id, true, ui) {
        let typed = ui.data_mut(|data| data.remove_temp::<String>(id));
        let typed = typed.and_then(|text| text.trim().parse::<u64>().ok());
        let by = presses.signum() * presses.abs().max(1.0).round();
        let from = typed.unwrap_or(*value);
        *value = from.saturating_add_signed(by as i64);
    }
    let speed = (*value as f64 * 0.01).max(0.2);
    let field = DragValue::new(value).speed(speed).range(least..=u64::MAX);
    let response = named(ui.add(field), name);
    nudge::hold_focus(&response, true, ui);
    response
}

fn plain(slider: Slider<'_>) -> Slider<'_> {
    slider
        .show_value(false)
        .clamping(SliderClamping::Never)
        .smart_aim(false)
}

/// 1 − x in two significant digits: 0.9, 0.945, 0.9993.
fn rounded_near_one(value: f64) -> f64 {
    let rest = 1.0 - value;
    let decimals = (1.0 - rest.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_shown_number_is_the_number(value in any::<f64>().prop_filter("a number", |x| !x.is_nan())) {
            prop_assert_eq!(exact(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }

    #[test]
    fn shown_numbers_are_short() {
        for (value, shown) in [
            (0.001, "0.001"),
            (0.000_168_123_456_789_01, "1.681e-4"),
            (-0.000_168_123_456_789_01, "-1.68e-4"),
            (-1.234_567_890_123_456_7, "-1.23457"),
            (123_456_789.0, "1.2346e8"),
            (1e-8, "1e-8"),
        ] {
            assert_eq!(short(value), shown);
        }
        assert_eq!(short(-1.234_567e-300), "-1e-300");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(parse(" 1e-3 "), Some(0.001));
        assert_eq!(parse("−0,5"), Some(-0.5));
        assert_eq!(parse("inf"), None);
        assert_eq!(parse("fast"), None);
        assert_eq!(exact(0.001), "0.001");
        assert_eq!(exact(1e-8), "1e-8");
        assert_eq!(exact(-1.54), "-1.54");
    }

    #[test]
    fn values_near_one_keep_their_distance_from_it() {
        assert_eq!(rounded_near_one(0.900_000_1), 0.9);
        assert_eq!(rounded_near_one(0.999_31), 0.999_31);
        assert_eq!(rounded_near_one(0.0), 0.0);
    }
}
