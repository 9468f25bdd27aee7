"""The place of the home, as `login` comes by it: where a car stands, or where its owner says. It is never shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import click

from delcia.car.renault.login import FoundCar, Login
from delcia.cli.saving import keep
from delcia.core.access import Coordinates
from delcia.errors import DelciaError, Exit
from delcia.host.credentials import accounts, load
from delcia.host.paths import Paths
from delcia.report.words import age

HERE = "here"
_HINT = "write --home 48.8584,2.2945, or --home here while the car stands there"


def coordinates(text: str) -> Coordinates:
    """Return the place that `LAT,LON` names. Raises a usage error."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        latitude = longitude = 1000.0
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        raise DelciaError("--home is no place", slug="usage", hint=_HINT, status=Exit.USAGE)
    return Coordinates(latitude, longitude)


def told_home(words: str, login: Login, standing: Sequence[FoundCar], now: datetime) -> Coordinates:
    """Return the place that `--home` names. Raises when it is no place, or no car says where it stands."""
    if words != HERE:
        return coordinates(words)
    for car in standing:
        found = _stands_at(car, login, now)
        if found is not None:
            return found
    hint = "say where it is: --home LAT,LON"
    raise DelciaError("no car of the account says where it is", slug="no-place", hint=hint, status=Exit.PROBLEMS)


def asked_home(login: Login, standing: Sequence[FoundCar], now: datetime) -> Coordinates | None:
    """Ask a person where the home is; None when they leave it open."""
    for car in standing:
        if click.confirm(f"is the {car.label} (VIN …{car.binding.vin_tail}) at home now", err=True):
            found = _stands_at(car, login, now)
            if found is not None:
                return found
    while True:
        words = str(click.prompt("where is home, as LAT,LON (empty: later)", default="", show_default=False, err=True))
        try:
            return coordinates(words) if words else None
        except DelciaError as error:
            click.echo(f"{error.message}; {error.hint}", err=True)


def keep_home_of_all(paths: Paths, home: Coordinates) -> None:
    """Let each account that knows another home know this one."""
    for name in accounts(paths):
        try:
            access = load(paths, name)
        except DelciaError:
            continue
        if access.home not in {None, home}:
            keep(paths, name, replace(access, home=home))


def _stands_at(car: FoundCar, login: Login, now: datetime) -> Coordinates | None:
    fix = login.place_of(car)
    if fix is None:
        click.echo(f"the {car.label} does not say where it is", err=True)
        return None
    click.echo(f"home is where the {car.label} said it was, {age(now, min(now, fix.reported_at))}", err=True)
    return Coordinates(fix.latitude, fix.longitude)
