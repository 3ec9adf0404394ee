"""Minima of the landscapes, to 17 digits, by Newton's method in 50-digit arithmetic.

Run: python3 landscape_minima.py [id ...]        (needs mpmath)

The formulas are written here a second time, from their sources, so that a slip in src/landscapes
shows as a difference. Minima that a glance at the formula gives (the origin of a sum of squares)
are left out. Every grid point of the range that lies below its eight neighbours starts
one Newton iteration; what it finds is kept when it lies in the range and the Hessian is positive
definite there. Prints `Minimum::new(w1, w2, value)` lines, the least first.
"""

import math
import sys

import mpmath as mp

mp.mp.dps = 50


class Functions:
    """The same names for floats (the scan) and for mpmath (the refinement)."""

    def __init__(self, module):
        self.exp, self.log, self.sqrt = module.exp, module.log, module.sqrt
        self.sin, self.cos, self.pi = module.sin, module.cos, module.pi
        self.number = mp.mpf if module is mp else float


FLOAT, PRECISE = Functions(math), Functions(mp)


def gauss(f, x, y, width):
    return f.exp(-(x * x + y * y) / f.number(width))


def mean(values):
    values = list(values)
    return sum(values) / len(values)


# The data of src/landscapes/fitting.rs.
HOURS = ["0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4"]
PASSED = [0, 0, 1, 0, 1, 0, 1, 1]
INPUTS = ["-2", "-1", "-0.5", "0.5", "1", "2"]
TARGETS = ["0.1", "0.2", "0.7", "0.4", "0.8", "0.9"]


def sigmoid(f, z):
    return 1 / (1 + f.exp(-z))


def logistic(f, x, y):
    n = f.number
    return mean(f.log(1 + f.exp(-(2 * t - 1) * (x * n(h) + y))) for h, t in zip(HOURS, PASSED))


def neuron(f, x, y):
    n = f.number
    return mean((sigmoid(f, x * n(a) + y) - n(t)) ** 2 for a, t in zip(INPUTS, TARGETS))


def levy_13(f, x, y):
    return (f.sin(3 * f.pi * x) ** 2 + (x - 1) ** 2 * (1 + f.sin(3 * f.pi * y) ** 2)
            + (y - 1) ** 2 * (1 + f.sin(2 * f.pi * y) ** 2))


def branin(f, x, y):
    n = f.number
    return ((y - n("5.1") / (4 * f.pi ** 2) * x ** 2 + 5 / f.pi * x - 6) ** 2
            + 10 * (1 - 1 / (8 * f.pi)) * f.cos(x) + 10)


def viz_local(f, x, y):
    y = y * f.number("1.4")
    return -2 * gauss(f, x - 1, y, "0.2") - 6 * gauss(f, x + 1, y, "0.2") + x * x + y * y


def viz_hills(f, x, y):
    y = y * f.number("1.4")
    return (2 * gauss(f, x - 1, y, "0.2") + 6 * gauss(f, x + 1, y, "0.2")
            - 2 * gauss(f, x - 1, y + 1, "0.2") + x * x + y * y)


def viz_plateau(f, x, y):
    r = 10 * f.sqrt(x * x + y * y) + f.number("0.01")
    return -f.sin(r) / r + f.number("0.01") * r * r


def viz_ecliptic(f, x, y):
    x, y = x / 2, y / 2
    return -f.exp(-(x * x + 5 * y * y)) + x * x + y * y / 2


LANDSCAPES = {
    # id: (formula, range of w1, range of w2)
    "himmelblau": (lambda f, x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2, (-5, 5), (-5, 5)),
    "styblinski_tang": (lambda f, x, y: sum(w ** 4 - 16 * w * w + 5 * w for w in (x, y)) / 2,
                        (-5, 5), (-5, 5)),
    "booth": (lambda f, x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2, (-10, 10), (-10, 10)),
    "dixon_price": (lambda f, x, y: (x - 1) ** 2 + 2 * (2 * y * y - x) ** 2, (-2, 2), (-2, 2)),
    "three_hump_camel": (
        lambda f, x, y: 2 * x ** 2 - f.number("1.05") * x ** 4 + x ** 6 / 6 + x * y + y ** 2,
        (-2.5, 2.5), (-2.5, 2.5)),
    "six_hump_camel": (
        lambda f, x, y: (4 - f.number("2.1") * x ** 2 + x ** 4 / 3) * x ** 2 + x * y
        + (-4 + 4 * y ** 2) * y ** 2, (-2, 2), (-1.1, 1.1)),
    "mccormick": (lambda f, x, y: f.sin(x + y) + (x - y) ** 2 - f.number("1.5") * x
                  + f.number("2.5") * y + 1, (-1.5, 4), (-3, 4)),
    "rastrigin": (lambda f, x, y: 20 + sum(w * w - 10 * f.cos(2 * f.pi * w) for w in (x, y)),
                  (-0.4, 0.4), (-0.4, 0.4)),
    "griewank": (lambda f, x, y: 1 + (x * x + y * y) / 4000
                 - f.cos(x) * f.cos(y / f.sqrt(f.number(2))), (-8, 8), (-8, 8)),
    "levy_13": (levy_13, (0.8, 1.2), (0.8, 1.2)),
    "bohachevsky_1": (lambda f, x, y: x * x + 2 * y * y - f.number("0.3") * f.cos(3 * f.pi * x)
                      - f.number("0.4") * f.cos(4 * f.pi * y) + f.number("0.7"),
                      (-0.9, 0.9), (-0.9, 0.9)),
    "branin": (branin, (-5, 10), (0, 15)),
    "easom": (lambda f, x, y: -f.cos(x) * f.cos(y) * f.exp(-(x - f.pi) ** 2 - (y - f.pi) ** 2),
              (0, 6), (0, 6)),
    "distill_momentum": (lambda f, x, y: (1 - x) ** 2 + 20 * (3 * y - x * x) ** 2, (-2, 2), (-0.5, 1.5)),
    "dupont": (lambda f, x, y: x * x + y * y - 2 * gauss(f, x - 1, y, "0.2")
               - 3 * gauss(f, x + 1, y, "0.2"), (-3, 3), (-3, 3)),
    "viz_local_minimum": (viz_local, (-2, 2), (-2, 2)),
    "viz_hills": (viz_hills, (-2, 2), (-2, 2)),
    "viz_ecliptic_bowl": (viz_ecliptic, (-2, 2), (-2, 2)),
    "viz_plateau": (viz_plateau, (-2, 2), (-2, 2)),
    "logistic_regression": (logistic, (-2, 4), (-8, 4)),
    "one_neuron": (neuron, (-10, 10), (-10, 10)),
}


def scan(formula, x_range, y_range, count=300):
    at = lambda ends, k: ends[0] + (ends[1] - ends[0]) * (k + 0.37) / count
    xs, ys = ([at(ends, k) for k in range(-1, count + 1)] for ends in (x_range, y_range))
    height = [[formula(FLOAT, x, y) for y in ys] for x in xs]
    for i in range(1, count + 1):
        for j in range(1, count + 1):
            around = [height[i + a][j + b] for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
            if height[i][j] <= min(around):
                yield xs[i], ys[j]


def refine(formula, start):
    value = lambda x, y: formula(PRECISE, x, y)
    slope = lambda x, y: [mp.diff(value, (x, y), n) for n in ((1, 0), (0, 1))]
    x, y = mp.findroot(slope, start, tol=1e-60, maxsteps=60)
    a, b, d = (mp.diff(value, (x, y), n) for n in ((2, 0), (1, 1), (0, 2)))
    return (x, y, value(x, y)) if a > 0 and a * d > b * b else None


def minima(formula, x_range, y_range):
    found = []
    for start in scan(formula, x_range, y_range):
        try:
            point = refine(formula, start)
        except (ValueError, ZeroDivisionError) as error:
            print(f"    // near {start}: {error}")
            continue
        if point is None or not all(
                low <= w <= high for w, (low, high) in zip(point, (x_range, y_range))):
            continue
        if all(abs(point[0] - p[0]) + abs(point[1] - p[1]) > 1e-8 for p in found):
            found.append(point)
    return sorted(found, key=lambda p: (float(p[2]), float(p[0]), float(p[1])))


def shown(x):
    x = 0.0 if abs(x) < mp.mpf(10) ** -30 else float(x)
    return repr(x)


for name in sys.argv[1:] or LANDSCAPES:
    print(name)
    for point in minima(*LANDSCAPES[name]):
        print(f"    Minimum::new({', '.join(map(shown, point))}),")
