"""Words that wait in the spool for the next run, where no systemd passes them on at once.

Who may write there is only trusted to ask, so nothing but small, plain files is read.
"""

import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from delcia.cli.running import Applied
from delcia.cli.spoken import heard
from delcia.core.request import LONGEST, Answer, Request, request_from
from delcia.errors import DelciaError, Exit
from delcia.store.opening import open_store
from delcia.store.requests import keep_answer

MOST = 20
"""So many are carried out in one run; a person has not said more in five minutes."""


def carried_out(host: Applied, files: Sequence[Path], now: datetime) -> Iterator[Answer]:
    """Carry out the words in these files, and yield what came of each; a file is gone once its word is kept."""
    for file in files[:MOST]:
        request = _read(file)
        if isinstance(request, Request):
            answer = _carried(host, request, file, now)
            if answer.status == Exit.TRY_AGAIN and not answer.kept:
                continue
        else:
            # Its name is its key: whoever left it there is waiting for an answer under that.
            answer = Answer(file.stem, "", Exit.USAGE, f"a request in the spool is refused: {request}", "bad-request")
            _keep(host, answer, now)
        with suppress(OSError):
            file.unlink()
        yield answer


def _carried(host: Applied, request: Request, file: Path, now: datetime) -> Answer:
    """Return what came of a word; one that meets a bug is dropped, for else every run would end there."""
    try:
        return _heard(host, request, now)
    except Exception:
        with suppress(OSError):
            file.unlink()
        raise


def _heard(host: Applied, request: Request, now: datetime) -> Answer:
    try:
        return heard(host, request, now)
    except DelciaError as error:
        answer = Answer(request.key, request.vehicle, error.status, error.message, error.slug, error.hint)
        _keep(host, answer, now)
        return answer


def _keep(host: Applied, answer: Answer, now: datetime) -> None:
    """Keep an answer for whoever waits for it; where that cannot be, the run goes on."""
    with suppress(DelciaError), closing(open_store(host.paths.database)) as store:
        keep_answer(store, answer, now)


def _read(file: Path) -> Request | str:
    """Return what a file asks for, or why nobody knows."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "it is no plain file"
        text = opened.read(LONGEST + 1)
    try:
        return request_from(json.loads(text)) if len(text) <= LONGEST else "it is too long"
    except (ValueError, RecursionError) as error:
        return "it is not JSON" if isinstance(error, (json.JSONDecodeError, RecursionError)) else str(error)
