"""Make what 0.1 left on hosts, by 0.1's own code: see README.md beside this file.

git archive beb585f | tar -x -C OLD
cd /usr/local/bin && PYTHONPATH=OLD:OLD/tests python .../make.py OUT
"""

import copy
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from standin.clock import Clock
from standin.serving import serving
from standin.world import household
from support.cli_home import CliHome
from support.command import delcia
from support.home import HOME, NIGHTS, SITE, SPRING, at

HERE = Path(__file__).parent
PLACE = Path("/srv/home")
"""Generations name it."""
R5 = "{model: r5-52, hold: false}"
R5_BY_PROGRAMMES = "{model: r5-52, hold: false, minimum_soc: 0, control: {soc_limit: false}}"
FULL = """\
  nights:
    {vehicle: spring, charger: socket, charge: {to_soc: 100}, when: {windows: ["00:00-20:00"]}}
"""
PROGRAMMES = [
    {"programActivationStatus": on, "programType": kind, "programDepartureTime": departure}
    for on, kind, departure in (
        (True, "CHARGE", "06:30"),
        (False, "CHARGE", "16:00"),
        (True, "PRECONDITIONING", "07:00"),
    )
]
WORDS: dict[str, dict[str, Any]] = {
    "boost": {"to_soc": 60},
    "start": {},
    "stop": {},
    "pause": {"until": "22:00"},
    "resume": {},
    "trip": {"to_soc": 100, "by": "wed 06:00"},
}


@contextmanager
def house(folder: Path, vehicle: str, plans: str, code: str, soc: float) -> Iterator[CliHome]:
    """Serve a home whose owner has logged in and applied the plans, at six in the evening."""
    (folder / "plans").mkdir(parents=True)
    text = SITE % {"vehicle": vehicle, "more": HOME, "plans": plans, "chargers": ""}
    (folder / "plans" / "home.yaml").write_text(text, encoding="utf-8")
    with serving(household(Clock(at("Mon 18:00")), soc=soc, code=code)) as served:
        made = CliHome(served, folder / "root", folder / "plans")
        made.move_in()
        yield made


def keep(made: CliHome, out: Path, name: str) -> None:
    """Keep what stands on the host, without its secrets."""
    shutil.copytree(made.root, out / name, ignore=shutil.ignore_patterns("credentials", "cache", "*.lock"))
    shutil.copytree(made.plans, out / name / "etc/delcia/plans")
    print(name, made.delcia("status").stdout)  # noqa: T201 - a script: its output is its purpose


def ticks(made: CliHome, first: str, count: int) -> None:
    """Let the timers fire every five minutes."""
    made.live(*(at(first) + timedelta(minutes=5 * number) for number in range(count)))


def held(folder: Path, out: Path) -> None:
    """Keep a host whose car was stopped at 18:40 and holds."""
    with house(folder, SPRING, NIGHTS, "XBG1VE", 0.5) as made:
        made.car.plug()
        ticks(made, "Mon 18:05", 12)
        keep(made, out, "held")
        words(made, out)


def words(made: CliHome, out: Path) -> None:
    """Keep what is remembered of that car after each word, a minute apart."""
    (out / "memory").mkdir()
    for number, (word, more) in enumerate(WORDS.items()):
        made.world.go_to(at(f"Mon 19:0{number + 1}"))
        options = [part for name, value in more.items() for part in (f"--{name.replace('_', '-')}", str(value))]
        assert made.delcia(word, "spring", *options).status == 0
        with closing(sqlite3.connect(made.paths.database)) as state:
            ((text,),) = state.execute("SELECT data FROM memory")
        (out / f"memory/{word}.json").write_text(f"{text}\n", encoding="utf-8")


def limit(folder: Path, out: Path) -> None:
    """Keep a host whose car, which cannot be stopped, charges with a SoC limit of delcia's in the place of 25-90."""
    with house(folder, R5, NIGHTS, "R5E1VE", 0.7) as made:
        made.car.soc_min_pct, made.car.soc_target_pct = 25, 90
        made.car.plug()
        ticks(made, "Mon 18:05", 6)
        keep(made, out, "limit")


def programmes(folder: Path, out: Path) -> None:
    """Keep a host in mid-charge, for which the car's own charging programmes are off."""
    with house(folder, R5_BY_PROGRAMMES, FULL, "R5E1VE", 0.85) as made:
        made.car.settings.update(programs=copy.deepcopy(PROGRAMMES), chargeModeRq="SCHEDULED")
        made.world.go_to(at("Mon 23:40"))
        made.car.plug()
        ticks(made, "Mon 23:45", 9)
        keep(made, out, "programmes")


def rich(folder: Path, out: Path) -> None:
    """Keep the generation of plans that use most of the language, and its crontab."""
    shutil.copytree(HERE / "rich/plans", folder / "plans")
    done = delcia("compile", str(folder / "plans"), "--target", "crontab", "--out", str(folder / "crontab"))
    assert done.status == 0, done.stderr
    (lines,) = (folder / "crontab").iterdir()
    shutil.copy(lines, out / "rich/crontab")
    root = folder / "root"
    assert delcia("apply", str(folder / "plans"), "--yes", "--root", str(root)).status == 0
    shutil.copytree(root / "var/lib/delcia/generations", out / "rich/generations")


def spool(out: Path) -> None:
    """Keep one word of each kind as 0.1's panel left it in the spool."""
    from delcia.core.request import Request, request_data

    (out / "spool").mkdir()
    for number, (word, more) in enumerate(WORDS.items()):
        request = Request("spring", word, key=f"0123456789abcde{number}", **more)  # type: ignore[arg-type]
        text = json.dumps(request_data(request))
        (out / f"spool/{word}.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Make everything below the folder that is named."""
    out = Path(sys.argv[1])
    sys.executable = "/usr/bin/python3"  # what runs the units is then the `delcia` of the working folder
    for part in (held, limit, programmes, rich):
        PLACE.mkdir()
        part(PLACE, out)
        shutil.rmtree(PLACE)
    spool(out)


if __name__ == "__main__":
    main()
