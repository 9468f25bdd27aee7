"""Judges a life that was lived by the rules of the plan language: what was kept, and what was broken and when.

The judge knows the truth of the car, and blames nobody for what a lie, an outage or a slow car hid at the time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from math import floor

from household.bill import DAY, HOME, MINUTE, NIGHT, READY_BY, Span, at, cheap, common, days, minutes, shown, without
from household.car import CHARGING, WAITS, Stretch, points_per_hour
from household.living import Lived
from household.service import GRIEF

POLL = 10 * MINUTE
POLL_HELD = 30 * MINUTE
"""How often a car is looked at that was seen to stand plugged in and held: one that is read more often calls more."""
TICK = 5 * MINUTE
NEAR_PCT = 1.0
MINIMUM_PCT = 33.0
"""Eight kWh of this battery are 30 %; a charge for them ends two points above, by the whole points that it shows."""
TRUE_PCT = 3.0
"""How far a number in a notice may be from what came."""
WASTED = 20.0
SLACK = 5.0
REHEARSAL = 15.0
MISS = re.compile(r"will be (?:only )?(\d+) % at 07:00")
EVIDENT = 12 * MINUTE


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that was broken, and when."""

    at: datetime
    rule: str
    words: str


def faults(lived: Lived, target_pct: int = 80) -> list[Fault]:
    """Return every rule that was broken, in order."""
    court = Court(lived, float(target_pct))
    found = [
        *court.nights(),
        *court.run_on(),
        *court.held(),
        *court.stops(),
        *court.levels(),
        *court.notices(),
    ]
    return sorted(found, key=lambda fault: fault.at)


@dataclass(slots=True)
class Court:
    """The case: all rules look at the same life."""

    lived: Lived
    target_pct: float

    @property
    def rate(self) -> float:
        """Return how many points an hour the socket gives."""
        return points_per_hour(2.3) * self.lived.life.vigour

    # what is excused

    def excused(self) -> list[Span]:
        """Return when delcia was off, deaf or lied to, and a while after: two polls to see what is true."""
        life, service = self.lived.life, self.lived.service
        spans = [(a, b + POLL + TICK) for a, b in (*life.off, *life.manners.outages)]
        spans += [(a, b + GRIEF) for a, b in life.manners.stale]
        spans += [(answer.at, answer.at + GRIEF) for answer in service.answers if answer.lie]
        for order in service.orders:
            spans.append((order.at, order.at + 20 * MINUTE if order.obeyed_at is None else order.obeyed_at))
        return sorted(spans)

    def deaf(self) -> list[Span]:
        """Return the same, but for the car's own slowness."""
        life = self.lived.life
        return sorted((a, b + POLL + TICK) for a, b in (*life.off, *life.manners.outages, *life.manners.stale))

    # the nights

    def nights(self) -> Iterator[Fault]:
        """Judge each morning: the target, or a true word; and no hour of the window thrown away."""
        life, car = self.lived.life, self.lived.car
        for day in days(life.begins + DAY, life.ends):
            morning = at(day, READY_BY)
            if not life.begins + 18 * 60 * MINUTE < morning < life.ends:
                continue
            stay = [item for item in car.stays if item.start <= morning][-1]
            if not stay.at_home:
                continue
            level = self.level_at(morning)
            if level >= self.target_pct - NEAR_PCT - (self.blur if self.blur > NEAR_PCT else 0):
                continue
            yield from self._told_of_miss(morning, level, plugged=stay.plugged)
            if stay.plugged:
                yield from self._wasted(morning, level)

    def _told_of_miss(self, morning: datetime, level: float, *, plugged: bool) -> Iterator[Fault]:
        evening = morning - 19 * 60 * MINUTE
        heard = [notice for notice in self.lived.told if evening <= notice.at <= morning + 2 * TICK]
        numbers = [int(found[1]) for notice in heard if (found := MISS.search(notice.text))]
        words = f"{level:.1f} % at 07:00"
        if not plugged:
            known = [notice for notice in heard if "plugged in" in notice.text]
            reported = any(a <= evening + 7 * 60 * MINUTE <= b for a, b in self.deaf())
            if not known and not reported and not numbers:
                yield Fault(morning, "told", f"{words}, not plugged in, and nobody was told")
            return
        troubled = bool(common(self.deaf(), [(at(morning.astimezone(HOME).date(), NIGHT[0]), morning)]))
        if not numbers:
            if not heard or not (troubled or any(self._is_true_trouble(notice.text) for notice in heard)):
                yield Fault(morning, "told", f"{words}, and nobody was told by how much it will miss")
            return
        if abs(numbers[-1] - level) > TRUE_PCT + self.blur - 1 and not troubled:
            yield Fault(morning, "true", f"{words}, but told {numbers[-1]} %")
        if len(numbers) > 1 and max(abs(a - b) for a, b in pairwise(numbers)) < 2:
            yield Fault(morning, "once", f"told {numbers} of one night")

    def _is_true_trouble(self, text: str) -> bool:
        return any(word in text for word in ("asked", "did not", "cannot", "plugged in", "power", "by itself"))

    def _wasted(self, morning: datetime, level: float) -> Iterator[Fault]:
        window = (at(morning.astimezone(HOME).date(), NIGHT[0]), at(morning.astimezone(HOME).date(), NIGHT[1]))
        idle = without(common(self.plugged_at_home(), [window]), [(s.start, s.end) for s in self.lived.car.stretches])
        idle = without(idle, self.excused())
        below = [(a, b) for a, b in idle if self.level_at(a) < self.target_pct - NEAR_PCT]
        if minutes(below) > WASTED:
            first = below[0][0]
            yield Fault(first, "wasted", f"{minutes(below):.0f} min of the window unused, {level:.1f} % at 07:00")

    # whose charge it is

    def run_on(self) -> Iterator[Fault]:
        """Judge that delcia ends what is its own: a charge it began, or one that began in a wanted window."""
        for stretch in self.at_home():
            # A target that was reached is wanted again two points below only.
            below_pct = self.target_pct - (0 if stretch.cause == "delcia" else 2 * NEAR_PCT + self.blur)
            wanted = cheap(stretch.start, stretch.start + MINUTE) and stretch.start_pct < below_pct
            if stretch.cause == "car" and not wanted:
                continue
            if stretch.cause == "person" and not (wanted and not self.is_evident(stretch)):
                continue
            if stretch.cause == "delcia" and not wanted:
                continue  # a rehearsal, or what is given back: judged as held
            due = self._due(stretch)
            late = without(common([(due + POLL + TICK, stretch.end)], self.always()), self.excused())
            if minutes(late) > SLACK:
                words = f"{stretch.cause}'s of {shown(stretch.start)} ran {minutes(late):.0f} min too long"
                yield Fault(due, "own", f"{words}, to {stretch.end_pct:.1f} %")

    def _due(self, stretch: Stretch) -> datetime:
        """Return when a wanted charge is to end: at the target as it is told, or with its window."""
        ends = [b for a, b in cheap(stretch.start, stretch.start + DAY) if a <= stretch.start]
        missing = max(0.0, self.target_pct + self.blur - stretch.start_pct)
        return min(ends[0], stretch.start + missing / self.rate * 60 * MINUTE)

    def held(self) -> Iterator[Fault]:
        """Judge that nothing of the car's own, and no rehearsal, charges at peak for longer than it takes to see it."""
        plug_ins = [stay.start for stay in self.lived.car.stays if stay.plugged and stay.at_home]
        for since, until in pairwise([*plug_ins, self.lived.life.ends]):
            own, first = 0.0, None
            for stretch in self.at_home(since, until):
                peak = self._peak(stretch)
                if stretch.cause == "car" and not self._is_unseen_return(stretch):
                    seen_at = stretch.start + self._poll(stretch.start) + TICK
                    late = without(common(peak, [(seen_at, until)]), self.excused())
                    own += minutes(late)
                    first = first or (late[0][0] if late else None)
                elif stretch.cause == "delcia" and not cheap(stretch.start, stretch.start + MINUTE):
                    late = without(peak, self.excused())
                    if minutes(late) > REHEARSAL and not self._told_near(stretch.start):
                        yield Fault(stretch.start, "rehearsal", f"delcia charged {minutes(late):.0f} min at peak")
            if own > SLACK and first is not None:
                yield Fault(first, "held", f"the car's own charge ran {own:.0f} min too long at peak")

    def _poll(self, begun: datetime) -> timedelta:
        """Return how soon a charge that begins by itself is looked at."""
        seen = [answer for answer in self.lived.service.answers if answer.at <= begun]
        stood = bool(seen) and seen[-1].plug == 1 and seen[-1].status != CHARGING
        # A level that moves in steps cannot be at first: that is waited out for one more report.
        return (POLL_HELD if stood else POLL) + (POLL if self.blur > NEAR_PCT else timedelta())

    def _is_unseen_return(self, stretch: Stretch) -> bool:
        """Return whether the power came back, and no answer had told that it was away: it looks like a person's."""
        life, powers = self.lived.life, self.lived.car.powers
        back = [instant for instant, on in powers if on and timedelta() <= stretch.start - instant <= 2 * MINUTE]
        if not back or any(abs(b - back[0]) < POLL for _, b in life.off):
            return False
        gone = max(instant for instant, on in powers if not on and instant < back[0])
        told = [a for a in self.lived.service.answers if gone <= a.at <= stretch.start and a.status == WAITS]
        return not told and stretch.cause == "car"

    def _peak(self, stretch: Stretch) -> list[Span]:
        """Return the minutes of a charge at peak and above the minimum."""
        above = stretch.start
        if stretch.start_pct < MINIMUM_PCT:
            missing = (MINIMUM_PCT - stretch.start_pct) / self.rate
            above += missing * 60 * MINUTE + POLL
        if above >= stretch.end:
            return []
        return without([(above, stretch.end)], cheap(above, stretch.end))

    def _told_near(self, instant: datetime) -> bool:
        """Return whether the owner heard that a hold was given up."""
        near = [notice for notice in self.lived.told if instant - DAY / 2 <= notice.at <= instant + DAY / 2]
        return any("charge" in notice.text for notice in near)

    def stops(self) -> Iterator[Fault]:
        """Judge that no charge of a person's is stopped, and none away from home."""
        for order in self.lived.service.orders:
            if order.kind != "stop":
                continue
            if not order.at_home and order.plugged:
                yield Fault(order.at, "away", f"stopped away from home at {order.level_pct:.1f} %")
            running = [s for s in self.lived.car.stretches if s.start <= order.at <= s.end and s.cause == "person"]
            if running and order.charging and self.is_evident(running[-1]):
                yield Fault(order.at, "person", f"stopped what a person began at {shown(running[-1].start)}")

    def is_evident(self, stretch: Stretch) -> bool:
        """Return whether what was seen and asked says that a person began it.

        Begun while nothing was wanted, after a stop that the car was seen to obey and no start of delcia's ended, idle
        for ten minutes, with no plugging in, boot or return of the power near; and by no lie before or since.
        """
        service, life, car = self.lived.service, self.lived.life, self.lived.car
        begun = stretch.start
        wanted = cheap(begun - TICK, begun + TICK) and stretch.start_pct < self.target_pct + self.blur
        if stretch.cause != "person" or not stretch.at_home or wanted or stretch.resumed:
            return False
        since = max(stay.start for stay in car.stays if stay.start <= begun)
        orders = [order for order in service.orders if since <= order.at < begun]
        if not orders or orders[-1].kind != "stop" or orders[-1].obeyed_at is None:
            return False
        obeyed_at = orders[-1].obeyed_at
        seen = [a for a in service.answers if obeyed_at <= a.reported_at and a.at < begun]
        if not seen or begun - seen[0].at < EVIDENT or any(answer.lie for answer in seen):
            return False
        later = [a for a in service.answers if begun <= a.at <= begun + GRIEF and a.lie]
        told = [a.at for a in service.answers if a.reported_at >= begun and a.status == CHARGING]
        if not told or any(order.kind == "start" and begun <= order.at <= told[0] for order in service.orders):
            return False  # a start of delcia's went out before it could be seen
        near = [b for _, b in life.off if begun - EVIDENT <= b <= begun + EVIDENT]
        near += [instant for instant, on in car.powers if on and begun - EVIDENT <= instant <= begun]
        near += [since] if begun - since < EVIDENT else []
        return not (near or later) and not common(self.deaf(), [(seen[0].at, begun + GRIEF)])

    # the level, and what was told

    def levels(self) -> Iterator[Fault]:
        """Judge that nothing is charged above the target or what it came with, but by a person."""
        for stretch in self.at_home():
            arrived = [stay for stay in self.lived.car.stays if stay.start <= stretch.start][-1].level_pct
            # By the whole points that the car shows: 81.9 is one above 80.
            most = floor(max(self.target_pct, arrived)) + 2 * NEAR_PCT
            if self._is_unseen_return(stretch):
                continue
            if stretch.cause == "person" or stretch.end_pct < most or stretch.start_pct >= most:
                continue
            over = stretch.end - timedelta(hours=(stretch.end_pct - most) / self.rate)
            late = without([(max(over, stretch.start), stretch.end)], self.excused())
            points = minutes(late) / 60 * self.rate
            wanted = cheap(stretch.start, stretch.start + MINUTE) and stretch.start_pct < self.target_pct - NEAR_PCT
            held = stretch.cause == "car" and not wanted
            allowed = self.blur if self.blur > NEAR_PCT else 0
            allowed += self.rate * (self._poll(stretch.start) + TICK) / (60 * MINUTE) if held else 0
            if points > allowed:
                yield Fault(over, "level", f"{stretch.cause}'s went to {stretch.end_pct:.1f} %, {points:.1f} above")

    def notices(self) -> Iterator[Fault]:
        """Judge that nothing is said twice, and that a person's charge is told once."""
        told = self.lived.told
        for number, notice in enumerate(told):
            since = notice.at - 18 * 60 * MINUTE
            same = [other for other in told[:number] if other.text == notice.text and other.at > since]
            # Two charges of people's, or of the car's, may be told in the same words.
            if len(same) >= max(1, sum(s.cause != "delcia" for s in self.at_home(since, notice.at))):
                yield Fault(notice.at, "twice", f"told again: {notice.text}")
        for stretch in self.at_home():
            if stretch.cause != "person" or not self.is_evident(stretch):
                continue
            if stretch.end - stretch.start < 30 * MINUTE:
                continue
            until = at(stretch.start.astimezone(HOME).date() + DAY, time(7, 10))
            if not any(stretch.start <= notice.at <= until for notice in told):
                yield Fault(stretch.start, "person-told", "taken for a person's, and nobody was told")

    # the truth

    @property
    def blur(self) -> float:
        """By how many points what is told of the level may be wrong."""
        return self.lived.life.manners.blur_pct

    def at_home(self, since: datetime | None = None, until: datetime | None = None) -> list[Stretch]:
        """Return the charges at home that began in a span."""
        since, until = since or self.lived.life.begins, until or self.lived.life.ends
        return [item for item in self.lived.car.stretches if item.at_home and since <= item.start < until]

    def always(self) -> list[Span]:
        """Return the whole life."""
        return [(self.lived.life.begins, self.lived.life.ends)]

    def level_at(self, instant: datetime) -> float:
        """Return the true level at an instant."""
        car, level, seen = self.lived.car, self.lived.life.level_pct, self.lived.life.begins
        for stay in car.stays:
            if seen <= stay.start <= instant:
                level, seen = stay.level_pct, stay.start
        for stretch in car.stretches:
            if seen <= stretch.start <= instant:
                span = (stretch.end - stretch.start).total_seconds()
                part = 1.0 if stretch.end <= instant or not span else (instant - stretch.start).total_seconds() / span
                level = stretch.start_pct + (stretch.end_pct - stretch.start_pct) * part
                seen = stretch.start
        return level

    def plugged_at_home(self) -> list[Span]:
        """Return when the car stood at home with the cable in and power in it."""
        stays, ends = self.lived.car.stays, self.lived.life.ends
        spans = [
            (stay.start, following)
            for stay, following in zip(stays, [*(stay.start for stay in stays[1:]), ends], strict=True)
            if stay.plugged and stay.at_home and following > stay.start
        ]
        dark, since = [], None
        for instant, on in self.lived.car.powers:
            if not on:
                since = instant
            elif since is not None:
                dark.append((since, instant + TICK))
                since = None
        # After plugging in, and after a cut, it takes a poll to be seen.
        spans = [(a + POLL + TICK, b) for a, b in spans if a + POLL + TICK < b]
        return without(spans, dark)
