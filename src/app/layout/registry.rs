//! Every panel of the window's middle. Another panel is one more entry here.

use super::Contents;
use crate::app::panels::{
    Commands, continual, explanation, loss_slice, readout, results, training, tuning,
};
use crate::app::state::Lab;
use egui::Ui;

/// A panel as the window knows it.
pub struct PanelCard {
    /// Its id, in settings files; never changed.
    pub id: &'static str,
    /// Its name, in menus and on tabs.
    pub title: &'static str,
    /// What it shows, for the tooltip.
    pub about: &'static str,
    /// Its name and what it shows where that is something else.
    renamed: fn(&Lab) -> Option<(&'static str, &'static str)>,
    /// Where it stands unless it was moved.
    pub place: Place,
    /// The tab of a narrow window that it is on; panels of one tab share its height.
    pub tab: &'static str,
    /// The height it would have at most this much of, where it doesn't take what is left.
    pub height: Option<fn(&Lab, f32) -> f32>,
    /// Whether it is seen unless it was hidden.
    pub shown: bool,
    /// Whether there is anything for it to show.
    pub applies: fn(&Lab) -> bool,
    /// Draws it.
    pub show: fn(&mut Contents, &Lab, &mut Commands, &mut Ui),
}

/// Where a panel stands unless it was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The lowest in the left column.
    Left,
    /// The lowest in the middle.
    Centre,
    /// The lowest in the right column.
    Right,
    /// On a tab beside the panel of this id.
    With(&'static str),
}

impl PanelCard {
    /// A panel that is seen, has a tab of its own and takes the height that is left.
    const fn new(
        id: &'static str,
        title: &'static str,
        place: Place,
        about: &'static str,
        show: fn(&mut Contents, &Lab, &mut Commands, &mut Ui),
    ) -> Self {
        Self {
            id,
            title,
            about,
            renamed: |_| None,
            place,
            tab: title,
            height: None,
            shown: true,
            applies: |_| true,
            show,
        }
    }

    /// Its name for the experiment at hand.
    pub fn title_for(&self, lab: &Lab) -> &'static str {
        (self.renamed)(lab).map_or(self.title, |(title, _)| title)
    }

    /// What it shows of the experiment at hand.
    pub fn about_for(&self, lab: &Lab) -> &'static str {
        (self.renamed)(lab).map_or(self.about, |(_, about)| about)
    }

    /// The same, called otherwise where it shows something else.
    const fn renamed(mut self, renamed: fn(&Lab) -> Option<(&'static str, &'static str)>) -> Self {
        self.renamed = renamed;
        self
    }

    /// The same on this tab of a narrow window.
    const fn on_tab(mut self, tab: &'static str) -> Self {
        self.tab = tab;
        self
    }

    /// The same with a height of its own, from the laboratory and the height of all.
    const fn high(mut self, height: fn(&Lab, f32) -> f32) -> Self {
        self.height = Some(height);
        self
    }

    /// The same, seen only where it has something to show.
    const fn for_(mut self, applies: fn(&Lab) -> bool) -> Self {
        self.applies = applies;
        self
    }

    /// The same, seen only when it is asked for.
    const fn hidden(mut self) -> Self {
        self.shown = false;
        self
    }
}

/// Every panel, in the order in which they stand in their columns.
pub static PANELS: &[PanelCard] = &[
    PanelCard::new(
        "setup",
        "Setup",
        Place::Left,
        "The objective and the runs.",
        |panels, lab, commands, ui| panels.setup(lab, commands, ui),
    ),
    PanelCard::new(
        "landscape",
        "Landscape",
        Place::Centre,
        "The landscape with the trails of the runs, as a map or in space.",
        |panels, lab, commands, ui| match is_network(lab) {
            _ if continual::applies(lab) => panels.continual.accuracies.show(lab, commands, ui),
            true => panels.network.curves(lab, ui),
            false => panels.landscape.show(lab, commands, ui),
        },
    )
    .renamed(|lab| {
        let about = "Losses, accuracies and rates of the training, and what came of it.";
        (is_network(lab) || continual::applies(lab)).then_some(("Curves", about))
    }),
    PanelCard::new(
        "training",
        "Training",
        Place::With("landscape"),
        "How far the training is, pausing it, and changing rates while it goes on.",
        |_, lab, commands, ui| training::show(lab, commands, ui),
    )
    .for_(|lab| is_network(lab) || continual::applies(lab)),
    PanelCard::new(
        "loss_slice",
        "Loss slice",
        Place::With("landscape"),
        "The loss over a plane through a network's weights, with every run's path on it.",
        |panels, lab, commands, ui| loss_slice::show(&mut panels.landscape, lab, commands, ui),
    )
    .for_(is_network),
    PanelCard::new(
        "units",
        "Units",
        Place::With("landscape"),
        "What every hidden unit answers to, and which are free, shared or protected.",
        |panels, lab, commands, ui| panels.continual.units.show(lab, commands, ui),
    )
    .for_(continual::applies),
    PanelCard::new(
        "task_plane",
        "Plane of the tasks",
        Place::With("landscape"),
        "The loss of a task on the plane through the ends of the tasks, with EWC's ellipse.",
        |panels, lab, commands, ui| panels.continual.plane.show(lab, commands, ui),
    )
    .for_(continual::applies),
    PanelCard::new(
        "data",
        "Data",
        Place::With("landscape"),
        "The table that a regression's model is fitted to.",
        |panels, lab, commands, ui| panels.regression.data.show(lab, commands, ui),
    )
    .for_(is_regression),
    PanelCard::new(
        "worked",
        "Worked solution",
        Place::With("landscape"),
        "Every number of the update at the playhead: batch, errors, gradient, velocity.",
        |panels, lab, commands, ui| panels.regression.worked.show(lab, commands, ui),
    )
    .for_(is_regression),
    PanelCard::new(
        "fit",
        "Fit",
        Place::With("landscape"),
        "Predictions against targets, residuals, and the parameters over time.",
        |panels, lab, commands, ui| panels.regression.fit.show(lab, commands, ui),
    )
    .for_(is_regression),
    PanelCard::new(
        "examples",
        "Examples",
        Place::With("landscape"),
        "What a network learns from: how many examples every class has, and the examples.",
        |panels, lab, _, ui| panels.network.examples(lab, ui),
    )
    .for_(is_network),
    PanelCard::new(
        "predictions",
        "Predictions",
        Place::With("landscape"),
        "What a network makes of the test data at the playhead: confusion matrix, worst mistakes.",
        |panels, lab, commands, ui| panels.network.predictions(lab, commands, ui),
    )
    .for_(is_network),
    PanelCard::new(
        "layers",
        "Layers",
        Place::With("landscape"),
        "A network's filters, what flows between its layers, and their gradients and updates.",
        |panels, lab, commands, ui| panels.network.layers(lab, commands, ui),
    )
    .for_(is_network),
    PanelCard::new(
        "report",
        "Report",
        Place::With("landscape"),
        "Notes, settings, figures and results on paper.",
        |panels, lab, commands, ui| panels.regression.report.show(lab, commands, ui),
    )
    .hidden(),
    PanelCard::new(
        "step",
        "Explained step",
        Place::Centre,
        "The update at the playhead, line by line: the rule's formula with this update's numbers.",
        |panels, lab, commands, ui| panels.explanation.step.show(lab, commands, ui),
    )
    .high(|_, all| (all * 0.4).clamp(180.0, 480.0))
    .hidden(),
    PanelCard::new(
        "diagnosis",
        "Diagnosis",
        Place::Centre,
        "What is wrong with every run, what shows it, and what to try.",
        |panels, lab, commands, ui| panels.explanation.diagnosis.show(lab, commands, ui),
    )
    .high(|_, all| (all * 0.3).clamp(150.0, 360.0))
    .hidden(),
    PanelCard::new(
        "curvature",
        "Curvature",
        Place::Centre,
        "How the objective curves at the playhead: eigenvalues, the local model, the edge of \
         stability.",
        |_, lab, commands, ui| explanation::curvature::show(lab, commands, ui),
    )
    .high(|_, all| (all * 0.36).clamp(170.0, 420.0))
    .hidden(),
    PanelCard::new(
        "step sizes",
        "Large and small steps",
        Place::Centre,
        "The AdaBelief paper's table of three cases, worked out from the runs.",
        |panels, lab, commands, ui| panels.explanation.sizes.show(lab, commands, ui),
    )
    .high(|_, all| (all * 0.36).clamp(170.0, 360.0))
    .for_(explanation::sizes::applies)
    .hidden(),
    PanelCard::new(
        "forgetting",
        "Forgetting",
        Place::Centre,
        "Accuracy, transfer and forgetting of every run, and the accuracy matrix.",
        |panels, lab, commands, ui| panels.continual.forgetting.show(lab, commands, ui),
    )
    .high(|lab, all| {
        let rows = lab.shown_runs().count() as f32;
        (104.0 + 24.0 * rows.clamp(1.0, 8.0)).min(all * 0.32)
    })
    .for_(continual::can_forget),
    PanelCard::new(
        "notes",
        "Notes",
        Place::Centre,
        "The experiment's notes, in Markdown.",
        |panels, lab, commands, ui| panels.notes.show(lab, commands, ui),
    )
    .high(|_, all| (all * 0.2 + 16.0).clamp(106.0, 336.0)),
    PanelCard::new(
        "results",
        "Results",
        Place::Centre,
        "What became of every run, as a table to sort and copy.",
        |_, lab, commands, ui| results::show(lab, commands, ui),
    )
    .high(|_, all| (all * 0.3).clamp(150.0, 360.0))
    .hidden(),
    PanelCard::new(
        "plots",
        "Plots",
        Place::Right,
        "Loss, rate, gradient and distance over the epochs.",
        |panels, lab, commands, ui| panels.plots.show(lab, commands, ui),
    ),
    PanelCard::new(
        "readout",
        "Readout",
        Place::Right,
        "Every run's numbers at the playhead.",
        |_, lab, commands, ui| readout::show(lab, commands, ui),
    )
    .on_tab("Plots")
    .high(|lab, all| {
        let rows = lab.shown_runs().count() as f32;
        (80.0 + 41.0 * rows.clamp(1.0, 12.0)).min(all * 0.34)
    }),
    PanelCard::new(
        "maps",
        "Maps",
        Place::With("plots"),
        "What becomes of a run over two of its quantities; the learning-rate range test.",
        |panels, lab, commands, ui| panels.maps.show(lab, commands, ui),
    )
    .hidden(),
    PanelCard::new(
        "tuner",
        "Tuner",
        Place::With("plots"),
        "The settings with which every run does best, searched with the same budget for each.",
        |_, lab, commands, ui| tuning::tuner::show(lab, commands, ui),
    )
    .hidden(),
];

fn is_network(lab: &Lab) -> bool {
    lab.experiment.objective.network().is_some()
}

fn is_regression(lab: &Lab) -> bool {
    lab.experiment.objective.regression().is_some()
}

/// The panel of this id.
pub fn card(id: &str) -> Option<&'static PanelCard> {
    PANELS.iter().find(|card| card.id == id)
}

/// What a tab of a narrow window is called for the experiment at hand: as the panel that it is
/// named after.
pub fn tab_title(tab: &'static str, lab: &Lab) -> &'static str {
    let panel = PANELS.iter().find(|card| card.title == tab);
    panel.map_or(tab, |card| card.title_for(lab))
}

/// The tabs of a narrow window, in order.
pub fn tabs() -> Vec<&'static str> {
    let mut tabs: Vec<&str> = Vec::new();
    for card in PANELS {
        if !tabs.contains(&card.tab) {
            tabs.push(card.tab);
        }
    }
    tabs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_titles_are_there_once_and_places_exist() {
        for (index, panel) in PANELS.iter().enumerate() {
            for other in &PANELS[..index] {
                assert_ne!(panel.id, other.id);
                assert_ne!(panel.title, other.title);
            }
            if let Place::With(id) = panel.place {
                let before = PANELS[..index].iter().any(|other| other.id == id);
                assert!(before, "{} stands beside an earlier one", panel.id);
            }
            assert!(panel.about.ends_with('.'), "{}", panel.id);
        }
    }
}
