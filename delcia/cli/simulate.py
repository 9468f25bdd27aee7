"""`delcia simulate`: a night or a week in seconds, by the code that charges."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from delcia.car.simulation import Condition, Daily, Life
from delcia.cli.clock import now as clock_now
from delcia.cli.plugged import plugged_minutes
from delcia.cli.simulated import data_of, lines_of
from delcia.cli.sites import say_source, subject
from delcia.cli.times import instant_after
from delcia.core.clock import MINUTE
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit
from delcia.runtime.simulate import nights_ahead, simulate

LONG = 31
"""More days than these are simulated from event to event, and told month by month."""


class Wanted(TypedDict):
    """The options, as click names them."""

    days: int
    soc: int
    used: float
    km: float | None
    kwh_per_100km: float
    plugged: str
    begin: str | None
    vehicle: str | None
    log: bool
    as_json: bool
    root: Path | None


@click.command(epilog="Example: delcia simulate plans --soc 52 --days 7")
@click.argument("directory", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--days", type=click.IntRange(1, 366), default=1, help="How many nights; 365 is a year, in seconds.")
@click.option("--soc", type=click.IntRange(0, 100), default=50, help="SoC when first plugged in, in percent; else 50.")
@click.option("--used", type=click.FloatRange(0, 100), default=25, help="Points used on each later day; else 25.")
@click.option("--km", type=click.FloatRange(0, 1000), help="The same in km a day.")
@click.option("--kwh-per-100km", type=click.FloatRange(1, 60), default=15, help="What the car uses; 15 unless said.")
@click.option("--plugged", default="18:30-07:30", help="When the car is plugged in; 18:30-07:30 unless said.")
@click.option("--from", "begin", help="The first day (YYYY-MM-DD); today unless said.")
@click.option("--vehicle", help="This vehicle only.")
@click.option("--log", is_flag=True, help="Every decision, also for more than one night.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/simulation/1).")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(directory: Path | None, **wanted: Unpack[Wanted]) -> int:
    """Let delcia charge a simulated car by the plans, on a virtual clock, and say what came of it.

    Nothing is asked of a real car. The timers, the decisions and the words are those of a real night.
    Exits 1 when the car, plugged in, was not ready in time.
    """
    now = clock_now()
    found = subject(directory, wanted["root"], now)
    site = found.site
    names = _names(site, wanted["vehicle"])
    day = now if wanted["begin"] is None else _day(wanted["begin"], now, site)
    daily = Daily(site.timezone, *plugged_minutes(wanted["plugged"]), float(wanted["used"]))
    start, end = nights_ahead(daily, day, wanted["days"])
    # It begins to charge on plugging in, as cars do; that is where delcia has to begin.
    first = Condition(start, float(wanted["soc"]), plugged=True, charging=True)
    is_long = wanted["days"] > LONG and not wanted["log"]
    results = []
    for name in names:
        vehicle = site.vehicles[name]
        used = daily
        if wanted["km"] is not None:
            used_kwh = wanted["km"] * wanted["kwh_per_100km"] / 100
            used = replace(daily, used_pct=min(100.0, 100 * used_kwh / vehicle.battery.usable_kwh))
        results.append(simulate(site, vehicle, Life(first, used), start, end + MINUTE, by_events=is_long))
    say_source(found)
    if wanted["as_json"]:
        click.echo(json.dumps(data_of(results, start, end), indent=2))
    else:
        for line in lines_of(site, results, (start, end), log=wanted["log"] or wanted["days"] == 1, by_month=is_long):
            click.echo(line)
    return Exit.PROBLEMS if any(ready.missed for item in results for ready in item.ready) else Exit.OK


def _names(site: Site, vehicle: str | None) -> list[str]:
    """Return the vehicles to simulate: the one named, or all that have a plan. Raises `unknown-name`, `no-plans`."""
    if vehicle is None:
        names = [name for name in sorted(site.vehicles) if site.plans_of(name)]
        if not names:
            raise DelciaError("no plan is enabled", slug="no-plans", hint="set enabled: true on one")
        return names
    if vehicle not in site.vehicles:
        known = ", ".join(sorted(site.vehicles))
        raise DelciaError(f"no vehicle '{vehicle}'", slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    return [vehicle]


def _day(text: str, now: datetime, site: Site) -> datetime:
    return instant_after(text if "T" in text else f"{text}T12:00", now, site)
