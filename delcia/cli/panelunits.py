"""Switching the units of the panel on and off, beside whatever plans are applied."""

from pathlib import Path

import click

from delcia.cli.changing import lines
from delcia.cli.hosts import host_to_change, with_account
from delcia.cli.intended import check_executable, executable
from delcia.cli.paneling import Places, made_user, secrets_of
from delcia.core.changes import Artifact
from delcia.errors import DelciaError, Exit
from delcia.host.apply import apply
from delcia.host.paths import Paths
from delcia.host.preview import Stand, preview, wanted
from delcia.host.standing import standing
from delcia.panel.settings import PanelSettings, panel_settings

NAME = "panel"


def rendered(paths: Paths) -> tuple[Artifact, ...]:
    """Return the units of the panel, as the host's settings are now."""
    from delcia.compile.panel import PanelUnits, render

    return render(PanelUnits(executable(), address_of(panel_settings(paths.host_file))))


def address_of(settings: PanelSettings) -> str:
    """Return where it listens, as `address:port`."""
    address = f"[{settings.address}]" if ":" in settings.address else settings.address
    return f"{address}:{settings.port}"


def switch(places: Places, root: Path | None, *, on: bool) -> None:
    """Have systemd start the panel for whoever looks at it, or no more."""
    host = host_to_change(root, "panel --enable")
    if on:
        _check(places, root)
        made_user(places)
        host = with_account(host)
    kept = {name: units for name, units in standing(host.paths).items() if name != NAME}
    target = Stand({**kept, NAME: rendered(host.paths)} if on else kept)
    view = preview(host, wanted(host.paths, target))
    for line in lines(view):
        click.echo(line)
    outcome = apply(host, target)
    if not outcome.changed:
        click.echo("nothing to change")
    elif on:
        click.echo(f"the panel is at http://{address_of(panel_settings(host.paths.host_file))}", err=True)


def _check(places: Places, root: Path | None) -> None:
    if places.paths.personal:
        message = "without root no socket of systemd's starts the panel"
        raise DelciaError(message, slug="need-root", hint="use sudo; or serve it yourself: delcia panel")
    if root is None:
        check_executable(places.paths, None)
    settings = panel_settings(places.paths.host_file)
    if not settings.is_local and not secrets_of(places).has_password:
        raise no_password(settings)


def no_password(settings: PanelSettings) -> DelciaError:
    """Return why the panel does not listen to others than this host."""
    message = f"without a password the panel does not listen on {settings.address}"
    return DelciaError(message, slug="no-password", hint="run: sudo delcia panel --set-password", status=Exit.USAGE)
