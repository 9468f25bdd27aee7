"""`delcia status`: what runs, what comes next, how the cars are and whose charge it is."""

import json
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.following import following
from delcia.cli.gathering import gathered
from delcia.cli.hosts import host_to_see
from delcia.cli.panelunits import faults
from delcia.host.generations import current_generation


@click.command(epilog="Example: delcia status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/status/1).")
@click.option("--root", type=click.Path(path_type=Path), help="Look at the files below this folder.")
def command(*, as_json: bool, root: Path | None) -> None:
    """Say what is applied on this host and when it runs next, how each car is, and what was last done.

    Members of the group delcia need no root for it.
    """
    now = clock_now()
    host = host_to_see(root)
    generation = current_generation(host.paths)
    if generation is None:
        if as_json:
            from delcia.report.status_data import nothing_applied

            click.echo(json.dumps(nothing_applied(now, following(host.paths)), indent=2))
        elif found := following(host.paths):
            from delcia.report.status_text import following_text

            click.echo("nothing is applied on this host yet; times are in UTC")
            click.echo("sync  " + "\n      ".join(following_text(found, now, UTC)))
        else:
            click.echo("nothing is applied on this host; begin with: delcia apply DIR")
        return
    panel = tuple(f"{fault.message}; {fault.hint}" for fault in faults(host.paths))
    status = replace(gathered(host, generation, now), panel=panel)
    if as_json:
        from delcia.report.status_data import status_data

        click.echo(json.dumps(status_data(status), indent=2))
    else:
        from delcia.report.status_text import status_text

        click.echo(status_text(status))
