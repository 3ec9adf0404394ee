//! Every colour and size that the window and the exported figures use.

/// Red, green and blue, 0 to 255.
pub type Rgb = [u8; 3];

/// The colours of one appearance.
#[derive(Debug, PartialEq)]
pub struct Theme {
    /// Whether light text stands on dark ground.
    pub is_dark: bool,
    /// Whether every control has an outline, and lines are bolder.
    pub is_high_contrast: bool,
    /// The ground of plots and text fields.
    pub ground: Rgb,
    /// Panels.
    pub panel: Rgb,
    /// Cards on panels, menus.
    pub raised: Rgb,
    /// Controls at rest, under the pointer and pressed.
    pub control: [Rgb; 3],
    /// Hairlines between areas.
    pub hairline: Rgb,
    /// Grid lines of plots.
    pub grid: Rgb,
    /// Text.
    pub text: Rgb,
    /// Text of lesser weight: captions, units, ticks.
    pub quiet_text: Rgb,
    /// The one accent: selection, focus, the playhead.
    pub accent: Rgb,
    /// Ground of selected things.
    pub selection: Rgb,
    /// Something wants attention.
    pub warning: Rgb,
    /// Something is wrong.
    pub error: Rgb,
    /// One colour a run, told apart by colour-blind people too (after Okabe & Ito 2008).
    pub runs: [Rgb; 8],
    /// Colours of heights from low to high, evenly spaced in lightness.
    pub heights: [Rgb; 5],
    /// Contour hairlines, with opacity.
    pub contour: (Rgb, f32),
    /// The outline that keeps a trail legible on any height.
    pub halo: Rgb,
}

/// Light on dark.
pub static DARK: Theme = Theme {
    is_dark: true,
    is_high_contrast: false,
    ground: [17, 20, 26],
    panel: [24, 28, 35],
    raised: [32, 37, 46],
    control: [[42, 48, 59], [54, 62, 76], [66, 76, 94]],
    hairline: [48, 54, 65],
    grid: [44, 50, 61],
    text: [226, 230, 237],
    quiet_text: [158, 167, 181],
    accent: [94, 170, 255],
    selection: [33, 66, 110],
    warning: [240, 180, 80],
    error: [255, 118, 108],
    runs: [
        [86, 180, 233],
        [230, 159, 0],
        [0, 190, 140],
        [240, 228, 66],
        [236, 106, 42],
        [214, 138, 190],
        [120, 140, 255],
        [238, 238, 238],
    ],
    heights: [
        [14, 20, 36],
        [26, 42, 70],
        [42, 68, 104],
        [66, 98, 138],
        [96, 132, 172],
    ],
    contour: ([255, 255, 255], 0.22),
    halo: [8, 10, 16],
};

/// Dark on light.
pub static LIGHT: Theme = Theme {
    is_dark: false,
    is_high_contrast: false,
    ground: [255, 255, 255],
    panel: [246, 247, 249],
    raised: [255, 255, 255],
    control: [[232, 235, 240], [220, 225, 233], [204, 212, 224]],
    hairline: [212, 217, 225],
    grid: [228, 231, 236],
    text: [27, 32, 40],
    quiet_text: [88, 97, 111],
    accent: [20, 100, 200],
    selection: [204, 224, 250],
    warning: [150, 92, 0],
    error: [190, 40, 34],
    runs: [
        [0, 114, 178],
        [204, 121, 0],
        [0, 138, 100],
        [140, 120, 0],
        [200, 70, 10],
        [176, 84, 140],
        [92, 84, 204],
        [40, 40, 40],
    ],
    heights: [
        [236, 242, 248],
        [200, 216, 233],
        [164, 189, 216],
        [128, 161, 198],
        [96, 134, 178],
    ],
    contour: ([255, 255, 255], 0.75),
    halo: [255, 255, 255],
};

/// White on black, for those who need more contrast: text at least 7 : 1, everything else that
/// means something at least 4.5 : 1.
pub static DARK_HIGH_CONTRAST: Theme = Theme {
    is_dark: true,
    is_high_contrast: true,
    ground: [0, 0, 0],
    panel: [0, 0, 0],
    raised: [14, 14, 16],
    control: [[38, 40, 46], [62, 66, 76], [86, 92, 106]],
    hairline: [150, 156, 166],
    grid: [84, 88, 96],
    text: [255, 255, 255],
    quiet_text: [222, 226, 232],
    accent: [120, 200, 255],
    selection: [0, 72, 140],
    warning: [255, 205, 100],
    error: [255, 160, 150],
    runs: [
        [100, 190, 245],
        [240, 170, 20],
        [20, 205, 155],
        [245, 232, 80],
        [250, 130, 70],
        [232, 160, 210],
        [150, 166, 255],
        [255, 255, 255],
    ],
    heights: DARK.heights,
    contour: ([255, 255, 255], 0.4),
    halo: [0, 0, 0],
};

/// Black on white, for those who need more contrast.
pub static LIGHT_HIGH_CONTRAST: Theme = Theme {
    is_dark: false,
    is_high_contrast: true,
    ground: [255, 255, 255],
    panel: [255, 255, 255],
    raised: [255, 255, 255],
    control: [[228, 230, 234], [206, 210, 218], [184, 190, 202]],
    hairline: [84, 88, 96],
    grid: [168, 172, 180],
    text: [0, 0, 0],
    quiet_text: [38, 42, 48],
    accent: [0, 62, 150],
    selection: [176, 208, 250],
    warning: [106, 60, 0],
    error: [150, 0, 0],
    runs: [
        [0, 88, 150],
        [138, 76, 0],
        [0, 104, 74],
        [104, 88, 0],
        [164, 48, 0],
        [146, 48, 112],
        [72, 62, 184],
        [0, 0, 0],
    ],
    heights: LIGHT.heights,
    contour: ([255, 255, 255], 0.9),
    halo: [255, 255, 255],
};

/// Every appearance.
pub static ALL: [&Theme; 4] = [&DARK, &LIGHT, &DARK_HIGH_CONTRAST, &LIGHT_HIGH_CONTRAST];

impl Theme {
    /// The colour map of heights, t from 0 (lowest) to 1.
    pub fn height_colours(&self) -> HeightColours {
        HeightColours::new(&self.heights)
    }

    /// The colour of run colour `index`.
    pub fn run(&self, index: u8) -> Rgb {
        self.runs[usize::from(index) % self.runs.len()]
    }
}

/// A table of height colours, interpolated in Oklab so that equal steps look equal.
#[derive(Clone, Debug)]
pub struct HeightColours(Vec<Rgb>);

impl HeightColours {
    const ENTRIES: usize = 512;

    fn new(stops: &[Rgb]) -> Self {
        use colorgrad::Gradient;
        let colours: Vec<_> = stops
            .iter()
            .map(|&[r, g, b]| colorgrad::Color::from_rgba8(r, g, b, 255))
            .collect();
        let gradient = colorgrad::GradientBuilder::new()
            .colors(&colours)
            .mode(colorgrad::BlendMode::Oklab)
            .build::<colorgrad::LinearGradient>()
            .expect("at least two colours in even spacing make a gradient");
        let table = (0..Self::ENTRIES)
            .map(|index| {
                let [r, g, b, _] = gradient
                    .at(index as f32 / (Self::ENTRIES - 1) as f32)
                    .to_rgba8();
                [r, g, b]
            })
            .collect();
        Self(table)
    }

    /// The colour of t in [0, 1]; values outside take the nearest end.
    pub fn at(&self, t: f64) -> Rgb {
        let last = self.0.len() - 1;
        self.0[(t.clamp(0.0, 1.0) * last as f64).round() as usize]
    }
}

/// The marker shapes that repeat a run's colour for those who do not see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// ●
    Circle,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ▼
    TriangleDown,
    /// ✚
    Plus,
    /// ✖
    Cross,
    /// ★
    Star,
}

impl Marker {
    /// The shape of run colour `index`.
    pub fn of(index: u8) -> Self {
        const ALL: [Marker; 8] = [
            Marker::Circle,
            Marker::Square,
            Marker::Triangle,
            Marker::Diamond,
            Marker::TriangleDown,
            Marker::Plus,
            Marker::Cross,
            Marker::Star,
        ];
        ALL[usize::from(index) % ALL.len()]
    }

    /// The outline around the origin, in units of the marker's radius, y down. A circle has
    /// none. Not every outline is convex; all are star-shaped around the origin.
    pub fn outline(self) -> Vec<[f32; 2]> {
        let ring = |count: usize, turn: f32, radius: &dyn Fn(usize) -> f32| {
            (0..count)
                .map(|k| {
                    let angle = (k as f32 / count as f32 + turn) * std::f32::consts::TAU;
                    [radius(k) * angle.cos(), radius(k) * angle.sin()]
                })
                .collect()
        };
        match self {
            Self::Circle => Vec::new(),
            Self::Square => ring(4, 0.125, &|_| 1.2),
            Self::Triangle => ring(3, -0.25, &|_| 1.3),
            Self::Diamond => ring(4, 0.0, &|_| 1.3),
            Self::TriangleDown => ring(3, 0.25, &|_| 1.3),
            Self::Plus => cross_outline(0.0),
            Self::Cross => cross_outline(0.125),
            Self::Star => ring(10, -0.25, &|k| if k % 2 == 0 { 1.5 } else { 0.65 }),
        }
    }
}

/// A cross with arms 0.8 wide, turned by a share of a full turn.
fn cross_outline(turn: f32) -> Vec<[f32; 2]> {
    let (arm, half) = (1.3, 0.45);
    let corner = [[arm, -half], [arm, half], [half, half]];
    let (sine, cosine) = (turn * std::f32::consts::TAU).sin_cos();
    (0..4)
        .flat_map(|quarter| {
            corner.map(|[x, y]| match quarter {
                0 => [x, y],
                1 => [-y, x],
                2 => [-x, -y],
                _ => [y, -x],
            })
        })
        .map(|[x, y]| [x * cosine - y * sine, x * sine + y * cosine])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of WCAG 2.1.
    fn luminance(colour: Rgb) -> f64 {
        let linear = colour.map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_legible_on_every_ground() {
        for theme in ALL {
            for ground in [theme.ground, theme.panel, theme.raised, theme.control[0]] {
                assert!(contrast(theme.text, ground) >= 7.0);
                assert!(contrast(theme.quiet_text, ground) >= 4.5, "{ground:?}");
            }
            for colour in [theme.warning, theme.error, theme.accent] {
                assert!(contrast(colour, theme.panel) >= 4.5, "{colour:?}");
            }
        }
    }

    #[test]
    fn runs_stand_out_from_the_plot_ground() {
        for theme in ALL {
            for colour in theme.runs {
                assert!(contrast(colour, theme.ground) >= 3.0, "{colour:?}");
            }
        }
    }

    #[test]
    fn high_contrast_is_high() {
        for theme in [&DARK_HIGH_CONTRAST, &LIGHT_HIGH_CONTRAST] {
            for ground in [theme.ground, theme.panel, theme.raised, theme.control[0]] {
                assert!(contrast(theme.text, ground) >= 14.0);
                assert!(contrast(theme.quiet_text, ground) >= 7.0);
                for colour in [theme.warning, theme.error, theme.accent] {
                    assert!(contrast(colour, ground) >= 7.0, "{colour:?} on {ground:?}");
                }
                assert!(contrast(theme.hairline, ground) >= 4.5);
            }
            for colour in theme.runs {
                assert!(contrast(colour, theme.ground) >= 6.5, "{colour:?}");
            }
            assert!(contrast(theme.text, theme.selection) >= 7.0);
        }
    }

    #[test]
    fn heights_rise_evenly_in_lightness() {
        for theme in ALL {
            let colours = theme.height_colours();
            let lightness: Vec<f64> = (0..=10)
                .map(|k| luminance(colours.at(f64::from(k) / 10.0)).cbrt())
                .collect();
            let steps: Vec<f64> = lightness.windows(2).map(|w| w[1] - w[0]).collect();
            let mean = steps.iter().sum::<f64>() / steps.len() as f64;
            for step in &steps {
                assert!(
                    step * mean > 0.0 && (step / mean - 1.0).abs() < 0.45,
                    "{steps:?}"
                );
            }
        }
    }
}
