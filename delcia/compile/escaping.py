"""Values on their way into a unit file or a crontab: each passes a filter for its place, or is refused."""

import json
import re

from delcia.errors import DelciaError

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
PATH = re.compile(r"/[A-Za-z0-9._+@/-]+")
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]|\\\Z")
"""Control characters, separators of lines, halves of pairs, what turns the direction of writing; a last backslash."""


class Filtered(str):
    """Text that a filter has let through; templates put nothing else into a unit."""

    __slots__ = ()


def unit_text(value: object) -> Filtered:
    """Return text for a comment or a setting, `%` doubled. Raises `unsafe-text` for what could begin another line."""
    text = str(value)
    if UNSAFE.search(text):
        message = f"{text!a} has a character that no unit file may hold"
        raise DelciaError(message, slug="unsafe-text", hint="take control characters and a last '\\' out of it")
    return Filtered(text.replace("%", "%%"))


def unit_json(value: object) -> Filtered:
    """Return data as JSON in a setting that undoes C's escapes (`SetCredential=`). Raises `unsafe-text` as text does.

    Some versions of systemd expand `%` there and others do not, so none is left: JSON can write it otherwise.
    """
    text = json.dumps(value, sort_keys=True).replace("%", "\\u0025")
    return unit_text(text.replace("\\", "\\\\"))


def unit_id(value: object) -> Filtered:
    """Return an id or the name of a user, one word wherever it stands. Raises `unsafe-id` for anything else."""
    text = str(value)
    if not ID.fullmatch(text):
        message = f"{text!a} is no id, and cannot be part of a unit's name or command"
        hint = "use small letters, digits, _ and -, a letter or digit first, at most 41 of them"
        raise DelciaError(message, slug="unsafe-id", hint=hint)
    return Filtered(text)


def cron_text(value: object) -> Filtered:
    """Return text for a comment of a crontab, or its fields. Raises `unsafe-text` for what could begin another line."""
    text = str(value)
    if UNSAFE.search(text.replace("\t", " ")):
        message = f"{text!a} has a character that no crontab may hold"
        raise DelciaError(message, slug="unsafe-text", hint="take control characters and a last '\\' out of it")
    return Filtered(text)


def exec_path(value: object) -> Filtered:
    """Return an absolute path, one word in a command line. Raises `unsafe-path` for anything else."""
    text = str(value)
    if not PATH.fullmatch(text):
        message = f"{text!a} cannot stand in a command line of systemd or cron"
        hint = "install delcia at a path of letters, digits and any of . _ + @ - only"
        raise DelciaError(message, slug="unsafe-path", hint=hint)
    return Filtered(text)


def only_filtered(value: object) -> object:
    """Return a value that a filter has let through. Raises ValueError for any other: a template forgot the filter."""
    if not isinstance(value, Filtered):
        msg = f"not filtered for a unit: {value!r}"
        raise ValueError(msg)  # noqa: TRY004 - the type is how it is known, the missing filter is the fault
    return value
