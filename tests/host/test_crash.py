"""Killed before every single thing it does to a file, a process leaves the host before or after, never between."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support.death import copies_of, killed_at
from support.fake_systemd import FakeSystemd
from support.hosts import View, new, pulling, view

from delcia.errors import DelciaError
from delcia.host.apply import apply, recover
from delcia.host.generations import content, current_generation, numbers, prune, receipt_of
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.preview import Earlier, New, Nothing, Stand, Target


def few(target: New) -> New:
    """Return a target with fewer units: every file more is ten more deaths to die."""
    some = [unit for unit in target.content.artifacts if unit.name.endswith(".timer") or "old" in unit.name]
    return replace(target, content=replace(target.content, artifacts=tuple(some)))


NIGHTS, MORE = few(new(nights="22:00", old="01:00")), few(new(nights="23:00", trip="04:00"))
LESS = few(new(nights="22:00"))


def before_nothing(_host: Host) -> None:
    """Begin on a host that has never seen delcia."""


def before_an_edit(host: Host) -> None:
    apply(host, NIGHTS)


def before_a_rollback(host: Host) -> None:
    """And one timer is to rest, says the owner."""
    apply(host, NIGHTS)
    apply(host, MORE)
    assert isinstance(host.systemd, FakeSystemd)
    host.systemd.stop_by_hand("delcia-plan-nights.timer")


def before_pulling(host: Host) -> None:
    apply(host, NIGHTS)
    apply(host, Stand({"sync": pulling()}))


SCENARIOS = [
    pytest.param(before_nothing, NIGHTS, id="first apply"),
    pytest.param(before_an_edit, MORE, id="edit"),
    pytest.param(before_a_rollback, Earlier(1), id="rollback"),
    pytest.param(before_an_edit, Nothing(), id="remove"),
    pytest.param(before_an_edit, Stand({"sync": pulling()}), id="stand"),
    pytest.param(before_pulling, Stand({"sync": pulling("daily")}), id="edit beside"),
    pytest.param(before_pulling, Stand({}), id="stand no more"),
]


def seen_by_charge(host: Host) -> str | None:
    found = current_generation(host.paths)
    return found.plans_text if found else None


def world(folder: Path) -> tuple[Host, FakeSystemd]:
    folder.mkdir(exist_ok=True)
    systemd = FakeSystemd(folder / "host/etc/systemd/system", folder / "systemd.json")
    return Host(Paths.system(folder / "host"), systemd), systemd


def copies(folder: Path, prepare: Callable[[Host], None]) -> Iterator[tuple[int, Host, FakeSystemd]]:
    """Yield the number of an event and a host prepared afresh, as long as anybody asks."""
    for event_number, copy in copies_of(folder, lambda model: prepare(world(model)[0])):
        yield (event_number, *world(copy))


def temporaries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if "delcia-new" in path.name]


@pytest.mark.parametrize(("prepare", "target"), SCENARIOS)
def test_killed_anywhere_the_host_is_as_before_or_as_after(
    quick_path: Path, prepare: Callable[[Host], None], target: Target
) -> None:
    host, systemd = world(quick_path / "ideal")
    prepare(host)
    before, read_before = view(host, systemd), seen_by_charge(host)
    apply(host, target)
    after, read_after = view(host, systemd), seen_by_charge(host)
    endings: list[View] = []
    for event_number, host, systemd in copies(quick_path, prepare):
        killed = killed_at(event_number, partial(apply, host, target))
        assert seen_by_charge(host) in {read_before, read_after}
        recover(host)
        endings.append(view(host, systemd))
        assert endings[-1] in (before, after)
        assert not temporaries(host.paths.units)
        apply(host, target)
        assert view(host, systemd) == after
        assert not temporaries(host.paths.data)
        assert not host.paths.kept.exists()
        assert not host.paths.stage.exists()
        if not killed:
            break
    assert before in endings
    assert endings[-1] == after
    assert endings == sorted(endings, key=lambda ending: ending == after), "once done, it stays done"


def test_killed_on_the_way_back_it_goes_back_again(quick_path: Path) -> None:
    for event_number, host, systemd in copies(quick_path, before_an_edit):
        before = view(host, systemd)
        systemd.fail("delcia-plan-old.service")
        refusing = Host(host.paths, FakeSystemd(systemd.units, systemd.memory, frozenset({"reset-failed"})))
        killed = killed_at(event_number, partial(fails, refusing))
        recover(host)
        assert view(host, systemd) == before
        assert not temporaries(host.paths.units)
        if not killed:
            break


def fails(host: Host) -> None:
    with pytest.raises(DelciaError, match="reset-failed: no; all was put back"):
        apply(host, LESS)


def test_a_crash_during_recovery_is_recovered_from(quick_path: Path) -> None:
    for event_number, host, systemd in copies(quick_path, before_an_edit):
        before = view(host, systemd)
        assert killed_at(0, partial(apply, host, MORE, checkpoint=die_once_started))
        assert view(host, systemd) != before
        killed = killed_at(event_number, partial(recover, host))
        recover(host)
        assert view(host, systemd) == before
        if not killed:
            break


def die_once_started(step: str) -> None:
    if step == "start":
        os.kill(os.getpid(), signal.SIGKILL)


def before_pruning(host: Host) -> None:
    for hour in range(3):
        apply(host, few(new(nights=f"{hour}:00")))


def test_killed_while_it_prunes_no_generation_is_half_there(quick_path: Path) -> None:
    endings = []
    for event_number, host, _ in copies(quick_path, before_pruning):
        killed = killed_at(event_number, partial(prune, host.paths, 1))
        endings.append([receipt_of(host.paths, number).number for number in numbers(host.paths)])
        for number in endings[-1]:
            content(host.paths, number)
        apply(host, NIGHTS)
        assert not host.paths.pruned.exists()
        if not killed:
            break
    assert endings[0] == [1, 2, 3]
    assert endings[-1] == [2, 3], "the one before the current one is left to go back to"
