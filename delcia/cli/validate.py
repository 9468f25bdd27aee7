"""`delcia validate`: all problems of a plan directory at once, for people, programs and pull requests."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from delcia.cli.clock import now
from delcia.cli.places import plan_directory
from delcia.errors import Exit, Problem
from delcia.report.counts import count

SCHEMA = "delcia/problems/1"
_COLOURS = {"error": "red", "warning": "yellow"}


@click.command(epilog="Example: delcia validate plans --format github")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    help="How the problems are shown; text, and github under GitHub Actions, unless said.",
)
def command(directory: Path | None, form: str | None) -> int:
    """Show all problems in the plans at once.

    Exits 0 when the plans can be used (there may be warnings), 1 when there is an error.
    """
    from delcia.config import load

    loaded = load(plan_directory(directory), now())
    match form or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"):
        case "json":
            problems = [asdict(problem) for problem in loaded.problems]
            click.echo(json.dumps({"schema": SCHEMA, "problems": problems}, indent=2, ensure_ascii=False))
        case "github":
            _show([annotation(problem) for problem in loaded.problems])
        case _:
            _show([_coloured(problem) for problem in loaded.problems])
    click.echo(count(loaded.problems, len(loaded.files)), err=True)
    return Exit.OK if loaded.site is not None else Exit.PROBLEMS


def _show(lines: list[str]) -> None:
    if lines:
        click.echo("\n".join(lines))


def annotation(problem: Problem) -> str:
    """Return a problem as a command of GitHub Actions, which shows it at its line."""
    message = f"{problem.message} [{problem.slug}]" + (f"\nhint: {problem.hint}" if problem.hint else "")
    path = _property(_from_workspace(problem.path))
    spot = f"file={path},line={problem.line},col={problem.column},title={_property(problem.slug)}"
    return f"::{problem.level} {spot}::{_escaped(message)}"


def _from_workspace(path: str) -> str:
    """Return a path as GitHub wants it, relative to the checkout."""
    base = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    full = Path(path).absolute()
    return str(full.relative_to(base)) if full.is_relative_to(base) else path


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _coloured(problem: Problem) -> str:
    level = f" {problem.level}: "
    return problem.text().replace(level, f" {click.style(problem.level, fg=_COLOURS[problem.level])}: ", 1)
