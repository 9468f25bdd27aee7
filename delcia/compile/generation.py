"""The JSON that `apply` stores and `charge` reads: the resolved plans of a generation, canonical and complete."""

import json

from delcia.core.codec import from_data, to_data
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit

SCHEMA = "delcia/generation/1"


def dump(site: Site) -> str:
    """Return a site as JSON text; equal sites give equal text."""
    data = {"schema": SCHEMA, "site": to_data(site)}
    return json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def load(text: str) -> Site:
    """Return the site of such a text. Raises `generation-unreadable` when it is of another shape."""
    try:
        data = json.loads(text)
        site = from_data(data["site"]) if data["schema"] == SCHEMA else None
    except (ValueError, TypeError, KeyError) as error:
        raise _unreadable() from error
    if not isinstance(site, Site):
        raise _unreadable()
    return site


def _unreadable() -> DelciaError:
    message = "the applied plans cannot be read by this delcia"
    return DelciaError(message, slug="generation-unreadable", hint="apply them again", status=Exit.BROKEN)
