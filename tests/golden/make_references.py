"""Computes golden numbers with the reference implementations named below.

    pip install --target REF optax==0.2.8 jax numpy
    PYTHONPATH=REF python tests/golden/make_references.py optax

    pip install --target REFT --no-deps torch==1.12.1 typing_extensions "numpy<2" \
        adabound==0.0.5 torch_optimizer==0.3.0 pytorch_ranger      # Python 3.10
    PYTHONPATH=REFT python tests/golden/make_references.py torch

Either writes optimizers/<id>.json for its rules beside this file; `optax` also writes
all_blocks.json. Everything is in float64. No rule is stated here: each row is what the
reference made of the gradients. A changing rate is handed over update by update, so that a
schedule's count plays no part.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
LANDSCAPES = {
    "himmelblau": [-1.0, 2.5],
    "rosenbrock": [-1.54, -0.64],
    "beale": [1.0, 1.5],
}
DECAYS = [0.0, 0.01, 0.0]
STEPS = 60


def landscape(name, x, y):
    """Value and gradient."""
    if name == "himmelblau":
        a, b = x * x + y - 11, x + y * y - 7
        return a * a + b * b, [4 * a * x + 2 * b, 2 * a + 4 * b * y]
    if name == "rosenbrock":
        a, b = 1 - x, y - x * x
        return a * a + 100 * b * b, [-2 * a - 400 * b * x, 200 * b]
    terms = [(c - x + x * y**k, y**k - 1, k * x * y ** (k - 1))
             for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))]
    return (sum(t * t for t, _, _ in terms),
            [sum(2 * t * dx for t, dx, _ in terms), sum(2 * t * dy for t, _, dy in terms)])


def write(name, reference, version, hyperparameters, rates, run):
    """One rule's file; `run(gradient, start, rates of the updates)` gives all positions."""
    cases = []
    for (surface, start), rate, decay in zip(LANDSCAPES.items(), rates, DECAYS):
        updates = [rate / (1 + decay * k) for k in range(1, STEPS + 1)]
        path = run(lambda at: landscape(surface, *at)[1], start, updates)
        rows = [[*at, float(landscape(surface, *at)[0])] for at in path]
        cases.append({
            "landscape": surface, "start": start, "learning_rate": rate,
            "inverse_time_decay": decay, "steps": STEPS, "rows": rows,
        })
    text = json.dumps({
        "optimizer": name, "reference": reference, "reference_version": version,
        "hyperparameters": hyperparameters,
        "learning_rate_rule": "lr_k = learning_rate / (1 + inverse_time_decay * k), "
                              "k = 1 for the first update",
        "columns": ["w1", "w2", "loss"], "cases": cases,
    }, allow_nan=False)
    (HERE / "optimizers" / f"{name}.json").write_text(text)


def with_optax():
    import jax
    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import optax
    from optax import contrib

    version = f"optax {optax.__version__}"
    gradient_descent, adaptive, momentum = (
        [0.005, 0.001, 0.01], [0.05] * 3, [0.001, 0.0002, 0.002])

    # Hyperparameters in our names, rates of the three cases, the reference at a rate.
    rules = {
        "schedule_free_sgd": (
            "optax.contrib.schedule_free_sgd (y, where gradients are taken)",
            {"beta1": 0.9, "weight_lr_power": 2.0}, gradient_descent,
            lambda rate, beta1, weight_lr_power: contrib.schedule_free_sgd(
                rate, b1=beta1, weight_lr_power=weight_lr_power)),
        "schedule_free_adamw": (
            "optax.contrib.schedule_free_adamw (y, where gradients are taken)",
            {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0,
             "weight_lr_power": 2.0}, adaptive,
            lambda rate, beta1, beta2, epsilon, weight_decay, weight_lr_power:
            contrib.schedule_free_adamw(
                rate, b1=beta1, b2=beta2, eps=epsilon, weight_decay=weight_decay,
                weight_lr_power=weight_lr_power)),
        "madgrad": (
            "optax.contrib.madgrad", {"momentum": 0.9, "epsilon": 1e-6}, adaptive,
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
        "cocob": (
            "optax.contrib.cocob", {"alpha": 100.0, "epsilon": 1e-8}, [1.0] * 3,
            lambda rate, alpha, epsilon: contrib.cocob(rate, alpha, epsilon)),
    }

    def walk(make, gradient, tree, rates):
        """The parameters after 0, 1, … updates."""
        # Counts in 64 bits, because the root of a 32-bit integer is a 32-bit float.
        state = jax.tree.map(
            lambda leaf: leaf.astype(jnp.int64) if leaf.dtype == jnp.int32 else leaf,
            make(rates[0]).init(tree))
        path = [tree]
        for rate in rates:
            updates, state = make(rate).update(gradient(tree), state, tree)
            tree = optax.apply_updates(tree, updates)
            path.append(tree)
        return path

    def maker(name, hyperparameters):
        return lambda rate: rules[name][3](rate, **hyperparameters)

    for name, (reference, hyperparameters, rates, _) in rules.items():
        def run(gradient, start, updates):
            path = walk(maker(name, hyperparameters),
                        lambda at: jnp.array(gradient([float(w) for w in at])),
                        jnp.array(start), updates)
            return [[float(w) for w in at] for at in path]
        write(name, reference, version, hyperparameters, rates, run)

    # Rules over all blocks at once, on Σ aᵢ·(wᵢ − cᵢ)²/2 whose parameters lie in two blocks.
    curvature = [1.0, 4.0, 0.5, 2.0, 9.0]
    minimum = [1.0, -2.0, 3.0, 0.5, -0.25]
    start = [0.0, 0.5, -1.0, 2.0, 1.0]
    steps, decay = 200, 0.002
    given = {
        "dog": {"init_step": 0.01},
        "dadapt_adamw": {"d0": 0.01, "weight_decay": 0.02},
        "prodigy": {"d0": 0.001, "d_coef": 0.5, "weight_decay": 0.02, "safeguard_warmup": 1.0},
    }
    two_blocks = lambda row: (jnp.array(row[:2]), jnp.array(row[2:]))
    a, c = two_blocks(curvature), two_blocks(minimum)
    cases = []
    for name, changed in given.items():
        for changes in ({}, changed):
            hyperparameters = rules[name][1] | changes
            path = walk(
                maker(name, hyperparameters),
                lambda tree: tuple(a[i] * (tree[i] - c[i]) for i in range(2)),
                two_blocks(start), [1 / (1 + decay * k) for k in range(1, steps + 1)])
            rows = [[float(w) for block in tree for w in block] for tree in path]
            cases.append({
                "optimizer": name, "reference": rules[name][0],
                "hyperparameters": hyperparameters, "rows": rows[::10],
            })
    text = json.dumps({
        "objective": "sum of curvature * (w - minimum)^2 / 2 over two blocks, the first two "
                     "parameters and the other three; row k after 10*k updates",
        "reference_version": version, "curvature": curvature, "minimum": minimum,
        "start": start, "learning_rate": 1.0, "inverse_time_decay": decay, "steps": steps,
        "cases": cases,
    }, allow_nan=False)
    (HERE / "all_blocks.json").write_text(text)


def with_torch():
    import adabound
    import torch
    import torch_optimizer

    rules = {
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
    for name, (reference, version, hyperparameters, rates, make) in rules.items():
        def run(gradient, start, updates):
            w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
            optimizer = make([w], updates[0], **hyperparameters)
            path = [w.tolist()]
            for rate in updates:
                optimizer.param_groups[0]["lr"] = rate
                w.grad = torch.tensor(gradient(w.tolist()), dtype=torch.float64)
                optimizer.step()
                path.append(w.tolist())
            return path
        write(name, reference, version, hyperparameters, rates, run)


if __name__ == "__main__":
    {"optax": with_optax, "torch": with_torch}[sys.argv[1]]()
