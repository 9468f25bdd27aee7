"""Looking at a host for the panel: the same status, report, sessions and estimates as the commands show."""

from contextlib import closing
from pathlib import Path

from delcia.cli.clock import now as clock_now
from delcia.cli.estimates import estimates
from delcia.cli.gathering import gathered
from delcia.cli.logged import log_round
from delcia.cli.machines import host_at
from delcia.cli.past import sessions_of
from delcia.cli.places import host_paths
from delcia.compile.generation import load
from delcia.core.clock import begin_instant, local_date, zone
from delcia.core.request import Answer
from delcia.errors import DelciaError
from delcia.host.generations import current_generation
from delcia.host.paths import Paths
from delcia.panel.house import Seen
from delcia.report.logbook import Entry, Then
from delcia.report.rows import Report
from delcia.store.opening import open_readonly
from delcia.store.requests import answer_to


def seen(root: Path | None) -> Seen | None:
    """Return the host as it is now, None when nothing is applied."""
    now, host = clock_now(), host_at(host_paths(root))
    generation = current_generation(host.paths)
    if generation is None:
        return None
    status = gathered(host, generation, now)
    site, rows = status.site, tuple(item.row for item in status.vehicles)
    tz = zone(site.timezone)
    first = begin_instant(local_date(now, tz).replace(day=1), 0, tz)
    return Seen(
        status,
        Report(site, now, rows, ""),
        sessions_of(site, host.paths.database, first, now),
        {row.vehicle.name: estimates(site, row.vehicle, row.memory) for row in rows},
    )


def logged(root: Path | None, vehicle: str, at: str) -> tuple[tuple[Entry, ...], Then | None]:
    """Return the log of a vehicle: of the last day, or round a past time as a person writes it."""
    paths = host_paths(root)
    generation = current_generation(paths)
    if generation is None:
        return (), None
    _, entries, then = log_round(paths, load(generation.plans_text), vehicle, clock_now(), at=at or None)
    return entries, then


def answer_in(paths: Paths, key: str) -> Answer | None:
    """Return what came of a word by its key, None when the state does not know."""
    try:
        with closing(open_readonly(paths.database)) as store:
            return answer_to(store, key)
    except DelciaError:
        return None
