"""Switching the units of the panel on and off, beside whatever plans are applied."""

import stat
from collections.abc import Iterator
from pathlib import Path

import click

from delcia.cli.changing import lines
from delcia.cli.hosts import host_to_change, with_account
from delcia.cli.intended import check_executable, executable
from delcia.cli.panelplaces import Places, made_user, secrets_of, write_secrets
from delcia.cli.panelplans import check_plans, check_public, files_to_read, is_pushed, place_to_write
from delcia.core.changes import Artifact
from delcia.errors import DelciaError, Exit
from delcia.host.apply import apply
from delcia.host.files import make_folder, read, write
from delcia.host.finding import Finding
from delcia.host.folders import account
from delcia.host.hostfile import section, section_alone
from delcia.host.hostfile import settings as host_settings
from delcia.host.paths import Paths
from delcia.host.preview import Stand, preview, wanted
from delcia.host.standing import standing
from delcia.host.systemctl import RunningSystemd
from delcia.panel.settings import PanelSettings, panel_settings

NAME = "panel"
OUTDATED = "'panel:' in host.yaml, or delcia, is not as it was when the panel was switched on"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - behind a password, when its owner asks for it


def rendered(paths: Paths) -> tuple[Artifact, ...]:
    """Return the units of the panel, as the host's settings are now."""
    from delcia.compile.panel import PanelUnits, render

    settings = panel_settings(paths.host_file)
    check_public(settings)
    place = place_to_write(settings)
    return render(
        PanelUnits(
            executable(),
            address_of(settings),
            section_alone(paths.host_file, NAME),
            str(place) if place else None,
            files_to_read(paths, settings),
            network=is_pushed(settings),
        )
    )


def faults(paths: Paths) -> Iterator[DelciaError]:
    """Yield what keeps the panel that is switched on from being as its settings say, each with its way out."""
    try:
        stand = standing(paths).get(NAME)
        if stand is None:
            return
        if paths.root is None:
            check_plans(panel_settings(paths.host_file))
        if sorted(rendered(paths)) != sorted(stand):
            yield DelciaError(OUTDATED, slug="panel-outdated", hint="run: sudo delcia panel --enable")
    except DelciaError as error:
        yield error
    except OSError:
        return  # the place of the plans is not for this user's eyes


def findings(paths: Paths) -> Iterator[Finding]:
    """Yield what `doctor` has to say of the panel; nothing when it is as it should be, or not switched on."""
    return (Finding(NAME, "warning", error.message, error.hint) for error in faults(paths))


def address_of(settings: PanelSettings) -> str:
    """Return where it listens, as `address:port`."""
    address = f"[{settings.address}]" if ":" in settings.address else settings.address
    return f"{address}:{settings.port}"


def switch(places: Places, root: Path | None, *, on: bool, home_network: bool = False) -> None:
    """Have systemd start the panel for whoever looks at it, or no more; `home_network`: from there too."""
    host = host_to_change(root, "panel --enable")
    if on:
        _check(places, root)
        if home_network:
            _open_to_network(places)
        _check_password(places)
        made_user(places)
        if places.paths.older_panel_secrets.exists():
            write_secrets(places, secrets_of(places))
        # The unit sees this folder, not its files: a password that is set later counts for a panel that runs.
        make_folder(places.paths.panel_secrets.parent)
        if root is None:
            check_plans(panel_settings(places.paths.host_file))
        host = with_account(host)
    kept = {name: units for name, units in standing(host.paths).items() if name != NAME}
    target = Stand({**kept, NAME: rendered(host.paths)} if on else kept)
    view = preview(host, wanted(host.paths, target))
    for line in lines(view):
        click.echo(line)
    outcome = apply(host, target)
    if on and isinstance(host.systemd, RunningSystemd):
        host.systemd.restart(["delcia-panel.service"])  # one that runs has the settings of its start
    if not outcome.changed:
        click.echo("nothing to change")
    elif on:
        click.echo(f"the panel is at http://{address_of(panel_settings(host.paths.host_file))}", err=True)


def _open_to_network(places: Places) -> None:
    """Have the host's settings say that the panel listens on every address, where they say nothing of it yet."""
    file = places.paths.host_file
    settings = panel_settings(file)
    if not settings.is_local:
        return
    if section(file, NAME) is not None:
        message = f"{file} has a panel: already, which says nothing of the home network"
        raise DelciaError(
            message, slug="host-file-has-panel", hint=f'write there: listen: "{EVERYWHERE}:{settings.port}"'
        )
    text = read(file) or ""
    listen = f"{EVERYWHERE}:{settings.port}"
    line = f'panel: {{listen: "{listen}"}}'
    said = f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{line}\n"
    if not _says(said, {**host_settings(file), NAME: {"listen": listen}}):
        message = f"{file} is written so that no line can be put at its end"
        raise DelciaError(message, slug="cannot-edit", hint=f"write there yourself: {line}", status=Exit.BROKEN)
    try:
        about = file.stat()
    except FileNotFoundError:
        make_folder(file.parent)
        group = account()
        mode, uid, gid = 0o640, -1, group.gid if group else -1
    else:
        mode, uid, gid = stat.S_IMODE(about.st_mode), about.st_uid, about.st_gid
    write(file, said, mode=mode, uid=uid, gid=gid)


def _says(text: str, expected: object) -> bool:
    """Return whether a text is YAML and says what it should."""
    import yaml

    try:
        return bool(yaml.safe_load(text) == expected)
    except yaml.YAMLError:
        return False


def _check(places: Places, root: Path | None) -> None:
    if places.paths.personal:
        message = "without root no socket of systemd's starts the panel"
        raise DelciaError(message, slug="need-root", hint="use sudo; or serve it yourself: delcia panel")
    if root is None:
        check_executable(places.paths, None)


def _check_password(places: Places) -> None:
    settings = panel_settings(places.paths.host_file)
    if not settings.is_local and not secrets_of(places).has_password:
        raise no_password(settings)


def no_password(settings: PanelSettings) -> DelciaError:
    """Return why the panel does not listen to others than this host."""
    message = f"without a password the panel does not listen on {settings.address}"
    return DelciaError(message, slug="no-password", hint="run: sudo delcia panel --set-password", status=Exit.USAGE)
