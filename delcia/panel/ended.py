"""The visits that somebody has ended before their time: no cookie of theirs counts again, also after a new start."""

import json
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from delcia.errors import DelciaError
from delcia.host.files import read, write
from delcia.panel.sessions import LASTS, Session

SCHEMA = "delcia/panel-ended/1"
MOST = 1000
"""More visits than these that were ended and might still last end all others with them: nobody logs out so often."""


class Ended:
    """What was ended, one by one or all at once, kept in a file of the panel's own; in memory alone without one.

    `era` is part of the key that signs visits: another one ends all that began before.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.era = ""
        self._began_s: dict[str, int] = {}
        self._recall()

    def has(self, session: Session) -> bool:
        """Return whether a visit was ended."""
        return session.name in self._began_s

    def end(self, session: Session, now: datetime) -> None:
        """End a visit. Raises OSError when that cannot be kept: it is over until the panel starts again."""
        oldest_s = int((now - LASTS).timestamp())
        self._began_s = {name: began_s for name, began_s in self._began_s.items() if began_s > oldest_s}
        self._began_s[session.name] = session.began_s
        if len(self._began_s) > MOST:
            self.end_all()
        else:
            self._keep()

    def end_all(self) -> None:
        """End all visits. Raises OSError as `end` does."""
        self.era = secrets.token_hex(8)
        self._began_s = {}
        self._keep()

    def _keep(self) -> None:
        if self._file is not None:
            data = {"schema": SCHEMA, "era": self.era, "ended": self._began_s}
            write(self._file, json.dumps(data), mode=0o600)

    def _recall(self) -> None:
        """Take what a run before has kept; where nobody knows what was ended, everything is."""
        try:
            text = None if self._file is None else read(self._file)
            if text is None:
                return
            data = json.loads(text)
            self.era = str(data["era"])
            self._began_s = {str(name): int(began_s) for name, began_s in data["ended"].items()}
        except (ValueError, TypeError, KeyError, AttributeError, DelciaError):
            with suppress(OSError):
                self.end_all()
