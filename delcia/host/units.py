"""The systemd back end: unit files in their folder, and the timers and sockets among them started."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from delcia.host.backend import Choice, Step
from delcia.host.files import copy, drop_temporaries, make_folder, put_back, read, unlink, write
from delcia.host.systemd import Systemd, UnitState, faults

MASK = "a link to /dev/null\n"
"""How a masked unit reads."""
DISABLED = "disabled"
"""How systemd says that a unit does not start at boot."""
LASTING = (".timer", ".socket")
"""The kinds that are started, and at boot again; they start the others."""


def is_unit(name: str) -> bool:
    """Tell whether this is the name of a unit."""
    return name.endswith((".service", *LASTING))


@dataclass(frozen=True, slots=True)
class UnitBackend:
    """A folder of unit files, and the systemd that reads it."""

    folder: Path
    systemd: Systemd

    def owns(self, name: str) -> bool:
        """Tell whether this is the name of a unit."""
        return is_unit(name)

    def read(self, name: str) -> str | None:
        """Return a unit file's text."""
        return read(self.folder / name)

    def write(self, name: str, text: str) -> None:
        """Write a unit file."""
        make_folder(self.folder)
        write(self.folder / name, text, mode=0o644)

    def remove(self, name: str) -> None:
        """Remove a unit file."""
        drop_temporaries(self.folder / name)
        unlink(self.folder / name)

    def keep(self, name: str, copy_to: Path) -> None:
        """Copy a unit file, or a link in its place."""
        copy(self.folder / name, copy_to)

    def put_back(self, name: str, copy_of: Path) -> None:
        """Restore a unit file."""
        put_back(copy_of, self.folder / name)

    def verify(self, staged: Mapping[str, Path], fresh: Collection[str]) -> None:  # noqa: ARG002 - all or none
        """Let systemd judge the files where it finds the ones they name: together, in one folder."""
        self.systemd.verify(list(staged.values()))

    def started(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the timers and sockets that run, or would at boot."""
        states = self.systemd.states(_concrete(_lasting(names)))
        return tuple(name for name, state in states.items() if _is_started(state))

    def stop(self, names: Sequence[str]) -> None:
        """Stop timers and sockets, now and for good, and the services behind the sockets."""
        these = dict.fromkeys([*_lasting(names), *_served(names)])
        self.systemd.disable([name for name in these if (self.folder / name).exists()])

    def activate(self, names: Sequence[str], *, changed: bool) -> Iterator[Step]:
        """Start timers and sockets, now and at boot; read all units again if systemd has an older idea of one.

        Sockets, and what runs behind them, are begun again when their files have changed: nothing else would.
        """
        lasting, served = _lasting(names), _served(names)
        yield "enable", lambda: self.systemd.enable(lasting)
        states = self.systemd.states(_concrete(names))
        if changed or any(_needs_reload(state) for state in states.values()):
            yield "reload", self.systemd.reload
        older = [name for name in served if name in states and states[name].stale]
        if older:
            yield "restart", lambda: self.systemd.restart(older)
        yield "start", lambda: self.systemd.start(lasting)

    def forget(self, names: Sequence[str]) -> None:
        """Let systemd forget the failures of units that are no more; what runs of them goes on."""
        instances = [name.replace("@.", "@*.") for name in names if "@." in name]
        states = self.systemd.states(_concrete(names))
        self.systemd.reset_failed([*instances, *(name for name, state in states.items() if state.active == "failed")])

    def choices(self, names: Sequence[str]) -> tuple[Choice, ...]:
        """Return which units are masked or disabled, and which, alone or by the beginning of a name, have drop-ins."""
        return tuple(sorted((*self._resting(names), *self._overridden(names))))

    def _resting(self, names: Sequence[str]) -> Iterator[Choice]:
        states = self.systemd.states(_concrete(_lasting(names)))
        masked = {name for name in names if self.read(name) == MASK}
        for name in names:
            if name in masked:
                yield Choice(name, "masked", rests=True)
            elif name in states and states[name].enabled == DISABLED:
                yield Choice(name, DISABLED, rests=True)
            elif name in states and f"{name.rpartition('.')[0]}.service" in masked:
                # systemd refuses to start it.
                yield Choice(name, "without effect while its service is masked", rests=True)

    def _overridden(self, names: Sequence[str]) -> Iterator[Choice]:
        for name in {each for unit in names for each in _with_prefixes(unit)}:
            found = sorted((self.folder / f"{name}.d").glob("*.conf"))
            if found:
                yield Choice(name, f"changed by {', '.join(f'{name}.d/{file.name}' for file in found)}", rests=False)

    def faults(self, names: Sequence[str], fresh: Collection[str] = ()) -> tuple[str, ...]:
        """Return what keeps timers and sockets from starting anything, and which units run from an older file."""
        return faults(self.systemd.states(_concrete(names)).values(), fresh)


def _with_prefixes(name: str) -> Iterator[str]:
    """Yield a unit's name, and those that stand for all units with its beginning: `a-b-.service`, `a-.service`."""
    yield name
    stem, _, kind = name.rpartition(".")
    parts = stem.split("-")
    for count in range(1, len(parts)):
        yield f"{'-'.join(parts[:count])}-.{kind}"


def _lasting(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.endswith(LASTING)]


def _served(names: Sequence[str]) -> list[str]:
    """Return the services behind sockets, and before them those sockets."""
    sockets = [name for name in names if name.endswith(".socket")]
    services = [name.replace(".socket", ".service") for name in sockets]
    return [*sockets, *(name for name in services if name in names)]


def _concrete(names: Iterable[str]) -> list[str]:
    """Return the units that systemd can have: templates have no state."""
    return sorted({name for name in names if "@." not in name})


def _needs_reload(state: UnitState) -> bool:
    """Tell whether systemd has an older idea of a unit than the disk: its text, or whether it starts at boot."""
    return state.stale or (state.name.endswith(LASTING) and state.enabled != "enabled")


def _is_started(state: UnitState) -> bool:
    return state.active == "active" or state.enabled == "enabled"
