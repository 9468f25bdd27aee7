"""The consequence of a change as text, for a terminal."""

from collections.abc import Iterator
from textwrap import wrap

from delcia.core.clock import zone
from delcia.report.weeks import Review, Row, assumed_words, night_rows, plan_rows, timer_words, vehicle_rows

WIDTH = 100
ARROW, INDENT, GAP = "→  ", "  ", "   "


def review_lines(review: Review, width: int = WIDTH) -> Iterator[str]:
    """Yield what differs, then the coming week of each plan and vehicle for which it becomes another.

    No line of the week is longer than `width`, as long as its words are not.
    """
    found, tz = review.found, zone(review.found.timezone)
    if review.is_broken:
        yield "the plans have errors: nothing can be said of the coming week"
        return
    for difference in found.differences:
        yield f"{difference.action}  {difference.kind} {difference.name}".rstrip()
    for change in found.timers:
        yield f"{change.action}  {change.name}"
        yield from (f"    {words}" for words in timer_words(change))
    if found.is_empty:
        return
    yield from _wrapped(f"the coming week, with {assumed_words(found.assumed)}:", width, len(INDENT))
    plans = [plan for plan in found.plans if plan.changed]
    vehicles = [vehicle for vehicle in found.vehicles if vehicle.changed]
    if not plans and not vehicles:
        yield "nothing else: the car charges as before"
    for plan in plans:
        yield f"plan {plan.name}"
        yield from _rows(plan_rows(plan, tz), width)
    for vehicle in vehicles:
        yield f"vehicle {vehicle.name}"
        yield from _rows(vehicle_rows(vehicle, tz), width)
        yield from _rows(night_rows(vehicle, tz), width)
    if review.digest is not None:
        yield f"digest  {review.digest}"


def _rows(rows: list[Row], width: int) -> Iterator[str]:
    """Yield rows with what is after beside what was before, or below it where that is too wide for any of them."""
    label = max((len(row.what) for row in rows), default=0)
    begin = len(INDENT) + label + len(GAP)
    before = max((len(row.before) for row in rows if row.changed), default=0)
    is_wide = any(row.changed and begin + before + len(f"  {ARROW}{row.after}") > width for row in rows)
    for row in rows:
        first = f"{INDENT}{row.what:{label}}{GAP}{row.before}"
        if row.changed and not is_wide:
            first = f"{INDENT}{row.what:{label}}{GAP}{row.before:{before}}  {ARROW}{row.after}"
        yield from _wrapped(first, width, begin)
        if row.changed and is_wide:
            yield from _wrapped(f"{' ' * (begin - len(ARROW))}{ARROW}{row.after}", width, begin)


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    """Return a text as lines; those after the first begin further to the right."""
    return wrap(text, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
