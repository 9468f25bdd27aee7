"""What the owner may have meant by a text that is almost right."""

import re

_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:hH.]\s*(\d{1,2})?|\s*(?=[ap]m))\s*(am|pm)?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:-|–|—|to|/|\.\.)\s*", re.IGNORECASE)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def repair(slug: str, text: str) -> str:
    """Return a hint with the text as it should be written, or nothing."""
    match slug:
        case "bad-time":
            moment = _moment(text)
            return f'write "{moment}"' if moment else ""
        case "bad-span":
            ends = [_moment(part) for part in _BETWEEN.split(text.strip())]
            return f'write "{ends[0]}-{ends[1]}"' if len(ends) == 2 and all(ends) else ""  # noqa: PLR2004 - begin and end
        case "bad-day":
            words = [_weekday(part) for part in _BETWEEN.split(text.strip().lower())]
            return f"write {'-'.join(words)}" if all(words) else ""
        case "bad-name":
            name = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:41]
            return f"write {name}" if name else ""
        case "bad-currency" if re.fullmatch(r"[a-z]{3}", text):
            return f"write {text.upper()}"
        case "bad-currency":
            return {"€": "write EUR", "£": "write GBP", "$": "write USD"}.get(text, "")
        case _:
            return ""


def _moment(text: str) -> str:
    """Return a time such as 7:00, 7h, 7.30 or 7 pm as HH:MM, or nothing."""
    match = _CLOCK.fullmatch(text.strip())
    if not match or not text.isascii():
        return ""
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""  # noqa: PLR2004 - a clock


def _weekday(text: str) -> str:
    return next((day[:3] for day in _WEEKDAYS if text in {day, day[:3], day[:4], day[:5]}), "")
