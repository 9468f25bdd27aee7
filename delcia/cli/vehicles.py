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
HEADERS = ("vehicle", "car", "code", "VIN", "account", "kind")


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
        (row.vehicle or "–", _label(row), row.model_code or "?", f"…{row.vin_tail}", row.account, row.account_kind)
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
            )
            for car in login.cars()
        ]


def _label(row: Row) -> str:
    remarks = [*([] if row.electric else ["no plug"]), *([] if row.active else ["not active"])]
    return f"{row.label} ({', '.join(remarks)})" if remarks else row.label
