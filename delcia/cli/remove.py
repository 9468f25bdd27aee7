"""`delcia remove`: take everything off this host that apply made."""

from contextlib import nullcontext
from pathlib import Path

import click

from delcia.cli.afterwards import after_change, starts
from delcia.cli.changing import lines
from delcia.cli.clock import now
from delcia.cli.following import NAME
from delcia.cli.hosts import agree, host_to_change, root_option, yes_option
from delcia.cli.pulling import nothing_to_tell
from delcia.cli.still import rest_for_good, suspended, sync_still
from delcia.cli.sync import is_started_by_others, would_bring_back
from delcia.core.causes import OF_HOST
from delcia.host.apply import apply
from delcia.host.folders import purge
from delcia.host.preview import Nothing, Wanted, preview
from delcia.host.standing import standing

TASK = (
    "where a task scheduler of this host runs 'delcia sync --now --scheduled', take that out of it, or plans come back"
)


@click.command(epilog="Example: sudo delcia remove")
@click.option("--purge", "all_of_it", is_flag=True, help="Also state, history, cache and credentials.")
@yes_option
@root_option
def command(*, all_of_it: bool, yes: bool, root: Path | None) -> None:
    """Stop all timers of delcia's and remove its units; state, history and credentials stay.

    Plans and /etc/delcia/host.yaml are yours, and always stay. A charge that runs just now is not stopped. A car that
    delcia stopped, and that is still plugged in, is started again.
    """
    host = host_to_change(root, "remove")
    view = preview(host, Wanted())
    for line in (*lines(view), *starts(host.paths, view.plans_before, None, now())):
        click.echo(line)
    if all_of_it:
        for folder in (host.paths.data, host.paths.pulled, host.paths.cache, host.paths.credentials):
            click.echo(f"delete  {folder}")
    elif view.is_empty:
        click.echo("nothing to change")
        return
    agree("remove all this?", yes=yes)
    with sync_still(host.paths):
        was_on, by_others = NAME in standing(host.paths), is_started_by_others(host)
        if not view.is_empty:
            with suspended(host, "by 'delcia remove'") if by_others and would_bring_back(host) else nullcontext():
                outcome = apply(host, Nothing())
            if was_on:
                rest_for_good(host)
            after_change(host.paths, outcome.preview.plans_before, None, now())
            if not all_of_it:
                nothing_to_tell(host.paths, OF_HOST, now())
        if all_of_it:
            purge(host.paths)
    if by_others:
        click.echo(TASK, err=True)
    click.echo("delcia runs nothing on this host any more")
