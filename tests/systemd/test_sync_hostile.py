"""A booted host that verifies what it follows, when the git server and the user that looks there are an attacker's."""

import json

import pytest
from support.house import SITE, House

REMOTE, WORK, PULLED = "/srv/plans.git", "/srv/work", "/var/lib/delcia-sync"
SETTINGS = f"{{remote: 'file://{REMOTE}', folder: plans, interval_min: 1440, verify: true}}"
BEGIN = f"""
    git config --system user.name Ada; git config --system user.email ada@example.org
    ssh-keygen -q -t ed25519 -N "" -C "" -f /root/key
    echo "ada $(cat /root/key.pub)" >/etc/delcia/allowed_signers
    git init --quiet --bare --initial-branch=main {REMOTE}
    git clone --quiet {REMOTE} {WORK} 2>/dev/null; mkdir {WORK}/plans; cd {WORK}
    git config gpg.format ssh; git config user.signingkey /root/key
"""
PUSH = f"""
    cd {WORK} && git add --all && git commit --quiet --message=next -S
    git push --quiet --force origin HEAD:main && git rev-parse HEAD
"""
NIGHTS = '  nights: {{vehicle: spring, charger: socket, charge: {{to_soc: {}}}, when: {{windows: ["01:38-06:38"]}}}}\n'
FORGE = f"""#!/usr/bin/python3
import glob, json, os, subprocess, sys, zlib
from datetime import datetime, timezone
os.chdir("{PULLED}/clone.git")
git = ["git", "-c", "safe.directory=*"]
commit, forged = {{commit!r}}, {{forged!r}}
upload = "--upload-pack=git -c safe.directory=* upload-pack"
subprocess.run([*git, "fetch", "--quiet", upload, "file://{REMOTE}", "main:refs/x"], check=True)
for pack in glob.glob("objects/pack/*.pack"):
    os.rename(pack, "../pack")
    subprocess.run([*git, "unpack-objects", "-q"], stdin=open("../pack", "rb"), check=True)
if forged:
    blob = subprocess.check_output([*git, "rev-parse", commit + ":plans/home.yaml"], text=True).strip()
    data = subprocess.check_output([*git, "cat-file", "blob", blob]).replace(b"to_soc: 70", b"to_soc: 99")
    assert b"to_soc: 99" in data
    file = f"objects/{{{{blob[:2]}}}}/{{{{blob[2:]}}}}"
    os.unlink(file)
    open(file, "wb").write(zlib.compress(b"blob %d\\0" % len(data) + data))
offer = dict(at=datetime.now(timezone.utc).isoformat(), commit=commit, slug="", message="", again=False)
json.dump(offer, open("../offer.json", "w"))
"""
EVIL = "[Service]\nExecStart=\nExecStart=/usr/local/bin/evil\n"
DROP_IN = "/etc/systemd/system/delcia-sync-fetch.service.d/evil.conf"
RUNS = ["delcia-sync-fetch.service", "delcia-sync.service"]


@pytest.fixture(scope="module")
def follower(house: House) -> tuple[House, str, str]:
    """Return a house that follows a signed branch, and the two commits that it has had."""
    house.apply(NIGHTS.format(60))
    house.machine.put("/etc/delcia/host.yaml", f"sync: {SETTINGS}\n")
    house.machine.run(["sh", "-ec", BEGIN])
    first = push(house, NIGHTS.format(79))
    house.delcia("sync", "--enable")
    look(house)
    second = push(house, NIGHTS.format(78))
    look(house)
    assert stands(house) == (second, "", second)
    return house, first, second


def push(house: House, plans: str) -> str:
    house.machine.put(f"{WORK}/plans/home.yaml", SITE + plans)
    return house.machine.run(["sh", "-ec", PUSH]).stdout.strip()


def look(house: House) -> None:
    house.machine.run(["systemctl", "reset-failed", *RUNS], check=False)
    house.delcia("sync", "--now", check=False)


def stands(house: House) -> tuple[object, object, object]:
    """Return what root says of sync, and which commit is applied."""
    said = json.loads(house.delcia("sync", "--json").stdout)
    return said["commit"], said["slug"], json.loads(house.delcia("status", "--json").stdout)["generation"]["commit"]


def break_into(house: House, commit: str, *, forged: bool) -> None:
    """Have another program run in the place of the look, as its user and in its sandbox."""
    house.machine.put("/usr/local/bin/evil", FORGE.format(commit=commit, forged=forged))
    house.machine.run(["chmod", "0755", "/usr/local/bin/evil"])
    house.machine.put(DROP_IN, EVIL)
    house.machine.run(["systemctl", "daemon-reload"])
    look(house)
    said = house.machine.run(["journalctl", "-u", RUNS[0], "-o", "cat", "-n", "20"]).stdout
    assert "Traceback" not in said, said
    house.machine.run(["rm", DROP_IN])
    house.machine.run(["systemctl", "daemon-reload"])


def test_the_server_sets_no_history_back_though_all_that_the_look_knew_is_gone(
    follower: tuple[House, str, str],
) -> None:
    house, first, second = follower
    for lost in (f"{PULLED}/clone.git", f"{PULLED}/*"):
        house.machine.run(["sh", "-ec", f"rm -r {lost}; git -C {REMOTE} update-ref refs/heads/main {first}"])
        look(house)
        assert stands(house) == (second, "not-fast-forward", second), lost
        house.machine.run(["git", "-C", REMOTE, "update-ref", "refs/heads/main", second])
        look(house)
        assert stands(house) == (second, "", second)


def test_root_applies_neither_an_older_commit_nor_a_forged_file_that_the_look_offers(
    follower: tuple[House, str, str],
) -> None:
    house, first, second = follower
    break_into(house, first, forged=False)
    assert stands(house) == (second, "not-fast-forward", second)
    third = push(house, NIGHTS.format(70))
    break_into(house, third, forged=True)
    assert stands(house) == (second, "forged", second)
    house.machine.run(["sh", "-c", f"rm -r {PULLED}/*"])
    look(house)
    assert stands(house) == (third, "", third), "what was forged is fetched again"
