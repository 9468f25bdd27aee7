"""The clock of the stand-in: real or set by a test, beside which the cars may live faster."""

from datetime import UTC, datetime, timedelta
from threading import RLock


class Clock:
    """Says what time it is, and how many seconds of a car's life have passed.

    Without a `start` it is the real clock; with one it stands still until `advance` or `set`. `speed` makes the cars
    charge, report and obey that many times faster, while the time of day stays what it is.
    """

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self._lock = RLock()
        self._set_to = start
        self._speed = speed
        self._anchor = self.now()
        self._lived_s = 0.0

    def now(self) -> datetime:
        """Return the instant in UTC."""
        return datetime.now(UTC) if self._set_to is None else self._set_to

    def lived_s(self) -> float:
        """Return the seconds that have passed for the cars."""
        with self._lock:
            return self._lived_s + (self.now() - self._anchor).total_seconds() * self._speed

    def instant_of(self, lived_s: float) -> datetime:
        """Return when the cars had lived so long (right for the present speed)."""
        with self._lock:
            return self._anchor + timedelta(seconds=(lived_s - self._lived_s) / self._speed)

    def lived_at(self, instant: datetime) -> float:
        """Return the seconds that the cars will have lived at an instant."""
        with self._lock:
            return self._lived_s + (instant - self._anchor).total_seconds() * self._speed

    def advance(self, by: timedelta) -> None:
        """Let a set clock go on."""
        self.set(self.now() + by)

    def set(self, instant: datetime | None) -> None:
        """Stand still at an instant, or follow the real clock again (None). The cars never live backwards."""
        with self._lock:
            before, lived_s = self.now(), self.lived_s()
            self._set_to = None if instant is None else instant.astimezone(UTC)
            passed_s = max(0.0, (self.now() - before).total_seconds())
            self._lived_s, self._anchor = lived_s + passed_s * self._speed, self.now()

    def pace(self, speed: float) -> None:
        """Let the cars live faster or slower from now on."""
        with self._lock:
            self._lived_s, self._anchor, self._speed = self.lived_s(), self.now(), speed
