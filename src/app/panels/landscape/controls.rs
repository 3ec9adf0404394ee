//! How the landscape is seen.

use crate::app::command::{Action, Command};
use crate::app::panels::{Commands, regression};
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::storage::settings::{ContourPlace, HeightSpread, LandscapeView};
use egui::{Color32, Frame, TextStyle, Ui};

/// One choice of a row of them.
struct Choice<T> {
    value: T,
    text: &'static str,
    /// The accessible name.
    name: &'static str,
    help: &'static str,
}

const VIEWS: [Choice<LandscapeView>; 3] = [
    Choice {
        value: LandscapeView::Map,
        text: "2-D",
        name: "2-D",
        help: "The landscape from above, as a map (2).",
    },
    Choice {
        value: LandscapeView::Surface,
        text: "3-D",
        name: "3-D",
        help: "The landscape as a surface in space (3). Drag turns it, right drag or Shift+drag \
               moves it, the wheel zooms; with the focus on it, arrow keys turn and + and − zoom.",
    },
    Choice {
        value: LandscapeView::Both,
        text: "Both",
        name: "Both",
        help: "Map and surface at once (4). The point under the pointer is marked in both.",
    },
];

const HEIGHTS: [Choice<HeightSpread>; 2] = [
    Choice {
        value: HeightSpread::Linear,
        text: "linear",
        name: "Linear height",
        help: "Heights spread evenly; what is very high is cut off (H).",
    },
    Choice {
        value: HeightSpread::Logarithmic,
        text: "log",
        name: "Logarithmic height",
        help: "Heights spread as the colours are, by log(1 + (J − J*)/s) (H).",
    },
];

const CONTOURS: [Choice<ContourPlace>; 3] = [
    Choice {
        value: ContourPlace::Surface,
        text: "draped",
        name: "Contours on the surface",
        help: "Contour lines on the surface (C).",
    },
    Choice {
        value: ContourPlace::Floor,
        text: "floor",
        name: "Contours on the floor",
        help: "Contour lines on the floor below the surface (C).",
    },
    Choice {
        value: ContourPlace::Nowhere,
        text: "none",
        name: "No contours",
        help: "No contour lines (C).",
    },
];

/// Shows the row of choices; those of the surface only where it is seen.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let settings = &lab.settings;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let view = settings.landscape_view;
        segments("", &VIEWS, view, Command::ShowLandscape, commands, ui);
        regression::axes(lab, commands, ui);
        for (is_on, text, action) in [
            (settings.shows_inside, "inside", Action::ToggleInside),
            (
                settings.shows_curvature,
                "curvature",
                Action::ToggleCurvature,
            ),
            (settings.shows_flow, "flow", Action::ToggleFlow),
        ] {
            let card = action.card();
            let label = ui.selectable_label(is_on, text);
            if named(label, card.name).on_hover_text(card.help).clicked() {
                commands.act(action);
            }
        }
        if view == LandscapeView::Map {
            return;
        }
        let height = settings.surface_height;
        let spread = Command::SpreadHeight;
        segments("Height", &HEIGHTS, height, spread, commands, ui);
        let place = settings.surface_contours;
        let put = Command::PlaceContours;
        segments("Contours", &CONTOURS, place, put, commands, ui);
        let reset = named(ui.button("Reset"), "Reset view");
        if reset.on_hover_text(Action::ResetView.card().help).clicked() {
            commands.act(Action::ResetView);
        }
    });
}

/// Room on both sides of a choice.
const PADDING: f32 = 6.0;

/// Choices in one frame after their caption, the present one marked; in the next row where this
/// one has no room for all of them.
fn segments<T: Copy + PartialEq>(
    caption: &str,
    choices: &[Choice<T>],
    now: T,
    command: impl Fn(T) -> Command,
    commands: &mut Commands,
    ui: &mut Ui,
) {
    let font = TextStyle::Button.resolve(ui.style());
    let length = |text: &str| {
        let galley = ui
            .painter()
            .layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE);
        galley.size().x
    };
    let of_choices = choices
        .iter()
        .map(|choice| length(choice.text) + 2.0 * PADDING);
    let needed = of_choices.sum::<f32>() + length(caption) + ui.spacing().item_spacing.x;
    if ui.available_size_before_wrap().x < needed {
        ui.end_row();
    }
    if !caption.is_empty() {
        ui.weak(caption);
    }
    let frame = Frame::new()
        .fill(ui.visuals().widgets.inactive.weak_bg_fill)
        .corner_radius(4);
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        // All of them stay in one line at 800 × 600.
        ui.spacing_mut().button_padding.x = PADDING;
        ui.horizontal(|ui| {
            for choice in choices {
                let label = ui.selectable_label(choice.value == now, choice.text);
                if named(label, choice.name)
                    .on_hover_text(choice.help)
                    .clicked()
                {
                    commands.push(command(choice.value));
                }
            }
        });
    });
}
