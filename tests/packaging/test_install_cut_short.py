"""`install.sh` killed before every single thing that it does: what ran still runs, and running it again completes.

The host is real, its Python is not: making an environment and filling it takes no time here.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import image
from support.roots import Root

REASON = image.missing()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(REASON is not None, reason=f"NOT TESTED in a clean root: {REASON}"),
]
TOOLS = "chgrp chmod cp groupadd groupdel install ln mkdir mktemp mv rm rmdir sed useradd userdel"
MORTAL = """#!/bin/sh
# Counts what install.sh does; the one thing too many is a kill -9 before it.
echo x >>/tmp/done
if [ "$(wc -l </tmp/done)" -eq "${KILLED_AT:-0}" ]; then kill -9 "$PPID"; exit 1; fi
PATH=/usr/sbin:/usr/bin exec %s "$@"
"""
PYTHON = """#!/bin/sh
case "$1 $2" in
"-m venv") cp -R /fake/environment/. "$3/" ;;
"-m pip") exit 0 ;;
*) exec /usr/bin/python3 "$@" ;;
esac
"""
DELCIA = """#!/bin/sh
case $1 in
--version) echo "delcia 1.2.3" ;;
apply) echo again >/var/lib/delcia/again ;;
remove) rm -f /var/lib/delcia/current ;;
esac
"""
BEFORE = "find /opt /usr/local /etc /var/lib/delcia /var/cache/delcia 2>/dev/null | sort; cksum /etc/passwd /etc/group"
RUN = "rm -f /tmp/done; /install.sh --yes"
WORKS = 'if [ -e /opt/delcia ]; then [ "$(/opt/delcia/bin/delcia --version)" = "delcia 1.2.3" ]; else exit 3; fi'


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Root]:
    """Return a clean root with a bundle in it, and tools that may kill it."""
    clean = Root((image.bundle("bookworm"), image.bare("bookworm")), tmp_path / "root")
    try:
        for tool in TOOLS.split():
            clean.put(f"/fake/bin/{tool}", MORTAL % tool, mode=0o755)
        for name, text in (("python", PYTHON), ("delcia", DELCIA)):
            clean.put(f"/fake/environment/bin/{name}", text, mode=0o755)
        clean.put("/fake/environment/pyvenv.cfg", "")
        clean.put("/fake/bin/python3", PYTHON, mode=0o755)
        # Both keep a copy of a file that they change, the first time.
        clean.run(["sh", "-c", "groupadd fake; useradd -g fake fake; userdel fake; groupdel fake 2>/dev/null || :"])
        yield clean
    finally:
        clean.remove()


def sh(root: Root, words: str, killed_at: int = 0) -> int:
    """Run words of a shell, killed before the nth thing they do; return their exit status."""
    env = {"PATH": "/fake/bin:/usr/sbin:/usr/bin", "PYTHON": "/fake/bin/python3", "KILLED_AT": str(killed_at)}
    return root.run(["sh", "-c", words], env=env, check=killed_at == 0 and words != WORKS).returncode


def test_killed_anywhere_it_completes_when_run_again(root: Root) -> None:
    before = root.run(["sh", "-c", BEFORE]).stdout
    after: set[str] = set()
    deaths = 0
    mortal = {"", "--upgrade", "--uninstall --purge"}
    """What does so many things that it can be killed before the nth."""
    for number in range(1, 100):
        for options in ("", "--upgrade", "--uninstall --purge"):
            if options in mortal:
                if sh(root, f"{RUN} {options}", number) == 0:
                    mortal.remove(options)
                assert sh(root, WORKS) in ({0} if options == "--upgrade" else {0, 3}), number
            elif options == "--upgrade":
                continue
            sh(root, f"{RUN} {options}")
            if not options:
                assert sh(root, WORKS) == 0
                after.add(root.run(["sh", "-c", BEFORE]).stdout.replace("delcia-b", "delcia-a"))
                sh(root, "mkdir -p /var/lib/delcia; touch /var/lib/delcia/current")
        assert root.run(["sh", "-c", BEFORE]).stdout == before, number
        if not mortal:
            break
        deaths += 1
    assert deaths > 10
    assert len(after) == 1, "whenever it was killed, what is there in the end is the same"


def test_what_is_in_the_way_is_said_before_anything_is_made(root: Root) -> None:
    before = root.run(["sh", "-c", BEFORE]).stdout
    for prepare, said, undo in (
        ("mount -t tmpfs -o ro tmpfs /opt", "/opt cannot be written, or is on a read-only file system", "umount /opt"),
        ("mount -t tmpfs -o size=8m tmpfs /opt", "8 MB are free for /opt/delcia, and delcia needs 200", "umount /opt"),
        ("mkdir /opt/delcia", "/opt/delcia is there already and is not delcia's link", "rmdir /opt/delcia"),
        ("mkdir -p /opt/delcia-a/x", "/opt/delcia-a is there already and is no", "rm -r /opt/delcia-a"),
        ("echo >/usr/local/bin/delcia", "/usr/local/bin/delcia is there already", "rm /usr/local/bin/delcia"),
        ("ln -s x /usr/local/bin/delcia", "leads to x, which is not delcia's", "rm /usr/local/bin/delcia"),
    ):
        root.run(["sh", "-c", prepare])
        ran = root.run(["/install.sh", "--yes"], check=False)
        assert ran.returncode == 1
        assert said in ran.stderr
        assert "    hint: " in ran.stderr
        root.run(["sh", "-c", undo])
        assert root.run(["sh", "-c", BEFORE]).stdout == before, prepare


def test_a_synology_is_told_what_nobody_could_verify(root: Root) -> None:
    root.put("/etc/synoinfo.conf", "")
    said = root.run(["/install.sh", "--yes"], env={"PYTHON": "/fake/bin/python3"}).stdout
    assert said.count("(not verified)") == 3
    assert "synosystemctl restart crond" in said
    root.run(["sh", "-c", "rm -f /usr/bin/python3* /fake/bin/python3 /usr/bin/apt-get"])
    ran = root.run(["/install.sh", "--yes"], check=False)
    assert ran.returncode == 1
    assert "python3 here: none" in ran.stderr
    assert "in Package Center, install SynoCommunity's package" in ran.stderr
    assert "uv python install --install-dir /opt/python" in ran.stderr


def test_without_python_the_hosts_package_manager_is_asked_with_consent(root: Root) -> None:
    root.run(
        ["sh", "-c", "mkdir /usr/hidden; mv /usr/bin/python3* /usr/hidden; rm /usr/bin/apt-get /usr/bin/apt-cache"]
    )
    installs = """#!/bin/sh
echo "$@" >>/fake/apk
sed s:/usr/bin/python3:/usr/hidden/python3.11: /fake/bin/python3 >/usr/bin/python3
chmod 755 /usr/bin/python3
"""
    root.put("/usr/sbin/apk", installs, mode=0o755)
    refused = root.run(["/install.sh"], check=False)
    assert "outside of its own folders delcia has to install the packages: python3" in refused.stderr
    dry = root.run(["/install.sh", "--dry-run"]).stdout
    assert "would be done: installing packages: python3" in dry
    assert not root.place("/fake/apk").exists()
    root.run(["/install.sh", "--yes"])
    assert root.place("/fake/apk").read_text(encoding="utf-8") == "add --quiet --no-cache python3\n"
