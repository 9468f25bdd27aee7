"""The machine that is changed."""

from dataclasses import dataclass

from delcia.host.folders import Account
from delcia.host.paths import Paths
from delcia.host.systemd import Systemd


@dataclass(frozen=True, slots=True)
class Host:
    """A machine: its places, its systemd, and the user that runs `charge` (None: no files are given away)."""

    paths: Paths
    systemd: Systemd
    owner: Account | None = None

    @property
    def gid(self) -> int:
        """The group that may read what was applied; -1 leaves it to the system."""
        return self.owner.gid if self.owner else -1
