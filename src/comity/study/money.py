"""What a per cent of real consumption is in money: per person and year, at prices of the base year.

Consumption in the model is what a state can spend when its defence is paid for, so a per cent of it
is a per cent of output less military spending. Rates are market rates of the base year: what
foreigners would pay for it, not what it buys at home.
"""

from __future__ import annotations

from typing import Any

from comity.world.snapshot import BASE_YEAR, table


def _row(name: str, state: str) -> dict[str, Any] | None:
    """Row of a state in a table of the snapshot; None where it has none."""
    frame = table(name)
    rows = frame[frame["id"] == state].to_dict("records")
    return {str(key): value for key, value in rows[0].items()} if rows else None


def per_person(actor: str) -> dict[str, Any] | None:
    """Dollars a person and year to spend in the base year, with the state's own money.

    Returns
    -------
    dict or None
        ``usd``, ``rate`` (own money per dollar, None where unknown), ``currency`` (ISO 4217),
        ``year``; None where output or population is unknown.
    """
    found = _row("states", actor) or {}
    output, people, arms = (float(found.get(key, "nan")) for key in ("gdp", "population", "milex"))
    if not output > 0 or not people > 0:
        return None
    arms = arms if arms == arms else 0.0
    own = _row("money", actor)
    return {
        # Output in billion, arms in million, people in million.
        "usd": round((1e3 * output - arms) / people, 2),
        "rate": None if own is None else float(own["rate"]),
        "currency": None if own is None else str(own["currency"]),
        "year": BASE_YEAR,
    }
