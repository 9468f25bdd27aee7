"""What delcia costs a small computer: start-up, memory, and how checking and compiling grow.

    python tests/benchmarks/startup.py [--repeats N]

Prints medians of wall time, taken in one run on one machine, with the goal of each beside it.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
DELCIA = str(BIN / "delcia")
SCHEMA = CHECKOUT / "schemas/delcia.schema.json"
CHECKED_AT = "2026-11-23T19:41:00+01:00"
BUSY_AT = datetime.fromisoformat("2026-11-24T02:00:00+01:00")
TICK = timedelta(minutes=11)
"""Long enough for each tick to read the car anew."""
RENAULT_API = "import renault_api.renault_session, renault_api.renault_vehicle"

ENV = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""An installed delcia is compiled; so must be the one that is measured, after the first run."""

BASE = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: false}
chargers:
  socket: {amps: 10}
tariffs:
  edf:
    currency: EUR
    bands:
      - {name: off-peak, hours: ["01:38-06:38", "12:38-14:38"], price: 0.1579}
      - {name: peak, price: 0.2065}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: the median of its wall times, and the most memory one run had."""

    wall_s: float
    rss_mb: float


class Failed(Exception):  # noqa: N818 - a measurement that could not be made, not an error of the script
    """Why a command could not be measured."""


def plan(name: str, minute: int) -> str:
    """Return one plan, each at another minute, so that no two become the same timer."""
    window = f"{minute // 60 % 24:02d}:{minute % 60:02d}-{(minute // 60 + 5) % 24:02d}:{minute % 60:02d}"
    when = f'{{windows: ["{window}"], tariff: edf}}'
    return f"  {name}: {{vehicle: spring, charger: socket, charge: {{to_soc: 80}}, when: {when}}}\n"


def one_file(folder: Path, plans: int) -> Path:
    """Write a plan directory of one file with so many plans."""
    folder.mkdir(parents=True)
    (folder / "site.yaml").write_text(BASE + "plans:\n" + "".join(plan(f"p{i}", i) for i in range(plans)))
    return folder


def many_files(folder: Path, plans: int) -> Path:
    """Write a plan directory with one more file per plan."""
    folder.mkdir(parents=True)
    (folder / "site.yaml").write_text(BASE)
    for i in range(plans):
        (folder / f"p{i:04d}.yaml").write_text("plans:\n" + plan(f"p{i}", i))
    return folder


def once(argv: Sequence[str], env: Mapping[str, str], text: str = "") -> tuple[float, float]:
    """Run a command, `text` as its stdin, and return its wall time in seconds and its memory in MB."""
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
        asked.write(text.encode())
        asked.seek(0)
        begin = time.perf_counter()
        process = subprocess.Popen(argv, stdin=asked, stdout=said, stderr=said, env={**ENV, **env})
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            words = said.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise Failed(f"{' '.join(argv[:4])} ended with {process.returncode}: {words[-1]}")
    return wall_s, usage.ru_maxrss / 1024


def cost(argv: Sequence[str], repeats: int, env: Mapping[str, str] | None = None) -> Cost:
    """Return what a command takes; one run before the measured ones warms the disk's cache."""
    once(argv, env or {})
    runs = [once(argv, env or {}) for _ in range(repeats)]
    return Cost(statistics.median(wall for wall, _ in runs), max(rss for _, rss in runs))


def line(what: str, value: Cost, against: Cost | None = None, goal: str = "") -> None:
    """Print one measurement, as a multiple of another where there is a goal for that."""
    ratio = f"{value.wall_s / against.wall_s:7.2f} x" if against else " " * 9
    print(f"{what:<44}{value.wall_s * 1000:9.1f} ms {ratio}  {value.rss_mb:6.1f} MB   {goal}")


def starting(repeats: int, folder: Path) -> None:
    """Measure what a timer pays, every few minutes."""
    bare = cost([sys.executable, "-c", "pass"], repeats)
    line("bare Python", bare)
    line("delcia --version", cost([DELCIA, "--version"], repeats), bare, "goal <= 5 x bare")
    line("delcia --help", cost([DELCIA, "--help"], repeats), bare)
    root, plans = folder / "root", folder / "plans"
    plans.mkdir(parents=True)
    now = datetime.now(UTC)
    later = now.hour * 60 + now.minute + 10 * 60  # no window is open, and none opens soon
    (plans / "site.yaml").write_text(BASE + "plans:\n" + plan("nights", later))
    once([DELCIA, "apply", str(plans), "--root", str(root), "--yes"], {})
    tick = [DELCIA, "charge", "--all", "--scheduled"]
    looks = cost([*tick, "--root", str(root)], repeats)
    # Now a run has said until when nothing is due; only a run without --root believes it, as the timer's is.
    rests = cost(tick, repeats, {"STATE_DIRECTORY": str(root / "var/lib/delcia/state")})
    line("delcia charge, nothing to do", rests, bare, "goal <= 6 x bare")
    line("delcia charge, the full look (each 29 min)", looks, bare)


def charging(repeats: int, folder: Path) -> None:
    """Measure a tick that reads a car, at the stand-in of Renault's service."""
    library = cost([sys.executable, "-c", RENAULT_API], repeats)
    line("importing renault_api", library)
    root, plans = str(folder / "root"), folder / "plans"
    plans.mkdir(parents=True)
    (plans / "site.yaml").write_text(BASE + "plans:\n" + plan("nights", 60))
    with stand_in() as url:
        env = {"DELCIA_NOW": BUSY_AT.isoformat(), "DELCIA_RENAULT_URL": url}
        once([DELCIA, "apply", str(plans), "--root", root, "--yes"], env)
        login = [DELCIA, "login", "--root", root, "--plans", str(plans), "--email", "owner@example.org"]
        once([*login, "--password-stdin"], env, text="a good password\n")
        argv, runs = [DELCIA, "charge", "--all", "--scheduled", "--root", root], []
        for tick in range(repeats + 2):
            at = (BUSY_AT + tick * TICK).isoformat()
            lever(url, "POST", "/control/clock", {"now": at})
            runs.append(once(argv, {**env, "DELCIA_NOW": at}))
        calls = json.loads(lever(url, "GET", "/control/state"))["counts"]
    ticks = runs[2:]  # the first ones start the car and see that it obeyed
    busy = Cost(statistics.median(wall for wall, _ in ticks), max(rss for _, rss in ticks))
    line("delcia charge, reading the car", busy, library, "goal <= 1.3 x renault_api, <= 60 MB")
    print(f"    calls in {len(runs)} ticks: " + ", ".join(f"{name} {count}" for name, count in sorted(calls.items())))


@contextmanager
def stand_in() -> Iterator[str]:
    """Serve one car on a free port of this machine, its cable in, and yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    script = CHECKOUT / "tests/standin/__main__.py"
    argv = [sys.executable, str(script), f"--port={port}", f"--now={BUSY_AT.isoformat()}", "--plugged", "--soc=20"]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                time.sleep(0.1)
                with contextlib.suppress(OSError):
                    lever(url, "GET", "/control/state")
                    break
            yield url
        finally:
            process.terminate()


def lever(url: str, method: str, path: str, data: object = None) -> str:
    """Ask the stand-in something that is no part of Renault's service, and return the answer."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, None if data is None else json.dumps(data))
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def checking(repeats: int, folder: Path) -> None:
    """Measure validate against another reader of the same schema."""
    for count, goal in ((1, "0.5"), (1000, "0.4")):
        plans = many_files(folder / f"files-{count}", count) if count > 1 else one_file(folder / "one", 1)
        files = sorted(map(str, plans.glob("*.yaml")))
        times = repeats if count == 1 else max(3, repeats // 5)
        theirs = cost([str(BIN / "check-jsonschema"), "--schemafile", str(SCHEMA), *files], times)
        line(f"check-jsonschema, {len(files)} files", theirs)
        ours = cost([DELCIA, "validate", str(plans)], times, {"DELCIA_NOW": CHECKED_AT})
        line(f"delcia validate, {len(files)} files", ours, theirs, f"goal <= {goal} x check-jsonschema")


def compiling(repeats: int, folder: Path) -> None:
    """Measure how compile grows with the number of plans."""
    times = max(3, repeats // 5)
    few, many = (
        cost([DELCIA, "compile", str(one_file(folder / f"c{count}", count))], times, {"DELCIA_NOW": CHECKED_AT})
        for count in (100, 1000)
    )
    line("delcia compile, 100 plans", few)
    line("delcia compile, 1000 plans", many, few, "goal <= 12 x 100 plans")


def main() -> None:
    """Measure everything that can be measured here, and say of the rest why not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=15, help="runs of each quick command (15)")
    repeats = parser.parse_args().repeats
    failed = False
    folder = Path(tempfile.mkdtemp(prefix="delcia-benchmark-"))
    try:
        for measure in (starting, charging, checking, compiling):
            try:
                measure(repeats, folder / measure.__name__)
            except Failed as reason:
                print(f"!! {measure.__name__}: {reason}")
                failed = True
    finally:
        shutil.rmtree(folder)
    sys.exit(failed)


if __name__ == "__main__":
    main()
