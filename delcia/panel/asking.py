"""Passing a person's word on: through the socket of `delcia-request`, or by a file for the next run."""

import asyncio
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from delcia.core.request import Answer, Request, answer_from, request_data
from delcia.errors import Exit
from delcia.panel.house import NOT_ASKED

WAITS_S = 12.0
"""For the answer; asking a car takes up to some minutes, and the page tells later what came of it."""
LONGEST_ANSWER = 65536


async def by_socket(path: Path, request: Request) -> Answer | None:
    """Ask through a socket. None: it is at work on it."""
    try:
        async with asyncio.timeout(WAITS_S):
            reader, writer = await asyncio.open_unix_connection(path, limit=LONGEST_ANSWER)
            try:
                writer.write(json.dumps(request_data(request)).encode() + b"\n")
                await writer.drain()
                line = await reader.readline()
            finally:
                writer.close()
        return answer_from(json.loads(line))
    except TimeoutError:
        return None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it said nothing"
        words = f"delcia could not be asked ({why})"
        hint = "see: systemctl status delcia-request.socket"
        return Answer(request.key, request.vehicle, Exit.UNAVAILABLE, words, NOT_ASKED, hint)


def by_spool(spool: Path, request: Request) -> Answer | None:
    """Leave a word for the next run, which comes in five minutes at the latest. None: it is there."""
    file = spool / f"{request.key}.json"
    fresh = spool / f".{request.key}.{secrets.token_hex(4)}.new"
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o640)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(json.dumps(request_data(request)))
            opened.flush()
            # The next run is another user: it may read what belongs to the group of the spool.
            os.fchown(handle, -1, spool.stat().st_gid)
            os.fsync(handle)
        fresh.replace(file)  # the same word at the same time: one of them is there in the end
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        words = f"delcia could not be asked ({error.strerror})"
        hint = f"see: ls -ld {spool}"
        return Answer(request.key, request.vehicle, Exit.UNAVAILABLE, words, NOT_ASKED, hint)
    return None
