"""A systemd made of one JSON file: it outlives the process that asks, as the real one does, and notes every request."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from delcia.errors import DelciaError
from delcia.host.systemd import NextRun, UnitState


@dataclass(slots=True)
class Memory:
    """What a systemd knows."""

    calls: list[str] = field(default_factory=list)
    enabled: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    loaded: dict[str, str] = field(default_factory=dict)
    over: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FakeSystemd:
    """Reads unit files from `units`, keeps what it knows in `memory`, and refuses the requests named in `refuses`."""

    units: Path
    memory: Path
    refuses: frozenset[str] = field(default_factory=frozenset)

    @property
    def calls(self) -> list[str]:
        """Every request so far that changes something, in order."""
        return self._load().calls

    @property
    def started(self) -> list[str]:
        """The timers that run."""
        return sorted(self._load().started)

    @property
    def enabled(self) -> list[str]:
        """The timers that start at boot."""
        return self._load().enabled

    @property
    def loaded(self) -> dict[str, str]:
        """Each unit as it was read at the last reload."""
        return self._load().loaded

    def stop_by_hand(self, timer: str, *, for_good: bool = True) -> None:
        """Do what `systemctl disable --now` does when a person types it, or else `systemctl stop`."""
        data = self._load()
        data.started.remove(timer)
        if for_good:
            data.enabled.remove(timer)
        self._save(data)

    def fail(self, unit: str) -> None:
        """Let a unit have failed."""
        data = self._load()
        data.failed.append(unit)
        self._save(data)

    def run_out(self, timer: str) -> None:
        """Let the last date of a timer be past."""
        data = self._load()
        data.over.append(timer)
        self._save(data)

    def verify(self, files: Sequence[Path]) -> None:
        """Refuse text that says BROKEN."""
        assert all(file.is_file() for file in files)
        self._note("verify")
        for file in files:
            if "BROKEN" in file.read_text(encoding="utf-8"):
                raise DelciaError(f"{file.name}: BROKEN", slug="unit-refused")

    def reload(self) -> None:
        """Read all unit files."""
        data = self._note("reload")
        data.loaded = self._on_disk()
        self._save(data)

    def enable(self, units: Sequence[str]) -> None:
        """Note units that have a file."""
        if units:
            data = self._note("enable", *units)
            self._must_exist(units)
            data.enabled = sorted({*data.enabled, *units})
            self._save(data)

    def start(self, units: Sequence[str]) -> None:
        """Start units that were read."""
        if units:
            data = self._note("start", *units)
            unread = [unit for unit in units if unit not in data.loaded]
            if unread:
                raise DelciaError(f"Unit {unread[0]} not found.", slug="systemctl")
            if any((self.units / unit).with_suffix(".service").is_symlink() for unit in units):
                raise DelciaError("Job failed.", slug="systemctl")  # what it starts is masked
            data.started = sorted({*data.started, *units})
            self._save(data)

    def disable(self, units: Sequence[str]) -> None:
        """Stop units that have a file."""
        if units:
            data = self._note("disable", *units)
            self._must_exist(units)
            data.started = sorted(set(data.started) - set(units))
            data.enabled = sorted(set(data.enabled) - set(units))
            self._save(data)

    def restart(self, units: Sequence[str]) -> None:
        """Note it."""
        if units:
            self._note("restart", *units)

    def reset_failed(self, units: Sequence[str]) -> None:
        """Forget failures."""
        if units:
            data = self._note("reset-failed", *units)
            data.failed = [unit for unit in data.failed if not any(fnmatch(unit, pattern) for pattern in units)]
            self._save(data)

    def states(self, units: Sequence[str]) -> Mapping[str, UnitState]:
        """Return how each unit stands."""
        data = self._load()
        return {unit: self._state(unit, data) for unit in units}

    def next_runs(self) -> tuple[NextRun, ...]:
        """Return nothing: this one has no clock."""
        return ()

    def _state(self, unit: str, data: Memory) -> UnitState:
        started = unit in data.started
        active = "failed" if unit in data.failed else "active" if started else "inactive"
        text = data.loaded.get(unit)
        return UnitState(
            unit,
            load="loaded" if text is not None else "not-found",
            active=active,
            sub="elapsed" if "ELAPSED" in (text or "") or unit in data.over else "waiting" if started else "dead",
            enabled="enabled" if unit in data.enabled else "disabled",
            stale=text is not None and text != self._on_disk().get(unit),
        )

    def _must_exist(self, timers: Sequence[str]) -> None:
        for timer in timers:
            if not (self.units / timer).exists():
                raise DelciaError(f"Unit file {timer} does not exist.", slug="systemctl")

    def _on_disk(self) -> dict[str, str]:
        return {
            path.name: path.read_text(encoding="utf-8") for path in sorted(self.units.glob("[!.]*.*")) if path.is_file()
        }

    def _note(self, request: str, *units: str) -> Memory:
        if request in self.refuses:
            raise DelciaError(f"systemctl {request}: no", slug="systemctl")
        data = self._load()
        data.calls.append(" ".join([request, *units]))
        self._save(data)
        return data

    def _load(self) -> Memory:
        return Memory(**json.loads(self.memory.read_text(encoding="utf-8"))) if self.memory.exists() else Memory()

    def _save(self, data: Memory) -> None:
        new = self.memory.with_suffix(".new")
        new.write_text(json.dumps(asdict(data)), encoding="utf-8")
        new.replace(self.memory)
