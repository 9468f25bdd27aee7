"""`delcia simulate`: a night or a week in seconds, by the code that charges."""

import json
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import click

from delcia.car.simulation import Condition, Daily, Life
from delcia.cli.asking import instant_after
from delcia.cli.clock import now as clock_now
from delcia.cli.sites import say_source, subject
from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.report.data import instant, money
from delcia.runtime.simulate import Bill, Simulated, bill_of, simulate

MARGIN = timedelta(minutes=5)


@click.command(epilog="Example: delcia simulate plans --soc 52")
@click.argument("directory", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--days", type=click.IntRange(1, 366), default=1, help="How many nights; 7 is a week.")
@click.option("--soc", type=click.IntRange(0, 100), default=50, help="SoC when first plugged in, in percent; else 50.")
@click.option("--used", type=click.IntRange(0, 100), default=25, help="Points used on each later day; else 25.")
@click.option("--plugged", default="18:30-07:30", help="When the car is plugged in; 18:30-07:30 unless said.")
@click.option("--from", "begin", help="First day, or instant (YYYY-MM-DDTHH:MM); now unless said.")
@click.option("--vehicle", help="This vehicle only.")
@click.option("--log", is_flag=True, help="Every decision, also for more than one night.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/simulation/1).")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(
    directory: Path | None,
    *,
    days: int,
    soc: int,
    used: int,
    plugged: str,
    begin: str | None,
    vehicle: str | None,
    log: bool,
    as_json: bool,
    root: Path | None,
) -> int:
    """Let delcia charge a simulated car by the plans, on a virtual clock, and say what came of it.

    Nothing is asked of a real car. The timers, the decisions and the words are those of a real night.
    """
    now = clock_now()
    found = subject(directory, root, now)
    site = found.site
    if vehicle is not None and vehicle not in site.vehicles:
        known = ", ".join(sorted(site.vehicles))
        raise DelciaError(f"no vehicle '{vehicle}'", slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    if begin is not None:
        now = instant_after(begin if "T" in begin else f"{begin}T12:00", now, site)
    daily = _daily(plugged, site, used)
    start, end = _span(site, daily, now, days)
    life = Life(Condition(start, min(100.0, soc + used), plugged=False), daily)
    if soc + used > 100:  # noqa: PLR2004 - a full battery
        daily = Daily(daily.timezone, daily.plugged_min, daily.unplugged_min, 100.0 - soc)
        life = Life(Condition(start, 100.0, plugged=False), daily)
    names = [vehicle] if vehicle else [name for name in sorted(site.vehicles) if site.plans_of(name)]
    results = [simulate(site, site.vehicles[name], life, start, end) for name in names]
    say_source(found)
    if as_json:
        data = {"schema": "delcia/simulation/1", "from": instant(start), "to": instant(end)}
        click.echo(json.dumps({**data, "vehicles": [_data(item) for item in results]}, indent=2))
    else:
        tz = zone(site.timezone)
        click.echo(f"# {start.astimezone(tz):%a %Y-%m-%d %H:%M} to {end.astimezone(tz):%a %Y-%m-%d %H:%M}", err=True)
        for item in results:
            click.echo("\n".join(_lines(site, site.vehicles[item.vehicle], item, tz, log=log or days == 1)))
    return Exit.PROBLEMS if any(ready.missed for item in results for ready in item.ready) else Exit.OK


def _daily(plugged: str, site: Site, used: int) -> Daily:
    try:
        first, last = (60 * int(part[:2]) + int(part[3:]) for part in plugged.split("-"))
        return Daily(site.timezone, first, last, float(used))
    except ValueError as error:
        message = f"'{plugged}' says no time of being plugged in"
        hint = "write --plugged 18:30-07:30"
        raise DelciaError(message, slug="bad-time", hint=hint, status=Exit.USAGE) from error


def _span(site: Site, daily: Daily, now: datetime, days: int) -> tuple[datetime, datetime]:
    """Return from just before the first plugging in to just after the last unplugging."""
    tz = zone(site.timezone)
    day = local_date(now, tz)
    first = begin_instant(day, daily.plugged_min, tz)
    if first < now:
        day += DAY
        first = begin_instant(day, daily.plugged_min, tz)
    last_day = day + days * DAY if daily.unplugged_min <= daily.plugged_min else day + (days - 1) * DAY
    return first - MARGIN, begin_instant(last_day, daily.unplugged_min, tz) + MARGIN


def _lines(site: Site, vehicle: Vehicle, item: Simulated, tz: tzinfo, *, log: bool) -> list[str]:
    lines = []
    if log:
        lines = [f"{said.at.astimezone(tz):%a %H:%M}  {said.words}" for said in item.said]
    else:
        for piece in item.charged:
            start, end = piece.interval.start.astimezone(tz), piece.interval.end.astimezone(tz)
            cost = _cost(bill_of(site, vehicle, [piece]), item.currency)
            lines.append(
                f"{start:%a %Y-%m-%d %H:%M} → {end:%a %H:%M}  {piece.soc_from_pct:3.0f} → {piece.soc_to_pct:3.0f} %"
                f"  {piece.energy_wall_kwh:5.1f} kWh  {cost}"
            )
    for ready in item.ready:
        if not log and not ready.missed:
            continue
        goal = "" if ready.target_soc_pct is None else f" (target {ready.target_soc_pct:.0f} %)"
        verdict = ": missed" if ready.missed else "" if ready.plugged else ": not plugged in"
        lines.append(
            f"{ready.at.astimezone(tz):%a %H:%M}  {item.vehicle}: ready by, with {ready.soc_pct:.0f} %{goal}{verdict}"
        )
    misses = sum(ready.missed for ready in item.ready)
    lines.append(
        f"{item.vehicle}: {item.bill.energy_wall_kwh:.1f} kWh {_cost(item.bill, item.currency)}".rstrip()
        + f"; charging on plug-in: {item.plain.energy_wall_kwh:.1f} kWh {_cost(item.plain, item.currency)}".rstrip()
        + f"; {misses} of {len(item.ready)} missed; {item.calls} readings of the car"
    )
    return lines


def _cost(found: Bill, currency: str | None) -> str:
    return "" if found.cost is None else f"{money(found.cost)} {currency}"


def _data(item: Simulated) -> dict[str, object]:
    return {
        "vehicle": item.vehicle,
        "energy_wall_kwh": round(item.bill.energy_wall_kwh, 3),
        "cost": money(item.bill.cost),
        "currency": item.currency,
        "on_plug_in": {"energy_wall_kwh": round(item.plain.energy_wall_kwh, 3), "cost": money(item.plain.cost)},
        "soc_pct": round(item.soc_pct, 1),
        "readings": item.calls,
        "charges": [
            {
                "starts_at": instant(piece.interval.start),
                "ends_at": instant(piece.interval.end),
                "soc_from_pct": round(piece.soc_from_pct, 1),
                "soc_to_pct": round(piece.soc_to_pct, 1),
                "energy_wall_kwh": round(piece.energy_wall_kwh, 3),
            }
            for piece in item.charged
        ],
        "ready": [
            {
                "plan": ready.plan,
                "at": instant(ready.at),
                "soc_pct": round(ready.soc_pct, 1),
                "target_soc_pct": ready.target_soc_pct,
                "plugged": ready.plugged,
                "missed": ready.missed,
            }
            for ready in item.ready
        ],
        "decisions": [{"at": instant(said.at), "words": said.words, "status": int(said.status)} for said in item.said],
    }
