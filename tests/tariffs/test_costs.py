"""What charging costs is the integral of the tariff over real minutes, on the nights of a changed clock too."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.small_site import plan, site, span

from delcia.car.simulation import Charged
from delcia.config import load
from delcia.core.clock import begin_instant, end_instant, local_date, zone
from delcia.core.days import matches
from delcia.core.intervals import Interval
from delcia.core.model import Band, InWindows, Tariff, ToSoc
from delcia.core.planner import project
from delcia.core.projection import Situation
from delcia.runtime.billing import bill

PLANS = Path(__file__).parents[2] / "plans"
LOADED = load(PLANS, datetime(2026, 11, 23, 18, 41, tzinfo=UTC)).site
TARIFFS = dict(LOADED.tariffs) if LOADED else {}
NIGHTS = ("2026-03-28", "2026-10-24", "2026-12-14", "2026-12-31", "2026-10-31", "2026-01-31")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def price_at(tariff: Tariff, instant: datetime) -> Decimal:
    """Return the price of a minute, by asking each band of each day whether it holds."""
    extra = first_at(tariff, tariff.surcharges, instant)
    band = first_at(tariff, tariff.bands, instant)
    assert band is not None
    return band.price_per_kwh + (extra.price_per_kwh if extra else Decimal(0))


def first_at(tariff: Tariff, layer: tuple[Band, ...], instant: datetime) -> Band | None:
    tz, starts = zone(tariff.zone), tariff.day_starts_min
    for band in layer:
        for back in (2, 1, 0):
            day = local_date(instant, tz) - back * DAY
            if not matches(band.days, day, tz):
                continue
            spans = [(one.begins_min, one.ends_min) for one in band.spans] or [(starts, starts + 1440)]
            for begin, end in spans:
                real = day + DAY if begin < starts else day
                if begin_instant(real, begin, tz) <= instant < end_instant(real, end, tz):
                    return band
    return None


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("name", sorted(TARIFFS))
def test_the_cost_of_a_night_is_the_integral_of_the_tariff_over_its_real_minutes(name: str, night: str) -> None:
    tariff = TARIFFS[name]
    wish = replace(plan(InWindows((span("20:00-10:00"),), name), ready_by_min=600), target=ToSoc(75))
    home = site(wish, timezone="Europe/Paris", tariff=tariff)
    battery = replace(home.vehicles["spring"].battery, usable_kwh=40.0)
    home = replace(home, vehicles={"spring": replace(home.vehicles["spring"], battery=battery)})
    now = begin_instant(datetime.fromisoformat(night).date(), 19 * 60 + 17, zone("Europe/Paris"))
    found = project(home, wish, Situation(22.0, now, "given"), now)
    start, end = found.segments[0].start, found.segments[-1].end
    energy = sum((Decimal(str(round(item.energy_wall_kwh, 6))) for item in found.segments), Decimal(0))
    assert end - start > timedelta(hours=9)
    minutes = Decimal(0)
    integral = Decimal(0)
    at = start
    while at < end:
        share = Decimal(min(MINUTE, end - at) // timedelta(microseconds=1)) / 60_000_000
        integral += price_at(tariff, at) * share
        minutes += share
        at += MINUTE
    expected = energy * integral / minutes
    assert found.cost is not None
    assert abs(found.cost - expected) < Decimal("0.0001")
    charged = Charged(Interval(start, end), 22.0, 75.0, float(energy))
    billed = bill(tariff, [charged]).cost
    assert billed is not None
    assert abs(billed - expected) < Decimal("0.0001")


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-23", 8)])
def test_a_kilowatt_through_the_night_of_tempo_costs_its_real_hours(night: str, hours: int) -> None:
    evening = begin_instant(datetime.fromisoformat(night).date(), 22 * 60, zone("Europe/Paris"))
    morning = begin_instant(datetime.fromisoformat(night).date() + DAY, 6 * 60, zone("Europe/Paris"))
    cost = bill(TARIFFS["fr-tempo"], [Charged(Interval(evening, morning), 20.0, 50.0, float(hours))]).cost
    assert cost == hours * Decimal("0.1325")
