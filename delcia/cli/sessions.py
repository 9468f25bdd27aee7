"""`delcia sessions`: the charges that happened, with their energy and cost."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.past import sessions_of
from delcia.cli.places import host_paths
from delcia.cli.sites import say_source, subject
from delcia.core.clock import DAY, zone
from delcia.core.learning import is_usable
from delcia.core.model import Site
from delcia.core.sessions import PastSession, cost_of
from delcia.errors import DelciaError, Exit

FIELDS = (
    "vehicle",
    "began_at",
    "ended_at",
    "owner",
    "plan",
    "charger",
    "soc_start_pct",
    "soc_end_pct",
    "energy_wall_kwh",
    "cost",
    "currency",
    "learned_from",
    "energy_battery_kwh",
    "source",
)

COMPLETED = ", completed from the car's list"


@click.command(epilog="Example: delcia sessions --days 30 --csv")
@click.argument("vehicle", required=False)
@click.option("--days", type=click.IntRange(1, 3660), default=30, help="How far back; 30 days unless said.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/sessions/1).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, instants in UTC.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(vehicle: str | None, *, days: int, as_json: bool, as_csv: bool, root: Path | None) -> int:
    """List the charges that were seen, oldest first. Energy is the model's, for no car measures it at the wall.

    What is known from the car's own list alone, or completed by it, says so; the other rows are delcia's readings.
    """
    now = clock_now()
    found = subject(None, root, now)
    site = found.site
    if vehicle is not None and vehicle not in site.vehicles:
        known = ", ".join(sorted(site.vehicles))
        raise DelciaError(f"no vehicle '{vehicle}'", slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    past = sessions_of(site, host_paths(root).database, now - days * DAY, now)
    sessions = [item for name in sorted(past) if vehicle in {None, name} for item in past[name]]
    if not (as_json or as_csv):
        say_source(found)
    if as_json:
        rows = [_data(site, item) for item in sessions]
        click.echo(json.dumps({"schema": "delcia/sessions/1", "sessions": rows}, indent=2))
    elif as_csv:
        text = io.StringIO()
        writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_data(site, item) for item in sessions)
        click.echo(text.getvalue(), nl=False)
    else:
        for line in _lines(site, sessions, now):
            click.echo(line)
    return Exit.OK


def _data(site: Site, item: PastSession) -> dict[str, Any]:
    from delcia.report.numbers import money
    from delcia.report.words import instant

    cost = cost_of(site, item)
    return {
        "vehicle": item.vehicle,
        "began_at": instant(item.began_at),
        "ended_at": instant(item.ended_at),
        "owner": item.owner.value,
        "plan": item.plan,
        "charger": item.charger,
        "soc_start_pct": item.soc_start_pct,
        "soc_end_pct": item.soc_end_pct,
        "energy_wall_kwh": None if item.energy_wall_kwh is None else round(item.energy_wall_kwh, 3),
        "cost": None if cost is None else money(cost[0]),
        "currency": None if cost is None else cost[1],
        "learned_from": is_usable(site, site.vehicles[item.vehicle], item),
        "energy_battery_kwh": item.energy_battery_kwh,
        "source": item.source,
    }


def _lines(site: Site, sessions: list[PastSession], now: datetime) -> list[str]:
    from delcia.report.columns import aligned
    from delcia.report.numbers import money
    from delcia.report.words import clock, energy_words, owner_words, when

    if not sessions:
        return ["no charge has been seen"]
    tz = zone(site.timezone)
    rows = []
    for item in sessions:
        cost = cost_of(site, item)
        known = item.soc_start_pct is not None and item.soc_end_pct is not None
        rows.append(
            [
                item.vehicle,
                f"{when(item.began_at, now, tz)}–{clock(item.ended_at, item.began_at, tz)}",
                f"{item.soc_start_pct:.0f} → {item.soc_end_pct:.0f} %" if known else "",
                energy_words(item),
                "" if cost is None else f"{money(cost[0])} {cost[1]}",
                f"{item.plan or owner_words(item)}{COMPLETED if item.source == 'both' else ''}",
            ]
        )
    return aligned(rows, "llrrrl")
