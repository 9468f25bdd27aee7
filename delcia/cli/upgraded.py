"""Telling the owner, once, what behaves differently since the delcia that looked after this host before."""

import json
from contextlib import closing, suppress
from datetime import datetime

from delcia.cli.running import Applied
from delcia.compile.generation import RULES
from delcia.errors import DelciaError
from delcia.host.files import write
from delcia.host.generations import generation, numbers
from delcia.store.notices import clear_notice, queue_notice
from delcia.store.opening import open_store

MARK = "rules"
"""The file in the state that says by which rules this host has run: `delcia.compile.generation.RULES`."""
SLUG = "upgraded"
NEWS = (
    "delcia was upgraded: 'hold' now holds a car also above its target, and on days without a plan, as long as a plan"
    " wants it within 14 days, but only where home is known: 'delcia login --home here'; 'delcia stop V' ends this"
    " charge and the next window goes on: 'delcia stop V --until unplugged' is what it was; see CHANGELOG.md"
)


def tell_of_upgrade(host: Applied, now: datetime) -> None:
    """Queue that notice when 0.1 looked after this host before; it is never sent twice, whatever is applied later."""
    mark = host.paths.state / MARK
    if mark.exists():
        return
    with suppress(DelciaError, OSError, ValueError):
        if host.paths.database.exists() and _was_0_1(host):
            with closing(open_store(host.paths.database)) as store:
                queue_notice(store, "", SLUG, NEWS, now)
                clear_notice(store, "", SLUG, now)  # it is news, and no trouble that lasts
        write(mark, f"{RULES}\n", mode=0o640)


def _was_0_1(host: Applied) -> bool:
    """Return whether a generation that is still kept was made by 0.1."""
    return any("rules" not in json.loads(generation(host.paths, number).plans_text) for number in numbers(host.paths))
