//! Architectures with a name.

use super::layer::Layer;

/// An architecture that is chosen by name.
#[derive(Debug)]
pub struct Preset {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it is and where it comes from.
    pub about: &'static str,
    /// Its layers.
    pub layers: &'static [Layer],
}

const fn dense(outputs: usize) -> Layer {
    Layer::Dense { outputs }
}

const fn convolution(channels: usize, kernel: usize, padding: usize) -> Layer {
    Layer::Convolution {
        channels,
        kernel,
        padding,
        stride: 1,
    }
}

const MAX_POOL: Layer = Layer::MaxPool {
    size: 2,
    stride: None,
};

const AVERAGE_POOL: Layer = Layer::AveragePool {
    size: 2,
    stride: None,
};

/// Every named architecture, in menu order.
pub static PRESETS: &[Preset] = &[
    Preset {
        id: "lenet",
        name: "LeNet (d2l)",
        about: "LeNet with ReLU and max pooling, 61,706 parameters: the network of Dive into Deep \
                Learning's chapter on learning-rate scheduling, in its PyTorch form.",
        layers: &[
            convolution(6, 5, 2),
            Layer::Relu,
            MAX_POOL,
            convolution(16, 5, 0),
            Layer::Relu,
            MAX_POOL,
            Layer::Flatten,
            dense(120),
            Layer::Relu,
            dense(84),
            Layer::Relu,
            dense(10),
        ],
    },
    Preset {
        id: "lenet_sigmoid",
        name: "LeNet (classical)",
        about: "LeNet-5 with sigmoids and average pooling, as Dive into Deep Learning's chapter on \
                LeNet has it after LeCun et al. 1998 (Proc. IEEE 86), without the Gaussian output.",
        layers: &[
            convolution(6, 5, 2),
            Layer::Sigmoid,
            AVERAGE_POOL,
            convolution(16, 5, 0),
            Layer::Sigmoid,
            AVERAGE_POOL,
            Layer::Flatten,
            dense(120),
            Layer::Sigmoid,
            dense(84),
            Layer::Sigmoid,
            dense(10),
        ],
    },
    Preset {
        id: "softmax",
        name: "Softmax regression",
        about: "One dense layer: a convex problem.",
        layers: &[Layer::Flatten, dense(10)],
    },
    Preset {
        id: "mlp",
        name: "MLP 256",
        about: "One hidden layer of 256 with ReLU.",
        layers: &[Layer::Flatten, dense(256), Layer::Relu, dense(10)],
    },
    Preset {
        id: "mlp_deep",
        name: "MLP 8×64",
        about: "Eight hidden layers of 64 with ReLU: deep enough for a high first rate to do harm.",
        layers: &[
            Layer::Flatten,
            dense(64),
            Layer::Relu,
            dense(64),
            Layer::Relu,
            dense(64),
            Layer::Relu,
            dense(64),
            Layer::Relu,
            dense(64),
            Layer::Relu,
            dense(64),
            Layer::Relu,
            dense(64),
            Layer::Relu,
            dense(64),
            Layer::Relu,
            dense(10),
        ],
    },
    Preset {
        id: "spiral",
        name: "Two-spiral net",
        about: "Two hidden layers of 16 with tanh, for two features and two classes.",
        layers: &[dense(16), Layer::Tanh, dense(16), Layer::Tanh, dense(2)],
    },
];

/// The architecture with this id.
pub fn find(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id)
}
