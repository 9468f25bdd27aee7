"""How every run ends: mishaps become words on stderr and an exit status; only a bug shows a traceback."""

import contextlib
import os
import sys
from collections.abc import Callable

from delcia.errors import DelciaError, Exit

LONGEST_MESSAGE = 200


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
        # The reader (`head`, a pager) has gone. Python's own flush at exit must not complain a second time.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return Exit.PROBLEMS
    except Exception as error:  # noqa: BLE001 - the last place that can turn a bug into words
        import traceback  # costs a tick more than its own work, and ticks have no bugs

        # Places only: a message, or that of an error behind it, may hold an address with the account and the car in it.
        _say("Traceback (most recent call last):")
        _say("".join(traceback.format_tb(error.__traceback__)).rstrip())
        name = f"{type(error).__name__}{_harmless(str(error))}"
        _say(f"delcia: error: {name}; this is a bug in delcia, please report the lines above [bug]")
        return Exit.BUG
    return status


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
