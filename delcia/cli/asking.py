"""What `start`, `stop`, `release`, `resume`, `skip` and `trip` have in common: a person's word for one vehicle, now."""

from contextlib import closing
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.running import Applied, applied, as_service_user
from delcia.cli.spoken import heard
from delcia.core.clock import zone
from delcia.core.request import LEAST_AMPS, MOST_AMPS, Request
from delcia.core.wording import clock_words
from delcia.errors import DelciaError, Exit
from delcia.runtime.asking import goes_on
from delcia.store.memory import memory_of
from delcia.store.opening import open_readonly

root_option = click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
charger_option = click.option("--charger", metavar="NAME", help="It charges at this charger: time and end go by it.")
amps_option = click.option(
    "--amps", type=click.FloatRange(LEAST_AMPS, MOST_AMPS), help="Or at this current, such as 8, 10, 16 or 32."
)


def ask(request: Request, root: Path | None) -> int:
    """Give a person's word for one vehicle, print what came of it, and return the exit status."""
    now = clock_now()
    host = applied(root)
    as_service_user(host.paths)
    answer = heard(host, request, now)
    if not answer.slug:
        click.echo(answer.words)
        return answer.status
    error = DelciaError(answer.words, slug=answer.slug, hint=answer.hint, status=Exit(answer.status))
    click.echo(error.text(), err=True)
    if answer.kept:
        click.echo(f"'{request.vehicle}' keeps your word: the next runs try again", err=True)
    return answer.status


def say_if_it_goes_on(name: str, root: Path | None) -> None:
    """Say on stderr that a car which is left alone charges again, if delcia stopped it and it is plugged in."""
    if words := going_on_words(applied(root), name):
        click.echo(words, err=True)


def going_on_words(host: Applied, name: str) -> str:
    """Return that a car will be started when it is left alone, and why; nothing when it will not, by what is known."""
    now, vehicle = clock_now(), host.site.vehicles.get(name)
    if vehicle is None:
        return ""
    try:
        with closing(open_readonly(host.paths.database)) as store:
            memory = memory_of(store, name)
    except DelciaError:
        return ""
    if memory.command is None or not goes_on(host.site, vehicle, memory, now):
        return ""
    at = clock_words(memory.command.sent_at, now, zone(host.site.timezone))
    return f"{name}: delcia stopped it at {at} and it is plugged in: it is started again"
