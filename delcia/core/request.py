"""A person's word for one vehicle as it is passed on: to a command, through a socket, or by a file in a spool.

The words are a fixed set. Times are as the person wrote them (`18:00`, `sat 06:00`, ISO-8601), by the home's clock.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

Word = Literal["boost", "start", "stop", "pause", "release", "resume", "skip", "trip"]
WORDS: tuple[Word, ...] = get_args(Word)
"""`boost` and `pause` are what `start` and `release` were called before; they still mean the same."""
PLACE = frozenset({"charger", "amps"})
TAKES: Mapping[Word, frozenset[str]] = {
    "boost": frozenset({"to_soc", "hours"}) | PLACE,
    "start": frozenset({"to_soc", "hours"}) | PLACE,
    "stop": frozenset({"until"}),
    "pause": frozenset({"until"}),
    "release": frozenset({"until"}),
    "resume": frozenset(),
    "skip": frozenset({"until"}),
    "trip": frozenset({"to_soc", "hours", "by", "at"}) | PLACE,
}
SCHEMA, ANSWER = "delcia/request/1", "delcia/answer/1"
LONGEST = 2000
"""Octets of a request on its line."""
LONGEST_TEXT = 60
SHORTEST_KEY = 16
LEAST_HOURS, MOST_HOURS = 0.1, 12
LEAST_AMPS, MOST_AMPS = 6, 125
UNPLUGGED: Literal["unplugged"] = "unplugged"
TOMORROW: Literal["tomorrow"] = "tomorrow"
"""What may be said in the place of a time: how long a stop lasts, and what is skipped."""
FULL_PCT = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `key` makes it the same one when it comes twice; empty: it comes once only."""

    vehicle: str
    word: Word
    key: str = ""
    to_soc: int | None = None
    hours: float | None = None
    until: str | None = None
    by: str | None = None
    at: str | None = None
    charger: str | None = None
    amps: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: an exit status and words, or the error. `kept`: the next runs try again by themselves."""

    key: str
    vehicle: str
    status: int
    words: str
    slug: str = ""
    hint: str = ""
    kept: bool = False


def request_data(request: Request) -> dict[str, Any]:
    """Return a request as JSON-able data."""
    given = {name: value for name, value in asdict(request).items() if value is not None}
    return {"schema": SCHEMA, **given}


def request_from(data: object) -> Request:
    """Return the request that a stranger's data makes. Raises ValueError, with the reason, for anything else."""
    if not isinstance(data, dict) or data.pop("schema", None) != SCHEMA:
        msg = f"no request of the schema '{SCHEMA}'"
        raise ValueError(msg)
    word = data.get("word")
    if word not in WORDS:
        msg = f"the word must be one of {', '.join(WORDS)}"
        raise ValueError(msg)
    if unknown := sorted(map(str, data.keys() - TAKES[word] - {"word", "vehicle", "key"})):
        msg = f"'{word}' takes no '{unknown[0][:LONGEST_TEXT]}'"
        raise ValueError(msg)
    for name in ("vehicle", "key", "until", "by", "at", "charger"):
        value = data.get(name, "")
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or not value.isprintable():
            msg = f"'{name}' must be a text of at most {LONGEST_TEXT} characters"
            raise ValueError(msg)
    if not data.get("vehicle") or len(data.get("key", "")) < SHORTEST_KEY:
        msg = f"a request names a vehicle and has a key of at least {SHORTEST_KEY} characters"
        raise ValueError(msg)
    _check_number(data, "to_soc", int, 1, FULL_PCT)
    _check_number(data, "hours", float, LEAST_HOURS, MOST_HOURS)
    _check_number(data, "amps", float, LEAST_AMPS, MOST_AMPS)
    return Request(**data)


def answer_data(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON-able data."""
    return {"schema": ANSWER, **asdict(answer)}


def answer_from(data: object) -> Answer:
    """Return the answer in some data. Raises ValueError when there is none."""
    if not isinstance(data, dict) or data.pop("schema", None) != ANSWER:
        msg = f"no answer of the schema '{ANSWER}'"
        raise ValueError(msg)
    known = {field.name for field in fields(Answer)}
    try:
        return Answer(**{key: value for key, value in data.items() if key in known})
    except TypeError as error:
        raise ValueError(str(error)) from error


def _check_number(data: dict[str, Any], name: str, kind: type, least: float, most: float) -> None:
    """Raise ValueError unless a number is in its range; JSON's true is no number."""
    value = data.get(name)
    kinds = (int,) if kind is int else (int, float)
    if value is not None and (isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most):
        msg = f"'{name}' must be a number from {least:g} to {most:g}"
        raise ValueError(msg)
