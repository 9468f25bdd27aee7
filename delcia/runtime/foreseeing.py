"""After a run: in the evening a look ahead at the night; at any hour what the car will not have, and does not tell."""

from dataclasses import replace
from datetime import datetime, timedelta

from delcia.core.ahead import (
    PATIENCE,
    evening_began,
    is_awaited,
    look_began,
    news_of,
    shortfalls,
    tonight,
    unplugged_words,
)
from delcia.core.clock import zone
from delcia.core.hand import with_way
from delcia.core.model import Site
from delcia.core.projection import Projection
from delcia.core.state import Memory, Plug
from delcia.core.trips import with_trip
from delcia.core.unknowns import unknown_words, without_place
from delcia.core.waking import is_to_ask
from delcia.core.watching import POLL
from delcia.core.wishes import settle
from delcia.errors import Exit
from delcia.runtime.charge import run
from delcia.runtime.job import Job, Outcome
from delcia.store.memory import memory_of, remember
from delcia.store.notices import clear_notice, open_notices, queue_notice, withdraw_notices

SAME_EVENING = timedelta(hours=1)
"""Plugged in and pulled out again within it is one finding."""
SAME_LACK = timedelta(days=7)
"""What was known for a while and is not known again is told no sooner."""
LASTS = timedelta(hours=1)
"""Trouble for so long is not over with the next try."""
STUCK = frozenset({"ignored", "own-limit", "released", "stops-by-itself", "hold-ended"})
"""Decisions after which a car that is to charge does not, unless somebody sees to it."""


def foresee(job: Job, outcome: Outcome, now: datetime) -> Outcome:
    """Tell the owner what a run could not know to be trouble; return how the run ended, or the one made for this look.

    Raises DelciaError when the state cannot be written.
    """
    site, memory = _known(job, now)
    began, evening = look_began(site, memory, now), evening_began(site, now)
    if began is not None:
        coming = tonight(site, job.vehicle, memory, now)
        if coming is not None:
            outcome = _heard(job, outcome, memory, now)
            site, memory = _known(job, now)
            if (outcome.status is Exit.TRY_AGAIN and now - began < PATIENCE) or is_awaited(memory, began, now):
                return outcome
            coming = tonight(site, job.vehicle, memory, now) or coming
            _tell_of_tonight(job, site, memory, outcome, coming, began, now)
        memory = replace(memory, looked_ahead_at=now)
        remember(job.store, job.vehicle.name, replace(memory_of(job.store, job.vehicle.name), looked_ahead_at=now))
    elif evening is not None and _is_overdue(memory, outcome, now):
        coming = tonight(site, job.vehicle, memory, now)
        if coming is not None:
            _tell_of_tonight(job, site, memory, outcome, coming, evening, now)
    if outcome.error is None:
        _clear(job, memory, now)
        _tell_of_unknowns(job, site, memory, outcome, now)
    _tell_of_shortfalls(job, site, memory, outcome, now)
    return outcome


def _is_overdue(memory: Memory, outcome: Outcome, now: datetime) -> bool:
    """Return whether something has been so for a while between two looks that the owner is to hear in the evening."""
    seen = memory.reading
    if outcome.status is Exit.TRY_AGAIN:
        return seen is not None and now - seen.read_at >= PATIENCE
    return seen is not None and seen.plug is Plug.UNPLUGGED and now - seen.at >= PATIENCE


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


def _tell_of_tonight(
    job: Job, site: Site, memory: Memory, outcome: Outcome, coming: Projection, since: datetime, now: datetime
) -> None:
    """Tell what keeps tonight's charge from beginning; what was told since an instant, and is not over, is known."""
    name = job.vehicle.name
    assert coming.starts_at is not None  # noqa: S101 - that is what makes it tonight's
    if outcome.status is Exit.TRY_AGAIN and outcome.error is not None:
        starts = f"{coming.starts_at.astimezone(zone(site.timezone)):%H:%M}"
        words = f"{name}: {outcome.error.message}; it is to charge from {starts}, and delcia goes on trying"
        queue_notice(job.store, name, "out-of-reach", with_way(site, job.vehicle, memory, words), now)
    elif outcome.error is None and (words := unplugged_words(site, memory, coming, now)):
        told = [item.at for item in open_notices(job.store) if (item.vehicle, item.slug) == (name, "not-plugged-in")]
        if not any(at >= (evening_began(site, now) or since) for at in told):
            clear_notice(job.store, name, "not-plugged-in", now)
            queue_notice(job.store, name, "not-plugged-in", words, now, again=SAME_EVENING)


def _tell_of_unknowns(job: Job, site: Site, memory: Memory, outcome: Outcome, now: datetime) -> None:
    """Tell once what the car does not tell, and what is not enforced therefore; it is over when it tells all."""
    name = job.vehicle.name
    if outcome.decision is not None and outcome.decision.slug == "no-fix":
        unknown = without_place(memory, now)
        if unknown != memory.unknown:
            memory = replace(memory, unknown=unknown)
            remember(job.store, name, replace(memory_of(job.store, name), unknown=unknown))
    if not memory.unknown:
        clear_notice(job.store, name, "not-known", now)
    elif words := unknown_words(site, job.vehicle, memory, now):
        queue_notice(job.store, name, "not-known", with_way(site, job.vehicle, memory, words), now, again=SAME_LACK)


def _clear(job: Job, memory: Memory, now: datetime) -> None:
    if memory.failure is None or memory.failure.what != "ask":
        clear_notice(job.store, job.vehicle.name, "out-of-reach", now)
    if memory.reading is not None and memory.reading.plug is Plug.PLUGGED:
        clear_notice(job.store, job.vehicle.name, "not-plugged-in", now)


def _tell_of_shortfalls(job: Job, site: Site, memory: Memory, outcome: Outcome, now: datetime) -> None:
    """Tell of each plan once a night, and again as it grows: no trouble that was told says by how much it will miss."""
    store, name = job.store, job.vehicle.name
    found = shortfalls(site, job.vehicle, memory, now, stuck=_is_stuck(memory, outcome, now))
    told = tuple(item for item in memory.missed if item[1] > now)
    if not found:
        if not told and outcome.error is None:
            for slug in ("short", "far-short"):
                clear_notice(store, name, slug, now)
        return
    for item in news_of(found, told):
        for slug in ("short", "far-short"):
            withdraw_notices(store, name, slug)
            clear_notice(store, name, slug, now)
        words = with_way(site, job.vehicle, memory, item.words)
        queue_notice(store, name, "far-short" if item.far else "short", words, now, again=timedelta(0))
        others = (known for known in told if known[:2] != (item.plan, item.deadline))
        told = (*others, (item.plan, item.deadline, item.missing_pct))
    if told != memory.missed:
        remember(store, name, replace(memory_of(store, name), missed=told))


def _is_stuck(memory: Memory, outcome: Outcome, now: datetime) -> bool:
    """Return whether the car should charge now and will not by itself: it was asked in vain, or nobody can ask it."""
    if memory.session is not None:
        return False
    if outcome.decision is None:
        lasts = memory.trouble_since is not None and now - memory.trouble_since >= LASTS
        return lasts and outcome.status in {Exit.UNAVAILABLE, Exit.LOGIN, Exit.BROKEN}
    return outcome.decision.wish.wanted and outcome.decision.slug in STUCK
