"""Problems of a plan directory, on stderr, for the commands that need its site."""

import click

from delcia.config import Loaded


def report_problems(loaded: Loaded) -> None:
    """Write each problem in its text form, and how many there are, to stderr."""
    for problem in loaded.problems:
        click.echo(problem.text(), err=True)
    click.echo(count_of(loaded), err=True)


def count_of(loaded: Loaded) -> str:
    """Return `2 errors, 1 warning in 3 files`."""
    errors = sum(problem.level == "error" for problem in loaded.problems)
    warnings = len(loaded.problems) - errors
    parts = [f"{errors} error{'s' * (errors != 1)}"]
    if warnings:
        parts.append(f"{warnings} warning{'s' * (warnings != 1)}")
    return f"{', '.join(parts)} in {len(loaded.files)} file{'s' * (len(loaded.files) != 1)}"
