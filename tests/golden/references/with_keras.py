"""Running an optimizer of Keras, update by update."""

import os

os.environ["KERAS_BACKEND"] = "jax"
import jax

jax.config.update("jax_enable_x64", True)

import keras

keras.config.set_floatx("float64")

VERSION = f"keras {keras.__version__} (backend jax {jax.__version__})"


def by(make):
    """A run of golden_files.case on one block, made by the reference `make(rate)`."""
    def run(objective, start, shapes, rates):
        variable = keras.Variable(start, dtype="float64")
        optimizer = make(rates[0])
        path = [variable.numpy().tolist()]
        for rate in rates:
            optimizer.learning_rate = rate
            slopes = keras.ops.array(objective.gradient(path[-1]), dtype="float64")
            optimizer.apply([slopes], [variable])
            path.append(variable.numpy().tolist())
        return path
    return run
