//! The settings of a schedule, and of the schedules inside it.

use super::caption;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::named;
use crate::app::widgets::number::{
    FIELD, exact, number_field, slider_and_field, slider_and_field_from,
};
use crate::app::widgets::reset;
use crate::optimizers::{Domain, Scale};
use crate::schedules::{
    Field, MAX_LIST, MAX_NESTING, ParameterKind, Per, SCHEDULES, Schedule, ScheduleCard,
    ScheduleParameter, Stage,
};
use egui::{ComboBox, TextEdit, Ui, vec2};

/// How far a schedule inside another stands in.
const INDENT: f32 = 8.0;

/// Where a schedule lies.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// Whose it is, for screen readers.
    owner: &'a str,
    /// 1 for a run's own.
    level: usize,
    /// Whether what is rarely changed is shown too.
    unfolded: bool,
}

/// Shows the schedule of the run that is called `label`.
pub fn edit(schedule: &mut Schedule, label: &str, unfolded: bool, ui: &mut Ui) {
    let place = Place {
        owner: label,
        level: 1,
        unfolded,
    };
    let meaning = "How the rate changes from update to update.";
    if unfolded || !is_short(schedule) {
        whole(schedule, "Schedule", meaning, place, ui);
    } else {
        ui.horizontal(|ui| {
            caption(ui, "Schedule", meaning);
            folded(schedule, place, ui);
        });
    }
}

/// Whether a schedule's settings are at most one number, beside what it counts.
pub fn is_short(schedule: &Schedule) -> bool {
    let mut settings = schedule
        .card()
        .parameters
        .iter()
        .filter(|parameter| !matches!(parameter.kind, ParameterKind::Per));
    let first = settings.next();
    first.is_none_or(|parameter| matches!(parameter.kind, ParameterKind::Number { .. }))
        && settings.next().is_none()
}

/// The menu of schedules and, beside it, the exact field of the only number: everything in one
/// line, so that four runs have room.
fn folded(schedule: &mut Schedule, place: Place<'_>, ui: &mut Ui) {
    let parameters = schedule.card().parameters;
    let first = parameters
        .iter()
        .position(|p| matches!(p.kind, ParameterKind::Number { .. }));
    let room = if first.is_some() {
        FIELD + ui.spacing().item_spacing.x
    } else {
        0.0
    };
    menu(schedule, place, room, ui);
    let Some(index) = first else { return };
    let parameter = &parameters[index];
    if let (Some(Field::Number(value)), ParameterKind::Number { domain, .. }) =
        (schedule.fields_mut().into_iter().nth(index), parameter.kind)
    {
        let name = format!("{} of {}", parameter.name, place.owner);
        number_field(ui, &name, value, domain)
            .on_hover_text(format!("{}: {}", parameter.name, parameter.meaning));
    }
}

/// The menu of schedules behind a caption, and the settings of the chosen one.
fn whole(schedule: &mut Schedule, title: &str, meaning: &str, place: Place<'_>, ui: &mut Ui) {
    ui.horizontal(|ui| {
        caption(ui, title, meaning);
        menu(schedule, place, 0.0, ui);
    });
    let parameters = schedule.card().parameters;
    let mut usual = (schedule.card().template)();
    let usual = usual.fields_mut().into_iter().map(usual_number);
    let usual: Vec<_> = usual.collect();
    let fields = schedule.fields_mut().into_iter().zip(usual);
    for (parameter, (field, usual)) in parameters.iter().zip(fields) {
        ui.push_id(parameter.id, |ui| {
            setting(parameter, field, usual, place, ui)
        });
    }
}

/// The menu of schedules; `room` is left beside it.
fn menu(schedule: &mut Schedule, place: Place<'_>, room: f32, ui: &mut Ui) {
    let width = (ui.available_width() - room).max(24.0);
    let size = vec2(width, ui.spacing().interact_size.y);
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        // A menu takes the width of its longest text where it is not held back.
        ui.set_max_width(width);
        chooser(schedule, place, ui);
    });
}

fn chooser(schedule: &mut Schedule, place: Place<'_>, ui: &mut Ui) {
    let card = schedule.card();
    let combo = ComboBox::from_id_salt("schedule")
        .selected_text(card.name)
        .width(ui.available_width())
        .truncate()
        .show_ui(ui, |ui| {
            let fits = |offered: &&ScheduleCard| place.level < MAX_NESTING || !nests(offered);
            for offered in SCHEDULES.iter().filter(fits) {
                let chosen = offered.id == card.id;
                let response = ui.selectable_label(chosen, offered.name).on_hover_ui(|ui| {
                    ui.label(offered.formula);
                    ui.label(offered.about);
                    ui.weak(offered.source);
                });
                if response.clicked() && !chosen {
                    *schedule = (offered.template)();
                }
            }
        });
    let response = combo.response.on_hover_text(card.formula);
    named(response, &format!("Schedule of {}", place.owner));
}

/// Whether other schedules lie inside.
fn nests(card: &ScheduleCard) -> bool {
    let is_inside = |parameter: &ScheduleParameter| {
        matches!(
            parameter.kind,
            ParameterKind::Schedule | ParameterKind::Stages
        )
    };
    card.parameters.iter().any(is_inside)
}

/// The number of a new schedule's field.
fn usual_number(field: Field<'_>) -> f64 {
    match field {
        Field::Number(value) => *value,
        Field::Count(value) => *value as f64,
        _ => 0.0,
    }
}

fn setting(
    parameter: &ScheduleParameter,
    field: Field<'_>,
    usual: f64,
    place: Place<'_>,
    ui: &mut Ui,
) {
    let name = format!("{} of {}", parameter.name, place.owner);
    match (field, parameter.kind) {
        (
            Field::Number(value),
            ParameterKind::Number {
                domain,
                slider,
                scale,
            },
        ) => {
            resettable(
                parameter,
                &name,
                *value == usual,
                &exact(usual),
                ui,
                |ui, reset| {
                    let spread = (slider, scale, domain);
                    if reset {
                        *value = usual;
                    }
                    slider_and_field_from(ui, &name, value, usual, spread);
                },
            );
        }
        (Field::Count(value), ParameterKind::Count { least, slider }) => {
            let is_usual = *value as f64 == usual;
            resettable(
                parameter,
                &name,
                is_usual,
                &exact(usual),
                ui,
                |ui, reset| {
                    if reset {
                        *value = usual as u64;
                    }
                    count(value, &name, least, slider, ui);
                },
            );
        }
        (Field::Counts(list), _) => row(parameter, ui, |ui| counts(list, &name, ui)),
        (Field::Per(per), _) if place.unfolded => row(parameter, ui, |ui| unit(per, &name, ui)),
        (Field::Schedule(inner), _) => {
            let owner = format!("{} of {}", parameter.id, place.owner);
            let (title, meaning) = (parameter.name, parameter.meaning);
            inside(place, &owner, ui, |place, ui| {
                whole(inner, title, meaning, place, ui);
            });
        }
        (Field::Stages(list), _) => stages(list, parameter, place, ui),
        _ => {}
    }
}

/// A row whose words bring the usual value back; the control is told when that is asked for.
fn resettable(
    parameter: &ScheduleParameter,
    name: &str,
    is_usual: bool,
    usual: &str,
    ui: &mut Ui,
    control: impl FnOnce(&mut Ui, bool),
) {
    ui.horizontal(|ui| {
        let reset = reset::caption(ui, parameter.name, name, is_usual, |ui| {
            ui.label(parameter.meaning);
            reset::to_usual(usual, is_usual, ui);
        });
        control(ui, reset);
    });
}

fn row(parameter: &ScheduleParameter, ui: &mut Ui, control: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        caption(ui, parameter.name, parameter.meaning);
        control(ui);
    });
}

/// Shows what lies one level further in.
fn inside(place: Place<'_>, owner: &str, ui: &mut Ui, show: impl FnOnce(Place<'_>, &mut Ui)) {
    let level = place.level + 1;
    ui.spacing_mut().indent = INDENT;
    ui.indent("inside", |ui| {
        let place = Place {
            owner,
            level,
            ..place
        };
        show(place, ui);
    });
}

fn count(value: &mut u64, name: &str, least: u64, slider: (u64, u64), ui: &mut Ui) {
    let before = *value as f64;
    let mut number = before;
    let range = (slider.0 as f64, slider.1 as f64);
    let domain = Domain::at_least(least as f64);
    slider_and_field(ui, name, &mut number, range, Scale::Linear, domain);
    if number != before {
        *value = (number.round() as u64).max(least);
    }
}

fn unit(per: &mut Per, name: &str, ui: &mut Ui) {
    let word = |per: Per| match per {
        Per::Epoch => "epochs",
        Per::Step => "updates",
    };
    let combo = ComboBox::from_id_salt("unit")
        .selected_text(word(*per))
        .show_ui(ui, |ui| {
            for offered in [Per::Epoch, Per::Step] {
                ui.selectable_value(per, offered, word(offered));
            }
        });
    named(combo.response, name);
}

/// A list of whole numbers as a text. What is being typed is kept until it is a list.
fn counts(list: &mut Vec<u64>, name: &str, ui: &mut Ui) {
    let id = ui.scope_id().with("text");
    let written = || {
        list.iter()
            .map(u64::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let typed = ui.data(|data| data.get_temp::<String>(id));
    let mut text = typed.unwrap_or_else(written);
    let read = parse(&text);
    let mut field = TextEdit::singleline(&mut text)
        .id(id.with("field"))
        .hint_text("15, 30")
        .desired_width(ui.available_width() - 8.0);
    if read.is_none() {
        field = field.text_color(ui.visuals().error_fg_color);
    }
    let response = named(ui.add(field), name);
    if response.changed()
        && let Some(read) = parse(&text)
    {
        *list = read;
    }
    let is_typing = response.has_focus();
    ui.data_mut(|data| {
        if is_typing {
            data.insert_temp(id, text);
        } else {
            data.remove::<String>(id);
        }
    });
    response.on_hover_text("Whole numbers that rise, with commas between them: 15, 30");
}

/// Rising whole numbers with commas or blanks between them.
fn parse(text: &str) -> Option<Vec<u64>> {
    let parts = text.split([',', ';', ' ']).filter(|part| !part.is_empty());
    let numbers: Vec<u64> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let is_valid = numbers.is_sorted_by(|a, b| a < b) && numbers.len() <= MAX_LIST;
    is_valid.then_some(numbers)
}

fn stages(list: &mut Vec<Stage>, parameter: &ScheduleParameter, place: Place<'_>, ui: &mut Ui) {
    let mut removed = None;
    let removable = list.len() > 1;
    for (index, stage) in list.iter_mut().enumerate() {
        let owner = format!("stage {} of {}", index + 1, place.owner);
        ui.push_id(index, |ui| {
            ui.horizontal(|ui| {
                caption(ui, &format!("Stage {}", index + 1), parameter.meaning);
                let button = ui.spacing().interact_size.y + ui.spacing().item_spacing.x;
                let width = ui.available_width() - button;
                ui.scope(|ui| {
                    ui.set_max_width(width);
                    count(
                        &mut stage.steps,
                        &format!("Steps of {owner}"),
                        0,
                        (0, 300),
                        ui,
                    );
                });
                let name = format!("Remove {owner}");
                let button =
                    ui.add_enabled_ui(removable, |ui| icon_button(ui, Icon::Delete, &name, false));
                if button.inner.clicked() {
                    removed = Some(index);
                }
            });
            inside(place, &owner, ui, |place, ui| {
                let meaning = "The schedule of the stage; it counts from the stage's beginning.";
                whole(&mut stage.schedule, "Schedule", meaning, place, ui);
            });
        });
    }
    if let Some(index) = removed {
        list.remove(index);
    }
    let add = ui.add_enabled(list.len() < MAX_LIST, egui::Button::new("Add stage"));
    if named(add, &format!("Add stage to {}", place.owner)).clicked() {
        let steps = list.last().map_or(0, |stage| stage.steps);
        list.push(Stage {
            steps,
            schedule: Schedule::Constant,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_people_write_them() {
        assert_eq!(parse("15, 30"), Some(vec![15, 30]));
        assert_eq!(parse(" 15 30;45, "), Some(vec![15, 30, 45]));
        assert_eq!(parse(""), Some(Vec::new()));
        for wrong in ["30, 15", "15, 15", "1.5", "-1", "many"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
