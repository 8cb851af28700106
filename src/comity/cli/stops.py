"""Being stopped: by the keyboard, by the system, by a terminal that closes."""

from __future__ import annotations

import signal
from typing import Any

# Windows has no SIGHUP and says SIGBREAK; systems without one of them are served by the others.
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Stopped(BaseException):
    """A signal to stop. Not KeyboardInterrupt: the command library would turn that into code 1."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        super().__init__(number)


def stop(number: int, frame: Any) -> None:
    """Handle a signal: leave whatever is being done."""
    raise Stopped(number)


def listen() -> None:
    """Let every signal to stop be heard, but for those that whoever started us has shut out."""
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
