"""Rules of packages that need an old torch."""

import adabound
import torch
import torch_optimizer

from .golden_files import write
from .with_torch import by

RULES = {
    "aggmo": (
        "torch_optimizer.AggMo", f"torch_optimizer 0.3.0, torch {torch.__version__}",
        {"beta1": 0.0, "beta2": 0.9, "beta3": 0.99}, [0.0005, 0.00005, 0.001],
        lambda w, rate, beta1, beta2, beta3: torch_optimizer.AggMo(
            w, lr=rate, betas=(beta1, beta2, beta3))),
    "adabound": (
        "adabound.AdaBound, the authors', made with the rate of the first update",
        f"adabound 0.0.5, torch {torch.__version__}",
        {"beta1": 0.9, "beta2": 0.999, "final_lr": 0.1, "gamma": 0.001, "epsilon": 1e-8},
        [0.05] * 3,
        lambda w, rate, beta1, beta2, final_lr, gamma, epsilon: adabound.AdaBound(
            w, lr=rate, betas=(beta1, beta2), final_lr=final_lr, gamma=gamma,
            eps=epsilon)),
}


def write_all():
    """The files of all these rules."""
    for name, (reference, version, hyperparameters, rates, make) in RULES.items():
        write(name, reference, version, hyperparameters, rates,
              by(lambda w, rate: make(w, rate, **hyperparameters)))
