//! What layout commands change.

use super::LayoutCommand;
use super::arranging::{completed, moved, usual};
use super::registry::card;
use crate::app::command::Action;
use crate::app::perform::set;
use crate::app::state::{Dialog, Lab};
use crate::storage::arrangement::{Arrangement, Layout};
use crate::storage::settings::MAX_LAYOUTS;

/// The longest name of a layout, in characters.
pub const LONGEST_NAME: usize = 60;

/// Carries out an action about the layout or its notes; no other.
pub fn act(lab: &mut Lab, action: Action) {
    match action {
        Action::KeepLayout => lab.view.dialog = Some(Dialog::KeepLayout(String::new())),
        Action::ResetLayout => set(lab, |settings| settings.layout = Layout::default()),
        Action::UsualSizes => size_evenly(lab),
        Action::ToggleNotes => {
            let shown = lab.shows_panel("notes");
            show(lab, "notes", !shown);
        }
        Action::EditNotes => {
            show(lab, "notes", true);
            lab.view.edits_notes = !lab.view.edits_notes;
        }
        _ => {}
    }
}

/// Carries out a change of the layout.
pub fn perform(lab: &mut Lab, command: LayoutCommand) {
    match command {
        LayoutCommand::Arrange(arrangement) => {
            set(lab, |settings| {
                settings.layout.arrangement = Some(*arrangement)
            });
        }
        LayoutCommand::Move(panel, direction) => {
            let present = present(lab);
            let shown = |id: &str| lab.shows_panel(id);
            let next = moved(&present, panel, direction, &shown);
            if next != present {
                set(lab, |settings| settings.layout.arrangement = Some(next));
            }
        }
        LayoutCommand::Show(panel, shown) => show(lab, panel, shown),
        LayoutCommand::BringToFront(panel) => {
            let count = lab.view.front.map_or(0, |(_, count)| count);
            lab.view.front = Some((panel, count + 1));
            if let Some(card) = card(panel) {
                lab.view.tab = card.tab;
            }
        }
        LayoutCommand::Keep(name) => keep(lab, name.trim()),
        LayoutCommand::TakeUp(name) => {
            if let Some(layout) = lab.settings.layouts.get(&name).cloned() {
                set(lab, |settings| settings.layout = layout);
            }
        }
        LayoutCommand::Forget(name) => set(lab, |settings| {
            settings.layouts.remove(&name);
        }),
    }
}

/// Where the panels stand now.
fn present(lab: &Lab) -> Arrangement {
    let own = lab.settings.layout.arrangement.clone();
    own.map_or_else(usual, completed)
}

/// Shows or hides a panel; what is as usual is not kept.
fn show(lab: &mut Lab, panel: &'static str, shown: bool) {
    let Some(card) = card(panel) else { return };
    set(lab, |settings| {
        if shown == card.shown {
            settings.layout.panels.remove(panel);
        } else {
            settings.layout.panels.insert(panel.to_owned(), shown);
        }
    });
    if shown {
        lab.view.tab = card.tab;
    }
}

fn keep(lab: &mut Lab, name: &str) {
    let name: String = name.chars().take(LONGEST_NAME).collect();
    if name.is_empty() {
        return;
    }
    let is_full = lab.settings.layouts.len() >= MAX_LAYOUTS;
    if is_full && !lab.settings.layouts.contains_key(&name) {
        lab.complain(format!(
            "{MAX_LAYOUTS} layouts are kept already. Forget one (View, Layouts) before keeping \
             another."
        ));
        return;
    }
    lab.inform(format!("Layout kept as {name}"));
    set(lab, |settings| {
        settings.layouts.insert(name, settings.layout.clone());
    });
}

/// Gives panels their usual sizes where they stand as usual, and else equal ones.
fn size_evenly(lab: &mut Lab) {
    let present = present(lab);
    let even = evened(present);
    let is_usual = even == evened(usual());
    set(lab, |settings| {
        settings.layout.arrangement = (!is_usual).then_some(even);
    });
}

fn evened(arrangement: Arrangement) -> Arrangement {
    let even = |parts: Vec<(f32, Arrangement)>| {
        let one = |(_, part)| (1.0, evened(part));
        parts.into_iter().map(one).collect()
    };
    match arrangement {
        Arrangement::Row(parts) => Arrangement::Row(even(parts)),
        Arrangement::Column(parts) => Arrangement::Column(even(parts)),
        other => other,
    }
}
