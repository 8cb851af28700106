"""Every replication, by name.  Each module is imported when it runs, not before."""

from __future__ import annotations

from comity.evidence.replications.base import Check, Replication


def _advanced_guide_equilibrium() -> list[Check]:
    from comity.evidence.replications.advanced_guide_equilibrium import run

    return run()


def _advanced_guide_gravity() -> list[Check]:
    from comity.evidence.replications.advanced_guide_gravity import run

    return run()


def _agent_qre() -> list[Check]:
    from comity.evidence.replications.agent_qre import run

    return run()


def _caliendo_parro() -> list[Check]:
    from comity.evidence.replications.caliendo_parro_nafta import run

    return run()


def _checks() -> list[Check]:
    from comity.evidence.replications.checks import run

    return run()


def _cinc() -> list[Check]:
    from comity.evidence.replications.cinc import run

    return run()


def _climate_club() -> list[Check]:
    from comity.evidence.replications.climate_club import run

    return run()


def _dangerous_dyads() -> list[Check]:
    from comity.evidence.replications.dangerous_dyads import run

    return run()


def _eaton_kortum() -> list[Check]:
    from comity.evidence.replications.eaton_kortum import run

    return run()


def _gegravity() -> list[Check]:
    from comity.evidence.replications.gegravity import run

    return run()


def _huth() -> list[Check]:
    from comity.evidence.replications.huth import run

    return run()


def _interest() -> list[Check]:
    from comity.evidence.replications.interest import run

    return run()


def _jackson_nei() -> list[Check]:
    from comity.evidence.replications.jackson_nei import run

    return run()


def _landscape_realist() -> list[Check]:
    from comity.evidence.replications.landscape_realist import run

    return run()


def _landscape_syria() -> list[Check]:
    from comity.evidence.replications.landscape_syria import run

    return run()


def _landscape_unix() -> list[Check]:
    from comity.evidence.replications.landscape_unix import run

    return run()


def _leadership() -> list[Check]:
    from comity.evidence.replications.leadership import run

    return run()


def _leblang() -> list[Check]:
    from comity.evidence.replications.leblang import run

    return run()


def _nafta() -> list[Check]:
    from comity.evidence.replications.nafta import run

    return run()


def _nato_burden() -> list[Check]:
    from comity.evidence.replications.nato_burden import run

    return run()


def _olson_zeckhauser() -> list[Check]:
    from comity.evidence.replications.olson_zeckhauser import run

    return run()


def _pivots() -> list[Check]:
    from comity.evidence.replications.pivots import run

    return run()


def _retreat() -> list[Check]:
    from comity.evidence.replications.retreat import run

    return run()


def _scholz_emissions() -> list[Check]:
    from comity.evidence.replications.scholz_emissions import run

    return run()


def _salvo() -> list[Check]:
    from comity.evidence.replications.salvo import run

    return run()


def _succession() -> list[Check]:
    from comity.evidence.replications.succession import run

    return run()


def _us_canada() -> list[Check]:
    from comity.evidence.replications.us_canada import run

    return run()


def _us_tariffs() -> list[Check]:
    from comity.evidence.replications.us_tariffs import run

    return run()


def _unga_ideal_points() -> list[Check]:
    from comity.evidence.replications.unga_ideal_points import run

    return run()


def _voting_power() -> list[Check]:
    from comity.evidence.replications.voting_power import run

    return run()


def _war1800() -> list[Check]:
    from comity.evidence.replications.war1800 import run

    return run()


REPLICATIONS = (
    Replication(
        "advanced-guide-equilibrium",
        "Borders taken away and NAFTA by itself, five experiments, 69 countries",
        "yotov2016advanced",
        True,
        _advanced_guide_equilibrium,
        "pyfixest",
    ),
    Replication(
        "advanced-guide-gravity",
        "Gravity regressions of the Advanced Guide, 16 columns of OLS and PPML",
        "yotov2016advanced",
        True,
        _advanced_guide_gravity,
        "pyfixest",
    ),
    Replication(
        "advanced-guide-nafta",
        "General equilibrium effects of NAFTA, 69 countries",
        "yotov2016advanced",
        True,
        _nafta,
    ),
    Replication(
        "agent-qre",
        "Agent quantal response equilibrium of a deterrence game, closed form",
        "mckelvey1998quantal",
        False,
        _agent_qre,
    ),
    Replication(
        "caliendo-parro-nafta",
        "Welfare effects of NAFTA's tariff cuts, 31 economies, 40 sectors with inputs",
        "caliendo2015estimates",
        True,
        _caliendo_parro,
    ),
    Replication(
        "checks",
        "Acts of US presidents 1989-2026 that survived Congress, courts, administration",
        "howell2003power",
        True,
        _checks,
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
        "eaton-kortum",
        "Trade of 19 OECD states by distance and ties, equation 28",
        "eaton2002technology",
        True,
        _eaton_kortum,
        "pyfixest",
    ),
    Replication(
        "gegravity-conditional",
        "A Canada-Japan agreement by gegravity 0.3, 30 countries",
        "herman2021gegravity",
        True,
        _gegravity,
    ),
    Replication(
        "huth",
        "Immediate deterrence, 58 cases (Huth 1988): checks of the estimator, no print compared",
        "huth1988extended",
        True,
        _huth,
    ),
    Replication(
        "interest",
        "Commitment from interest: exits from organisations by issue and partner",
        "vonborzyskowski2019hello",
        True,
        _interest,
    ),
    Replication(
        "jackson-nei",
        "Alliance networks that hold, without and with trade",
        "jackson2015networks",
        False,
        _jackson_nei,
    ),
    Replication(
        "landscape-realist",
        "Alignments in Europe 1936 if all feared all, five powers and 17 states",
        "axelrod1993landscape",
        False,
        _landscape_realist,
    ),
    Replication(
        "landscape-syria",
        "Alignments of 11 actors of the Syrian war, all 1,024 energies",
        "axelrod1993landscape",
        True,
        _landscape_syria,
    ),
    Replication(
        "landscape-unix",
        "Alliances of nine firms over a standard of Unix",
        "axelrod1993landscape",
        False,
        _landscape_unix,
    ),
    Replication(
        "leadership",
        "Change of leader: votes, alliances, organisations, tariffs",
        "mattes2015leadership",
        True,
        _leadership,
    ),
    Replication(
        "leblang",
        "Currency attacks and defences (Leblang 2003), strategic probit",
        "signorino2014strategic",
        True,
        _leblang,
    ),
    Replication(
        "nato-burden",
        "Do larger members of NATO bear more, by year 1999-2024",
        "sandler2014nato",
        True,
        _nato_burden,
    ),
    Replication(
        "olson-zeckhauser",
        "Do larger members of NATO bear more, 1964",
        "olson1966economic",
        False,
        _olson_zeckhauser,
    ),
    Replication(
        "pivots",
        "Veto players and pivots: theorem cases on a line, in the plane, in Congress",
        "krehbiel1998pivotal",
        False,
        _pivots,
    ),
    Replication(
        "retreat",
        "Selective or uniform retreat: US memberships of January 2025",
        "vonborzyskowski2019hello",
        True,
        _retreat,
    ),
    Replication(
        "scholz-emissions",
        "Ten European states bargain over a delay of emission standards",
        "scholz2011unravelling",
        False,
        _scholz_emissions,
    ),
    Replication(
        "salvo",
        "Salvos: excursion A3, the Coral Sea, formulas by chance; laws of attrition",
        "hughes1995salvo",
        False,
        _salvo,
    ),
    Replication(
        "succession",
        "Changes of leader on days fixed by law, out of sample",
        "goemans2009introducing",
        True,
        _succession,
    ),
    Replication(
        "us-canada",
        "US states and Canadian provinces, 1993, three samples",
        "feenstra2004advanced",
        True,
        _us_canada,
        "pyfixest",
    ),
    Replication(
        "us-tariffs-2025",
        "US tariffs of April 2025 on world trade of 2023, 194 economies",
        "ignatenko2025making",
        True,
        _us_tariffs,
    ),
    Replication(
        "unga-ideal-points",
        "Ideal points in the UN General Assembly 1946-2019",
        "bailey2017estimating",
        True,
        _unga_ideal_points,
    ),
    Replication(
        "voting-power",
        "Exact voting power: Security Council, Council of the Union, Monetary Fund",
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
