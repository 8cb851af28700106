"""Voting power today: every member of the International Monetary Fund, the Council of the Union.

Votes in the Fund: one for every 100,000 special drawing rights of quota, and basic votes, the same
for all, that make up 5.502 % of all votes (imf2024quarterly, schedule 1, 31 January 2024: 190
members; quotas unchanged since).  Populations of the Union's members are those of the snapshot.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.institutions.voting_power import Power, Quota, Rule, heads, power
from comity.world.snapshot import table

BASIC = Fraction(5502, 100_000)  # of all votes (Articles of Agreement, XII section 5)
SPECIAL = Fraction(85, 100)
# Quotas in millions of special drawing rights.
QUOTAS = """
AFG 323.8 ALB 139.3 DZA 1959.9 AND 82.5 AGO 740.1 ATG 20.0 ARG 3187.3 ARM 128.8 AUS 6572.4
AUT 3932.0 AZE 391.7 BHS 182.4 BHR 395.0 BGD 1066.6 BRB 94.5 BLR 681.5 BEL 6410.7 BLZ 26.7
BEN 123.8 BTN 20.4 BOL 240.1 BIH 265.2 BWA 197.2 BRA 11042.0 BRN 301.3 BGR 896.3 BFA 120.4
BDI 154.0 CPV 23.7 KHM 175.0 CMR 276.0 CAN 11023.9 CAF 111.4 TCD 140.2 CHL 1744.3 CHN 30482.9
COL 2044.5 COM 17.8 COD 1066.0 COG 162.0 CRI 369.4 CIV 650.4 HRV 717.4 CYP 303.8 CZE 2180.2
DNK 3439.4 DJI 31.8 DMA 11.5 DOM 477.4 ECU 697.7 EGY 2037.1 SLV 287.2 GNQ 157.5 ERI 15.9
EST 243.6 SWZ 78.5 ETH 300.7 FJI 98.4 FIN 2410.6 FRA 20155.1 GAB 216.0 GMB 62.2 GEO 210.4
DEU 26634.4 GHA 738.0 GRC 2428.9 GRD 16.4 GTM 428.6 GIN 214.2 GNB 28.4 GUY 181.8 HTI 163.8
HND 249.8 HUN 1940.0 ISL 321.8 IND 13114.4 IDN 4648.4 IRN 3567.1 IRQ 1663.8 IRL 3449.9
ISR 1920.9 ITA 15070.0 JAM 382.9 JPN 30820.5 JOR 343.1 KAZ 1158.4 KEN 542.8 KIR 11.2 KOR 8582.7
XKX 82.6 KWT 1933.5 KGZ 177.6 LAO 105.8 LVA 332.3 LBN 633.5 LSO 69.8 LBR 258.4 LBY 1573.2
LTU 441.6 LUX 1321.8 MDG 244.4 MWI 138.8 MYS 3633.8 MDV 21.2 MLI 186.6 MLT 168.3 MHL 4.9
MRT 128.8 MUS 142.2 MEX 8912.7 FSM 7.2 MDA 172.5 MNG 72.3 MNE 60.5 MAR 894.4 MOZ 227.2 MMR 516.8
NAM 191.1 NRU 2.8 NPL 156.9 NLD 8736.5 NZL 1252.1 NIC 260.0 NER 131.6 NGA 2454.5 MKD 140.3
NOR 3754.7 OMN 544.4 PAK 2031.0 PLW 4.9 PAN 376.8 PNG 263.2 PRY 201.4 PER 1334.5 PHL 2042.9
POL 4095.4 PRT 2060.1 QAT 735.1 ROU 1811.4 RUS 12903.7 RWA 160.2 KNA 12.5 LCA 21.4 VCT 11.7
WSM 16.2 SMR 49.2 STP 14.8 SAU 9992.6 SEN 323.6 SRB 654.8 SYC 22.9 SLE 207.4 SGP 3891.9
SVK 1001.0 SVN 586.5 SLB 20.8 SOM 163.4 ZAF 3051.2 SSD 246.0 ESP 9535.5 LKA 578.8 SDN 630.2
SUR 128.9 SWE 4430.0 CHE 5771.1 SYR 293.6 TJK 174.0 TZA 397.8 THA 3211.9 TLS 25.6 TGO 146.8
TON 13.8 TTO 469.8 TUN 545.2 TUR 4658.6 TKM 238.6 TUV 2.5 UGA 361.0 UKR 2011.8 ARE 2311.2
GBR 20155.1 USA 82994.2 URY 429.1 UZB 551.2 VUT 23.8 VEN 3722.7 VNM 1153.1 YEM 487.0 ZMB 978.2
ZWE 706.8
""".split()


def fund() -> dict[str, int]:
    """Return the votes of every member of the Fund."""
    tenths = {
        state: int(Fraction(quota) * 10)
        for state, quota in zip(QUOTAS[::2], QUOTAS[1::2], strict=True)
    }
    basic = round(BASIC / (1 - BASIC) * sum(tenths.values()) / len(tenths))
    return {state: votes + basic for state, votes in tenths.items()}


def fund_rule(votes: dict[str, int], share: Fraction, unit: int) -> Rule:
    """Return the rule that asks for a share of the votes, counted in units of so many."""
    weights = tuple(round(Fraction(v, unit)) for v in votes.values())
    asked = share * sum(weights)
    more_than = share == Fraction(1, 2)  # a majority is more than half; 85 % is at least that
    return Rule((Quota(weights, floor(asked) + 1 if more_than else ceil(asked)),))


def union() -> tuple[tuple[str, ...], Rule]:
    """Return members of the Union and its rule: 55 % of members with 65 % of the population.

    Populations in tens of thousands; a blocking minority needs four members.
    """
    seats = table("memberships").query("framework == 'EU' and since <= 2024 and not until <= 2024")
    names = tuple(sorted(seats.state))
    people = table("states").set_index("id").population
    thousands = tuple(round(100 * float(people[name])) for name in names)
    both = (
        heads(len(names), ceil(Fraction(55, 100) * len(names))),
        Quota(thousands, ceil(Fraction(65, 100) * sum(thousands))),
    )
    return names, Rule(both, enough=len(names) - 3)


def blocked_by_few(rule: Rule) -> int:
    """Count the minorities of up to three members with more people than may be missing."""
    people = rule.quotas[1]
    few = (c for size in range(4) for c in combinations(range(rule.members), size))
    return sum(sum(people.weights[i] for i in c) > people.slack for c in few)


@against_print("voting-power")
def run() -> list[Check | Ours]:
    """Return checks of the Fund and of the Union."""
    return [*_fund(), *_union()]


def _fund() -> list[Check | Ours]:
    votes = fund()
    total = sum(votes.values())
    names = list(votes)
    quotas = sum(Fraction(quota) for quota in QUOTAS[1::2])
    half = power(fund_rule(votes, Fraction(1, 2), 500))
    coarse = power(fund_rule(votes, Fraction(1, 2), 1000))
    special = power(fund_rule(votes, SPECIAL, 200))
    at = names.index("USA")
    alone = sum(p == 1 for p in special.prevent)
    what = "International Monetary Fund"
    return [
        Ours(f"{what}: members", float(len(votes)), 0.0),
        Ours(f"{what}: quotas add up to the schedule's total", float(quotas), 0.5),
        *(
            Ours(f"{what}: votes of {state}, %", float(100 * votes[state] / total), 0.01)
            for state in ("USA", "JPN", "CHN", "DEU")
        ),
        Check(f"{what}: 85 %, United States can prevent", 1.0, float(special.prevent[at]), 0.0),
        Check(f"{what}: 85 %, members who alone can prevent", 1.0, float(alone), 0.0),
        Check(
            f"{what}: half, Banzhaf of the United States, votes in 500 for votes in 1,000",
            float(coarse.banzhaf[at]),
            float(half.banzhaf[at]),
            0.001,
        ),
        Check(
            f"{what}: half, United States have more power than votes (leech2002voting)",
            1.0,
            float(half.banzhaf[at] > Fraction(votes["USA"], total)),
            0.0,
        ),
    ]


def _union() -> list[Check | Ours]:
    names, rule = union()
    found, bare = power(rule), power(replace(rule, enough=None))
    what = "Council of the Union today"
    return [
        Ours(f"{what}: members", float(len(names)), 0.0),
        Ours(f"{what}: members needed", float(rule.quotas[0].quota), 0.0),
        Check(
            f"{what}: coalitions that win only because four must block",
            float(blocked_by_few(rule)),
            float(found.winning - bare.winning),
            0.0,
        ),
        Check(f"{what}: sum of the Shapley-Shubik indices", 1.0, float(sum(found.shapley)), 1e-12),
        Check(f"{what}: power to act", _act(rule), float(found.act), 0.003),
    ]


def _act(rule: Rule, draws: int = 200_000) -> float:
    """Share of coalitions that win, by drawing them."""
    import numpy as np

    there = np.random.default_rng(1).random((draws, rule.members)) < 0.5
    size, enough = there.sum(axis=1), rule.enough or rule.members + 1
    people = there @ np.array(rule.quotas[1].weights)
    wins = (size >= rule.quotas[0].quota) & (people >= rule.quotas[1].quota)
    return float((wins | (size >= enough)).mean())


def powers(names: tuple[str, ...], found: Power) -> dict[str, tuple[float, float]]:
    """Return Shapley-Shubik and Banzhaf by member, for tables."""
    pairs = zip(found.shapley, found.banzhaf, strict=True)
    return {name: (float(s), float(b)) for name, (s, b) in zip(names, pairs, strict=True)}
