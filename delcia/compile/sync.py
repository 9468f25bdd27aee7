"""The units of sync: a timer, the look at the remote by a user of its own, and root's part, which has no network."""

from dataclasses import dataclass

from delcia.compile.systemd import marked
from delcia.core.changes import Artifact

UNITS = ("delcia-sync-fetch.service", "delcia-sync.service", "delcia-sync.timer")
FAILED = "delcia-sync-failed@.service"
"""Tells the owner that one of them failed: their own, for those of the plans may not be there yet."""


@dataclass(frozen=True, slots=True)
class SyncUnits:
    """What these units need to know: the absolute path of `delcia`, the remote in words, and how often to look there.

    `credentials` are the files that systemd hands to the look at the remote, by the names that they have there. `user`
    looks, `teller` tells the owner.
    """

    executable: str
    remote: str
    interval_min: int
    credentials: tuple[tuple[str, str], ...] = ()
    user: str = "delcia-sync"
    teller: str = "delcia"


def render(settings: SyncUnits) -> tuple[Artifact, ...]:
    """Return the units of sync, by name. Raises `unsafe-path` or `unsafe-text` as those of the plans do."""
    failed = marked(FAILED, "delcia-notify@.service", executable=settings.executable, user=settings.teller)
    return (failed, *(_unit(name, settings) for name in UNITS))


def _unit(name: str, settings: SyncUnits) -> Artifact:
    return marked(
        name,
        name,
        executable=settings.executable,
        remote=settings.remote,
        interval_min=settings.interval_min,
        credentials=settings.credentials,
        user=settings.user,
    )
