"""The consequence of a change in Markdown, as a comment on a pull request."""

from collections.abc import Iterator

from delcia.core.clock import zone
from delcia.errors import Problem
from delcia.report.markdown import plain
from delcia.report.weeks import (
    Review,
    Row,
    assumed_words,
    is_met_otherwise,
    night_rows,
    plan_rows,
    timer_words,
    vehicle_rows,
)

SHORT_DIGEST = 12
VERBS = {"create": "New", "update": "Changed", "delete": "Gone"}


def review_markdown(review: Review) -> str:
    """Return the comment: what it comes to first, then problems, the tables, and how to apply just this."""
    return "\n".join(_lines(review)) + "\n"


def _lines(review: Review) -> Iterator[str]:
    found, tz = review.found, zone(review.found.timezone)
    yield "### What this change does to the charging"
    yield ""
    if review.is_broken:
        yield "**The plans have errors. Nothing can be applied, and nothing said of the coming week.**"
    elif found.is_empty:
        yield f"Nothing: the plans say the same as at {plain(review.before)}."
    else:
        yield from _summary(review)
    yield from _problems(review.problems)
    if found.is_empty or review.is_broken:
        return
    yield ""
    yield f"Against {plain(review.before)}; {plain(assumed_words(found.assumed))}."
    for plan in found.plans:
        if plan.changed:
            yield from _table(f"plan {plan.name}", plan_rows(plan, tz))
    for vehicle in found.vehicles:
        if vehicle.changed:
            yield from _table(f"vehicle {vehicle.name}", vehicle_rows(vehicle, tz))
            yield from _folded(f"{vehicle.name}, night by night", _table("plugged in", night_rows(vehicle, tz)))
    if found.timers:
        yield from _folded("Timers", _timers(review))
    if review.digest is not None:
        yield ""
        yield f"To apply just this: `delcia apply --expect {review.digest[:SHORT_DIGEST]}`"


def _summary(review: Review) -> Iterator[str]:
    """Yield in a line for each thing what becomes of it, and for each vehicle what its week comes to."""
    found, tz = review.found, zone(review.found.timezone)
    words: dict[str, list[str]] = {}
    for item in found.differences:
        words.setdefault(VERBS[item.action], []).append(plain(f"{item.kind} {item.name}".strip()))
    yield " ".join(f"{verb}: {', '.join(names)}." for verb, names in words.items())
    yield ""
    for vehicle in found.vehicles:
        rows = {row.what: row for row in vehicle_rows(vehicle, tz)}
        if not vehicle.changed:
            yield f"- **{plain(vehicle.name)}** charges as before."
            continue
        said = [_arrow(rows["cost"]), _arrow(rows["energy"])]
        if is_met_otherwise(vehicle):
            said.append(f"ready in time {_arrow(rows['ready in time'])}")
        yield f"- **{plain(vehicle.name)}**, next week: {', '.join(part for part in said if part)}"


def _arrow(row: Row) -> str:
    return plain(row.after if row.before == row.after else f"{row.before} → {row.after}")


def _problems(problems: tuple[Problem, ...]) -> Iterator[str]:
    if problems:
        yield ""
        yield "What `delcia validate` says of the plans after it:"
        yield ""
    for problem in problems:
        place = f"{problem.path}:{problem.line}:{problem.column}"
        hint = f" ({problem.hint})" if problem.hint else ""
        yield f"- **{problem.level}** {plain(f'{place}: {problem.message} [{problem.slug}]{hint}')}"


def _table(title: str, rows: list[Row]) -> Iterator[str]:
    yield ""
    yield f"| {plain(title)} | before | after |"
    yield "| --- | --- | --- |"
    for row in rows:
        after = plain(row.after)
        yield f"| {plain(row.what)} | {plain(row.before)} | {after if row.before == row.after else f'**{after}**'} |"


def _timers(review: Review) -> Iterator[str]:
    yield ""
    yield "```diff"
    for change in review.found.timers:
        yield f"@@ {change.action} {change.name} @@"
        yield from timer_words(change)
    yield "```"


def _folded(title: str, inside: Iterator[str]) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{plain(title)}</summary>"
    yield from inside
    yield ""
    yield "</details>"
