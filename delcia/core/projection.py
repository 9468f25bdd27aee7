"""What is expected of one plan: the segments in which it will charge, when it is done, and what that costs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from delcia.core.learned import Learned
from delcia.core.state import Delivered

Basis = Literal["reading", "carried", "given", "assumed"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What a projection starts from. `latched` and `delivered` are as in `core.state.Memory`.

    `learned` is what charges taught of each charger. `charging` names the plans that charge now, `charging_since` a
    time: what they have begun is not put off again. `waits`: plugged in it stands, and nothing begins but by a start.
    """

    soc_pct: float
    soc_at: datetime
    basis: Basis
    latched: tuple[tuple[str, datetime], ...] = ()
    delivered: tuple[Delivered, ...] = ()
    minimum_active: bool = False
    learned: tuple[Learned, ...] = ()
    charging: tuple[str, ...] = ()
    charging_since: datetime | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch, half-open, in which charging is wanted: in one window and one band. Cost is None without a price.

    `minimum` marks charging towards `minimum_soc`, at any hour. `soc_pct` is the SoC at its end.
    """

    start: datetime
    end: datetime
    window_end: datetime
    minimum: bool
    band: str | None
    price_per_kwh: Decimal | None
    energy_wall_kwh: float
    cost: Decimal | None
    soc_pct: float


@dataclass(frozen=True, slots=True)
class Projection:
    """The coming charge of one plan. Empty segments: nothing to do, or (not `reaches_target`) no time to do it.

    The range `completes_earliest`-`completes_latest` is 10 % of the charging time either way, or what was learned, in
    the same windows.
    `minutes` is charging time. `deadline` is the `ready_by` of the first window; `next_window` begins what comes next.
    A charge that is late goes on in a window that outlasts its deadline: then the SoC there, which was, is None.
    """

    plan: str
    vehicle: str
    charger: str
    situation: Situation
    target_soc_pct: float
    segments: tuple[Segment, ...]
    completes_at: datetime | None
    completes_earliest: datetime | None
    completes_latest: datetime | None
    minutes: float
    energy_wall_kwh: float
    energy_battery_kwh: float
    deadline: datetime | None
    soc_at_deadline_pct: float | None
    reaches_target: bool
    cost: Decimal | None
    currency: str | None
    next_window: tuple[datetime, datetime] | None

    @property
    def starts_at(self) -> datetime | None:
        """Return the beginning of the first segment, or None."""
        return self.segments[0].start if self.segments else None
