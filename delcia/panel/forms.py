"""A form of the page to a person's word."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace

from delcia.core.request import Request, Word, request_data, request_from
from delcia.panel.fields import FormError

KEY_LENGTH = 40
BUTTONS: Mapping[str, Word] = {"stop": "stop", "pause": "pause", "resume": "resume"}


def request_of(vehicle: str, action: str, fields: Mapping[str, str]) -> Request:
    """Return the word that a form says. Raises FormError."""
    key = key_of(action, fields)
    if action == "charge":
        request = _charge(vehicle, key, fields)
    else:
        request = Request(vehicle, BUTTONS[action], key)
        if action == "pause" and fields.get("until"):
            request = replace(request, until=fields["until"])
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
    match when:
        case "now":
            return replace(goal, word="boost")
        case "cheap":
            return replace(goal, by=fields.get("cheap_until", ""))
        case "at":
            return replace(goal, at=fields.get("at", ""))
        case "by":
            return replace(goal, by=fields.get("by", ""))
        case _:
            raise FormError


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise FormError from error
    if not math.isfinite(number):
        raise FormError
    return number
