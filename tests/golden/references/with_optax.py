"""Running a rule of optax, update by update."""

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import optax

VERSION = f"optax {optax.__version__}"


def whole_numbers(leaf):
    """Counts in 64 bits, because the root of a 32-bit integer is a 32-bit float."""
    return leaf.astype(jnp.int64) if leaf.dtype == jnp.int32 else leaf


def nothing(_):
    """No further arguments for an update."""
    return {}


def walk(make, gradient, tree, rates, further=nothing):
    """The parameters after 0, 1, … updates.

    `make(rate)` is the reference at a rate, and `further(tree)` what its update takes besides
    the gradient.
    """
    state = jax.tree.map(whole_numbers, make(rates[0]).init(tree))
    path = [tree]
    for rate in rates:
        updates, state = make(rate).update(gradient(tree), state, tree, **further(tree))
        tree = optax.apply_updates(tree, updates)
        path.append(tree)
    return path


def numbers(tree):
    """All parameters as one list."""
    return [float(w) for leaf in jax.tree.leaves(tree) for w in leaf.ravel()]


def on_landscape(make, further=lambda surface: nothing):
    """A run of common.case; `further(surface)` gives what `walk` takes under that name."""
    def run(surface, start, rates):
        path = walk(make, lambda at: jnp.array(surface.gradient(numbers(at))),
                    jnp.array(start), rates, further(surface))
        return [numbers(at) for at in path]
    return run
