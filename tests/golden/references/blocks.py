"""Rules and wrappers on a bowl whose parameters lie in matrices and vectors."""

import optax

from . import optax_rules, scipy_rules, torch_rules, with_optax, with_torch
from .golden_files import RATE_RULE, Bowl, rates_of, save
from .wrapped import averaged, clip_norm, clip_value, lookahead, sam

STEPS = 40
SHAPES = [[2, 3], [3], [3, 2], [2]]
CURVATURE = [1.0, 4.0, 0.5, 2.0, 9.0, 0.25, 3.0, 0.75, 6.0,
             2.5, 0.4, 1.5, 8.0, 5.0, 1.2, 0.6, 3.5]
MINIMUM = [1.0, -2.0, 3.0, 0.5, -0.25, 1.5, -1.0, 2.0, 0.75,
           -0.5, 2.5, -1.5, 0.25, 1.25, -3.0, 0.0, -0.75]
# No two entries raise the bowl by the same when they grow by 5 %, so that the order of the first
# simplex of Nelder and Mead has no ties.
START = [0.0, 0.5, -1.0, 2.0, 1.0, -0.5, 1.1, -2.0, 0.3,
         1.5, -1.0, 0.8, -0.6, 2.0, -1.2, 2.2, 0.4]
BOWL = Bowl(CURVATURE, MINIMUM)


def optax_rule(name, reference, make, hyperparameters, further=with_optax.nothing):
    """What is said of a rule of optax, and its run."""
    return {
        "optimizer": name, "reference": reference, "reference_version": with_optax.VERSION,
        "hyperparameters": hyperparameters, "wrappers": [],
    }, with_optax.by(make(**hyperparameters), further)


def lars(momentum, trust_coefficient, epsilon, weight_decay):
    return lambda rate: optax.lars(
        rate, weight_decay, trust_coefficient=trust_coefficient, eps=epsilon, momentum=momentum)


def lamb(beta1, beta2, epsilon, weight_decay):
    return lambda rate: optax.lamb(rate, beta1, beta2, epsilon, weight_decay=weight_decay)


def fromage(min_norm):
    return lambda rate: optax.fromage(rate, min_norm)


def novograd(beta1, beta2, epsilon, weight_decay):
    return lambda rate: optax.novograd(rate, beta1, beta2, epsilon, weight_decay=weight_decay)


LARS = {"momentum": 0.9, "trust_coefficient": 0.001, "epsilon": 0.0, "weight_decay": 0.0}
LAMB = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "weight_decay": 0.0}
FROMAGE = {"min_norm": 1e-6}
NOVOGRAD = {"beta1": 0.9, "beta2": 0.25, "epsilon": 1e-6, "weight_decay": 0.0}
# Name, maker, hyperparameters, others to run it with too, rate, and what an update needs further.
FROM_OPTAX = [
    ("muon", optax_rules.muon, optax_rules.MUON,
     {"beta": 0.9, "nesterov": 0.0, "newton_schulz_steps": 3.0, "weight_decay": 0.02,
      "adam_beta1": 0.8, "adam_beta2": 0.95, "adam_weight_decay": 0.03}, 0.05,
     with_optax.nothing),
    ("lars", lars, LARS, {"momentum": 0.5, "trust_coefficient": 0.002, "epsilon": 0.1,
                          "weight_decay": 0.02}, 10.0, with_optax.nothing),
    ("lamb", lamb, LAMB, {"weight_decay": 0.02, "beta1": 0.8}, 0.02, with_optax.nothing),
    ("fromage", fromage, FROMAGE, {"min_norm": 1.5}, 0.02, with_optax.nothing),
    ("novograd", novograd, NOVOGRAD, {"weight_decay": 0.02, "beta2": 0.9}, 0.05,
     with_optax.nothing),
    ("polyak_sgd", optax_rules.polyak, optax_rules.POLYAK,
     {"scaling": 0.5, "f_min": 0.5, "epsilon": 0.1, "sps_plus": 1.0}, 0.3, optax_rules.height),
]
# References that don't bear the rule's name in optax itself.
PLACES = {"muon": "optax.contrib.muon"}


def rules_of_optax():
    """Every rule with its own and with other hyperparameters."""
    for name, make, hyperparameters, others, rate, further in FROM_OPTAX:
        reference = PLACES.get(name, f"optax.{name}")
        for changes in ({}, others):
            yield optax_rule(name, reference, make, hyperparameters | changes, further), rate


def adafactors():
    """Adafactor with its own and with other hyperparameters."""
    others = {"beta2_decay": -0.5, "clip_threshold": 1.5, "weight_decay": 0.02,
              "epsilon2": 0.5}
    for changes, rate in (({}, 0.05), (others, 0.1)):
        hyperparameters = torch_rules.ADAFACTOR | changes
        yield ({
            "optimizer": "adafactor", "reference": "torch.optim.Adafactor",
            "reference_version": with_torch.VERSION, "hyperparameters": hyperparameters,
            "wrappers": [],
        }, with_torch.by(torch_rules.adafactor(**hyperparameters))), rate


def searches():
    """The rules that evaluate the objective themselves; L-BFGS also with a short memory."""
    for memory in (10.0, 2.0):
        yield ({
            "optimizer": "lbfgs", "reference": torch_rules.LBFGS_REFERENCE,
            "reference_version": with_torch.VERSION, "hyperparameters": {"memory": memory},
            "wrappers": [],
        }, with_torch.by_itself(
            torch_rules.lbfgs(memory), STEPS, torch_rules.LBFGS_LEAST)), 1.0
    yield ({
        "optimizer": "nelder_mead", "reference": scipy_rules.REFERENCE,
        "reference_version": scipy_rules.VERSION,
        "hyperparameters": scipy_rules.NELDER_MEAD, "wrappers": [],
    }, scipy_rules.nelder_mead), 1.0


def wrapped_rules():
    """Wrappers over all blocks."""
    yield from ((clip_norm("momentum"), 0.05), (clip_norm("adam"), 0.05))
    yield from ((clip_value("momentum"), 0.05), (clip_value("adam"), 0.05))
    yield from ((sam("sgd"), 0.05), (sam("adam"), 0.05))
    yield from ((lookahead("sgd"), 0.05), (lookahead("adam"), 0.05))
    yield from ((averaged(), 0.05), (averaged(0.9), 0.05))


def case(described, rate):
    """One run; rates fall, except for Nelder and Mead's rule, which has none."""
    told, run = described
    decay = 0.0 if told["optimizer"] == "nelder_mead" else 0.01
    path = run(BOWL, START, SHAPES, rates_of(rate, decay, STEPS))
    return told | {"learning_rate": rate, "inverse_time_decay": decay, "steps": len(path) - 1,
                   "rows": path}


def write_all():
    """blocks.json."""
    everything = [*rules_of_optax(), *adafactors(), *searches(), *wrapped_rules()]
    save("blocks.json", {
        "objective": "sum of curvature * (w - minimum)^2 / 2 over all entries; the blocks of "
                     "these shapes follow each other in the lists, each row by row; row k of a "
                     "case holds all parameters after k updates",
        "shapes": SHAPES, "curvature": CURVATURE, "minimum": MINIMUM, "start": START,
        "learning_rate_rule": RATE_RULE,
        "cases": [case(*one) for one in everything],
    })
