"""The rule of scipy on the landscapes."""

import scipy
from scipy.optimize import minimize

from .golden_files import CONSTANT, write

VERSION = f"scipy {scipy.__version__}"
REFERENCE = "scipy.optimize.minimize(method='Nelder-Mead', xatol=0, fatol=0), the best vertex"
# The reference's own; it takes no others than these and the `adaptive` ones.
NELDER_MEAD = {"reflection": 1.0, "expansion": 2.0, "contraction": 0.5, "shrink": 0.5}


def nelder_mead(objective, start, shapes, rates):
    """A run of golden_files.case: the start and the best vertex after 1, 2, … iterations."""
    found = minimize(objective.value, start, method="Nelder-Mead", options={
        "xatol": 0, "fatol": 0, "maxiter": len(rates) + 1, "maxfev": 10**6, "return_all": True})
    assert len(found.allvecs) == len(rates) + 1
    return [vertex.tolist() for vertex in found.allvecs]


def write_all():
    """The rule's file."""
    write("nelder_mead", REFERENCE, VERSION, NELDER_MEAD, [1.0] * 3,
          nelder_mead, CONSTANT)
