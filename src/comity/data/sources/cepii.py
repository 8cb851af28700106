"""CEPII GeoDist: distances and shared language or colonial past, with today's ISO3 codes.

The file knows old codes: Romania ROM, Congo (Democratic Republic) ZAR, Timor-Leste TMP,
Palestine PAL.  Its YUG is Serbia and Montenegro together: Serbia, which has the capital it was
measured from, takes the row; Montenegro is missing.
"""

import numpy as np
import pandas as pd

from comity.data.sources.source import load

RECODED = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "PAL": "PSE", "YUG": "SRB"}
TIES = ["comlang_off", "colony", "comcol"]


def pairs() -> pd.DataFrame:
    """Return directed pairs ``iso_o``, ``iso_d`` with ``distance`` (km) and 0/1 ties.

    ``distance`` is the population-weighted one (``distw``) and, where that is missing (small
    territories), the one between the main cities (``dist``).
    """
    frame = load("cepii_geodist_bilateral", columns=["iso_o", "iso_d", "dist", "distw", *TIES])
    frame = frame.assign(
        iso_o=frame.iso_o.replace(RECODED),
        iso_d=frame.iso_d.replace(RECODED),
        distance=frame.distw.where(np.isfinite(frame.distw), frame.dist),
    )
    return frame.loc[:, ["iso_o", "iso_d", "distance", *TIES]]
