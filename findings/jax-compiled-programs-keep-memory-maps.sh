#!/usr/bin/env bash
# jax 0.10.2 on a CPU: a compiled program keeps memory maps of the process when nobody can reach it
# any more; jax.clear_caches() gives them back, the garbage collector does not.
#
# Why one would have guessed wrong: the jitted function is a local that is gone, and Python frees
# what is gone.  JAX's own cache keeps the executable, and each one holds a few memory maps for the
# code of its kernels.  Linux allows a process 65,530 of them by default, and memory is no sign:
# `free` shows plenty.  A notebook or a test worker that runs many different models comes there
# after some dozens of large programs (ours hold two thousand maps each).  What happens at the limit
# is not tried here: 200 tiny programs are compiled and the maps are counted.
#
# Prints versions and what was seen; exits 1 when the behaviour is another. Linux only.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6
JAX_PLATFORMS=cpu "$folder/venv/bin/python" - <<'PYTHON'
import gc
import sys
from pathlib import Path

import jax
import jax.numpy as jnp


def maps() -> int:
    gc.collect()
    return len(Path("/proc/self/maps").read_text().splitlines())


def one(n: int) -> None:
    def step(x):
        return jnp.sort(x * n) @ jnp.cos(x)

    jax.jit(step)(jnp.ones(n)).block_until_ready()


one(3)
before = maps()
for n in range(4, 204):
    one(n)
held = maps() - before
jax.clear_caches()
left = maps() - before
print("jax", jax.__version__, "python", sys.version.split()[0])
print("maps of 200 programs that nobody can reach:", held)
print("after jax.clear_caches():", left)
seen = held >= 400 and left < held / 4
print("as described" if seen else "no longer as described")
sys.exit(0 if seen else 1)
PYTHON
