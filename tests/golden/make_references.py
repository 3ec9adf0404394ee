"""Computes golden numbers with the reference implementations named below.

    pip install --target REF optax==0.2.8 jax==0.10.2 torch==2.15.0 pytorch_optimizer==4.1.0 \
        scipy==1.17.1 keras==3.15.1 adabelief_pytorch==0.2.1 numpy
    PYTHONPATH=REF python tests/golden/make_references.py optax_rules torch_rules \
        scipy_rules all_blocks blocks wrappers variants other_values

    pip install --target REFT --no-deps torch==1.12.1 typing_extensions "numpy<2" \
        adabound==0.0.5 torch_optimizer==0.3.0 pytorch_ranger      # Python 3.10
    PYTHONPATH=REFT python tests/golden/make_references.py old_torch_rules

Each name is a module of references/, which says what it writes: optimizers/<id>.json for its
rules, or the file of its own name. Everything is in float64. No rule is stated there: each row
is what the reference made of the gradients. A changing rate is handed over update by update, so
that a schedule's count plays no part.
"""

import sys
from importlib import import_module

for name in sys.argv[1:]:
    import_module(f"references.{name}").write_all()
