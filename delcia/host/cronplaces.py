"""Which crontab delcia's lines stand in: by what the host has, or as its owner says."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from delcia.errors import DelciaError, Exit

USER = "delcia"
CRON_D, SYNOLOGY = "/etc/cron.d/delcia", "/etc/crontab"
SYNOLOGY_SIGNS = ("etc/synoinfo.conf", "etc.defaults/synoinfo.conf")


@dataclass(frozen=True, slots=True)
class CronPlace:
    """A crontab: the name of its artifact, whom its lines run as, and whether they have a column that says so.

    `zone` is that of the daemon's clock where its owner named it; None: the host is asked.
    """

    name: str
    user: str
    column: bool
    zone: str | None = None

    def __post_init__(self) -> None:
        """Refuse a name that no artifact could have."""
        if not self.name.startswith(("/", "crontab of ")):
            msg = f"no crontab: {self.name!r}"
            raise ValueError(msg)


def place_of_user(user: str) -> CronPlace:
    """Return a user's own crontab, which `crontab` installs."""
    return CronPlace(f"crontab of {user}", user, column=False)


def usual_place(top: Path, user: str | None = None, *, busybox: bool = False) -> CronPlace:
    """Return the place for a whole host, by what it has below `top`; `user` is whom the lines run as."""
    if any((top / sign).exists() for sign in SYNOLOGY_SIGNS):
        return CronPlace(SYNOLOGY, user or "root", column=True)
    who = user or USER
    if busybox or (top / "etc/crontabs").is_dir():
        return CronPlace(f"/etc/crontabs/{who}", who, column=False)
    if (top / "etc/cron.d").is_dir() or top != Path("/"):
        return CronPlace(CRON_D, who, column=True)
    return place_of_user(who)


def roots_place(place: CronPlace) -> CronPlace:
    """Return where a line of root's stands on a host whose plans stand in `place`. Raises `crontab-taken`."""
    folder = PurePosixPath(place.name).parent
    if folder.name == "cron.d" and place.column:
        return CronPlace(str(folder / "delcia-sync"), "root", column=True)
    own = CronPlace(str(folder / "root"), "root", column=False) if folder.name == "crontabs" else place_of_user("root")
    if place.column or own.name == place.name:
        hint = "have the host's own task scheduler run this as root instead: delcia sync --now --scheduled"
        message = f"{place.name} holds the lines of the plans, and delcia has one part in a crontab"
        raise DelciaError(message, slug="crontab-taken", hint=hint)
    return own


def place_of_file(file: str, user: str | None = None, *, column: bool | None = None) -> CronPlace:
    """Return the place that a file is. Raises `usage` for what can be none."""
    path = PurePosixPath(file)
    if not path.is_absolute() or ".." in path.parts or file.endswith("/"):
        hint = f"write --cron-file {CRON_D}, {SYNOLOGY} or /etc/crontabs/{USER}"
        raise DelciaError(f"'{file}' is no path of a crontab", slug="usage", hint=hint, status=Exit.USAGE)
    of_users = path.parent.name == "crontabs"
    who = user or (path.name if of_users else USER if path.parent.name == "cron.d" else "root")
    return CronPlace(str(path), who, column=not of_users if column is None else column)
