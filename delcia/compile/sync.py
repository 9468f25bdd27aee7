"""The units of sync: a timer, the look at the remote by a user of its own, and root's part, which has no network.

Where cron runs delcia, it is one line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from delcia.compile.crontab import NO_DIGEST
from delcia.compile.escaping import Filtered, unit_id
from delcia.compile.systemd import marked
from delcia.compile.templates import environment
from delcia.core.changes import Artifact, digest
from delcia.errors import DelciaError, Exit

UNITS = ("delcia-sync-fetch.service", "delcia-sync.service", "delcia-sync.timer")
SEEN = tuple(f"/etc/delcia/{name}" for name in ("known_hosts", "allowed_signers", "plans_only_signers", "plans"))
"""What the look at the remote may see of the folder of the settings."""
FAILED = "delcia-sync-failed@.service"
"""Tells the owner that one of them failed: their own, for those of the plans may not be there yet."""


@dataclass(frozen=True, slots=True)
class SyncUnits:
    """What these units need to know: the absolute path of `delcia`, the remote in words, and how often to look there.

    `credentials` are the files that systemd hands to the look at the remote, by the names that they have there;
    `section` is what it is given of the host's settings. `user` looks, `teller` tells the owner.
    """

    executable: str
    remote: str
    interval_min: int
    credentials: tuple[tuple[str, str], ...] = ()
    section: Mapping[str, object] = field(default_factory=dict)
    user: str = "delcia-sync"
    teller: str = "delcia"


@dataclass(frozen=True, slots=True)
class SyncLine:
    """What the line of a crontab needs to know: `name` is the crontab's, `user` stands in a column where it has one."""

    name: str
    executable: str
    remote: str
    interval_min: int
    user: str | None = None
    logger: str = "/usr/bin/logger"


def render(settings: SyncUnits) -> tuple[Artifact, ...]:
    """Return the units of sync, by name. Raises `unsafe-path` or `unsafe-text` as those of the plans do."""
    failed = marked(FAILED, "delcia-notify@.service", executable=settings.executable, user=settings.teller)
    return (failed, *(_unit(name, settings) for name in UNITS))


def _unit(name: str, settings: SyncUnits) -> Artifact:
    return marked(
        name,
        name,
        executable=settings.executable,
        remote=settings.remote,
        interval_min=settings.interval_min,
        credentials=settings.credentials,
        section=settings.section,
        seen=SEEN,
        user=settings.user,
    )


def render_line(settings: SyncLine) -> tuple[Artifact, ...]:
    """Return the one artifact of sync on a host with cron. Raises `cron-interval` for what no single line can say."""
    text = (
        environment("crontab")
        .get_template("sync.j2")
        .render(
            fields=_fields(settings.interval_min),
            interval_min=settings.interval_min,
            remote=settings.remote,
            user=Filtered("" if settings.user is None else f"\t{unit_id(settings.user)}"),
            executable=settings.executable,
            logger=settings.logger,
            digest=NO_DIGEST,
        )
    )
    return (Artifact(settings.name, text.replace(NO_DIGEST, digest(text), 1)),)


def _fields(interval_min: int) -> str:
    """Return when cron runs something at even intervals, which are parts of an hour, or of a day in whole hours."""
    hours, rest = divmod(interval_min, 60)
    if hours == 0 and 60 % interval_min == 0:
        return f"*/{interval_min}\t*\t*\t*\t*"
    if rest == 0 and 24 % hours == 0:
        return f"0\t*/{hours}\t*\t*\t*"
    hint = "write interval_min: 15, or another part of an hour, or of a day in whole hours (60, 120, 180, …)"
    message = f"cron cannot look every {interval_min} min"
    raise DelciaError(message, slug="cron-interval", hint=hint, status=Exit.BROKEN)
