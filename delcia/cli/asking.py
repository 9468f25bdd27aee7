"""What `start`, `stop`, `boost`, `pause` and `resume` have in common: one vehicle, now, by a person's word."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.running import applied, as_service_user, named_vehicles, run_each
from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit
from delcia.runtime.charge import Job, Outcome

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

root_option = click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")


def ask(vehicle: str, root: Path | None, word: Callable[[Job, datetime], Outcome]) -> int:
    """Give a person's word for one vehicle, print what came of it, and return the exit status."""
    now = clock_now()
    host = applied(root)
    if vehicle not in host.site.vehicles:
        known = ", ".join(sorted(host.site.vehicles))
        message = f"no vehicle '{vehicle}' is applied on this host"
        raise DelciaError(message, slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    as_service_user(host.paths)
    status = Exit.OK
    for outcome in run_each(host, named_vehicles(host.site, vehicle), lambda job: word(job, now), now):
        status = outcome.status
        if outcome.error is None:
            click.echo(outcome.words)
        else:
            click.echo(outcome.error.text(), err=True)
            click.echo(f"'{vehicle}' keeps your word: the next runs try again", err=True)
    return status


def instant_after(text: str, now: datetime, site: Site) -> datetime:
    """Return what `HH:MM`, `sat HH:MM`, or an ISO-8601 time means to a person at home. Raises `bad-time`."""
    tz = zone(site.timezone)
    day_name, _, clock = text.lower().partition(" ")
    if day_name[:3] in WEEKDAYS and clock:
        soonest = instant_after(clock, now, site)
        ahead = (WEEKDAYS.index(day_name[:3]) - local_date(soonest, tz).weekday()) % 7
        shown = soonest.astimezone(tz)
        return begin_instant(local_date(soonest, tz) + ahead * DAY, shown.hour * 60 + shown.minute, tz)
    try:
        if len(text) == len("HH:MM"):
            hour, minute = (int(part) for part in text.split(":"))
            day = local_date(now, tz)
            wall = 60 * datetime(2000, 1, 1, hour, minute).hour + minute  # noqa: DTZ001 - checks the range
            first = begin_instant(day, wall, tz)
            return first if first > now else begin_instant(day + DAY, wall, tz)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"'{text}' is no time"
        hint = "write HH:MM, or YYYY-MM-DDTHH:MM"
        raise DelciaError(message, slug="bad-time", hint=hint, status=Exit.USAGE) from error
    if moment.tzinfo is None:
        return begin_instant(moment.date(), moment.hour * 60 + moment.minute, tz)
    return moment.astimezone(zone("UTC"))
