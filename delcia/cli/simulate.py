"""`delcia simulate`: a night or a week in seconds, by the code that charges."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from delcia.car.simulation import Condition, Daily, Life
from delcia.cli.clock import now as clock_now
from delcia.cli.compared import Compared, alone, side_by_side
from delcia.cli.driving import by_weekday
from delcia.cli.plugged import plugged_minutes
from delcia.cli.simulated import data_of, heading, lines_of
from delcia.cli.sites import say_source, subject
from delcia.cli.times import instant_after
from delcia.core.clock import MINUTE, zone
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.runtime.simulate import nights_ahead, simulate

LONG = 31
"""More days than these are simulated from event to event, and told month by month."""


class Wanted(TypedDict):
    """The options, as click names them."""

    days: int
    soc: int
    used: str
    km: str | None
    kwh_per_100km: float
    plugged: str
    begin: str | None
    vehicle: str | None
    compare: tuple[str, ...]
    log: bool
    as_json: bool
    root: Path | None


@click.command(epilog="Example: delcia simulate plans --soc 52 --days 7")
@click.argument("directory", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--days", type=click.IntRange(1, 366), default=1, help="How many nights; 365 is a year, in seconds.")
@click.option("--soc", type=click.IntRange(0, 100), default=50, help="SoC when first plugged in, in percent; else 50.")
@click.option("--used", default="25", help="Points used a day; else 25. Or by weekday: mon-fri=25,sat=40.")
@click.option("--km", help="The same in km: 40, or mon-fri=40,sat=120.")
@click.option("--kwh-per-100km", type=click.FloatRange(1, 60), default=15, help="What the car uses; 15 unless said.")
@click.option("--plugged", default="18:30-07:30", help="When the car is plugged in; 18:30-07:30 unless said.")
@click.option("--from", "begin", help="The first day (YYYY-MM-DD); today unless said.")
@click.option("--vehicle", help="This vehicle only.")
@click.option("--compare", multiple=True, metavar="PLAN", help="Beside this plan alone; may be repeated.")
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
    ways = _ways(site, wanted["vehicle"], wanted["compare"])
    day = now if wanted["begin"] is None else _day(wanted["begin"], now, site)
    daily = Daily(site.timezone, *plugged_minutes(wanted["plugged"]))
    start, end = nights_ahead(daily, day, wanted["days"])
    # It begins to charge on plugging in, as cars do; that is where delcia has to begin.
    first = Condition(start, float(wanted["soc"]), plugged=True, charging=True)
    is_long = wanted["days"] > LONG and not wanted["log"]
    found_all = []
    for only, variant, name in ways:
        vehicle = site.vehicles[name]
        life = Life(first, replace(daily, used_by_weekday=_used(vehicle, wanted)))
        result = simulate(variant, vehicle, life, start, end + MINUTE, by_events=is_long)
        found_all.append(Compared(variant, only, result))
    say_source(found)
    results = [item.result for item in found_all if item.only is None]
    if wanted["as_json"]:
        click.echo(json.dumps(data_of([(item.only, item.result) for item in found_all], start, end), indent=2))
    elif wanted["compare"]:
        tz = zone(site.timezone)
        click.echo(heading((start, end), tz))
        for name in dict.fromkeys(name for _, _, name in ways):
            beside = [item for item in found_all if item.result.vehicle == name]
            for line in side_by_side(site.vehicles[name], beside, tz, is_long=is_long):
                click.echo(line)
    else:
        for line in lines_of(site, results, (start, end), log=wanted["log"] or wanted["days"] == 1, by_month=is_long):
            click.echo(line)
    return Exit.PROBLEMS if any(ready.missed for item in results for ready in item.ready) else Exit.OK


def _ways(site: Site, vehicle: str | None, compare: Sequence[str]) -> list[tuple[str | None, Site, str]]:
    """Return what to simulate: the plan that is alone or None, the site, the vehicle. Raises `unknown-name`."""
    if not compare:
        return [(None, site, name) for name in _names(site, vehicle)]
    variants = {name: alone(site, name) for name in dict.fromkeys(compare)}
    vehicles = dict.fromkeys(site.plans[name].vehicle for name in variants)
    if vehicle is not None and set(vehicles) != set(_names(site, vehicle)):
        message = f"a plan to compare is not of '{vehicle}'"
        raise DelciaError(message, slug="other-vehicle", hint="leave --vehicle out", status=Exit.USAGE)
    return [
        *((None, site, name) for name in vehicles if site.plans_of(name)),
        *((name, variant, site.plans[name].vehicle) for name, variant in variants.items()),
    ]


def _used(vehicle: Vehicle, wanted: Wanted) -> tuple[float, ...]:
    """Return the points that the vehicle uses on each day of the week."""
    if wanted["km"] is None:
        return by_weekday("--used", wanted["used"], 100)
    kwh_per_km = wanted["kwh_per_100km"] / 100
    points = (100 * km * kwh_per_km / vehicle.battery.usable_kwh for km in by_weekday("--km", wanted["km"], 1000))
    return tuple(min(100.0, used_pct) for used_pct in points)


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
