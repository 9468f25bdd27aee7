"""`delcia sessions` and `delcia estimate` as they are typed."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.simulated_home import SimulatedHome, published
from support.stories import at

from delcia.core.learning import learn
from delcia.core.sessions import PastSession
from delcia.core.state import Memory, Owner
from delcia.store.memory import remember
from delcia.store.opening import open_store
from delcia.store.sessions import log_session, sessions_between

HOUR = timedelta(hours=1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    """Return a host on which two charges were seen."""
    found = SimulatedHome(tmp_path, monkeypatch)
    found.go_to("Mon 19:41")
    found.apply()
    store = open_store(found.root / "var/lib/delcia/state/delcia.db")
    night, noon = at("Mon 01:38"), at("Mon 12:00")
    log_session(
        store,
        PastSession(
            "spring", Owner.DELCIA, night, night + 3 * HOUR, "window", "nights", "socket", 55.0, 77.0, 6.9, 2.3
        ),
    )
    log_session(store, PastSession("spring", Owner.CAR, noon, noon + HOUR, "plug-in", None, None, 60.0, 62.0, 0.7))
    store.close()
    return found


def test_sessions_are_listed_with_energy_and_cost(home: SimulatedHome) -> None:
    assert home.run("sessions").stdout.splitlines() == [
        "spring   Mon 01:38–04:38   55 → 77 %   6.9 kWh   1.09 EUR   nights",
        "spring   Mon 12:00–13:00   60 → 62 %   0.7 kWh              the car's own",
    ]


def test_sessions_as_json_keep_to_their_schema(home: SimulatedHome) -> None:
    data = published("sessions", home.run("sessions", "--json").stdout)
    assert [item["learned_from"] for item in data["sessions"]] == [True, False]
    assert data["sessions"][0]["cost"] == "1.09"


def test_sessions_as_csv_have_a_head_and_a_line_each(home: SimulatedHome) -> None:
    rows = list(csv.DictReader(io.StringIO(home.run("sessions", "--csv").stdout)))
    assert [(row["began_at"], row["energy_wall_kwh"], row["owner"]) for row in rows] == [
        ("2026-11-23T00:38:00Z", "6.9", "delcia"),
        ("2026-11-23T11:00:00Z", "0.7", "car"),
    ]


def test_only_what_is_asked_for_is_listed(home: SimulatedHome) -> None:
    home.go_to("Wed 19:41")
    assert home.run("sessions", "--days", "1").stdout == "no charge has been seen\n"
    assert home.run("sessions", "zoe").status == 2


def test_an_estimate_for_a_model_needs_no_plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = SimulatedHome(tmp_path, monkeypatch)
    lines = bare.run("estimate", "spring-26", "--soc", "20", "--plans", str(tmp_path / "none")).stdout.splitlines()
    assert lines[0] == "spring-26 from 20 %"
    assert lines[2].startswith("10 A, 2.3 kW   to 80 %: 8 h 13")
    assert "to 100 %: 11 h 13 (10 h 05–12 h 20), 25.3 kWh" in lines[2]
    assert [line.partition(",")[0] for line in lines[1:]] == ["8 A", "10 A", "16 A", "32 A"]


def test_an_estimate_for_a_vehicle_has_its_chargers_and_what_was_learned_there(home: SimulatedHome) -> None:
    from delcia.config import load

    site = load(home.plans, at("Mon 19:41")).site
    assert site is not None
    store = open_store(home.root / "var/lib/delcia/state/delcia.db")
    night = at("Mon 01:38")
    seen = PastSession(
        "spring", Owner.DELCIA, night, night + 4 * HOUR, "window", "nights", "socket", 55.0, 77.0, 6.9, 2.3
    )
    remember(store, "spring", Memory(learned=learn(site, site.vehicles["spring"], [seen])))
    store.close()
    data = published("estimate", home.run("estimate", "spring", "--soc", "50", "--json").stdout)
    ten, own = data["chargers"][1], data["chargers"][-1]
    assert (own["charger"], own["charges"]) == ("socket", 1)
    assert own["to"]["80"]["minutes"] > 1.2 * ten["to"]["80"]["minutes"]
    told = home.run("report").stdout
    assert "socket: learned from 1 charge: " in told
    assert "longer than by the model" in told


def test_what_comes_from_the_cars_own_list_says_so(home: SimulatedHome) -> None:
    store = open_store(home.root / "var/lib/delcia/state/delcia.db")
    away = at("Mon 16:00")
    log_session(
        store,
        PastSession(
            "spring", Owner.CAR, away, away + HOUR, "listed", soc_end_pct=80, energy_battery_kwh=9.2, source="car"
        ),
    )
    (night, *_) = sessions_between(store, "spring", at("Mon 00:00"), at("Mon 19:00"))
    log_session(store, replace(night, energy_battery_kwh=5.9, source="both"))
    store.close()
    first, _, last = home.run("sessions").stdout.splitlines()
    assert first.endswith("nights, completed from the car's list")
    assert last.split("   ")[0:2] == ["spring", "Mon 16:00–17:00"]
    assert "9.2 kWh (battery)" in last
    assert last.endswith("from the car's list")
    data = published("sessions", home.run("sessions", "--json").stdout)["sessions"]
    assert [item["source"] for item in data] == ["both", "readings", "car"]
