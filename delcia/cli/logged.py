"""The log of a vehicle as it stands in the state of a host, for `delcia log` and for the panel."""

from contextlib import closing
from datetime import datetime, timedelta, tzinfo

from delcia.cli.times import instant_before
from delcia.core.clock import DAY, MINUTE, zone
from delcia.core.model import Site
from delcia.core.windows import windows_of
from delcia.errors import DelciaError
from delcia.host.generations import numbers, receipt_of
from delcia.host.paths import Paths
from delcia.report.logbook import (
    Entry,
    Then,
    WindowThen,
    decision_entry,
    in_order,
    notice_entry,
    order_entry,
    reading_entry,
    word_entry,
)
from delcia.store.opening import open_readonly
from delcia.store.timeline import Logged, last_logged, logged_between

AHEAD = 2 * DAY
AROUND = 120 * MINUTE
"""What is listed on both sides of an instant that is asked about."""


def log_round(
    paths: Paths, site: Site, vehicle: str, now: datetime, *, at: str | None = None, back: timedelta = DAY
) -> tuple[datetime, tuple[Entry, ...], Then | None]:
    """Return since when, and what was logged: of the last time, or round a past one as a person writes it."""
    if at is None:
        return now - back, log_of(paths, site, vehicle, now - back, now), None
    moment = instant_before(at, now, site)
    since = moment - AROUND
    entries = log_of(paths, site, vehicle, since, min(now, moment + AROUND))
    return since, entries, then_of(paths, site, vehicle, moment)


def log_of(paths: Paths, site: Site, vehicle: str, since: datetime, until: datetime) -> tuple[Entry, ...]:
    """Return what was logged of a vehicle after an instant, up to and with another. Raises DelciaError."""
    with closing(open_readonly(paths.database)) as store:
        return _entries(vehicle, logged_between(store, vehicle, since, until), zone(site.timezone))


def then_of(paths: Paths, site: Site, vehicle: str, at: datetime) -> Then:
    """Return what was in force of a vehicle at an instant. Raises DelciaError."""
    with closing(open_readonly(paths.database)) as store:
        entries = _entries(vehicle, last_logged(store, vehicle, at), zone(site.timezone))
    shown = tuple(entry for entry in entries if not _is_over(entry, at))
    return Then(at, shown, tuple(_windows(site, vehicle, at)), _generation(paths, at))


def _entries(vehicle: str, found: Logged, tz: tzinfo) -> tuple[Entry, ...]:
    return in_order(
        [
            *(reading_entry(item) for item in found.readings),
            *(
                decision_entry(item.at, vehicle, item.words, item.action, wanted=item.wanted)
                for item in found.decisions
            ),
            *(
                order_entry(item.sent_at, item.kind, item.reason, item.outcome, item.confirmed_at, tz)
                for item in found.commands
            ),
            *(word_entry(item.at, item.override, tz) for item in found.overrides),
            *(notice_entry(item.at, vehicle, item.slug, item.words, item.sent_at) for item in found.notices),
        ]
    )


def _is_over(entry: Entry, at: datetime) -> bool:
    """Return whether something was in force no more at an instant: a word that was taken back, or whose time was up."""
    if entry.kind == "notice" or entry.details.get("word") == "resume":
        return True
    until = entry.details.get("until")
    return until is not None and datetime.fromisoformat(until) <= at


def _windows(site: Site, vehicle: str, at: datetime) -> list[WindowThen]:
    """Return of each plan the window that was open, or else the next one."""
    found = []
    for plan in sorted(site.plans_of(vehicle), key=lambda plan: plan.name):
        for window in windows_of(site, plan, at, at + AHEAD)[:1]:
            is_open = window.start < at + MINUTE
            found.append(WindowThen(plan.name, window.start, window.end, window.deadline, is_open))
    return found


def _generation(paths: Paths, at: datetime) -> int | None:
    """Return the generation that was applied last before an instant, as far as it is still kept."""
    applied = []
    for number in numbers(paths):
        try:
            receipt = receipt_of(paths, number)
        except DelciaError:
            continue
        if receipt.applied_at <= at:
            applied.append((receipt.applied_at, number))
    return max(applied, default=(at, None))[1]
