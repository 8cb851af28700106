"""Every replication, by name.  Each module is imported when it runs, not before."""

from __future__ import annotations

from comity.replications.base import Check, Replication


def _cinc() -> list[Check]:
    from comity.replications.cinc import run

    return run()


def _dangerous_dyads() -> list[Check]:
    from comity.replications.dangerous_dyads import run

    return run()


def _nafta() -> list[Check]:
    from comity.replications.nafta import run

    return run()


REPLICATIONS = (
    Replication(
        "cinc", "Composite index of national capability", "singer1972capability", True, _cinc
    ),
    Replication(
        "dangerous-dyads",
        "Dangerous dyads (Bremer 1992), as in peacesciencer",
        "miller2022peacesciencer",
        True,
        _dangerous_dyads,
    ),
    Replication(
        "nafta",
        "General equilibrium effects of NAFTA, 69 countries",
        "yotov2016advanced",
        True,
        _nafta,
    ),
)
