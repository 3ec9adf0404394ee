"""The rule of scipy on the landscapes."""

import scipy
from scipy.optimize import minimize

from .common import CONSTANT, STEPS, write

VERSION = f"scipy {scipy.__version__}"
REFERENCE = "scipy.optimize.minimize(method='Nelder-Mead', xatol=0, fatol=0), the best vertex"
# The reference's own; it takes no others than these and the `adaptive` ones.
NELDER_MEAD = {"reflection": 1.0, "expansion": 2.0, "contraction": 0.5, "shrink": 0.5}


def nelder_mead(value, start, steps):
    """The start and the best vertex after 1, 2, … iterations."""
    found = minimize(value, start, method="Nelder-Mead", options={
        "xatol": 0, "fatol": 0, "maxiter": steps + 1, "maxfev": 10**6, "return_all": True})
    assert len(found.allvecs) == steps + 1
    return found.allvecs


def write_all():
    """The rule's file."""
    write("nelder_mead", REFERENCE, VERSION, NELDER_MEAD, [1.0] * 3,
          lambda surface, start, _: nelder_mead(surface.value, start, STEPS), CONSTANT)
