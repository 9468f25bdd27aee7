"""What `login`, `logout` and `vehicles` have in common: the plans, the account's service, and where its secrets lie."""

import os
import re
from datetime import datetime
from pathlib import Path

from delcia.car.renault.login import Login
from delcia.car.renault.service import Service, service_of
from delcia.cli.places import plan_directory
from delcia.cli.sites import subject
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.host.generations import current_number
from delcia.host.paths import Paths

FIRST_LOCALE = "fr_FR"


def checked(account: str) -> str:
    """Return the name of an account if it can be one. Raises a usage error."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,40}", account):
        hint = "use small letters, digits, - and _, as in the plans"
        raise DelciaError("--account is no name of an account", slug="usage", hint=hint, status=Exit.USAGE)
    return account


def site_of(plans: Path | None, paths: Paths, now: datetime) -> Site | None:
    """Return the plans given, those applied, or those of the usual directory; None when there are none anywhere."""
    if plans is None and current_number(paths) is None and not plan_directory(None).is_dir():
        return None
    return subject(plans, paths.root, now).site


def service_for(site: Site | None, account: str, locale: str | None = None) -> Service:
    """Return the service of an account. Raises `unknown-account` for a name that the plans do not have."""
    known = site.accounts if site else {}
    if site is not None and account not in known:
        hint = "there are: " + (", ".join(sorted(known)) or "none")
        message = f"the plans have no account '{account}'"
        raise DelciaError(message, slug="unknown-account", hint=hint, status=Exit.USAGE)
    chosen = locale or (known[account].locale if account in known else FIRST_LOCALE)
    return service_of(chosen, os.environ.get("DELCIA_RENAULT_URL"))


def vehicles_of(site: Site | None, account: str) -> tuple[Vehicle, ...]:
    """Return the vehicles that an account's cars are."""
    vehicles = (vehicle for _, vehicle in sorted(site.vehicles.items())) if site else ()
    return tuple(vehicle for vehicle in vehicles if vehicle.account == account and vehicle.driver == "renault")


def resumed(service: Service, token: str) -> Login:
    """Return a conversation that goes on with an earlier login."""
    login = Login(service, {})
    login.resume(token)
    return login
