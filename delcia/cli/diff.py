"""`delcia diff`: what apply would change on this host, drift included."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from delcia.cli.changing import action, differences, lines, unified
from delcia.cli.clock import now as clock_now
from delcia.cli.hosts import host_to_see, root_option
from delcia.cli.intended import content, executable, loaded
from delcia.cli.places import plan_directory
from delcia.cli.targets import chosen_place, renderer, target_options, wish_of
from delcia.errors import Exit
from delcia.host.generations import Content
from delcia.host.preview import Preview, preview

SCHEMA = "delcia/diff/1"
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command(epilog="Example: delcia diff /etc/delcia/plans")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@target_options
@root_option
def command(directory: Path | None, *, as_json: bool, root: Path | None, **target: str | bool | None) -> int:
    """Show what apply would change on this host, and what somebody changed by hand.

    Exits 0 when there is nothing, 1 when there is something.
    """
    now = clock_now()
    host = host_to_see(root)
    folder = plan_directory(directory)
    place = chosen_place(host.paths, wish_of(target))
    after = content(loaded(folder, now), folder, renderer(host.paths, place, executable(), now))
    view = preview(host, after)
    if as_json:
        click.echo(json.dumps(data(view, after), indent=2))
    else:
        for line in lines(view):
            click.echo(line)
        for change in view.changes.to_make:
            for line in unified(change).splitlines():
                click.echo(click.style(line, fg=_COLOURS.get(line[:1])))
    return Exit.OK if view.is_empty else Exit.PROBLEMS


def data(view: Preview, after: Content) -> dict[str, object]:
    """Return the changes for programs (schemas/diff.schema.json)."""
    return {
        "schema": SCHEMA,
        "same": view.is_empty,
        "digest": after.digest,
        "plans": [asdict(difference) for difference in differences(view)],
        "units": [
            {
                "name": change.name,
                "action": action(change),
                "drift": change.drift and change.drift.name.lower(),
                "diff": unified(change),
            }
            for change in view.changes.to_make
        ],
        "in_the_way": list(view.changes.foreign),
        "faults": list(view.faults),
    }
