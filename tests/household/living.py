"""Lives a life: the clock goes from timer to timer, things happen to the car, and delcia runs where a host would."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

from household.bill import shown
from household.boundary import timers
from household.car import Car
from household.life import Event, Life
from household.service import Service
from household.told import Notice, Timeline

Deeds = dict[str, Callable[..., None]]


class Host(Protocol):
    """What runs delcia when a timer fires."""

    told: list[Notice]

    def tick(self, *, boundary: bool = False) -> None:
        """Run it, now; `boundary`: for a window of the plan that begins or ends."""
        ...

    def boot(self) -> None:
        """Begin to run again, after the power was off."""
        ...


@dataclass(frozen=True, slots=True)
class Lived:
    """A life as it was lived, for the judge."""

    life: Life
    car: Car
    service: Service
    told: list[Notice]
    timeline: Timeline


def household_of(life: Life) -> tuple[Service, Timeline]:
    """Return the car of a life, with everything that will happen to it, behind its service."""
    timeline = Timeline()
    car = Car(life.begins, life.level_pct, life.vigour)
    for event in life.events:
        _plan(car, event, timeline)
    lot = Random(f"service {life.seed}")  # noqa: S311 - a lot that can be drawn again
    return Service(car, life.manners, lot, life.begins), timeline


def live(life: Life, service: Service, host: Host, timeline: Timeline) -> Lived:
    """Let a life be lived to its end."""
    for begins, ends in life.off:
        timeline.add(begins, "host off")
        timeline.add(ends, "host boots")
    for begins, ends in life.manners.outages:
        timeline.add(begins, "service out")
        timeline.add(ends, "service back")
    for begins, ends in life.manners.stale:
        timeline.add(begins, "service shows nothing new")
        timeline.add(ends, "service shows what is new")
    was_off = False
    for instant in timers(life.begins, life.ends):
        service.go_to(instant)
        if any(begins <= instant < ends for begins, ends in life.off):
            was_off = True
            continue
        if was_off:
            host.boot()
        was_off = False
        host.tick(boundary=bool(instant.minute % 5))
    _tell_all(service, timeline)
    return Lived(life, service.car, service, host.told, timeline)


def _plan(car: Car, event: Event, timeline: Timeline) -> None:
    what = event.what
    timeline.add(event.at, f"  {event.deed} {' '.join(str(word) for word in what)}".rstrip())
    deeds: Deeds = {
        "plug": car.plug,
        "unplug": car.unplug,
        "come": car.come,
        "leave": car.leave,
        "arrive": car.arrive,
        "cut": car.cut,
        "restore": car.restore,
        "app": car.press_start,
    }
    car.later(event.at, deeds[event.deed], *what)


def _tell_all(service: Service, timeline: Timeline) -> None:
    """Put the truth into the timeline."""
    for stretch in service.car.stretches:
        where = "" if stretch.at_home else " away"
        timeline.add(stretch.start, f"= charging, begun by {stretch.cause}{where} at {stretch.start_pct:.1f} %")
        timeline.add(stretch.end, f"= not charging at {stretch.end_pct:.1f} %")
    for order in service.orders:
        obeyed = "ignored" if order.obeyed_at is None else f"obeyed {(order.obeyed_at - order.at).seconds} s later"
        timeline.add(order.at, f"> {order.kind}, {obeyed}")
    for instant, fixed_at in service.fixes:
        timeline.add(instant, f"< a fix of {shown(fixed_at)}")
    for instant in service.wakes:
        timeline.add(instant, "> wake")
    for answer in service.answers:
        lie = f"  LIE {answer.lie}" if answer.lie else ""
        age = (answer.at - answer.reported_at).total_seconds() / 60
        said = f"level {answer.level}, plug {answer.plug}, status {answer.status}, {age:.0f} min old"
        timeline.add(answer.at, f"< {said}{lie}")
