"""Conventions other than those of optimizers/*.json, on the landscapes."""

import contextlib
import io

import optax
import torch
from adabelief_pytorch import AdaBelief

from . import with_keras, with_optax, with_torch
from .golden_files import DECAYS, LANDSCAPES, RATE_RULE, STEPS, case, save
from .wrapped import ADAM, MOMENTUM

GENTLE = [0.001, 0.0002, 0.002]
RECTIFIED = [0.0025, 0.0005, 0.005]
ADAPTIVE = [0.05] * 3
# What Keras' optimizers are made with besides the rate, by their names; the defaults are theirs.
FROM_KERAS = [
    ("momentum", "SGD", {"momentum": 0.9}, GENTLE),
    ("nesterov", "SGD", {"momentum": 0.9, "nesterov": True}, GENTLE),
    ("rmsprop", "RMSprop", {}, ADAPTIVE),
    ("rmsprop", "RMSprop", {"momentum": 0.9}, [0.01] * 3),
    ("rmsprop", "RMSprop", {"centered": True}, [0.02] * 3),
    ("rmsprop", "RMSprop", {"momentum": 0.9, "centered": True}, [0.002] * 3),
    ("adagrad", "Adagrad", {}, [0.1] * 3),
    ("adadelta", "Adadelta", {}, [1.0] * 3),
    ("adam", "Adam", {}, ADAPTIVE),
    ("amsgrad", "Adam", {"amsgrad": True}, ADAPTIVE),
    ("adamax", "Adamax", {}, ADAPTIVE),
    ("nadam", "Nadam", {}, ADAPTIVE),
    ("adamw", "AdamW", {}, ADAPTIVE),
    ("lion", "Lion", {}, [0.01] * 3),
    ("lion", "Lion", {"weight_decay": 0.1}, [0.01] * 3),
]
# The same with an epsilon that shows where it stands, for fewer updates.
EPSILON, FEW = 0.01, 20
WITH_EPSILON = [
    (optimizer, name, options | {"epsilon": EPSILON}, rates)
    for optimizer, name, options, rates in FROM_KERAS if optimizer not in
    ("momentum", "nesterov", "adamw", "lion")]
# Keras' names of the hyperparameters that each of our rules has, and ours.
OURS = {
    "momentum": {"momentum": "momentum"}, "nesterov": {"momentum": "momentum"},
    "rmsprop": {"rho": "rho", "epsilon": "epsilon", "momentum": "momentum",
                "centered": "centered"},
    "adagrad": {"initial_accumulator_value": "initial_accumulator", "epsilon": "epsilon"},
    "adadelta": {"rho": "rho", "epsilon": "epsilon"},
    "adamw": {"beta_1": "beta1", "beta_2": "beta2", "epsilon": "epsilon",
              "weight_decay": "weight_decay"},
    "lion": {"beta_1": "beta1", "beta_2": "beta2", "weight_decay": "weight_decay"},
} | dict.fromkeys(("adam", "amsgrad", "adamax", "nadam"),
                  {"beta_1": "beta1", "beta_2": "beta2", "epsilon": "epsilon"})


def told(optimizer, variant, reference, version, hyperparameters):
    """What is said of a variant in each of its cases."""
    return {"optimizer": optimizer, "variant": variant, "reference": reference,
            "reference_version": version, "hyperparameters": hyperparameters}


def said(options):
    """Options as they stand in a call."""
    return ", ".join(f"{name}={value}" for name, value in options.items())


def of_keras(optimizer, name, options, rates):
    """One optimizer of Keras, with the hyperparameters it says it has."""
    def make(rate):
        return getattr(with_keras.keras.optimizers, name)(learning_rate=rate, **options)

    has = make(1.0).get_config()
    hyperparameters = {ours: float(has[theirs] or 0.0)
                       for theirs, ours in OURS[optimizer].items()}
    reference = f"keras.optimizers.{name}({said(options)})"
    return (told(optimizer, "keras", reference, with_keras.VERSION, hyperparameters),
            with_keras.by(make), rates)


def of_torch(optimizer, reference, version, hyperparameters, rates, make):
    """One optimizer in torch."""
    return (told(optimizer, "torch", reference, version, hyperparameters),
            with_torch.by(make), rates)


def adabelief(weight_decay=0.0, epsilon=1e-16):
    """AdaBelief of its authors' package, with its own defaults."""
    def make(w, rate):
        with contextlib.redirect_stdout(io.StringIO()):
            return AdaBelief(w, lr=rate, weight_decay=weight_decay, eps=epsilon)

    reference = (f"adabelief_pytorch.AdaBelief(weight_decay={weight_decay}, eps={epsilon}), "
                 "rectify and weight_decouple as by default True")
    hyperparameters = {"beta1": 0.9, "beta2": 0.999, "epsilon": epsilon,
                       "weight_decay": weight_decay, "rectify": 1.0}
    return of_torch("adabelief", reference, f"adabelief_pytorch 0.2.1, {with_torch.VERSION}",
                    hyperparameters, RECTIFIED, make)


def dampened(dampening=0.5):
    """torch's momentum with dampening."""
    reference = f"torch.optim.SGD(momentum=0.9, dampening={dampening})"
    return of_torch(
        "momentum", reference, with_torch.VERSION, MOMENTUM | {"dampening": dampening}, GENTLE,
        lambda w, rate: torch.optim.SGD(w, lr=rate, momentum=0.9, dampening=dampening))


def of_optax():
    """optax's conventions for rules whose own file is torch's."""
    root = 0.01
    return [
        (told(name, "optax", reference, with_optax.VERSION, hyperparameters),
         with_optax.by(make), ADAPTIVE)
        for name, reference, hyperparameters, make in (
            ("adam", f"optax.adam(eps_root={root})", ADAM | {"epsilon_root": root},
             lambda rate: optax.adam(rate, eps_root=root)),
            ("adamax", "optax.adamax", ADAM, optax.adamax),
            ("nadam", "optax.nadam", ADAM, optax.nadam),
            ("amsgrad", "optax.amsgrad", ADAM, optax.amsgrad),
        )]


def of_optax_with_epsilon():
    """optax's adamax with an epsilon that shows where it stands."""
    reference = f"optax.adamax(eps={EPSILON})"
    return (told("adamax", "optax", reference, with_optax.VERSION, ADAM | {"epsilon": EPSILON}),
            with_optax.by(lambda rate: optax.adamax(rate, eps=EPSILON)), ADAPTIVE)


def cases(everything, steps):
    """Each on every landscape."""
    return [described | case(name, rate, decay, run, steps)
            for described, run, rates in everything
            for name, rate, decay in zip(LANDSCAPES, rates, DECAYS)]


def write_all():
    """variants.json."""
    long = [of_keras(*one) for one in FROM_KERAS]
    long += [adabelief(), adabelief(weight_decay=0.01), dampened(), *of_optax()]
    short = [of_keras(*one) for one in WITH_EPSILON]
    short += [adabelief(epsilon=0.001), of_optax_with_epsilon()]
    save("variants.json", {
        "learning_rate_rule": RATE_RULE, "columns": ["w1", "w2", "loss"],
        "cases": cases(long, STEPS) + cases(short, FEW),
    })
