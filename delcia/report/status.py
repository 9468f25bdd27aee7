"""What `status` tells of a host and its cars: values only, gathered by the command line."""

from dataclasses import dataclass
from datetime import datetime

from delcia.core.model import Site
from delcia.report.rows import VehicleRow


@dataclass(frozen=True, slots=True)
class Applied:
    """The generation that is applied, and where its plans came from."""

    number: int
    at: datetime
    source: str
    commit: str | None
    clean: bool | None
    author: str | None
    version: str


@dataclass(frozen=True, slots=True)
class Units:
    """Units that differ from what was applied, as (name, how); what keeps timers from firing; the owner's choices."""

    differences: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer, what it starts, when it fires next and when it last did."""

    name: str
    service: str
    next_at: datetime | None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timers:
    """All timers, the next one first. `computed` says why no systemd was asked; empty when one was."""

    rows: tuple[Timer, ...] = ()
    computed: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, held until the next one."""

    at: datetime
    words: str
    action: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A command and what became of it: sent, confirmed, unplugged, or the slug of what went wrong."""

    kind: str
    at: datetime
    reason: str
    outcome: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the owner is to be told; `vehicle` is empty when it is about the host."""

    at: datetime
    vehicle: str
    slug: str
    text: str


@dataclass(frozen=True, slots=True)
class Calls:
    """How many calls an account has left this hour, and until when its service asked to be left in peace."""

    account: str
    left: int
    circuit_open_until: datetime | None


@dataclass(frozen=True, slots=True)
class Following:
    """The branch that the host follows, and how the last look at it ended.

    `slug` and `message` say what kept it from being followed, `since` when; `faults` what is wrong with the host's
    settings of it.
    """

    remote: str
    branch: str
    looked: datetime | None
    commit: str | None
    slug: str = ""
    message: str = ""
    since: datetime | None = None
    suspended: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VehicleStatus:
    """A vehicle, its last decisions and commands, newest first."""

    row: VehicleRow
    decisions: tuple[Decided, ...] = ()
    commands: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """All of it, as of `now`."""

    now: datetime
    site: Site
    applied: Applied
    units: Units
    timers: Timers
    vehicles: tuple[VehicleStatus, ...]
    notices: tuple[Told, ...]
    calls: tuple[Calls, ...]
    following: Following | None = None
    panel: tuple[str, ...] = ()
    """What keeps the panel that is switched on from being as its settings say, in words."""
