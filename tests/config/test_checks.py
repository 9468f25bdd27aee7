"""What a sound plan may still get wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.plans import NOW, SMALLEST, loaded, slugs

SITE = SMALLEST.partition("plans:")[0]


def plan(when: str, *, charge: str = "{to_soc: 80}", **more: str) -> str:
    keys = {"vehicle": "spring", "charger": "socket", "charge": charge, "when": when, **more}
    return f"{SITE}plans:\n  nights: {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}\n"


def test_the_night_of_the_first_page_adds_36_points(tmp_path: Path) -> None:
    text = SMALLEST.replace("amps: 16", "amps: 10")
    (problem,) = loaded(tmp_path, text).problems
    assert problem.message == "one night adds 36 points; below 44 % it misses 80 % by 07:00"
    assert (problem.level, problem.slug, problem.line, problem.column) == ("warning", "short-window", 13, 3)


def test_a_night_that_reaches_from_minimum_soc_is_no_problem(tmp_path: Path) -> None:
    assert slugs(loaded(tmp_path, SMALLEST)) == []
    assert slugs(loaded(tmp_path, SMALLEST.replace("hold: true", "hold: true, minimum_soc: 10"))) == ["short-window"]


def test_windows_of_one_night_count_together_and_those_of_noon_do_not(tmp_path: Path) -> None:
    night = plan('{windows: ["22:00-24:00", "00:00-03:00", "12:00-18:00"]}', ready_by='"07:00"')
    whole = plan('{windows: ["22:00-03:00"]}', ready_by='"07:00"')
    assert slugs(loaded(tmp_path, night)) == slugs(loaded(tmp_path, whole)) == []
    assert slugs(loaded(tmp_path, plan('{windows: ["01:00-03:00", "12:00-18:00"]}', ready_by='"07:00"'))) == [
        "short-window"
    ]


def test_a_window_counts_up_to_ready_by_only(tmp_path: Path) -> None:
    assert slugs(loaded(tmp_path, plan('{windows: ["05:00-12:00"]}', ready_by='"07:00"'))) == ["short-window"]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 3, 27, 12, tzinfo=UTC),  # the day before the clock skips an hour
        datetime(2027, 10, 30, 12, tzinfo=UTC),  # the day before it repeats one
    ],
)
def test_a_clock_change_ahead_changes_no_warning(tmp_path: Path, now: datetime) -> None:
    text = SMALLEST.replace("amps: 16", "amps: 10")
    messages = [problem.message for problem in loaded(tmp_path, text, now).problems]
    assert messages == ["one night adds 36 points; below 44 % it misses 80 % by 07:00"]


def test_every_instant_of_a_year_gives_the_same_warnings(tmp_path: Path) -> None:
    text = SMALLEST.replace("amps: 16", "amps: 10")
    told = {loaded(tmp_path, text, NOW + timedelta(hours=61 * step)).problems for step in range(140)}
    assert len(told) == 1


@pytest.mark.parametrize(
    ("zone", "hours", "expected"),
    [
        ("Europe/Paris", "02:30-06:00", ["02:30 does not exist on 2027-03-28 in Europe/Paris"]),
        ("Europe/Paris", "02:00-06:00", ["02:00 does not exist on 2027-03-28 in Europe/Paris"]),
        ("Europe/Paris", "22:00-02:30", ["02:30 does not exist on 2027-03-28 in Europe/Paris"]),
        ("Europe/Paris", "22:00-02:00", []),
        ("Europe/Paris", "03:00-06:00", []),
        ("Europe/Paris", "22:00-03:00", []),
        ("Europe/London", "01:30-06:00", ["01:30 does not exist on 2027-03-28 in Europe/London"]),
        ("America/New_York", "02:30-06:00", ["02:30 does not exist on 2027-03-14 in America/New_York"]),
        ("America/Santiago", "00:30-06:00", ["00:30 does not exist on 2027-09-05 in America/Santiago"]),
        ("Atlantic/Azores", "00:30-06:00", ["00:30 does not exist on 2027-03-28 in Atlantic/Azores"]),
        ("Australia/Lord_Howe", "02:15-06:00", ["02:15 does not exist on 2027-10-03 in Australia/Lord_Howe"]),
        ("Asia/Kolkata", "02:30-06:00", []),
        ("UTC", "02:30-06:00", []),
    ],
)
def test_times_that_the_clock_skips(tmp_path: Path, zone: str, hours: str, expected: list[str]) -> None:
    text = plan(f'{{windows: ["{hours}"]}}').replace("Europe/Paris", zone).replace("01:38-06:38", "04:00-06:00")
    assert [problem.message for problem in loaded(tmp_path, text).problems] == expected


def test_a_skipped_time_matters_only_on_days_that_the_plan_has(tmp_path: Path) -> None:
    winter = plan('{start_at: "02:30"}', season='["10-01", "03-26"]')
    assert slugs(loaded(tmp_path, winter)) == ["hold-gap"]
    assert slugs(loaded(tmp_path, plan('{start_at: "02:30"}', season='["10-01", "03-28"]'))) == ["hold-gap", "dst-gap"]


def test_the_clock_of_a_tariff_is_its_own(tmp_path: Path) -> None:
    text = SMALLEST.replace("01:38", "02:30").replace("currency", 'timezone: "+01:00"\n    currency')
    assert "dst-gap" not in slugs(loaded(tmp_path, text))


def test_a_plan_that_is_over_is_told_once_and_not_judged_further(tmp_path: Path) -> None:
    assert slugs(loaded(tmp_path, plan('{once: "2026-11-20 02:30"}', ready_by='"07:00"'))) == ["hold-gap", "past-plan"]
    assert slugs(loaded(tmp_path, plan('{windows: ["02:30-03:30"]}', between="[2026-11-01, 2026-11-22]"))) == [
        "hold-gap",
        "past-plan",
    ]
    last_day = plan('{windows: ["03:30-04:30"]}', between="[2026-11-01, 2026-11-23]")
    assert slugs(loaded(tmp_path, last_day)) == ["hold-gap"]


def test_a_plan_that_happens_once_is_over_when_its_window_is(tmp_path: Path) -> None:
    running = plan('{once: "2026-11-23 12:00"}')
    assert slugs(loaded(tmp_path, running, datetime(2026, 11, 24, 10, 59, tzinfo=UTC))) == ["hold-gap"]
    assert slugs(loaded(tmp_path, running, datetime(2026, 11, 24, 11, 0, tzinfo=UTC))) == ["hold-gap", "past-plan"]


def test_nothing_is_asked_of_a_plan_that_is_disabled(tmp_path: Path) -> None:
    assert slugs(loaded(tmp_path, plan('{once: "2026-11-20 02:30"}', enabled="false"))) == ["hold-gap"]


def test_a_plan_of_next_year_is_judged_by_its_own_days(tmp_path: Path) -> None:
    text = plan("{tariff: edf}", between="[2029-01-01, 2029-02-01]", ready_by='"07:00"', charge="{to_soc: 100}")
    assert slugs(loaded(tmp_path, text)) == ["hold-gap", "short-window"]


def test_an_error_elsewhere_does_not_hide_what_plans_get_wrong(tmp_path: Path) -> None:
    text = SMALLEST.replace("amps: 16}", "amps: 10}\n  box: {amp: 16}")
    assert slugs(loaded(tmp_path, text)) == ["missing-key", "unknown-key", "short-window"]


def test_a_plan_with_an_error_is_not_judged_by_what_is_wrong_in_it(tmp_path: Path) -> None:
    text = SMALLEST.replace("amps: 16}", "amps: 10, volt: 230}")
    assert slugs(loaded(tmp_path, text)) == ["unknown-key"]


def test_a_plan_at_a_charger_whose_power_depends_on_a_faulty_tariff_is_not_judged(tmp_path: Path) -> None:
    text = SMALLEST.replace("{amps: 16}", "{amps: 16, supply: {tariff: edf, bands: [off-peak]}}")
    text = text.replace("when: {tariff: edf}", 'when: {windows: ["22:00-06:00"]}').replace(
        "currency: EUR", "currency: 1"
    )
    assert slugs(loaded(tmp_path, text)) == ["bad-currency"]


@pytest.mark.parametrize(
    ("hold", "slug", "words"),
    [
        ("true", "not-enforceable", "tells no place, so nobody knows whether it is at home, and hold: true never "),
        ("anywhere", None, ""),
    ],
)
def test_a_model_that_tells_no_place_is_held_anywhere_or_not_at_all(
    hold: str, slug: str | None, words: str, tmp_path: Path
) -> None:
    zoe = f"model: zoe-41, control: {{stop: true}}, hold: {hold}"
    found = loaded(tmp_path, SMALLEST.replace("model: spring-26, hold: true", zoe)).problems
    assert [problem.slug for problem in found if problem.slug != "short-window"] == ([slug] if slug else [])
    assert all(words in problem.message for problem in found if problem.slug == slug)
    assert all("hold: anywhere" in problem.hint for problem in found if problem.slug == slug)


def test_a_model_that_tells_its_place_is_better_held_at_home_alone(tmp_path: Path) -> None:
    found = loaded(tmp_path, SMALLEST.replace("hold: true", "hold: anywhere"))
    problem = next(problem for problem in found.problems if problem.slug == "hold-anywhere")
    assert (problem.level, problem.hint) == ("warning", "write hold: true")
