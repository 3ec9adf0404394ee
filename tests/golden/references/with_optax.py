"""Running a rule of optax, update by update."""

import math

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import optax

VERSION = f"optax {optax.__version__}"


def whole_numbers(leaf):
    """Counts in 64 bits, because the root of a 32-bit integer is a 32-bit float."""
    return leaf.astype(jnp.int64) if leaf.dtype == jnp.int32 else leaf


def numbers(tree):
    """All parameters as one list."""
    return [float(w) for leaf in jax.tree.leaves(tree) for w in leaf.ravel()]


def cut(row, shapes):
    """A flat row as blocks of these shapes."""
    blocks, at = [], 0
    for shape in shapes:
        count = math.prod(shape)
        blocks.append(jnp.array(row[at:at + count]).reshape(shape))
        at += count
    return blocks


def nothing(objective, shapes, tree):
    """No further arguments for an update."""
    return {}


def itself(tree):
    return tree


def by(make, further=nothing, begin=itself, shown=itself):
    """A run of golden_files.case, made by the reference `make(rate)`.

    `further(objective, shapes, tree)` gives what its update takes besides the gradient. `begin`
    makes what the reference works on of the blocks, and `shown` the blocks of that.
    """
    def run(objective, start, shapes, rates):
        tree = begin(cut(start, shapes))
        state = jax.tree.map(whole_numbers, make(rates[0]).init(tree))
        path = [numbers(shown(tree))]
        for rate in rates:
            slopes = cut(objective.gradient(path[-1]), shapes)
            updates, state = make(rate).update(
                slopes, state, tree, **further(objective, shapes, tree))
            tree = optax.apply_updates(tree, updates)
            path.append(numbers(shown(tree)))
        return path
    return run
