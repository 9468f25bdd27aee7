"""After a hold something dies: who hears what and when, and what the car has at 07:00, as the docs say."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from household.bill import DAY, HOME, MINUTE, WALL_KW, at
from household.boundary import plan_text, timers
from household.life import BEGINS, Event, Life
from household.living import household_of
from household.real import RealHost, real_host
from household.wire import Wire, wired

PAGE = Path(__file__).parents[2] / "docs" / "trouble.md"
MONDAY, FRIDAY = BEGINS, BEGINS + 4 * DAY
PATIENCE = timedelta(hours=1)
"""How long the monitor of the heartbeat waits, as the README advises."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens, when, and until when; `weekdays`: the plan is for their nights alone."""

    row: str
    begins: datetime
    hits_at: datetime
    hit: Callable[[Wire, RealHost], None]
    weekdays: bool = False
    over_at: datetime | None = None
    morning: int = 1
    """Which morning is looked at, in days from the beginning."""


def hour(day: datetime, text: str, later: int = 0) -> datetime:
    """Return the instant of `22:00` of a day, or of one some days later."""
    return at(day.astimezone(HOME).date() + later * DAY, time.fromisoformat(text))


def dies(_wire: Wire, host: RealHost) -> None:
    """Let the host die."""
    host.dead = True


def offline(wire: Wire, _host: RealHost) -> None:
    """Take the internet away."""
    wire.online = False


def online(wire: Wire) -> None:
    """Give it back."""
    wire.online = True


def logged_out(wire: Wire, _host: RealHost) -> None:
    """Have the login refused from now on."""
    wire.token_is_good = False


def deaf(wire: Wire, _host: RealHost) -> None:
    """Have the car ignore every order."""
    wire.service.manners = replace(wire.service.manners, ignores=1.0)


TROUBLES = (
    Trouble("The host dies at 19:00, for good", MONDAY, hour(MONDAY, "19:00"), dies),
    Trouble(
        "The internet is out from 22:00 to 08:00",
        MONDAY,
        hour(MONDAY, "22:00"),
        offline,
        over_at=hour(MONDAY, "08:00", 1),
    ),
    Trouble("The login ends at 19:00", MONDAY, hour(MONDAY, "19:00"), logged_out),
    Trouble(
        "The car takes no more orders after 43 hours of a hold",
        FRIDAY,
        hour(FRIDAY, "13:30", 2),
        deaf,
        weekdays=True,
        morning=3,
    ),
)


def came(trouble: Trouble, folder: Path) -> str:
    """Return the row of the table that is true."""
    plugged_at = hour(trouble.begins, "18:30")
    nights = trouble.morning + 1
    life = Life(trouble.row, nights, 50.0, (Event(plugged_at, "plug", (WALL_KW, 20.0)),), begins=trouble.begins)
    service, timeline = household_of(life)
    morning = hour(trouble.begins, "07:00", trouble.morning)
    with wired(service) as wire:
        host = real_host(wire, folder, plan_text(weekdays=trouble.weekdays), timeline)
        struck, level = False, 0.0
        alarms: list[datetime] = []
        for instant in timers(life.begins, morning + 90 * MINUTE):
            if not struck and instant >= trouble.hits_at:
                struck = True
                trouble.hit(wire, host)
            if trouble.over_at is not None and instant >= trouble.over_at:
                online(wire)
            service.go_to(instant)
            if instant == morning:
                level = service.car.level_pct
            host.tick(boundary=bool(instant.minute % 5))
            if wire.beats and instant - wire.beats[-1] >= PATIENCE and not alarms:
                alarms.append(wire.beats[-1] + PATIENCE)
        held = [order for order in service.orders if order.kind == "stop" and order.at < trouble.hits_at]
        assert held, timeline.around(plugged_at, 60 * MINUTE, 120 * MINUTE)
        heard = [notice for notice in host.told if notice.at >= trouble.hits_at]
        service.car.unplug()
        service.car.plug(WALL_KW, 20.0)
        service.go_to(service.now + 4 * MINUTE)
        assert service.car.charging or service.car.level_pct >= 100, "the way by hand"
    words = [f"the heartbeat's monitor, {_hour(alarm, trouble)}" for alarm in alarms]
    words += [f"you, {_hour(notice.at, trouble)}: “{notice.text}”" for notice in heard]
    return f"| {trouble.row} | {'; '.join(words) or 'nobody'} | {level:.0f} % | unplug it and plug it in again |"


def _hour(instant: datetime, trouble: Trouble) -> str:
    local = instant.astimezone(HOME)
    same = local.date() - trouble.begins.astimezone(HOME).date() == timedelta()
    return f"{local:%H:%M}" if same else f"{local:%a %H:%M}"


@pytest.mark.slow
@pytest.mark.parametrize("trouble", TROUBLES, ids=[item.row for item in TROUBLES])
def test_the_table_says_who_hears_what_and_what_the_car_has(trouble: Trouble, quick_path: Path) -> None:
    rows = PAGE.read_text(encoding="utf-8").splitlines()
    found = next((row for row in rows if row.startswith(f"| {trouble.row} |")), "")
    assert found == came(trouble, quick_path)
