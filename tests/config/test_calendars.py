"""Calendars: from countries, lists and files to plain dates, and how far these reach."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.plans import NOW, SMALLEST, loaded, slugs

from delcia.compile.generation import dump
from delcia.compile.generation import load as load_generation
from delcia.core.model import Days

HEAD = SMALLEST.replace('ready_by: "07:00"}', 'ready_by: "07:00", days: [wanted]}').replace("16", "32")


def days_of(folder: Path, calendar: str, now: datetime = NOW) -> Days:
    """Return the days of a plan whose calendar says this."""
    found = loaded(folder, f"{HEAD}calendars: {{wanted: {calendar}}}\n", now)
    assert found.site is not None, found.problems
    return found.site.plans["nights"].days


def test_a_country_gives_the_holidays_of_last_year_this_one_and_the_next_three(tmp_path: Path) -> None:
    days = days_of(tmp_path, "{country: FR}")
    assert days.weekdays == ()
    assert sorted({day.year for day in days.included}) == [2025, 2026, 2027, 2028, 2029]
    assert date(2026, 7, 14) in days.included
    assert date(2026, 4, 3) not in days.included  # Good Friday is a working day, but in Alsace


def test_a_part_of_a_country_has_its_own(tmp_path: Path) -> None:
    assert date(2026, 4, 3) in days_of(tmp_path, '{country: FR, subdiv: "57"}').included


def test_added_dates_count_and_dropped_ones_do_not(tmp_path: Path) -> None:
    days = days_of(tmp_path, '{country: ES, add: [2030-05-02, "11-01"], drop: [2026-04-03, "01-06"]}')
    assert {date(2030, 5, 2), date(2026, 11, 1), date(2029, 11, 1)} <= set(days.included)
    assert not {date(2026, 4, 3), date(2026, 1, 6), date(2029, 1, 6)} & set(days.included)
    assert date(2026, 8, 15) in days.included


def test_a_day_of_every_year_is_left_out_where_a_year_has_none(tmp_path: Path) -> None:
    days = days_of(tmp_path, '{dates: ["02-29", 2020-01-01]}')
    assert days.included == (date(2020, 1, 1), date(2028, 2, 29))


def test_the_dates_of_exceptions_never_count(tmp_path: Path) -> None:
    text = SMALLEST.replace('ready_by: "07:00"}', 'ready_by: "07:00", days: [mon-fri, trips], except: [holidays, wed]}')
    calendars = "calendars: {trips: {dates: [2026-12-05, 2026-12-09, 2026-12-25]}, holidays: {dates: [2026-12-25]}}\n"
    found = loaded(tmp_path, text + calendars)
    assert found.site is not None
    days = found.site.plans["nights"].days
    assert days == Days((0, 1, 3, 4), included=(date(2026, 12, 5),), excluded=(date(2026, 12, 25),))


def test_what_is_applied_holds_dates_and_needs_no_library(tmp_path: Path) -> None:
    (tmp_path / "home.yaml").write_text(f"{HEAD}calendars: {{wanted: {{country: FR}}}}\n", encoding="utf-8")
    found = loaded(tmp_path, f"{HEAD}calendars: {{wanted: {{country: FR}}}}\n")
    assert found.site is not None
    text = dump(found.site)
    assert load_generation(text) == found.site
    assert dump(load_generation(text)) == text
    (tmp_path / "generation.json").write_text(text, encoding="utf-8")
    script = (
        "import sys; from delcia.compile.generation import load\n"
        "site = load(open(sys.argv[1]).read()); print(len(site.plans['nights'].days.included))\n"
        "print([name for name in sys.modules if name in ('holidays', 'yaml', 'dateutil')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "generation.json")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == ["55", "[]"]


def test_a_plan_without_a_country_loads_no_library(tmp_path: Path) -> None:
    (tmp_path / "home.yaml").write_text(f"{HEAD}calendars: {{wanted: {{dates: ['05-01']}}}}\n", encoding="utf-8")
    script = (
        "import sys, pathlib, datetime; from delcia.config import load\n"
        "found = load(pathlib.Path(sys.argv[1]), datetime.datetime.fromisoformat('2026-11-23T18:41+00:00'))\n"
        "print(found.site is not None, 'holidays' in sys.modules)"
    )
    argv = [sys.executable, "-c", script, str(tmp_path)]
    ran = subprocess.run(argv, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert ran.stdout == "True False\n"


def in_days(count: int) -> str:
    return (NOW.date() + timedelta(days=count)).isoformat()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (in_days(60), None),
        (in_days(59), f"'list.txt' ends on {in_days(59)}, in 59 days"),
        (in_days(0), f"'list.txt' ends on {in_days(0)}, today"),
        (f"{in_days(-1)}\n{in_days(-9)}", f"'list.txt' ended on {in_days(-1)}, 1 day ago"),
        (f"{in_days(-1)} # until {in_days(60)}", None),
        (f"#until {in_days(30)}\n{in_days(31)}", f"'list.txt' ends on {in_days(31)}, in 31 days"),
        (f"# until {in_days(90)}", None),
        ("# until 2027-02-30", "'list.txt' has no date"),
        ("", "'list.txt' has no date"),
    ],
)
def test_a_file_that_ends_within_sixty_days_is_told(text: str, said: str | None, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(text, encoding="utf-8")
    found = loaded(tmp_path, f"{SMALLEST}calendars: {{red: {{file: list.txt}}}}\n")
    assert [item.message for item in found.problems if item.slug == "calendar-ends"] == ([said] if said else [])


def test_a_file_is_named_as_seen_from_its_plan_file_and_a_link_may_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "tariffs" / "lists").mkdir(parents=True)
    (tmp_path / "tariffs" / "lists" / "real.txt").write_text("2027-12-31\n", encoding="utf-8")
    (tmp_path / "tariffs" / "linked.txt").symlink_to("lists/real.txt")
    (tmp_path / "tariffs" / "c.yaml").write_text("calendars: {wanted: {file: linked.txt}}\n", encoding="utf-8")
    found = loaded(tmp_path, HEAD)
    assert found.site is not None
    assert found.site.plans["nights"].days.included == (date(2027, 12, 31),)


def test_a_list_may_not_grow_without_bounds(tmp_path: Path) -> None:
    first = date(2010, 1, 1)
    dates = [(first + timedelta(days=count)).isoformat() for count in range(4001)]
    (tmp_path / "list.txt").write_text("\n".join(dates), encoding="utf-8")
    found = loaded(tmp_path, f"{SMALLEST}calendars: {{red: {{file: list.txt}}}}\n")
    assert [item.message for item in found.problems if item.slug == "too-large"] == ["4,001 dates, allowed are 4,000"]
    (tmp_path / "list.txt").write_text("# x\n" * 300_000, encoding="utf-8")
    found = loaded(tmp_path, f"{SMALLEST}calendars: {{red: {{file: list.txt}}}}\n")
    assert "too-large" in slugs(found)


def test_a_calendar_with_an_error_brings_no_errors_to_the_plans_that_name_it(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("2026-13-01\n", encoding="utf-8")
    found = loaded(tmp_path, f"{HEAD}calendars: {{wanted: {{file: list.txt}}}}\n")
    assert slugs(found) == ["bad-date"]


def test_a_name_that_may_stand_in_a_file_that_cannot_be_read_is_not_missed(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_bytes(b"calendars: {wanted: {dates: [\xff]}}")
    assert slugs(loaded(tmp_path, HEAD)) == ["not-utf-8"]


NEVER = """\
timezone: Europe/Paris
tariffs:
  t:
    currency: EUR
    day_starts_at: "{starts}"
    bands:
{bands}
      - {{name: rest, price: 0.2}}
"""


@pytest.mark.parametrize(
    ("bands", "starts", "never"),
    [
        (['hours: ["22:00-06:00"]', 'hours: ["23:00-05:00"]'], "00:00", [7]),
        (['hours: ["22:00-06:00"]', 'hours: ["23:00-06:01"]'], "00:00", []),
        (['hours: ["22:00-06:00"]', 'hours: ["00:00-05:00"]'], "00:00", [7]),  # by the evening before
        (['hours: ["22:00-06:00"], days: [mon]', 'hours: ["00:00-05:00"], days: [tue]'], "00:00", [7]),
        (['hours: ["22:00-06:00"], days: [mon]', 'hours: ["00:00-05:00"], days: [mon]'], "00:00", []),
        (['hours: ["22:00-06:00"], days: [mon]', 'hours: ["00:00-05:00"], days: [mon]'], "06:00", [7]),
        (["days: [mon-fri]", "days: [sat-sun]", 'hours: ["01:00-02:00"]'], "00:00", [8]),
        (['season: ["11-01", "03-31"]', 'season: ["12-01", "02-28"]'], "00:00", [7]),
        (['season: ["11-01", "03-31"]', 'season: ["02-29", "02-29"]'], "00:00", [7]),
        (['season: ["11-01", "02-28"]', 'season: ["02-29", "02-29"]'], "00:00", []),  # 2028
        (["season: summer-time", 'season: ["11-01", "11-30"]'], "00:00", []),
        (["season: summer-time", 'season: ["07-01", "07-31"]'], "00:00", [7]),
        (['between: [2027-01-01, 2027-12-31], season: ["06-01", "06-30"]'], "00:00", []),
        (['between: [2027-01-01, 2027-03-31], season: ["06-01", "06-30"]'], "00:00", [6]),
        (['between: [2024-01-01, 2024-03-31], season: ["06-01", "06-30"]'], "00:00", []),  # history is not judged
    ],
)
def test_a_band_that_can_never_hold_is_told(bands: list[str], starts: str, never: list[int], tmp_path: Path) -> None:
    lines = [f"      - {{name: b{number}, price: 0.1, {text}}}" for number, text in enumerate(bands)]
    found = loaded(tmp_path, NEVER.format(bands="\n".join(lines), starts=starts).replace("{{", "{"))
    assert [item.line for item in found.problems if item.slug == "band-never"] == [line + 1 for line in never]


def test_a_year_later_the_same_plans_have_later_holidays(tmp_path: Path) -> None:
    later = days_of(tmp_path, "{country: FR}", datetime(2027, 1, 1, tzinfo=UTC))
    assert max(later.included).year == 2030


@pytest.mark.parametrize(
    "between", ["[9999-12-31, 9999-12-31]", "[2026-12-01, 9999-12-31]", "[0001-01-01, 2026-12-01]"]
)
def test_a_date_beside_which_there_is_no_other_is_none(tmp_path: Path, between: str) -> None:
    text = SMALLEST.replace('ready_by: "07:00"}', f'ready_by: "07:00", between: {between}}}')
    assert {*slugs(loaded(tmp_path, text))} == {"bad-date"}
