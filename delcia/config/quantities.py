"""Texts of the plan language that passed the schema, as values: times, spans, durations, days, dates, prices."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from delcia.config.nodes import Scalar
from delcia.core.model import DAY_MIN, MonthDays, Span

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LEAP_YEAR = 2028
YEARS = range(1970, 2200)
"""Which years a plan may name: days before and after such a date are dates too."""
NO_DATE = f"write a day that exists, from {YEARS[0]} to {YEARS[-1]}"
"""The way out of what is none."""


def minute_of_day(text: str) -> int:
    """Return `HH:MM` as minutes after midnight; 24:00 is 1440."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def clock_text(minute: int) -> str:
    """Return minutes after midnight as `HH:MM`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def span(text: str) -> Span | None:
    """Return `HH:MM-HH:MM` as a span, over midnight where it must; None when it has no length."""
    begins, ends = (minute_of_day(part) for part in text.split("-"))
    if begins == ends:
        return None
    return Span(begins, ends if ends > begins else ends + DAY_MIN)


def duration_min(node: Scalar) -> int:
    """Return hours, as a number or as `2h30`, in whole minutes."""
    if isinstance(node.value, str):
        hours, minutes = node.value.split("h")
        return int(hours) * 60 + int(minutes or 0)
    return round(Decimal(node.text) * 60)


def weekdays(word: str) -> tuple[int, ...] | None:
    """Return a day or a range of days, which may pass over Sunday; None when it is neither."""
    first, _, last = word.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        return None
    begin, count = WEEKDAYS.index(first), (WEEKDAYS.index(last or first) - WEEKDAYS.index(first)) % 7 + 1
    return tuple((begin + step) % 7 for step in range(count))


def calendar_date(text: str) -> date | None:
    """Return `YYYY-MM-DD` as a date, or None when there is no such day, or nobody alive plans for it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def month_day(text: str) -> tuple[int, int] | None:
    """Return `MM-DD` as month and day, or None when no year has it."""
    month, day = (int(part) for part in text.split("-"))
    return (month, day) if calendar_date(f"{LEAP_YEAR}-{month:02}-{day:02}") else None


def month_days(first: str, last: str) -> MonthDays | None:
    """Return a season, or None when one of its ends is not a day."""
    begin, end = month_day(first), month_day(last)
    return MonthDays(begin, end) if begin and end else None


def moment(text: str) -> datetime | None:
    """Return `YYYY-MM-DD HH:MM` as a naive wall time, or None when there is no such day."""
    day = calendar_date(text[:10])
    return datetime.combine(day, _time(text[11:])) if day else None


def next_time(after: datetime, text: str) -> datetime:
    """Return the first wall time `HH:MM` after another."""
    found = datetime.combine(after.date(), _time(text))
    return found if found > after else found + timedelta(days=1)


def price(node: Scalar) -> Decimal:
    """Return a price exactly as written."""
    return Decimal(node.text)


def _time(text: str) -> time:
    minute = minute_of_day(text)
    return time(minute // 60, minute % 60)
