"""The consequence of a change in Markdown, as a comment on a pull request."""

import re
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
_INSIDE = re.compile("(?<![,;·]) ")
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
            nights = _table("plugged in", night_rows(vehicle, tz), is_bold=False)
            yield from _folded(f"{vehicle.name}, night by night", nights)
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
        said = [_arrow(rows[what]) for what in ("cost", "energy") if what in rows]
        if is_met_otherwise(vehicle):
            said.append(f"ready in time {_arrow(rows['ready in time'])}")
        yield f"- **{plain(vehicle.name)}**, next week: {', '.join(said)}"


def _arrow(row: Row) -> str:
    return plain(row.after if not row.changed else f"{row.before} → {row.after}")


def _problems(problems: tuple[Problem, ...]) -> Iterator[str]:
    if problems:
        yield ""
        yield "What `delcia validate` says of the plans after it:"
        yield ""
    for problem in problems:
        place = f"{problem.path}:{problem.line}:{problem.column}"
        hint = f" ({problem.hint})" if problem.hint else ""
        yield f"- **{problem.level}** {plain(f'{place}: {problem.message} [{problem.slug}]{hint}')}"


def _table(title: str, rows: list[Row], *, is_bold: bool = True) -> Iterator[str]:
    yield ""
    yield f"| {_cell(title)} | before | after |"
    yield "| --- | --- | --- |"
    for row in rows:
        after = _cell(row.after)
        yield f"| {_cell(row.what)} | {_cell(row.before)} | {f'**{after}**' if row.changed and is_bold else after} |"


def _cell(text: str) -> str:
    """Return a text whose lines end after a comma or a dot, not between a number and its unit."""
    return _INSIDE.sub("\N{NO-BREAK SPACE}", plain(text))


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
