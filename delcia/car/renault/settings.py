"""The car's own programmes and SoC limit, as the car API words them, and what delcia makes of them.

Only what must change is changed: of the `ev/settings` the programmes that charge, of the SoC levels the target.
Sources: renault-api#1348 (a start is the same settings with all programmes off), evcc#21432 (an old timestamp is
discarded when a car is told to wait).
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from delcia.car.renault.readings import number_of
from delcia.core.limits import limit_words, limits_in
from delcia.core.means import LIMITS_PCT

HEATS = frozenset({"PRECONDITIONING", "PRECONDITION", "HVAC"})
"""Types, in capitals and letters alone, of programmes that only heat or cool the car: they stay as they are."""
LOWEST_PCT = range(15, 46, 5)


def programmes(settings: Mapping[str, Any]) -> str:
    """Return the programmes of ev/settings as text, the same for the same."""
    return json.dumps(_programmes(settings), sort_keys=True, separators=(",", ":"))


def charging_off(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return ev/settings in which no programme charges; one of a type that nobody knows may charge (#1348: all off)."""
    changed = [{**each, "programActivationStatus": False} if _charges(each) else each for each in _programmes(settings)]
    return {**settings, "programs": changed} if "programs" in settings else dict(settings)


def _charges(programme: Mapping[str, Any]) -> bool:
    """Return whether a programme may make the car wait with its charge; its type is spelt in more ways than one."""
    letters = re.sub(r"[^A-Z]", "", str(programme.get("programType")).upper())
    return letters not in HEATS


def with_programmes(settings: Mapping[str, Any], to: str, now: datetime) -> dict[str, Any]:
    """Return ev/settings with other programmes, as set now."""
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**settings, "programs": json.loads(to), "lastSettingsUpdateTimestamp": stamp}


def limit(levels: Mapping[str, Any]) -> str:
    """Return the SoC levels in delcia's words. Raises ValueError when there are none.

    Their numbers are taken as those of a reading are: as `20`, `20.0` or `"20"`.
    """
    lowest, target = (number_of(levels.get(name), 0, 100) for name in ("socMin", "socTarget"))
    if lowest is None or target is None or not (lowest.is_integer() and target.is_integer()):
        msg = "no SoC levels in the answer"
        raise ValueError(msg)
    return limit_words(int(lowest), int(target))


def limit_of(words: str) -> dict[str, int]:
    """Return the SoC levels to post. Raises ValueError for what no car takes: renault-api sends anything."""
    lowest, target = limits_in(words)
    if lowest not in LOWEST_PCT or target not in LIMITS_PCT:
        msg = "SoC levels are 15 to 45 and 55 to 100 %, in steps of 5"
        raise ValueError(msg)
    return {"socMin": lowest, "socTarget": target}


def _programmes(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = settings.get("programs")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
