"""How every run ends: mishaps become words on stderr and an exit status; only a bug shows a traceback."""

import contextlib
import os
import sys
from collections.abc import Callable

from delcia.errors import DelciaError, Exit


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

        _say(traceback.format_exc().rstrip())
        _say(f"delcia: error: {type(error).__name__}; this is a bug in delcia, please report the lines above [bug]")
        return Exit.BUG
    return status


def _say(words: str) -> None:
    """Put words on stderr, after what stdout has. When nobody listens any more, the status still tells."""
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()
