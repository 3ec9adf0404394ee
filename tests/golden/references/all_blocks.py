"""Rules of optax over all blocks at once, on a bowl whose parameters lie in two blocks."""

from .golden_files import Bowl, rates_of, save
from .optax_rules import RULES, maker
from .with_optax import VERSION, by

CURVATURE = [1.0, 4.0, 0.5, 2.0, 9.0]
MINIMUM = [1.0, -2.0, 3.0, 0.5, -0.25]
START = [0.0, 0.5, -1.0, 2.0, 1.0]
STEPS, DECAY = 200, 0.002
GIVEN = {
    "dog": {"init_step": 0.01},
    "dadapt_adamw": {"d0": 0.01, "weight_decay": 0.02},
    "prodigy": {"d0": 0.001, "d_coef": 0.5, "weight_decay": 0.02, "safeguard_warmup": 1.0},
}


def case(name, hyperparameters):
    """One rule's run."""
    run = by(maker(name, hyperparameters))
    path = run(Bowl(CURVATURE, MINIMUM), START, [[2], [3]], rates_of(1.0, DECAY, STEPS))
    return {
        "optimizer": name, "reference": RULES[name][0], "hyperparameters": hyperparameters,
        "rows": path[::10],
    }


def write_all():
    """all_blocks.json."""
    save("all_blocks.json", {
        "objective": "sum of curvature * (w - minimum)^2 / 2 over two blocks, the first two "
                     "parameters and the other three; row k after 10*k updates",
        "reference_version": VERSION, "curvature": CURVATURE, "minimum": MINIMUM,
        "start": START, "learning_rate": 1.0, "inverse_time_decay": DECAY, "steps": STEPS,
        "cases": [case(name, RULES[name][1] | changes)
                  for name, changed in GIVEN.items() for changes in ({}, changed)],
    })
