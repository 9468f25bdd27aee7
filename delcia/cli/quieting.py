"""Writing down, after a run for all vehicles, until when nothing is due: `delcia.cli.quiet` reads it."""

from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime

from delcia.cli.drifting import Look, note_look
from delcia.cli.quiet import NAME
from delcia.cli.running import Applied
from delcia.cli.sending import MARK, beat, send_from
from delcia.core.ahead import look_began, next_look
from delcia.core.causes import OF_HOST
from delcia.core.clock import zone
from delcia.core.looking import quiet_until
from delcia.core.trips import with_trip
from delcia.core.wishes import settle
from delcia.errors import DelciaError, Exit
from delcia.outside.leftovers import drop_old, temporary
from delcia.runtime.charge import run
from delcia.runtime.foreseeing import foresee
from delcia.runtime.job import Job, Outcome
from delcia.store.memory import memory_of
from delcia.store.notices import clear_notices
from delcia.store.opening import open_store


@dataclass(slots=True)
class Watch:
    """The vehicles of one run. `stamp` is the state's file as this run last left it: another writer changes that."""

    host: Applied
    now: datetime
    stamp: int = 0
    disturbed: bool = False
    unkept: dict[tuple[str, str], str] = field(default_factory=dict)
    """What the owner is to be told of runs whose state could not be written; see `cli.unkept`."""
    until: list[datetime] = field(default_factory=list)

    def run(self, job: Job) -> Outcome:
        """Run one vehicle, and note until when nothing is due for it. Called with the vehicle's lock held."""
        if self.stamp and self.stamp != self._stamp():
            self.disturbed = True
        outcome = foresee(job, run(job, self.now), self.now)
        if not job.store.kept:
            from delcia.cli.unkept import causes_in

            self.unkept |= causes_in(job.store, self.now)
        calm = outcome.status is Exit.OK and outcome.decision is not None and outcome.decision.action == "none"
        until = self.now
        if calm:
            memory = memory_of(job.store, job.vehicle.name)
            site = with_trip(job.site, job.vehicle, memory, self.now)
            until = quiet_until(site, job.vehicle, settle(site, job.vehicle, memory, self.now), self.now)
            unlooked = look_began(site, memory, self.now) is not None
            until = self.now if unlooked else min(until, next_look(site, self.now))
        self.until.append(until)
        self.stamp = self._stamp()
        return outcome

    def tell(self, *, everything: bool, well: bool, look: Look | None = None) -> list[str]:
        """Tell the owner what waits to be told, and return what could not be; the cars' work is done by now.

        `look` is what this run found of the host, None when it did not look.
        """
        ours = self.stamp == self._stamp()
        tz, due, said = zone(self.host.site.timezone), None, [look.mishap if look else ""]
        try:
            with closing(open_store(self.host.paths.database)) as store:
                if everything and well:
                    clear_notices(store, "", self.now, but=OF_HOST)
                if look is not None:
                    note_look(store, self.host.paths, look, self.now)
                if store.kept and not self.unkept:
                    drop_old(self.host.paths.state.glob(f"{MARK}*"))
                    due, mishap = send_from(store, self.host.paths, tz, self.now)
                    # A sign of life says that all is well: not where each run forgets what it did.
                    said += [mishap, beat(self.host.paths, self.now) if everything else ""]
                elif not store.kept:
                    from delcia.cli.unkept import causes_in

                    self.unkept |= causes_in(store, self.now)
        except DelciaError as error:
            self.unkept["", error.slug] = f"{error.message}; {error.hint}"
        if self.unkept:
            from delcia.cli.unkept import tell_unkept

            due = self.now
            said.append(tell_unkept(self.host.paths, self.unkept, tz, self.now))
        if due is not None:
            self.until.append(due)
        if ours:
            self.stamp = self._stamp()
        return [words for words in said if words]

    def write(self) -> None:
        """Write it down; failing to is no harm, for the next run then looks."""
        until = min(self.until, default=self.now)
        if self.disturbed or until <= self.now or self.stamp != self._stamp():
            return
        file = self.host.paths.state / NAME
        fresh = temporary(file)
        with suppress(OSError):
            fresh.write_text(f"{until.timestamp():.0f} {self.host.number} {self.stamp}\n", encoding="ascii")
            fresh.replace(file)

    def _stamp(self) -> int:
        try:
            return self.host.paths.database.stat().st_mtime_ns
        except OSError:
            return -1
