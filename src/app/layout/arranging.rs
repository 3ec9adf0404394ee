//! Moving panels, as changes of plain data.

use super::registry::{PANELS, PanelCard, Place, card};
use crate::storage::arrangement::Arrangement;
use std::collections::BTreeSet;

/// Where a panel is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Into the column to the left, or one of its own there.
    Left,
    /// Into the column to the right, or one of its own there.
    Right,
    /// Before what is above it.
    Up,
    /// Behind what is below it.
    Down,
}

impl Direction {
    /// All, with their names.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Left, "Move left"),
        (Self::Right, "Move right"),
        (Self::Up, "Move up"),
        (Self::Down, "Move down"),
    ];

    fn is_forward(self) -> bool {
        matches!(self, Self::Right | Self::Down)
    }
}

type Parts = Vec<(f32, Arrangement)>;

fn panel(card: &PanelCard) -> Arrangement {
    Arrangement::Panel(card.id.to_owned())
}

/// The usual place of every panel: three columns.
pub fn usual() -> Arrangement {
    let columns = [Place::Left, Place::Centre, Place::Right].map(|place| {
        let here = PANELS.iter().filter(|card| card.place == place);
        (
            1.0,
            Arrangement::Column(here.map(|card| (1.0, panel(card))).collect()),
        )
    });
    completed(Arrangement::Row(columns.into()))
}

/// The arrangement without panels that are not known here, each panel once, and with those that
/// it lacks in their usual places.
pub fn completed(arrangement: Arrangement) -> Arrangement {
    let mut seen = BTreeSet::new();
    let known = filtered(arrangement, &mut |id| {
        card(id).is_some() && seen.insert(id.to_owned())
    });
    let mut whole = known.unwrap_or_else(|| panel(&PANELS[0]));
    for card in PANELS {
        if !whole.contains(card.id) {
            whole = placed(whole, card);
        }
    }
    whole
}

/// What is left of an arrangement when only some panels are kept.
fn filtered(arrangement: Arrangement, keep: &mut impl FnMut(&str) -> bool) -> Option<Arrangement> {
    let mut of = |parts: Parts| -> Parts {
        let parts = parts.into_iter();
        parts
            .filter_map(|(share, part)| Some((share, filtered(part, keep)?)))
            .collect()
    };
    match arrangement {
        Arrangement::Panel(id) => keep(&id).then_some(Arrangement::Panel(id)),
        Arrangement::Row(parts) => only_or(of(parts), Arrangement::Row),
        Arrangement::Column(parts) => only_or(of(parts), Arrangement::Column),
        Arrangement::Tabs(front, parts) => {
            let parts = of(parts.into_iter().map(|part| (1.0, part)).collect());
            only_or(parts, |parts| {
                let front = front.min(parts.len() - 1);
                Arrangement::Tabs(front, parts.into_iter().map(|(_, part)| part).collect())
            })
        }
    }
}

/// Nothing of no parts, and no container around a single one.
fn only_or(mut parts: Parts, container: impl FnOnce(Parts) -> Arrangement) -> Option<Arrangement> {
    match parts.len() {
        0 => None,
        1 => parts.pop().map(|(_, part)| part),
        _ => Some(container(parts)),
    }
}

/// The arrangement with one more panel, in its usual place.
fn placed(whole: Arrangement, card: &PanelCard) -> Arrangement {
    if let Place::With(other) = card.place {
        return beside(whole, other, panel(card));
    }
    let mut columns = columns_of(whole);
    let index = match card.place {
        Place::Left => 0,
        Place::Right => columns.len() - 1,
        _ => (columns.len() - 1) / 2 + (columns.len() - 1) % 2,
    };
    push(&mut columns[index].1, panel(card));
    only_or(columns, Arrangement::Row).unwrap_or_else(|| panel(card))
}

/// The arrangement with one more panel on a tab beside `other`.
fn beside(whole: Arrangement, other: &str, added: Arrangement) -> Arrangement {
    let into = |parts: Parts, added: Arrangement| -> Parts {
        let one = |(share, part): (f32, Arrangement)| {
            let part = if part.contains(other) {
                beside(part, other, added.clone())
            } else {
                part
            };
            (share, part)
        };
        parts.into_iter().map(one).collect()
    };
    match whole {
        Arrangement::Panel(id) => Arrangement::Tabs(0, vec![Arrangement::Panel(id), added]),
        Arrangement::Row(parts) => Arrangement::Row(into(parts, added)),
        Arrangement::Column(parts) => Arrangement::Column(into(parts, added)),
        Arrangement::Tabs(front, mut parts) => {
            parts.push(added);
            Arrangement::Tabs(front, parts)
        }
    }
}

/// What stands side by side.
fn columns_of(whole: Arrangement) -> Parts {
    match whole {
        Arrangement::Row(parts) => parts,
        other => vec![(1.0, other)],
    }
}

/// What stands one below the other.
fn rows_of(column: Arrangement) -> Parts {
    match column {
        Arrangement::Column(parts) => parts,
        other => vec![(1.0, other)],
    }
}

/// The share that gives one more part as much as the others have on average.
fn mean_share(parts: &Parts) -> f32 {
    let sum: f32 = parts.iter().map(|(share, _)| share).sum();
    if parts.is_empty() {
        1.0
    } else {
        sum / parts.len() as f32
    }
}

fn push(column: &mut Arrangement, added: Arrangement) {
    let empty = Arrangement::Column(Vec::new());
    let mut rows = rows_of(std::mem::replace(column, empty));
    rows.push((mean_share(&rows), added));
    *column = Arrangement::Column(rows);
}

/// The arrangement with a panel moved one place on. Where nothing that is shown stands in that
/// direction, a column of its own is made to the left or right, and nothing above or below.
pub fn moved(
    whole: &Arrangement,
    id: &str,
    direction: Direction,
    is_shown: &dyn Fn(&str) -> bool,
) -> Arrangement {
    let columns = columns_of(whole.clone());
    let Some(at) = columns.iter().position(|(_, part)| part.contains(id)) else {
        return whole.clone();
    };
    let columns = match direction {
        Direction::Left | Direction::Right => sideways(columns, at, id, direction, is_shown),
        Direction::Up | Direction::Down => {
            let mut columns = columns;
            let empty = Arrangement::Column(Vec::new());
            let column = std::mem::replace(&mut columns[at].1, empty);
            columns[at].1 = upright(column, id, direction, is_shown);
            columns
        }
    };
    only_or(columns, Arrangement::Row).unwrap_or_else(|| whole.clone())
}

/// The next part in a direction in which something is shown.
fn next_shown(
    parts: &Parts,
    at: usize,
    direction: Direction,
    is_shown: &dyn Fn(&str) -> bool,
) -> Option<usize> {
    let seen = |&index: &usize| parts[index].1.panels().iter().any(|id| is_shown(id));
    if direction.is_forward() {
        (at + 1..parts.len()).find(seen)
    } else {
        (0..at).rev().find(seen)
    }
}

fn sideways(
    mut columns: Parts,
    at: usize,
    id: &str,
    direction: Direction,
    is_shown: &dyn Fn(&str) -> bool,
) -> Parts {
    let target = next_shown(&columns, at, direction, is_shown);
    let rest = filtered(columns[at].1.clone(), &mut |other| other != id);
    let stays_alone = rest
        .as_ref()
        .is_none_or(|rest| !rest.panels().iter().any(|id| is_shown(id)));
    let panel = Arrangement::Panel(id.to_owned());
    let share = mean_share(&columns);
    match target {
        Some(target) => push(&mut columns[target].1, panel),
        None if stays_alone => return columns,
        None if direction.is_forward() => columns.push((share, panel)),
        None => columns.insert(0, (share, panel)),
    }
    let at = if target.is_none() && !direction.is_forward() {
        at + 1
    } else {
        at
    };
    match rest {
        Some(rest) => columns[at].1 = rest,
        None => {
            columns.remove(at);
        }
    }
    columns
}

fn upright(
    column: Arrangement,
    id: &str,
    direction: Direction,
    is_shown: &dyn Fn(&str) -> bool,
) -> Arrangement {
    let mut rows = rows_of(column);
    let Some(at) = rows.iter().position(|(_, part)| part.contains(id)) else {
        return Arrangement::Column(rows);
    };
    let rest = filtered(rows[at].1.clone(), &mut |other| other != id);
    if let Some(rest) = rest {
        // Out of a group of tabs, into a row of its own.
        let share = rows[at].0 / 2.0;
        rows[at] = (share, rest);
        let index = if direction.is_forward() { at + 1 } else { at };
        rows.insert(index, (share, Arrangement::Panel(id.to_owned())));
    } else if let Some(target) = next_shown(&rows, at, direction, is_shown) {
        let row = rows.remove(at);
        rows.insert(target, row);
    }
    Arrangement::Column(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(_: &str) -> bool {
        true
    }

    fn known(arrangement: &Arrangement) -> BTreeSet<String> {
        let panels = arrangement.panels().into_iter();
        panels.map(str::to_owned).collect()
    }

    #[test]
    fn the_usual_arrangement_has_every_panel_once() {
        let usual = usual();
        assert_eq!(usual.panels().len(), PANELS.len());
        assert_eq!(known(&usual).len(), PANELS.len());
        assert!(usual.is_valid());
    }

    #[test]
    fn a_panel_goes_into_the_next_column_and_out_into_one_of_its_own() {
        let moved_once = moved(&usual(), "notes", Direction::Right, &all);
        let Arrangement::Row(columns) = &moved_once else {
            panic!("{moved_once:?}");
        };
        assert!(columns[2].1.contains("notes") && columns.len() == 3);
        let Arrangement::Row(columns) = moved(&moved_once, "notes", Direction::Right, &all) else {
            panic!("no columns");
        };
        assert_eq!(columns[3].1, Arrangement::Panel("notes".into()));
    }

    #[test]
    fn hidden_panels_are_passed_over() {
        let up = moved(&usual(), "readout", Direction::Up, &|id| {
            !["plots", "maps", "tuner"].contains(&id)
        });
        assert_eq!(up, completed(usual()), "nothing that is seen stands above");
        let up = moved(&usual(), "readout", Direction::Up, &all);
        let panels = up.panels();
        let place = |id| panels.iter().position(|panel| *panel == id);
        assert!(place("readout") < place("plots"));
    }

    #[test]
    fn a_foreign_arrangement_is_completed() {
        let panel = |id: &str| Arrangement::Panel(id.into());
        let foreign = Arrangement::Row(vec![
            (1.0, panel("of the future")),
            (2.0, panel("plots")),
            (
                3.0,
                Arrangement::Tabs(7, vec![panel("plots"), panel("notes")]),
            ),
        ]);
        let whole = completed(foreign);
        assert_eq!(known(&whole), known(&usual()));
        assert_eq!(whole.panels().len(), PANELS.len());
    }

    proptest! {
        #[test]
        fn no_move_loses_a_panel(moves in proptest::collection::vec((0..PANELS.len(), 0..4_usize, any::<u8>()), 0..40)) {
            let mut whole = usual();
            for (panel, direction, hidden) in moves {
                let shown = |id: &str| {
                    let index = PANELS.iter().position(|card| card.id == id).unwrap();
                    hidden >> (index % 8) & 1 == 0
                };
                whole = moved(&whole, PANELS[panel].id, Direction::ALL[direction].0, &shown);
                prop_assert_eq!(known(&whole), known(&usual()));
                prop_assert_eq!(whole.panels().len(), PANELS.len());
                prop_assert!(whole.is_valid());
            }
        }
    }
}
