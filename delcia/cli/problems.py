"""Problems of a plan directory on stderr, for the commands that need its site."""

from datetime import datetime
from pathlib import Path

import click

from delcia.config import Loaded
from delcia.report.counts import count


def loaded(folder: Path, now: datetime) -> Loaded:
    """Return what a plan directory says, its problems told."""
    from delcia.config import load

    found = load(folder, now)
    if found.problems:
        report_problems(found)
    return found


def report_problems(loaded: Loaded) -> None:
    """Write each problem in its text form, and how many there are, to stderr."""
    for problem in loaded.problems:
        click.echo(problem.text(), err=True)
    click.echo(count(loaded.problems, len(loaded.files)), err=True)
