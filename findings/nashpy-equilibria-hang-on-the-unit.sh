#!/usr/bin/env bash
# nashpy 0.0.43: whether vertex enumeration finds the equilibrium of the prisoner's dilemma depends on
# the unit of the payoffs; support enumeration finds it in every unit.
#
# Why one would have guessed wrong: an equilibrium does not change when all payoffs are multiplied by
# a positive number, and the game has exactly one, in pure strategies and far from any tie.  Yet the
# two methods of one library disagree on it, and the one that loses it says nothing.
#
# Prints versions and what was seen; exits 1 when the behaviour is another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet nashpy==0.0.43
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import nashpy
import numpy as np

ROW = np.array([[3.0, 0.0], [5.0, 1.0]])
counts, others = {}, []
for unit in (1e-9, 1e-3, 1.0, 1e3, 1e9):
    game = nashpy.Game(unit * ROW, unit * ROW.T)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = list(game.vertex_enumeration())
        others.append(len(list(game.support_enumeration())))
    counts[unit] = len(found)
    said = {str(one.message).strip().splitlines()[0][:70] for one in caught}
    print(f"payoffs times {unit:g}: {len(found)} by vertices, {others[-1]} by supports; warnings: {sorted(said)}")
print("nashpy", version("nashpy"), "numpy", np.__version__)
seen = counts[1.0] == 1 and counts[1e-9] == counts[1e9] == 0 and others == [1] * len(counts)
print("as described" if seen else "no longer as described")
sys.exit(0 if seen else 1)
PYTHON
