"""Off-peak hours in the words of an electricity bill, such as `HC (1H38-6H38;12H38-14H38)`."""

import re

_MOMENT = r"(\d{1,2})\s*(?:[hH:.]\s*(\d{2})?|(?=\s*[-–—]))"
_HOURS = re.compile(rf"{_MOMENT}\s*(?:-|–|—|à|a|to|bis|/)\s*{_MOMENT.replace('[-–—]', '(?:[^0-9]|$)')}")
_DAY_H = 24


def hours_of_bill(text: str) -> tuple[str, ...]:
    """Return the spans `HH:MM-HH:MM` that a bill names. Raise ValueError when there are none, or something is odd."""
    found = []
    for match in _HOURS.finditer(text):
        begins, ends = _moment(match[1], match[2]), _moment(match[3], match[4])
        if begins == "24:00":
            begins = "00:00"
        if begins == ends:
            msg = f"{begins}-{ends} has no length"
            raise ValueError(msg)
        found.append(f"{begins}-{ends}")
    rest = _HOURS.sub("", text)
    if not found or any(c.isdigit() for c in rest):
        msg = "write hours such as 1H38-6H38;12H38-14H38"
        raise ValueError(msg)
    return tuple(dict.fromkeys(found))


def _moment(hours: str, minutes: str | None) -> str:
    hour, minute = int(hours), int(minutes or 0)
    if hour > _DAY_H or minute > 59 or (hour == _DAY_H and minute):  # noqa: PLR2004 - minutes of an hour
        msg = f"{hours}:{minute:02} is not a time of day"
        raise ValueError(msg)
    return f"{hour:02}:{minute:02}"
