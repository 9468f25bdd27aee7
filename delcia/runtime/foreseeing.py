"""After a run: at 19:00 a look ahead at the night, and at any hour what the car will not have by its `ready_by`."""

from dataclasses import replace
from datetime import datetime

from delcia.core.ahead import PATIENCE, is_awaited, look_began, shortfalls, tonight, unplugged_words
from delcia.core.clock import zone
from delcia.core.deciding import POLL
from delcia.core.model import Site
from delcia.core.projection import Projection
from delcia.core.state import Memory, Plug
from delcia.core.trips import with_trip
from delcia.core.waking import is_to_ask
from delcia.core.wishes import settle
from delcia.errors import Exit
from delcia.runtime.charge import run
from delcia.runtime.job import Job, Outcome
from delcia.runtime.recording import LASTING
from delcia.store.memory import memory_of, remember
from delcia.store.notices import clear_notice, open_notices, queue_notice


def foresee(job: Job, outcome: Outcome, now: datetime) -> Outcome:
    """Tell the owner what a run could not know to be trouble; return how the run ended, or the one made for this look.

    Raises DelciaError when the state cannot be written.
    """
    site, memory = _known(job, now)
    began = look_began(site, memory, now)
    if began is not None:
        coming = tonight(site, job.vehicle, memory, now)
        if coming is not None:
            outcome = _heard(job, outcome, memory, now)
            site, memory = _known(job, now)
            if (outcome.status is Exit.TRY_AGAIN and now - began < PATIENCE) or is_awaited(memory, began, now):
                return outcome
            coming = tonight(site, job.vehicle, memory, now) or coming
            _tell_of_tonight(job, site, memory, outcome, coming, now)
        memory = replace(memory, looked_ahead_at=now)
        remember(job.store, job.vehicle.name, replace(memory_of(job.store, job.vehicle.name), looked_ahead_at=now))
    if outcome.error is None:
        _clear(job, memory, now)
        _tell_of_shortfalls(job, site, memory, now)
    return outcome


def _known(job: Job, now: datetime) -> tuple[Site, Memory]:
    memory = memory_of(job.store, job.vehicle.name)
    site = with_trip(job.site, job.vehicle, memory, now)
    return site, settle(site, job.vehicle, memory, now)


def _heard(job: Job, outcome: Outcome, memory: Memory, now: datetime) -> Outcome:
    """Ask the car, unless it was asked just now: that proves the login, the service and the way to the car.

    One that seems not to be plugged in, but has not been heard of for a while, is asked to report.
    """
    if outcome.error is None and (memory.reading is None or now - memory.reading.read_at >= POLL):
        outcome = _after(outcome, run(job, now, lambda known: known))
        memory = _known(job, now)[1]
    if outcome.error is None and is_to_ask(memory, now):
        outcome = _after(outcome, run(job, now, lambda known: known, wake=True))
    return outcome


def _after(first: Outcome, second: Outcome) -> Outcome:
    """Return how the second of two runs ended; what was news in the first is still to be said."""
    return replace(second, news=first.news or second.news)


def _tell_of_tonight(job: Job, site: Site, memory: Memory, outcome: Outcome, coming: Projection, now: datetime) -> None:
    name = job.vehicle.name
    assert coming.starts_at is not None  # noqa: S101 - that is what makes it tonight's
    if outcome.status is Exit.TRY_AGAIN and outcome.error is not None:
        starts = f"{coming.starts_at.astimezone(zone(site.timezone)):%H:%M}"
        words = f"{name}: {outcome.error.message}; it is to charge from {starts}, and delcia goes on trying"
        queue_notice(job.store, name, "out-of-reach", words, now)
    elif outcome.error is None and (words := unplugged_words(site, memory, coming, now)):
        clear_notice(job.store, name, "not-plugged-in", now)
        queue_notice(job.store, name, "not-plugged-in", words, now)


def _clear(job: Job, memory: Memory, now: datetime) -> None:
    if memory.failure is None or memory.failure.what != "ask":
        clear_notice(job.store, job.vehicle.name, "out-of-reach", now)
    if memory.reading is not None and memory.reading.plug is Plug.PLUGGED:
        clear_notice(job.store, job.vehicle.name, "not-plugged-in", now)


def _tell_of_shortfalls(job: Job, site: Site, memory: Memory, now: datetime) -> None:
    """Tell of each plan once a night; where a trouble was told that explains it, that is enough."""
    name, found = job.vehicle.name, shortfalls(site, job.vehicle, memory, now)
    told = tuple(item for item in memory.shortfalls if item[1] > now)
    if not found:
        if not told:
            for slug in ("short", "far-short"):
                clear_notice(job.store, name, slug, now)
        return
    if any(item.vehicle == name and item.slug not in LASTING for item in open_notices(job.store)):
        return
    for item in found:
        if (item.plan, item.deadline) in told:
            continue
        slug = "far-short" if item.far else "short"
        clear_notice(job.store, name, slug, now)
        queue_notice(job.store, name, slug, item.words, now)
        told = (*told, (item.plan, item.deadline))
    if told != memory.shortfalls:
        remember(job.store, name, replace(memory_of(job.store, name), shortfalls=told))
