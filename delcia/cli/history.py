"""`delcia history`: what was applied on this host, when, and by whom."""

import json
from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path

import click

from delcia.cli.hosts import host_to_see, root_option
from delcia.compile.generation import load
from delcia.core.clock import zone
from delcia.errors import DelciaError
from delcia.host.generations import Receipt, current_generation, current_number, receipts
from delcia.host.paths import Paths

SCHEMA = "delcia/history/1"


@click.command(epilog="Example: delcia history")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@root_option
def command(*, as_json: bool, root: Path | None) -> None:
    """List what was applied on this host, the newest first; '*' is what runs now."""
    paths = host_to_see(root).paths
    current, found = current_number(paths), receipts(paths)[::-1]
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "generations": [_data(item, current) for item in found]}, indent=2))
    elif not found:
        click.echo("nothing was ever applied on this host", err=True)
    else:
        from tabulate import tabulate

        rows = list(_rows(found, current, _zone(paths)))
        click.echo(tabulate(rows, ["", "applied", "commit", "author", "from"], tablefmt="plain", disable_numparse=True))


def _rows(found: tuple[Receipt, ...], current: int | None, home: tzinfo) -> Iterator[list[str]]:
    for receipt in found:
        origin = receipt.origin
        unclean = "" if origin.clean or origin.commit is None else " and changes"
        yield [
            f"{receipt.number}{' *' if receipt.number == current else ''}",
            f"{receipt.applied_at.astimezone(home):%Y-%m-%d %H:%M %Z}",
            f"{(origin.commit or '-')[:10]}{unclean}",
            origin.author or "-",
            origin.source,
        ]


def _data(receipt: Receipt, current: int | None) -> dict[str, object]:
    """Return a receipt for programs (schemas/history.schema.json)."""
    return {
        "number": receipt.number,
        "current": receipt.number == current,
        "applied_at": receipt.applied_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "digest": receipt.digest,
        "version": receipt.version,
        "source": receipt.origin.source,
        "commit": receipt.origin.commit,
        "clean": receipt.origin.clean,
        "author": receipt.origin.author,
    }


def _zone(paths: Paths) -> tzinfo:
    """Return the zone of the home, as the applied plans name it."""
    try:
        generation = current_generation(paths)
        return zone(load(generation.plans_text).timezone) if generation else UTC
    except DelciaError:
        return UTC
