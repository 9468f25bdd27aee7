"""A `crontab` made of files: it outlives the process that asks, swaps a crontab all at once, and may refuse."""

from dataclasses import dataclass
from pathlib import Path

from delcia.errors import DelciaError


@dataclass(frozen=True, slots=True)
class FakeCrontabs:
    """Keeps users' crontabs in `folder`; refuses the requests named in `refuses`."""

    folder: Path
    refuses: frozenset[str] = frozenset()

    def check(self) -> None:
        """Say whether there is a cron."""
        if "check" in self.refuses:
            raise DelciaError("there is no cron on this host", slug="no-cron")

    def read(self, user: str) -> str | None:
        """Return a user's crontab."""
        try:
            return (self.folder / user).read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return None

    def install(self, user: str, text: str | None) -> None:
        """Replace a user's crontab."""
        if "install" in self.refuses:
            raise DelciaError("crontab refuses: no", slug="crontab")
        self.folder.mkdir(exist_ok=True)
        if text is None:
            (self.folder / user).unlink()
            return
        new = self.folder / f".{user}.new"
        new.write_bytes(text.encode("utf-8", "surrogateescape"))
        new.replace(self.folder / user)

    def announce(self, path: Path) -> None:
        """Note it."""
        with (self.folder.parent / "announced").open("a", encoding="utf-8") as file:
            file.write(f"{path.name}\n")
