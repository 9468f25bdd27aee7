"""A host below a root folder follows a real bare remote: what is sound is applied, what is not changes nothing."""

import json
import shutil
from contextlib import closing
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from support.command import delcia
from support.death import killed_at
from support.home import NIGHTS, SITE, SPRING
from support.repositories import Remote, git, remote

from delcia.host.generations import current_generation, receipts
from delcia.host.offers import read_offer, word
from delcia.host.paths import Paths
from delcia.resources import resource
from delcia.store.notices import open_notices
from delcia.store.opening import open_readonly

GOOD = SITE % {"vehicle": SPRING, "more": "", "plans": NIGHTS, "chargers": ""}
BETTER = GOOD.replace("to_soc: 80", "to_soc: 70")
BROKEN = GOOD.replace("vehicle: spring", "vehicle: sprint")


@pytest.fixture
def origin(tmp_path: Path) -> Remote:
    return remote(tmp_path)


@pytest.fixture
def paths(origin: Remote, tmp_path: Path) -> Paths:
    """Return a host that follows the remote."""
    found = Paths.system(tmp_path / "host")
    found.config.mkdir(parents=True)
    found.host_file.write_text(f"sync: {{remote: '{origin.url}', folder: plans}}\n", encoding="utf-8")
    return found


def sync(paths: Paths, *options: str) -> int:
    return delcia("sync", *(options or ("--now",)), "--root", str(paths.root)).status


def commit_of(paths: Paths) -> str | None:
    found = current_generation(paths)
    return found.receipt.origin.commit if found else None


def told(paths: Paths) -> list[str]:
    with closing(open_readonly(paths.database)) as store:
        return [item.text for item in open_notices(store)]


def test_a_push_is_followed_a_broken_one_changes_nothing_and_is_told_once(origin: Remote, paths: Paths) -> None:
    first = origin.push(home=GOOD)
    assert sync(paths) == 0
    assert commit_of(paths) == first
    (receipt,) = receipts(paths)
    assert (receipt.origin.author, receipt.origin.clean) == ("Ada Zoe", True)
    broken = origin.push(home=BROKEN)
    assert [sync(paths), sync(paths)] == [1, 1]
    assert commit_of(paths) == first
    assert (word(paths).commit, word(paths).slug) == (first, "bad-plans")
    (notice,) = told(paths)
    assert f"the plans at {broken[:10]} have errors: home.yaml:" in notice
    mended = origin.push(home=BETTER)
    assert sync(paths) == 0
    assert (commit_of(paths), told(paths)) == (mended, [])


def test_a_rewritten_branch_is_refused_until_the_host_is_told(origin: Remote, paths: Paths) -> None:
    origin.push(home=GOOD)
    sync(paths)
    other = origin.push("--amend", home=BETTER)
    assert sync(paths) == 1
    assert word(paths).slug == "not-fast-forward"
    text = paths.host_file.read_text(encoding="utf-8").replace("folder: plans", "folder: plans, force: true")
    paths.host_file.write_text(text, encoding="utf-8")
    assert sync(paths) == 0
    assert commit_of(paths) == other


def test_a_remote_that_is_away_changes_nothing_and_is_not_told(origin: Remote, paths: Paths) -> None:
    first = origin.push(home=GOOD)
    sync(paths)
    origin.bare.rename(origin.bare.with_name("away"))
    assert sync(paths) == 1
    assert (commit_of(paths), told(paths), word(paths).slug) == (first, [], "remote-away")
    origin.bare.with_name("away").rename(origin.bare)
    assert sync(paths) == 0


def test_suspended_it_applies_nothing_and_a_rollback_suspends_it(origin: Remote, paths: Paths) -> None:
    origin.push(home=GOOD)
    assert sync(paths, "--enable") == 0
    sync(paths)
    origin.push(home=BETTER)
    sync(paths)
    ran = delcia("rollback", "--yes", "--root", str(paths.root))
    assert "sync is suspended" in ran.stderr
    sync(paths)
    found = current_generation(paths)
    assert found is not None
    assert found.number == 1
    assert "suspended by a rollback to generation 1" in delcia("sync", "--root", str(paths.root)).stdout
    sync(paths, "--resume", "--now")
    found_data = json.loads(delcia("sync", "--json", "--root", str(paths.root)).stdout)
    schema = json.loads(resource("schemas", "sync.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found_data)
    assert (found_data["on"], found_data["suspended"]) == (True, "")
    assert (paths.units / "delcia-sync.timer").exists()
    assert sync(paths, "--disable") == 0
    assert not (paths.units / "delcia-sync.timer").exists()


def hostile(origin: Remote, trap: Path) -> None:
    """Put all into the branch that a checkout, or a careless reader, would run or follow."""
    work = origin.work
    for name in ("hooks/post-checkout", "hooks/post-merge"):
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_bytes(trap.read_bytes())
        (work / name).chmod(0o755)
    (work / "config").write_text(f'[core]\n\tfsmonitor = {trap}\n[filter "x"]\n\tsmudge = {trap}\n', encoding="utf-8")
    (work / ".gitattributes").write_text("* filter=x diff=x export-subst\n", encoding="utf-8")


@pytest.mark.parametrize("what", ["link", "submodule", "huge", "outside"])
def test_a_hostile_repository_runs_reads_and_applies_nothing(
    origin: Remote, paths: Paths, tmp_path: Path, what: str
) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    first = origin.push(home=GOOD)
    sync(paths)
    hostile(origin, trap)
    more = ""
    if what == "link":
        (origin.work / "plans/other.yaml").symlink_to("/etc/passwd")
    elif what == "submodule":
        git(origin.work, "update-index", "--add", "--cacheinfo", f"160000,{first},plans/sub")
        (origin.work / "plans/sub").mkdir()
    elif what == "huge":
        (origin.work / "plans/huge.yaml").write_bytes(b"\0" * 200_000_000)
    else:
        (paths.config / "credentials").mkdir(exist_ok=True)
        (paths.config / "credentials/secret.txt").write_text("2026-12-24\n", encoding="utf-8")
        more = "calendars:\n  red: {file: ../../../../../../etc/delcia/credentials/secret.txt}\n"
    origin.push(home=BETTER + more)
    assert sync(paths) == 1
    assert commit_of(paths) == first
    assert not (tmp_path / "sprung").exists()
    assert word(paths).slug in {"not-plain", "bad-plans", "remote-away", "too-large"}


@pytest.mark.parametrize("text", ["", "[]", '{"at": 1}', "x" * 20_000, '{"at": "2026-01-01T00:00:00Z", "commit": "x"}'])
def test_an_offer_that_somebody_else_wrote_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "offer.json").write_text(text, encoding="utf-8")
    assert read_offer(tmp_path) is None
    (tmp_path / "offer.json").unlink()
    (tmp_path / "offer.json").symlink_to("/etc/passwd")
    assert read_offer(tmp_path) is None


def test_killed_anywhere_the_host_has_the_old_plans_or_the_new(origin: Remote, paths: Paths, tmp_path: Path) -> None:
    """Every thirtieth change of a file: `tests/host/test_crash.py` dies at each one of a transaction."""
    first = origin.push(home=GOOD)
    sync(paths)
    second = origin.push(home=BETTER)
    seen = set()
    source = tmp_path / "host"
    for number in range(1, 1000, 30):
        here = Paths.system(tmp_path / "copy")
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        shutil.copytree(source, tmp_path / "copy", symlinks=True)
        killed = killed_at(number, partial(sync, here))
        seen.add(commit_of(here))
        assert sync(here) == 0
        assert commit_of(here) == second
        if not killed:
            break
    assert seen == {first, second}
