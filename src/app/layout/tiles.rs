//! The arrangement as a tree of tiles, and back.

use super::registry::card;
use crate::app::state::Lab;
use crate::storage::arrangement::Arrangement;
use egui::Vec2;
use egui_tiles::{Container, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};

/// A tree of panels, each by its id.
pub type PanelTree = Tree<&'static str>;

/// Between two panels, in points.
pub const GAP: f32 = 1.0;

/// The tree of an arrangement. What is not a panel here is left out.
pub fn tree(arrangement: &Arrangement) -> PanelTree {
    let mut tiles = Tiles::default();
    let id = egui::Id::unique("panels");
    match tile(arrangement, &mut tiles) {
        Some(root) => Tree::new(id, root, tiles),
        None => Tree::empty(id),
    }
}

fn tile(arrangement: &Arrangement, tiles: &mut Tiles<&'static str>) -> Option<TileId> {
    match arrangement {
        Arrangement::Panel(id) => Some(tiles.insert_pane(card(id)?.id)),
        Arrangement::Row(parts) => Some(linear(LinearDir::Horizontal, parts, tiles)),
        Arrangement::Column(parts) => Some(linear(LinearDir::Vertical, parts, tiles)),
        Arrangement::Tabs(front, parts) => {
            let of = |part: &Arrangement| tile(part, tiles);
            let children: Vec<_> = parts.iter().filter_map(of).collect();
            let mut tabs = Tabs::new(children);
            tabs.active = tabs.children.get(*front).copied().or(tabs.active);
            Some(tiles.insert_container(tabs))
        }
    }
}

fn linear(
    direction: LinearDir,
    parts: &[(f32, Arrangement)],
    tiles: &mut Tiles<&'static str>,
) -> TileId {
    let mut linear = Linear::new(direction, Vec::new());
    for (share, part) in parts {
        if let Some(child) = tile(part, tiles) {
            linear.children.push(child);
            linear.shares.set_share(child, *share);
        }
    }
    tiles.insert_container(linear)
}

/// The arrangement of a tree.
pub fn arrangement(tree: &PanelTree) -> Option<Arrangement> {
    part(&tree.tiles, tree.root()?)
}

fn part(tiles: &Tiles<&'static str>, id: TileId) -> Option<Arrangement> {
    match tiles.get(id)? {
        Tile::Pane(panel) => Some(Arrangement::Panel((*panel).to_owned())),
        Tile::Container(Container::Linear(linear)) => {
            let parts = linear.children.iter();
            let parts =
                parts.filter_map(|&child| Some((linear.shares[child], part(tiles, child)?)));
            let parts = parts.collect();
            Some(match linear.dir {
                LinearDir::Horizontal => Arrangement::Row(parts),
                LinearDir::Vertical => Arrangement::Column(parts),
            })
        }
        Tile::Container(Container::Tabs(tabs)) => {
            let front = tabs
                .children
                .iter()
                .position(|&child| tabs.is_active(child));
            let parts = tabs.children.iter().filter_map(|&child| part(tiles, child));
            Some(Arrangement::Tabs(front.unwrap_or(0), parts.collect()))
        }
        // Nothing here makes grids.
        Tile::Container(Container::Grid(grid)) => {
            let parts = grid.children().filter_map(|&child| part(tiles, child));
            Some(Arrangement::Tabs(0, parts.collect()))
        }
    }
}

/// Every panel's tile.
pub fn panes(tree: &PanelTree) -> Vec<(TileId, &'static str)> {
    let pane = |(&id, tile): (&TileId, &Tile<&'static str>)| match tile {
        Tile::Pane(panel) => Some((id, *panel)),
        Tile::Container(_) => None,
    };
    tree.tiles.iter().filter_map(pane).collect()
}

/// Gives the tree of the usual arrangement its usual sizes, for a window's middle of this size.
pub fn size_as_usual(tree: &mut PanelTree, lab: &Lab, size: Vec2) {
    let Some(root) = tree.root() else { return };
    let left = (size.x * 0.24).clamp(290.0, 400.0);
    let right = (size.x * 0.30).clamp(340.0, 760.0);
    let widths = [left, (size.x - left - right).max(200.0), right];
    let Some(Tile::Container(Container::Linear(row))) = tree.tiles.get_mut(root) else {
        return;
    };
    let columns = row.children.clone();
    for (&column, width) in columns.iter().zip(widths) {
        row.shares.set_share(column, width);
    }
    for column in columns {
        size_column_as_usual(&mut tree.tiles, column, lab, size.y);
    }
}

fn size_column_as_usual(tiles: &mut Tiles<&'static str>, column: TileId, lab: &Lab, all: f32) {
    let Some(Tile::Container(Container::Linear(linear))) = tiles.get(column) else {
        return;
    };
    let height = |&child: &TileId| usual_height(tiles, child, lab, all);
    let heights: Vec<_> = linear.children.iter().map(height).collect();
    let seen = |&(child, _): &(&TileId, _)| tiles.is_visible_in_layout(*child);
    let here = linear.children.iter().zip(&heights).filter(seen);
    let (fixed, free) = here.fold((0.0, 0), |(sum, free), (_, height)| match height {
        Some(height) => (sum + height, free),
        None => (sum, free + 1),
    });
    let rest = ((all - fixed) / free.max(1) as f32).max(60.0);
    if let Some(Tile::Container(Container::Linear(linear))) = tiles.get_mut(column) {
        for (&child, height) in linear.children.clone().iter().zip(heights) {
            linear.shares.set_share(child, height.unwrap_or(rest));
        }
    }
}

/// The height that a panel, or the one in front of others, would have.
fn usual_height(tiles: &Tiles<&'static str>, id: TileId, lab: &Lab, all: f32) -> Option<f32> {
    match tiles.get(id)? {
        Tile::Pane(panel) => card(panel)?.height.map(|height| height(lab, all)),
        Tile::Container(Container::Tabs(tabs)) => {
            let front = tabs.next_active(tiles)?;
            usual_height(tiles, front, lab, all)
        }
        Tile::Container(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::arranging::usual;
    use super::*;

    #[test]
    fn a_tree_says_the_arrangement_it_was_made_from() {
        let usual = usual();
        assert_eq!(arrangement(&tree(&usual)), Some(usual.clone()));
        let panel = |id: &str| Arrangement::Panel(id.into());
        let tabbed = Arrangement::Row(vec![
            (
                0.3,
                Arrangement::Tabs(1, vec![panel("notes"), panel("setup")]),
            ),
            (
                0.7,
                Arrangement::Column(vec![(2.0, panel("plots")), (1.0, panel("landscape"))]),
            ),
        ]);
        assert_eq!(arrangement(&tree(&tabbed)), Some(tabbed.clone()));
        let mut many = tree(&usual);
        for (id, _) in panes(&many) {
            many.set_visible(id, false);
        }
        assert_eq!(arrangement(&many), Some(usual), "hiding moves nothing");
    }
}
