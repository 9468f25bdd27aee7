"""Starting and stopping a car once, to see what it does: `doctor --live`. It is left as it was found."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from delcia.car.protocol import Car
from delcia.core.state import Charge, Command, Plug, Reading
from delcia.errors import DelciaError, Exit
from delcia.runtime.job import Job
from delcia.store.budget import calls_left, circuit_open_until, count_call
from delcia.store.log import log_command

PATIENCE = timedelta(minutes=6)
"""How long a car may take to show that it obeyed; its reports come late."""
POLL = timedelta(seconds=30)

CALLS = 2 * (PATIENCE // POLL + 1) + 3
"""What a trial may take at most: two orders with their readings, and what comes before."""

Clock = Callable[[], datetime]
Wait = Callable[[timedelta], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What was asked of the car, and how long after the car showed it; None: not within PATIENCE."""

    asked: Literal["start", "stop"]
    after: timedelta | None


def trial(job: Job, clock: Clock, wait: Wait) -> Generator[Tried, None, None]:
    """Yield what the car did. The caller holds its lock. Raises DelciaError when it cannot be tried, or not asked."""
    _check_calls(job, clock())
    car = job.open_car()
    try:
        reading = _read(job, car, clock())
        if reading.plug is not Plug.PLUGGED:
            message = f"'{job.vehicle.name}' is not plugged in, as far as it says"
            raise DelciaError(message, slug="unplugged", hint="plug it in, wait a few minutes, and try again")
        charged = reading.charge is Charge.CHARGING
        if not charged and car.start_changes(clock()) is not None:
            message = f"a start would change the programmes of '{job.vehicle.name}', which a trial must not"
            raise DelciaError(message, slug="not-tried", hint=f"try it for real: delcia start {job.vehicle.name}")
        first: Literal["start", "stop"] = "stop" if charged else "start"
        second: Literal["start", "stop"] = "start" if charged else "stop"
        try:
            yield _tried(job, car, first, clock, wait)
        finally:
            # Also when the first is not confirmed, or the person gives up: the car may have heard it.
            last = _tried(job, car, second, clock, wait)
        yield last
    finally:
        car.close()


def _check_calls(job: Job, now: datetime) -> None:
    """Refuse what would take more calls than the account has left: the car might not be put back as it was."""
    account, left = job.vehicle.account, calls_left(job.store, job.vehicle.account, now)
    if left < CALLS or circuit_open_until(job.store, account, now) is not None:
        message = f"a trial takes up to {CALLS} calls, more than account '{account}' has left this hour"
        raise DelciaError(message, slug="budget", hint="try again in an hour", status=Exit.TRY_AGAIN)


def _tried(job: Job, car: Car, kind: Literal["start", "stop"], clock: Clock, wait: Wait) -> Tried:
    sent_at = clock()
    count_call(job.store, job.vehicle.account, sent_at, kind)
    command = Command(kind, sent_at, "trial")
    log_command(job.store, job.vehicle.name, command, "sent")
    if kind == "start":
        car.start(sent_at)
    else:
        car.stop(sent_at)
    while clock() - sent_at < PATIENCE:
        wait(POLL)
        reading = _read(job, car, clock())
        if (reading.charge is Charge.CHARGING) == (kind == "start") and reading.reported_at >= sent_at:
            after = clock() - sent_at
            confirmed = Command(kind, sent_at, "trial", confirmed_at=clock())
            log_command(job.store, job.vehicle.name, confirmed, "confirmed")
            return Tried(kind, after)
    return Tried(kind, None)


def _read(job: Job, car: Car, now: datetime) -> Reading:
    count_call(job.store, job.vehicle.account, now, "read")
    return car.read(now)
