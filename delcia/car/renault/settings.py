"""The car's own programmes and SoC limit, as the car API words them, and what delcia makes of them.

Only what must change is changed: of the `ev/settings` the programmes that charge, of the SoC levels the target.
Sources: renault-api#1348 (a start is the same settings with all programmes off), evcc#21432 (an old timestamp is
discarded when a car is told to wait).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

CHARGE = "CHARGE"
"""The type of a programme that does nothing but charge: those that heat the car too stay as they are."""
STEP_PCT = 5
MIN_PCT, TARGET_PCT = range(15, 46, STEP_PCT), range(55, 101, STEP_PCT)


def programmes(settings: Mapping[str, Any]) -> str:
    """Return the programmes of ev/settings as text, the same for the same."""
    return _text(_programmes(settings))


def charging_off(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return ev/settings in which no programme charges."""
    changed = [
        {**each, "programActivationStatus": False} if each.get("programType") == CHARGE else each
        for each in _programmes(settings)
    ]
    return {**settings, "programs": changed} if "programs" in settings else dict(settings)


def with_programmes(settings: Mapping[str, Any], to: str, now: datetime) -> dict[str, Any]:
    """Return ev/settings with other programmes, as set now."""
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**settings, "programs": json.loads(to), "lastSettingsUpdateTimestamp": stamp}


def limit(levels: Mapping[str, Any]) -> str:
    """Return the SoC levels as text, the same for the same. Raises ValueError when there are none."""
    found = {name: levels.get(name) for name in ("socMin", "socTarget")}
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in found.values()):
        msg = "no SoC levels in the answer"
        raise ValueError(msg)
    return _text(found)


def limit_of(text: str) -> dict[str, int]:
    """Return the SoC levels to post. Raises ValueError for what no car takes: renault-api sends anything."""
    levels = json.loads(text)
    if levels["socMin"] not in MIN_PCT or levels["socTarget"] not in TARGET_PCT:
        msg = "SoC levels are 15 to 45 and 55 to 100 %, in steps of 5"
        raise ValueError(msg)
    return {"socMin": levels["socMin"], "socTarget": levels["socTarget"]}


def _programmes(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = settings.get("programs")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
