"""What stands beside the plans, made again by this version of delcia: the last step of an upgrade.

The units of `sync` and of the panel are not part of a generation: `apply --again` by itself would leave them as an
earlier version made them.
"""

from datetime import datetime
from pathlib import Path

import click

from delcia.cli import following, panelunits
from delcia.cli.panelplaces import places_of
from delcia.cli.still import sync_still
from delcia.cli.sync import switch as switch_sync
from delcia.errors import DelciaError
from delcia.host.machine import Host
from delcia.host.standing import standing
from delcia.host.syncing import sync_of


def renew(host: Host, root: Path | None, now: datetime) -> None:
    """Switch on again what is on and would be made otherwise now; what cannot be is told, and stays as it was."""
    stand = standing(host.paths)
    try:
        if panelunits.NAME in stand and sorted(panelunits.rendered(host.paths)) != sorted(stand[panelunits.NAME]):
            panelunits.switch(places_of(root), root, on=True)
    except DelciaError as error:
        _tell(error)
    try:
        if following.NAME in stand:
            made = following.rendered(host.paths, sync_of(host.paths.host_file))
            if sorted(made) != sorted(stand[following.NAME]):
                with sync_still(host.paths):
                    switch_sync(host, root, now, on=True)
    except DelciaError as error:
        _tell(error)


def _tell(error: DelciaError) -> None:
    click.echo(f"delcia: warning: {error.message} [{error.slug}]", err=True)
    if error.hint:
        click.echo(f"    hint: {error.hint}", err=True)
