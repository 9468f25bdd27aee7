"""The units of the panel: its socket, which starts it, and the socket through which it asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from delcia.compile.systemd import marked
from delcia.core.changes import Artifact

UNITS = ("delcia-panel.service", "delcia-panel.socket", "delcia-request.socket", "delcia-request@.service")
SETTINGS = "/etc/delcia/"
"""Where the settings of a host lie: the panel's unit has an empty folder there."""


@dataclass(frozen=True, slots=True)
class PanelUnits:
    """What these units need to know: the absolute path of `delcia`, `address:port`, and who the two users are.

    `section` is the part of the host's settings that the panel is given. `writable` is the folder of this host in which
    plans are changed, if that is on this host; `shown` are files that the panel may read; `network`: plans are pushed.
    """

    executable: str
    listen: str
    section: Mapping[str, object] = field(default_factory=dict)
    writable: str | None = None
    shown: tuple[str, ...] = ()
    network: bool = False
    user: str = "delcia"
    panel_user: str = "delcia-panel"

    @property
    def is_bound(self) -> bool:
        """Whether the plans are changed where the unit would see an empty folder."""
        return self.writable is not None and self.writable.startswith(SETTINGS)


def render(settings: PanelUnits) -> tuple[Artifact, ...]:
    """Return the units of the panel, by name. Raises `unsafe-path` or `unsafe-text` as those of the plans do."""
    return tuple(marked(name, name, settings=settings) for name in UNITS)
