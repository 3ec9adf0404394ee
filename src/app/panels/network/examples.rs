//! The data: how many examples every class has, and the examples themselves.

use super::thumbnails::{Example, Part, Thumbnails, is_image};
use crate::app::asked::Asked;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::named;
use crate::models::datasets::{Data, Dataset, Source};
use egui::{ComboBox, Grid, RichText, ScrollArea, Sense, Ui, vec2};

/// The width of the bars.
const BAR: f32 = 90.0;

/// The side of a picture.
const PICTURE: f32 = 44.0;

/// Below this width the examples stand under the classes.
const NARROW: f32 = 420.0;

/// The panel, with the data on show.
pub struct ExamplesPanel {
    data: Asked<(Source, u64), Result<Loaded, String>>,
    part: Part,
    class: Option<usize>,
}

/// Data with what is said of them.
struct Loaded {
    data: Data,
    /// How many examples every class has, by part.
    balance: [Vec<usize>; 2],
}

impl ExamplesPanel {
    /// A panel that has shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            data: Asked::new(ctx, "data", load),
            part: Part::Training,
            class: None,
        }
    }

    /// Shows counts, classes and examples. A click on an example makes it the chosen one.
    pub fn show(
        &mut self,
        lab: &Lab,
        (chosen, thumbnails): (&mut Example, &mut Thumbnails),
        ui: &mut Ui,
    ) {
        let Some(spec) = lab.experiment.objective.network() else {
            ui.weak("This experiment trains no network.");
            return;
        };
        let question = (spec.data.clone(), lab.experiment.all_seeds()[0]);
        let Self { data, part, class } = self;
        let loaded = match data.ask(question.clone()) {
            Some((of, loaded)) if *of == question => loaded,
            _ => {
                ui.weak("The data are being read …");
                return;
            }
        };
        let loaded = match loaded {
            Ok(loaded) => loaded,
            Err(reason) => {
                let text = RichText::new(reason.as_str()).color(ui.visuals().error_fg_color);
                ui.label(text);
                return;
            }
        };
        summary(&loaded.data, ui);
        let set = part.of(&loaded.data);
        *class = class.filter(|class| *class < set.classes.len());
        filter(set, part, class, ui);
        let balance = &loaded.balance[usize::from(*part == Part::Test)];
        if ui.available_width() < NARROW {
            ScrollArea::vertical()
                .id_salt("classes and examples")
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    bars(&loaded.data, *part, balance, class, ui);
                    ui.separator();
                    // Without an end of its own it would be as high as all examples.
                    ui.set_max_height(PICTURE * 6.0);
                    grid(&loaded.data, (*part, *class), (chosen, thumbnails), ui);
                });
            return;
        }
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ScrollArea::vertical()
                    .id_salt("balance")
                    .show(ui, |ui| bars(&loaded.data, *part, balance, class, ui));
            });
            ui.separator();
            ui.vertical(|ui| grid(&loaded.data, (*part, *class), (chosen, thumbnails), ui));
        });
    }
}

fn load(
    (source, seed): &(Source, u64),
    _: &(dyn Fn() -> bool + Sync),
) -> Option<Result<Loaded, String>> {
    let data = source.load(*seed).map_err(|error| error.to_string());
    Some(data.map(|data| Loaded {
        balance: [data.train.balance(), data.test.balance()],
        data,
    }))
}

/// What there is, in words.
fn summary(data: &Data, ui: &mut Ui) {
    let shape = data.train.shape;
    let (kind, size) = match is_image(&data.train) {
        true => ("images", format!("{}×{} pixels", shape.height, shape.width)),
        false => ("rows", format!("{} numbers", shape.size())),
    };
    ui.label(format!(
        "{} training and {} test {kind} of {size}, in {} classes.",
        data.train.len(),
        data.test.len(),
        data.train.classes.len(),
    ));
}

/// Which examples are shown.
fn filter(set: &Dataset, part: &mut Part, class: &mut Option<usize>, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        for (choice, name) in Part::ALL {
            let option = ui.selectable_label(*part == choice, name);
            let name = format!("Show {} data", name.to_lowercase());
            if named(option, &name).clicked() {
                *part = choice;
            }
        }
        let name = class.map_or("all classes", |class| set.classes[class].as_str());
        let combo = ComboBox::from_id_salt("class shown")
            .selected_text(name)
            .show_ui(ui, |ui| {
                ui.selectable_value(class, None, "all classes");
                for (index, name) in set.classes.iter().enumerate() {
                    ui.selectable_value(class, Some(index), name);
                }
            });
        named(combo.response, "Class shown").on_hover_text("Only its examples are shown.");
    });
}

/// How many examples every class has; a click shows only its.
fn bars(data: &Data, part: Part, balance: &[usize], class: &mut Option<usize>, ui: &mut Ui) {
    let set = part.of(data);
    let most = balance.iter().copied().max().unwrap_or(0).max(1);
    let tokens = theme::of(ui);
    Grid::new("class balance")
        .spacing(vec2(8.0, 3.0))
        .show(ui, |ui| {
            for (index, (name, &count)) in set.classes.iter().zip(balance).enumerate() {
                let is_shown = *class == Some(index);
                let option = ui.selectable_label(is_shown, name);
                if named(option, &format!("{name}: {count} examples")).clicked() {
                    *class = (!is_shown).then_some(index);
                }
                let (rect, _) = ui.allocate_exact_size(vec2(BAR, 10.0), Sense::hover());
                let painter = ui.painter();
                painter.rect_filled(rect, 2, theme::colour(tokens.ground));
                let mut bar = rect;
                bar.set_width(BAR * count as f32 / most as f32);
                painter.rect_filled(bar, 2, theme::colour(tokens.run(0)));
                ui.label(count.to_string());
                ui.end_row();
            }
        });
}

/// The examples, as many as are in sight.
fn grid(
    data: &Data,
    (part, class): (Part, Option<usize>),
    (chosen, thumbnails): (&mut Example, &mut Thumbnails),
    ui: &mut Ui,
) {
    let set = part.of(data);
    let of_class =
        |index: &usize| class.is_none_or(|class| usize::from(set.labels[*index]) == class);
    let shown: Vec<usize> = (0..set.len()).filter(of_class).collect();
    let (across, down) = match is_image(set) {
        true => (PICTURE, PICTURE),
        false => (96.0, ui.spacing().interact_size.y),
    };
    let gap = 4.0;
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    let columns = ((ui.available_width() - 12.0) / (across + gap))
        .floor()
        .max(1.0) as usize;
    ScrollArea::vertical()
        .id_salt("examples")
        .auto_shrink([false, false])
        .max_height(ui.available_height().min(4000.0))
        .show_rows(ui, down, shown.len().div_ceil(columns), |ui, rows| {
            for row in rows {
                ui.horizontal(|ui| {
                    let places = row * columns..((row + 1) * columns).min(shown.len());
                    for &index in &shown[places] {
                        let example = Example { part, index };
                        let look = (across, *chosen == example);
                        if thumbnails.show(data, example, look, ui).clicked() {
                            *chosen = example;
                        }
                    }
                });
            }
        });
}
