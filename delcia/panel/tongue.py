"""A language of the panel: its texts, and what delcia's own words are in it. One file for each, `texts/CODE.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from delcia.resources import resource

CODES = ("en", "fr")
DAY_NAME = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b(?=[ .:]|$)")
ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DECIMAL = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d.])")
BETWEEN = (" · ", "; ", ", ")
"""What delcia puts between sentences that stand on one line, the widest first."""
GAP = re.compile(r"\{(n?)\}")
"""In a phrase, something that is said too; `{n}` is a number."""
GAPS = {"": r"((?:(?! · ).)+?)", "n": r"([\d.,]+)"}
"""What stands between dots is said for itself."""
LONGEST = 600
"""No sentence of delcia's is longer; what is comes from elsewhere."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What delcia says, with its gaps, and what that is; `core` is the longest stretch without a gap."""

    words: str
    text: str
    core: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """The texts of a language by their names, and delcia's phrases with what they are in it."""

    code: str
    texts: Mapping[str, Any]
    phrases: tuple["Phrase", ...]

    def said(self, words: str) -> str:
        """Return what delcia said, in this language as far as it is known; the rest stays as it is."""
        if not self.phrases or len(words) > LONGEST:
            return words
        for phrase in self.phrases:
            if phrase.core in words and (found := _pattern(phrase.words).fullmatch(words)):
                return phrase.text.format(*(self.said(part) for part in found.groups()))
        for between in BETWEEN:
            if between in words:
                return between.join(self.said(part) for part in words.split(between))
        plain = DAY_NAME.sub(lambda found: self.texts["days"]["names"][ENGLISH.index(found[0])], words)
        return DECIMAL.sub(rf"\1{self.texts['decimal']}\2", plain)

    def number(self, value: float, digits: int = 1) -> str:
        """Return a number as it is written in this language."""
        return f"{value:.{digits}f}".replace(".", self.texts["decimal"])


@lru_cache(maxsize=len(CODES))
def tongue(code: str) -> Tongue:
    """Return a language that there is a file for."""
    with resource("templates", "panel", "texts", f"{code}.toml").open("rb") as file:
        texts = tomllib.load(file)
    said = texts.pop("said", {}).items()
    phrases = tuple(Phrase(words, text, max(GAP.split(words)[::2], key=len)) for words, text in said)
    return Tongue(code, texts, phrases)


def chosen(accepted: str, forced: str | None) -> Tongue:
    """Return the language that a browser likes best of those that there are; `forced` is the owner's word."""
    if forced is not None:
        return tongue(forced)
    best, code = 0.0, CODES[0]
    for part in accepted[:500].lower().split(","):
        name, _, quality = part.strip().partition(";q=")
        found = name.strip()[:2]
        weight = _weight(quality)
        if found in CODES and weight > best:
            best, code = weight, found
    return tongue(code)


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


@lru_cache(maxsize=1000)
def _pattern(words: str) -> re.Pattern[str]:
    pieces = [re.escape(piece) if place % 2 == 0 else GAPS[piece] for place, piece in enumerate(GAP.split(words))]
    return re.compile("".join(pieces))
