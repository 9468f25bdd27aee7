"""`delcia diff`: what apply would change on this host, drift included."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from delcia.cli.changing import action, differences, lines, unified
from delcia.cli.clock import now as clock_now
from delcia.cli.hosts import host_to_see, root_option
from delcia.cli.intended import content, executable
from delcia.cli.places import plan_directory
from delcia.cli.problems import loaded
from delcia.cli.reviewing import WEEK, assumed_by, review_of
from delcia.cli.targets import Wish, chosen_place, renderer, target_options, wish_of
from delcia.core.consequence import Assumed
from delcia.errors import DelciaError, Exit
from delcia.host.generations import Content
from delcia.host.preview import Preview, Wanted, preview
from delcia.host.standing import standing

SCHEMA = "delcia/diff/1"
FORMATS = ("text", "json", "markdown")
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command(epilog="Example: delcia diff plans --against HEAD~1 --format markdown")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--against", metavar="REV", help="Compare with the plans at a git revision, without a host.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="text unless said.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--soc", type=click.FloatRange(0, 100), help="Reckon the week from this SoC; 50 unless said.")
@click.option("--used", type=click.FloatRange(0, 100), help="Points used each day; 25 unless said.")
@click.option("--plugged", help="When the car is plugged in; 18:30-07:30 unless said.")
@target_options
@root_option
def command(
    directory: Path | None,
    *,
    against: str | None,
    form: str,
    as_json: bool,
    root: Path | None,
    **more: Any,  # noqa: ANN401 - the options of a target and of a simulated week, as click gives them
) -> int:
    """Show what apply would change on this host, and what somebody changed by hand.

    With --against, what the plans change since a git revision: timers, windows, and the coming week of a simulated
    car. Exits 0 when there is nothing, 1 when there is something.
    """
    now = clock_now()
    form = "json" if as_json else form
    folder = plan_directory(directory)
    week = {name: more.pop(name) for name in WEEK}
    wish = wish_of(more)
    if against is not None:
        if wish != Wish() or root is not None:
            raise _usage("no host is looked at with --against", "leave out --root, --target and what names a crontab")
        return _reviewed(folder, against, now, form, assumed_by(**week))
    if form == "markdown" or any(value is not None for value in week.values()):
        raise _usage("this is for comparing with a revision", "add --against REV, for example --against HEAD~1")
    host = host_to_see(root)
    place = chosen_place(host.paths, wish)
    after = content(loaded(folder, now), folder, renderer(host.paths, place, executable(), now))
    view = preview(host, Wanted(after, standing(host.paths)))
    if form == "json":
        click.echo(json.dumps(data(view, after), indent=2))
    else:
        for line in lines(view):
            click.echo(line)
        for change in view.changes.to_make:
            for line in unified(change).splitlines():
                click.echo(click.style(line, fg=_COLOURS.get(line[:1])))
    return Exit.OK if view.is_empty else Exit.PROBLEMS


def _reviewed(folder: Path, against: str, now: datetime, form: str, assumed: Assumed) -> int:
    """Show what the plans change since a revision."""
    review = review_of(folder, against, now, assumed)
    if form == "json":
        from delcia.report.review_data import review_data

        click.echo(json.dumps(review_data(review), indent=2))
    elif form == "markdown":
        from delcia.report.review_markdown import review_markdown

        click.echo(review_markdown(review), nl=False)
    else:
        from shutil import get_terminal_size

        from delcia.report.review_text import WIDTH, review_lines

        for problem in review.problems:
            click.echo(problem.text(), err=True)
        click.echo(f"# {review.after}, against {review.before}", err=True)
        for line in review_lines(review, min(WIDTH, get_terminal_size((WIDTH, 0)).columns)):
            click.echo(click.style(line, fg=_COLOURS.get(line.strip()[:1])))
    return Exit.OK if review.is_same else Exit.PROBLEMS


def _usage(message: str, hint: str) -> DelciaError:
    return DelciaError(message, slug="usage", hint=hint, status=Exit.USAGE)


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
        "choices": [{"name": choice.name, "how": choice.how, "rests": choice.rests} for choice in view.choices],
    }
