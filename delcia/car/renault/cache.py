"""What one run leaves for the next, so that it need not ask again: the JWT, and what kind of car each is.

The file is private and may vanish at any time. Nothing here is believed once the login has changed.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from delcia.car.renault.kinds import CarKind
from delcia.core.access import Access, Binding
from delcia.outside.leftovers import temporary

JWT_LIFE = timedelta(minutes=14)
"""A minute less than the service grants."""
REMINT_PAUSE = timedelta(minutes=15)
FAILING = timedelta(minutes=12)
REFUSED_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Memo:
    """The content of the file. `login` names the login token without telling it; instants are ISO texts."""

    login: str
    jwt: str | None = field(default=None, repr=False)
    minted_at: str | None = None
    reminted_at: str | None = None
    """When a JWT was last refused before its time."""
    refused_at: str | None = None
    """When the login token itself was refused."""
    failed_at: str | None = None
    """When the service last failed in passing, after all tries."""
    kinds: Mapping[str, CarKind] = field(default_factory=dict)

    def fresh_jwt(self, now: datetime) -> str | None:
        """Return the JWT while it is young enough."""
        return self.jwt if _within(self.minted_at, JWT_LIFE, now) else None

    def may_remint(self, now: datetime) -> bool:
        """Say whether a refused JWT may be replaced before its time."""
        return not _within(self.reminted_at, REMINT_PAUSE, now)

    def refused(self, now: datetime) -> bool:
        """Say whether the login token was refused so lately that asking again is no use."""
        return _within(self.refused_at, REFUSED_LIFE, now)

    def failing(self, now: datetime) -> bool:
        """Say whether the service failed so lately that one try is enough: the next run is the next try."""
        return _within(self.failed_at, FAILING, now)

    def with_jwt(self, jwt: str | None, now: datetime) -> "Memo":
        """Return the memo with the JWT that is in use now."""
        return self if jwt == self.jwt else replace(self, jwt=jwt, minted_at=now.isoformat(), refused_at=None)

    def with_kind(self, key: str, kind: CarKind) -> "Memo":
        """Return the memo that also knows this car."""
        return self if self.kinds.get(key) == kind else replace(self, kinds={**self.kinds, key: kind})


def key_of(binding: Binding) -> str:
    """Return a name for a car that does not tell its VIN."""
    return _digest(f"{binding.account_id} {binding.vin}")


def memo_of(access: Access, path: Path | None) -> Memo:
    """Return what the last run left, or an empty memo: of another login, unreadable, or none."""
    empty = Memo(_digest(f"{access.origin} {access.login_token}"))
    if path is None:
        return empty
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        kinds = {
            str(key): CarKind(kind["model_code"], kind["energy"], kind.get("asked_at"))
            for key, kind in data.pop("kinds").items()
        }
        memo = Memo(**data, kinds=kinds)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return empty
    return memo if memo.login == empty.login else empty


def keep(memo: Memo, path: Path | None) -> None:
    """Write the memo for the next run, for the owner alone. A folder that cannot be written costs calls, no more."""
    if path is None:
        return
    fresh = temporary(path)
    with suppress(OSError):
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(memo), file)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def cache_file(folder: Path | None, account: str) -> Path | None:
    """Return where the memo of an account lies."""
    return None if folder is None else folder / f"renault-{account}.json"


def _within(since: str | None, span: timedelta, now: datetime) -> bool:
    """Say whether an instant lies in the last `span`; one in the future is of a clock that was wrong."""
    if since is None:
        return False
    with suppress(ValueError, TypeError):
        return timedelta(0) <= now - datetime.fromisoformat(since) < span
    return False


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
