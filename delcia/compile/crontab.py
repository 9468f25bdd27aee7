"""A site as a part of a crontab: the lines of each plan, and the one that looks at all of them every five minutes."""

from dataclasses import dataclass
from datetime import datetime

from delcia.compile.escaping import Filtered, exec_path, unit_id
from delcia.compile.templates import environment
from delcia.compile.wording import summary
from delcia.core.changes import Artifact, digest
from delcia.core.cronlines import CronLine, cron_lines
from delcia.core.model import Plan, Site
from delcia.core.timetable import live_plans, triggers_of

NO_DIGEST = "0" * 64
"""Stands in the line of the mark while the digest of the text is taken."""


@dataclass(frozen=True, slots=True)
class CronSettings:
    """What a crontab needs to know of the host.

    `name` is the artifact's. `zone` is that of the daemon's clock. `user` stands in a column of its own, where the
    crontab has one. `logger` sends what a run says to syslog: cron would mail it. `env` goes before each command.
    """

    name: str
    executable: str
    now: datetime
    zone: str
    user: str | None = None
    logger: str = "/usr/bin/logger"
    env: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanLines:
    """What a crontab holds of one plan."""

    name: str
    vehicle: str
    source: str
    summary: str
    lines: tuple[CronLine, ...]


def render(site: Site, settings: CronSettings) -> tuple[Artifact, ...]:
    """Return the one artifact of a site: delcia's lines. Plans that are disabled or over have none.

    Raises `unsafe-text`, `unsafe-id` or `unsafe-path` for values that a crontab must not hold.
    """
    plans = [
        _of_plan(plan, cron_lines(triggers, settings.zone, settings.now))
        for plan in live_plans(site, settings.now)
        if (triggers := triggers_of(site, plan, settings.now))
    ]
    text = (
        environment("crontab")
        .get_template("crontab.j2")
        .render(
            plans=plans,
            zone=settings.zone,
            user=Filtered("" if settings.user is None else f"\t{unit_id(settings.user)}"),
            settings=Filtered("".join(f"{_variable(name)}={exec_path(value)} " for name, value in settings.env)),
            executable=settings.executable,
            logger=settings.logger,
            digest=NO_DIGEST,
        )
    )
    return (Artifact(settings.name, text.replace(NO_DIGEST, digest(text), 1)),)


def _of_plan(plan: Plan, lines: tuple[CronLine, ...]) -> PlanLines:
    return PlanLines(plan.name, plan.vehicle, plan.place.path, summary(plan), lines)


def _variable(name: str) -> str:
    if not name.replace("_", "").isalpha():
        msg = f"not a variable: {name!r}"
        raise ValueError(msg)
    return name
