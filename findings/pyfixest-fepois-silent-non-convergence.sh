#!/usr/bin/env bash
# pyfixest 0.60.0: fepois stopped before it has converged returns estimates and says nothing.
#
# Why one would have guessed wrong: the library has an exception NonConvergenceError, and fepois has
# a line that raises it at the end of its iterations.  That line asks for i == maxiter inside
# `for i in range(maxiter)`, which never comes, so neither an error nor a warning appears; the
# summary prints coefficient, error and p-value as ever.  Only the attribute `convergence` tells.
# The input is valid: 2,000 rows of counts, two fixed effects, one allowed iteration.
#
# Prints versions and what was seen; exits 1 when the behaviour is another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyfixest==0.60.0 pandas==3.1.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings

import numpy as np
import pandas as pd
import pyfixest as pf
from pyfixest.errors import NonConvergenceError

rng = np.random.default_rng(0)
rows = pd.DataFrame({"i": rng.integers(0, 50, 2000), "t": rng.integers(0, 20, 2000)})
rows["x"] = rng.normal(size=2000)
rows["y"] = rng.poisson(np.exp(0.5 * rows["x"]))

said = []
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    try:
        cut = pf.fepois("y ~ x | i + t", rows, iwls_maxiter=1)
    except NonConvergenceError as problem:
        print("raised", problem)
        sys.exit(1)
    said = [str(one.message) for one in caught if "converge" in str(one.message).lower()]
    whole = pf.fepois("y ~ x | i + t", rows)
print("pyfixest", pf.__version__, "pandas", pd.__version__, "numpy", np.__version__)
print("warnings that speak of convergence:", said)
print("one iteration:   x =", round(float(cut.coef()["x"]), 6), "convergence =", cut.convergence)
print("as many as need: x =", round(float(whole.coef()["x"]), 6), "convergence =", whole.convergence)
seen = not said and cut.convergence is False and whole.convergence is True
seen = seen and abs(float(cut.coef()["x"]) - float(whole.coef()["x"])) > 1e-3
print("as described" if seen else "no longer as described")
sys.exit(0 if seen else 1)
PYTHON
