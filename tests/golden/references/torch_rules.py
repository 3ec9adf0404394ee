"""Rules of torch.optim and pytorch_optimizer on the landscapes."""

from importlib.metadata import version

import pytorch_optimizer
import torch

from .golden_files import write
from .with_torch import VERSION, by, by_itself, tensor

ADAHESSIAN = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-16, "weight_decay": 0.0,
              "hessian_power": 1.0}
ADAHESSIAN_REFERENCE = "pytorch_optimizer.AdaHessian, its step(hessian=…) given the exact diagonal"
ADAHESSIAN_VERSION = f"pytorch_optimizer {version('pytorch_optimizer')}, {VERSION}"
# The smallest epsilon of the variances is None in torch: that of the numbers' type.
ADAFACTOR = {"beta2_decay": -0.8, "epsilon1": torch.finfo(torch.float64).eps, "epsilon2": 1e-3,
             "clip_threshold": 1.0, "weight_decay": 0.0}
LBFGS = {"memory": 10.0}
LBFGS_REFERENCE = ("torch.optim.LBFGS(max_iter=1, max_eval=26, tolerance_grad=0, "
                   "tolerance_change=0, line_search_fn='strong_wolfe')")
LBFGS_STEPS, LBFGS_LEAST = 25, 1e-20


def adahessian(beta1, beta2, epsilon, weight_decay, hessian_power):
    """AdaHessian as `with_torch.by` takes it."""
    return lambda w, rate: pytorch_optimizer.AdaHessian(
        w, lr=rate, betas=(beta1, beta2), eps=epsilon, weight_decay=weight_decay,
        hessian_power=hessian_power)


def with_exact_diagonal(optimizer, objective, row):
    """AdaHessian's update with the Hessian's diagonal instead of an estimate of it."""
    optimizer.step(hessian=[tensor(objective.hessian_diagonal(row))])


def adafactor(beta2_decay, epsilon1, epsilon2, clip_threshold, weight_decay):
    """Adafactor as `with_torch.by` takes it."""
    return lambda w, rate: torch.optim.Adafactor(
        w, lr=rate, beta2_decay=beta2_decay, eps=(epsilon1, epsilon2), d=clip_threshold,
        weight_decay=weight_decay)


def lbfgs(memory):
    """L-BFGS with one iteration an update and 25 evaluations at most in its line search."""
    return lambda w, rate: torch.optim.LBFGS(
        w, lr=rate, max_iter=1, max_eval=26, tolerance_grad=0, tolerance_change=0,
        history_size=int(memory), line_search_fn="strong_wolfe")


def write_all():
    """The files of all these rules."""
    write("adahessian", ADAHESSIAN_REFERENCE, ADAHESSIAN_VERSION, ADAHESSIAN, [0.15, 0.1, 0.05],
          by(adahessian(**ADAHESSIAN), with_exact_diagonal))
    write("adafactor", "torch.optim.Adafactor (a vector of two parameters, so not factored)",
          VERSION, ADAFACTOR, [0.02] * 3, by(adafactor(**ADAFACTOR)))
    write("lbfgs", LBFGS_REFERENCE, VERSION, LBFGS, [1.0] * 3,
          by_itself(lbfgs(**LBFGS), LBFGS_STEPS, LBFGS_LEAST))
