"""Wrappers around rules on the landscapes."""

from .golden_files import DECAYS, LANDSCAPES, RATE_RULE, case, save
from .wrapped import (averaged, clip_norm, clip_value, decoupled_decay, lookahead, penalty, sam)

GRADIENT_DESCENT = [0.005, 0.001, 0.01]
MOMENTUM = [0.001, 0.0002, 0.002]
CLIPPED = [0.02] * 3
ADAM = [0.05] * 3
WRAPPED = [
    (lookahead("sgd"), GRADIENT_DESCENT), (lookahead("adam"), ADAM),
    (sam("sgd"), GRADIENT_DESCENT), (sam("adam"), ADAM),
    (clip_norm("momentum"), CLIPPED), (clip_norm("adam"), ADAM),
    (clip_value("momentum"), CLIPPED), (clip_value("adam"), ADAM),
    (penalty("momentum"), MOMENTUM), (penalty("adam"), ADAM), (decoupled_decay(), ADAM),
    (averaged(), GRADIENT_DESCENT), (averaged(0.9), GRADIENT_DESCENT),
]


def write_all():
    """wrappers.json."""
    save("wrappers.json", {
        "learning_rate_rule": RATE_RULE, "columns": ["w1", "w2", "loss"],
        "cases": [told | case(name, rate, decay, run) for (told, run), rates in WRAPPED
                  for name, rate, decay in zip(LANDSCAPES, rates, DECAYS)],
    })
