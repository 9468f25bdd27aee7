"""What a flood of connections costs the panel: its descriptors, its memory, and how long its owner waits for a page.

Run: PYTHONPATH=tests python tests/benchmarks/connections.py [PER_SECOND [SECONDS]]
"""

import sys
import tempfile
import time
from pathlib import Path

from support.cli_home import cli_home
from support.evenings import PASSWORD
from support.flood import descriptors_of, flood, memory_mb
from support.home import at
from support.panels import Visitor, process_of

PER_S, SECONDS = 5000, 20.0
EVERY_S = 1.0


def main(per_s: int, seconds: float) -> None:
    """Print, each second, what the panel has open and how long the page of the car took."""
    with tempfile.TemporaryDirectory() as folder, cli_home(Path(folder)) as house:
        house.move_in()
        house.live(at("Mon 18:35"))
        house.delcia("panel", "--set-password", stdin=f"{PASSWORD}\n")
        with process_of(house) as (pid, port):
            owner = Visitor(port)
            owner.log_in(PASSWORD)
            print(f"before: {descriptors_of(pid)} descriptors, {memory_mb(pid):.0f} MB")
            with flood(port, per_s) as flooding:
                began = time.monotonic()
                while (passed_s := time.monotonic() - began) < seconds:
                    asked = time.monotonic()
                    status = owner.get("/car/spring").status
                    took_s = time.monotonic() - asked
                    print(
                        f"{passed_s:4.0f} s: {flooding.opened} connections, {descriptors_of(pid)} descriptors,"
                        f" {memory_mb(pid):.0f} MB, the page {status} in {took_s:.2f} s"
                    )
                    time.sleep(EVERY_S)
            print(f"after: {descriptors_of(pid)} descriptors, {memory_mb(pid):.0f} MB")


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]]
    main(int(given[0]) if given else PER_S, given[1] if len(given) > 1 else SECONDS)
