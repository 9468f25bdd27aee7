"""The real `crontab` of vixie cron, cronie and busybox: delcia's part goes in and out, every other byte stays."""

import os
import subprocess
from pathlib import Path

import pytest
from support.real_crons import KINDS, Kind, debian_13, missing

from delcia.core.blocks import BEGIN, END
from delcia.core.changes import Artifact
from delcia.errors import DelciaError
from delcia.host.crond import RunningCrontabs
from delcia.host.crontabs import CrontabBackend

PART = f"{BEGIN}: edit the plans\n# X-Delcia: unit=crontab\n*/5\t*\t*\t*\t*\tdelcia charge --all\n{END}\n"
NAME = "crontab of root"
FOREIGN = {
    "none": None,
    "comments": b"# mine\n\n0 1 * * *\tbackup # nightly\n",
    "crlf": b"MAILTO=ada\r\n0 1 * * * backup\r\n# last\r\n",
    "crlf and comments": b"# 1\r\n# 2\r\n# 3\r\n# 4\r\n0 1 * * * printf 'a\\r' \r\n",
    "looks like a return": b"0 1 * * * printf 'a\\r'\\r\n",
    "1,000 lines": b"".join(b"%d 1 * * * job %d\n" % (number % 60, number) for number in range(990)) + b"# ten\n" * 10,
    "not utf-8": b"# caf\xe9\n0 1 * * * backup \xff\n",
}
SPOOL = "var/spool/cron/crontabs/root"


class RealCrontab:
    """A `crontab` on PATH whose crontabs lie in a folder of its own."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        self.kind, self.file = kind, folder / "spool/root"
        self.file.parent.mkdir()
        if kind == "vixie":
            mount = 'mount --bind "$1" /var/spool/cron/crontabs; shift; exec crontab "$@"'
            call = f"""unshare --mount --propagation=private sh -c '{mount}' sh {folder}/spool"""
        else:
            subprocess.run(["cp", "-a", debian_13(), folder / "root"], check=True)
            self.file = folder / "root" / SPOOL
            self.file.parent.mkdir(parents=True, exist_ok=True)
            call = f"chroot {folder}/root {'busybox ' if kind == 'busybox' else ''}crontab"
        (folder / "bin").mkdir()
        path = f"PATH={os.environ['PATH']}" if kind == "vixie" else "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
        (folder / "bin/crontab").write_text(f'#!/bin/sh\nexport {path}\nexec {call} "$@"\n', encoding="utf-8")
        (folder / "bin/crontab").chmod(0o755)
        self.program = folder / "bin/crontab"

    def give(self, text: bytes) -> None:
        """Let the owner install a crontab."""
        subprocess.run([self.program, "-"], input=text, check=True, capture_output=True)

    @property
    def bytes(self) -> bytes | None:
        """What lies on disk, without the three lines that vixie cron adds."""
        if not self.file.exists():
            return None
        content = self.file.read_bytes()
        return content.split(b"\n", 3)[3] if content.startswith(b"# DO NOT EDIT") else content


@pytest.fixture(params=KINDS)
def crontab(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RealCrontab:
    kind: Kind = request.param
    if why := missing(kind):
        pytest.skip(f"NOT TESTED with the real crontab of {kind}: {why}")
    real = RealCrontab(kind, tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    return real


@pytest.fixture
def backend() -> CrontabBackend:
    return CrontabBackend(Path("/"), RunningCrontabs())


@pytest.mark.parametrize("foreign", FOREIGN)
def test_the_owners_lines_stay_byte_for_byte(crontab: RealCrontab, backend: CrontabBackend, foreign: str) -> None:
    before = FOREIGN[foreign]
    if before is not None:
        crontab.give(before)
    assert crontab.bytes == before
    assert backend.read(NAME) is None
    backend.write(NAME, PART)
    assert backend.read(NAME) == PART
    assert crontab.bytes == (before or b"") + PART.encode()
    other = PART.replace("*/5", "*/7")
    backend.write(NAME, other)
    assert crontab.bytes == (before or b"") + other.encode()
    backend.remove(NAME)
    assert backend.read(NAME) is None
    assert crontab.bytes == before


def test_a_last_line_without_its_end_keeps_its_bytes(crontab: RealCrontab, backend: CrontabBackend) -> None:
    """Such a crontab is written past `crontab`; vixie cron and cronie would refuse it, so it keeps the end it got."""
    crontab.give(b"")
    crontab.file.write_bytes(b"# mine\n0 1 * * * backup")
    backend.write(NAME, PART)
    text = crontab.bytes
    assert text is not None
    assert text.startswith(b"# mine\n0 1 * * * backup\n# BEGIN delcia")
    backend.remove(NAME)
    assert crontab.bytes == b"# mine\n0 1 * * * backup\n"


def test_a_crontab_that_is_refused_is_told_in_its_own_words(crontab: RealCrontab, backend: CrontabBackend) -> None:
    crontab.give(b"0 1 * * * backup\n")
    if crontab.kind == "busybox":
        backend.write(NAME, PART.replace("*/5", "every"))
        assert crontab.bytes == b"0 1 * * * backup\n" + PART.replace("*/5", "every").encode(), "busybox takes any line"
        return
    with pytest.raises(DelciaError, match=r"crontab refuses: .*bad minute") as caught:
        backend.write(NAME, PART.replace("*/5", "every"))
    assert caught.value.slug == "crontab"
    assert crontab.bytes == b"0 1 * * * backup\n"


def test_an_artifact_may_have_such_a_name() -> None:
    assert Artifact(NAME, PART).sha256
