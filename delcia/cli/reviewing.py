"""The plans at a git revision beside those of the working tree: a change as it is reviewed, without a host."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from delcia.cli.plugged import plugged_minutes
from delcia.compile.generation import dump
from delcia.config import Loaded, load
from delcia.core.changes import digest
from delcia.core.consequence import Assumed
from delcia.errors import DelciaError
from delcia.host.commits import commit_of
from delcia.host.tree import export
from delcia.report.weeks import Review
from delcia.runtime.consequence import consequence

WEEK = ("soc", "used", "plugged")
"""The options that say what the coming week is reckoned with."""
SHORT = 10


def assumed_by(soc: float | None, used: float | None, plugged: str | None) -> Assumed:
    """Return what the options say of the week; the rest as usual."""
    found = Assumed()
    if plugged is not None:
        first, last = plugged_minutes(plugged)
        found = replace(found, plugged_min=first, unplugged_min=last)
    soc_pct, used_pct = (found.soc_pct if soc is None else soc), (found.used_pct if used is None else used)
    return replace(found, soc_pct=soc_pct, used_pct=used_pct)


def review_of(folder: Path, rev: str, now: datetime, assumed: Assumed) -> Review:
    """Return what the plans in a folder of a checkout change since a revision. Raises what `export` does."""
    before, source = _loaded_at(folder, rev, now)
    after = load(folder, now)
    old = before.site if before else None
    if after.site is None:
        # What plans with errors bring about is not known, and least of all that everything goes.
        return Review(consequence(None, None, now, assumed), source, f"plans in {folder}", after.problems, None)
    found = consequence(old, after.site, now, assumed)
    return Review(found, source, f"plans in {folder}", after.problems, digest(dump(after.site)))


def _loaded_at(folder: Path, rev: str, now: datetime) -> tuple[Loaded | None, str]:
    """Return the plans of a folder as they were at a revision, and in words where they come from."""
    if not folder.is_dir():
        raise DelciaError(f"no such directory: '{folder}'", slug="no-directory", hint="name the plan directory")
    commit = commit_of(folder.resolve(), rev)
    source = rev if commit.startswith(rev) else f"{rev} ({commit[:SHORT]})"
    with TemporaryDirectory(prefix="delcia-") as place:
        try:
            tree = export(folder, commit, Path(place))
        except DelciaError as error:
            if error.slug != "no-folder":
                raise
            return None, f"{source}, which has no such folder"
        for left in tree.left_out:
            click.echo(f"delcia: warning: at {rev}, left out {left}", err=True)
        before = load(Path(place), now)
    if before.site is None:
        empty = {problem.slug for problem in before.problems} == {"no-plans"}
        return before, f"{source}, which has no plans" if empty else f"{source}, whose plans have errors"
    return before, source
