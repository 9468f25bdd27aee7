"""What delcia asks of a car, whichever it is."""

from datetime import datetime
from typing import Protocol

from delcia.core.state import Fix, Reading


class Car(Protocol):
    """One car, connected. Every method may raise DelciaError: 75 in passing, 77 log in again, 78 broken set-up."""

    def read(self, now: datetime) -> Reading:
        """Return what the car last reported. One call to the service."""
        ...

    def locate(self, now: datetime) -> Fix | None:
        """Return where the car last was, or None when it does not say. One call to the service."""
        ...

    def start(self, now: datetime) -> None:
        """Ask the car to charge. Returning means queued, not done."""
        ...

    def stop(self, now: datetime) -> None:
        """Ask the car to stop charging. Returning means queued, not done."""
        ...

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        ...
