"""The applied plans as text: what `apply` stores and `charge` reads; nothing else is loaded for it."""

import json

from delcia.core.codec import from_data, to_data
from delcia.core.model import Site
from delcia.core.replacing import replace
from delcia.errors import DelciaError, Exit

SCHEMA = "delcia/generation/1"
RULES = 2
"""Which rules the numbers in the text were made by. 0.1 wrote none, and reads what it knows of later ones."""
_MINIMUM_OF_0_1_PCT = 20


def dump(site: Site) -> str:
    """Return a site as JSON; the same site gives the same text."""
    return json.dumps({"schema": SCHEMA, "rules": RULES, "site": to_data(site)}, indent=1, sort_keys=True) + "\n"


def load(text: str) -> Site:
    """Return the site that `dump` was given. Raises `bad-generation`."""
    hint = "apply the plans again: delcia apply DIR"
    try:
        data = json.loads(text)
        schema = data["schema"]
        if schema != SCHEMA:
            message = f"the applied plans have the schema '{schema}'; this delcia reads '{SCHEMA}'"
            raise DelciaError(message, slug="bad-generation", hint=hint, status=Exit.BROKEN)
        site = from_data(data["site"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = f"the applied plans cannot be read ({type(error).__name__})"
        raise DelciaError(message, slug="bad-generation", hint=hint, status=Exit.BROKEN) from error
    if not isinstance(site, Site):
        raise DelciaError("the applied plans hold no site", slug="bad-generation", hint=hint, status=Exit.BROKEN)
    return site if data.get("rules") else _by_the_rules_of_today(site)


def is_of_0_1(text: str) -> bool:
    """Return whether a generation was made by delcia 0.1."""
    return '"rules"' not in text


def _by_the_rules_of_today(site: Site) -> Site:
    """Return a site of 0.1 with the minimum of today for each held car whose owner said none.

    0.1 wrote 20 % for these. An owner who said 20 % has more until the plans are applied again: no car is stranded.
    """
    vehicles = {
        name: replace(vehicle, minimum_soc_pct=vehicle.battery.held_minimum_pct)
        if vehicle.hold and vehicle.minimum_soc_pct in {None, _MINIMUM_OF_0_1_PCT}
        else vehicle
        for name, vehicle in site.vehicles.items()
    }
    return replace(site, vehicles=vehicles)
