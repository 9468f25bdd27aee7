"""A plan directory to what `apply` would put on the host."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from delcia.cli.places import has_plans
from delcia.config import Loaded
from delcia.core.changes import Artifact
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit
from delcia.host.cronplaces import CronPlace
from delcia.host.generations import Content
from delcia.host.paths import Paths

HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - places a service may not look into
"""What the sandbox of the services hides (ProtectHome=, PrivateTmp=)."""
CLOSED = ("/root", "/run/user")
"""Where the user of the service may not look, by a crontab."""


def directory_to_apply(given: Path | None, paths: Paths) -> Path:
    """Return `given`, else `$DELCIA_PLANS`, else the host's plans; never `./plans`. Raises `no-directory`."""
    if given is not None:
        return given
    if named := os.environ.get("DELCIA_PLANS"):
        return Path(named)
    if has_plans(paths.plans):
        return paths.plans
    message = f"no plan directory is named, and {paths.plans} has no plans"
    raise DelciaError(message, slug="no-directory", hint="write: delcia apply DIR", status=Exit.USAGE)


def content(found: Loaded, folder: Path, render: Callable[[Site], tuple[Artifact, ...]]) -> Content:
    """Return what the plans compile to, their artifacts made by `render`. Raises `bad-plans`."""
    if found.site is None:
        message = f"the plans in '{folder}' have errors; nothing was changed"
        raise DelciaError(message, slug="bad-plans", hint=f"see: delcia validate {folder}")
    from delcia.compile.generation import dump

    return Content(dump(found.site), render(found.site))


def executable() -> str:
    """Return the absolute path of the `delcia` command that runs now."""
    beside = Path(sys.executable).with_name("delcia")
    return str(beside if beside.exists() else Path(sys.argv[0]).absolute())


def check_executable(paths: Paths, place: CronPlace | None) -> None:
    """Raise when what is applied could not run this delcia: a sandbox hides homes, and root's is closed to others."""
    hidden = HIDDEN if place is None else () if paths.personal or place.user == "root" else CLOSED
    for path in (Path(executable()), Path(sys.executable)):
        for real in (path.absolute(), path.resolve()):
            if any(real.is_relative_to(folder) for folder in hidden):
                hint = "install it for the host, outside of any home: sudo ./install.sh"
                raise DelciaError(f"services may not run {real}", slug="hidden-program", hint=hint)
