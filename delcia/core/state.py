"""What delcia remembers of one vehicle: what the car last said, what was asked of it, whose charge it is.

All frozen; `core.ownership` and `core.deciding` return changed copies, `store` keeps them. Instants are UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from delcia.core.learned import Learned


class Plug(StrEnum):
    """Whether the cable is in, as the car says."""

    PLUGGED = "plugged"
    UNPLUGGED = "unplugged"
    UNKNOWN = "unknown"


class Charge(StrEnum):
    """What the car says of charging. WAITING: for its own schedule or for current; FULL: it has ended by itself."""

    CHARGING = "charging"
    WAITING = "waiting"
    ENDED = "ended"
    IDLE = "idle"
    ERROR = "error"
    UNKNOWN = "unknown"


class Owner(StrEnum):
    """Whose charge it is: the person's is never stopped, the car's only under hold."""

    PERSON = "person"
    DELCIA = "delcia"
    CAR = "car"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the car said when asked at `read_at`; `reported_at` is the time of it by the car's own clock.

    The car's clock orders its reports and says nothing else: it may be hours, or a day, from the host's. `heard_at` is
    when this report was first read, and `told_at` when it was made, as near as the host's clock can tell. `unsure`:
    nobody knows how old it was then, as the car had not been asked for a while.
    """

    read_at: datetime
    reported_at: datetime
    plug: Plug = Plug.UNKNOWN
    charge: Charge = Charge.UNKNOWN
    soc_pct: float | None = None
    range_km: int | None = None
    heard_at: datetime | None = None
    told_at: datetime | None = None
    unsure: bool = False

    @property
    def at(self) -> datetime:
        """Return when the report was made, by the host's clock."""
        return self.told_at or min(self.reported_at, self.read_at)


@dataclass(frozen=True, slots=True)
class Fix:
    """Where the car was at `reported_at`, in degrees. Never stored: only `Whereabouts` is."""

    reported_at: datetime
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Whether a fix of `reported_at`, asked for at `read_at`, lay at home; None: there was no usable fix.

    `homeless`: the host knows no home, so that nothing can be told from a fix.
    """

    read_at: datetime
    reported_at: datetime | None = None
    at_home: bool | None = None
    homeless: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """Something asked of the car. `confirmed_at` is when a report younger than the one `known` showed it obeyed.

    `known` is the car's own time of the last report known when it was sent: whatever came later may be its answer.
    `reason` is the slug of the decision: window, boost, minimum, target, window-end, hold, self-resume, asked, let-go,
    restart, rehearsal, rehearsal-end. `tries` counts how often it was sent for one window.
    """

    kind: Literal["start", "stop"]
    sent_at: datetime
    reason: str
    tries: int = 1
    confirmed_at: datetime | None = None
    window_end: datetime | None = None
    known: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One charge while it lasts; `soc_pct` is the state of charge when it was first seen.

    `began_at` is by the host's clock, `reported_at` what the car called it.
    """

    owner: Owner
    began_at: datetime
    soc_pct: float | None
    reason: str
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Boost:
    """A person's wish to charge now, to `to_soc_pct` or for `minutes`, until unplugged or `until`.

    `charger` (a name) or `amps` is where, or at what current, it is said to charge.
    """

    asked_at: datetime
    until: datetime
    to_soc_pct: int | None = None
    minutes: int | None = None
    charger: str | None = None
    amps: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A person's wish that the plans rest, until an instant or until unplugged (None); delcia leaves the car alone.

    `stop`: and that it does not charge; only a charge that a person begins after it is left alone. `skip`: only the
    plans rest, and the car is held meanwhile. `of_charge`: it is over as well once the car is unplugged.
    """

    asked_at: datetime
    until: datetime | None = None
    stop: bool = False
    skip: bool = False
    of_charge: bool = False


@dataclass(frozen=True, slots=True)
class Trip:
    """A person's wish to have `to_soc_pct` by an instant, once: beside the plans, and over then.

    `starts_at`: not at the least cost by then, but from that instant on. `minutes`: so many, whatever SoC they bring.
    `charger` or `amps`: as of a boost.
    """

    asked_at: datetime
    until: datetime
    to_soc_pct: int
    starts_at: datetime | None = None
    minutes: int | None = None
    charger: str | None = None
    amps: float | None = None


Override = Boost | Pause | Trip


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a plan has had since a noon: `since` is that noon; minutes of charging and kWh at the wall."""

    plan: str
    since: datetime
    minutes: float = 0.0
    energy_wall_kwh: float = 0.0


Setting = Literal["programmes", "limit"]
"""What delcia may change in a car for a while: its own charging programmes, or its own SoC limit."""
Lent = Literal["programmes", "limit", "power"]
"""The same, and the power of a charger: `before` is then what the host calls its commands."""


@dataclass(frozen=True, slots=True)
class Loan:
    """A setting of the car's that delcia has changed, to be given back: as it was, and as delcia left it.

    Programmes are in the car's own words, a limit is as `15-80` (lowest SoC and target). `seen_at`: the car has shown
    delcia's value. `returned_at`: when it was last written back, and `returns` how often; the loan is over when the car
    shows the owner's value again. `left` marks one that is the owner's again, or that the car refused, and is not
    taken a second time before the car is unplugged; `refused` is a limit that it refused while it had one of delcia's.
    """

    what: Lent
    before: str
    ours: str
    taken_at: datetime
    tries: int = 1
    seen_at: datetime | None = None
    returned_at: datetime | None = None
    returns: int = 0
    left: bool = False
    refused: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be done when it was last tried, at `at`, and why; `status` is the exit status.

    `what`: an order that was refused; "ask" is any question, and any order that may not have arrived.
    """

    what: Literal["ask", "start", "stop"]
    at: datetime
    slug: str
    message: str
    hint: str
    status: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything delcia remembers of one vehicle between two runs. The empty one is a car never seen."""

    reading: Reading | None = None
    """The last reading."""
    soc_reading: Reading | None = None
    """The last reading that had a SoC."""
    level_unsure: bool = False
    """That SoC is from before a time in which nobody looked, and no reading since has told another."""
    idle_at: datetime | None = None
    """When the car was last asked, in this plug-in, and said that it was not charging."""
    charging_at: datetime | None = None
    """When the car was last asked, in this plug-in, and said that it was charging."""
    doubted: Reading | None = None
    """The last reading, where its SoC cannot be: it is waited out for one more."""
    own: str = ""
    """Why the charge of this plug-in is delcia's, whatever interrupts it, until delcia's stop of it is confirmed."""
    interrupted: Session | None = None
    """A person's charge that the last reading did not show: one alone ends none."""
    passed_over: datetime | None = None
    """The car's own time of the last report that came out of order; a younger one after it is believed."""
    left_at: datetime | None = None
    """When the car was last asked, in this plug-in, and said that it was not plugged in."""
    stop_soc_pct: float | None = None
    """The SoC at the last confirmed stop: a car that charges with less has been away."""
    start_heard_at: datetime | None = None
    """When the car last obeyed a start; None: not since the login, or not when it was last asked."""
    hold_ended: str = ""
    """Why the car is not held any more in this plug-in, as the slug of a decision."""
    booted_at: datetime | None = None
    """When the host was last switched on, as after a power cut."""
    plugged_since: datetime | None = None
    """First report of the present plug-in, by the host's clock; None when unplugged or not known."""
    plugged_reported_at: datetime | None = None
    """The same by the car's own clock, to which fixes and later reports are compared."""
    unplugged_at: datetime | None = None
    """First report of being unplugged that is not yet believed (it takes two)."""
    last_away_at: datetime | None = None
    """The last report before the car may have been driven: a fix must be younger to tell where it is."""
    session: Session | None = None
    command: Command | None = None
    stop_confirmed_at: datetime | None = None
    """The last confirmed stop of the present plug-in."""
    self_resumes: int = 0
    """Charges that the car resumed by itself after a confirmed stop of the present plug-in."""
    restarts: int = 0
    """Restarts of a charge of delcia's that ended inside its segment, in the present plug-in."""
    ended_at: datetime | None = None
    """When a charge of delcia's was seen to have ended inside its segment, below the target."""
    latched: tuple[tuple[str, datetime], ...] = ()
    """(plan, end of window) of windows in which the target has been reached."""
    started_windows: tuple[datetime, ...] = ()
    """Ends of the windows in which one start was sent without a fresh reading."""
    minimum_active: bool = False
    """Charging towards `minimum_soc` + 2."""
    whereabouts: Whereabouts | None = None
    override: Override | None = None
    word_at: datetime | None = None
    """When a person last spoke, until an order has gone out: the next one is that person's."""
    delivered: tuple[Delivered, ...] = ()
    woken_at: datetime | None = None
    """When the car was last asked to report."""
    asleep: Reading | None = None
    """What it had said by itself before it was asked to report, in the present parking."""
    loans: tuple[Loan, ...] = ()
    """What delcia has changed in the car and not yet given back."""
    counting: tuple[str, ...] = ()
    """The plans that wanted to charge when last decided: what is charged from `counted_at` on is theirs."""
    counted_at: datetime | None = None
    learned: tuple[Learned, ...] = ()
    """What its charges taught of the chargers of this vehicle."""
    looked_ahead_at: datetime | None = None
    """When it was last looked at what the night will bring."""
    missed: tuple[tuple[str, datetime, float], ...] = ()
    """(plan, `ready_by`, points) of what the owner was told will not be reached, and by how much."""
    unknown: tuple[tuple[str, datetime], ...] = ()
    """What its readings do not tell (`core.unknowns`), each since which of them."""
    list_asked_at: datetime | None = None
    """When the car was last asked for its own list of charges."""
    list_refused: bool = False
    """The service has no such list of this car: it is not asked for again."""
    said: str = ""
    """What the last decision was, without its numbers: the log has changes only."""
    trouble_since: datetime | None = None
    """Since when every run inside a window has failed in passing (exit 75)."""
    failure: Failure | None = None
    """What could not be done, until it is done, or nobody needs it any more."""
