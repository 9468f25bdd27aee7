"""A bad week of Renault's service and of the host: each night ends as planned, or with one true notice; nothing stays.

The notices are those that the owner gets at a webhook, with the look ahead at each evening.

5 % of all calls fail with 503, 5 % time out, 2 % are answered in HTML. On Tuesday night the JWT is refused, on
Wednesday night the quota locks, on Thursday every report comes three hours late, on Friday the login expires and is
renewed on Saturday; the host is off twice for half an hour, and three runs are killed in the middle of an order.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

import pytest
from standin.serving import Served
from support.home import HOME, Home, at, home
from support.renault import HASTY, access_to
from support.restraint import busiest_hour
from support.webhook import webhook

from delcia.car.protocol import Car
from delcia.runtime.job import Job
from delcia.store.log import last_commands

DAYS = ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "end")
PROGRAMMES = [{"programActivationStatus": True, "programType": "CHARGE", "programDepartureTime": "04:00"}]
CARS = {"XBG1VE": "{model: spring-26, hold: true}", "XBG2VE": "{model: spring-my25-26, hold: false}"}


class KilledError(BaseException):
    """The run ends here: a kill -9, as far as car, service and state can tell."""


@dataclass
class Week:
    """The house after a week, and for each morning the SoC in percent and what was told since the morning before."""

    house: Home
    soc_pct: dict[str, float] = field(default_factory=dict)
    told: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def doomed(job: Job) -> Job:
    """Return a job that dies when it has sent its next order."""

    def open_car() -> Car:
        car = job.open_car()
        send = car.start

        def start(now: object, tries: int = 1) -> None:
            send(now, tries)  # type: ignore[arg-type] # as it comes
            raise KilledError

        car.start = start  # type: ignore[method-assign] # the end comes from outside
        return car

    return replace(job, open_car=open_car)


def live(house: Home, until: str, *, killed: bool = False) -> None:
    """Let time pass; with `killed`, the first run that starts a charge dies of it."""
    if not killed:
        house.live(until)
        return
    from delcia.core.triggers import RECONCILE, fires
    from delcia.runtime.charge import run
    from delcia.runtime.simulate import ticks

    start, end = house.now + timedelta(seconds=1), at(until) + timedelta(seconds=1)
    for instant in sorted({*fires(RECONCILE, start, end), *ticks(house.site, "spring", start, end)}):
        house.world.go_to(instant)
        try:
            run(doomed(house.job), house.now)
        except KilledError:
            break
    house.live(until)


@pytest.fixture(scope="module", params=sorted(CARS))
def week(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """Live the week of one car."""
    code = str(request.param)
    folder = tmp_path_factory.mktemp(code)
    with webhook() as hook, home(folder, more=HOME, vehicle=CARS[code], code=code, soc=0.6, hook=hook) as house:
        house.patience, car = HASTY, house.car
        car.settings.update(programs=copy.deepcopy(PROGRAMMES), chargeModeRq="SCHEDULED")
        car.soc_min_pct, car.soc_target_pct = 20, 95
        for fault in ({"status": 503, "share": 0.05}, {"delay_s": 0.45, "share": 0.05}, {"html": True, "share": 0.02}):
            house.world.fault(times=None, **fault)
        for day in ("Mon", *DAYS[:-1]):
            car.later(at(f"{day} 18:30"), "plug")
            if day != "Mon":
                car.later(at(f"{day} 07:45"), "drive", points=5 if day == "Sat" else 25)
        lived = Week(house)
        troubles = trouble_of(house.served)
        told = 0
        for day in DAYS:
            for until, trouble in troubles.get(day, ()):
                live(house, until)
                trouble(house)
            live(house, f"{day} 06:59", killed=day in {"Tue", "Thu", "Sun"})
            lived.soc_pct[day] = 100 * house.car.soc
            live(house, f"{day} 07:30")
            lived.told[day], told = house.told[told:], len(house.told)
        house.car.unplug()
        house.car.drive(5)
        live(house, "end 12:00")
        yield lived


def trouble_of(served: Served) -> dict[str, tuple[tuple[str, Callable[[Home], None]], ...]]:
    """Return what happens in each night, and when."""
    world = served.world
    person = next(iter(world.people.values()))

    def quota(per_h: int | None) -> Callable[[Home], None]:
        return lambda _: setattr(world, "quota_per_h", per_h)

    def late(seconds: float) -> Callable[[Home], None]:
        return lambda house: setattr(house.car.manners, "late_s", seconds)

    def log_in_again(house: Home) -> None:
        house.access = access_to(served)

    def off(house: Home) -> None:
        world.go_to(house.now + timedelta(minutes=30))

    return {
        "Tue": (("Mon 23:00", off),),
        "Wed": (("Wed 01:30", lambda _: person.revoke_jwts()), ("Wed 03:00", off)),
        "Thu": (("Thu 01:30", quota(3)), ("Thu 02:20", quota(None)), ("Thu 02:30", lambda _: None)),
        "Fri": (("Thu 12:00", late(3 * 3600.0)),),
        "Sat": (("Fri 12:00", late(0.0)), ("Fri 13:00", lambda _: person.revoke_login())),
        "Sun": (("Sat 12:00", log_in_again),),
    }


def test_each_night_ends_as_planned_or_with_one_true_notice(week: Week) -> None:
    for day in DAYS:
        ended = week.soc_pct[day] >= 79
        assert ended or len(week.told[day]) == 1, (day, week.soc_pct, week.told, week.house.said[-60:])
        # Reports that come three hours late leave delcia in doubt: it says what it does not know, each of it once.
        causes = [said["cause"] for said in week.told[day]]
        doubts = {"not-plugged-in", "far-short", "not-known"} if day == "Fri" else set()
        told = [(said["cause"], said["text"]) for said in week.told[day]]
        assert not ended or (set(causes) <= doubts and len(causes) == len(set(causes))), (day, week.soc_pct, told)
    (late,) = (said["text"] for said in week.told["Fri"] if said["cause"] == "not-known")
    assert "its reports are 3 h old, or its clock is wrong" in late
    (said,) = week.told["Sat"]
    assert said["cause"] == "login-expired"
    assert week.house.notices == [], "all is sent"


def test_no_hour_has_more_than_60_calls(week: Week) -> None:
    assert busiest_hour(week.house) <= 60


def test_the_owners_programmes_and_limits_are_as_before(week: Week) -> None:
    car = week.house.car
    assert car.settings["programs"] == PROGRAMMES
    assert (car.soc_min_pct, car.soc_target_pct) == (20, 95)
    assert week.house.memory.loans == ()


def test_commands_are_bounded_and_never_opposite_within_ten_minutes(week: Week) -> None:
    sent = sorted(last_commands(week.house.store, "spring", 1000), key=lambda command: command.sent_at)
    assert 7 <= len({command.sent_at for command in sent}) <= 60
    for earlier, later in pairwise(sent):
        if earlier.kind != later.kind:
            assert later.sent_at - earlier.sent_at >= timedelta(minutes=10)
