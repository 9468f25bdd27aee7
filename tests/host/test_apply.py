"""What apply, rollback and remove do to a host, and what they refuse."""

import dataclasses
import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from support.child import child, says
from support.fake_systemd import FakeSystemd
from support.hosts import new, pulling, units, view

from delcia.core.changes import Artifact, Drift
from delcia.errors import DelciaError, Exit
from delcia.host.apply import apply, recover
from delcia.host.generations import (
    content,
    current_generation,
    current_number,
    earlier_number,
    manifest,
    numbers,
    receipt_of,
)
from delcia.host.machine import Host
from delcia.host.preview import Earlier, New, Nothing, Stand, Wanted, preview, wanted
from delcia.host.systemd import AbsentSystemd

NIGHTS, MORE = new(nights="22:00", old="01:00"), new(nights="23:00", trip="04:00")


def test_the_first_apply_writes_units_starts_timers_and_records_a_generation(host: Host, systemd: FakeSystemd) -> None:
    outcome = apply(host, NIGHTS)
    assert outcome.changed
    assert outcome.number == 1
    assert {path.name for path in host.paths.units.iterdir()} == {unit.name for unit in units(nights="", old="")}
    timers = ["delcia-plan-nights.timer", "delcia-plan-old.timer", "delcia-reconcile.timer"]
    assert systemd.started == timers
    assert [call.split()[0] for call in systemd.calls] == ["verify", "enable", "reload", "start"]
    found = current_generation(host.paths)
    assert found is not None
    assert found.plans_text == NIGHTS.content.plans_text
    assert found.receipt.digest == NIGHTS.content.digest
    assert content(host.paths, 1).digest == NIGHTS.content.digest
    assert manifest(host.paths) == {artifact.name: artifact.sha256 for artifact in NIGHTS.content.artifacts}


def test_a_second_apply_changes_nothing_and_asks_systemd_for_nothing(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    before, calls = view(host, systemd), systemd.calls
    outcome = apply(host, dataclasses.replace(NIGHTS, version="2.0"))
    assert not outcome.changed
    assert view(host, systemd) == before
    assert systemd.calls == calls


def test_diff_after_apply_is_empty(host: Host) -> None:
    assert not preview(host, wanted(host.paths, NIGHTS)).is_empty
    apply(host, NIGHTS)
    assert preview(host, wanted(host.paths, NIGHTS)).is_empty
    assert not preview(host, wanted(host.paths, MORE)).is_empty


def test_a_removed_plan_is_stopped_before_its_files_go(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    systemd.fail("delcia-plan-old.service")
    apply(host, MORE)
    assert systemd.started == ["delcia-plan-nights.timer", "delcia-plan-trip.timer", "delcia-reconcile.timer"]
    assert not (host.paths.units / "delcia-plan-old.timer").exists()
    assert [call for call in systemd.calls if "old" in call][-2:] == [
        "disable delcia-plan-old.timer",
        "reset-failed delcia-plan-old.service",
    ]
    assert systemd.calls.count("reload") == 2


def test_plans_that_change_no_unit_become_a_generation_without_a_reload(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    fuller = dataclasses.replace(NIGHTS.content, plans_text="to 90 %\n")
    outcome = apply(host, dataclasses.replace(NIGHTS, content=fuller))
    assert outcome.number == 2
    assert outcome.preview.changes.to_make == ()
    assert systemd.calls.count("reload") == 1


def test_an_edited_unit_is_drift_and_apply_repairs_it(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    before = view(host, systemd)
    (host.paths.units / "delcia-plan-nights.timer").write_text("mine\n", encoding="utf-8")
    (host.paths.units / "delcia-plan-old.service").unlink()
    drifted = preview(host, wanted(host.paths, NIGHTS)).changes.drifted
    assert {change.name: change.drift for change in drifted} == {
        "delcia-plan-nights.timer": Drift.EDITED,
        "delcia-plan-old.service": Drift.DELETED,
    }
    apply(host, NIGHTS)
    assert (
        view(host, systemd)[0]["etc/systemd/system/delcia-plan-nights.timer"]
        == before[0]["etc/systemd/system/delcia-plan-nights.timer"]
    )
    assert preview(host, wanted(host.paths, NIGHTS)).is_empty


def test_a_timer_stopped_by_hand_is_drift_and_apply_starts_it(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    systemd.stop_by_hand("delcia-plan-old.timer", for_good=False)
    assert preview(host, wanted(host.paths, NIGHTS)).faults == ("delcia-plan-old.timer is not started (inactive)",)
    assert apply(host, NIGHTS).changed
    assert "delcia-plan-old.timer" in systemd.started
    assert systemd.calls.count("reload") == 1


def test_what_the_owner_disabled_masked_or_overrode_is_left_so_and_is_no_drift(
    host: Host, systemd: FakeSystemd
) -> None:
    apply(host, NIGHTS)
    nights, old = ("delcia-plan-nights.timer", "delcia-plan-old.timer")
    systemd.stop_by_hand(nights)
    mask = host.paths.units / old
    mask.unlink()
    mask.symlink_to("/dev/null")
    (host.paths.units / "delcia-reconcile.service").unlink()
    (host.paths.units / "delcia-reconcile.service").symlink_to("/dev/null")
    for name in ("delcia-reconcile.timer", "delcia-plan-.service"):
        drop_in = host.paths.units / f"{name}.d/mine.conf"
        drop_in.parent.mkdir()
        drop_in.write_text("", encoding="utf-8")
    seen = preview(host, wanted(host.paths, NIGHTS))
    assert seen.is_empty
    assert [choice.words for choice in seen.choices] == [
        "delcia-plan-.service is changed by delcia-plan-.service.d/mine.conf: the owner's choice",
        f"{nights} is disabled: the owner's choice",
        f"{old} is masked: the owner's choice",
        "delcia-reconcile.service is masked: the owner's choice",
        "delcia-reconcile.timer is changed by delcia-reconcile.timer.d/mine.conf: the owner's choice",
        "delcia-reconcile.timer is without effect while its service is masked: the owner's choice",
    ]
    apply(host, new(nights="21:00", old="03:00"))
    assert "21:00" in (host.paths.units / nights).read_text(encoding="utf-8")
    assert nights not in {*systemd.started, *systemd.enabled}
    assert mask.readlink() == Path("/dev/null")
    apply(host, new(nights="21:00"))
    assert mask.is_symlink(), "a mask outlives the plan"
    assert apply(host, new(nights="21:00", old="04:00")).changed
    mask.unlink()
    apply(host, new(nights="21:00", old="04:00"))
    assert old in systemd.started


def test_where_no_timer_was_ever_enabled_that_is_no_choice_and_apply_enables_them(
    host: Host, systemd: FakeSystemd
) -> None:
    apply(Host(host.paths, AbsentSystemd()), NIGHTS)
    systemd.reload()  # the boot
    assert preview(host, wanted(host.paths, NIGHTS)).choices == ()
    apply(host, NIGHTS)
    assert systemd.enabled == systemd.started
    assert len(systemd.started) == 3


def test_a_choice_of_the_owners_outlives_an_apply_that_fails(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    old = "delcia-plan-old.timer"
    systemd.stop_by_hand(old)
    failing = Host(host.paths, FakeSystemd(systemd.units, systemd.memory, frozenset({"start"})))
    with pytest.raises(DelciaError, match="start: no"):
        apply(failing, new(nights="21:00", old="03:00"))
    assert recover(host)
    assert old not in {*systemd.enabled, *systemd.started}
    assert preview(host, wanted(host.paths, NIGHTS)).is_empty


def test_a_drop_in_and_other_peoples_units_are_left_alone(host: Host) -> None:
    apply(host, NIGHTS)
    drop_in = host.paths.units / "delcia-plan-old.timer.d/override.conf"
    drop_in.parent.mkdir()
    drop_in.write_text("[Timer]\n", encoding="utf-8")
    neighbour = host.paths.units / "delcia-plan-mine.timer"
    neighbour.write_text("[Timer]\n", encoding="utf-8")
    apply(host, MORE)
    apply(host, Nothing())
    assert drop_in.read_text(encoding="utf-8") == neighbour.read_text(encoding="utf-8") == "[Timer]\n"


def test_a_file_in_the_way_that_is_not_delcias_is_refused_with_its_name(host: Host, systemd: FakeSystemd) -> None:
    host.paths.units.mkdir(parents=True)
    (host.paths.units / "delcia-plan-old.timer").write_text("[Timer]\n", encoding="utf-8")
    with pytest.raises(DelciaError, match=r"1 of the files in the way .*delcia-plan-old\.timer") as caught:
        apply(host, NIGHTS)
    assert caught.value.slug == "foreign-unit"
    assert systemd.calls == []
    assert [path.name for path in host.paths.units.iterdir()] == ["delcia-plan-old.timer"]


def test_a_link_in_the_way_is_not_followed(host: Host, tmp_path: Path) -> None:
    host.paths.units.mkdir(parents=True)
    precious = tmp_path / "precious"
    precious.write_text("# X-Delcia: no\n", encoding="utf-8")
    (host.paths.units / "delcia-plan-old.timer").symlink_to(precious)
    with pytest.raises(DelciaError) as caught:
        apply(host, NIGHTS)
    assert caught.value.slug == "foreign-unit"
    assert precious.read_text(encoding="utf-8") == "# X-Delcia: no\n"


def test_a_unit_replaced_by_a_link_comes_back_when_apply_fails(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    timer = host.paths.units / "delcia-plan-nights.timer"
    timer.unlink()
    timer.symlink_to("/dev/null")
    refusing = Host(host.paths, FakeSystemd(systemd.units, systemd.memory, frozenset({"enable"})))
    with pytest.raises(DelciaError):
        apply(refusing, MORE)
    assert timer.readlink() == Path("/dev/null")


def test_a_folder_in_the_way_is_refused(host: Host) -> None:
    apply(host, NIGHTS)
    timer = host.paths.units / "delcia-plan-nights.timer"
    timer.unlink()
    timer.mkdir()
    with pytest.raises(DelciaError, match="is a folder"):
        apply(host, NIGHTS)


def test_plans_that_became_none_are_refused_with_the_numbers(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    with pytest.raises(DelciaError, match="this would remove all 2 plans, 4 unit files") as caught:
        apply(host, new())
    assert caught.value.slug == "empty-plans"
    assert len(systemd.started) == 3
    apply(host, new(), allow_empty=True)
    assert systemd.started == ["delcia-reconcile.timer"]


@pytest.mark.parametrize("request_name", ["verify", "enable", "reload", "start", "disable", "reset-failed"])
def test_when_systemd_refuses_the_old_generation_is_back(host: Host, systemd: FakeSystemd, request_name: str) -> None:
    apply(host, NIGHTS)
    before = view(host, systemd)
    systemd.fail("delcia-plan-old.service")
    stubborn = Host(host.paths, FakeSystemd(systemd.units, systemd.memory, frozenset({request_name})))
    with pytest.raises(DelciaError, match=f"{request_name}: no"):
        apply(stubborn, MORE)
    recover(host)
    assert view(host, systemd) == before
    assert numbers(host.paths) == (1,)
    assert apply(host, MORE).number == 2


def test_a_way_back_that_systemd_refuses_is_finished_later(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    before = view(host, systemd)
    stubborn = Host(host.paths, FakeSystemd(systemd.units, systemd.memory, frozenset({"reload"})))
    with pytest.raises(DelciaError, match="reload: no; and on the way back: systemctl reload: no") as caught:
        apply(stubborn, MORE)
    assert caught.value.slug == "undo-failed"
    assert view(host, systemd)[0] == before[0], "the files are back"
    assert recover(host)
    assert view(host, systemd) == before
    assert not recover(host)


def test_units_that_systemd_refuses_change_nothing(host: Host, systemd: FakeSystemd) -> None:
    with pytest.raises(DelciaError, match="BROKEN"):
        apply(host, new(nights="BROKEN"))
    assert systemd.calls == ["verify"]
    assert view(host, systemd) == ({}, [], [], {})


def test_a_timer_that_would_never_fire_is_not_applied(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    before = view(host, systemd)
    with pytest.raises(DelciaError, match=r"delcia-plan-nights\.timer will not fire again \(elapsed\); all was put"):
        apply(host, new(nights="ELAPSED"))
    assert view(host, systemd) == before


def test_a_plan_that_is_over_by_now_is_no_fault_and_keeps_nobody_from_going_back(
    host: Host, systemd: FakeSystemd
) -> None:
    apply(host, NIGHTS)
    systemd.run_out("delcia-plan-old.timer")
    assert preview(host, wanted(host.paths, NIGHTS)).is_empty, "it is no drift"
    assert apply(host, Stand({"sync": pulling()})).changed
    apply(host, MORE)
    assert apply(host, Earlier(1)).number == 1
    with pytest.raises(DelciaError, match="will not fire again"):
        apply(host, new(nights="22:00", old="02:00"))


def test_ctrl_c_puts_the_old_generation_back(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    before = view(host, systemd)

    def interrupt(step: str) -> None:
        if step == "reload":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(host, MORE, checkpoint=interrupt)
    assert view(host, systemd) == before


def test_a_full_disk_is_said_in_words_and_undone(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    before = view(host, systemd)

    def fill(step: str) -> None:
        if step == "manifest":
            raise OSError(28, "No space left on device", "/var/lib/delcia/current")

    with pytest.raises(DelciaError, match="No space left on device: /var/lib/delcia/current"):
        apply(host, MORE, checkpoint=fill)
    assert view(host, systemd) == before


def test_rollback_undoes_apply(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    files, *asked = view(host, systemd)
    apply(host, MORE)
    outcome = apply(host, Earlier(1))
    assert outcome.number == 1
    later_files, *later = view(host, systemd)
    assert {name: seen for name, seen in later_files.items() if "generations/2" not in name} == files
    assert later == asked
    assert apply(host, Earlier(2)).number == 2
    assert not apply(host, Earlier(2)).changed


def test_a_generation_that_was_tampered_with_is_not_rolled_back_to(host: Host) -> None:
    apply(host, NIGHTS)
    apply(host, MORE)
    (host.paths.generations / "1/units/delcia-plan-old.timer").write_text("evil\n", encoding="utf-8")
    with pytest.raises(DelciaError, match="generation 1 is not what was applied"):
        apply(host, Earlier(1))
    shutil.rmtree(host.paths.generations / "1/units")
    with pytest.raises(DelciaError, match="generation 1 has no units"):
        apply(host, Earlier(1))
    with pytest.raises(DelciaError, match="there is no generation 7"):
        apply(host, Earlier(7))
    assert current_number(host.paths) == 2


def test_remove_takes_the_units_and_leaves_state_and_history(host: Host, systemd: FakeSystemd) -> None:
    apply(host, NIGHTS)
    database = host.paths.database
    database.write_text("state", encoding="utf-8")
    apply(host, Nothing())
    assert systemd.started == []
    assert list(host.paths.units.iterdir()) == []
    assert current_generation(host.paths) is None
    assert database.exists()
    assert not apply(host, Nothing()).changed
    assert apply(host, Earlier(1)).changed
    assert len(systemd.started) == 3


def test_the_manifest_of_an_apply_cut_short_long_ago_is_trusted_over_names(host: Host) -> None:
    """A unit that carries delcia's line but stands in no manifest is taken over when a plan needs its name."""
    host.paths.units.mkdir(parents=True)
    unit = units(old="")[0]
    (host.paths.units / "delcia-plan-old.timer").write_text(unit.text, encoding="utf-8")
    view_ = preview(host, wanted(host.paths, NIGHTS))
    assert [change.drift for change in view_.changes.drifted] == [Drift.UNRECORDED]
    assert apply(host, NIGHTS).changed


def test_twenty_generations_are_kept_and_the_current_one_always(host: Host) -> None:
    for hour in range(23):
        apply(host, new(nights=f"{hour}:00"))
    assert numbers(host.paths) == tuple(range(4, 24))
    apply(host, Earlier(4))
    for minute in range(1, 3):
        apply(host, new(nights=f"22:{minute}"))
    assert numbers(host.paths)[0] == 6
    assert [receipt_of(host.paths, number).number for number in numbers(host.paths)] == list(numbers(host.paths))


def test_the_generation_before_the_current_one_stays_for_rollback_to_go_back_to(host: Host) -> None:
    def cut_short(step: str) -> None:
        if step == "done":
            raise KeyboardInterrupt

    for hour in range(21):
        with suppress(KeyboardInterrupt):
            apply(host, new(nights=f"{hour}:00"), checkpoint=cut_short)
    assert numbers(host.paths) == tuple(range(1, 22)), "nothing is pruned by one that was cut short"
    apply(host, Earlier(2))
    assert earlier_number(host.paths) == 1
    assert apply(host, Earlier(1)).changed
    assert earlier_number(host.paths) is None


def test_a_damaged_generation_is_repaired_by_applying_again(host: Host) -> None:
    apply(host, NIGHTS)
    (host.paths.generations / "1/plans.json").unlink()
    with pytest.raises(DelciaError, match="generation 1 has no plans") as caught:
        current_generation(host.paths)
    assert caught.value.status == Exit.BROKEN
    assert apply(host, NIGHTS).number == 2
    host.paths.current.write_text("two\n", encoding="utf-8")
    with pytest.raises(DelciaError) as caught:
        current_generation(host.paths)
    assert caught.value.status == Exit.BROKEN
    assert apply(host, NIGHTS).number == 3
    shutil.rmtree(host.paths.generations / "3")
    with pytest.raises(DelciaError, match="generation 3 is applied, and gone"):
        current_generation(host.paths)
    assert apply(host, NIGHTS).changed


def test_only_one_apply_runs_at_a_time(host: Host, tmp_path: Path) -> None:
    apply(host, NIGHTS)
    script = (
        "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); "
        "print('held', flush=True); time.sleep(60)"
    )
    with child(script, host.paths.lock) as other:
        assert says(other) == "held"
        with pytest.raises(DelciaError, match="another apply is running") as caught:
            apply(host, MORE)
        assert caught.value.status == Exit.TRY_AGAIN
    assert apply(host, MORE).changed
    assert tmp_path.exists()


def test_the_folders_have_the_modes_that_keep_secrets_and_let_the_group_read(host: Host) -> None:
    mask = os.umask(0o077)
    try:
        apply(host, NIGHTS)
    finally:
        os.umask(mask)
    paths = host.paths
    modes = {path: path.stat().st_mode & 0o777 for path in (paths.data, paths.state, paths.cache, paths.credentials)}
    assert modes == {paths.data: 0o750, paths.state: 0o750, paths.cache: 0o700, paths.credentials: 0o711}
    assert paths.config.stat().st_mode & 0o777 == 0o755
    for path in (paths.generations / "1", paths.generations / "1/units"):
        assert path.stat().st_mode & 0o777 == 0o750
    for path in (paths.current, paths.manifest, paths.generations / "1/plans.json"):
        assert path.stat().st_mode & 0o777 == 0o640
    assert (paths.units / "delcia-plan-old.timer").stat().st_mode & 0o777 == 0o644


def test_a_target_says_what_it_puts_on_the_host(host: Host) -> None:
    apply(host, NIGHTS)
    assert wanted(host.paths, Nothing()) == Wanted()
    assert wanted(host.paths, MORE) == Wanted(MORE.content)
    earlier = wanted(host.paths, Earlier(1)).content
    assert earlier is not None
    assert earlier.digest == NIGHTS.content.digest


def test_the_digest_covers_every_file_and_the_plans() -> None:
    whole = NIGHTS.content
    assert isinstance(NIGHTS, New)
    assert dataclasses.replace(whole, artifacts=whole.artifacts[::-1]).digest == whole.digest
    assert dataclasses.replace(whole, artifacts=whole.artifacts[1:]).digest != whole.digest
    assert dataclasses.replace(whole, plans_text="").digest != whole.digest
    assert Artifact("a", "b").sha256 != Artifact("a", "c").sha256
