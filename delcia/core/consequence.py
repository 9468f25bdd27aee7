"""What a change of the plans brings about: what is compared, and how the coming week goes before it and after it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from delcia.core.differences import Action, Difference
from delcia.core.intervals import Interval
from delcia.core.model import Plan
from delcia.core.windows import Window

MISSED_BELOW_PCT = 1.0
"""SoC comes in whole points: a target is missed when more than this is lacking."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Ready:
    """How a `ready_by` was met. `target_soc_pct` is None where the target is a time or an energy."""

    plan: str
    at: datetime
    soc_pct: float
    target_soc_pct: float | None
    plugged: bool

    @property
    def missed(self) -> bool:
        """Return whether the car stood plugged in below its target."""
        return (
            self.plugged and self.target_soc_pct is not None and self.soc_pct < self.target_soc_pct - MISSED_BELOW_PCT
        )


@dataclass(frozen=True, slots=True)
class Night:
    """A time of being plugged in, the SoC at its beginning and end, and what was charged in it, for whom ever.

    `charged` are its stretches; `ready` what was to be ready in it.
    """

    stay: Interval
    soc_from_pct: float
    soc_to_pct: float
    charged: tuple[Interval, ...]
    energy_wall_kwh: float
    cost: Decimal | None
    ready: tuple[Ready, ...]


@dataclass(frozen=True, slots=True)
class VehicleWeek:
    """What becomes of a vehicle in the coming week, night by night. No cost without a tariff."""

    nights: tuple[Night, ...]
    energy_wall_kwh: float
    cost: Decimal | None
    currency: str | None
    ready: tuple[Ready, ...]


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """What a plan does in the coming week: the windows that begin in it, and what is charged while it wants it.

    What two plans want at a time counts for both.
    """

    plan: Plan
    windows: tuple[Window, ...]
    charged: tuple[Interval, ...]
    energy_wall_kwh: float
    cost: Decimal | None
    currency: str | None
    ready: tuple[Ready, ...]


@dataclass(frozen=True, slots=True)
class TimerLine:
    """When a timer fires, for systemd and in the owner's words."""

    calendar: str
    words: str


@dataclass(frozen=True, slots=True)
class TimerChange:
    """A timer that comes, goes, or fires at other times."""

    name: str
    before: tuple[TimerLine, ...] | None
    after: tuple[TimerLine, ...] | None

    @property
    def action(self) -> Action:
        """What becomes of it, in a word."""
        return "create" if self.before is None else "delete" if self.after is None else "update"


@dataclass(frozen=True, slots=True)
class Pair(Generic[Value]):
    """One named thing before and after; None where it is not there."""

    name: str
    before: Value | None
    after: Value | None

    @property
    def changed(self) -> bool:
        """Whether anything about it becomes another."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Assumed:
    """What the coming week is reckoned with: no car is asked. Wall times are minutes after midnight."""

    soc_pct: float = 50.0
    used_pct: float = 25.0
    plugged_min: int = 18 * 60 + 30
    unplugged_min: int = 7 * 60 + 30


@dataclass(frozen=True, slots=True)
class Consequence:
    """All that a change of the plans brings about, as of `now`.

    `week` reaches from the first plugging in to the last unplugging; `plans` and `vehicles` are those of either side,
    changed or not.
    """

    now: datetime
    timezone: str
    week: Interval
    assumed: Assumed
    differences: tuple[Difference, ...]
    timers: tuple[TimerChange, ...]
    plans: tuple[Pair[PlanWeek], ...]
    vehicles: tuple[Pair[VehicleWeek], ...]

    @property
    def is_empty(self) -> bool:
        """Whether the plans say the same before and after."""
        return not self.differences and not self.timers
