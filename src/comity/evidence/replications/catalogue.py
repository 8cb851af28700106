"""Every replication, by name.  Each module is imported when it runs, not before."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from comity.evidence.replications.base import Check, Replication


def _of(module: str, name: str = "run") -> Callable[[], list[Check]]:
    """What a module of this folder makes, imported when it is asked for."""
    return lambda: getattr(import_module(f"comity.evidence.replications.{module}"), name)()


REPLICATIONS = (
    Replication(
        "advanced-guide-equilibrium",
        "Borders taken away and NAFTA by itself, five experiments, 69 countries",
        "yotov2016advanced",
        True,
        _of("advanced_guide_equilibrium"),
        "pyfixest",
    ),
    Replication(
        "advanced-guide-gravity",
        "Gravity regressions of the Advanced Guide, 16 columns of OLS and PPML",
        "yotov2016advanced",
        True,
        _of("advanced_guide_gravity"),
        "pyfixest",
    ),
    Replication(
        "advanced-guide-nafta",
        "General equilibrium effects of NAFTA, 69 countries",
        "yotov2016advanced",
        True,
        _of("nafta"),
    ),
    Replication(
        "agent-qre",
        "Agent quantal response equilibrium of a deterrence game, closed form",
        "mckelvey1998quantal",
        False,
        _of("agent_qre"),
    ),
    Replication(
        "caliendo-parro-nafta",
        "Welfare effects of NAFTA's tariff cuts, 31 economies, 40 sectors with inputs",
        "caliendo2015estimates",
        True,
        _of("caliendo_parro_nafta"),
    ),
    Replication(
        "checks",
        "Acts of US presidents 1989-2026 that survived Congress, courts, administration",
        "howell2003power",
        True,
        _of("checks"),
    ),
    Replication(
        "cinc", "Composite index of national capability", "singer1972capability", True, _of("cinc")
    ),
    Replication(
        "climate-club",
        "Climate club, 15 regions, 44 tariffs and prices",
        "nordhaus2015climate",
        True,
        _of("climate_club"),
    ),
    Replication(
        "dangerous-dyads",
        "Dangerous dyads (Bremer 1992), as in peacesciencer",
        "miller2022peacesciencer",
        True,
        _of("dangerous_dyads"),
    ),
    Replication(
        "eaton-kortum",
        "Trade of 19 OECD states by distance and ties, equation 28",
        "eaton2002technology",
        True,
        _of("eaton_kortum"),
        "pyfixest",
    ),
    Replication(
        "gegravity-conditional",
        "A Canada-Japan agreement by gegravity 0.3, 30 countries",
        "herman2021gegravity",
        True,
        _of("gegravity"),
    ),
    Replication(
        "huth",
        "Immediate deterrence, 58 cases (Huth 1988): checks of the estimator, no print compared",
        "huth1988extended",
        True,
        _of("huth"),
    ),
    Replication(
        "interest",
        "Commitment from interest: exits from organisations by issue and partner",
        "vonborzyskowski2019hello",
        True,
        _of("interest"),
    ),
    Replication(
        "jackson-nei",
        "Alliance networks that hold, without and with trade",
        "jackson2015networks",
        False,
        _of("jackson_nei"),
    ),
    Replication(
        "landscape-realist",
        "Alignments in Europe 1936 if all feared all, five powers and 17 states",
        "axelrod1993landscape",
        False,
        _of("landscape_realist"),
    ),
    Replication(
        "landscape-syria",
        "Alignments of 11 actors of the Syrian war, all 1,024 energies",
        "axelrod1993landscape",
        True,
        _of("landscape_syria"),
    ),
    Replication(
        "landscape-unix",
        "Alliances of nine firms over a standard of Unix",
        "axelrod1993landscape",
        False,
        _of("landscape_unix"),
    ),
    Replication(
        "leadership",
        "Change of leader: votes, alliances, organisations, tariffs",
        "mattes2015leadership",
        True,
        _of("leadership"),
    ),
    Replication(
        "leblang",
        "Currency attacks and defences (Leblang 2003), strategic probit",
        "signorino2014strategic",
        True,
        _of("leblang"),
    ),
    Replication(
        "nato-burden",
        "Do larger members of NATO bear more, by year 1999-2024",
        "sandler2014nato",
        True,
        _of("nato_burden"),
    ),
    Replication(
        "olson-zeckhauser",
        "Do larger members of NATO bear more, 1964",
        "olson1966economic",
        False,
        _of("olson_zeckhauser"),
    ),
    Replication(
        "pivots",
        "Veto players and pivots: theorem cases on a line, in the plane, in Congress",
        "krehbiel1998pivotal",
        False,
        _of("pivots"),
    ),
    Replication(
        "retreat",
        "Selective or uniform retreat: US memberships of January 2025",
        "vonborzyskowski2019hello",
        True,
        _of("retreat"),
    ),
    Replication(
        "salvo",
        "Salvos: excursion A3, the Coral Sea, formulas by chance; laws of attrition",
        "hughes1995salvo",
        False,
        _of("salvo"),
    ),
    Replication(
        "scholz-emissions",
        "Ten European states bargain over a delay of emission standards",
        "scholz2011unravelling",
        False,
        _of("scholz_emissions"),
    ),
    Replication(
        "succession",
        "Changes of leader on days fixed by law, out of sample",
        "goemans2009introducing",
        True,
        _of("succession"),
    ),
    Replication(
        "us-canada",
        "US states and Canadian provinces, 1993, three samples",
        "feenstra2004advanced",
        True,
        _of("us_canada"),
        "pyfixest",
    ),
    Replication(
        "us-tariffs-2025",
        "US tariffs of April 2025 on world trade of 2023, 194 economies",
        "ignatenko2025making",
        True,
        _of("us_tariffs"),
    ),
    Replication(
        "unga-ideal-points",
        "Ideal points in the UN General Assembly 1946-2019",
        "bailey2017estimating",
        True,
        _of("unga_ideal_points"),
    ),
    Replication(
        "voting-power",
        "Exact voting power: Security Council, Council of the Union, Monetary Fund",
        "shapley1954method",
        False,
        _of("voting_power"),
    ),
    Replication(
        "war1800",
        "Interstate disputes 1816-1899, strategic probit and logit",
        "signorino2014strategic",
        True,
        _of("war1800"),
    ),
)
