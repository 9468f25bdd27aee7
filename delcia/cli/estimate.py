"""`delcia estimate`: how long a car charges, at the usual currents and at its own chargers."""

import json
from pathlib import Path
from typing import Any

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.sites import Subject, say_source, subject
from delcia.core.energy import SPREAD, charging_minutes, curve, wall_kwh_after
from delcia.core.learned import Learned
from delcia.core.model import Battery, Charger
from delcia.errors import DelciaError, Exit

AMPS = (8, 10, 16, 32)
VOLTS = 230
TARGETS = (80, 100)


@click.command(epilog="Example: delcia estimate spring-26 --soc 20")
@click.argument("vehicle")
@click.option("--soc", type=click.FloatRange(0, 100), help="From this SoC, in percent; the car's, else 20.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/estimate/1).")
@click.option("--plans", type=click.Path(path_type=Path), help="The plan directory, unless the usual one.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(vehicle: str, *, soc: float | None, as_json: bool, plans: Path | None, root: Path | None) -> int:
    """Say how long it takes to 80 % and to 100 %. VEHICLE is one of the plans, or an id of 'delcia models'."""
    battery, chargers, known, source = _named(vehicle, plans, root)
    soc_pct = soc if soc is not None else known if known is not None else 20.0
    rows = [_row(battery, charger, learned, soc_pct) for charger, learned in chargers]
    if as_json:
        data = {"schema": "delcia/estimate/1", "vehicle": vehicle, "soc_pct": round(soc_pct, 1), "chargers": rows}
        click.echo(json.dumps(data, indent=2))
        return Exit.OK
    from delcia.report.columns import aligned

    if source is not None:
        say_source(source)
    click.echo(f"{vehicle} from {soc_pct:.0f} %")
    cells = []
    for row in rows:
        name = f"{row['charger']}, {row['power_kw']:.1f} kW"
        times = [f"to {target} %: {_times(row['to'][str(target)])}" for target in TARGETS]
        cells.append([name, *times, f"learned from {row['charges']} charges" if row["charges"] else ""])
    for line in aligned(cells, "llll"):
        click.echo(line)
    return Exit.OK


def _named(
    vehicle: str, plans: Path | None, root: Path | None
) -> tuple[Battery, list[tuple[Charger, Learned | None]], float | None, Subject | None]:
    """Return a battery, where to charge it with what was learned there, and the SoC if the car told one."""
    from delcia.config.catalogue import models

    usual: list[tuple[Charger, Learned | None]] = [(Charger(f"{a} A", a * VOLTS / 1000), None) for a in AMPS]
    try:
        found = subject(plans, root, clock_now())
    except DelciaError:
        if vehicle not in models():
            raise
        return models()[vehicle].battery, usual, None, None
    if vehicle in found.site.vehicles:
        memory = found.memories.get(vehicle)
        learned = {item.charger: item for item in memory.learned} if memory else {}
        own = [(charger, learned.get(name)) for name, charger in sorted(found.site.chargers.items())]
        told = memory.soc_reading.soc_pct if memory and memory.soc_reading else None
        return found.site.vehicles[vehicle].battery, [*usual, *own], told, found
    if vehicle in models():
        return models()[vehicle].battery, usual, None, None
    hint = f"there are: {', '.join(sorted(found.site.vehicles))}, and those of 'delcia models'"
    raise DelciaError(f"no vehicle '{vehicle}'", slug="unknown-name", hint=hint, status=Exit.USAGE)


def _row(battery: Battery, charger: Charger, learned: Learned | None, soc_pct: float) -> dict[str, Any]:
    model = curve(battery, charger, learned)
    spread = learned.spread if learned else SPREAD
    to = {}
    for target in TARGETS:
        minutes = charging_minutes(model, soc_pct / 100, target / 100)
        to[str(target)] = {
            "minutes": round(minutes, 1),
            "least_minutes": round(minutes * (1 - spread), 1),
            "most_minutes": round(minutes * (1 + spread), 1),
            "energy_wall_kwh": round(wall_kwh_after(model, soc_pct / 100, minutes), 3),
        }
    return {
        "charger": charger.name,
        "power_kw": round(model.wall_kw, 3),
        "charges": learned.entries if learned else 0,
        "to": to,
    }


def _times(times: dict[str, float]) -> str:
    if times["minutes"] <= 0:
        return "has it"
    return (
        f"{_hours(times['minutes'])} ({_hours(times['least_minutes'])}–{_hours(times['most_minutes'])}),"
        f" {times['energy_wall_kwh']:.1f} kWh"
    )


def _hours(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02}"
