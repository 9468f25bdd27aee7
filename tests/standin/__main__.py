"""The stand-in as a program: a Renault account with cars, on this machine only, to try delcia without a car.

    python tests/standin/__main__.py --port 8400 --speed 60
    export DELCIA_RENAULT_URL=http://127.0.0.1:8400
    delcia login --email owner@example.org      (the password is shown when the stand-in starts)
    curl -d '{"do": "plug"}' http://127.0.0.1:8400/control/cars/spring

`python tests/standin/__main__.py --help` lists the levers under /control.
"""

import argparse
import sys
from datetime import datetime
from pathlib import Path

if not __package__:  # run as a script: its own folder is on the path, not the one above
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from aiohttp import web

from standin import control
from standin.app import application
from standin.clock import Clock
from standin.models import MODELS
from standin.world import World

EMAIL, PASSWORD = "owner@example.org", "a good password"


def main() -> None:
    """Serve until interrupted."""
    given = _parser().parse_args()
    start = None if given.now is None else datetime.fromisoformat(given.now)
    world = World(Clock(start, given.speed))
    person = world.person(EMAIL, PASSWORD, two_factor=given.two_factor)
    account = world.account(person)
    world.account(person, "SFDC")
    for text in given.car or ["spring=XBG1VE"]:
        name, _, code = text.partition("=")
        car = world.car(account, name, code or "XBG1VE", soc=given.soc / 100)
        if given.plugged:
            car.plug(given.power_kw)
    say = sys.stdout.write
    say(f"a stand-in of Renault's service: http://127.0.0.1:{given.port}\n")
    say(f"log in as {EMAIL}, password: {PASSWORD}" + (f", code: {person.code}\n" if given.two_factor else "\n"))
    sys.stdout.flush()
    web.run_app(application(world), host="127.0.0.1", port=given.port, print=None, access_log=None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=control.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--port", type=int, default=8400, help="of 127.0.0.1; default 8400")
    add("--speed", type=float, default=1.0, help="how many times faster the cars charge, report and obey; default 1")
    add("--now", help="an ISO-8601 instant at which the clock stands, until /control/clock moves it")
    codes = ", ".join(sorted(MODELS))
    add("--car", action="append", metavar="NAME=CODE", help=f"a car; repeatable; default spring=XBG1VE. Codes: {codes}")
    add("--soc", type=float, default=50.0, help="percent at the beginning; default 50")
    add("--plugged", action="store_true", help="begin with the cable in")
    add("--power-kw", type=float, default=2.3, help="of the charger; default 2.3")
    add("--two-factor", action="store_true", help="ask for a code at login")
    return parser


if __name__ == "__main__":
    main()
