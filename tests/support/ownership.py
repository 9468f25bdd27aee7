"""The table of whose charge it is: what happens to a car, and what delcia does about it.

Unless said otherwise: a Spring on a socket at home, 80 % by 07:00 from 01:38-06:38 and 12:38-14:38, `hold`, a
`minimum_soc` of 20 %, and `home` set. The car charges 7.5 points an hour.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from support.sequences import (
    AT_HOME,
    ELSEWHERE,
    HOLDLESS,
    HOME,
    NIGHTS,
    PLAIN,
    Event,
    Sequence,
    World,
    at,
)
from support.small_site import SPRING, span

from delcia.core.model import Days, Duration, Energy, InWindows, MonthDays, Once, Plan, Site, ToSoc
from delcia.core.state import Boost, Charge, Fix, Memory, Owner, Pause, Plug


def does(when: str, text: str, car: Callable[[World], None]) -> Event:
    return Event(when, text, car)


def plug_in(when: str, *, charges: bool = True) -> Event:
    def car(world: World) -> None:
        world.fix = Fix(world.now - timedelta(minutes=1), *HOME)
        world.change(plugged=True, charging=charges)

    return does(when, "plugged in at home" + (" and charges by itself" if charges else ""), car)


def plug_in_away(when: str, rate: float = 1.0, *, fix: bool = True) -> Event:
    def car(world: World) -> None:
        world.fix = Fix(world.now - timedelta(minutes=1), *ELSEWHERE) if fix else None
        world.rate = rate
        world.change(plugged=True, charging=True)

    return does(when, "plugged in far from home and charges" + (f", {rate:g} times as fast" if rate > 1 else ""), car)


def unplug(when: str, drives: float = 0.0) -> Event:
    def car(world: World) -> None:
        world.soc_pct -= drives
        world.rate = 1.0
        world.change(plugged=False, charging=False)

    return does(when, "unplugged" + (f" and driven {drives:g} points" if drives else ""), car)


def charges(when: str, text: str = "somebody starts it in the app") -> Event:
    return does(when, text, lambda world: world.change(charging=True))


def ends(when: str, text: str = "somebody stops it in the app") -> Event:
    return does(when, text, lambda world: world.change(charging=False))


def sets(when: str, text: str, **what: object) -> Event:
    def car(world: World) -> None:
        for name, value in what.items():
            setattr(world, name, value)

    return does(when, text, car)


def says(when: str, text: str, plug: Plug | None = None, charge: Charge | None = None, *, soc: bool = True) -> Event:
    return does(when, text, lambda world: world.tell(world.now, plug, charge, soc=soc))


def asks(when: str, text: str, override: Callable[[datetime], Boost | Pause | None]) -> Event:
    return Event(when, text, asks=lambda memory, now: replace(memory, override=override(now)))


def boost(when: str, to_soc_pct: int | None = None, minutes: int | None = None) -> Event:
    goal = f"--to-soc {to_soc_pct}" if to_soc_pct else f"--hours {minutes / 60:g}" if minutes else ""
    return asks(
        when,
        f"delcia boost spring {goal}".rstrip(),
        lambda now: Boost(now, now + timedelta(minutes=minutes or 720), to_soc_pct, minutes),
    )


def pause(when: str, until: str | None = None) -> Event:
    text = "delcia pause spring" + (f" --until '{until}'" if until else "")
    return asks(when, text, lambda now: Pause(now, at(until) if until else None))


def stop(when: str) -> Event:
    def own(memory: Memory, now: datetime) -> Memory:
        asked = memory.session and replace(memory.session, owner=Owner.DELCIA, reason="asked")
        return replace(memory, override=Pause(now, stop=True), session=asked)

    return Event(when, "delcia stop spring", asks=own)


def plans(when: str, text: str, change: Callable[[Site], Site]) -> Event:
    return Event(when, text, plans=change)


def of(*wishes: Plan, site: Site = AT_HOME) -> Site:
    return replace(site, plans={wish.name: wish for wish in wishes})


def controls(site: Site, **what: bool) -> Site:
    spring = site.vehicles["spring"]
    return replace(site, vehicles={"spring": replace(spring, control=replace(spring.control, **what))})


def _plug_with_old_fix(world: World) -> None:
    world.change(plugged=True, charging=True)


def _from_the_shop(world: World) -> None:
    world.fix = Fix(world.now - timedelta(minutes=40), *ELSEWHERE)
    world.change(plugged=True, charging=False)


def _limit(world: World) -> None:
    world.obeys = False
    world.charging = False
    world.tell(world.now, charge=Charge.ENDED)


def asleep(when: str) -> Event:
    return sets(when, "falls asleep: no reports", silent=True)


def drops(when: str, points: float) -> Event:
    def car(world: World) -> None:
        world.soc_pct -= points
        world.change()

    return does(when, f"heated from the battery: {points:g} points less", car)


def _lies(world: World, soc_pct: float) -> None:
    """Report a level that is not so."""
    world.tell(world.now)
    world.reports[-1] = replace(world.reports[-1], soc_pct=soc_pct)


def _full(world: World) -> None:
    world.soc_pct = 99.0
    _limit(world)


def _nothing(_now: datetime) -> None:
    """Return no override: what `resume` leaves."""


LATE = timedelta(hours=3)
LATE_STOPS = ("Tue 06:38 stop window-end", "Tue 07:00 stop window-end", "Tue 07:20 stop window-end")
UNHEARD = tuple(f"Tue {moment} start window" for moment in ("01:38", "02:00", "02:20", "03:00", "04:00", "05:20"))
RESUMING = replace(AT_HOME, vehicles={"spring": replace(SPRING, resumes=True)})
ANYWHERE = replace(PLAIN, vehicles={"spring": replace(SPRING, hold_anywhere=True)})
EVENING = replace(NIGHTS, name="evening", when=InWindows((span("21:00-23:00"),)), target=ToSoc(60), ready_by_min=None)
WEEKDAYS = replace(NIGHTS, days=Days(weekdays=(0, 1, 2, 3, 4)))
HOLIDAYS = replace(NIGHTS, days=Days(excluded=tuple(date(2026, 11, day) for day in range(23, 31))))
SUMMERS = replace(NIGHTS, days=Days(season=MonthDays((4, 1), (9, 30))))
CHRISTMAS = replace(NIGHTS, when=Once(datetime(2026, 12, 24, 22)), ready_by_min=None)  # noqa: DTZ001 - a wall time
TWO_HOURS = replace(NIGHTS, target=Duration(120))
FOUR_KWH = replace(NIGHTS, target=Energy(4.0))

TABLE: tuple[Sequence, ...] = (
    Sequence(
        "a plain night",
        "the charge begins with its window and ends at the target",
        50,
        (plug_in("Mon 18:31", charges=False),),
        ("Tue 01:38 start window", "Tue 05:40 stop target"),
    ),
    Sequence(
        "plugged in at peak",
        "hold stops what begins by itself, until the plan wants it",
        50,
        (plug_in("Mon 18:31"),),
        ("Mon 18:40 stop hold", "Tue 01:38 start window", "Tue 05:30 stop target"),
    ),
    Sequence(
        "plugged in at peak, hold is off",
        "without hold the car's own charge is left alone, at any hour",
        50,
        (plug_in("Mon 18:31"),),
        (),
        site=HOLDLESS,
    ),
    Sequence(
        "plugged in late",
        "what begins inside a wanted segment is delcia's, whoever began it",
        50,
        (plug_in("Tue 03:02"),),
        ("Tue 06:38 stop window-end",),
    ),
    Sequence(
        "plugged in minutes before the window",
        "a stop would be followed by a start in no time: let it be; in the window it becomes delcia's",
        50,
        (plug_in("Tue 01:24"),),
        ("Tue 05:25 stop target",),
    ),
    Sequence(
        "a window too short",
        "the window's end ends the charge, whatever is missing",
        20,
        (plug_in("Mon 18:31", charges=False),),
        ("Tue 01:38 start window", "Tue 06:38 stop window-end"),
    ),
    Sequence(
        "a model known to resume by itself does so once",
        "the car's doing: stop again",
        50,
        (
            sets("Mon 18:30", "(this car resumes 5 min after a stop)", self_resume=timedelta(minutes=5)),
            plug_in("Mon 18:31"),
            sets("Mon 18:43", "(it has had enough now)", self_resume=None),
        ),
        ("Mon 18:35 stop hold", "Mon 18:45 stop self-resume", "Tue 01:38 start window", "Tue 05:30 stop target"),
        site=RESUMING,
    ),
    Sequence(
        "a model known to resume by itself does so every time",
        "stop again twice, then say so and hold it no longer",
        50,
        (
            sets("Mon 18:30", "(this car resumes 5 min after each stop)", self_resume=timedelta(minutes=5)),
            plug_in("Mon 18:31"),
        ),
        ("Mon 18:35 stop hold", "Mon 18:45 stop self-resume", "Mon 18:55 stop self-resume"),
        site=RESUMING,
    ),
    Sequence(
        "app start after a stop",
        "ten minutes or more after a stop somebody means it: never stopped, told once",
        50,
        (plug_in("Mon 18:31"), charges("Mon 19:12")),
        ("Mon 18:40 stop hold",),
    ),
    Sequence(
        "app start 2 min after a stop",
        "nobody saw it stopped: asked to stop once more; who starts it again means it",
        50,
        (plug_in("Mon 18:31"), charges("Mon 18:42"), charges("Mon 19:13")),
        ("Mon 18:40 stop hold", "Mon 19:00 stop hold"),
    ),
    Sequence(
        "app start 6 min after a stop",
        "it may be the car's doing: stopped once and told; who starts it again means it",
        50,
        (plug_in("Mon 18:31"), charges("Mon 18:46"), charges("Mon 18:58")),
        ("Mon 18:40 stop hold", "Mon 18:50 stop resumed"),
    ),
    Sequence(
        "app start 12 min after a stop",
        "idle for ten minutes: a person's at once",
        50,
        (plug_in("Mon 18:31"), charges("Mon 18:52")),
        ("Mon 18:40 stop hold",),
    ),
    Sequence(
        "app start in the morning, after the window's end",
        "delcia's charge was stopped and confirmed: somebody wants more",
        20,
        (plug_in("Mon 18:31", charges=False), charges("Tue 08:01")),
        ("Tue 01:38 start window", "Tue 06:38 stop window-end"),
        until="Tue 12:00",
    ),
    Sequence(
        "an errand of five minutes",
        "one reading said unplugged and a point is gone: a new plug-in, held",
        50,
        (plug_in("Mon 18:31"), unplug("Mon 19:23", drives=1), plug_in("Mon 19:28")),
        ("Mon 18:40 stop hold", "Mon 19:30 stop hold", "Tue 01:38 start window", "Tue 05:40 stop target"),
    ),
    Sequence(
        "an errand that no reading saw",
        "its fix is newer than before: it has been somewhere, and was plugged in anew: held",
        50,
        (plug_in("Mon 18:31"), unplug("Mon 19:02"), plug_in("Mon 19:20")),
        ("Mon 18:40 stop hold", "Mon 19:25 stop hold", "Tue 01:38 start window", "Tue 05:30 stop target"),
    ),
    Sequence(
        "app start with no stop before",
        "it may be the car's doing: held once; who starts it again means it",
        50,
        (plug_in("Mon 18:31", charges=False), charges("Mon 20:02"), charges("Mon 20:33")),
        ("Mon 20:10 stop hold",),
    ),
    Sequence(
        "app start inside a window",
        "begun inside a wanted segment: delcia's, ends at the target",
        50,
        (
            sets("Mon 18:30", "(the car does not obey)", obeys=False),
            plug_in("Mon 18:31", charges=False),
            sets("Tue 01:50", "(now it does)", obeys=True),
            charges("Tue 01:50"),
        ),
        ("Tue 01:38 start window", "Tue 05:50 stop target"),
    ),
    Sequence(
        "away",
        "plans act at home only: one location call, and the charge is the person's",
        50,
        (plug_in_away("Mon 18:31"),),
        (),
    ),
    Sequence(
        "away, then home without being seen unplugged",
        "the place is asked again when the plan wants to charge: nobody is stranded",
        50,
        (
            plug_in_away("Mon 18:31"),
            asleep("Mon 20:01"),
            unplug("Mon 20:02"),
            sets("Mon 20:09", "(awake)", silent=False),
            plug_in("Mon 20:09", charges=False),
        ),
        ("Tue 01:38 start window", "Tue 04:10 stop target"),
    ),
    Sequence(
        "a motorway charger, home is not set",
        "rising faster than the charger of the plan can give: the person's",
        30,
        (plug_in_away("Mon 18:31", rate=20), unplug("Mon 19:02", drives=10)),
        (),
        site=PLAIN,
        until="Mon 20:00",
    ),
    Sequence(
        "plugged in at peak, the plans have no home",
        "the host knows it: held there at the first look",
        50,
        (plug_in("Mon 18:31"),),
        ("Mon 18:40 stop hold", "Tue 01:38 start window", "Tue 05:30 stop target"),
        site=PLAIN,
    ),
    Sequence(
        "plugged in at work, the plans have no home",
        "slow, and not at home: a person's, never stopped, and the window is not delcia's there",
        50,
        (plug_in_away("Tue 08:01"), unplug("Tue 17:02", drives=5)),
        (),
        site=PLAIN,
        until="Tue 17:30",
    ),
    Sequence(
        "no home is known",
        "nothing is held: it might be anywhere; that is told, and the window is used",
        50,
        (
            sets("Mon 18:30", "(the host knows no home)", homeless=True),
            plug_in("Mon 18:31"),
            ends("Mon 19:02", "somebody stops it in the app"),
        ),
        ("Tue 01:38 start window", "Tue 05:10 stop target"),
        site=PLAIN,
    ),
    Sequence(
        "hold: anywhere, a car that tells no place",
        "two reports tell that it charges slowly: held",
        50,
        (plug_in_away("Mon 18:31", fix=False),),
        ("Mon 18:45 stop hold", "Tue 01:38 start window", "Tue 05:30 stop target"),
        site=ANYWHERE,
    ),
    Sequence(
        "hold: anywhere, at a motorway charger",
        "two intervals faster than the plans' charger: a person's, told once",
        30,
        (plug_in_away("Mon 18:31", rate=20), unplug("Mon 19:02", drives=10)),
        (),
        site=ANYWHERE,
        until="Mon 20:00",
    ),
    Sequence(
        "no fix of the car",
        "where it is cannot be told: it is not held; its window is used all the same",
        50,
        (plug_in_away("Mon 18:31", fix=False),),
        (),
        until="Mon 23:00",
    ),
    Sequence(
        "a fix older than the last drive",
        "it says nothing of where the car is now",
        50,
        (does("Mon 18:31", "plugged in and charges; its last fix is of the morning", _plug_with_old_fix),),
        (),
        until="Mon 20:00",
    ),
    Sequence(
        "power cut",
        "delcia's charge that ended below the target is started once more after 15 min",
        50,
        (
            plug_in("Mon 18:31", charges=False),
            ends("Tue 03:06", "the power goes"),
            sets("Tue 03:21", "the power is back; the car sleeps on"),
        ),
        ("Tue 01:38 start window", "Tue 03:25 start restart", "Tue 06:05 stop target"),
    ),
    Sequence(
        "power cut, the car goes on by itself",
        "begun again inside the segment: still delcia's",
        50,
        (
            plug_in("Mon 18:31", charges=False),
            ends("Tue 03:02", "the power goes"),
            charges("Tue 03:12", "the power is back and the car charges"),
        ),
        ("Tue 01:38 start window", "Tue 05:50 stop target"),
    ),
    Sequence(
        "charging stops by itself",
        "started again after 15, 30, 60 min while the target needs it; the second end is told",
        50,
        (
            plug_in("Mon 18:31", charges=False),
            ends("Tue 03:02"),
            ends("Tue 03:42"),
            unplug("Tue 08:02", drives=10),
            plug_in("Tue 12:02", charges=False),
        ),
        (
            "Tue 01:38 start window",
            "Tue 03:25 start restart",
            "Tue 04:20 start restart",
            "Tue 06:38 stop window-end",
            "Tue 12:38 start window",
            "Tue 14:10 stop target",
        ),
        until="Tue 15:00",
    ),
    Sequence(
        "the car's own limit",
        "started once more, then the car is believed",
        60,
        (
            plug_in("Mon 18:31", charges=False),
            does("Tue 03:00", "its own limit of 70 % is reached; it does not obey a start any more", _limit),
        ),
        ("Tue 01:38 start window", "Tue 03:15 start restart"),
    ),
    Sequence(
        "a sleeping car that says unplugged",
        "an old report does not prevent one start per window",
        50,
        (
            plug_in("Mon 18:31", charges=False),
            says("Tue 01:00", "falls asleep and reports that it is unplugged", plug=Plug.UNPLUGGED),
        ),
        ("Tue 01:38 start window", "Tue 05:40 stop target"),
    ),
    Sequence(
        "unplugged at the window",
        "a fresh report is believed and nothing more is started; the reading before it was too young to ask again",
        50,
        (plug_in("Mon 18:31", charges=False), unplug("Tue 01:32"), plug_in("Tue 02:32")),
        ("Tue 01:38 start window", "Tue 06:35 stop target"),
    ),
    Sequence(
        "unplugged for an hour",
        "a new plug-in is held anew",
        50,
        (plug_in("Mon 18:31"), unplug("Mon 19:32", drives=5), plug_in("Mon 20:32")),
        ("Mon 18:40 stop hold", "Mon 20:35 stop hold", "Tue 01:38 start window", "Tue 06:10 stop target"),
    ),
    Sequence(
        "plugged in again with a lower SoC, never seen unplugged",
        "it has been driven: a new plug-in, not somebody's start after a stop",
        50,
        (
            plug_in("Mon 18:31"),
            asleep("Mon 19:31"),
            unplug("Mon 19:32", drives=5),
            sets("Mon 20:32", "(heard of again)", silent=False),
            plug_in("Mon 20:32"),
        ),
        ("Mon 18:40 stop hold", "Mon 20:55 stop hold", "Tue 01:38 start window", "Tue 05:50 stop target"),
    ),
    Sequence(
        "start ignored",
        "said after three tries; tried on at growing distance through the window, six times at most",
        50,
        (sets("Mon 18:30", "(the car does not obey)", obeys=False), plug_in("Mon 18:31", charges=False)),
        UNHEARD,
        until="Tue 12:00",
    ),
    Sequence(
        "stop ignored",
        "three tries, then it is said; the next window tries anew",
        70,
        (
            plug_in("Mon 18:31", charges=False),
            sets("Tue 02:00", "(from now on the car does not obey)", obeys=False),
        ),
        ("Tue 01:38 start window", "Tue 03:00 stop target", "Tue 03:20 stop target", "Tue 03:40 stop target"),
    ),
    Sequence(
        "data that is 3 h late",
        "nobody can tell it from a clock that is 3 h slow: held when it is heard of; that nothing comes of it is told",
        50,
        (sets("Mon 18:30", "(its reports take 3 h)", lag=timedelta(hours=3)), plug_in("Mon 18:31")),
        ("Mon 21:35 stop hold", "Mon 21:55 stop hold", "Mon 22:15 stop hold"),
        until="Mon 23:00",
    ),
    Sequence(
        "no battery level right after a stop",
        "the last one is kept: nothing is started for a guess",
        50,
        (
            plug_in("Mon 18:31"),
            says("Mon 18:42", "reports no battery level", soc=False),
        ),
        ("Mon 18:40 stop hold", "Tue 01:38 start window", "Tue 05:30 stop target"),
    ),
    Sequence(
        "plug and charge unknown",
        "a car that says nothing is started in its window all the same",
        50,
        (
            plug_in("Mon 18:31", charges=False),
            says("Tue 00:50", "reports neither plug nor charge", plug=Plug.UNKNOWN, charge=Charge.UNKNOWN),
        ),
        ("Tue 01:38 start window", "Tue 05:40 stop target"),
    ),
    Sequence(
        "boost",
        "charges now, at peak, and ends at its own target",
        50,
        (plug_in("Mon 18:31", charges=False), boost("Mon 19:02", to_soc_pct=60)),
        ("Mon 19:05 start boost", "Mon 20:30 stop boost-end", "Tue 01:38 start window", "Tue 04:20 stop target"),
    ),
    Sequence(
        "boost for an hour, of a charge that hold has stopped",
        "the latest word wins, and hold comes back after it",
        50,
        (plug_in("Mon 18:31"), boost("Mon 19:02", minutes=60)),
        ("Mon 18:40 stop hold", "Mon 19:05 start boost", "Mon 20:05 stop boost-end", "Tue 01:38 start window"),
        until="Tue 02:00",
    ),
    Sequence(
        "boost through a window to more than its target",
        "the window's end and target do not end a boost",
        75,
        (plug_in("Mon 18:31", charges=False), boost("Tue 01:02", to_soc_pct=90)),
        ("Tue 01:05 start boost", "Tue 03:10 stop boost-end"),
    ),
    Sequence(
        "pause",
        "left alone, charging or not, until unplugged",
        50,
        (plug_in("Mon 18:31", charges=False), pause("Tue 00:02")),
        (),
    ),
    Sequence(
        "pause of what hold has stopped",
        "what delcia stopped may go on",
        50,
        (plug_in("Mon 18:31"), pause("Mon 19:02")),
        ("Mon 18:40 stop hold", "Mon 19:05 start let-go"),
    ),
    Sequence(
        "pause until a time",
        "after it the plan counts again",
        50,
        (plug_in("Mon 18:31", charges=False), pause("Tue 00:02", until="Tue 03:00")),
        ("Tue 03:00 start window", "Tue 06:38 stop window-end"),
    ),
    Sequence(
        "stop, then app start",
        "stopped and paused; who starts it again later means it",
        50,
        (plug_in("Mon 18:31", charges=False), stop("Tue 02:32"), charges("Tue 03:12")),
        ("Tue 01:38 start window", "Tue 02:35 stop asked"),
    ),
    Sequence(
        "below the minimum at peak",
        "charged at once up to 22 %, then held until the window",
        15,
        (plug_in("Mon 18:31"),),
        ("Mon 19:30 stop minimum-end", "Tue 01:38 start window", "Tue 06:38 stop window-end"),
    ),
    Sequence(
        "a Friday evening under a plan for weekdays",
        "the next window is on Sunday: held until then",
        50,
        (plug_in("Fri 18:31"),),
        ("Fri 18:40 stop hold",),
        site=of(WEEKDAYS),
        until="Sat 06:00",
    ),
    Sequence(
        "hold above the target",
        "nothing is wanted, and the car is held as long as that is so",
        85,
        (plug_in("Mon 18:31"),),
        ("Mon 18:40 stop hold",),
        until="Tue 06:45",
    ),
    Sequence(
        "hold through holidays",
        "the plan leaves out a week; its windows go on within 14 days: held",
        50,
        (plug_in("Mon 18:31"),),
        ("Mon 18:40 stop hold",),
        site=of(HOLIDAYS),
        until="Tue 06:45",
    ),
    Sequence(
        "a plan of another season",
        "it holds nothing: the car may charge, and that is told",
        50,
        (plug_in("Mon 18:31"),),
        (),
        site=of(SUMMERS),
        until="Mon 23:00",
    ),
    Sequence(
        "a plan for one night in a month's time",
        "it holds nothing",
        50,
        (plug_in("Mon 18:31"),),
        (),
        site=of(CHRISTMAS),
        until="Mon 23:00",
    ),
    *(
        Sequence(
            f"delcia's charge, and one reading of {charge.value}",
            "an interruption changes nothing: still delcia's, ends at its target",
            50,
            (plug_in("Mon 18:31"), says("Tue 03:01", "odd report", charge=charge)),
            ("Mon 18:40 stop hold", "Tue 01:38 start window", "Tue 05:30 stop target"),
        )
        for charge in (Charge.WAITING, Charge.IDLE, Charge.ERROR)
    ),
    Sequence(
        "delcia's charge, and a cut of the power past the window's end",
        "what goes on at peak by itself is still delcia's: stopped",
        20,
        (
            plug_in("Mon 18:31"),
            ends("Tue 06:31", "the power goes"),
            charges("Tue 06:42", "the power is back and the car charges"),
        ),
        ("Mon 18:40 stop hold", "Tue 01:38 start window", "Tue 06:45 stop window-end"),
    ),
    Sequence(
        "one reading of 100 % in the evening",
        "70 points in ten minutes cannot be: it is waited out, and nothing is done for it",
        30,
        (
            plug_in("Mon 18:31"),
            does("Mon 23:05", "a report of 100 %", lambda world: _lies(world, 100.0)),
            does("Mon 23:30", "a report of the truth", lambda world: world.tell(world.now)),
        ),
        ("Mon 18:40 stop hold", "Tue 01:38 start window", "Tue 06:38 stop window-end"),
    ),
    Sequence(
        "one reading of 0 % after a stop",
        "a battery does not lose that standing: it is waited out, and nothing is started for it",
        50,
        (
            plug_in("Mon 18:31"),
            does("Mon 18:48", "a report of 0 %", lambda world: _lies(world, 0.0)),
            does("Mon 18:58", "a report of the truth", lambda world: world.tell(world.now)),
        ),
        ("Mon 18:40 stop hold", "Tue 01:38 start window", "Tue 05:30 stop target"),
    ),
    Sequence(
        "delcia's charge, and a level that jumps by five points",
        "only a charge of the car's own is judged by its speed",
        50,
        (plug_in("Mon 18:31"), drops("Tue 03:01", -5)),
        ("Mon 18:40 stop hold", "Tue 01:38 start window", "Tue 04:50 stop target"),
    ),
    Sequence(
        "the first hold",
        "a rehearsal: stopped, started, stopped: it hears a start, so it may be held",
        50,
        (plug_in("Mon 18:31"),),
        (
            "Mon 18:40 stop hold",
            "Mon 18:45 start rehearsal",
            "Mon 18:50 stop rehearsal-end",
            "Tue 01:38 start window",
            "Tue 05:30 stop target",
        ),
        rehearsed=False,
    ),
    Sequence(
        "a first hold of a car that does not hear a start",
        "it is held no longer, the owner hears how it is charged by hand, and plugged in again it charges",
        50,
        (
            plug_in("Mon 18:31"),
            sets("Mon 18:42", "(it hears no start)", deaf=True),
            unplug("Mon 20:12"),
            plug_in("Mon 20:14"),
        ),
        (
            "Mon 18:40 stop hold",
            "Mon 18:45 start rehearsal",
            "Mon 19:05 start rehearsal",
            "Mon 19:25 start rehearsal",
            "Mon 20:05 start let-go",
        ),
        until="Tue 01:00",
        rehearsed=False,
    ),
    Sequence(
        "a hold of a whole Saturday",
        "every twelve hours, in the daytime, a start is rehearsed",
        50,
        (plug_in("Fri 18:31"),),
        (
            "Fri 18:40 stop hold",
            "Sat 07:00 start rehearsal",
            "Sat 07:05 stop rehearsal-end",
            "Sat 19:10 start rehearsal",
            "Sat 19:15 stop rehearsal-end",
        ),
        site=of(WEEKDAYS),
        until="Sat 23:00",
    ),
    Sequence(
        "two plans, one car",
        "each charges in its own window to its own target",
        55,
        (plug_in("Mon 18:31", charges=False),),
        (
            "Mon 21:00 start window",
            "Mon 21:45 stop target",
            "Tue 01:38 start window",
            "Tue 04:20 stop target",
        ),
        site=of(NIGHTS, EVENING),
    ),
    Sequence(
        "a point is lost after the target",
        "a target latches: resumed only 2 points below",
        75,
        (plug_in("Mon 18:31", charges=False), drops("Tue 03:30", 1), drops("Tue 04:30", 1)),
        ("Tue 01:38 start window", "Tue 02:20 stop target", "Tue 04:35 start window", "Tue 04:55 stop target"),
    ),
    Sequence(
        "two hours, counted from noon",
        "the day's two hours are used once; the next noon begins anew",
        30,
        (plug_in("Mon 18:31", charges=False),),
        (
            "Tue 01:38 start window",
            "Tue 03:40 stop target",
            "Tue 12:38 start window",
            "Tue 14:38 stop window-end",
        ),
        site=of(TWO_HOURS),
        until="Tue 16:00",
    ),
    Sequence(
        "4 kWh, counted from noon",
        "energy at the wall: 1 h 44 min at 2.3 kW",
        30,
        (plug_in("Mon 18:31", charges=False),),
        ("Tue 01:38 start window", "Tue 03:25 stop target"),
        site=of(FOUR_KWH),
    ),
    Sequence(
        "held shortly before the window",
        "more than ten minutes lie between the stop and the start",
        50,
        (plug_in("Tue 01:18"),),
        ("Tue 01:25 stop hold", "Tue 01:38 start window", "Tue 05:40 stop target"),
    ),
    Sequence(
        "the plan is removed while the car is held",
        "what delcia stopped and nobody plans any more may go on",
        50,
        (plug_in("Mon 18:31"), plans("Mon 20:02", "the plan is removed", lambda site: replace(site, plans={}))),
        ("Mon 18:40 stop hold", "Mon 20:05 start let-go"),
    ),
    Sequence(
        "the plan is removed while the car charges",
        "nobody's plan ends it any more",
        50,
        (
            plug_in("Mon 18:31", charges=False),
            plans("Tue 03:02", "the plan is removed", lambda site: replace(site, plans={})),
        ),
        ("Tue 01:38 start window",),
    ),
    Sequence(
        "a car that cannot be stopped from afar",
        "it is started in its window; that nothing ends it is said, and not tried",
        50,
        (plug_in("Mon 18:31", charges=False),),
        ("Tue 01:38 start window",),
        site=controls(HOLDLESS, stop=False),
    ),
    Sequence(
        "a car that cannot be started from afar",
        "it is said, not tried",
        50,
        (plug_in("Mon 18:31", charges=False),),
        (),
        site=controls(AT_HOME, start=False),
        until="Tue 02:00",
    ),
    Sequence(
        "plugged in at a neighbour's for good",
        "as long as the fix says away, nothing is started; it is asked for once an hour in a window",
        50,
        (plug_in_away("Mon 18:31"), ends("Mon 19:02", "the neighbour stops it")),
        (),
    ),
    Sequence(
        "data that is 3 h late, in the window",
        "a start of which nothing is heard is sent again; the charge ends with its window at the latest",
        60,
        (plug_in("Mon 18:31", charges=False), sets("Tue 01:30", "(from now on its reports take 3 h)", lag=LATE)),
        (*UNHEARD[:5], *LATE_STOPS),
    ),
    Sequence(
        "asleep and heard of by nobody",
        "a plugged-in car that does not answer is asked on through the window; that it is silent is said",
        50,
        (plug_in("Mon 18:31", charges=False), asleep("Mon 20:00")),
        UNHEARD,
    ),
    Sequence(
        "away for the night, last seen unplugged",
        "one start for the window, and no alarm",
        50,
        (unplug("Mon 18:31", drives=10),),
        ("Tue 01:38 start window",),
    ),
    Sequence(
        "below the minimum, away and unplugged for a day",
        "one start at once, one for the window, and no alarm",
        15,
        (unplug("Mon 18:31"),),
        ("Mon 19:00 start minimum", "Tue 01:38 start minimum"),
    ),
    Sequence(
        "boost of a charge that the person began",
        "the latest word wins: it ends at the boost's target",
        50,
        (plug_in("Mon 18:31"), charges("Mon 19:02"), boost("Mon 19:32", to_soc_pct=60)),
        ("Mon 18:40 stop hold", "Mon 20:15 stop boost-end", "Tue 01:38 start window", "Tue 04:20 stop target"),
    ),
    Sequence(
        "boost before plugging in",
        "it waits for the cable",
        50,
        (boost("Mon 18:30", to_soc_pct=60), plug_in("Mon 18:47", charges=False)),
        (
            "Mon 18:45 start boost",
            "Mon 18:50 start boost",
            "Mon 20:15 stop boost-end",
            "Tue 01:38 start window",
            "Tue 04:20 stop target",
        ),
    ),
    Sequence(
        "boost of a car that is unplugged",
        "unplugging ends it",
        50,
        (
            plug_in("Mon 18:31", charges=False),
            boost("Mon 19:02", to_soc_pct=90),
            unplug("Mon 20:02", drives=10),
            plug_in("Mon 22:02"),
        ),
        ("Mon 19:05 start boost", "Mon 22:15 stop hold", "Tue 01:38 start window"),
        until="Tue 02:00",
    ),
    Sequence(
        "pause while it charges",
        "its charge goes on, whatever the window says",
        50,
        (plug_in("Mon 18:31", charges=False), pause("Tue 03:02")),
        ("Tue 01:38 start window",),
    ),
    Sequence(
        "pause, taken back",
        "the plan counts again at once",
        50,
        (plug_in("Mon 18:31", charges=False), pause("Tue 01:02"), asks("Tue 03:02", "delcia resume spring", _nothing)),
        ("Tue 03:05 start window", "Tue 06:38 stop window-end"),
    ),
    Sequence(
        "charged to the car's own end below 100 %",
        "a car that shows 99 % and has ended is full",
        95,
        (
            plug_in("Mon 18:31", charges=False),
            does("Tue 02:05", "the car ends at 99 %", _full),
        ),
        ("Tue 01:38 start window",),
        site=of(replace(NIGHTS, target=ToSoc(100))),
    ),
    Sequence(
        "below the minimum, plugged in and asleep",
        "its one start was used while it was away: the window has its own",
        15,
        (unplug("Mon 18:31"), asleep("Mon 18:32"), plug_in("Mon 23:02", charges=False)),
        ("Mon 19:00 start minimum", "Tue 01:38 start minimum"),
    ),
    Sequence(
        "stopped, and not heard of again",
        "who was asked to stop is not taken to charge on: the window starts it",
        60,
        (plug_in("Mon 18:31"), asleep("Mon 18:39")),
        ("Mon 18:40 stop hold", *UNHEARD),
    ),
    Sequence(
        "the car's own charge, hold is off, and not heard of again",
        "after four hours of silence nobody knows that it charges: the window starts it",
        60,
        (plug_in("Tue 01:02"), asleep("Tue 01:03"), ends("Tue 01:04", "the power goes")),
        ("Tue 05:05 start window", "Tue 05:25 start window", "Tue 05:45 start window", "Tue 06:25 start window"),
        site=HOLDLESS,
    ),
    Sequence(
        "stop on a held car",
        "a stop is no pause: what delcia held is not let go on, and no plan starts it",
        50,
        (plug_in("Mon 18:31"), stop("Mon 20:02")),
        ("Mon 18:40 stop hold",),
    ),
    Sequence(
        "a garage without sky",
        "the last fix is of a shop on the way: it does not make the car away, and the window is used",
        50,
        (does("Mon 18:31", "plugged in at home; its last fix is of a shop, 40 min ago", _from_the_shop),),
        ("Tue 01:38 start window", "Tue 05:40 stop target"),
    ),
    Sequence(
        "boost away from home",
        "a person's word holds wherever the car is",
        50,
        (plug_in_away("Mon 18:31"), ends("Mon 18:42"), boost("Mon 20:02", 60)),
        ("Mon 20:05 start boost", "Mon 21:20 stop boost-end"),
    ),
    Sequence(
        "power cuts on two nights",
        "the second is a new one: started once more again",
        22,
        (
            plug_in("Mon 18:31", charges=False),
            ends("Tue 03:06", "the power goes for a while"),
            ends("Wed 01:47", "the power goes for a while, a night later"),
        ),
        (
            "Tue 01:38 start window",
            "Tue 03:25 start restart",
            "Tue 06:38 stop window-end",
            "Tue 12:38 start window",
            "Tue 14:38 stop window-end",
            "Wed 01:38 start window",
            "Wed 02:05 start restart",
            "Wed 03:05 stop target",
        ),
        until="Wed 08:00",
    ),
)
