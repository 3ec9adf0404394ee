"""Rules of optax on the landscapes."""

import jax.numpy as jnp
import optax
from optax import contrib

from .golden_files import write
from .with_optax import VERSION, by, cut, numbers

GRADIENT_DESCENT = [0.005, 0.001, 0.01]
ADAPTIVE = [0.05] * 3

# Hyperparameters in our names, rates of the three cases, the reference at a rate.
RULES = {
    "schedule_free_sgd": (
        "optax.contrib.schedule_free_sgd (y, where gradients are taken)",
        {"beta1": 0.9, "weight_lr_power": 2.0}, GRADIENT_DESCENT,
        lambda rate, beta1, weight_lr_power: contrib.schedule_free_sgd(
            rate, b1=beta1, weight_lr_power=weight_lr_power)),
    "schedule_free_adamw": (
        "optax.contrib.schedule_free_adamw (y, where gradients are taken)",
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0,
         "weight_lr_power": 2.0}, ADAPTIVE,
        lambda rate, beta1, beta2, epsilon, weight_decay, weight_lr_power:
        contrib.schedule_free_adamw(
            rate, b1=beta1, b2=beta2, eps=epsilon, weight_decay=weight_decay,
            weight_lr_power=weight_lr_power)),
    "madgrad": (
        "optax.contrib.madgrad", {"momentum": 0.9, "epsilon": 1e-6}, ADAPTIVE,
        lambda rate, momentum, epsilon: contrib.madgrad(rate, momentum, eps=epsilon)),
    "signum": (
        "optax.signum", {"beta": 0.9}, [0.01] * 3,
        lambda rate, beta: optax.signum(rate, beta)),
    "fromage": (
        "optax.fromage", {"min_norm": 1e-6}, [0.01] * 3,
        lambda rate, min_norm: optax.fromage(rate, min_norm)),
    "dog": (
        "optax.contrib.dog", {"init_step": 1e-6, "epsilon": 1e-8}, [1.0] * 3,
        lambda rate, init_step, epsilon: contrib.dog(
            rate, ("heuristic", init_step), epsilon)),
    "dadapt_adamw": (
        "optax.contrib.dadapt_adamw",
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "d0": 1e-6, "weight_decay": 0.0},
        [1.0] * 3,
        lambda rate, beta1, beta2, epsilon, d0, weight_decay: contrib.dadapt_adamw(
            rate, (beta1, beta2), epsilon, d0, weight_decay)),
    "prodigy": (
        "optax.contrib.prodigy",
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "d0": 1e-6, "d_coef": 1.0,
         "weight_decay": 0.0, "safeguard_warmup": 0.0}, [1.0] * 3,
        lambda rate, beta1, beta2, epsilon, d0, d_coef, weight_decay, safeguard_warmup:
        contrib.prodigy(
            rate, (beta1, beta2), None, epsilon, d0, d_coef, weight_decay,
            safeguard_warmup == 1.0)),
    "acprop": (
        "optax.contrib.acprop", {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-16},
        [0.01, 0.001, 0.02],
        lambda rate, beta1, beta2, epsilon: contrib.acprop(rate, beta1, beta2, epsilon, epsilon)),
    "cocob": (
        "optax.contrib.cocob", {"alpha": 100.0, "epsilon": 1e-8}, [1.0] * 3,
        lambda rate, alpha, epsilon: contrib.cocob(rate, alpha, epsilon)),
}

POLYAK = {"scaling": 1.0, "f_min": 0.0, "epsilon": 0.0, "sps_plus": 0.0}
SOPHIA = {"beta1": 0.965, "beta2": 0.99, "epsilon": 1e-8, "weight_decay": 1e-4, "gamma": 0.01,
          "clip_threshold": 1.0, "update_interval": 10.0}
SOPHIA_REFERENCE = "optax.contrib.sophia, its hessian_diagonal_fn giving the exact diagonal"
MUON = {"beta": 0.95, "epsilon": 1e-8, "weight_decay": 0.0, "nesterov": 1.0,
        "newton_schulz_steps": 5.0, "adam_beta1": 0.9, "adam_beta2": 0.999,
        "adam_weight_decay": 0.0}


def maker(name, hyperparameters):
    """The reference of one of the RULES as a function of the rate."""
    return lambda rate: RULES[name][3](rate, **hyperparameters)


def polyak(scaling, f_min, epsilon, sps_plus):
    """polyak_sgd as a function of its greatest rate."""
    return lambda rate: optax.polyak_sgd(
        rate, scaling, f_min, epsilon, "sps+" if sps_plus == 1.0 else "sps")


def height(objective, shapes, tree):
    """The value of the objective, which polyak_sgd takes with each gradient."""
    return {"value": jnp.array(objective.value(numbers(tree)))}


def exact_diagonal():
    """A hook for sophia that hands on the Hessian's diagonal instead of an estimate of it."""
    def update(_, state, params=None, *, diagonal, **others):
        return diagonal, state
    return optax.GradientTransformationExtraArgs(lambda params: optax.EmptyState(), update)


def sophia(beta1, beta2, epsilon, weight_decay, gamma, clip_threshold, update_interval):
    """sophia with the exact diagonal as a function of the rate."""
    return lambda rate: contrib.sophia(
        rate, beta1, beta2, epsilon, weight_decay, None, gamma, clip_threshold,
        update_interval, exact_diagonal())


def bends(objective, shapes, tree):
    """The Hessian's diagonal, which `exact_diagonal` takes."""
    return {"diagonal": cut(objective.hessian_diagonal(numbers(tree)), shapes)}


def muon(beta, epsilon, weight_decay, nesterov, newton_schulz_steps, adam_beta1, adam_beta2,
         adam_weight_decay):
    """muon as a function of the rate."""
    return lambda rate: contrib.muon(
        rate, ns_steps=int(newton_schulz_steps), beta=beta, eps=epsilon,
        weight_decay=weight_decay, nesterov=nesterov == 1.0, adam_b1=adam_beta1,
        adam_b2=adam_beta2, adam_weight_decay=adam_weight_decay)


def write_all():
    """The files of all these rules."""
    for name, (reference, hyperparameters, rates, _) in RULES.items():
        write(name, reference, VERSION, hyperparameters, rates,
              by(maker(name, hyperparameters)))
    write("polyak_sgd", "optax.polyak_sgd", VERSION, POLYAK, [0.015, 0.002, 0.05],
          by(polyak(**POLYAK), height))
    write("sophia", SOPHIA_REFERENCE, VERSION, SOPHIA, [0.02] * 3,
          by(sophia(**SOPHIA), bends))
    write("muon", "optax.contrib.muon (a vector of two parameters, so by its AdamW)", VERSION,
          MUON, ADAPTIVE, by(muon(**MUON)))
