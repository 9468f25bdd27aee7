"""`delcia vehicles`: the cars of the accounts that are logged in, and which vehicle of the plans each of them is."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from delcia.cli.clock import now
from delcia.cli.places import host_paths
from delcia.core.model import Site
from delcia.host.paths import Paths, in_service

SCHEMA = "delcia/vehicles/1"
HEADERS = ("vehicle", "car", "code", "VIN", "account", "kind", "means")


@dataclass(frozen=True, slots=True)
class Row:
    """One car. `vehicle` is its name in the plans; of the VIN only the end is shown."""

    account: str
    vehicle: str | None
    label: str
    model_code: str | None
    vin_tail: str
    account_kind: str
    electric: bool
    active: bool
    means: str | None = None
    """By what delcia has its way with it: that of its plans, else of its model."""


@click.command(epilog="Example: delcia vehicles --json")
@click.option("--account", help="One account only; default: all that are logged in.")
@click.option("--plans", type=click.Path(path_type=Path), help="The plan directory; default: what is applied.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(account: str | None, plans: Path | None, as_json: bool, root: Path | None) -> None:  # noqa: FBT001 - click
    """Show the cars of the accounts, and which vehicle each is."""
    from delcia.cli.account import checked, site_of
    from delcia.host.credentials import accounts

    paths = in_service(host_paths(root), os.environ)
    site = site_of(plans, paths, now())
    names = (checked(account),) if account else accounts(paths) or ("default",)
    rows = [row for name in names for row in _rows(name, paths, site)]
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "vehicles": [asdict(row) for row in rows]}, indent=2))
        return
    from tabulate import tabulate

    cells = [
        (
            row.vehicle or "–",
            _label(row),
            row.model_code or "?",
            f"…{row.vin_tail}",
            row.account,
            row.account_kind,
            row.means or "–",
        )
        for row in rows
    ]
    click.echo(tabulate(cells, headers=HEADERS, tablefmt="plain", disable_numparse=True))


def _rows(account: str, paths: Paths, site: Site | None) -> list[Row]:
    from delcia.car.renault.service import check_origin
    from delcia.cli.account import resumed, service_for
    from delcia.host.credentials import load

    access = load(paths, account)
    service = service_for(site if site and account in site.accounts else None, account)
    check_origin(access, service)
    names = {binding.vin: name for name, binding in access.vehicles.items()}
    with resumed(service, access.login_token) as login:
        return [
            Row(
                account,
                names.get(car.binding.vin),
                car.label,
                car.binding.model_code,
                car.binding.vin_tail,
                car.account_kind,
                car.electric,
                car.active,
                _means(names.get(car.binding.vin), car.binding.model_code, site),
            )
            for car in login.cars()
        ]


def _means(name: str | None, code: str | None, site: Site | None) -> str | None:
    """Return the means of a vehicle of the plans, or of a car that is none yet by the table of models."""
    from delcia.config.catalogue import models
    from delcia.core.means import describe, means, means_for

    if site is not None and name is not None and name in site.vehicles:
        return means(means_for(site, site.vehicles[name]))
    known = next((model for model in models().values() if code and model.model_code == code), None)
    return describe(known.control) if known is not None else None


def _label(row: Row) -> str:
    remarks = [*([] if row.electric else ["no plug"]), *([] if row.active else ["not active"])]
    return f"{row.label} ({', '.join(remarks)})" if remarks else row.label
