"""The days on which nothing holds a car: as those of the decision, told once, with a plan that covers them."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.plans import NOW, SMALLEST, loaded

from delcia.core.clock import begin_instant, local_date, zone
from delcia.core.hold import holding_plans
from delcia.errors import Problem

PARIS = zone("Europe/Paris")
SMALL = SMALLEST.replace("when: {tariff: edf}", "when: {tariff: edf, bands: [off-peak]}")


def with_key(more: str, text: str = SMALL) -> str:
    return text.replace('ready_by: "07:00"}', f'ready_by: "07:00", {more}}}')


def gap(folder: Path, text: str, now: datetime = NOW) -> Problem | None:
    """Return the warning of uncovered days."""
    found = loaded(folder, text, now)
    assert found.site is not None, [problem.text() for problem in found.problems]
    return next((problem for problem in found.problems if problem.slug == "hold-gap"), None)


@pytest.mark.parametrize("more", ["days: [mon-fri]", "days: [sun]", "policy: late", "except: [away]"])
def test_days_of_rest_leave_no_gap_however_many_within_a_fortnight(more: str, tmp_path: Path) -> None:
    away = "calendars: {away: {dates: [2026-12-07, 2026-12-08, 2026-12-09, 2026-12-10, 2026-12-11]}}\n"
    assert gap(tmp_path, with_key(more, SMALL + away)) is None


@pytest.mark.parametrize(
    ("more", "when", "plan"),
    [
        (
            'season: ["11-01", "03-31"]',
            "from 2027-03-31 to 2027-10-29",  # the night to 31 March is the last; Sat 30 Oct 12:38 is for 1 November
            'nights-rest: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf, bands: [off-peak]}, ready_by: "07:00", season: [04-01, 10-31]}',  # noqa: E501
        ),
        (
            "season: summer-time",
            "from now to 2027-03-25, from 2027-10-30 on",  # Sat 27 March 12:38 is for the 28th, whose noon is summer's
            'nights-rest: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf, bands: [off-peak]}, ready_by: "07:00", season: standard-time}',  # noqa: E501
        ),
        (
            "between: [2026-12-01, 2027-02-28]",
            "from now to 2026-11-28, from 2027-02-28 on",
            'nights-rest: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf, bands: [off-peak]}, ready_by: "07:00"}',  # noqa: E501
        ),
    ],
)
def test_a_season_without_a_plan_is_told_with_one_that_covers_it(
    more: str, when: str, plan: str, tmp_path: Path
) -> None:
    found = gap(tmp_path, with_key(more))
    assert found is not None
    assert found.message == f"no plan holds 'spring' {when}: it charges whenever it is plugged in"
    assert found.hint == f"add below plans: {plan}"
    assert (found.level, found.line, found.column) == ("warning", 3, 30)


@pytest.mark.parametrize(
    "more", ['season: ["11-01", "03-31"]', "season: summer-time", "between: [2026-12-01, 2027-02-28]", "except: [long]"]
)
def test_the_plan_of_the_hint_covers_the_gap_once_it_is_pasted(more: str, tmp_path: Path) -> None:
    days = ", ".join(f"{date(2027, 7, 1) + timedelta(days=count)}" for count in range(40))
    text = SMALL + f"calendars: {{long: {{dates: [{days}]}}}}\n"
    text = with_key(more, text)
    found = gap(tmp_path, text)
    assert found is not None
    pasted = found.hint.removeprefix("add below plans: ")
    assert gap(tmp_path, text.replace("plans:\n", f"plans:\n  {pasted}\n")) is None


def test_a_plan_for_one_night_holds_the_car_a_day_ahead_and_is_no_base_for_another(tmp_path: Path) -> None:
    once = SMALL.replace(
        'when: {tariff: edf, bands: [off-peak]}, ready_by: "07:00"', 'when: {once: "2026-12-24 22:00"}'
    )
    found = next(problem for problem in loaded(tmp_path, once).problems if problem.slug == "hold-gap")
    assert "from now to 2026-12-23, from 2026-12-26 on" in found.message
    assert found.hint.endswith(
        "spring-nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf}}"
    )


def test_a_held_car_without_a_plan_is_never_held(tmp_path: Path) -> None:
    found = gap(tmp_path, with_key("enabled: false"))
    assert found is not None
    assert found.message == "no plan holds 'spring': it charges whenever it is plugged in"


@pytest.mark.parametrize("hold", ["hold: false", "hold: anywhere"])
def test_a_car_that_is_not_to_be_held_has_no_gaps(hold: str, tmp_path: Path) -> None:
    found = gap(tmp_path, with_key('season: ["11-01", "03-31"]', SMALL.replace("hold: true", hold)))
    assert (found is None) is (hold == "hold: false")


@pytest.mark.parametrize("seed", range(12))
def test_the_days_told_are_those_on_which_the_decision_holds_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    first = date(2026, 11, 23) + timedelta(days=chance.randrange(365))
    months = sorted(f"{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}" for _ in range(2))
    chance.shuffle(months)
    span = sorted(first + timedelta(days=chance.randrange(300)) for _ in range(2))
    more = chance.choice(
        [f"season: {[*months]}".replace("'", ""), f"between: [{span[0]}, {span[1]}]", "season: standard-time"]
    )
    more += chance.choice(["", ", days: [mon]", ", days: [sat, sun]"])
    now = datetime.combine(first, datetime.min.time(), UTC) + timedelta(hours=12)
    found = loaded(tmp_path, with_key(more), now)
    assert found.site is not None
    spring = found.site.vehicles["spring"]
    told = next((problem.message for problem in found.problems if problem.slug == "hold-gap"), "")
    days = [local_date(now, PARIS) + timedelta(days=count) for count in range(366)]
    free = [day for day in days if not holding_plans(found.site, spring, begin_instant(day, 18 * 60, PARIS))]
    ends = [day for day in free if day + timedelta(days=1) not in free and day != days[-1]]
    begins = [day for day in free if day - timedelta(days=1) not in free and day != days[0]]
    assert bool(told) is bool(free)
    if len(ends) <= 2 and free != days:
        assert [day for day in (*begins, *ends) if str(day) not in told] == []
