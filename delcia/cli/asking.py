"""What `start`, `stop`, `boost`, `pause`, `resume` and `trip` have in common: a person's word for one vehicle, now."""

from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.running import applied, as_service_user
from delcia.cli.spoken import heard
from delcia.core.request import Request
from delcia.errors import DelciaError, Exit

root_option = click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")


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
