"""Both nights on which the clock changes, lived through by real crons: what fired is replayed through `decide`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.real_crons import KINDS, Fired, Kind, RealCron, missing
from support.small_site import SOCKET, SPRING, band, plan, site, span, tariff

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Condition, Habits, Life
from delcia.compile.crontab import CronSettings, render
from delcia.core.model import InBands, InWindows, Site
from delcia.core.windows import windows_of
from delcia.runtime.charge import run
from delcia.runtime.job import Job
from delcia.store.log import last_commands
from delcia.store.opening import open_store

pytestmark = [pytest.mark.slow]
ZONE = "Europe/Paris"
BY_ITS_OWN_LINE = timedelta(minutes=3, seconds=30)
"""All boundaries lie a minute after a multiple of five: the line of every five minutes comes four minutes later."""
METER = tariff(band("off-peak", "01:11-02:41"), zone="+01:00", name="meter")
OF_METER = plan(InBands("meter", ("off-peak",)), name="of-meter")
PLANS = {
    "ends-in-it": plan(InWindows((span("01:36-02:06"),)), name="ends-in-it"),
    "starts-in-it": plan(InWindows((span("02:36-03:36"),)), name="starts-in-it"),
    "both-in-it": plan(InWindows((span("02:11-02:51"),)), name="both-in-it"),
}
HOUSES = {**{name: site(wish) for name, wish in PLANS.items()}, "of-meter": site(OF_METER, tariff=METER)}


@dataclass(frozen=True, slots=True)
class Night:
    """A night on the clock of Paris."""

    start: datetime
    length: timedelta


NIGHTS = {
    "an hour twice": Night(datetime.fromisoformat("2026-10-25T01:05:00+02:00"), timedelta(hours=3, minutes=45)),
    "an hour less": Night(datetime.fromisoformat("2027-03-28T01:05:00+01:00"), timedelta(hours=2, minutes=45)),
}


def crontab(cron: RealCron, night: Night) -> str:
    """Return the lines of all plans; one crontab for all saves three nights."""
    texts: list[str] = []
    for where in HOUSES.values():
        settings = CronSettings(
            "/etc/cron.d/delcia",
            cron.program,
            night.start - timedelta(days=30),
            ZONE,
            user=None if cron.kind == "busybox" else "root",
            logger="/bin/true",
        )
        (artifact,) = render(where, settings)
        lines = artifact.text.splitlines(keepends=True)
        texts.append("".join(line for line in lines if not texts or "--all" not in line))
    return "".join(texts)


@pytest.fixture(scope="module")
def fired(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Kind, str], list[Fired]]:
    """Return what each cron fired on each night; all of them live at the same time, and mostly sleep."""
    folder = tmp_path_factory.mktemp("crons")
    jobs = [(kind, name) for kind in KINDS if missing(kind) is None for name in NIGHTS]

    def live(job: tuple[Kind, str]) -> list[Fired]:
        kind, name = job
        night = NIGHTS[name]
        cron = RealCron(kind, Path(folder, f"{kind}-{name.replace(' ', '-')}"))
        return cron.run(crontab(cron, night), night.start, night.length, ZONE)

    with ThreadPoolExecutor(max(len(jobs), 1)) as pool:
        return dict(zip(jobs, pool.map(live, jobs), strict=True))


def looks(fired: list[Fired], plan_name: str) -> list[datetime]:
    """Return when a plan's vehicle was looked at: by the plan's own lines, and by the one for all."""
    return [one.at for one in fired if plan_name in one.words.split() or "--all" in one.words.split()]


def commands(where: Site, instants: list[datetime], start: datetime) -> list[tuple[str, datetime]]:
    """Return what a plugged-in car was asked when delcia ran at these instants."""
    begin = start.astimezone(UTC) - timedelta(hours=1)
    standing = Condition(begin, 50.0, plugged=True, charging=False)
    car = SimulatedCar(SPRING.battery, SOCKET, Life(standing, None, (), Habits()))
    store = open_store(None)
    job = Job(where, where.vehicles["spring"], store, lambda: car)
    for instant in instants:
        outcome = run(job, instant)
        assert outcome.error is None, outcome.words
    sent = last_commands(store, "spring", 99)
    store.close()
    return sorted(((one.kind, one.sent_at) for one in sent), key=lambda one: one[1])


@pytest.mark.parametrize("night_name", NIGHTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_window_is_acted_on_in_time_by_its_own_line_and_once(
    fired: dict[tuple[Kind, str], list[Fired]], kind: Kind, night_name: str
) -> None:
    if why := missing(kind):
        pytest.skip(f"NOT TESTED on a real {kind}: {why}")
    night = NIGHTS[night_name]
    end = night.start + night.length
    for name, where in HOUSES.items():
        (plan_,) = where.plans.values()
        windows = [
            window
            for window in windows_of(where, plan_, night.start.astimezone(UTC), end.astimezone(UTC))
            if night.start <= window.start and window.end <= end - timedelta(minutes=10)
        ]
        wanted = [(kind_, at) for window in windows for kind_, at in (("start", window.start), ("stop", window.end))]
        given = commands(where, looks(fired[kind, night_name], name), night.start)
        assert windows or name == "both-in-it", "an hour that is skipped holds no window"
        assert [kind_ for kind_, _ in given] == [kind_ for kind_, _ in wanted], (name, given, wanted)
        for (_, asked_at), (_, due_at) in zip(given, wanted, strict=True):
            assert timedelta(0) <= asked_at - due_at <= BY_ITS_OWN_LINE, (name, asked_at, due_at)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("night_name", NIGHTS)
def test_the_line_of_every_five_minutes_follows_real_time(
    fired: dict[tuple[Kind, str], list[Fired]], kind: Kind, night_name: str
) -> None:
    if why := missing(kind):
        pytest.skip(f"NOT TESTED on a real {kind}: {why}")
    night = NIGHTS[night_name]
    ticks = [one.at for one in fired[kind, night_name] if "--all" in one.words.split()]
    due = [
        night.start.astimezone(UTC) + timedelta(minutes=5 * number)
        for number in range(1, night.length // timedelta(minutes=5) - 1)
    ]
    late = [at for at in due if not any(timedelta(0) <= tick - at <= timedelta(minutes=4) for tick in ticks)]
    assert not late
