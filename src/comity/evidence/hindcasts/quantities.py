"""Every quantity that is forecast from past years, by name.  Each is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable

from comity.evidence.backtest import Quantity


def _growth() -> Quantity:
    from comity.evidence.hindcasts.output_growth import Growth

    return Growth()


def _gdp_shares() -> Quantity:
    from comity.evidence.hindcasts.capability_shares import GdpShares

    return GdpShares()


def _capability_shares() -> Quantity:
    from comity.evidence.hindcasts.capability_shares import CapabilityShares

    return CapabilityShares()


def _trade() -> Quantity:
    from comity.evidence.hindcasts.trade_flows import Trade

    return Trade()


def _spending() -> Quantity:
    from comity.evidence.hindcasts.military_spending import Spending

    return Spending(name="spending")


def _dispute_onset() -> Quantity:
    from comity.evidence.hindcasts.dispute_onset import DisputeOnset

    return DisputeOnset(name="dispute_onset")


def _crisis_outcomes() -> Quantity:
    from comity.evidence.hindcasts.crisis_outcomes import CrisisOutcomes

    return CrisisOutcomes(name="crisis_outcomes")


def _memberships() -> Quantity:
    from comity.evidence.hindcasts.ties import Memberships

    return Memberships(name="memberships", new=False)


def _new_memberships() -> Quantity:
    from comity.evidence.hindcasts.ties import Memberships

    return Memberships(name="new_memberships", new=True)


def _pacts() -> Quantity:
    from comity.evidence.hindcasts.ties import Pacts

    return Pacts(name="pacts", new=False)


def _new_pacts() -> Quantity:
    from comity.evidence.hindcasts.ties import Pacts

    return Pacts(name="new_pacts", new=True)


def _council_veto() -> Quantity:
    from comity.evidence.hindcasts.council import Council

    return Council("veto", "council_veto")


def _council_action() -> Quantity:
    from comity.evidence.hindcasts.council import Council

    return Council("action", "council_action")


QUANTITIES: dict[str, Callable[[], Quantity]] = {
    "growth": _growth,
    "gdp_shares": _gdp_shares,
    "capability_shares": _capability_shares,
    "trade": _trade,
    "spending": _spending,
    "dispute_onset": _dispute_onset,
    "crisis_outcomes": _crisis_outcomes,
    "memberships": _memberships,
    "new_memberships": _new_memberships,
    "pacts": _pacts,
    "new_pacts": _new_pacts,
    "council_veto": _council_veto,
    "council_action": _council_action,
}
