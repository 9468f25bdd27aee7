"""The consequence of a change as text, for a terminal."""

from collections.abc import Iterator

from delcia.core.clock import zone
from delcia.report.columns import aligned
from delcia.report.weeks import Review, Row, assumed_words, night_rows, plan_rows, timer_words, vehicle_rows


def review_lines(review: Review) -> Iterator[str]:
    """Yield what differs, then the coming week of each plan and vehicle for which it becomes another."""
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
    yield f"the coming week, with {assumed_words(found.assumed)}:"
    rows: list[tuple[str, Row]] = []
    for plan in found.plans:
        if plan.changed:
            rows += _named(f"plan {plan.name}", plan_rows(plan, tz))
    for vehicle in found.vehicles:
        if vehicle.changed:
            rows += _named(f"vehicle {vehicle.name}", [*vehicle_rows(vehicle, tz), *night_rows(vehicle, tz)])
    if not rows:
        yield "nothing else: the car charges as before"
    yield from aligned([[f"  {name}", row.what, row.before, "→", row.after] for name, row in rows], "lllll")
    if review.digest is not None:
        yield f"digest  {review.digest}"


def _named(name: str, rows: list[Row]) -> Iterator[tuple[str, Row]]:
    """Yield rows with the name of what they are about beside the first."""
    return ((name if index == 0 else "", row) for index, row in enumerate(rows))
