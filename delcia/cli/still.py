"""Sync kept still while a person changes the host: a run that began before must not undo what they do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from delcia.errors import DelciaError
from delcia.host.files import locked
from delcia.host.machine import Host
from delcia.host.offers import Word, put_word, word
from delcia.host.paths import Paths

PATIENCE_S = 60.0
"""How long to wait for a run to end."""


@contextmanager
def sync_still(paths: Paths) -> Iterator[None]:
    """Wait for a sync that runs, and have none begin meanwhile. Raises `locked` when it does not end."""
    if not paths.data.is_dir():
        yield
        return
    with locked(paths.data / ".pulled.lock", "sync", patience_s=PATIENCE_S):
        yield


def known_word(paths: Paths) -> Word:
    """Return how the last sync ended; nothing when that is damaged, which keeps nobody from going back."""
    try:
        return word(paths)
    except DelciaError:
        return Word()


def rest_for_good(host: Host) -> None:
    """Forget how the last sync ended, but for the commit that the next one follows: sync is switched off."""
    said = known_word(host.paths)
    left = Word(commit=said.commit, looked=said.looked)
    if said != left:
        put_word(host.paths, left, host.gid)


@contextmanager
def suspended(host: Host, why: str) -> Iterator[None]:
    """Let sync rest from now on; it goes on as before when what is done meanwhile fails."""
    before = known_word(host.paths)
    put_word(host.paths, replace(before, suspended=why), host.gid)
    try:
        yield
    except BaseException:
        put_word(host.paths, before, host.gid)
        raise
