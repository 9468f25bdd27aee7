"""A person's word to what is done for it: one way for the commands, for the panel, and for what waits in a spool."""

from collections.abc import Callable
from datetime import datetime
from typing import TypedDict, TypeVar

from delcia.cli.running import Applied, named_vehicles, run_each
from delcia.cli.times import instant_after
from delcia.core.clock import DAY
from delcia.core.model import Site
from delcia.core.request import FULL_PCT, TOMORROW, UNPLUGGED, Answer, Request
from delcia.errors import DelciaError, Exit
from delcia.runtime.asking import RefusedError, boost, pause, resume, skip, stop, trip, trip_from
from delcia.runtime.job import Job, Outcome
from delcia.store.requests import answer_to, keep_answer

LONGEST_TRIP = 7 * DAY

Work = Callable[[Job, datetime], Outcome]
Named = TypeVar("Named", bound=str)


class Place(TypedDict):
    """Where a car is said to charge."""

    charger: str | None
    amps: float | None


def heard(host: Applied, request: Request, now: datetime) -> Answer:
    """Carry out a word for one vehicle and return what came of it; one that has a key and comes again does nothing.

    Raises DelciaError for what nobody can carry out. The caller is the user of the service.
    """
    site = host.site
    if request.vehicle not in site.vehicles:
        known = ", ".join(sorted(site.vehicles))
        message = f"no vehicle '{request.vehicle}' is applied on this host"
        raise DelciaError(message, slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    work = work_of(request, site, now)
    answers: list[Answer] = []

    def once(job: Job) -> Outcome:
        if request.key and (before := answer_to(job.store, request.key)) is not None:
            answers.append(before)
            return Outcome(request.vehicle, Exit(before.status), before.words, None, news=False)
        outcome = work(job, now)
        answers.append(_answer(request, outcome, kept=_is_kept(outcome)))
        if request.key:
            keep_answer(job.store, answers[0], now)
        return outcome

    outcomes = list(run_each(host, named_vehicles(site, request.vehicle), once, now))
    # A word that never got as far as the state has no answer yet, and nothing of it is kept.
    return answers[0] if answers else _answer(request, outcomes[0], kept=False)


def work_of(request: Request, site: Site, now: datetime) -> Work:
    """Return what a word does. Raises DelciaError 2 for one that says too much, too little, or no time."""
    match request.word:
        case "boost" | "start":
            minutes, place = _minutes(request), _place(request, site)
            return lambda job, now: boost(job, now, request.to_soc, minutes, **place)
        case "stop":
            ends = _until(request, site, now, UNPLUGGED)
            return lambda job, now: stop(job, now, ends)
        case "pause" | "release":
            until = None if request.until is None else _later(request.until, now, site)
            return lambda job, now: pause(job, now, until)
        case "skip":
            rests = _until(request, site, now, TOMORROW)
            return lambda job, now: skip(job, now, rests)
        case "resume":
            return resume
        case "trip":
            return _trip(request, site, now)


def _trip(request: Request, site: Site, now: datetime) -> Work:
    minutes, place = _minutes(request), _place(request, site)
    if request.by is not None and request.at is not None:
        raise _usage("say --by or --at, not both", slug="usage", hint="'delcia trip --help' shows how")
    given = request.by if request.by is not None else request.at
    soc_pct = FULL_PCT if request.to_soc is None else request.to_soc
    if given is None:
        return lambda job, now: trip(job, now, soc_pct, None, minutes, **place)
    instant = instant_after(given, now, site)
    if not now < instant <= now + LONGEST_TRIP:
        raise _usage(f"'{given}' is not within the week to come", slug="bad-time", hint="write such as 'sat 06:00'")
    ask = trip if request.by is not None else trip_from
    return lambda job, now: ask(job, now, soc_pct, instant, minutes, **place)


def _place(request: Request, site: Site) -> Place:
    """Return where, or at what current, the car is said to charge. Raises DelciaError for a charger that is none."""
    if request.charger is not None and request.amps is not None:
        raise _usage("say --charger or --amps, not both", slug="usage", hint="leave one of them out")
    if request.charger is not None and request.charger not in site.chargers:
        known = f"there are: {', '.join(sorted(site.chargers))}"
        raise _usage(f"no charger '{request.charger}' is applied on this host", slug="unknown-name", hint=known)
    return {"charger": request.charger, "amps": request.amps}


def _until(request: Request, site: Site, now: datetime, named: Named) -> datetime | Named | None:
    """Return until when a word holds: a time to come, what it calls by a name, or None where nothing is said."""
    if request.until is None or request.until == named:
        return None if request.until is None else named
    return _later(request.until, now, site)


def _later(given: str, now: datetime, site: Site) -> datetime:
    """Return a time to come. Raises `bad-time` for one that is past."""
    instant = instant_after(given, now, site)
    if instant <= now:
        raise _usage(f"'{given}' is past", slug="bad-time", hint="write a time to come, such as 'sat 06:00'")
    return instant


def _minutes(request: Request) -> int | None:
    """Return for how long a charge is asked, None when it has a target."""
    if request.to_soc is not None and request.hours is not None:
        raise _usage("say a target or a time, not both", slug="usage", hint="leave one of them out")
    return None if request.hours is None else round(request.hours * 60)


def _is_kept(outcome: Outcome) -> bool:
    """Return whether the next runs try again what could not be done."""
    return outcome.error is not None and not isinstance(outcome.error, RefusedError)


def _answer(request: Request, outcome: Outcome, *, kept: bool) -> Answer:
    error = outcome.error
    if error is None:
        return Answer(request.key, request.vehicle, outcome.status, outcome.words)
    return Answer(request.key, request.vehicle, error.status, error.message, error.slug, error.hint, kept)


def _usage(message: str, *, slug: str, hint: str) -> DelciaError:
    return DelciaError(message, slug=slug, hint=hint, status=Exit.USAGE)
