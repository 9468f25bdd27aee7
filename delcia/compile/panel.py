"""The units of the panel: its socket, which starts it, and the socket through which it asks."""

from dataclasses import dataclass

from delcia.compile.systemd import marked
from delcia.core.changes import Artifact

UNITS = ("delcia-panel.service", "delcia-panel.socket", "delcia-request.socket", "delcia-request@.service")


@dataclass(frozen=True, slots=True)
class PanelUnits:
    """What these units need to know: the absolute path of `delcia`, `address:port`, and who the two users are.

    `writable` is the folder of this host in which plans are changed, if that is on this host.
    """

    executable: str
    listen: str
    writable: str | None = None
    user: str = "delcia"
    panel_user: str = "delcia-panel"


def render(settings: PanelUnits) -> tuple[Artifact, ...]:
    """Return the units of the panel, by name. Raises `unsafe-path` or `unsafe-text` as those of the plans do."""
    return tuple(_unit(name, settings) for name in UNITS)


def _unit(name: str, settings: PanelUnits) -> Artifact:
    return marked(
        name,
        name,
        executable=settings.executable,
        listen=settings.listen,
        writable=settings.writable,
        user=settings.user,
        panel_user=settings.panel_user,
    )
