"""From what the car API says to a Reading or a Fix: every field may be missing, stale, or out of this world.

Sources of the codes: renault-api kamereon/enums.py; plug 3 renault-api#1561 (Twingo) and #1262 (Spring);
-1 on the first Zoe renault-api tests; missing level evcc#13250; 91/181 renault-api#2250.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from delcia.core.listed import ListedCharge
from delcia.core.state import Charge, Fix, Plug, Reading

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a report without a time: older than anything, so nobody takes it for news."""

FIRST_ZOE, TWINGO, SPRINGS = "X101VE", "X071VE", frozenset({"XBG1VE", "XBG2VE"})

_CHARGES = {
    10: Charge.CHARGING,
    4: Charge.IDLE,  # the flap is open
    3: Charge.WAITING,  # for current
    2: Charge.ENDED,
    1: Charge.WAITING,  # for the car's own plan
    0: Charge.IDLE,
    -10: Charge.ERROR,
    -13: Charge.WAITING,
    -14: Charge.IDLE,  # gives power to a load
    -15: Charge.IDLE,  # gives power to the grid
    -16: Charge.CHARGING,
}
"""By ten times chargingStatus, so that 0.3 compares."""


def reading(attributes: Mapping[str, Any], model_code: str | None, now: datetime) -> Reading:
    """Return a reading of battery-status. Its time is the car's own; a report without one is of NEVER."""
    charge = _charge(attributes.get("chargingStatus"), model_code)
    plug = Plug.PLUGGED if charge is Charge.CHARGING else _plug(attributes.get("plugStatus"), model_code)
    soc_pct = number_of(attributes.get("batteryLevel"), 0, 100)
    range_km = number_of(attributes.get("batteryAutonomy"), 0, 2000)
    return Reading(
        read_at=now,
        reported_at=_instant(attributes.get("timestamp")) or NEVER,
        plug=plug,
        charge=charge,
        soc_pct=soc_pct,
        range_km=None if range_km is None else round(range_km),
    )


def fix(attributes: Mapping[str, Any]) -> Fix | None:
    """Return where the car was, by its own clock; None when the answer holds no place on earth or no time."""
    where, at = place(attributes), _instant(attributes.get("lastUpdateTime"))
    return None if where is None or at is None else Fix(at, *where)


def charges(attributes: Mapping[str, Any], now: datetime) -> tuple[ListedCharge, ...]:
    """Return the entries of a list of charges that are over and have their times.

    `chargeDuration` is in minutes on some models and in seconds on others (renault-api#2154); `chargeEndStatus` says
    "error" of good charges (#800). Neither is believed.
    """
    return tuple(_listed(attributes.get("charges"), now))


def place(attributes: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return latitude and longitude, or None when they name no place that a car can be at."""
    latitude = number_of(attributes.get("gpsLatitude"), -90, 90)
    longitude = number_of(attributes.get("gpsLongitude"), -180, 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    return latitude, longitude


def _listed(entries: object, now: datetime) -> Iterator[ListedCharge]:
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, Mapping):
            continue
        began, ended = _instant(entry.get("chargeStartDate")), _instant(entry.get("chargeEndDate"))
        if began is None or ended is None or not began < ended <= now:
            continue
        yield ListedCharge(
            began,
            ended,
            number_of(entry.get("chargeStartBatteryLevel"), 0, 100),
            number_of(entry.get("chargeEndBatteryLevel"), 0, 100),
            number_of(entry.get("chargeEnergyRecovered"), 0.01, 200),
        )


def _charge(value: object, model_code: str | None) -> Charge:
    number = number_of(value, -10, 10)
    if number is None:
        return Charge.UNKNOWN
    found = _CHARGES.get(round(number * 10), Charge.UNKNOWN)
    return Charge.IDLE if found is Charge.ERROR and model_code == FIRST_ZOE else found


def _plug(value: object, model_code: str | None) -> Plug:
    number = number_of(value, -3e9, 3e9)
    if number == 3:  # noqa: PLR2004 - a code, which two models use for opposite things
        if model_code == TWINGO:
            return Plug.PLUGGED
        return Plug.UNPLUGGED if model_code in SPRINGS else Plug.UNKNOWN
    return {0.0: Plug.UNPLUGGED, 1.0: Plug.PLUGGED}.get(number if number is not None else -1.0, Plug.UNKNOWN)


def number_of(value: object, least: float, most: float) -> float | None:
    """Return a number, also from text, if it lies in its bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if least <= number <= most else None


def _instant(value: object) -> datetime | None:
    """Return a time as the API writes it (`Z` or `+01:00`); one without an offset is taken for UTC."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
