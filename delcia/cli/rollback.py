"""`delcia rollback`: go back to plans applied earlier."""

from contextlib import nullcontext
from pathlib import Path

import click

from delcia.cli.afterwards import after_change, starts
from delcia.cli.apply import said
from delcia.cli.changing import lines
from delcia.cli.clock import now
from delcia.cli.hosts import agree, host_to_change, root_option, with_account, yes_option
from delcia.cli.still import suspended, sync_still
from delcia.cli.sync import would_bring_back
from delcia.compile.generation import load
from delcia.errors import DelciaError
from delcia.host.apply import apply
from delcia.host.generations import content, current_number, earlier_number
from delcia.host.paths import Paths
from delcia.host.preview import Earlier, preview, wanted


@click.command(epilog="Example: sudo delcia rollback")
@click.argument("number", metavar="[N]", required=False, type=click.IntRange(min=1))
@yes_option
@root_option
def command(number: int | None, *, yes: bool, root: Path | None) -> None:
    """Apply generation N again, by default the one before the present one. 'delcia history' lists them."""
    host = host_to_change(root, "rollback")
    chosen = _earlier(host.paths) if number is None else number
    load(content(host.paths, chosen).plans_text)  # `charge` must be able to read it
    view = preview(host, wanted(host.paths, Earlier(chosen)))
    for line in (*lines(view), *starts(host.paths, view.plans_before, view.plans_after, now())):
        click.echo(line)
    if view.is_empty and current_number(host.paths) == chosen:
        click.echo("nothing to change")
        return
    agree(f"go back to generation {chosen}?", yes=yes)
    with sync_still(host.paths):
        rests = would_bring_back(host)
        with suspended(host, f"by a rollback to generation {chosen}") if rests else nullcontext():
            outcome = apply(with_account(host), Earlier(chosen))
    click.echo(said(outcome))
    if rests:
        click.echo("sync is suspended, or it would bring the new plans back; go on: delcia sync --resume", err=True)
    after_change(host.paths, outcome.preview.plans_before, view.plans_after, now())


def _earlier(paths: Paths) -> int:
    """Return the number of the generation to go back to when none is named."""
    found = earlier_number(paths)
    if found is None:
        raise DelciaError("there is no earlier generation", slug="no-generation", hint="see: delcia history")
    return found
