"""A host's status for the terminal: one column of labels, one screen for one car."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from delcia.core.clock import DAY, zone
from delcia.core.model import Site
from delcia.core.ownership import is_left_alone
from delcia.report.holding import standing_words
from delcia.report.status import Applied, Following, Sent, Status, Timers, Units, VehicleStatus
from delcia.report.table import basis
from delcia.report.words import LEFT_ALONE, NOT_ENFORCED, OUTCOMES, clock, lent_words, override_words, state_words, when

COMMIT_SHOWN = 10
NOTICES_FOR = 3 * DAY
NOTICES_SHOWN = 4

Line = tuple[str, str]
"""A label, empty where it is that of the line above, and what stands beside it."""


def status_text(status: Status) -> str:
    """Return the status as text, times in the zone of the home."""
    tz, now = zone(status.site.timezone), status.now
    host = [
        ("applied", _applied(status.applied, now, tz)),
        *_labelled("sync", following_text(status.following, now, tz)),
        *_labelled("panel", list(status.panel)),
    ]
    host += [*_units(status.units), *_timers(status.timers, now, tz)]
    for calls in status.calls:
        if calls.circuit_open_until is not None:
            until = when(calls.circuit_open_until, now, tz)
            host.append(("calls", f"account '{calls.account}': none until {until}, as its service asked"))
    told = _labelled("notices", list(_told(status, tz)))
    blocks = [host, *(list(_vehicle(status.site, item, now, tz)) for item in status.vehicles), told]
    width = max(len(label) for block in blocks for label, _ in block)
    text = ["\n".join(f"{label:<{width}}  {words}" for label, words in block) for block in blocks if block]
    return "\n\n".join(text)


def _applied(applied: Applied, now: datetime, tz: tzinfo) -> str:
    text = f"generation {applied.number}, {when(applied.at, now, tz)}, from {applied.source}"
    if applied.commit is not None:
        unclean = "" if applied.clean else " and changes that are in no commit"
        text += f" at {applied.commit[:COMMIT_SHOWN]}{unclean}"
    return text


def following_text(following: Following | None, now: datetime, tz: tzinfo) -> list[str]:
    """Return how the host follows a branch, a line for each thing to know; none when it does not."""
    if following is None:
        return []
    looked = "never looked at yet" if following.looked is None else f"looked at {when(following.looked, now, tz)}"
    at = "" if following.commit is None else f", at {following.commit[:COMMIT_SHOWN]}"
    said = [f"{following.remote} ({following.branch}) {looked}{at}"]
    if following.slug:
        since = "" if following.since is None else f"since {when(following.since, now, tz)}: "
        said.append(f"{since}{following.message} [{following.slug}]")
    if following.suspended:
        said.append(f"suspended {following.suspended}; go on: sudo delcia sync --resume")
    return [*said, *following.faults]


def _units(units: Units) -> Iterator[Line]:
    said = [f"{name} {how}" for name, how in units.differences] + list(units.faults)
    said += ["'delcia diff' shows it, 'delcia apply' repairs it"] if said else ["as applied"]
    yield from _labelled("units", [*said, *units.choices])


def _timers(timers: Timers, now: datetime, tz: tzinfo) -> Iterator[Line]:
    said = [
        f"{when(timer.next_at, now, tz) if timer.next_at else 'never':<9}  {timer.name}" for timer in timers.rows
    ] or ["no timer of delcia's is there"]
    if timers.computed:
        said.append(f"computed: {timers.computed}")
    yield from _labelled("next", said)


def _vehicle(site: Site, item: VehicleStatus, now: datetime, tz: tzinfo) -> Iterator[Line]:
    row = item.row
    if row.memory is None or row.memory.reading is None:
        yield row.vehicle.name, f"not read yet · {row.means}"
    else:
        yield row.vehicle.name, f"{state_words(row.situation, row.memory, now)} · {row.means}"
    for word in dict.fromkeys(word for plan in row.plans for word in plan.not_enforced):
        yield "", NOT_ENFORCED[word]
    yield from (("", words) for words in standing_words(site, row.vehicle, row.standing, now, tz))
    if row.memory is not None and row.memory.override is not None:
        yield "", override_words(row.memory.override, now, tz)
    elif row.memory is not None and is_left_alone(row.memory):
        yield "", LEFT_ALONE
    if row.memory is not None:
        yield from (("", words) for words in lent_words(row.memory))
    if not row.plans:
        yield "", "no plan is enabled for it"
    # What was decided says what there will be then.
    yield from (("", words) for words in dict.fromkeys(basis(row, plan) for plan in row.plans))
    own = f"{row.vehicle.name}: "
    decided = [f"{when(told.at, now, tz):<9}  {told.words.removeprefix(own)}" for told in item.decisions]
    yield from _labelled("decided", decided)
    sent = [_sent(command, now, tz, latest=index == 0) for index, command in enumerate(item.commands)]
    yield from _labelled("sent", sent)


def _told(status: Status, tz: tzinfo) -> Iterator[str]:
    """Yield the latest of what the owner is to be told, the newest first."""
    fresh = [item for item in reversed(status.notices) if status.now - item.at < NOTICES_FOR]
    for item in fresh[:NOTICES_SHOWN]:
        yield f"{when(item.at, status.now, tz):<9}  {item.text}"
    older = len(status.notices) - len(fresh[:NOTICES_SHOWN])
    if fresh and older:
        yield f"and {older} older: delcia status --json"


def _sent(command: Sent, now: datetime, tz: tzinfo, *, latest: bool) -> str:
    if command.outcome == "confirmed" and command.confirmed_at is not None:
        became = f"obeyed by {clock(command.confirmed_at, command.at, tz)}"
    elif command.outcome in {"sent", "confirmed"}:
        became = "not confirmed yet" if latest else "never confirmed"
    else:
        became = OUTCOMES.get(command.outcome, f"it did not get through [{command.outcome}]")
    return f"{when(command.at, now, tz):<9}  {command.kind} ({command.reason}): {became}"


def _labelled(label: str, said: list[str]) -> list[Line]:
    return [(label if index == 0 else "", words) for index, words in enumerate(said)]
