"""A scheduled run that nobody watches, as cron's are: it ends itself in time, leaves a sign of life and its failure."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from types import FrameType

from delcia.cli import scheduled
from delcia.cli.ending import guarded
from delcia.cli.quiet import TICK
from delcia.cli.running import Applied
from delcia.errors import DelciaError, Exit

LIMIT_S = 300.0
"""As systemd's TimeoutStartSec= in the services."""
GRACE_S = 10.0
"""For letting go of files and connections; after it the kernel ends the run."""


class _TooLateError(BaseException):
    """Not an Exception: nothing on the way out may take it for its own."""


def main(argv: Sequence[str]) -> int:
    """Run `charge … --scheduled --cron` and return its exit status."""
    seen: list[Applied] = []

    def work() -> int:
        return scheduled.main(
            [word for word in argv if word != "--cron"], plain=True, begun=lambda it: _begin(it, seen)
        )

    status = guarded(lambda: bounded(work, LIMIT_S))
    if status not in {Exit.OK, Exit.TRY_AGAIN}:
        guarded(lambda: _keep(argv, seen, status))
    return status


def bounded(run: Callable[[], int], limit_s: float) -> int:
    """Return the exit status of `run`; 75, and a line, when it is not done in time."""

    def too_late(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, GRACE_S)
        raise _TooLateError

    before = signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        return run()
    except _TooLateError:
        sys.stdout.write(f"this run took longer than {limit_s:g} s and was ended; the next one tries again\n")
        return Exit.TRY_AGAIN
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _begin(host: Applied, seen: list[Applied]) -> None:
    """Leave the sign of life that `doctor` looks for. Called as the user who owns the state."""
    seen.append(host)
    os.umask(0o077 if host.paths.personal else 0o027)
    with suppress(OSError):
        (host.paths.state / TICK).touch(mode=0o640)


def _keep(argv: Sequence[str], seen: list[Applied], status: int) -> int:
    """Keep a failure for `status` and tell the owner, as the unit for failures does under systemd."""
    from delcia.cli.clock import now
    from delcia.cli.notify import TODO, TOLD_BY_CHARGE
    from delcia.cli.unkept import send_or_tell, tell_unkept
    from delcia.core.clock import zone
    from delcia.store.notices import open_notices, queue_notice
    from delcia.store.opening import open_store

    if not seen:
        return status  # nothing is applied, or not to be read: there is no place to keep it
    host = seen[0]
    name = next((word for word in argv[1:] if word in host.site.plans), None)
    vehicle = host.site.plans[name].vehicle if name else ""
    todo = TODO.get(Exit(status), "see syslog") if status in set(Exit) else "see syslog"
    words = f"delcia charge {name or '--all'} failed, exit status {status}: {todo}"
    at, cause = now(), f"run-failed-{status}"
    try:
        with closing(open_store(host.paths.database)) as store:
            told = any(not vehicle or item.vehicle in {vehicle, ""} for item in open_notices(store))
            if not (told and status in TOLD_BY_CHARGE):
                queue_notice(store, vehicle, cause, words, at)
            # A run that crashes tells nobody anything by itself, and the next ones may crash as well.
            mishap = send_or_tell(store, host.paths, zone(host.site.timezone), at)
    except DelciaError as error:
        causes = {(vehicle, cause): words, ("", error.slug): f"{error.message}; {error.hint}"}
        mishap = tell_unkept(host.paths, causes, zone(host.site.timezone), at)
    sys.stdout.write(f"{mishap}\n" if mishap else "")
    return status
