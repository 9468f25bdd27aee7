"""A site as systemd units: a timer and a service per plan, and the few that every site has."""

from dataclasses import dataclass
from datetime import datetime

from delcia.compile.templates import environment
from delcia.compile.wording import summary
from delcia.core.changes import Artifact, digest
from delcia.core.model import Plan, Site
from delcia.core.timetable import live_plans, triggers_of
from delcia.core.triggers import RECONCILE, Trigger, calendar_text

NO_DIGEST = "0" * 64
"""Stands in the line of the mark while the digest of the text is taken."""


@dataclass(frozen=True, slots=True)
class UnitSettings:
    """What units need to know of the host: the absolute path of `delcia`, whom it runs as, and the present instant."""

    executable: str
    now: datetime
    user: str = "delcia"


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One `OnCalendar=` and, for the comment above it, what the owner wrote."""

    words: str
    calendar: str


def render(site: Site, settings: UnitSettings) -> tuple[Artifact, ...]:
    """Return all units of a site, by name. Plans that are disabled or over have none.

    Raises `unsafe-text`, `unsafe-id` or `unsafe-path` for values that a unit must not hold.
    """
    made = [
        _unit("delcia-notify@.service", settings),
        _unit("delcia-reconcile.service", settings),
        _unit("delcia-reconcile.timer", settings, lines=(_line(RECONCILE),)),
    ]
    for plan in live_plans(site, settings.now):
        if triggers := triggers_of(site, plan, settings.now):
            made += _of_plan(plan, tuple(_line(trigger) for trigger in triggers), settings)
    return tuple(sorted(made))


def _of_plan(plan: Plan, lines: tuple[CalendarLine, ...], settings: UnitSettings) -> list[Artifact]:
    return [
        _unit(f"delcia-plan-{plan.name}.{kind}", settings, f"delcia-plan.{kind}", lines, plan)
        for kind in ("service", "timer")
    ]


def _line(trigger: Trigger) -> CalendarLine:
    return CalendarLine(trigger.words, calendar_text(trigger))


def _unit(
    name: str,
    settings: UnitSettings,
    template: str | None = None,
    lines: tuple[CalendarLine, ...] = (),
    plan: Plan | None = None,
) -> Artifact:
    """Return a unit of a site."""
    return marked(
        name,
        template or name,
        executable=settings.executable,
        user=settings.user,
        lines=lines,
        plan=plan,
        summary=summary(plan) if plan else "",
    )


def marked(name: str, template: str, **values: object) -> Artifact:
    """Return a unit made from a template. Its mark carries the digest of the text, taken with zeros in its place."""
    text = environment("systemd").get_template(f"{template}.j2").render(name=name, digest=NO_DIGEST, **values)
    return Artifact(name, text.replace(NO_DIGEST, digest(text), 1))
