"""Landscapes, the rates of a run and the writing of files, for all references."""

import json
from pathlib import Path

GOLDEN = Path(__file__).parent.parent
LANDSCAPES = {
    "himmelblau": [-1.0, 2.5],
    "rosenbrock": [-1.54, -0.64],
    "beale": [1.0, 1.5],
}
DECAYS = [0.0, 0.01, 0.0]
CONSTANT = [0.0, 0.0, 0.0]
STEPS = 60
RATE_RULE = "lr_k = learning_rate / (1 + inverse_time_decay * k), k = 1 for the first update"


def beale_terms(x, y):
    """The three summands' roots of Beale's function, with their slopes in x and in y."""
    return [(c - x + x * y**k, y**k - 1, k * x * y ** (k - 1))
            for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))]


def landscape(name, x, y):
    """Value and gradient."""
    if name == "himmelblau":
        a, b = x * x + y - 11, x + y * y - 7
        return a * a + b * b, [4 * a * x + 2 * b, 2 * a + 4 * b * y]
    if name == "rosenbrock":
        a, b = 1 - x, y - x * x
        return a * a + 100 * b * b, [-2 * a - 400 * b * x, 200 * b]
    terms = beale_terms(x, y)
    return (sum(t * t for t, _, _ in terms),
            [sum(2 * t * dx for t, dx, _ in terms), sum(2 * t * dy for t, _, dy in terms)])


def hessian_diagonal(name, x, y):
    """Second derivatives of a landscape in x and in y."""
    if name == "himmelblau":
        return [12 * x * x + 4 * y - 42, 4 * x + 12 * y * y - 26]
    if name == "rosenbrock":
        return [2 - 400 * (y - 3 * x * x), 200.0]
    terms = beale_terms(x, y)
    bends = [x * k * (k - 1) * y ** max(k - 2, 0) for k in (1, 2, 3)]
    return [sum(2 * dx * dx for _, dx, _ in terms),
            sum(2 * dy * dy + 2 * t * bend for (t, _, dy), bend in zip(terms, bends))]


class Surface:
    """One landscape as a function of a list of two numbers."""

    def __init__(self, name):
        self.name = name

    def value(self, at):
        return float(landscape(self.name, *at)[0])

    def gradient(self, at):
        return [float(slope) for slope in landscape(self.name, *at)[1]]

    def hessian_diagonal(self, at):
        return [float(bend) for bend in hessian_diagonal(self.name, *at)]


class Bowl:
    """The sum of curvature · (w − minimum)² / 2 over a flat list of parameters."""

    def __init__(self, curvature, minimum):
        self.curvature, self.minimum = curvature, minimum

    def value(self, at):
        return sum(a * (w - c) ** 2 / 2 for a, w, c in zip(self.curvature, at, self.minimum))

    def gradient(self, at):
        return [a * (w - c) for a, w, c in zip(self.curvature, at, self.minimum)]


def rates_of(learning_rate, decay, steps):
    """The rates of the updates 1, 2, …."""
    return [learning_rate / (1 + decay * k) for k in range(1, steps + 1)]


def case(name, learning_rate, decay, run, steps=STEPS):
    """One run on a landscape.

    `run(objective, start, shapes of the blocks, rates of the updates)` gives all positions, each
    a flat list.
    """
    surface, start = Surface(name), LANDSCAPES[name]
    path = run(surface, start, [[2]], rates_of(learning_rate, decay, steps))
    path = [[float(w) for w in at] for at in path]
    return {
        "landscape": name, "start": start, "learning_rate": learning_rate,
        "inverse_time_decay": decay, "steps": len(path) - 1,
        "rows": [[*at, surface.value(at)] for at in path],
    }


def write(name, reference, version, hyperparameters, rates, run, decays=DECAYS):
    """One rule's file, with a case on each landscape."""
    save(f"optimizers/{name}.json", {
        "optimizer": name, "reference": reference, "reference_version": version,
        "hyperparameters": hyperparameters, "learning_rate_rule": RATE_RULE,
        "columns": ["w1", "w2", "loss"],
        "cases": [case(surface, rate, decay, run)
                  for surface, rate, decay in zip(LANDSCAPES, rates, decays)],
    })


def save(path, content):
    (GOLDEN / path).write_text(json.dumps(content, allow_nan=False))
