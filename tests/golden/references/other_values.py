"""Rules of optimizers/*.json on the landscapes with hyperparameters other than their own."""

from . import optax_rules, torch_rules, with_optax, with_torch
from .golden_files import DECAYS, LANDSCAPES, RATE_RULE, case, save

FROM_OPTAX = [
    ("polyak_sgd", "optax.polyak_sgd", optax_rules.polyak, optax_rules.POLYAK,
     {"scaling": 0.5, "f_min": 1.0, "epsilon": 0.5}, [0.02, 0.005, 0.1], optax_rules.height),
    ("polyak_sgd", "optax.polyak_sgd", optax_rules.polyak, optax_rules.POLYAK,
     {"f_min": 1.0, "sps_plus": 1.0}, [0.02, 0.005, 0.1], optax_rules.height),
    ("sophia", optax_rules.SOPHIA_REFERENCE, optax_rules.sophia, optax_rules.SOPHIA,
     {"beta1": 0.9, "beta2": 0.5, "gamma": 1.0, "weight_decay": 0.01, "clip_threshold": 0.8,
      "update_interval": 3.0, "epsilon": 0.1}, [0.1, 0.1, 0.1], optax_rules.bends),
    ("muon", "optax.contrib.muon", optax_rules.muon, optax_rules.MUON,
     {"nesterov": 0.0, "epsilon": 1e-4, "adam_beta1": 0.8, "adam_beta2": 0.95,
      "adam_weight_decay": 0.02}, [0.05] * 3, with_optax.nothing),
]
FROM_TORCH = [
    ("adahessian", torch_rules.ADAHESSIAN_REFERENCE, torch_rules.ADAHESSIAN_VERSION,
     torch_rules.ADAHESSIAN, {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4,
                              "weight_decay": 0.02, "hessian_power": 0.5}, [0.02, 0.002, 0.02],
     lambda has: with_torch.by(torch_rules.adahessian(**has), torch_rules.with_exact_diagonal)),
    ("adafactor", "torch.optim.Adafactor", with_torch.VERSION, torch_rules.ADAFACTOR,
     {"beta2_decay": -0.5, "epsilon2": 1.0, "clip_threshold": 1.2, "weight_decay": 0.02},
     [0.01, 0.05, 0.03], lambda has: with_torch.by(torch_rules.adafactor(**has))),
    ("lbfgs", torch_rules.LBFGS_REFERENCE, with_torch.VERSION, torch_rules.LBFGS,
     {"memory": 1.0}, [1.0, 1.0, 0.5], lambda has: with_torch.by_itself(
         torch_rules.lbfgs(**has), 15, torch_rules.LBFGS_LEAST)),
]


def runs():
    """Name, reference, version, hyperparameters, rates and run of each."""
    for name, reference, make, own, others, rates, further in FROM_OPTAX:
        has = own | others
        yield name, reference, with_optax.VERSION, has, rates, with_optax.by(
            make(**has), further)
    for name, reference, version, own, others, rates, make in FROM_TORCH:
        has = own | others
        yield name, reference, version, has, rates, make(has)


def write_all():
    """other_values.json."""
    save("other_values.json", {
        "learning_rate_rule": RATE_RULE, "columns": ["w1", "w2", "loss"],
        "cases": [{
            "optimizer": name, "reference": reference, "reference_version": version,
            "hyperparameters": has,
        } | case(surface, rate, decay, run)
            for name, reference, version, has, rates, run in runs()
            for surface, rate, decay in zip(LANDSCAPES, rates, DECAYS)],
    })
