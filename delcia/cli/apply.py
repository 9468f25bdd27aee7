"""`delcia apply`: make the plans run on this host."""

from datetime import datetime
from pathlib import Path

import click

from delcia import __version__
from delcia.cli.afterwards import after_change, starts
from delcia.cli.changing import lines
from delcia.cli.clock import now as clock_now
from delcia.cli.fitting import misfits
from delcia.cli.hosts import agree, host_to_change, host_to_see, root_option, with_account, yes_option
from delcia.cli.intended import check_executable, content, directory_to_apply, executable
from delcia.cli.problems import loaded
from delcia.cli.renewing import renew
from delcia.cli.sync import would_bring_back
from delcia.cli.targets import chosen_place, renderer, target_options, what_is_left, wish_of
from delcia.compile.generation import load
from delcia.core.changes import Delete
from delcia.core.changes import digest as digest_of
from delcia.errors import DelciaError, Exit
from delcia.host.apply import Outcome, apply
from delcia.host.cronplaces import CronPlace
from delcia.host.generations import Content, Origin, current_generation
from delcia.host.git import origin
from delcia.host.machine import Host
from delcia.host.preview import New, Nothing, Target, Wanted, preview, refuse, wanted
from delcia.host.units import is_unit

SHORTEST_DIGEST = 12


@click.command(epilog="Example: sudo delcia apply /etc/delcia/plans")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@yes_option
@click.option("--dry-run", is_flag=True, help="Show the changes and their digest; make none.")
@click.option("--expect", metavar="DIGEST", help="Go on only if the plans give this digest.")
@click.option("--allow-empty", is_flag=True, help="Go on even if no plan is left.")
@click.option("--again", is_flag=True, help="Not DIR but what is applied, made anew by this version.")
@target_options
@root_option
def command(
    directory: Path | None,
    *,
    yes: bool,
    dry_run: bool,
    expect: str | None,
    allow_empty: bool,
    again: bool,
    root: Path | None,
    **target: str | bool | None,
) -> None:
    """Make the plans of DIR run on this host, all of them or, if anything fails, none.

    DIR defaults to $DELCIA_PLANS, else /etc/delcia/plans. The changes are shown first. Timers of systemd run delcia,
    or where there is none, or you say so, a crontab; only one of them ever does.
    """
    now, wish = clock_now(), wish_of(target)
    if again and directory is not None:
        hint = "leave DIR or --again out"
        raise DelciaError("--again is about what is applied, not a DIR", slug="usage", hint=hint, status=Exit.USAGE)
    host = host_to_see(root) if dry_run else host_to_change(root, "apply", own=wish.names_cron)
    place = chosen_place(host.paths, wish)
    if root is None and not dry_run:
        check_executable(host.paths, place)
    goal = (
        _again(host, place, now)
        if again
        else _goal(directory_to_apply(directory, host.paths), now, place, allow_empty=allow_empty, host=host)
    )
    after = goal.content if isinstance(goal, New) else None
    _expect(after, expect)
    view = preview(host, wanted(host.paths, goal))
    for line in (*lines(view), *starts(host.paths, view.plans_before, view.plans_after, now)):
        click.echo(line)
    if after is not None:
        for words in misfits(load(after.plans_text), host.paths):
            click.echo(f"delcia: warning: {words}", err=True)
    # Plans that are there and disabled are the owner's word; that none is left may be a mishap.
    allow_empty = allow_empty or (after is not None and bool(load(after.plans_text).plans))
    refuse(view, goal, allow_empty=allow_empty)
    if view.is_empty:
        click.echo("nothing to change")
    elif dry_run:
        click.echo(f"digest  {after.digest if after else 'none'}")
    else:
        agree("apply these changes?", yes=yes)
        outcome = apply(with_account(host), goal, allow_empty=allow_empty)
        click.echo(said(outcome))
        for advice in what_is_left(host, place):
            click.echo(advice, err=True)
        if would_bring_back(host):
            click.echo("sync is on, and brings back what its branch says; let it rest: delcia sync --suspend", err=True)
        after_change(host.paths, view.plans_before, view.plans_after, now)
    if again and not dry_run:
        renew(host, root, now)


def said(outcome: Outcome) -> str:
    """Return in one line what was done."""
    if not outcome.changed:
        return "nothing to change"
    changes = outcome.preview.changes
    removed = sum(isinstance(change, Delete) for change in changes.to_make)
    written = len(changes.to_make) - removed
    which = "nothing is applied now" if outcome.number is None else f"generation {outcome.number} is applied"
    units = all(is_unit(change.name) for change in changes.to_make)
    return f"{which}: {_files(written, 'unit file' if units else 'artifact')} written, {removed} removed"


def _files(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _goal(folder: Path, now: datetime, place: CronPlace | None, *, allow_empty: bool, host: Host) -> Target:
    """Return what the plans ask for; a folder that became empty asks for nothing at all, if that is allowed."""
    found = loaded(folder, now)
    if {problem.slug for problem in found.problems} == {"no-plans"}:
        if allow_empty:
            return Nothing()
        refuse(preview(host, Wanted()), New(Content("", ()), Origin(""), "", now), allow_empty=False)
    after = content(found, folder, renderer(host.paths, place, executable(), now))
    return New(after, origin(folder), __version__, now, place)


def _again(host: Host, place: CronPlace | None, now: datetime) -> New:
    """Return what is applied, as this version of delcia makes it; the plan directory may be another by now."""
    found = current_generation(host.paths)
    if found is None:
        raise DelciaError("nothing is applied on this host", slug="nothing-applied", hint="write: delcia apply DIR")
    artifacts = renderer(host.paths, place, executable(), now)(load(found.plans_text))
    return New(Content(found.plans_text, artifacts), found.receipt.origin, __version__, now, place)


def _expect(after: Content | None, digest: str | None) -> None:
    """Raise when the plans are not those that somebody looked at."""
    if digest is None:
        return
    found = after.digest if after else "none"
    # A host's changes have one digest, the plans alone the other: the latter is known where there is no host.
    reviewed = (found, digest_of(after.plans_text)) if after else ()
    if len(digest) < SHORTEST_DIGEST or not any(one.startswith(digest.lower()) for one in reviewed):
        hint = "look at the changes again: delcia apply --dry-run, or delcia diff --against REV"
        raise DelciaError(f"the plans give the digest {found}, not '{digest}'", slug="other-digest", hint=hint)
