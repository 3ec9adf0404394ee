//! Everything that can be asked of the window: by menu, shortcut, palette or panel.

use super::browsing::Browsing;
use super::comparison::Compare;
use super::data::DataCommand;
use super::export::ExportCommand;
use super::layout::LayoutCommand;
use super::plots::{PlotCommand, Subject};
use super::starting::StartsForm;
use super::training::TrainingCommand;
use super::tuning::TuningCommand;
use super::understanding::UnderstandingCommand;
use crate::experiment::Experiment;
use crate::storage::settings::{ContourPlace, HeightSpread, LandscapeView};
use egui::text_selection::LabelSelectionState;
use egui::{Key, KeyboardShortcut, Modifiers};
use std::path::PathBuf;

/// A request, made by a panel and carried out in one place (`perform`).
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A named action.
    Act(Action),
    /// The experiment as the user has just changed it, made from the one that the frame began
    /// with.
    Edit(Box<Experiment>),
    /// Open a built-in experiment.
    OpenBuiltIn(&'static str),
    /// Open a file.
    OpenFile(PathBuf),
    /// Save to a file.
    SaveTo(PathBuf),
    /// Move the playhead.
    Seek(u64),
    /// Updates a second while playing.
    SetSpeed(f64),
    /// Show the details of a run, or of none.
    Select(Option<usize>),
    /// Put the run of this number on the clipboard.
    CopyRun(usize),
    /// Put a text on the clipboard, and say so.
    CopyText {
        /// What it is, as a sentence begins.
        what: String,
        /// The text.
        text: String,
    },
    /// Take the run that this text describes.
    PasteRun(String),
    /// Draw only this run, or all again.
    Solo(Option<usize>),
    /// Choose what the narrow window shows, by the name of the tab.
    ShowTab(&'static str),
    /// Something about where the panels stand.
    Layout(LayoutCommand),
    /// Choose from where the landscape is seen.
    ShowLandscape(LandscapeView),
    /// Choose how heights are spread over the surface in space.
    SpreadHeight(HeightSpread),
    /// Choose where the surface's contour lines lie.
    PlaceContours(ContourPlace),
    /// Something around the data of a regression.
    Data(DataCommand),
    /// Put a notice away.
    Dismiss(usize),
    /// Take over unsaved work of an earlier session.
    Restore(usize),
    /// Throw away unsaved work of an earlier session.
    Forget(usize),
    /// Choose the file to open with the system's dialog.
    BrowseToOpen,
    /// Choose the place to save to with the system's dialog.
    BrowseToSave,
    /// Save over a file that is there already.
    Replace(PathBuf),
    /// A step of the tour, from 0; none ends it.
    ShowTour(Option<usize>),
    /// Something about exporting.
    Export(ExportCommand),
    /// Something about comparing results.
    Compare(Compare),
    /// The choices of several starts as the user has just changed them.
    ChooseStarts(Box<StartsForm>),
    /// Something about the plots.
    Plot(PlotCommand),
    /// Something about maps or tuning.
    Tuning(TuningCommand),
    /// Something about what is explained.
    Understanding(UnderstandingCommand),
    /// Something around work under way.
    Training(TrainingCommand),
    /// Show the values of a plot as a table.
    ShowValues(Subject),
    /// Close whatever dialog is open.
    CloseDialog,
    /// What is typed in the dialog.
    Type(String),
    /// Where someone stands in the catalogue.
    Browse(Box<Browsing>),
}

/// An action with a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// An empty experiment.
    New,
    /// Choose an experiment: built-in, recent, or any file.
    Open,
    /// Save to the file it came from.
    Save,
    /// Type or choose where to save.
    SaveAs,
    /// Choose what to export, how and where.
    Export,
    /// Back to what was last saved or opened.
    Revert,
    /// Close the window.
    Quit,
    /// Take the last change back.
    Undo,
    /// Make it again.
    Redo,
    /// One more run.
    AddRun,
    /// Other starts: a grid or random points.
    Starts,
    /// Other noise.
    Reseed,
    /// Keep what is recorded behind what comes next.
    Pin,
    /// Let it go.
    Unpin,
    /// Open or close the table of results.
    Results,
    /// The run at hand to the clipboard.
    CopyRun,
    /// The run on the clipboard as one more.
    PasteRun,
    /// One more like the run at hand.
    DuplicateRun,
    /// The run at hand one place up.
    MoveRunUp,
    /// The run at hand one place down.
    MoveRunDown,
    /// Play or pause.
    PlayPause,
    /// To the start.
    First,
    /// One step back.
    StepBack,
    /// One step on.
    StepForward,
    /// Ten steps back.
    LeapBack,
    /// Ten steps on.
    LeapForward,
    /// To the end.
    Last,
    /// Start over at the end, or not.
    Loop,
    /// Hold the computation, or let it go on.
    PauseWork,
    /// End the computation.
    CancelWork,
    /// The landscape and the plots as they were.
    ResetView,
    /// The landscape from above.
    ShowMap,
    /// The landscape as a surface in space, or from above again.
    ToggleSurface,
    /// The landscape both ways.
    ShowBoth,
    /// Linear or logarithmic height of the surface.
    ToggleHeightSpread,
    /// Contour lines on the surface, on the floor, or none.
    NextContours,
    /// Linear or logarithmic loss.
    ToggleLossScale,
    /// Epochs or evaluations along the plots.
    ToggleAbscissa,
    /// Linear or logarithmic epochs or evaluations.
    ToggleLogX,
    /// One plot large, or all small.
    EnlargePlot,
    /// The values of a plot as a table.
    ShowValues,
    /// Arrows at the playhead for what happens inside a rule, or none.
    ToggleInside,
    /// How the landscape curves at the playhead, on the map, or not.
    ToggleCurvature,
    /// The path of gradient flow from the start, or not.
    ToggleFlow,
    /// Show or hide the notes.
    ToggleNotes,
    /// Keep the layout of the panels under a name.
    KeepLayout,
    /// Every panel where and as large as it usually is.
    ResetLayout,
    /// Every panel as large as it usually is.
    UsualSizes,
    /// Write the notes.
    EditNotes,
    /// Dark or light.
    ToggleTheme,
    /// As the system.
    SystemTheme,
    /// Colours that stand out more, or the usual ones.
    ToggleContrast,
    /// Nothing that fades, glides or blinks, or everything.
    ToggleMotion,
    /// Everything larger.
    Larger,
    /// Everything smaller.
    Smaller,
    /// Everything in its usual size.
    UsualSize,
    /// Search all actions.
    Palette,
    /// Keys and mouse.
    Help,
    /// The tour of the window.
    Tour,
    /// What this is.
    About,
}

/// A named action as menus, palette and shortcut sheet show it.
#[derive(Debug)]
pub struct ActionCard {
    /// Which.
    pub action: Action,
    /// The name.
    pub name: &'static str,
    /// What it does, for the tooltip.
    pub help: &'static str,
    /// The key, where it has one.
    pub shortcut: Option<KeyboardShortcut>,
    /// The menu it stands in.
    pub menu: Menu,
}

/// The menus of the top bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Files.
    File,
    /// Changes.
    Edit,
    /// Appearance.
    View,
    /// Playback.
    Play,
    /// Explanations.
    Help,
}

const fn card(
    action: Action,
    menu: Menu,
    name: &'static str,
    shortcut: Option<KeyboardShortcut>,
    help: &'static str,
) -> ActionCard {
    ActionCard {
        action,
        name,
        help,
        shortcut,
        menu,
    }
}

const fn ctrl(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::COMMAND, key))
}

const fn ctrl_shift(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(
        Modifiers::COMMAND.plus(Modifiers::SHIFT),
        key,
    ))
}

const fn bare(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::NONE, key))
}

const fn alt(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::ALT, key))
}

const fn shift(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::SHIFT, key))
}

/// Every named action, in menu order.
pub static ACTIONS: &[ActionCard] = {
    use Action as A;
    use Menu::{Edit, File, Help, Play, View};
    &[
        card(
            A::New,
            File,
            "New",
            ctrl(Key::N),
            "A new experiment with one run.",
        ),
        card(
            A::Open,
            File,
            "Open…",
            ctrl(Key::O),
            "Built-in experiments, recent files, or any file by its path.",
        ),
        card(
            A::Save,
            File,
            "Save",
            ctrl(Key::S),
            "Save to the experiment's file.",
        ),
        card(
            A::SaveAs,
            File,
            "Save as…",
            ctrl_shift(Key::S),
            "Type or choose where to save.",
        ),
        card(
            A::Export,
            File,
            "Export…",
            ctrl_shift(Key::E),
            "A plot, the landscape, the playback, the window or the numbers as a file.",
        ),
        card(
            A::Revert,
            File,
            "Revert",
            None,
            "Back to what was last saved or opened. Can be undone.",
        ),
        card(
            A::Quit,
            File,
            "Quit",
            ctrl(Key::Q),
            "Close the window. Unsaved changes are kept and offered at the next start.",
        ),
        card(
            A::Undo,
            Edit,
            "Undo",
            ctrl(Key::Z),
            "Take the last change back.",
        ),
        card(
            A::Redo,
            Edit,
            "Redo",
            ctrl(Key::Y),
            "Make the change again that was taken back.",
        ),
        card(
            A::AddRun,
            Edit,
            "Add run…",
            ctrl(Key::R),
            "Browse the catalogue: optimizers, wrappers, schedules, landscapes.",
        ),
        card(
            A::Starts,
            Edit,
            "Several starts…",
            None,
            "Let every run go from a grid of points or from random ones, and see medians, quartiles \
             and success rates.",
        ),
        card(
            A::Reseed,
            Edit,
            "New seed",
            bare(Key::S),
            "Other draws of the noise, the same for all runs. Can be undone.",
        ),
        card(
            A::CopyRun,
            Edit,
            "Copy run",
            ctrl(Key::C),
            "The run whose name has the focus, or the unfolded one, as text on the clipboard.",
        ),
        card(
            A::PasteRun,
            Edit,
            "Paste run",
            ctrl(Key::V),
            "The run on the clipboard, from another window too, as one more run.",
        ),
        card(
            A::DuplicateRun,
            Edit,
            "Duplicate run",
            ctrl(Key::D),
            "One more like the run whose name has the focus, or like the unfolded one.",
        ),
        card(
            A::MoveRunUp,
            Edit,
            "Move run up",
            alt(Key::ArrowUp),
            "The run whose name has the focus, or the unfolded one, one place up.",
        ),
        card(
            A::MoveRunDown,
            Edit,
            "Move run down",
            alt(Key::ArrowDown),
            "The run whose name has the focus, or the unfolded one, one place down.",
        ),
        card(
            A::EditNotes,
            Edit,
            "Edit notes",
            ctrl(Key::E),
            "Write the experiment's notes (Markdown).",
        ),
        card(
            A::ResetView,
            View,
            "Reset view",
            bare(Key::R),
            "Landscape and plots back to their whole range, the camera to its place.",
        ),
        card(
            A::ShowMap,
            View,
            "Landscape in 2-D",
            bare(Key::Num2),
            "The landscape from above, as a map.",
        ),
        card(
            A::ToggleSurface,
            View,
            "Landscape in 3-D",
            bare(Key::Num3),
            "The landscape as a surface in space; once more, from above again.",
        ),
        card(
            A::ShowBoth,
            View,
            "Landscape in 2-D and 3-D",
            bare(Key::Num4),
            "Map and surface at once; a point under the pointer is marked in both.",
        ),
        card(
            A::ToggleHeightSpread,
            View,
            "Logarithmic height",
            bare(Key::H),
            "Spread the surface's height evenly or as the colours are.",
        ),
        card(
            A::NextContours,
            View,
            "Contour lines of the surface",
            bare(Key::C),
            "On the surface, on the floor, or none.",
        ),
        card(
            A::ToggleLossScale,
            View,
            "Logarithmic loss",
            bare(Key::L),
            "Spread the loss evenly or by powers of ten.",
        ),
        card(
            A::ToggleAbscissa,
            View,
            "Plot against evaluations",
            bare(Key::E),
            "Plots over evaluations of the objective, or over epochs.",
        ),
        card(
            A::Results,
            View,
            "Results table",
            shift(Key::T),
            "What became of every run: sort, compare, copy.",
        ),
        card(
            A::Pin,
            View,
            "Pin as ghost",
            bare(Key::G),
            "Keep this finished experiment, grey and dashed, behind what you change next. It is not \
             part of the file.",
        ),
        card(
            A::Unpin,
            View,
            "Unpin",
            shift(Key::G),
            "Let the pinned experiment go.",
        ),
        card(
            A::ToggleLogX,
            View,
            "Logarithmic x axis",
            bare(Key::X),
            "Spread epochs or evaluations along the plots evenly or by powers of ten; the start, \
             which has no logarithm, is then left out (X).",
        ),
        card(
            A::EnlargePlot,
            View,
            "One plot large",
            bare(Key::B),
            "One plot over the whole height, or all chosen plots below one another (B).",
        ),
        card(
            A::ShowValues,
            View,
            "Table of values…",
            bare(Key::T),
            "The values of a plot as a table, every recorded step of every run (T).",
        ),
        card(
            A::ToggleInside,
            View,
            "Inside the rule",
            bare(Key::I),
            "At the playhead, the slope that the selected run saw, what its rule remembers and \
             the step that came of it, as arrows, ellipses and points on the landscape (I).",
        ),
        card(
            A::ToggleCurvature,
            View,
            "Curvature on the landscape",
            bare(Key::K),
            "At the playhead, the directions in which the landscape curves most and least, and the \
             contours of the local quadratic model with its bottom (K).",
        ),
        card(
            A::ToggleFlow,
            View,
            "Gradient flow",
            bare(Key::F),
            "The path from the start of dw/dt = −∇J, steps without length (F).",
        ),
        card(
            A::ToggleNotes,
            View,
            "Notes",
            bare(Key::N),
            "Show or hide the notes.",
        ),
        card(
            A::KeepLayout,
            View,
            "Keep layout…",
            None,
            "Keep where the panels stand under a name, to come back to it.",
        ),
        card(
            A::ResetLayout,
            View,
            "Reset layout",
            None,
            "Every panel back in its usual place and size, shown or hidden as usual.",
        ),
        card(
            A::UsualSizes,
            View,
            "Even panel sizes",
            None,
            "Panels in their usual sizes; moved ones share their room evenly.",
        ),
        card(
            A::ToggleTheme,
            View,
            "Dark or light",
            ctrl(Key::T),
            "Switch between the dark and the light appearance.",
        ),
        card(
            A::SystemTheme,
            View,
            "Appearance of the system",
            None,
            "Dark or light as the system has it.",
        ),
        card(
            A::ToggleContrast,
            View,
            "High contrast",
            None,
            "Colours that stand out more, dark or light; once more, the usual ones.",
        ),
        card(
            A::ToggleMotion,
            View,
            "Reduced motion",
            None,
            "Nothing fades, glides or blinks; playing still steps. Once more, as usual.",
        ),
        card(
            A::Larger,
            View,
            "Larger",
            ctrl(Key::Plus),
            "Draw everything larger.",
        ),
        card(
            A::Smaller,
            View,
            "Smaller",
            ctrl(Key::Minus),
            "Draw everything smaller.",
        ),
        card(
            A::UsualSize,
            View,
            "Usual size",
            ctrl(Key::Num0),
            "Draw everything in its usual size.",
        ),
        card(
            A::Palette,
            View,
            "Search commands…",
            ctrl(Key::P),
            "Find and run any command by its name (also Ctrl+K).",
        ),
        card(
            A::PlayPause,
            Play,
            "Play or pause",
            bare(Key::Space),
            "Let the playhead run, or hold it where it is.",
        ),
        card(
            A::First,
            Play,
            "To the start",
            bare(Key::Home),
            "Playhead to the start.",
        ),
        card(
            A::StepBack,
            Play,
            "Step back",
            bare(Key::ArrowLeft),
            "Playhead one step back.",
        ),
        card(
            A::StepForward,
            Play,
            "Step on",
            bare(Key::ArrowRight),
            "Playhead one step on.",
        ),
        card(
            A::LeapBack,
            Play,
            "Ten steps back",
            shift(Key::ArrowLeft),
            "Playhead ten steps back.",
        ),
        card(
            A::LeapForward,
            Play,
            "Ten steps on",
            shift(Key::ArrowRight),
            "Playhead ten steps on.",
        ),
        card(
            A::Last,
            Play,
            "To the end",
            bare(Key::End),
            "Playhead to the end.",
        ),
        card(A::Loop, Play, "Loop", None, "Start over at the end."),
        card(
            A::PauseWork,
            Play,
            "Pause or resume computation",
            bare(Key::P),
            "Hold a long computation where it is, or let it go on, after Cancel too (P).",
        ),
        card(
            A::CancelWork,
            Play,
            "Cancel computation",
            None,
            "End a long computation; what it recorded stays, and it can be gone on with.",
        ),
        card(
            A::Help,
            Help,
            "Keys and mouse",
            bare(Key::F1),
            "What keys and mouse do.",
        ),
        card(
            A::Tour,
            Help,
            "Tour of the window",
            None,
            "Five short steps: what is minimised, who competes, where they go, how, when.",
        ),
        card(
            A::About,
            Help,
            "About Descent Lab",
            None,
            "Version, licence, folders.",
        ),
    ]
};

impl Action {
    /// Its card.
    pub fn card(self) -> &'static ActionCard {
        ACTIONS
            .iter()
            .find(|card| card.action == self)
            .expect("every action has a card; a test walks them")
    }
}

/// The actions whose keys were pressed. Keys without Ctrl are left to a text field that has
/// the focus; longer combinations go first, so that Ctrl+Shift+S is not taken for Ctrl+S.
pub fn pressed(ctx: &egui::Context) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let slider_focused = ctx.memory(|memory| memory.focused().is_some());
    let mut cards: Vec<_> = ACTIONS
        .iter()
        .filter_map(|card| card.shortcut.map(|shortcut| (card.action, shortcut)))
        .collect();
    cards.push((
        Action::Palette,
        KeyboardShortcut::new(Modifiers::COMMAND, Key::K),
    ));
    cards.push((
        Action::Redo,
        KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z),
    ));
    cards.sort_by_key(|(_, shortcut)| std::cmp::Reverse(shortcut.modifiers.shift));
    let mut commands = Vec::new();
    for (action, shortcut) in cards {
        let is_bare = !shortcut.modifiers.command;
        let moves = matches!(
            shortcut.logical_key,
            Key::ArrowLeft | Key::ArrowRight | Key::Home | Key::End | Key::Space
        );
        // A focused control answers to these itself.
        if is_bare && (typing || moves && slider_focused) {
            continue;
        }
        // A text field takes its own typing back, and has a clipboard of its own.
        let is_fields_own = matches!(
            action,
            Action::Undo | Action::Redo | Action::CopyRun | Action::PasteRun
        );
        if typing && is_fields_own {
            continue;
        }
        if ctx.input_mut(|input| input.consume_shortcut(&shortcut)) {
            commands.push(Command::Act(action));
        }
    }
    commands
}

/// What the system's copy and paste keys ask for. Text that is being typed, or is marked
/// anywhere, has them for itself.
pub fn clipboard(ctx: &egui::Context) -> Vec<Command> {
    let marks = ctx.plugin_or_default::<LabelSelectionState>();
    let has_marked = marks.lock().has_selection();
    if ctx.text_edit_focused() {
        return Vec::new();
    }
    let of = |event: &egui::Event| match event {
        egui::Event::Copy if !has_marked => Some(Command::Act(Action::CopyRun)),
        egui::Event::Paste(text) => Some(Command::PasteRun(text.clone())),
        _ => None,
    };
    ctx.input(|input| input.events.iter().filter_map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_card() {
        let source = include_str!("command.rs");
        let (_, after) = source.split_once("pub enum Action {").unwrap();
        let (variants, _) = after.split_once('}').unwrap();
        let count = variants
            .lines()
            .filter(|line| line.trim_end().ends_with(','))
            .count();
        assert_eq!(count, ACTIONS.len());
        for card in ACTIONS {
            assert_eq!(card.action.card().name, card.name);
        }
    }

    #[test]
    fn no_shortcut_and_no_name_is_given_twice() {
        for (index, card) in ACTIONS.iter().enumerate() {
            for other in &ACTIONS[..index] {
                assert_ne!(card.action, other.action);
                assert_ne!(card.name, other.name);
                assert!(card.shortcut.is_none() || card.shortcut != other.shortcut);
            }
            assert!(card.help.ends_with('.') || card.help.ends_with(')'));
        }
    }
}
