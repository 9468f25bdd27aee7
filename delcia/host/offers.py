"""What `sync` found, in two files: the offer of its own user, which root does not trust, and root's word on it."""

import json
import os
import re
import stat
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from delcia.errors import DelciaError
from delcia.host.files import read, write
from delcia.host.journal import put
from delcia.host.paths import Paths

OFFER = "offer.json"
LARGEST_BYTES = 16_000
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
LONGEST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Offer:
    """What a look at the remote gave: a commit with sound plans, or in words what is wrong; `again` if it may pass."""

    at: datetime
    commit: str | None = None
    slug: str = ""
    message: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """How the last sync ended: `slug` is empty when the host is at `commit`; `suspended` says why it rests.

    `looked` is when the look at the remote began that it ended, `since` when what `slug` names was first met.
    """

    at: datetime | None = None
    commit: str | None = None
    slug: str = ""
    message: str = ""
    suspended: str = ""
    looked: datetime | None = None
    since: datetime | None = None


def write_offer(folder: Path, offer: Offer) -> None:
    """Leave an offer for root."""
    data = {**asdict(offer), "at": offer.at.isoformat()}
    write(folder / OFFER, json.dumps(data) + "\n", mode=0o600)


def read_offer(folder: Path) -> Offer | None:
    """Return the offer of a user who may have written anything; None when there is none, or none that is sound."""
    try:
        handle = os.open(folder / OFFER, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            data: Any = json.loads(file.read(LARGEST_BYTES))
        commit, at = data["commit"], datetime.fromisoformat(data["at"]).astimezone(UTC)
        if commit is not None and not COMMIT.fullmatch(commit):
            return None
        slug, message = (_plain(data[key]) for key in ("slug", "message"))
        return Offer(at, commit, slug, message, again=data["again"] is True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None


def word(paths: Paths) -> Word:
    """Return root's word on the last sync; an empty one when there was none."""
    try:
        data = json.loads(read(paths.synced) or "{}")
        texts = {key: data[key] for key in ("commit", "slug", "message", "suspended") if key in data}
        at, looked, since = (data.get(key) and datetime.fromisoformat(data[key]) for key in ("at", "looked", "since"))
        return Word(at, **texts, looked=looked, since=since)
    except (ValueError, TypeError, AttributeError):
        message, hint = f"{paths.synced} cannot be read", f"remove it, then: delcia sync --now; {paths.synced}"
        raise DelciaError(message, slug="sync-damaged", hint=hint) from None


def put_word(paths: Paths, said: Word, gid: int) -> None:
    """Keep root's word."""
    data = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(said).items()}
    put(paths.synced, json.dumps(data, indent=1) + "\n", gid)


def _plain(value: object) -> str:
    """Return a text as it may be shown: one line, no control characters, not endless."""
    if not isinstance(value, str):
        raise TypeError
    return "".join(char if char.isprintable() else " " for char in value[:LONGEST_WORDS])
