"""Writing an account's secrets: as the right user, and with words when this user may not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from delcia.core.access import Access
from delcia.errors import DelciaError, Exit
from delcia.host.paths import Paths


@contextmanager
def writable(paths: Paths) -> Iterator[None]:
    """Put words on a file that cannot be written."""
    try:
        yield
    except PermissionError as error:
        message = f"{error.filename or paths.credentials} cannot be written by this user"
        raise DelciaError(message, slug="cannot-write", hint="run this as root", status=Exit.BROKEN) from None


def check_writable(paths: Paths) -> None:
    """Find out whether secrets can be kept here before anybody is asked for them."""
    folder = paths.credentials
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    with writable(paths):
        if not os.access(folder, os.W_OK):
            raise PermissionError(0, "not writable", str(folder))


def keep(paths: Paths, account: str, access: Access) -> None:
    """Keep the secrets for the user of the service, and drop what was cached of an earlier login."""
    from delcia.car.renault.cache import cache_file
    from delcia.host.credentials import save
    from delcia.host.folders import made_account

    host_wide = os.geteuid() == 0 and paths.root is None
    with writable(paths):
        save(paths, account, access, made_account() if host_wide else None)
        cached = cache_file(paths.cache, account)
        if cached is not None:
            cached.unlink(missing_ok=True)
