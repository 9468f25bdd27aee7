"""What root may do and others may not, given up for a while: so that tests of a refusal run as root too."""

import contextlib
import ctypes
import os
import pwd
from collections.abc import Callable, Iterator

_VERSION_3 = 0x20080522
_READ = 1 << 2
"""CAP_DAC_READ_SEARCH (capabilities(7)): to read and list whatever the modes are."""
_WRITE = 1 << 1
"""CAP_DAC_OVERRIDE: to read and write whatever the modes are."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextlib.contextmanager
def bound_by_modes() -> Iterator[None]:
    """Let the modes of files bind this thread, as they bind whoever is not root. Files keep root as their owner."""
    before = _effective(lambda held: held & ~(_READ | _WRITE))
    try:
        yield
    finally:
        _effective(lambda _: before)


@contextlib.contextmanager
def not_root() -> Iterator[None]:
    """Be `nobody` for a while where this is root, who still finds Python's own files wherever they are."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        _effective(lambda _: _READ)
        yield
    finally:
        os.seteuid(0)


def _effective(change: Callable[[int], int]) -> int:
    """Change the capabilities in effect in this thread, and return those that were."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_VERSION_3, 0), (_Sets * 2)()
    if libc.capget(ctypes.byref(header), sets):
        raise OSError(ctypes.get_errno(), "capget")
    before: int = sets[0].effective
    sets[0].effective = change(before)
    if libc.capset(ctypes.byref(header), sets):
        raise OSError(ctypes.get_errno(), "capset")
    return before
