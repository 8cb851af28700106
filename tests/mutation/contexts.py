"""A plug-in of pytest: which test ran which lines, and for how long.

    coverage run --data-file FILE -m pytest -p mutation.contexts ...

Coverage keeps the lines by the name of the test; the seconds of each go beside it as JSON.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import coverage
import pytest

SECONDS: dict[str, float] = {}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """Lines that run from here on belong to this test."""
    measured = coverage.Coverage.current()
    if measured:
        measured.switch_context(item.nodeid)
    yield
    if measured:
        measured.switch_context("")


def pytest_runtest_logreport(report):
    """Add up set-up, call and tear-down."""
    SECONDS[report.nodeid] = SECONDS.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish(session):
    """Write the seconds where the campaign looks for them."""
    if target := os.environ.get("MUTATION_SECONDS"):
        Path(target).write_text(json.dumps(SECONDS), encoding="utf-8")
