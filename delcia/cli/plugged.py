"""When a simulated car is plugged in, as a person says it."""

import re

from delcia.core.model import DAY_MIN
from delcia.errors import DelciaError, Exit

SPAN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")


def plugged_minutes(text: str) -> tuple[int, int]:
    """Return the minutes after midnight of `18:30-07:30`. Raises `bad-time`."""
    match = SPAN.fullmatch(text)
    if match:
        hours = [int(part) for part in match.groups()]
        first, last = 60 * hours[0] + hours[1], 60 * hours[2] + hours[3]
        if first < DAY_MIN and last <= DAY_MIN and first != last:
            return first, last % DAY_MIN
    message = f"'{text}' says no time of being plugged in"
    raise DelciaError(message, slug="bad-time", hint="write --plugged 18:30-07:30", status=Exit.USAGE)
