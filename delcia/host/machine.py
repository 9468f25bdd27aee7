"""The machine that is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from delcia.host.backend import Backend
from delcia.host.crontabs import CrontabBackend, Crontabs
from delcia.host.folders import Account
from delcia.host.paths import Paths
from delcia.host.systemd import Systemd
from delcia.host.units import UnitBackend


@dataclass(frozen=True, slots=True)
class Host:
    """A machine: its places, its systemd, and the user that runs `charge` (None: no files are given away).

    `crontabs` are those that cron reads; None: crontabs are files below the root folder, and nobody is told.
    """

    paths: Paths
    systemd: Systemd
    owner: Account | None = None
    crontabs: Crontabs | None = None

    @property
    def gid(self) -> int:
        """The group that may read what was applied; -1 leaves it to the system."""
        return self.owner.gid if self.owner else -1

    @property
    def backends(self) -> tuple[Backend, ...]:
        """All that can run delcia here; one of them owns the host, the other one may have owned it."""
        top = self.paths.root or Path("/")
        return UnitBackend(self.paths.units, self.systemd), CrontabBackend(top, self.crontabs)

    def backend_of(self, name: str) -> Backend:
        """Return the back end that an artifact belongs to."""
        return next(backend for backend in self.backends if backend.owns(name))

    def shared(self, names: Iterable[str]) -> Iterator[tuple[Backend, tuple[str, ...]]]:
        """Yield each back end with those of the artifacts that are its."""
        listed = tuple(names)
        for backend in self.backends:
            yield backend, tuple(name for name in listed if backend.owns(name))
