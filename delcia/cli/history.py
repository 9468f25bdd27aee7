"""`delcia history`: what was applied on this host, when, by whom, and what it changed."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, tzinfo
from itertools import groupby
from pathlib import Path
from textwrap import wrap

import click

from delcia.cli.changing import differences_between
from delcia.cli.hosts import host_to_see, root_option
from delcia.compile.generation import load
from delcia.core.clock import zone
from delcia.core.differences import Difference
from delcia.errors import DelciaError
from delcia.host.generations import Receipt, current_generation, current_number, generation, numbers, receipt_of
from delcia.host.paths import Paths

SCHEMA = "delcia/history/1"
INDENT, WIDTH, TIE = " " * 5, 100, "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Applied:
    """A generation as history tells it, and how its plans differ from those of the one before it, `since`.

    Both are None where that one is not kept any more, or is of another delcia.
    """

    receipt: Receipt
    since: int | None
    differences: tuple[Difference, ...] | None


@click.command(epilog="Example: delcia history")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@root_option
def command(*, as_json: bool, root: Path | None) -> None:
    """List what was applied on this host and what that changed, the newest first; '*' is what runs now."""
    paths = host_to_see(root).paths
    current, found = current_number(paths), list(_applied(paths))[::-1]
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "generations": [_data(item, current) for item in found]}, indent=2))
    elif not found:
        click.echo("nothing was ever applied on this host", err=True)
    else:
        from tabulate import tabulate

        rows = [_row(item.receipt, current, _zone(paths)) for item in found]
        table = tabulate(rows, ["", "applied", "commit", "author", "from"], tablefmt="plain", disable_numparse=True)
        head, *lines = table.splitlines()
        click.echo(head)
        for line, item in zip(lines, found, strict=True):
            click.echo(line)
            for more in _more(item):
                click.echo(f"{INDENT}{more}")


def _applied(paths: Paths) -> Iterator[Applied]:
    """Yield all generations, the oldest first; what comes before the first of all is nothing."""
    number = 0
    before: str | None = ""
    for each in numbers(paths):
        try:
            receipt = receipt_of(paths, each)
        except DelciaError as error:
            click.echo(f"delcia: warning: {error.message} [{error.slug}]", err=True)
            continue
        plans = _plans(paths, receipt.number)
        if plans is None or before is None or number != receipt.number - 1:
            yield Applied(receipt, None, None)
        else:
            yield Applied(receipt, number or None, differences_between(before, plans))
        number, before = receipt.number, plans


def _plans(paths: Paths, number: int) -> str | None:
    """Return a generation's plans, None when this delcia cannot read them."""
    try:
        text = generation(paths, number).plans_text
        load(text)
    except DelciaError:
        return None
    return text


def _row(receipt: Receipt, current: int | None, home: tzinfo) -> list[str]:
    origin = receipt.origin
    unclean = "" if origin.clean or origin.commit is None else " and changes"
    return [
        f"{receipt.number}{' *' if receipt.number == current else ''}",
        f"{receipt.applied_at.astimezone(home):%Y-%m-%d %H:%M %Z}",
        f"{(origin.commit or '-')[:10]}{unclean}",
        origin.author or "-",
        origin.source,
    ]


def _more(item: Applied) -> Iterator[str]:
    """Yield the subject of the commit, and in a line for each action what the generation changed."""
    if item.receipt.origin.subject:
        yield f"commit  {item.receipt.origin.subject}"
    if item.differences == ():
        yield "same    the plans say what they said before"
    for action, those in groupby(sorted(item.differences or (), key=_action), _action):
        names = ", ".join(f"{one.kind}{TIE}{one.name}".rstrip(TIE) for one in those)
        lines = wrap(f"{action}  {names}", WIDTH - len(INDENT), subsequent_indent=" " * 8, break_on_hyphens=False)
        yield from (line.replace(TIE, " ") for line in lines)


def _action(difference: Difference) -> str:
    return difference.action


def _data(item: Applied, current: int | None) -> dict[str, object]:
    """Return a generation for programs (schemas/history.schema.json)."""
    receipt = item.receipt
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
        "subject": receipt.origin.subject,
        "since": item.since,
        "changes": None if item.differences is None else [asdict(one) for one in item.differences],
    }


def _zone(paths: Paths) -> tzinfo:
    """Return the zone of the home, as the applied plans name it."""
    try:
        generation = current_generation(paths)
        return zone(load(generation.plans_text).timezone) if generation else UTC
    except DelciaError:
        return UTC
