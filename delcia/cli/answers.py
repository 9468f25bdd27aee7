"""What a person answers to the questions of `delcia init`, checked as it is given."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import click

from delcia.config.bill import Bill, bill_of
from delcia.config.catalogue import Model, models
from delcia.config.quantities import clock_text, minute_of_day
from delcia.config.repairs import repair
from delcia.core.clock import zone

Answer = TypeVar("Answer")
NEVER = "never"


def checked(convert: Callable[[str], Answer]) -> Callable[[click.Context, click.Parameter, str | None], Answer | None]:
    """Return a click callback that converts an option when it is given."""
    return lambda _context, _option, value: None if value is None else convert(value)


def time_zone(text: str) -> str:
    """Return an IANA zone."""
    try:
        zone(text)
    except ValueError:
        raise click.BadParameter(f"'{text}' is not a time zone; write a name such as Europe/Paris") from None
    if text[:1] in "+-":
        raise click.BadParameter("a home has a zone such as Europe/Paris, not an offset")
    return text


def model(text: str) -> Model:
    """Return a car of the catalogue."""
    known = models()
    if text in known:
        return known[text]
    close = get_close_matches(text.lower().replace(" ", "-").replace("_", "-"), known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else "'delcia models' lists them"
    raise click.BadParameter(f"no model '{text}'; {hint}")


def hours(text: str) -> Bill:
    """Return what a bill says of off-peak hours."""
    try:
        return bill_of(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def amps(text: str) -> float:
    """Return a current in A."""
    return _number(text, 6, 125, "A")


def percent(text: str) -> int:
    """Return a whole number of per cent."""
    return int(_number(text, 1, 100, "%"))


def price(text: str) -> str:
    """Return a price per kWh as it was written, with a point."""
    written = text.strip().replace(",", ".")
    try:
        Decimal(written)
    except InvalidOperation:
        raise click.BadParameter(f"'{text}' is not a price such as 0.1579") from None
    return written


def price_or_none(text: str) -> str:
    """Return a price, or nothing for an empty answer."""
    return price(text) if text.strip() else ""


def prices(pair: tuple[str, str]) -> tuple[str, str]:
    """Return the off-peak price and the other one."""
    return price(pair[0]), price(pair[1])


def ready_by(text: str) -> str:
    """Return a time of day as HH:MM, or `never`."""
    if text == NEVER:
        return NEVER
    try:
        moment = clock_text(minute_of_day(text)) if len(text) == len("07:00") else ""
    except ValueError:
        moment = ""
    moment = moment or repair("bad-time", text).removeprefix('write "').removesuffix('"')
    if not moment or moment >= "24:00":
        raise click.BadParameter(f"'{text}' is not a time of day; write such as 07:00, or {NEVER}")
    return moment


def host_zone() -> str | None:
    """Return the zone of this machine, to be offered and never to be guessed."""
    _, found, name = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
    return name if found and name not in {"UTC", "Etc/UTC"} else None


def needs_tariff(bill: Bill) -> bool:
    """Return whether a plan's windows cannot say these hours: they are the same every day, by the home's clock."""
    return bill.clock is not None or any(item.days or item.season or not item.spans for item in bill.off_peak)


def meter(bill: Bill, home: str) -> str | None:
    """Return the fixed offset, as `+01:00`, of a meter that ignores summer time; None for one on the home's clock."""
    if bill.clock is None:
        return None
    # Standard time is the lesser offset of the two halves of the year.
    days = (datetime(2026, month, 1, 12, tzinfo=zone(home)) for month in (1, 7))
    offset = min(day.utcoffset() or timedelta() for day in days) if bill.clock == "standard" else timedelta()
    whole_h, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{'-' if offset < timedelta() else '+'}{whole_h:02}:{minutes:02}"


def _number(text: str, least: int, most: int, unit: str) -> float:
    try:
        number = float(text.strip().removesuffix(unit).strip().replace(",", "."))
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise click.BadParameter(f"'{text}' is not a number from {least} to {most} {unit}")
    return number
