//! The middle of a wide window: panels as tiles.

use super::arranging::{completed, usual};
use super::behaviour::Behaviour;
use super::separators;
use super::tiles::{self, PanelTree};
use super::{Contents, LayoutCommand};
use crate::app::command::{Action, Command};
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::storage::arrangement::Arrangement;
use egui::Ui;

/// The tiles, as they were last shown.
#[derive(Default)]
pub struct Middle {
    tree: Option<PanelTree>,
    /// The arrangement that the tree was made from or has told; none for the usual one.
    told: Option<Arrangement>,
    /// The panels that were seen last.
    seen: Vec<&'static str>,
    /// What was brought to the front last, as `View::front` counts.
    front: u64,
    /// Whether a boundary is being moved, so that sizes are no longer the usual ones.
    is_moving: bool,
}

impl Middle {
    /// Shows the panels, and asks for the arrangement to be remembered when it has changed.
    pub fn show(
        &mut self,
        contents: &mut Contents,
        lab: &Lab,
        commands: &mut Commands,
        ui: &mut Ui,
    ) {
        let mut tree = self.tree(lab);
        let hidden = self.hide(&mut tree, lab);
        let is_brought = self.bring_to_front(&mut tree, lab);
        if lab.settings.layout.arrangement.is_none() && !self.is_moving {
            tiles::size_as_usual(&mut tree, lab, ui.available_size());
        }
        let panes = tiles::panes(&tree).into_iter().map(|(tile, _)| tile);
        let mut behaviour = Behaviour {
            panes: panes.collect(),
            contents,
            lab,
            commands,
            hidden,
            rearranged: is_brought,
        };
        tree.ui(&mut behaviour, ui);
        let rearranged = behaviour.rearranged;
        if tree
            .root()
            .is_none_or(|root| !tree.is_visible_in_layout(root))
        {
            super::nothing(ui);
        }
        let moves = separators::show(&mut tree, ui);
        self.is_moving = moves.going_on;
        if moves.reset {
            commands.act(Action::UsualSizes);
        } else if rearranged || moves.done {
            self.is_moving = true;
            if let Some(now) = tiles::arrangement(&tree) {
                self.told = Some(now.clone());
                let told = LayoutCommand::Arrange(Box::new(now));
                commands.push(Command::Layout(told));
            }
        }
        self.tree = Some(tree);
    }

    /// Puts the panel in front that was asked for since the last frame; whether another was.
    fn bring_to_front(&mut self, tree: &mut PanelTree, lab: &Lab) -> bool {
        let asked = lab.view.front.filter(|(_, count)| *count != self.front);
        let Some((panel, count)) = asked else {
            return false;
        };
        self.front = count;
        let before = tiles::arrangement(tree);
        let panes = tiles::panes(tree).into_iter();
        let wanted = panes
            .filter(|(_, other)| *other == panel)
            .map(|(tile, _)| tile);
        for tile in wanted {
            tree.make_active(|id, _| id == tile);
        }
        tiles::arrangement(tree) != before
    }

    /// The tree of the arrangement that is asked for.
    fn tree(&mut self, lab: &Lab) -> PanelTree {
        let asked = &lab.settings.layout.arrangement;
        match self.tree.take() {
            Some(tree) if self.told == *asked => tree,
            _ => {
                self.told.clone_from(asked);
                self.seen.clear();
                tiles::tree(&asked.clone().map_or_else(usual, completed))
            }
        }
    }

    /// Hides what is not to be seen, and brings to the front the panel that is seen anew. Several
    /// at once come with another objective, and stay behind what was in front.
    fn hide(&mut self, tree: &mut PanelTree, lab: &Lab) -> Vec<egui_tiles::TileId> {
        let mut hidden = Vec::new();
        let mut seen = Vec::new();
        let mut anew = Vec::new();
        for (tile, panel) in tiles::panes(tree) {
            let is_seen = lab.shows_panel(panel);
            tree.set_visible(tile, is_seen);
            if !is_seen {
                hidden.push(tile);
                continue;
            }
            seen.push(panel);
            if !self.seen.is_empty() && !self.seen.contains(&panel) {
                anew.push(tile);
            }
        }
        if let [only] = anew[..] {
            tree.make_active(|id, _| id == only);
        }
        self.seen = seen;
        hidden
    }
}
