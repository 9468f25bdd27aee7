"""What the page of a log shows, as ready-made values: the same words as `delcia log`."""

from collections.abc import Sequence
from dataclasses import dataclass

from delcia.core.clock import zone
from delcia.panel.house import Seen
from delcia.panel.tongue import Tongue
from delcia.report.logbook import Entry, Then, log_rows, then_rows, why
from delcia.report.words import when

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogView:
    """The page, in one language. `why` is what was decided for the time that is asked about, `then` what held."""

    name: str
    at: str
    why: str
    then: tuple[Row, ...]
    rows: tuple[Row, ...]


def log_view(seen: Seen, name: str, entries: Sequence[Entry], then: Then | None, tongue: Tongue) -> LogView:
    """Return the page of the log of a vehicle, the newest entry first."""
    now, tz = seen.status.now, zone(seen.status.site.timezone)
    labels = tongue.texts["log"]
    held = () if then is None else tuple(then_rows(then, now, tz))
    return LogView(
        name=name,
        at="" if then is None else tongue.said(when(then.at, now, tz)),
        why="" if then is None else tongue.said(why(then)),
        then=tuple((labels[label], tongue.said(what), tongue.said(words)) for label, what, words in held),
        rows=tuple(
            (tongue.said(time), labels[label], tongue.said(words))
            for time, label, words in reversed(list(log_rows(entries, now, tz)))
        ),
    )
