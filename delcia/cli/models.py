"""`delcia models`: the cars that delcia knows, and what can be asked of each from afar."""

import json
from dataclasses import asdict

import click

from delcia.config.catalogue import Model, models

SCHEMA = "delcia/models/1"
HEADERS = ("id", "car", "code", "kWh", "AC 1/3 phases", "start", "stop", "SoC limit")
_WORDS = {"none": "no", "no-effect": "no", "unknown": "?"}


@click.command(epilog="Example: delcia models --json")
@click.option("--json", "as_json", is_flag=True, help="All columns with their sources, as JSON.")
def command(*, as_json: bool) -> None:
    """Show the cars that delcia knows.

    A plan names a car by its id. '?' means that no owner has reported: control: in the plan overrides the table.
    """
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "models": [asdict(model) for model in models().values()]}, indent=2))
        return
    from tabulate import tabulate

    rows = [_row(model) for model in models().values()]
    click.echo(tabulate(rows, headers=HEADERS, tablefmt="plain", disable_numparse=True))


def _row(model: Model) -> tuple[str, ...]:
    ways = (_WORDS.get(way, "yes") for way in (model.start, model.stop, model.soc_limit))
    three = f"{model.ac_3phase_kw:g}" if model.ac_3phase_kw else "–"
    power = f"{model.ac_1phase_kw:g} / {three} kW"
    return model.id, model.label, model.model_code or "?", f"{model.usable_kwh:g}", power, *ways
