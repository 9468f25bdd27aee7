"""What `doctor` finds, kept for the panel: looking takes a second of a small board, and no page waits for it."""

import json
import threading
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from delcia.cli.clock import now as clock_now
from delcia.errors import DelciaError
from delcia.host.files import read, write

if TYPE_CHECKING:
    from delcia.host.finding import Finding

HOLDS = timedelta(minutes=5)
"""What is older is looked at again, while the older one is shown."""
SCHEMA = "delcia/panel-checks/1"


@dataclass(slots=True)
class Checks:
    """What was found last, kept in a file of the panel's own so that it is there at the first page."""

    root: Path | None
    file: Path
    found: "tuple[Finding, ...] | None" = None
    at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> "tuple[Finding, ...]":
        """Return what was found last; when that is too long ago, look again meanwhile."""
        if self.found is None:
            self._recall()
        if self.found is None:
            with self.lock:
                self._look()
        elif (self.at is None or abs(clock_now() - self.at) > HOLDS) and self.lock.acquire(blocking=False):
            threading.Thread(target=self._look_beside, daemon=True).start()
        return self.found or ()

    def _look_beside(self) -> None:
        try:
            self._look()
        finally:
            self.lock.release()

    def _look(self) -> None:
        from delcia.cli.diagnosis import findings
        from delcia.cli.machines import host_at
        from delcia.cli.places import host_paths
        from delcia.host.finding import Finding

        now = clock_now()
        try:
            self.found = tuple(findings(host_at(host_paths(self.root)), now, offline=True, sandboxed=True))
        except DelciaError as error:
            self.found = (Finding("doctor", "error", error.message, error.hint),)
        self.at = now
        rows = [asdict(item) for item in self.found]
        try:
            write(self.file, json.dumps({"schema": SCHEMA, "at": now.isoformat(), "findings": rows}), mode=0o600)
        except OSError:
            return  # it is looked at again then

    def _recall(self) -> None:
        """Take what a run before has kept; of another version, or damaged, it counts for nothing."""
        from delcia.host.finding import Finding

        try:
            data = json.loads(read(self.file) or "")
            self.found = tuple(Finding(**row) for row in data["findings"] if data["schema"] == SCHEMA)
            self.at = datetime.fromisoformat(data["at"])
        except (ValueError, TypeError, KeyError, DelciaError):
            self.found = self.at = None
