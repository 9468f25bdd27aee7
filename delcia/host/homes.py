"""Whether this host knows where home is, account by account: for whoever may read its state, and no secret."""

import json
from contextlib import suppress

from delcia.errors import DelciaError
from delcia.host.credentials import is_logged_in
from delcia.host.files import read, write
from delcia.host.paths import Paths

MODE = 0o640
"""Of the group, as all of the state."""


def homeless_accounts(paths: Paths) -> frozenset[str]:
    """Return the accounts that are logged in here without a home, as far as a run or a login has found out."""
    with suppress(ValueError, DelciaError, OSError):
        data = json.loads(read(paths.state / "homeless.json") or "[]")
        return frozenset(name for name in data if isinstance(name, str)) if isinstance(data, list) else frozenset()
    return frozenset()


def note_home(paths: Paths, account: str, *, known: bool) -> None:
    """Note for those who may not read the secrets whether an account knows a home; by the user of the state."""
    before = homeless_accounts(paths)
    after = before - {account} if known or not is_logged_in(paths, account) else before | {account}
    if after != before:
        with suppress(OSError):  # `status` then says it later
            write(paths.state / "homeless.json", json.dumps(sorted(after)) + "\n", mode=MODE)
