"""Wrappers of optax and torch around rules, as runs of golden_files.case."""

import optax
import torch
from optax import contrib

from . import with_optax, with_torch

MOMENTUM = {"momentum": 0.9, "dampening": 0.0}
ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
# The hyperparameters of a rule in our names, and optax's at a rate.
WITHIN = {
    "sgd": ({}, "sgd", optax.sgd),
    "momentum": (MOMENTUM, "sgd(momentum=0.9)", lambda rate: optax.sgd(rate, momentum=0.9)),
    "adam": (ADAM, "adam", optax.adam),
}


def described(optimizer, wrapper, reference, version, run):
    """What is said of a wrapped rule, and its run."""
    return {
        "optimizer": optimizer, "reference": reference, "reference_version": version,
        "hyperparameters": WITHIN[optimizer][0], "wrappers": [wrapper],
    }, run


def by_optax(optimizer, wrapper, reference, run):
    """A rule of optax within a wrapper; its name stands for … in `reference`."""
    name = f"optax.{WITHIN[optimizer][1]}"
    return described(optimizer, wrapper, reference.replace("…", name), with_optax.VERSION, run)


def lookahead(optimizer):
    """Lookahead; the rows are the fast parameters."""
    fast = WITHIN[optimizer][2]
    run = with_optax.by(
        lambda rate: optax.lookahead(fast(rate), sync_period=5, slow_step_size=0.5),
        begin=optax.LookaheadParams.init_synced, shown=lambda both: both.fast)
    return by_optax(optimizer, {"Lookahead": {"k": 5, "alpha": 0.5}},
                    "optax.lookahead(…, 5, 0.5), the fast parameters", run)


def sam(optimizer, rho=0.05):
    """Sharpness-aware minimization; a row is a whole step."""
    def make(rate):
        ascent = optax.chain(contrib.normalize(), optax.sgd(rho))
        return contrib.sam(WITHIN[optimizer][2](rate), ascent, sync_period=2, opaque_mode=True)

    def gradient_elsewhere(objective, shapes, tree):
        return {"grad_fn": lambda at, _: with_optax.cut(
            objective.gradient(with_optax.numbers(at)), shapes)}

    reference = "optax.contrib.sam(…, chain(normalize(), sgd(0.05)), 2, opaque_mode=True)"
    return by_optax(optimizer, {"Sam": {"rho": rho}}, reference,
                    with_optax.by(make, gradient_elsewhere))


def clip_norm(optimizer, bound=1.0):
    """Clipping of the norm over all blocks."""
    run = with_optax.by(lambda rate: optax.chain(
        optax.clip_by_global_norm(bound), WITHIN[optimizer][2](rate)))
    return by_optax(optimizer, {"ClipNorm": bound},
                    f"optax.chain(clip_by_global_norm({bound}), …)", run)


def clip_value(optimizer, bound=0.5):
    """Clipping of every entry."""
    run = with_optax.by(lambda rate: optax.chain(
        optax.clip(bound), WITHIN[optimizer][2](rate)))
    return by_optax(optimizer, {"ClipValue": bound}, f"optax.chain(clip({bound}), …)", run)


def penalty(optimizer, weight=0.01):
    """The gradient of an L2 penalty, added by torch."""
    make, name = {
        "momentum": (lambda w, rate: torch.optim.SGD(
            w, lr=rate, momentum=0.9, weight_decay=weight), "SGD(momentum=0.9, "),
        "adam": (lambda w, rate: torch.optim.Adam(
            w, lr=rate, weight_decay=weight), "Adam("),
    }[optimizer]
    return described(optimizer, {"L2": weight}, f"torch.optim.{name}weight_decay={weight})",
                     with_torch.VERSION, with_torch.by(make))


def decoupled_decay(weight=0.01):
    """Adam with decoupled weight decay."""
    run = with_torch.by(lambda w, rate: torch.optim.AdamW(w, lr=rate, weight_decay=weight))
    return described("adam", {"DecoupledDecay": weight},
                     f"torch.optim.AdamW(weight_decay={weight})", with_torch.VERSION, run)


class Parameters(torch.nn.Module):
    """A model of nothing but its parameters."""

    def __init__(self, blocks):
        super().__init__()
        self.blocks = torch.nn.ParameterList(blocks)


def averaged(decay=None):
    """The running mean of plain gradient descent's iterates, or the exponential one.

    The rows are the averaged parameters; the gradients are taken at the iterates.
    """
    swa = torch.optim.swa_utils
    rule = None if decay is None else swa.get_ema_multi_avg_fn(decay)

    def run(objective, start, shapes, rates):
        model = Parameters(with_torch.cut(start, shapes))
        mean = swa.AveragedModel(model, multi_avg_fn=rule)
        optimizer = torch.optim.SGD(model.parameters(), lr=rates[0])
        path = [with_torch.numbers(mean.parameters())]
        for rate in rates:
            optimizer.param_groups[0]["lr"] = rate
            blocks = list(model.parameters())
            with_torch.hand_over(blocks, objective.gradient(with_torch.numbers(blocks)))
            optimizer.step()
            mean.update_parameters(model)
            path.append(with_torch.numbers(mean.parameters()))
        return path

    kind = "" if decay is None else f", multi_avg_fn=get_ema_multi_avg_fn({decay})"
    return described("sgd", {"Averaged": {"decay": decay}},
                     f"torch.optim.swa_utils.AveragedModel(of torch.optim.SGD{kind})",
                     with_torch.VERSION, run)
