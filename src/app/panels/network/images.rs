//! Some of the training images with their labels.

use crate::app::state::Lab;
use crate::models::datasets::sample;
use crate::models::datasets::{Data, Inputs, Source};
use egui::{Color32, ColorImage, Image, TextureHandle, TextureOptions, Ui, vec2};

/// How many images are shown.
const COUNT: usize = 24;

/// The pictures, once they are drawn.
#[derive(Default)]
pub struct Images {
    drawn: Option<Drawn>,
}

struct Drawn {
    source: Source,
    pictures: Vec<(TextureHandle, String)>,
}

impl Images {
    /// Shows them, where the data are images that are at hand: those of a folder are when the
    /// record has been begun.
    pub fn show(&mut self, lab: &Lab, ui: &mut Ui) {
        let Some(spec) = lab.experiment.objective.network() else {
            return;
        };
        if spec.data.toy().is_some() {
            return;
        }
        if self
            .drawn
            .as_ref()
            .is_none_or(|drawn| drawn.source != spec.data)
        {
            let data = match spec.data {
                Source::FashionMnistSample => Some(sample()),
                _ => spec.data.at_hand(),
            };
            let Some(data) = data else {
                return;
            };
            self.drawn = Some(Drawn {
                source: spec.data.clone(),
                pictures: pictures(&data, ui),
            });
        }
        ui.weak("Training images");
        ui.horizontal_wrapped(|ui| {
            for (texture, label) in self.drawn.iter().flat_map(|drawn| &drawn.pictures) {
                let image = Image::new((texture.id(), vec2(40.0, 40.0))).alt_text(label.as_str());
                ui.add(image).on_hover_text(label);
            }
        });
    }
}

fn pictures(data: &Data, ui: &Ui) -> Vec<(TextureHandle, String)> {
    let train = &data.train;
    let size = [train.shape.width, train.shape.height];
    let Inputs::Pixels(pixels) = &train.inputs else {
        return Vec::new();
    };
    let images = pixels.chunks_exact(train.shape.size()).zip(&train.labels);
    let images = images.take(COUNT).enumerate();
    images
        .map(|(index, (pixels, &label))| {
            let grey = pixels.iter().map(|&pixel| Color32::from_gray(pixel));
            let picture = ColorImage::new(size, grey.collect());
            let name = format!("training image {index}");
            let texture = ui
                .ctx()
                .load_texture(name, picture, TextureOptions::NEAREST);
            (texture, train.classes[usize::from(label)].clone())
        })
        .collect()
}
