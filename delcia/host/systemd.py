"""What is asked of a systemd, whichever it is; and the absent one of a root folder."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from delcia.errors import DelciaError

OVER = "elapsed"
"""How systemd says that a timer has no more dates to wait for."""


@dataclass(frozen=True, slots=True)
class UnitState:
    """How systemd sees a unit, in its own words."""

    name: str
    load: str
    active: str
    sub: str
    enabled: str
    stale: bool
    """The file on disk is newer than what systemd read."""
    result: str = "success"


@dataclass(frozen=True, slots=True)
class NextRun:
    """A timer, what it starts, when it fires next (None: never again) and when it last did."""

    timer: str
    service: str
    next_at: datetime | None
    last_at: datetime | None


class Systemd(Protocol):
    """One service manager. Every method may raise DelciaError with systemd's own words."""

    def verify(self, files: Sequence[Path]) -> None:
        """Raise when systemd has anything to say against these unit files."""
        ...

    def reload(self) -> None:
        """Have all unit files read again."""
        ...

    def enable(self, units: Sequence[str]) -> None:
        """Have timers and sockets start at every boot; needs a reload to be known, but no load to be done."""
        ...

    def start(self, units: Sequence[str]) -> None:
        """Start timers and sockets now; timers that had run out wait again, if they have dates to wait for."""
        ...

    def disable(self, units: Sequence[str]) -> None:
        """Stop units, now and for good; what timers started goes on."""
        ...

    def restart(self, units: Sequence[str]) -> None:
        """Begin again those units that run."""
        ...

    def reset_failed(self, units: Sequence[str]) -> None:
        """Forget that units failed; the names may be patterns."""
        ...

    def states(self, units: Sequence[str]) -> Mapping[str, UnitState]:
        """Return the state of every unit asked for; nothing at all when there is nobody to ask."""
        ...

    def next_runs(self) -> tuple[NextRun, ...]:
        """Return delcia's timers, the next one first."""
        ...


@dataclass(frozen=True, slots=True)
class AbsentSystemd:
    """No systemd. Below a root folder files are written, and nobody is told; elsewhere units would be of no use."""

    useless: bool = False

    def verify(self, files: Sequence[Path]) -> None:
        """Raise `no-systemd` where units would be of no use; else do nothing: the programs they name are not here."""
        if self.useless and files:
            hint = "run it by cron: --target crontab; or write the files into a folder: --root DIR"
            raise DelciaError("systemd does not run this host", slug="no-systemd", hint=hint)

    def reload(self) -> None:
        """Do nothing."""

    def enable(self, units: Sequence[str]) -> None:
        """Do nothing."""

    def start(self, units: Sequence[str]) -> None:
        """Do nothing."""

    def disable(self, units: Sequence[str]) -> None:
        """Do nothing."""

    def restart(self, units: Sequence[str]) -> None:
        """Do nothing."""

    def reset_failed(self, units: Sequence[str]) -> None:
        """Do nothing."""

    def states(self, units: Sequence[str]) -> Mapping[str, UnitState]:  # noqa: ARG002 - the protocol's signature
        """Return nothing: nobody knows."""
        return {}

    def next_runs(self) -> tuple[NextRun, ...]:
        """Return nothing."""
        return ()


def faults(units: Iterable[UnitState], fresh: Collection[str] = ()) -> tuple[str, ...]:
    """Return in words what keeps timers and sockets from their work, and which units run from an older file.

    A timer may have run out since it was applied, as its plan is over; not so those that are `fresh`.
    """
    found = ((unit, _fault(unit, is_fresh=unit.name in fresh)) for unit in units)
    return tuple(f"{unit.name} {fault}" for unit, fault in found if fault)


def _fault(unit: UnitState, *, is_fresh: bool) -> str | None:
    """Return what is wrong with one unit; a timer whose service runs just now is well."""
    if unit.load != "loaded":
        return f"is not loaded ({unit.load})"
    if unit.stale:
        return "runs from an older file"
    return _lasting_fault(unit, is_fresh=is_fresh) if unit.name.endswith((".timer", ".socket")) else None


def _lasting_fault(unit: UnitState, *, is_fresh: bool) -> str | None:
    if unit.active != "active":
        return f"is not started ({unit.active})"
    if unit.name.endswith(".timer") and unit.sub not in {"waiting", "running"} and (is_fresh or unit.sub != OVER):
        return f"will not fire again ({unit.sub})"
    if unit.enabled not in {"enabled", "enabled-runtime"}:
        return f"is not started at boot ({unit.enabled})"
    return None
