"""What plans become for cron: the lines, word for word, and what holds for all of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.crons import RECONCILE, fields_of
from support.small_site import band, plan, site, span, tariff

from delcia.compile.crontab import NO_DIGEST, CronSettings, render
from delcia.core.blocks import BEGIN, END, taken
from delcia.core.changes import digest, is_marked, plans_in
from delcia.core.model import Days, InWindows, Once, Place, Site
from delcia.errors import DelciaError

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
SETTINGS = CronSettings("/etc/cron.d/delcia", "/opt/delcia/bin/delcia", NOW, "Europe/Paris", user="delcia")
OWN = CronSettings("crontab of ada", "/home/ada/.local/bin/delcia", NOW, "UTC", env=(("XDG_STATE_HOME", "/data/ada"),))
NIGHTS = site(replace(plan(ready_by_min=420), place=Place("home.yaml", 14)))
METER = tariff(band("off-peak", "01:38-06:38", "12:38-14:38"), zone="+01:00")
SITES: dict[str, tuple[Site, CronSettings]] = {
    "cron.d": (NIGHTS, SETTINGS),
    "own": (NIGHTS, OWN),
    "meter": (site(plan(), tariff=METER), SETTINGS),
    "workdays": (site(plan(InWindows((span("22:30-06:00"),)), days=Days(weekdays=(0, 1, 2, 3, 4)))), SETTINGS),
    "once": (site(plan(Once(datetime.fromisoformat("2026-12-24T22:00")))), SETTINGS),
}


def text_of(house: Site, settings: CronSettings = SETTINGS) -> str:
    (artifact,) = render(house, settings)
    assert artifact.name == settings.name
    return artifact.text


@pytest.mark.parametrize("name", SITES)
def test_crontabs_are_those_of_the_golden_files(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "golden" / "crontab" / name, text_of(*SITES[name]))


def test_a_crontab_is_a_block_with_the_mark_and_the_digest_of_its_own_text() -> None:
    text = text_of(NIGHTS)
    assert taken(text) == text
    assert text.startswith(f"{BEGIN}:")
    assert text.endswith(f"\n{END}\n")
    assert is_marked(text)
    assert plans_in([text]) == {"nights"}
    found = text.partition("sha256=")[2][:64]
    assert digest(text.replace(found, NO_DIGEST, 1)) == found


def test_every_line_is_a_comment_or_a_job_that_all_crons_read() -> None:
    for house, settings in SITES.values():
        for line in text_of(house, settings).splitlines():
            assert line == line.strip()
            assert "%" not in line.partition("#")[0]
            if line.startswith("#"):
                continue
            *fields, command = line.split("\t")
            assert len(fields) == (5 if settings.user is None else 6)
            assert " charge " in command
            assert command.endswith(" --scheduled --cron 2>&1 | /usr/bin/logger -t delcia")
            assert command.startswith(("/", "XDG_STATE_HOME=/"))


def test_without_plans_the_line_of_every_five_minutes_is_left() -> None:
    past = plan(Once(datetime.fromisoformat("2026-11-20T22:00")), name="past")
    text = text_of(site(replace(plan(), enabled=False), past))
    assert fields_of(text) == [RECONCILE]
    assert plans_in([text]) == frozenset()


def test_the_order_of_the_plans_does_not_matter_nor_does_the_day() -> None:
    plans = [plan(name=f"plan-{number}") for number in range(5)]
    one, other = text_of(site(*plans)), text_of(site(*reversed(plans)), replace(SETTINGS, now=NOW.replace(day=30)))
    assert one == other


@pytest.mark.parametrize(
    "place", ["a\n* * * * * root reboot", "a\rb", "a\u2028b", "home\\", "a\x00b", "a\x1b[31m", "a\u202eb"]
)
def test_a_path_that_could_become_a_line_is_refused(place: str) -> None:
    with pytest.raises(DelciaError, match="no crontab may hold"):
        text_of(site(replace(plan(), place=Place(place, 1))))


def test_a_percent_sign_stays_in_a_comment() -> None:
    text = text_of(site(replace(plan(), place=Place("100%.yaml", 1))))
    assert "source=100%.yaml" in text
    assert not [line for line in text.splitlines() if "%" in line and not line.startswith("#")]


@pytest.mark.parametrize("path", ["/opt/del cia", "relative", "/opt/$(reboot)", "/opt/a%b", "/opt/a;b", "/opt/a\nb"])
def test_a_program_that_a_shell_would_misread_is_refused(path: str) -> None:
    with pytest.raises(DelciaError) as caught:
        text_of(NIGHTS, replace(SETTINGS, executable=path))
    assert caught.value.slug == "unsafe-path"
    with pytest.raises(DelciaError):
        text_of(NIGHTS, replace(SETTINGS, logger=path))
    with pytest.raises(DelciaError):
        text_of(NIGHTS, replace(SETTINGS, env=(("XDG_STATE_HOME", path),)))


def test_a_user_is_one_word() -> None:
    with pytest.raises(DelciaError) as caught:
        text_of(NIGHTS, replace(SETTINGS, user="root reboot"))
    assert caught.value.slug == "unsafe-id"
