"""What delcia asks of a car, whichever it is."""

from datetime import datetime
from typing import Protocol, runtime_checkable

from delcia.core.listed import ListedCharge
from delcia.core.state import Fix, Reading, Setting


class Car(Protocol):
    """One car, connected. Every method may raise DelciaError: 75 in passing, 77 log in again, 78 broken set-up."""

    def read(self, now: datetime) -> Reading:
        """Return what the car last reported. One call to the service."""
        ...

    def locate(self, now: datetime) -> Fix | None:
        """Return where the car last was, or None when it does not say. One call to the service."""
        ...

    def start_changes(self, now: datetime) -> tuple[str, str] | None:
        """Return the owner's programmes as they are and as a start will leave them; None when it changes nothing.

        To be asked, and kept, before `start`. At most one call to the service.
        """
        ...

    def setting(self, what: Setting, now: datetime) -> str:
        """Return a setting as words, always the same for the same: see `core.state.Loan`. One call."""
        ...

    def change(self, what: Setting, to: str, now: datetime) -> None:
        """Ask the car to take a setting, in words that `setting` returned. Returning means queued, not done."""
        ...

    def wake(self, now: datetime) -> None:
        """Ask the car for a report: one that sleeps sends it in a while, or never. One call."""
        ...

    def start(self, now: datetime, tries: int = 1) -> None:
        """Ask the car to charge, for the first time or again. Returning means queued, not done."""
        ...

    def stop(self, now: datetime) -> None:
        """Ask the car to stop charging. Returning means queued, not done."""
        ...

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        ...


@runtime_checkable
class ListsCharges(Protocol):
    """A car that keeps a list of its past charges."""

    def charges(self, start: datetime, end: datetime) -> tuple[ListedCharge, ...]:
        """Return what the car lists of the days from one instant to another. One call, tried once."""
        ...
