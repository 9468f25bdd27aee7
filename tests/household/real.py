"""A host as it is: plans applied by delcia's own command, the timers' command line, renault-api on the wire."""

import asyncio
import contextlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from support.command import Ran, delcia

from delcia.cli import scheduled
from delcia.cli.ending import guarded
from delcia.core.access import Access, Binding, Coordinates
from delcia.host.credentials import save
from delcia.host.paths import Paths
from household.service import HOME_PLACE
from household.told import Notice, Timeline
from household.wire import ACCOUNT, CODE, TOKEN, VIN, Wire


@dataclass(slots=True)
class RealHost:
    """A host below a folder, on the household's clock. `statuses` has how its runs ended."""

    wire: Wire
    root: Path
    timeline: Timeline
    told: list[Notice] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    dead: bool = False

    def tick(self, *, boundary: bool = False) -> None:
        """Run what a timer runs: the plan's own, or the one for all."""
        if self.dead:
            return
        words = ["charge", "nights" if boundary else "--all", "--scheduled", "--root", str(self.root)]
        stdout, stderr = io.StringIO(), io.StringIO()
        before = len(self.wire.sent)
        with self._clock(), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            self.statuses.append(guarded(lambda: scheduled.main(words)))
        for line in (stdout.getvalue() + stderr.getvalue()).splitlines():
            self.timeline.add(self.wire.service.now, f"delcia: {line}")
        for sent in self.wire.sent[before:]:
            said = json.loads(sent)
            notice = Notice(self.wire.service.now, said["cause"], said["text"])
            self.told.append(notice)
            self.timeline.add(notice.at, f"TOLD [{notice.cause}] {notice.text}")

    def boot(self) -> None:
        """Begin to run again, after the power was off."""

    def command(self, *argv: str) -> Ran:
        """Run a command as a person does, at this hour."""
        with self._clock():
            return delcia(*argv, "--root", str(self.root))

    @contextlib.contextmanager
    def _clock(self) -> Iterator[None]:
        mine = {"DELCIA_NOW": self.wire.service.now.isoformat(), "DELCIA_RENAULT_URL": self.wire.url}
        before, waits = {name: os.environ.get(name) for name in mine}, asyncio.sleep
        os.environ.update(mine)
        # Time is the household's: between two tries nobody waits by the real clock.
        asyncio.sleep = lambda _s: waits(0)  # type: ignore[assignment]
        try:
            yield
        finally:
            asyncio.sleep = waits
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def real_host(wire: Wire, folder: Path, plans: str, timeline: Timeline) -> RealHost:
    """Return a host with these plans applied, logged in, with a hook and a heartbeat."""
    (folder / "plans").mkdir(parents=True)
    (folder / "plans" / "home.yaml").write_text(plans, encoding="utf-8")
    host = RealHost(wire, folder / "root", timeline)
    paths = Paths.system(host.root)
    binding = Binding(ACCOUNT, VIN, CODE)
    access = Access(wire.url, TOKEN, vehicles={"spring": binding}, home=Coordinates(*HOME_PLACE))
    save(paths, "default", access, None)
    paths.host_file.parent.mkdir(parents=True, exist_ok=True)
    notify = f'{{webhook: {{url: "{wire.url}/hook", form: json}}, heartbeat: "{wire.url}/beat"}}'
    paths.host_file.write_text(f"notify: {notify}\n", encoding="utf-8")
    done = host.command("apply", str(folder / "plans"), "--yes")
    assert done.status == 0, done.stderr
    return host
