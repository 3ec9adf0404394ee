"""The sweep benchmark's comparison: Adam on Rosenbrock as a jitted, hand-batched JAX program.

256 × 256 learning rates and decays, 150 steps, float64, gradients by JAX. The whole batch goes
through one compiled loop; what is the same for all runs of a step (the bias corrections) is
computed once a step. Run it on the machine and the cores that `cargo bench --bench laboratory
sweep` runs on:

    python -m venv jax && jax/bin/pip install jax && jax/bin/python benches/sweep_jax.py
"""

import time

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

SIDE, STEPS = 256, 150
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def loss(w1, w2):
    return 100.0 * (w2 - w1**2) ** 2 + (1.0 - w1) ** 2


gradient = jax.vmap(jax.grad(loss, argnums=(0, 1)))


@jax.jit
def sweep(rate, decay):
    start = jnp.full_like(rate, -1.54), jnp.full_like(rate, -0.64)
    zero = jnp.zeros_like(rate)

    def step(k, state):
        w, m, v, power1, power2 = state
        power1, power2 = power1 * BETA1, power2 * BETA2
        correction1, root2 = 1.0 / (1.0 - power1), 1.0 / jnp.sqrt(1.0 - power2)
        g = gradient(*w)
        m = tuple(BETA1 * a + (1.0 - BETA1) * b for a, b in zip(m, g))
        v = tuple(BETA2 * a + (1.0 - BETA2) * b * b for a, b in zip(v, g))
        now = rate / (1.0 + decay * k) * correction1
        w = tuple(
            a - now * b / (jnp.sqrt(c) * root2 + EPSILON) for a, b, c in zip(w, m, v)
        )
        return w, m, v, power1, power2

    state = start, (zero, zero), (zero, zero), 1.0, 1.0
    w, *_ = jax.lax.fori_loop(1, STEPS + 1, step, state)
    return loss(*w)


def main():
    rate, decay = np.meshgrid(np.logspace(-4, 0, SIDE), np.logspace(-4, 0, SIDE))
    rate, decay = jnp.asarray(rate.ravel()), jnp.asarray(decay.ravel())
    sweep(rate, decay).block_until_ready()
    best, least = float("inf"), float("inf")
    for _ in range(40):
        begun, spent = time.perf_counter(), time.process_time()
        sweep(rate, decay).block_until_ready()
        best = min(best, time.perf_counter() - begun)
        least = min(least, time.process_time() - spent)
    steps = SIDE * SIDE * STEPS / 1e6
    print(f"{steps / best:.0f} million steps a second, {steps / least:.0f} a core-second")


if __name__ == "__main__":
    main()
