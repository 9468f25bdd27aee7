"""How every run ends: mishaps become words on stderr and an exit status; only a bug shows a traceback."""

import contextlib
import errno
import os
import sys
from collections.abc import Callable

from delcia.errors import DelciaError, Exit

LONGEST_MESSAGE = 200
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""How writing to stdout fails; what concerns a file of its own has that file's name."""


def guarded(run: Callable[[], int]) -> int:
    """Return the exit status of `run`, whatever happens in it."""
    try:
        status = run()
        sys.stdout.flush()
    except DelciaError as error:
        _say(error.text())
        return error.status
    except KeyboardInterrupt:
        _say("")  # the prompt of the shell begins below the terminal's ^C
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return _without_reader(Exit.PROBLEMS)  # `head`, or a pager, that has seen enough
    except OSError as error:
        if error.filename is None and error.errno in FULL:
            return unwritten(error)
        return bug(error)
    except Exception as error:  # noqa: BLE001 - the last place that can turn a bug into words
        return bug(error)
    return status


def unwritten(error: OSError) -> int:
    """Say that the answer could not be written where stdout leads, and return the exit status."""
    status = _without_reader(Exit.OUTPUT)
    _say(f"delcia: error: the answer cannot be written: {error.strerror} [output]")
    _say("    hint: free some space where it goes, then run the command again")
    return status


def _without_reader(status: Exit) -> Exit:
    """Return a status, once Python's own flush at exit can no more complain of stdout a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return status


def bug(error: Exception) -> Exit:
    """Say where a bug is. Places only: a message may hold an address with the account and the car in it."""
    import traceback  # costs a tick more than its own work, and ticks have no bugs

    _say("Traceback (most recent call last):")
    _say("".join(traceback.format_tb(error.__traceback__)).rstrip())
    name = f"{type(error).__name__}{_harmless(str(error))}"
    _say(f"delcia: error: {name}; this is a bug in delcia, please report the lines above [bug]")
    return Exit.BUG


def _harmless(message: str) -> str:
    """Return an error's message, unless anything in it looks private."""
    from delcia.config.findings import is_private

    return "" if not message or is_private(message) else f": {message[:LONGEST_MESSAGE]}"


def _say(words: str) -> None:
    """Put words on stderr, after what stdout has. When nobody listens any more, the status still tells."""
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()
