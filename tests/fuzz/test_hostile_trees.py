"""Hostile git trees: whatever a commit names, it is read in bounds of time and memory, or refused in words.

`DELCIA_HOSTILE=2000 pytest tests/fuzz/test_hostile_trees.py` draws as many; the suite draws a tenth.
"""

import json
import os
import resource
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from support.trees import Case, Maker, drawn, worst

from delcia.cli.pulling import checked
from delcia.cli.vouching import vouched
from delcia.errors import DelciaError
from delcia.host.objects import reading
from delcia.host.syncing import Sync

COUNT = int(os.environ.get("DELCIA_HOSTILE", "200"))
LONGEST_S, LARGEST_KB = 2.0, 64_000
"""Of computing, for each commit."""
NOW = datetime(2026, 11, 30, tzinfo=UTC)
T = TypeVar("T")
SYNC = Sync("file:///srv/plans.git")


def spent_s() -> float:
    """Return the computing that this process and those that it ended have done: other tests run beside it."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def judged(repository: Path, commit: str, place: Path) -> str:
    """Read a commit as a host does; return the slug of its refusal, nothing for a sound one."""
    with TemporaryDirectory(dir=place) as folder:
        target = Path(folder, "a/b/c")
        target.mkdir(parents=True)
        slug = words = ""
        try:
            with reading(repository, time_s=20) as objects:
                vouched(objects, None, commit, SYNC, place, NOW)
                checked(objects, commit, SYNC, target, NOW)
        except DelciaError as error:
            slug, words = error.slug, error.message
        assert words.isprintable(), words
        written = [path for path in Path(folder).rglob("*") if not path.is_dir() or path.is_symlink()]
        assert [path for path in written if path.is_symlink() or not path.is_relative_to(target)] == []
    return slug


def all_judged(repository: Path, cases: list[Case], place: Path) -> list[str]:
    """Return in words what went wrong."""
    wrong, slugs = [], {judged(repository, cases[0].commit, place)}
    # What git takes counts from what this process has, of which it begins as a copy.
    before_kb = {who: resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)}
    for case in cases:
        began = spent_s()
        try:
            slugs.add(judged(repository, case.commit, place))
        except BaseException:  # noqa: BLE001 - each of them is what is looked for
            wrong.append(f"{case.what}: {traceback.format_exc()[-2000:]}")
        if (took := spent_s() - began) > LONGEST_S:
            wrong.append(f"{case.what}: {took:.1f} s")
        for who, kb in before_kb.items():
            if (grown := resource.getrusage(who).ru_maxrss - kb) > LARGEST_KB:
                wrong.append(f"{case.what}: {grown} kB more")
                before_kb[who] += grown
    if not slugs >= {"", "bad-plans", "not-plain", "too-large", "forged", "git"}:
        wrong.append(f"not everything came up: {slugs}")
    return wrong


def made(place: Path) -> list[tuple[str, str]]:
    maker = Maker(place)
    return [(case.what, case.commit) for case in (*worst(maker), *(drawn(maker, number) for number in range(COUNT)))]


def apart(work: Callable[[], T], file: Path) -> T:
    """Do some work in a process of its own, whose memory is its own too."""
    child = os.fork()
    if child == 0:
        try:
            file.write_text(json.dumps(work()), encoding="utf-8")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    found: T = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_whatever_a_commit_names_is_read_in_bounds_or_refused_in_words(quick_path: Path) -> None:
    cases = [Case(*case) for case in apart(lambda: made(quick_path), quick_path / "cases.json")]
    assert len(cases) > COUNT
    repository = quick_path / "hostile.git"
    assert apart(lambda: all_judged(repository, cases, quick_path), quick_path / "said.json") == []
