"""`delcia estimate`: how long a car charges, at the usual currents and at its own chargers."""

import json
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.estimates import TARGETS, UNKNOWN_PCT, Place, places_of, rows_of, soc_told, usual_places
from delcia.cli.sites import Subject, say_source, subject
from delcia.core.model import Battery
from delcia.errors import DelciaError, Exit


@click.command(epilog="Example: delcia estimate spring-26 --soc 20")
@click.argument("vehicle")
@click.option("--soc", type=click.FloatRange(0, 100), help="From this SoC, in percent; the car's, else 20.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/estimate/1).")
@click.option("--plans", type=click.Path(path_type=Path), help="The plan directory, unless the usual one.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(vehicle: str, *, soc: float | None, as_json: bool, plans: Path | None, root: Path | None) -> int:
    """Say how long it takes to 80 % and to 100 %. VEHICLE is one of the plans, or an id of 'delcia models'."""
    battery, places, known, source = _named(vehicle, plans, root)
    soc_pct = soc if soc is not None else known if known is not None else UNKNOWN_PCT
    rows = rows_of(battery, places, soc_pct)
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
) -> tuple[Battery, list[Place], float | None, Subject | None]:
    """Return a battery, where to charge it with what was learned there, and the SoC if the car told one."""
    from delcia.config.catalogue import models

    try:
        found = subject(plans, root, clock_now())
    except DelciaError:
        if vehicle not in models():
            raise
        return models()[vehicle].battery, usual_places(), None, None
    if vehicle in found.site.vehicles:
        memory = found.memories.get(vehicle)
        return found.site.vehicles[vehicle].battery, places_of(found.site, memory), soc_told(memory), found
    if vehicle in models():
        return models()[vehicle].battery, usual_places(), None, None
    hint = f"there are: {', '.join(sorted(found.site.vehicles))}, and those of 'delcia models'"
    raise DelciaError(f"no vehicle '{vehicle}'", slug="unknown-name", hint=hint, status=Exit.USAGE)


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
