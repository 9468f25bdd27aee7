"""Until when the run for all has nothing to do: one line in the state, read without loading anything else.

A plan's own timer never asks this; whatever changes the state or the applied generation, or sets the clock back,
voids it.
"""

import os
import time

from delcia.host.personal import data_folder

FOR_ALL = ["charge", "--all", "--scheduled"]
NAME = "quiet"
TICK = "tick"
"""The file whose time says when cron last ran delcia."""
DATABASE = "delcia.db"
SPOOL = "spool"
"""The folder, beside the state, in which words wait for the next run."""
LONGEST_S = 30 * 60


def is_quiet(argv: list[str]) -> bool:
    """Return whether this is the command line for all, and a run before has said that nothing is due yet."""
    by_cron = argv == [*FOR_ALL, "--cron"]
    if not (by_cron or argv == FOR_ALL) or os.environ.get("DELCIA_NOW"):
        return False
    state = os.environ.get("STATE_DIRECTORY") or f"{data_folder(os.environ, os.geteuid())}/state"
    try:
        if by_cron:
            os.utime(f"{state}/{TICK}")
        with open(f"{state}/{NAME}", encoding="ascii") as file:  # noqa: PTH123 - pathlib alone takes 15 ms
            until, generation, stamp = file.read().split()
        with open(f"{state}/../current", encoding="ascii") as file:  # noqa: PTH123 - as above
            applied = file.read().strip()
        if _has_words(f"{state}/../{SPOOL}"):
            return False
        fresh = generation == applied and int(stamp) == os.stat(f"{state}/{DATABASE}").st_mtime_ns  # noqa: PTH116 - as above
        return fresh and 0 < float(until) - time.time() < LONGEST_S
    except (OSError, ValueError):
        return False


def _has_words(spool: str) -> bool:
    """Return whether a person's word waits for this run."""
    try:
        return any(name.endswith(".json") for name in os.listdir(spool))  # noqa: PTH208 - pathlib alone takes 15 ms
    except OSError:
        return False
