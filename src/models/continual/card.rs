//! The cards of the remedies: everything that files, tables and the window say about them.

use crate::numbers::{Domain, Scale};
use crate::optimizers::Hyperparameter;
use serde::Serialize;

/// What the laboratory knows about a remedy.
#[derive(Debug, Serialize)]
pub struct RemedyCard {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it does in Unicode mathematics. θ are the parameters, θ* those at the end of an
    /// earlier task, J the loss of the present batch, g its gradient, Δ the rule's update.
    pub formula: &'static [&'static str],
    /// The idea, and any deviation from the citation.
    pub about: &'static str,
    /// Paper, with the equation.
    pub citation: &'static str,
    /// Its settings.
    pub settings: &'static [Hyperparameter],
    /// Which it is.
    #[serde(skip)]
    pub kind: Kind,
}

/// Which remedy a card is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "as the cards of the same ids")]
pub enum Kind {
    FineTuning,
    Joint,
    SlowerRate,
    L2ToOld,
    Ewc,
    OnlineEwc,
    SynapticIntelligence,
    Mas,
    Lwf,
    Ogd,
    AGem,
    Rehearsal,
    Availability,
    FreezeNeurons,
}

const fn strength(default: f64, meaning: &'static str) -> Hyperparameter {
    Hyperparameter::non_negative("strength", "c", default, (1e-3, 1e6), meaning)
}

const fn count(
    id: &'static str,
    symbol: &'static str,
    default: f64,
    meaning: &'static str,
) -> Hyperparameter {
    Hyperparameter {
        id,
        symbol,
        meaning,
        default,
        domain: Domain::closed(1.0, 1e6),
        slider: (1.0, 2000.0),
        scale: Scale::Count,
    }
}

const SAMPLES: Hyperparameter = count(
    "samples",
    "N",
    200.0,
    "Over how many examples of a task the importance is taken when it ends.",
);

const LABELS: Hyperparameter = Hyperparameter::convention(
    "true_labels",
    "labels",
    &["the model's own", "the true ones"],
    "0 takes the Fisher information itself, with every class weighted by the probability that the \
     model gives it; 1 takes the true class alone (\"empirical Fisher\"), which is much smaller \
     once the task is learnt, and so needs a larger strength.",
);

const CRITERION: Hyperparameter = Hyperparameter::convention(
    "importance",
    "criterion",
    &["Fisher", "Taylor", "activation"],
    "0 sums the Fisher information over a unit's incoming weights and bias; 1 estimates by how \
     much the loss would change without the unit; 2 takes its mean absolute activation.",
);

const BLANK: RemedyCard = RemedyCard {
    id: "",
    name: "",
    formula: &[],
    about: "",
    citation: "",
    settings: &[],
    kind: Kind::FineTuning,
};

/// Every remedy, in menu order.
pub static REMEDIES: &[RemedyCard] = &[
    RemedyCard {
        id: "FineTuning",
        name: "Fine-tuning",
        formula: &["J̃ = J"],
        about: "No remedy: every task goes on from the weights of the one before. What a run \
                without a remedy does, and the lower bound.",
        citation: "M. McCloskey & N. J. Cohen 1989, Psychology of Learning and Motivation 24, \
                   109–165",
        ..BLANK
    },
    RemedyCard {
        id: "Joint",
        name: "Joint training",
        formula: &["J̃ = 1/k·J + (1 − 1/k)·J over all data of the k − 1 tasks before"],
        about: "Keeps all data of all tasks and trains on them together: no continual learning, \
                but the upper bound that remedies are held against.",
        citation: "G. M. van de Ven & A. S. Tolias 2019, arXiv:1904.07734, sec. 4",
        kind: Kind::Joint,
        ..BLANK
    },
    RemedyCard {
        id: "SlowerRate",
        name: "Slower rate",
        formula: &["α̃ = φᵏ⁻¹·α in task k"],
        about: "Later tasks learn at a lower rate, so that the weights stay closer to where they \
                were. All weights alike: what is saved of the old is lost of the new.",
        citation: "S. I. Mirzadeh et al. 2020, NeurIPS, arXiv:2006.06958, sec. 4",
        settings: &[Hyperparameter::fraction(
            "factor",
            "φ",
            0.1,
            "What the rate is multiplied by at every border between tasks.",
        )],
        kind: Kind::SlowerRate,
    },
    RemedyCard {
        id: "L2ToOld",
        name: "L2 to the old weights",
        formula: &["J̃ = J + c/2·Σᵢ(θᵢ − θ*ᵢ)²"],
        about: "Pulls every weight equally to where the task before left it: EWC with all \
                importances 1.",
        citation: "J. Kirkpatrick et al. 2017, PNAS 114, arXiv:1612.00796, fig. 2 (the L2 \
                   baseline)",
        settings: &[strength(1.0, "How strongly the weights are pulled back.")],
        kind: Kind::L2ToOld,
    },
    RemedyCard {
        id: "Ewc",
        name: "EWC",
        formula: &[
            "J̃ = J + Σ_k c/2·Σᵢ F_k,ᵢ(θᵢ − θ*_k,ᵢ)²",
            "F = E(∂ ln p/∂θ)² over N examples",
        ],
        about: "Elastic weight consolidation: a weight is pulled back the more, the more the old \
                task's predictions answer to it. One pull for every past task. The pull has the \
                curvature c·F, and the rule must be stable on it: for gradient descent α·c·F < 2.",
        citation: "J. Kirkpatrick et al. 2017, PNAS 114, arXiv:1612.00796, eq. 3",
        settings: &[strength(100.0, "λ of the paper."), SAMPLES, LABELS],
        kind: Kind::Ewc,
    },
    RemedyCard {
        id: "OnlineEwc",
        name: "Online EWC",
        formula: &[
            "J̃ = J + c/2·Σᵢ F̃ᵢ(θᵢ − θ*ᵢ)²",
            "F̃ ← γ·F̃ + F, over N examples",
        ],
        about: "EWC with one pull for all past tasks, to the weights of the last: its memory does \
                not grow with the tasks.",
        citation: "J. Schwarz et al. 2018, ICML, arXiv:1805.06370, eq. 9",
        settings: &[
            strength(100.0, "λ of the paper."),
            Hyperparameter::fraction("decay", "γ", 1.0, "What is kept of older importances."),
            SAMPLES,
            LABELS,
        ],
        kind: Kind::OnlineEwc,
    },
    RemedyCard {
        id: "SynapticIntelligence",
        name: "Synaptic intelligence",
        formula: &[
            "J̃ = J + c·Σᵢ Ωᵢ(θᵢ − θ*ᵢ)²",
            "Ωᵢ ← Ωᵢ + max(0, −Σₜ gᵢΔᵢ)/((Σₜ Δᵢ)² + ξ)",
        ],
        about: "Importance gathered on the way: how much of the loss's fall each weight's moves \
                brought, over how far it went in all. Costs nothing at the border.",
        citation: "F. Zenke, B. Poole & S. Ganguli 2017, ICML, arXiv:1703.04200, eqs. 4, 5",
        settings: &[
            strength(1.0, "c of the paper."),
            Hyperparameter::non_negative(
                "damping",
                "ξ",
                0.1,
                (1e-6, 10.0),
                "Keeps the importance of a weight bounded that ended where it began.",
            ),
        ],
        kind: Kind::SynapticIntelligence,
    },
    RemedyCard {
        id: "Mas",
        name: "MAS",
        formula: &["J̃ = J + c·Σᵢ Ωᵢ(θᵢ − θ*ᵢ)²", "Ω ← Ω + 1/N·Σₙ|∂‖F(xₙ)‖²/∂θ|"],
        about: "Memory aware synapses: a weight matters as much as the outputs answer to it. \
                Needs no labels.",
        citation: "R. Aljundi et al. 2018, ECCV, arXiv:1711.09601, eqs. 3, 4",
        settings: &[strength(1.0, "λ of the paper."), SAMPLES],
        kind: Kind::Mas,
    },
    RemedyCard {
        id: "Lwf",
        name: "LwF",
        formula: &["J̃ = J + c·T²·KL(softmax(z*/T) ‖ softmax(z/T)), z of each old head"],
        about: "Learning without forgetting: on the new task's inputs the old outputs are to stay \
                what they were. With a single head the old classes are one head. Nothing of the \
                old data is kept.",
        citation: "Z. Li & D. Hoiem 2016, ECCV, arXiv:1606.09282, eqs. 2, 3",
        settings: &[
            strength(
                1.0,
                "The weight of the old outputs in the paper (its λ with index o) divided by T², \
                 which is part of the formula here.",
            ),
            Hyperparameter {
                domain: Domain::closed(0.01, 1000.0),
                ..Hyperparameter::non_negative(
                    "temperature",
                    "T",
                    2.0,
                    (0.5, 20.0),
                    "The higher, the more the small probabilities count.",
                )
            },
        ],
        kind: Kind::Lwf,
    },
    RemedyCard {
        id: "Ogd",
        name: "OGD",
        formula: &[
            "Δ̃ = Δ − Σⱼ(Δ·vⱼ)vⱼ",
            "v: orthonormal ∂z_y/∂θ of M past examples a task",
        ],
        about: "Orthogonal gradient descent: updates leave the outputs of past examples as they \
                are, to first order. The rule's update is projected, not its gradient, so that it \
                holds under momentum and Adam as well; for gradient descent that is the same.",
        citation: "M. Farajtabar et al. 2020, AISTATS, arXiv:1910.07104, algorithm 1 (OGD-GTL)",
        settings: &[count(
            "directions",
            "M",
            60.0,
            "How many directions of each task are kept; each is as long as the parameters.",
        )],
        kind: Kind::Ogd,
    },
    RemedyCard {
        id: "AGem",
        name: "A-GEM",
        formula: &[
            "g̃ = g − min(0, g·r)/(r·r)·r",
            "r: gradient on a batch drawn from M kept examples a task",
        ],
        about: "Averaged gradient episodic memory: what would make the loss on kept examples rise \
                is taken out of the gradient. Keeps examples, which are counted.",
        citation: "A. Chaudhry et al. 2019, ICLR, arXiv:1812.00420, eq. 11",
        settings: &[count(
            "memory",
            "M",
            200.0,
            "How many examples of each task are kept.",
        )],
        kind: Kind::AGem,
    },
    RemedyCard {
        id: "Rehearsal",
        name: "Rehearsal",
        formula: &["J̃ = 1/k·J + (1 − 1/k)·J over a batch drawn from M kept examples a task"],
        about: "Trains on kept examples beside the present ones; every task so far weighs the \
                same. Keeps examples, which are counted.",
        citation: "A. Robins 1995, Connection Science 7, 123–146; G. M. van de Ven & A. S. Tolias \
                   2019, arXiv:1904.07734, sec. 4",
        settings: &[count(
            "memory",
            "M",
            200.0,
            "How many examples of each task are kept.",
        )],
        kind: Kind::Rehearsal,
    },
    RemedyCard {
        id: "Availability",
        name: "Slower neurons",
        formula: &[
            "Δ̃ = Δ/(1 + c·Iᵤ) for all weights into unit u",
            "I over N examples, in units of its layer's mean",
        ],
        about: "Each hidden unit has a rate of its own, which falls with its importance to past \
                tasks: units that hold a concept become hard to overwrite, the others stay \
                available. The update itself is scaled, biases and decay included; I is the \
                largest over the past tasks. Outputs of past tasks that no other task shares are \
                frozen. After the cited paper, where a neuron's availability falls with its \
                relevance and context gates choose among neurons; the gates are left out here.",
        citation: "M. Barry, W. Gerstner & G. Bellec 2023, arXiv:2306.01690",
        settings: &[
            strength(100.0, "How fast the rate falls with importance."),
            CRITERION,
            SAMPLES,
        ],
        kind: Kind::Availability,
    },
    RemedyCard {
        id: "FreezeNeurons",
        name: "Frozen neurons",
        formula: &[
            "Δ̃ = 0 for all weights into a frozen unit",
            "frozen: the share p of the free units with the largest I, over N examples",
        ],
        about: "After a task the units that matter most are frozen: their incoming weights get \
                their very bits back after every update. What they would still see of free units \
                is set to 0, so that what the old task computes cannot change any more; the free \
                units begin anew and learn the next task, from the frozen ones too. Outputs of \
                past tasks that no other task shares are frozen.",
        citation: "S. Jung et al. 2020, NeurIPS, arXiv:2003.13726 (AGS-CL); M. B. Gurbuz & C. \
                   Dovrolis 2022, ICML, arXiv:2206.09117 (NISPA)",
        settings: &[
            Hyperparameter::fraction(
                "share",
                "p",
                0.5,
                "Which share of a layer's free units is frozen.",
            ),
            Hyperparameter::flag("renew", "renewal", true, "Whether free units begin anew."),
            CRITERION,
            SAMPLES,
        ],
        kind: Kind::FreezeNeurons,
    },
];

impl RemedyCard {
    /// The card with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        REMEDIES.iter().find(|card| card.id == id)
    }

    /// Its settings with default and range, in words: `strength = 100 (a finite number of at
    /// least 0)`.
    pub fn settings_in_words(&self) -> Vec<String> {
        let in_words = |setting: &Hyperparameter| {
            let default = setting.default;
            let range = match setting.scale {
                Scale::Choice(names) => {
                    let numbered = names.iter().enumerate();
                    let each: Vec<_> = numbered.map(|(n, name)| format!("{n}: {name}")).collect();
                    each.join(", ")
                }
                Scale::Flag => "0 or 1".to_owned(),
                Scale::Count => format!("whole, {}", setting.domain),
                _ => setting.domain.to_string(),
            };
            format!("{} = {default} ({range})", setting.id)
        };
        self.settings.iter().map(in_words).collect()
    }
}
