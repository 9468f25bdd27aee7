"""What a run is given, and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from delcia.car.protocol import Car
from delcia.core.deciding import Decision
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.store.connection import Store


def no_commands(name: str, _on: bool) -> None:  # noqa: FBT001 - the form of what stands in for it
    """Refuse to switch a charger: what a run has that was given no commands."""
    message = f"the charger's commands '{name}' are not known here"
    raise DelciaError(message, slug="no-commands", hint="define them in the host's host.yaml", status=Exit.BROKEN)


@dataclass(frozen=True, slots=True)
class Job:
    """What a run needs: `open_car` connects when first a call is due; `home` is (latitude, longitude) if known.

    `booted_at` is when the host was switched on: after a power cut, cars charge on by themselves.

    `switch` gives power to a charger, or takes it, by the commands that the host has under a name.
    """

    site: Site
    vehicle: Vehicle
    store: Store
    open_car: Callable[[], Car]
    home: tuple[float, float] | None = None
    switch: Callable[[str, bool], None] = no_commands
    booted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: what was decided and said; `news` is false when nothing differs from the run before."""

    vehicle: str
    status: Exit
    words: str
    decision: Decision | None
    news: bool
    error: DelciaError | None = None


def is_of_store(error: DelciaError) -> bool:
    """Return whether what failed is the store itself, in which nothing can be noted then."""
    return error.slug.startswith("state-")
