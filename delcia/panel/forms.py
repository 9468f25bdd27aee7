"""A form of the page to a person's word."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace

from delcia.core.request import TOMORROW, UNPLUGGED, Request, Word, request_data, request_from
from delcia.panel.fields import FormError

KEY_LENGTH = 40
BUTTONS: Mapping[str, Word] = {
    "stop": "stop",
    "release": "release",
    "pause": "release",
    "resume": "resume",
    "skip": "skip",
}
"""`pause` is what the button for `release` was called, and "Reset" still calls it."""
NAMED: Mapping[Word, str] = {"stop": UNPLUGGED, "skip": TOMORROW}
"""What may be chosen instead of an hour."""


def request_of(vehicle: str, action: str, fields: Mapping[str, str]) -> Request:
    """Return the word that a form says. Raises FormError."""
    key = key_of(action, fields)
    if action == "charge":
        request = _charge(vehicle, key, fields)
    else:
        request = _until(Request(vehicle, BUTTONS[action], key), fields)
    try:
        return request_from(request_data(request))
    except ValueError as error:
        raise FormError from error


def key_of(action: str, fields: Mapping[str, str]) -> str:
    """Return what makes a word the same when its form is sent twice, and another one when it was changed between."""
    given = [action, *(f"{name}={fields[name]}" for name in sorted(fields) if name != "token")]
    return hashlib.sha256("\0".join(given).encode("utf-8", "surrogatepass")).hexdigest()[:KEY_LENGTH]


def _charge(vehicle: str, key: str, fields: Mapping[str, str]) -> Request:
    """Return a charge of this time: how far, and when."""
    far, when = fields.get("far", ""), fields.get("when", "now")
    if far == "hours":
        goal = Request(vehicle, "trip", key, hours=_number(fields.get("hours", "")))
    else:
        percent = fields.get("percent", "") if far == "other" else far
        goal = Request(vehicle, "trip", key, to_soc=round(_number(percent)))
    kind, _, place = fields.get("place", "").partition(":")
    if kind == "amps":
        goal = replace(goal, amps=_number(place))
    elif kind == "charger":
        goal = replace(goal, charger=place)
    elif kind:
        raise FormError
    match when:
        case "now":
            return replace(goal, word="start")
        case "cheap":
            return replace(goal, by=fields.get("cheap_until", ""))
        case "at":
            return replace(goal, at=fields.get("at", ""))
        case "by":
            return replace(goal, by=fields.get("by", ""))
        case _:
            raise FormError


def _until(request: Request, fields: Mapping[str, str]) -> Request:
    """Return a word with how long it holds: as `how` says, or until an hour. An hour that is given counts by itself."""
    how, until = fields.get("how", ""), fields.get("until", "")
    if how not in {"", "time", NAMED.get(request.word, "")} or (how == "time" and not until):
        raise FormError
    if how not in {"", "time"}:
        return replace(request, until=how)
    return replace(request, until=until) if until else request


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise FormError from error
    if not math.isfinite(number):
        raise FormError
    return number
