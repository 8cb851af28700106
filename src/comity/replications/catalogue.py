"""Every replication, by name.  Each module is imported when it runs, not before."""

from __future__ import annotations

from comity.replications.base import Check, Replication


def _agent_qre() -> list[Check]:
    from comity.replications.agent_qre import run

    return run()


def _cinc() -> list[Check]:
    from comity.replications.cinc import run

    return run()


def _climate_club() -> list[Check]:
    from comity.replications.climate_club import run

    return run()


def _dangerous_dyads() -> list[Check]:
    from comity.replications.dangerous_dyads import run

    return run()


def _jackson_nei() -> list[Check]:
    from comity.replications.jackson_nei import run

    return run()


def _leblang() -> list[Check]:
    from comity.replications.leblang import run

    return run()


def _nafta() -> list[Check]:
    from comity.replications.nafta import run

    return run()


def _pivots() -> list[Check]:
    from comity.replications.pivots import run

    return run()


def _voting_power() -> list[Check]:
    from comity.replications.voting_power import run

    return run()


def _war1800() -> list[Check]:
    from comity.replications.war1800 import run

    return run()


REPLICATIONS = (
    Replication(
        "agent-qre",
        "Agent quantal response equilibrium of a deterrence game, closed form",
        "mckelvey1998quantal",
        False,
        _agent_qre,
    ),
    Replication(
        "cinc", "Composite index of national capability", "singer1972capability", True, _cinc
    ),
    Replication(
        "climate-club",
        "Climate club, 15 regions, 44 tariffs and prices",
        "nordhaus2015climate",
        True,
        _climate_club,
    ),
    Replication(
        "dangerous-dyads",
        "Dangerous dyads (Bremer 1992), as in peacesciencer",
        "miller2022peacesciencer",
        True,
        _dangerous_dyads,
    ),
    Replication(
        "jackson-nei",
        "Alliance networks that hold, without and with trade",
        "jackson2015networks",
        False,
        _jackson_nei,
    ),
    Replication(
        "leblang",
        "Currency attacks and defences (Leblang 2003), strategic probit",
        "signorino2014strategic",
        True,
        _leblang,
    ),
    Replication(
        "nafta",
        "General equilibrium effects of NAFTA, 69 countries",
        "yotov2016advanced",
        True,
        _nafta,
    ),
    Replication(
        "pivots",
        "Veto players and pivots: theorem cases on a line, in the plane, in Congress",
        "krehbiel1998pivotal",
        False,
        _pivots,
    ),
    Replication(
        "voting-power",
        "Exact voting power: Security Council, Council of the European Union",
        "shapley1954method",
        False,
        _voting_power,
    ),
    Replication(
        "war1800",
        "Interstate disputes 1816-1899, strategic probit and logit",
        "signorino2014strategic",
        True,
        _war1800,
    ),
)
