"""The applied plans as text: what `apply` stores and `charge` reads; nothing else is loaded for it."""

import json

from delcia.core.codec import from_data, to_data
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit

SCHEMA = "delcia/generation/1"


def dump(site: Site) -> str:
    """Return a site as JSON; the same site gives the same text."""
    return json.dumps({"schema": SCHEMA, "site": to_data(site)}, indent=1, sort_keys=True) + "\n"


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
    return site
