"""`delcia request`: carry out one word that comes on stdin, for `delcia-request@.service`; nobody types it."""

import json
import sys
from pathlib import Path

import click

from delcia.cli.asking import root_option
from delcia.cli.clock import now as clock_now
from delcia.cli.running import applied, as_service_user
from delcia.cli.spoken import heard
from delcia.core.request import LONGEST, Answer, answer_data, request_from
from delcia.errors import DelciaError, Exit


@click.command(hidden=True, epilog="Example: systemctl status delcia-request.socket")
@root_option
def command(root: Path | None) -> int:
    """Read one line of JSON (schema delcia/request/1), do as it says, and answer in one (delcia/answer/1)."""
    line = sys.stdin.buffer.readline(LONGEST + 1)
    answer = _answer(line, root)
    try:
        sys.stdout.write(f"{json.dumps(answer_data(answer))}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Who asked waits no longer and looks it up by its key.
        sys.stderr.write("nobody waited for the answer\n")
    if answer.slug:
        sys.stderr.write(f"{answer.vehicle}: {answer.words} [{answer.slug}]\n")
    return Exit.OK


def _answer(line: bytes, root: Path | None) -> Answer:
    """Return the answer to a line, whatever is in it."""
    if len(line) > LONGEST or not line.endswith(b"\n"):
        return Answer("", "", Exit.USAGE, f"a request is one line of at most {LONGEST} octets", "bad-request")
    try:
        request = request_from(json.loads(line))
    except (ValueError, RecursionError) as error:
        why = "it is not JSON" if isinstance(error, (json.JSONDecodeError, RecursionError)) else str(error)
        return Answer("", "", Exit.USAGE, f"the request is not understood: {why}", "bad-request")
    now = clock_now()
    try:
        host = applied(root)
        as_service_user(host.paths)
        return heard(host, request, now)
    except DelciaError as error:
        return Answer(request.key, request.vehicle, error.status, error.message, error.slug, error.hint)
