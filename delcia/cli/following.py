"""How a host follows a branch: its units as host.yaml has them now, and what `status` and `doctor` tell of it."""

from collections.abc import Iterator
from pathlib import Path

from delcia.core.changes import Artifact
from delcia.errors import DelciaError
from delcia.host import crond
from delcia.host.cronplaces import CronPlace, roots_place
from delcia.host.finding import Finding
from delcia.host.hostfile import section_alone
from delcia.host.offers import word
from delcia.host.paths import Paths
from delcia.host.standing import standing
from delcia.host.syncing import Sync, sync_of
from delcia.host.units import is_unit
from delcia.report.status import Following

NAME = "sync"
OUTDATED = "'sync:' in host.yaml, a file beside it, or delcia, is not as it was when this was switched on"
HINT = "run: sudo delcia sync --enable"


def rendered(paths: Paths, sync: Sync) -> tuple[Artifact, ...]:
    """Return the units of sync, or the line of a crontab where that runs delcia, as the host's settings are now."""
    from delcia.cli.intended import executable  # the page of a car waits for none of these
    from delcia.cli.targets import Wish, chosen_place

    place = chosen_place(paths, Wish())
    if place is not None:
        return _line(paths, sync, place)
    from delcia.compile.sync import SyncUnits, render

    given = tuple((name, str(file)) for name, file in given_files(paths))
    return render(SyncUnits(executable(), sync.shown, sync.interval_min, given, section_alone(paths.host_file, NAME)))


def is_by_units(paths: Paths) -> bool:
    """Tell whether it is switched on by units of systemd's, each in its sandbox."""
    return paths.root is None and any(is_unit(artifact.name) for artifact in standing(paths).get(NAME, ()))


def given_files(paths: Paths) -> tuple[tuple[str, Path], ...]:
    """Return the files that the look at the remote is given, as far as there are such, by the names they have there."""
    files = [(name, paths.config / f"sync.{name}") for name in ("key", "token")]
    return tuple((name, file) for name, file in files if file.exists())


def _line(paths: Paths, sync: Sync, place: CronPlace) -> tuple[Artifact, ...]:
    from delcia.cli.intended import executable
    from delcia.compile.sync import SyncLine, render_line

    own = roots_place(place)
    column = "root" if own.column else None
    logger = crond.logger() if paths.root is None else "/usr/bin/logger"
    return render_line(SyncLine(own.name, executable(), sync.shown, sync.interval_min, column, logger))


def following(paths: Paths, *, sandboxed: bool = False) -> Following | None:
    """Return how the host follows a branch; None when it does not. `sandboxed`: who asks sees no settings."""
    stand = standing(paths).get(NAME)
    if stand is None:
        return None
    said = word(paths)
    shown, branch, faults = "", "", []
    try:
        sync = None if sandboxed else sync_of(paths.host_file)
        if sync is not None:
            shown, branch = sync.address, sync.branch
        if sync is not None and sorted(rendered(paths, sync)) != sorted(stand):
            faults.append(f"{OUTDATED}; {HINT}")
    except DelciaError as error:
        faults.append(f"{error.message} [{error.slug}]")
    return Following(
        shown,
        branch,
        said.looked,
        said.commit,
        said.slug,
        said.message,
        said.since,
        said.suspended,
        tuple(faults),
    )


def findings(paths: Paths, *, sandboxed: bool = False) -> Iterator[Finding]:
    """Yield what `doctor` has to say of it; nothing when the host follows nothing."""
    try:
        found = following(paths, sandboxed=sandboxed)
    except DelciaError as error:
        yield Finding(NAME, "error", error.message, error.hint)
        return
    if found is None:
        return
    for fault in found.faults:
        yield Finding(NAME, "error", fault)
    if found.suspended:
        yield Finding(NAME, "warning", f"suspended {found.suspended}", "go on: sudo delcia sync --resume")
    if found.slug:
        since = f"since {found.since:%Y-%m-%d %H:%M} UTC: " if found.since else ""
        yield Finding(NAME, "warning", f"{since}{found.message}", "try again: sudo delcia sync --now")
    elif found.looked is None:
        yield Finding(NAME, "warning", "it never looked at the remote yet", "look: sudo delcia sync --now")
    elif not found.faults and not found.suspended:
        what = f"{found.remote} ({found.branch})" if found.remote else "a branch"
        yield Finding(NAME, "ok", f"{what} is followed, at {(found.commit or '')[:10]}")
