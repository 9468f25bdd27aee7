"""The text of a bill cut into what it says: hours, days, labels, seasons and clocks, each with its meaning.

A word without a meaning is refused by its name, never passed over.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from delcia.config.bill_words import (
    ALL_DAY,
    ALSO,
    DAY_WORDS,
    DAYS,
    IGNORED,
    LABELS,
    MOMENTS,
    REFUSED,
    SEASONS,
    STANDARD_WORDS,
    TO,
    UTC_WORDS,
    Label,
    Season,
)
from delcia.core.model import DAY_MIN

Kind = Literal["hours", "days", "label", "season", "clock", "all-day", "dash", "parting"]
Clock = Literal["utc", "standard"]
HINT = "write hours such as 1H38-6H38;12H38-14H38"
_HALF_DAY_H = 12
_CLOCK = r"(?P<{0}h>\d{{1,2}})(?:\s*(?:h|hrs?|u|:|\.)\s*(?P<{0}m>\d{{2}})?)?\s*(?:uhr|uur|hrs?|h)?\s*(?P<{0}p>am|pm)?"
_FROM, _UNTIL = _CLOCK.format("b"), _CLOCK.format("e")
_TO = "|".join(re.escape(word) for word in sorted(TO, key=len, reverse=True))
_BETWEEN = r"(?:entre|between|zwischen|tussen|tra|fra)(?:\s+(?:las|le|les))?"
_RANGE = re.compile(
    rf"{_BETWEEN}\s+{_FROM}\s*(?:et|and|und|en|y|e)(?:\s+(?:las|le|les))?\s+{_UNTIL}(?![0-9])".replace(
        "(?P<b", "(?P<x"
    ).replace("(?P<e", "(?P<y")
    + rf"|{_FROM}\s*(?:-|/|(?:{_TO})\s)\s*{_UNTIL}(?![0-9a-z])"
)
_PHRASES = sorted(
    {*DAY_WORDS, *LABELS, *SEASONS, *UTC_WORDS, *STANDARD_WORDS, *ALL_DAY, *ALSO, *TO, *IGNORED, *REFUSED},
    key=len,
    reverse=True,
)
_PHRASE = re.compile(rf"(?:{'|'.join(re.escape(phrase) for phrase in _PHRASES)})(?![a-z0-9])")
_WHOLE = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(ALL_DAY, key=len, reverse=True)))})(?![a-z0-9])")
_OTHER = re.compile(r"[a-z0-9][a-z0-9'./-]*|\S")
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63, 0xFF0D), "-")
"""Hyphens, dashes and minus signs, as bills and word processors write them."""


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that a bill says, in its own words and by its meaning.

    `span`: minutes of the day, the end up to a day later. `days`: none for every day; `listed`: named one by one.
    """

    kind: Kind
    text: str
    span: tuple[int, int] = (0, DAY_MIN)
    days: tuple[str, ...] = ()
    listed: bool = False
    label: Label | None = None
    season: Season | None = None
    clock: Clock | None = None


def tokens_of(text: str) -> list[Token]:
    """Return what a text says, days made whole. Raises ValueError, which names what is odd or not understood."""
    return _merged(list(_tokens(_plain(text))))


def _plain(text: str) -> str:
    """Return a text in small letters without accents, with one kind of dash and of space."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'").translate(_DASHES)).casefold()
    plain = " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
    for word, moment in MOMENTS.items():
        plain = re.sub(rf"\b{word}\b", moment, plain)
    return plain


def _tokens(plain: str) -> Iterator[Token]:
    at = 0
    while at < len(plain):
        if plain[at] == " ":
            at += 1
        elif (found := _WHOLE.match(plain, at)) is not None:
            yield from _meaning(found[0])
            at = found.end()
        elif (found := _RANGE.match(plain, at)) is not None:
            yield Token("hours", found[0], span=_span(found))
            at = found.end()
        elif (found := _PHRASE.match(plain, at)) is not None:
            yield from _meaning(found[0])
            at = found.end()
        elif plain[at] in ";,+&|/.:()[]":
            if plain[at] in ";,+&|/":
                yield Token("parting", plain[at])
            at += 1
        elif plain[at] == "-":
            yield Token("dash", "-")
            at += 1
        else:
            other = _OTHER.match(plain, at)
            word = other[0] if other else plain[at]
            msg = f"'{word}' is not understood; {HINT}, with days as in lun-ven 22h-6h + week-end"
            raise ValueError(msg)


def _meaning(phrase: str) -> Iterator[Token]:
    if phrase in REFUSED:
        msg = f"'{phrase}' {REFUSED[phrase]}"
        raise ValueError(msg)
    if phrase in ALL_DAY:
        yield Token("all-day", phrase)
    elif phrase in DAY_WORDS:
        yield Token("days", phrase, days=DAY_WORDS[phrase])
    elif phrase in LABELS:
        yield Token("label", phrase, label=LABELS[phrase])
    elif phrase in SEASONS:
        yield Token("season", phrase, season=SEASONS[phrase])
    elif phrase in UTC_WORDS or phrase in STANDARD_WORDS:
        yield Token("clock", phrase, clock="utc" if phrase in UTC_WORDS else "standard")
    elif phrase in ALSO:
        yield Token("parting", phrase)
    elif phrase in TO:
        yield Token("dash", phrase)


def _merged(tokens: list[Token]) -> list[Token]:
    """Return the tokens with days made whole: `lun-ven` is five days, and `sam et dim` are two."""
    merged: list[Token] = []
    for token in tokens:
        behind = [item.kind for item in merged[-2:]]
        if token.kind == "days" and behind == ["days", "dash"]:
            merged[-2:] = [_from_to(merged[-2], token)]
        elif token.kind == "days" and behind == ["days", "parting"] and merged[-2].days and token.days:
            merged[-2:] = [_both(merged[-2], token)]
        elif token.kind == "days" and behind[-1:] == ["days"] and merged[-1].days and token.days:
            merged[-1] = _both(merged[-1], token)
        else:
            merged.append(token)
    # A dash between other things, as in `HC - 22h-6h`, only parts them.
    return [replace(token, kind="parting") if token.kind == "dash" else token for token in merged]


def _both(one: Token, other: Token) -> Token:
    found = tuple(day for day in DAYS if day in {*one.days, *other.days})
    return Token("days", f"{one.text}, {other.text}", days=found, listed=True)


def _from_to(first: Token, last: Token) -> Token:
    """Return the days from one to another, both included; over a Sunday, too."""
    if len(first.days) != 1 or len(last.days) != 1:
        msg = f"'{first.text}-{last.text}' are no days"
        raise ValueError(msg)
    begins, ends = DAYS.index(first.days[0]), DAYS.index(last.days[0])
    span = {(begins + step) % 7 for step in range((ends - begins) % 7 + 1)}
    found = tuple(day for number, day in enumerate(DAYS) if number in span)
    return Token("days", f"{first.text}-{last.text}", days=found)


def _span(found: re.Match[str]) -> tuple[int, int]:
    """Return a span in minutes of the day on which it begins, its end up to a day later."""
    first, last = ("x", "y") if found["xh"] else ("b", "e")
    unmarked = [int(found[f"{which}h"]) for which in (first, last) if not found[f"{which}p"]]
    if len(unmarked) == 1 and 1 <= unmarked[0] <= _HALF_DAY_H:
        msg = f"'{found[0]}': say am or pm for both"
        raise ValueError(msg)
    begins, ends = _moment(found, first), _moment(found, last)
    begins = 0 if begins == DAY_MIN else begins
    if begins == ends or (begins, ends) == (0, DAY_MIN):
        if ends == DAY_MIN:
            return begins, ends
        msg = f"'{found[0]}' has no length"
        raise ValueError(msg)
    return (begins, ends) if ends > begins else (begins, ends + DAY_MIN)


def _moment(found: re.Match[str], which: str) -> int:
    hour, minute, half = int(found[f"{which}h"]), int(found[f"{which}m"] or 0), found[f"{which}p"]
    if half and not 1 <= hour <= _HALF_DAY_H:
        msg = f"'{found[0]}': {hour} {half} is not a time of day"
        raise ValueError(msg)
    if half:
        hour = hour % _HALF_DAY_H + (_HALF_DAY_H if half == "pm" else 0)
    if minute > 59 or 60 * hour + minute > DAY_MIN:  # noqa: PLR2004 - minutes of an hour
        msg = f"{hour}:{minute:02} is not a time of day"
        raise ValueError(msg)
    return 60 * hour + minute
