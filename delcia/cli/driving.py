"""How much a simulated car is driven on each day of the week, as options say it."""

from delcia.config.quantities import weekdays
from delcia.errors import DelciaError, Exit

DAYS = 7


def by_weekday(option: str, text: str, most: float) -> tuple[float, ...]:
    """Return seven numbers, from Monday on, of `40` or of `mon-fri=40,sat=120`; a day not named has 0.

    The same day may be named again: the last word counts. Raises `bad-driving`.
    """
    if "=" not in text:
        return (_number(option, text, text, most),) * DAYS
    found = [0.0] * DAYS
    for part in text.split(","):
        days, _, amount = (piece.strip() for piece in part.partition("="))
        known = weekdays(days)
        if known is None:
            raise _bad(option, text, f"'{days}' is no day of the week")
        for day in known:
            found[day] = _number(option, text, amount, most)
    return tuple(found)


def _number(option: str, text: str, amount: str, most: float) -> float:
    try:
        found = float(amount)
    except ValueError:
        raise _bad(option, text, f"'{amount}' is no number") from None
    if not 0 <= found <= most:
        raise _bad(option, text, f"{amount} is not from 0 to {most:g}")
    return found


def _bad(option: str, text: str, why: str) -> DelciaError:
    message = f"{option} '{text}': {why}"
    hint = f"write {option} 40, or {option} mon-fri=40,sat=80"
    return DelciaError(message, slug="bad-driving", hint=hint, status=Exit.USAGE)
