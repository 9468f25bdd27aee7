"""What apply, rollback and remove do to crontabs, by each of the ways in which a host has them."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support.death import copies_of, killed_at
from support.fake_crontabs import FakeCrontabs
from support.fake_systemd import FakeSystemd
from support.hosts import new

from delcia.core.blocks import BEGIN, END
from delcia.core.changes import Artifact, Drift
from delcia.errors import DelciaError
from delcia.host.apply import apply, recover
from delcia.host.cronplaces import CronPlace
from delcia.host.generations import Content, current_generation, current_number, manifest, numbers
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.preview import Earlier, New, Nothing, Stand, preview, wanted
from delcia.host.systemd import AbsentSystemd

CRON_D = CronPlace("/etc/cron.d/delcia", "delcia", column=True)
SYNOLOGY = CronPlace("/etc/crontab", "root", column=True)
BUSYBOX = CronPlace("/etc/crontabs/delcia", "delcia", column=False)
OWN = CronPlace("crontab of ada", "ada", column=False)
PLACES = (CRON_D, SYNOLOGY, BUSYBOX, OWN)
EVERY_PLACE = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
UNITS = new(nights="22:00", old="01:00")

Seen = tuple[dict[str, bytes | None], dict[str, str], list[str], str | None]

FOREIGN = {
    "comments": b"# mine\n\n0 1 * * *\tbackup # nightly\n",
    "crlf": b"MAILTO=ada\r\n0 1 * * * backup\r\n",
    "no end": b"0 1 * * * backup",
    "1,000 lines": b"".join(b"%d 1 * * * job %d\n" % (number % 60, number) for number in range(1000)),
    "not utf-8": b"0 1 * * * caf\xe9 \xff\n",
    "empty": b"",
}


def crontab(place: CronPlace, **plans: str) -> New:
    """Return a target for a crontab, one line and its mark for each plan."""
    lines = "".join(f"# X-Delcia: plan={name} vehicle=spring\n{text} delcia charge\n" for name, text in plans.items())
    text = f"{BEGIN}: edit the plans\n# X-Delcia: unit=crontab\n{lines}{END}\n"
    goal = new(**plans)
    return replace(goal, content=Content(goal.content.plans_text, (Artifact(place.name, text),)), place=place)


def cron_host(folder: Path, refuses: frozenset[str] = frozenset()) -> Host:
    """Return a host in a folder whose crontabs and systemd outlive whoever asks."""
    folder.mkdir(exist_ok=True)
    systemd = FakeSystemd(folder / "host/etc/systemd/system", folder / "systemd.json")
    return Host(Paths.system(folder / "host"), systemd, crontabs=FakeCrontabs(folder / "crontabs", refuses))


@pytest.fixture
def cron(quick_path: Path) -> Host:
    return cron_host(quick_path)


def path_of(host: Host, place: CronPlace) -> Path:
    """Return the file behind a crontab."""
    root = host.paths.root
    assert root is not None
    if place is OWN:
        return root.parent / "crontabs" / OWN.user
    return root / place.name.removeprefix("/")


def bytes_of(host: Host, place: CronPlace) -> bytes | None:
    path = path_of(host, place)
    return path.read_bytes() if path.exists() else None


def give(host: Host, place: CronPlace, content: bytes) -> None:
    """Let a crontab be there already."""
    path_of(host, place).parent.mkdir(parents=True, exist_ok=True)
    path_of(host, place).write_bytes(content)


@EVERY_PLACE
def test_a_crontab_is_applied_changed_rolled_back_and_removed(cron: Host, place: CronPlace) -> None:
    nights, more = crontab(place, nights="0 22"), crontab(place, nights="0 23", trip="0 4")
    assert apply(cron, nights).number == 1
    first = bytes_of(cron, place)
    assert first is not None
    assert b"0 22 delcia charge" in first
    assert preview(cron, wanted(cron.paths, nights)).is_empty
    assert not apply(cron, nights).changed
    found = current_generation(cron.paths)
    assert found is not None
    assert found.receipt.place == place
    assert manifest(cron.paths) == {place.name: nights.content.artifacts[0].sha256}
    apply(cron, more)
    assert apply(cron, Earlier(1)).changed
    assert bytes_of(cron, place) == first
    assert current_number(cron.paths) == 1
    apply(cron, Nothing())
    assert bytes_of(cron, place) is None
    assert current_generation(cron.paths) is None
    assert apply(cron, Earlier(2)).changed


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("place", [SYNOLOGY, BUSYBOX, OWN], ids=lambda place: place.name)
def test_the_other_lines_stay_byte_for_byte(cron: Host, place: CronPlace, foreign: str) -> None:
    before = FOREIGN[foreign]
    give(cron, place, before)
    path_of(cron, place).chmod(0o640)
    for goal in (crontab(place, nights="0 22"), crontab(place, nights="0 23", trip="0 4")):
        apply(cron, goal)
        text = bytes_of(cron, place)
        assert text is not None
        assert text.startswith(before)
        assert text.partition(BEGIN.encode())[0] in {before, before + b"\n"}
        assert place is OWN or path_of(cron, place).stat().st_mode & 0o777 == 0o640
    apply(cron, Nothing())
    assert bytes_of(cron, place) == before


@EVERY_PLACE
def test_an_edited_or_deleted_crontab_is_drift_and_apply_repairs_it(cron: Host, place: CronPlace) -> None:
    goal = crontab(place, nights="0 22")
    apply(cron, goal)
    whole = bytes_of(cron, place)
    assert whole is not None
    path_of(cron, place).write_bytes(whole.replace(b"0 22", b"0 21"))
    assert [change.drift for change in preview(cron, wanted(cron.paths, goal)).changes.drifted] == [Drift.EDITED]
    apply(cron, goal)
    assert bytes_of(cron, place) == whole
    path_of(cron, place).unlink()
    assert [change.drift for change in preview(cron, wanted(cron.paths, goal)).changes.drifted] == [Drift.DELETED]
    apply(cron, goal)
    assert bytes_of(cron, place) == whole


@EVERY_PLACE
def test_one_back_end_owns_the_host(cron: Host, place: CronPlace) -> None:
    systemd = FakeSystemd(cron.paths.units, cron.paths.units.parents[3] / "systemd.json")
    apply(cron, UNITS)
    assert len(systemd.started) == 3
    apply(cron, crontab(place, nights="0 22"))
    assert bytes_of(cron, place)
    assert list(cron.paths.units.iterdir()) == []
    assert (systemd.started, systemd.enabled, systemd.loaded) == ([], [], {})
    apply(cron, Earlier(1))
    assert bytes_of(cron, place) is None
    assert len(systemd.started) == 3


def test_another_crontab_takes_the_place_of_the_first(cron: Host) -> None:
    for before, after in zip(PLACES, (*PLACES[1:], PLACES[0]), strict=True):
        apply(cron, crontab(before, nights="0 22"))
        apply(cron, crontab(after, nights="0 22"))
        assert bytes_of(cron, before) is None
        assert bytes_of(cron, after)


def test_a_file_in_cron_d_that_is_not_delcias_is_refused(cron: Host) -> None:
    give(cron, CRON_D, b"0 1 * * * root backup\n")
    with pytest.raises(DelciaError, match=r"1 of the files in the way .*/etc/cron\.d/delcia") as caught:
        apply(cron, crontab(CRON_D, nights="0 22"))
    assert caught.value.slug == "foreign-unit"
    path_of(cron, CRON_D).unlink()
    path_of(cron, CRON_D).mkdir()
    with pytest.raises(DelciaError):
        apply(cron, crontab(CRON_D, nights="0 22"))


def test_damaged_marks_are_refused_and_nothing_is_changed(cron: Host) -> None:
    damaged = f"0 1 * * * backup\n{BEGIN}\n".encode()
    give(cron, SYNOLOGY, damaged)
    with pytest.raises(DelciaError) as caught:
        apply(cron, crontab(SYNOLOGY, nights="0 22"))
    assert caught.value.slug == "crontab-marks"
    assert bytes_of(cron, SYNOLOGY) == damaged
    assert numbers(cron.paths) == ()


def test_plans_that_became_none_are_refused(cron: Host) -> None:
    apply(cron, crontab(BUSYBOX, nights="0 22", trip="0 4"))
    with pytest.raises(DelciaError, match="this would remove all 2 plans") as caught:
        apply(cron, crontab(BUSYBOX))
    assert caught.value.slug == "empty-plans"
    assert apply(cron, crontab(BUSYBOX), allow_empty=True).changed


@pytest.mark.parametrize("request_name", ["check", "install"])
def test_when_cron_refuses_the_old_generation_stays(quick_path: Path, request_name: str) -> None:
    cron = cron_host(quick_path)
    give(cron, OWN, FOREIGN["no end"])
    apply(cron, crontab(OWN, nights="0 22"))
    before = bytes_of(cron, OWN)
    with pytest.raises(DelciaError):
        apply(cron_host(quick_path, frozenset({request_name})), crontab(OWN, nights="0 23"))
    recover(cron)
    assert bytes_of(cron, OWN) == before
    assert numbers(cron.paths) == (1,)
    assert preview(cron, wanted(cron.paths, crontab(OWN, nights="0 22"))).is_empty


def test_what_some_cron_would_misread_is_not_written(cron: Host) -> None:
    for line in ("0 22 * * * date +%F", f"0 22 * * * {'x' * 1000}"):
        with pytest.raises(DelciaError) as caught:
            apply(cron, crontab(OWN, nights=line))
        assert caught.value.slug == "cron-refused"
    assert bytes_of(cron, OWN) is None


def test_a_program_that_is_gone_is_not_gone_back_to(cron: Host, tmp_path: Path) -> None:
    program = tmp_path / "delcia"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    apply(cron, crontab(OWN, nights=f"0\t22\t*\t*\t*\tXDG_STATE_HOME=/data {program} charge nights"))
    apply(cron, crontab(OWN, nights="0\t23\t*\t*\t*\tdelcia charge nights"))
    program.unlink()
    before = bytes_of(cron, OWN)
    with pytest.raises(DelciaError, match=f"there is no program {program}"):
        apply(cron, Earlier(1))
    assert (bytes_of(cron, OWN), current_number(cron.paths)) == (before, 2)


def test_plans_and_sync_do_not_wait_for_each_other_when_the_program_has_moved(cron: Host, tmp_path: Path) -> None:
    old, new_one = tmp_path / "old", tmp_path / "new"
    for program in (old, new_one):
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)

    def plans(program: Path) -> New:
        return crontab(CRON_D, nights=f"0\t22\t*\t*\t*\tdelcia\t{program} charge nights")

    def sync(program: Path) -> Stand:
        text = f"# X-Delcia: unit=sync\n*/5\t*\t*\t*\t*\troot\t{program} sync --now\n"
        return Stand({"sync": (Artifact("/etc/cron.d/delcia-sync", text),)})

    apply(cron, plans(old))
    apply(cron, sync(old))
    old.unlink()
    with pytest.raises(DelciaError, match=f"there is no program {old}"):
        apply(cron, crontab(CRON_D, nights=f"0\t23\t*\t*\t*\tdelcia\t{old} charge nights"))
    apply(cron, sync(new_one))
    apply(cron, Stand({}))
    old.write_text("#!/bin/sh\n", encoding="utf-8")
    old.chmod(0o755)
    apply(cron, sync(old))
    old.unlink()
    assert apply(cron, plans(new_one)).changed
    assert apply(cron, sync(new_one)).changed


def test_units_are_of_no_use_where_there_is_no_systemd(cron: Host) -> None:
    bare = replace(cron, systemd=AbsentSystemd(useless=True))
    with pytest.raises(DelciaError) as caught:
        apply(bare, UNITS)
    assert caught.value.slug == "no-systemd"
    assert apply(bare, crontab(BUSYBOX, nights="0 22")).changed
    assert not bare.paths.units.exists()


def test_what_the_owner_adds_while_apply_fails_is_not_lost(cron: Host) -> None:
    give(cron, SYNOLOGY, FOREIGN["comments"])
    apply(cron, crontab(SYNOLOGY, nights="0 22"))

    def edit(step: str) -> None:
        if step == "current":
            path = path_of(cron, SYNOLOGY)
            path.write_bytes(path.read_bytes() + b"0 5 * * * added\n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(cron, crontab(SYNOLOGY, nights="0 23"), checkpoint=edit)
    text = bytes_of(cron, SYNOLOGY)
    assert text is not None
    assert text.startswith(FOREIGN["comments"])
    assert b"0 22 delcia" in text
    assert text.endswith(b"0 5 * * * added\n")


def test_a_link_is_followed_to_the_crontab_it_names(cron: Host) -> None:
    real = path_of(cron, SYNOLOGY).with_name("real-crontab")
    give(cron, SYNOLOGY, b"")
    path_of(cron, SYNOLOGY).rename(real)
    path_of(cron, SYNOLOGY).symlink_to("real-crontab")
    apply(cron, crontab(SYNOLOGY, nights="0 22"))
    assert path_of(cron, SYNOLOGY).is_symlink()
    assert b"0 22" in real.read_bytes()


def test_crontabs_below_a_root_folder_are_files(tmp_path: Path) -> None:
    host = Host(Paths.system(tmp_path / "host"), AbsentSystemd())
    apply(host, crontab(OWN, nights="0 22"))
    file = tmp_path / "host/var/spool/cron/crontabs/ada"
    assert file.read_text(encoding="utf-8").startswith(BEGIN)
    assert file.stat().st_mode & 0o777 == 0o600
    apply(host, Nothing())
    assert not file.exists()


def before_nothing(_host: Host) -> None:
    """Begin on a host that has never seen delcia."""


def before_units(host: Host) -> None:
    apply(host, new(nights="22:00"))


def before(place: CronPlace, host: Host) -> None:
    apply(host, crontab(place, nights="0 22"))


DEATHS = [
    pytest.param(before_nothing, crontab(CRON_D, nights="0 23"), id="first apply to cron.d"),
    pytest.param(partial(before, OWN), crontab(OWN, nights="0 23"), id="edit of a user's crontab"),
    pytest.param(partial(before, SYNOLOGY), Nothing(), id="remove from /etc/crontab"),
    pytest.param(before_units, crontab(BUSYBOX, nights="0 23"), id="from systemd to busybox"),
    pytest.param(partial(before, BUSYBOX), new(nights="23:00"), id="from busybox to systemd"),
]


def seen(host: Host) -> Seen:
    """Return all that anybody can see of what is applied."""
    systemd = FakeSystemd(host.paths.units, host.paths.units.parents[3] / "systemd.json")
    units = {path.name: path.read_text(encoding="utf-8") for path in sorted(host.paths.units.glob("[!.]*"))}
    return ({place.name: bytes_of(host, place) for place in PLACES}, units, systemd.started, current(host))


def current(host: Host) -> str | None:
    found = current_generation(host.paths)
    return found.plans_text if found else None


@pytest.mark.parametrize(("prepare", "goal"), DEATHS)
def test_killed_anywhere_the_crontabs_are_as_before_or_as_after(
    quick_path: Path, prepare: partial[None], goal: New | Nothing
) -> None:
    def build(folder: Path) -> Host:
        return cron_host(folder)

    def begin(folder: Path) -> None:
        host = build(folder)
        for place in (SYNOLOGY, BUSYBOX, OWN):
            give(host, place, FOREIGN["no end"])
        prepare(host)

    begin(quick_path / "ideal")
    ideal = build(quick_path / "ideal")
    as_before = seen(ideal)
    apply(ideal, goal)
    as_after = seen(ideal)
    assert as_after != as_before
    endings = []
    for number, folder in copies_of(quick_path, begin):
        host = build(folder)
        killed = killed_at(number, partial(apply, host, goal))
        assert current(host) in {as_before[-1], as_after[-1]}
        recover(host)
        endings.append(seen(host))
        assert endings[-1] in (as_before, as_after)
        apply(host, goal)
        assert seen(host) == as_after
        assert not [path for path in folder.rglob("*") if "delcia-new" in path.name]
        if not killed:
            break
    assert as_before in endings
    assert endings[-1] == as_after
