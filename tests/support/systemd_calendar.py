"""What systemd itself makes of calendar text: the oracle of every trigger."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

needs_systemd_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed: units are NOT checked"
)
CHUNK = 500


def elapses(expressions: Sequence[str], base: datetime, times: int) -> list[list[datetime]]:
    """Return the first instants after `base` at which each calendar expression elapses, as systemd says."""
    found: list[list[datetime]] = []
    for first in range(0, len(expressions), CHUNK):
        some = expressions[first : first + CHUNK]
        answer = subprocess.run(
            [
                "systemd-analyze",
                "calendar",
                f"--iterations={times}",
                f"--base-time={base:%Y-%m-%d %H:%M:%S} UTC",
                *some,
            ],
            env={"TZ": "UTC", "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert not answer.stderr, answer.stderr
        blocks = answer.stdout.split("\n\n")
        assert len(blocks) == len(some), answer.stdout
        found.extend(_instants(block) for block in blocks)
    return found


def _instants(block: str) -> list[datetime]:
    """Return the instants of `Next elapse: Sun 2026-03-01 00:38:00 UTC` and the iterations after it."""
    found = []
    for line in block.splitlines():
        label, _, value = line.strip().partition(": ")
        if (label == "Next elapse" or label.startswith("Iter.")) and value != "never":
            _, day, clock, zone = value.split()
            assert zone == "UTC", line
            found.append(datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=UTC))
    return found
