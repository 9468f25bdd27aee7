"""What the old project, mydelcia, was told: its settings in JSON, and off-peak hours in Python, read and never run.

A function named `get_heure_creuse_…` returns the beginning and the end of a window for a day. Its hours are of the
clock, or of UTC where it adds the difference between the two.
"""

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delcia.errors import DelciaError

FUNCTIONS = "get_heure_creuse"
HOURS = Path("libs/user_conf.py")
"""Where the old project keeps them, beside its settings."""
VIN_TAIL = 4
DAY_MIN = 1440


@dataclass(frozen=True, slots=True)
class OldSettings:
    """What the old file says, but for its secrets. `cron_file` is empty for the user's own crontab."""

    cron_file: str = ""
    user: str = ""
    user_column: bool = False
    vin_tail: str = ""


@dataclass(frozen=True, slots=True)
class OldWindow:
    """Off-peak hours of every day, in minutes after midnight of the clock, or of UTC."""

    begins_min: int
    ends_min: int
    in_utc: bool

    @property
    def text(self) -> str:
        """The window as `HH:MM-HH:MM`."""
        return "-".join(f"{minute % DAY_MIN // 60:02}:{minute % 60:02}" for minute in (self.begins_min, self.ends_min))


def old_settings(path: Path) -> OldSettings:
    """Return what a `delcia_conf.json` says; login and password are not even looked at. Raises `old-settings`."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise _broken(path, str(why)) from None
    if not isinstance(data, dict) or not any(name in data for name in ("CRONFILE", "DACIA_VIN", "DACIA_LOGIN")):
        raise _broken(path, "it has none of the old project's keys, such as CRONFILE")
    vin = str(data.get("DACIA_VIN") or "").strip()
    return OldSettings(
        cron_file=str(data.get("CRONFILE") or "").strip(),
        user=str(data.get("USER") or "").strip(),
        user_column=data.get("ADD_USER_TO_CRON") is True,
        vin_tail=vin[-VIN_TAIL:] if len(vin) > VIN_TAIL and vin.isalnum() else "",
    )


def old_windows(path: Path) -> tuple[OldWindow, ...]:
    """Return the windows of a `user_conf.py`, in the order of the day. Raises `old-hours` for all but plain hours."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, SyntaxError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not Python"
        raise _unclear(path, None, str(why)) from None
    found = [
        _window(path, node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith(FUNCTIONS)
    ]
    if not found:
        raise _unclear(path, None, f"it has no function {FUNCTIONS}_…")
    return tuple(sorted(found, key=lambda window: window.begins_min))


@dataclass(frozen=True, slots=True)
class _Wall:
    """A time of a day, in minutes; `offset`: the difference of the clock from UTC was added to it."""

    minute: int
    offset: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    """Minutes; `offset`: and the difference of the clock from UTC."""

    minutes: int
    offset: bool = False


@dataclass(frozen=True, slots=True)
class _Hours:
    """The hour of a clock (1, 0), of UTC (0, 1), or their difference (1, -1)."""

    local: int
    utc: int


Value = _Wall | _Span | _Hours | int | tuple[Any, ...]


class _UnclearError(Exception):
    """An expression that is not plain hours."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__()
        self.line = getattr(node, "lineno", None)


def _window(path: Path, function: ast.FunctionDef) -> OldWindow:
    try:
        return _run(function)
    except _UnclearError as error:
        raise _unclear(path, error.line, f"'{function.name}' has more in it than hours") from None


def _run(function: ast.FunctionDef) -> OldWindow:
    """Follow a function that assigns and returns, and does nothing else."""
    names: dict[str, Value] = {}
    for step in function.body:
        match step:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names[name] = _value(value, names)
            case ast.Return(value=ast.expr() as value):
                return _returned(step, _value(value, names))
            case ast.Expr(value=ast.Constant()):
                pass
            case _:
                raise _UnclearError(step)
    raise _UnclearError(function)


def _returned(step: ast.Return, value: Value) -> OldWindow:
    match value:
        case (_Wall(begins, first), _Wall(ends, second)) if first == second and 0 < ends - begins <= DAY_MIN:
            return OldWindow(begins % DAY_MIN, begins % DAY_MIN + ends - begins, in_utc=first)
        case _:
            raise _UnclearError(step)


def _value(node: ast.expr, names: dict[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Tuple(elts=parts):
            return tuple(_value(part, names) for part in parts)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            return _sum(node, _value(left, names), _value(right, names), -1 if isinstance(sign, ast.Sub) else 1)
        case ast.Attribute(attr="tm_hour", value=ast.Call(func=function)) if _name(function) in {"gmtime", "localtime"}:
            return _Hours(0, 1) if _name(function) == "gmtime" else _Hours(1, 0)
        case ast.Call(func=function, args=parts, keywords=words) if _name(function) in {"datetime", "timedelta"}:
            numbers = {word.arg: _value(word.value, names) for word in words}
            return _wall(node, parts, numbers, names) if _name(function) == "datetime" else _span(node, parts, numbers)
        case _:
            raise _UnclearError(node)


def _name(function: ast.expr) -> str:
    """Return the last part of what is called: `datetime` of `datetime.datetime`."""
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _wall(node: ast.Call, parts: list[ast.expr], words: dict[str | None, Value], names: dict[str, Value]) -> _Wall:
    """Return the time that `datetime(now.year, now.month, now.day, 12, 38)` is on that day."""
    day, rest = parts[:3], [_value(part, names) for part in parts[3:]]
    if words or [part.attr if isinstance(part, ast.Attribute) else "" for part in day] != ["year", "month", "day"]:
        raise _UnclearError(node)
    padded: list[Value] = [*rest, 0, 0, 0]
    hour, minute, second, *more = padded
    if not isinstance(hour, int) or not isinstance(minute, int) or second != 0 or any(more):
        raise _UnclearError(node)
    return _Wall(60 * hour + minute)


def _span(node: ast.Call, parts: list[ast.expr], words: dict[str | None, Value]) -> _Span:
    """Return what `timedelta(hours=2, minutes=30)` is, or `timedelta(hours=local - utc)`."""
    if parts or not words.keys() <= {"days", "hours", "minutes"}:
        raise _UnclearError(node)
    if words == {"hours": _Hours(1, -1)}:
        return _Span(0, offset=True)
    minutes = 0
    for word, factor in (("days", DAY_MIN), ("hours", 60), ("minutes", 1)):
        number = words.get(word, 0)
        if not isinstance(number, int):
            raise _UnclearError(node)
        minutes += factor * number
    return _Span(minutes)


def _sum(node: ast.expr, left: Value, right: Value, sign: int) -> Value:
    match left, right:
        case int(), int():
            return left + sign * right
        case _Hours(local, utc), _Hours(other_local, other_utc):
            return _Hours(local + sign * other_local, utc + sign * other_utc)
        case (_Wall(minute, first), _Span(minutes, second)) if not (second and (first or sign < 0)):
            return _Wall(minute + sign * minutes, first or second)
        case (_Span(minutes, first), _Wall(minute, second)) if sign > 0 and not (first and second):
            return _Wall(minute + minutes, first or second)
        case (_Span(minutes, first), _Span(others, second)) if not (second and (first or sign < 0)):
            return _Span(minutes + sign * others, first or second)
        case _:
            raise _UnclearError(node)


def _broken(path: Path, why: str) -> DelciaError:
    hint = "name the old project's delcia_conf.json"
    return DelciaError(f"'{path}' cannot be used: {why}", slug="old-settings", hint=hint)


def _unclear(path: Path, line: int | None, why: str) -> DelciaError:
    where = f"{path}:{line}" if line else str(path)
    hint = "say the hours instead: --off-peak '13:00-15:00 01:00-07:00'"
    return DelciaError(f"{where}: {why}", slug="old-hours", hint=hint)
