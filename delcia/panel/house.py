"""What the panel is given of the host that it speaks of: what it may look at, and whom it may ask."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The form for the password needs none of these, and whoever asks for it first waits for less.
    from delcia.core.request import Answer, Request
    from delcia.core.sessions import PastSession
    from delcia.editing.homes import Home
    from delcia.host.finding import Finding
    from delcia.host.repository import Author
    from delcia.report.logbook import Entry, Then
    from delcia.report.rows import Report
    from delcia.report.status import Status

NOT_ASKED = "not-asked"
"""The slug of a word that could not be passed on: nobody knows of it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The host at one instant: its status, the report of its plans, and of each vehicle its sessions and estimates."""

    status: "Status"
    report: "Report"
    sessions: Mapping[str, Sequence["PastSession"]] = field(default_factory=dict)
    """Those of the present month."""
    estimates: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """As in `delcia estimate --json`: a row for each current and charger."""


@dataclass(frozen=True, slots=True)
class Plans:
    """Where the plans live, and who commits a change of them."""

    home: "Home"
    author: "Author"


@dataclass(frozen=True, slots=True)
class House:
    """Ways to look and to ask. Those that may take long are no coroutines: they run beside the server."""

    now: Callable[[], datetime]
    look: Callable[[], Seen | None]
    """None: nothing is applied."""
    check: Callable[[], "Sequence[Finding]"]
    """What `delcia doctor` would find wrong, without the accounts: the panel may not see them."""
    ask: Callable[["Request"], "Awaitable[Answer | None]"]
    """None: it is passed on, and its answer is not there yet."""
    answered: Callable[[str], "Answer | None"]
    """What came of a request, by its key."""
    log: Callable[[str, str], "tuple[Sequence[Entry], Then | None]"]
    """The log of a vehicle: of the last day, or round a time as a person writes it. Raises DelciaError."""
    plans: "Plans | None" = None
    """Where plans are changed; None: nowhere."""
