"""Whether a change of files changes plans and nothing else: all that some keys may sign."""

from collections.abc import Iterator, Mapping
from typing import Any

from delcia.config.files import SUFFIXES, shown
from delcia.config.findings import Findings, quoted
from delcia.config.nodes import Mapping as Nodes
from delcia.config.nodes import plain
from delcia.config.source import read
from delcia.errors import Problem

_FREE = "plans"
_HINT = "have it signed by somebody who may change everything"


def only_plans_changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Return what a change changes beside `plans:`, at its place; nothing when it changes nothing else.

    The files are given by path; those that are the same on both sides may be left out, but no other: not those beside
    the plan directory either (`delcia.host.repository.changed_files` gives them).
    """
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return tuple(problem for path in paths for problem in _beside_plans(path, before.get(path), after.get(path)))


def _beside_plans(path: str, before: bytes | None, after: bytes | None) -> Iterator[Problem]:
    hidden = any(part.startswith(".") for part in path.split("/"))
    if hidden or not path.endswith(SUFFIXES):
        yield _problem(path, (1, 1), "it is no plan file")
        return
    old, new = _read(path, before), _read(path, after)
    if old is None or new is None:
        yield _problem(path, (1, 1), "it cannot be read, before or after")
        return
    for key in sorted((old.keys() | new.keys()) - {_FREE}):
        was, now = (side.get(key) for side in (old, new))
        if was is None or now is None or repr(was[0]) != repr(now[0]):
            yield _problem(path, (now or was or ((), (1, 1)))[1], f"{quoted(key)} is not '{_FREE}'")


def _read(path: str, data: bytes | None) -> dict[str, tuple[object, tuple[int, int]]] | None:
    """Return what a file says under each key, in the order of its names, and where; None when it has any error."""
    if data is None:
        return {}
    findings = Findings()
    try:
        found = read(shown(path), data.decode("utf-8"), findings)
    except UnicodeDecodeError:
        return None
    if findings.problems:
        return None
    entries = found.entries.values() if isinstance(found, Nodes) else ()
    return {entry.key: (_sorted(plain(entry.node)), (entry.place.line, entry.place.column)) for entry in entries}


def _sorted(said: Any) -> Any:  # noqa: ANN401 - plain data of any shape
    """Return plain data whose `repr` is the same whenever it says the same; 1 is not 1.0, and true is neither."""
    match said:
        case dict():
            return "mapping", [(key, _sorted(said[key])) for key in sorted(said)]
        case list():
            return [_sorted(item) for item in said]
        case _:
            return said


def _problem(path: str, place: tuple[int, int], why: str) -> Problem:
    message = f"the change goes beyond the plans: {why}"
    return Problem(shown(path), *place, "error", "beyond-plans", message, _HINT)
