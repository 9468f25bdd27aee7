"""Which places a command is about when none is named: the plan directory, and the host's or a user's own folders."""

import os
from pathlib import Path

from delcia.host.paths import Paths


def plan_directory(given: Path | None) -> Path:
    """Return `given`, else `$DELCIA_PLANS`, else the host's plans when they are there, else `./plans`."""
    if given is not None:
        return given
    named = os.environ.get("DELCIA_PLANS")
    if named:
        return Path(named)
    usual = host_paths(None).plans
    return usual if has_plans(usual) else Path("plans")


def has_plans(folder: Path) -> bool:
    """Return whether anything lies there: an installation makes the folder before there is a plan."""
    try:
        return any(not entry.name.startswith(".") for entry in folder.iterdir())
    except OSError:
        return False


def host_paths(root: Path | None) -> Paths:
    """Return where everything lies: below `root` if there is one, in a user's own folders, or where root put it."""
    return Paths.here(root, os.environ, os.geteuid())


def own_settings(paths: Paths) -> Path:
    """Return the host's settings as far as this process has them: a service is handed its own section by systemd.

    Units of 0.1 are handed all of them, or read them where they lie.
    """
    given = os.environ.get("CREDENTIALS_DIRECTORY", "")
    section = Path(given, "host")
    return section if given and paths.root is None and section.exists() else paths.host_file
