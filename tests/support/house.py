"""A house for tests: a machine with delcia, a car behind the stand-in of Renault's service, and the owner's hands.

The stand-in lives in the test's own process and listens on the machine's loopback, so the car outlives a power cut
of the machine. Time is real until `go_to`: from then on the services (by `DELCIA_NOW`, in the environment that systemd
gives them) and the car live at the instant that the test names.
"""

import asyncio
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from standin.app import application
from standin.cars import Car
from standin.world import World, household
from support.machine import Machine

PORT = 8400
URL = f"http://127.0.0.1:{PORT}"
SERVICES = ("delcia-plan-", "delcia-reconcile")
DROP_IN = f"[Service]\nEnvironment=DELCIA_RENAULT_URL={URL}\n"
TICK = """
    journalctl --sync
    cursor=$(journalctl -n0 --show-cursor | sed -n 's/^-- cursor: //p')
    systemctl reset-failed "$1" 2>/dev/null  # five ticks in ten seconds are no trouble here
    systemctl start "$1"
    journalctl --sync
    journalctl -u "$1" -o cat --after-cursor="$cursor"
"""
PLANS = "/etc/delcia/plans"
HOME = ZoneInfo("Europe/Paris")
HELD = ["stop", "start", "stop"]
"""The first hold at a home is rehearsed."""
SITE = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true}
chargers:
  socket: {amps: 10}
tariffs:
  edf: {currency: EUR, bands: [{name: all-day, price: 0.20}]}
plans:
"""


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it said."""

    status: int
    stdout: str
    stderr: str


class House:
    """A home with one Spring at a 10 A socket. Make one per test module: it is one long story."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.world: World = household(soc=0.5)
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        self._now: datetime | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="stand-in", daemon=True)
        self._thread.start()
        self._account = False

    @property
    def car(self) -> Car:
        """The car, as it is at this moment."""
        self.world.live()
        return self.world.cars["spring"]

    @property
    def orders(self) -> list[str]:
        """What the service passed on to the car so far: `start` and `stop`."""
        return [kind for _, kind in self.car.orders]

    def connect(self) -> None:
        """Let the machine reach Renault's service: needed at the beginning and after each boot."""

        async def begin() -> web.AppRunner:
            runner = web.AppRunner(application(self.world), access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            await web.SockSite(runner, self.machine.listen(PORT)).start()
            return runner

        self._runner = asyncio.run_coroutine_threadsafe(begin(), self._loop).result(10)

    def disconnect(self) -> None:
        """Take the network away. Safe when there is none."""
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
            self._runner = None

    def close(self) -> None:
        """Leave nothing of the stand-in behind."""
        self.disconnect()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def delcia(self, *argv: str, check: bool = True, text: str = "") -> Said:
        """Run the command as root in the machine, at the time that it is in the house."""
        env = {"DELCIA_RENAULT_URL": URL}
        if self._now is not None:
            env["DELCIA_NOW"] = self._now.isoformat()
        done = self.machine.run(["delcia", *argv], check=check, text=text, env=env)
        return Said(done.returncode, done.stdout, done.stderr)

    def move_in(self) -> None:
        """Plug the machine into the network, and point its services at the stand-in as an owner may: by drop-ins."""
        for service in SERVICES:
            self.machine.put(f"/etc/systemd/system/{service}.service.d/stand-in.conf", DROP_IN)
        self.connect()

    def write(self, *plans: str) -> None:
        """Write the plan directory: the home, the car, the charger, and these plans (see `plan`)."""
        self.machine.put(f"{PLANS}/home.yaml", SITE + "".join(plans))

    def apply(self, *plans: str) -> Said:
        """Write these plans and apply them; the first time, connect the account in between, as its owner does."""
        self.write(*plans)
        if not self._account:
            self.delcia("login", "--email", "owner@example.org", "--home", "here", text="a good password\n")
            self._account = True
        return self.delcia("apply", PLANS, "--yes")

    def power_cut(self) -> None:
        """Cut the machine's power. The car does not notice."""
        self.disconnect()
        self.machine.kill()

    def boot(self) -> None:
        """Switch the machine on, in the house's time."""
        if self._now is not None:
            setting = f"DELCIA_NOW={self._now.isoformat()}"
            self.machine.put("/etc/systemd/system.conf.d/now.conf", f"[Manager]\nDefaultEnvironment={setting}\n")
        self.machine.boot()
        self.connect()

    def go_to(self, instant: datetime) -> None:
        """Let time pass up to an instant, for the car and for delcia."""
        self._now = instant
        with self.world.lock:
            self.world.clock.set(instant)
        self.world.live()
        setting = f"DELCIA_NOW={instant.isoformat()}"
        if self.machine.is_on:
            self.machine.run(["systemctl", "set-environment", setting])

    def tick(self, unit: str = "delcia-reconcile.service") -> str:
        """Have a service run as its timer would start it, and return what the journal has of the run."""
        return self.machine.run(["sh", "-c", TICK, "sh", unit], timeout_s=300).stdout

    def live(self, minutes: float, *, every_min: float = 5) -> str:
        """Let time pass with a tick every five minutes, as the reconcile timer does; return the journal of it."""
        said, begun = "", self.world.clock.now()
        for number in range(1, int(minutes / every_min) + 1):
            self.go_to(begun + number * timedelta(minutes=every_min))
            said += self.tick()
        return said

    def status(self, unit: str = "delcia-reconcile.service") -> int:
        """Return the exit status of a service's last run."""
        return int(self.machine.run(["systemctl", "show", "-P", "ExecMainStatus", unit]).stdout)


def plan(name: str, start: datetime, end: datetime, *, to_soc: int = 80, more: str = "") -> str:
    """Return the YAML of a plan for the car, in one window of the home's clock."""
    window = f"{start.astimezone(HOME):%H:%M}-{end.astimezone(HOME):%H:%M}"
    when = f'{{windows: ["{window}"], tariff: edf}}'
    return f"  {name}: {{vehicle: spring, charger: socket, charge: {{to_soc: {to_soc}}}, when: {when}{more}}}\n"
