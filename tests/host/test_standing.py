"""Units that stand beside those of the plans: whatever becomes of the plans, they are as they were switched on."""

import json

import pytest
from support.fake_systemd import FakeSystemd
from support.hosts import new, pulling

from delcia.core.changes import Artifact, Drift
from delcia.errors import DelciaError
from delcia.host.apply import apply, recover
from delcia.host.generations import content, current_number, manifest, numbers
from delcia.host.machine import Host
from delcia.host.preview import Earlier, Nothing, Stand, preview, wanted
from delcia.host.standing import standing

NIGHTS, MORE = new(nights="22:00"), new(nights="23:00", trip="04:00")
SYNC, TIMER = Stand({"sync": pulling()}), "delcia-sync.timer"
PANEL = tuple(Artifact(f"delcia-panel.{kind}", f"# X-Delcia: unit=panel\n# {kind}\n") for kind in ("service", "socket"))


def test_they_may_be_the_first_and_plans_come_later(host: Host, systemd: FakeSystemd) -> None:
    assert apply(host, SYNC).number is None
    assert systemd.started == [TIMER]
    assert not apply(host, SYNC).changed
    apply(host, NIGHTS)
    assert systemd.started == ["delcia-plan-nights.timer", "delcia-reconcile.timer", TIMER]
    assert TIMER in manifest(host.paths)
    assert TIMER not in {artifact.name for artifact in content(host.paths, 1).artifacts}


def test_switching_on_and_off_makes_no_generation_and_leaves_the_plans(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    assert apply(host, SYNC).number == 1
    assert standing(host.paths) == SYNC.standing
    apply(host, Stand({}))
    assert (standing(host.paths), numbers(host.paths), current_number(host.paths)) == ({}, (1,), 1)
    assert systemd.started == ["delcia-plan-nights.timer", "delcia-reconcile.timer"]
    assert preview(host, wanted(host.paths, NIGHTS)).is_empty


def test_a_rollback_neither_takes_them_away_nor_brings_an_old_form_back(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    apply(host, SYNC)
    apply(host, MORE)
    apply(host, Stand({"sync": pulling("daily")}))
    apply(host, Earlier(1))
    assert current_number(host.paths) == 1
    assert (host.paths.units / TIMER).read_text(encoding="utf-8") == pulling("daily")[1].text
    assert TIMER in systemd.started


def test_their_drift_is_seen_and_repaired_with_that_of_the_plans(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    apply(host, SYNC)
    (host.paths.units / TIMER).write_text("mine\n", encoding="utf-8")
    systemd.stop_by_hand(TIMER)
    seen = preview(host, wanted(host.paths, Earlier(1)))
    assert [(change.name, change.drift) for change in seen.changes.to_make] == [(TIMER, Drift.EDITED)]
    apply(host, NIGHTS)
    assert preview(host, wanted(host.paths, Earlier(1))).is_empty
    assert TIMER in systemd.started


def test_remove_takes_them_along(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    apply(host, SYNC)
    apply(host, Nothing())
    assert (systemd.started, standing(host.paths), list(host.paths.units.iterdir())) == ([], {}, [])


def test_what_systemd_refuses_is_not_switched_on(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    with pytest.raises(DelciaError, match="BROKEN"):
        apply(host, Stand({"sync": pulling("BROKEN")}))
    stubborn = Host(host.paths, FakeSystemd(systemd.units, systemd.memory, frozenset({"start"})))
    with pytest.raises(DelciaError, match="start: no"):
        apply(stubborn, SYNC)
    recover(host)
    assert (standing(host.paths), (host.paths.units / TIMER).exists()) == ({}, False)


def test_a_socket_is_started_and_begun_again_when_a_file_changes_and_stopped_with_its_service(
    host: Host, systemd: FakeSystemd
) -> None:
    apply(host, Stand({"panel": PANEL}))
    assert systemd.started == ["delcia-panel.socket"]
    other = Artifact("delcia-panel.service", f"{PANEL[0].text}# other\n")
    apply(host, Stand({"panel": (other, PANEL[1])}))
    assert [call for call in systemd.calls if call.startswith("restart")] == ["restart delcia-panel.service"]
    systemd.stop_by_hand("delcia-panel.socket")
    assert preview(host, wanted(host.paths, Stand({"panel": (other, PANEL[1])}))).faults == (
        "delcia-panel.socket is not started (inactive)",
    )
    apply(host, Stand({}))
    assert "disable delcia-panel.socket delcia-panel.service" in systemd.calls


@pytest.mark.parametrize("text", ["", "{", json.dumps({"standing": {"sync": ["x"]}}), json.dumps([])])
def test_a_damaged_list_of_them_is_said_to_be_one(host: Host, text: str) -> None:
    apply(host, SYNC)
    host.paths.standing.write_text(text, encoding="utf-8")
    with pytest.raises(DelciaError, match="cannot be read") as caught:
        standing(host.paths)
    assert caught.value.slug == "generation-damaged"
    apply(host, Stand({}))
    assert not host.paths.standing.exists()
