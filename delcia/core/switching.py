"""Commands that a host has for a charger: what gives it power and what takes it away, as its owner defined them."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Program:
    """A program to run, without a shell; the first word is its absolute path."""

    argv: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebCall:
    """A request to a charger that speaks HTTP. Its address may hold a secret and is never shown."""

    url: str = field(repr=False)
    method: str = "GET"
    body: str | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Switch:
    """How a charger is switched on (`start`) and off (`stop`), and how long either may take."""

    name: str
    start: Program | WebCall
    stop: Program | WebCall
    timeout_s: float = 30.0
