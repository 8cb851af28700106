"""Every quantity that is forecast from past years, by name.  Each is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable

from comity.backtest import Quantity


def _growth() -> Quantity:
    from comity.hindcasts.growth import Growth

    return Growth()


def _gdp_shares() -> Quantity:
    from comity.hindcasts.capability_shares import GdpShares

    return GdpShares()


def _capability_shares() -> Quantity:
    from comity.hindcasts.capability_shares import CapabilityShares

    return CapabilityShares()


def _trade() -> Quantity:
    from comity.hindcasts.trade import Trade

    return Trade()


def _spending() -> Quantity:
    from comity.hindcasts.spending import Spending

    return Spending(name="spending")


def _dispute_onset() -> Quantity:
    from comity.hindcasts.dispute_onset import DisputeOnset

    return DisputeOnset(name="dispute_onset")


QUANTITIES: dict[str, Callable[[], Quantity]] = {
    "growth": _growth,
    "gdp_shares": _gdp_shares,
    "capability_shares": _capability_shares,
    "trade": _trade,
    "spending": _spending,
    "dispute_onset": _dispute_onset,
}
