"""Units of the host that stand whatever plans are applied: those of `sync` and of the panel.

They are no part of a generation. Plans come and go, and a rollback must neither take away what keeps the host up to
date nor bring an old form of it back. Yet they are made, kept, repaired and removed by the one transaction of
`delcia.host.apply`: its manifest names them, its journal puts them back, `diff` and `status` see their drift, `remove`
takes them along.

What is switched on, and the texts that were rendered for it, is one file beside the number of the current generation
(`Paths.standing`). Only a `Stand` target changes it (`delcia sync --enable`): a new generation keeps it as it is, and
an earlier one too. Who changes its section of host.yaml switches it on again, which renders it anew. Where a text comes
from, a template and a section of host.yaml, only the command line knows.
"""

import json
from collections.abc import Mapping

from delcia.core.changes import Artifact
from delcia.errors import DelciaError, Exit
from delcia.host.files import read
from delcia.host.paths import Paths

Standing = Mapping[str, tuple[Artifact, ...]]
"""The artifacts of everything that is switched on, by its name: `sync`."""


def standing(paths: Paths) -> Standing:
    """Return what is switched on, as it was last applied."""
    text = read(paths.standing)
    if text is None:
        return {}
    try:
        data: Mapping[str, Mapping[str, str]] = json.loads(text)["standing"]
        return {
            name: tuple(Artifact(unit, its_text) for unit, its_text in units.items()) for name, units in data.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        hint = "remove it, and switch on again what is to stand: delcia sync --enable"
        message = f"{paths.standing} cannot be read"
        raise DelciaError(message, slug="generation-damaged", hint=hint, status=Exit.BROKEN) from None


def standing_text(these: Standing) -> str | None:
    """Return what is switched on as JSON; None when nothing is."""
    if not these:
        return None
    data = {name: {unit.name: unit.text for unit in sorted(units)} for name, units in sorted(these.items())}
    return json.dumps({"schema": "delcia/standing/1", "standing": data}, indent=1) + "\n"
