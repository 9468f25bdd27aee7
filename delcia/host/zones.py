"""The time zone of a host's clock, by name."""

from pathlib import Path

from delcia.errors import DelciaError, Exit

ZONEINFO = "usr/share/zoneinfo"
NOT_NAMES = ("posix", "right", "localtime", "posixrules", "Factory")


def host_zone(top: Path, told: str | None = None) -> str:
    """Return the zone of the host below `top`; `told` is what a daemon's own environment says, which comes first.

    Raises `host-zone` when it has no name: then its owner must say it.
    """
    found = told or _by_link(top) or _by_name(top) or _by_content(top)
    if found is None and not (top / "etc/localtime").exists():
        return "UTC"
    if found is None or not _is_known(found):
        said = f"is '{found}', which is no name of a zone" if found else "has a zone without a name"
        hint = "name it: --cron-zone Europe/Paris, or link /etc/localtime to a file below /usr/share/zoneinfo"
        raise DelciaError(f"the clock of this host {said}", slug="host-zone", hint=hint, status=Exit.USAGE)
    return found


def _by_link(top: Path) -> str | None:
    path = top / "etc/localtime"
    if not path.is_symlink():
        return None
    _, found, name = str(path.readlink()).partition("zoneinfo/")
    return name or None if found else None


def _by_name(top: Path) -> str | None:
    """Return the zone that /etc/timezone names, if the clock is really in it: that file is often left behind."""
    try:
        name = (top / "etc/timezone").read_text(encoding="ascii").strip()
        same = (top / ZONEINFO / name).read_bytes() == (top / "etc/localtime").read_bytes()
    except (OSError, ValueError):
        return None
    return name if same else None


def _by_content(top: Path) -> str | None:
    """Return a zone whose file is the host's: where somebody copied it."""
    try:
        wanted = (top / "etc/localtime").read_bytes()
    except OSError:
        return None
    zones = top / ZONEINFO
    for path in sorted(zones.rglob("*")):
        name = path.relative_to(zones)
        if "/" in str(name) and name.parts[0] not in NOT_NAMES and path.is_file() and path.read_bytes() == wanted:
            return str(name)
    return "UTC" if b"UTC0" in wanted[-8:] else None


def _is_known(name: str) -> bool:
    from delcia.core.clock import zone

    try:
        zone(name)
    except ValueError:
        return False
    return name[:1] not in "+-"
