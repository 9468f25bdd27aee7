"""Builds the minimal Debian that the tests boot, once, and keeps it in the checkout under `.cache/`.

Three steps, each a folder named by a hash of what it was made from: the bare system (debootstrap), the packages
that delcia needs (downloaded with the host's own pip settings, so that the machine itself needs no network), and the
layer that the real `install.sh` writes on top of the bare system.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".cache"
SUITE = "bookworm"
PYTHON = "3.11"
"""The Python of that suite."""
PACKAGES = ("systemd", "systemd-sysv", "dbus", "libpam-systemd", "python3", "python3-venv", "tzdata", "ca-certificates")
MASKED = ("systemd-networkd-wait-online.service", "getty.target", "console-getty.service", "apt-daily.timer")
"""Without a network the first makes services wait for two minutes; the others only cost time."""
TOOLS = ("debootstrap", "systemd-nspawn", "nsenter", "unshare", "setpriv")
UNUSED_S = 1200
"""A folder used within this time may be the disk of a machine that runs now."""
CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
"""The whole environment of a command inside: nothing of the host's."""
SHIPPED = ("delcia", "schemas", "templates", "plans", "install.sh", "pyproject.toml", "README.md", "LICENSE")


def missing() -> str | None:
    """Return why no machine can be booted here, or None."""
    if os.geteuid() != 0:
        return "booting a systemd needs root"
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


def layers() -> tuple[Path, ...]:
    """Return the read-only folders of a machine with delcia installed, the uppermost first; builds what is missing."""
    with _locked():
        bare = _cached("debian", _hash("1", SUITE, *PACKAGES, *MASKED), _debootstrap)
        needs = _requirements()
        wheels = _cached("wheels", _hash("1", PYTHON, *needs), lambda folder: _download(needs, folder))
        state = _hash("1", bare.name, wheels.name, *_contents())
        return _cached("delcia", state, lambda folder: _install(bare, wheels, folder)), bare


@contextmanager
def _locked() -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _cached(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """Return the folder of this kind and key, made in a place of its own first; those long unused go."""
    done = CACHE / f"{kind}-{key}"
    if not done.is_dir():
        for old in CACHE.glob(f"{kind}-*"):
            if old.suffix == ".part" or time.time() - old.stat().st_mtime > UNUSED_S:
                shutil.rmtree(old)
        part = CACHE / f"{kind}-{key}.part"
        part.mkdir()
        make(part)
        part.rename(done)
    os.utime(done)
    return done


def _do(argv: list[str], log: Path) -> None:
    """Run a step, its output into a log; on failure the log's end is the message."""
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=900, check=False)
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])
        msg = f"{argv[0]} ended with {done.returncode}; {log}:\n{tail}"
        raise RuntimeError(msg)


def _mirror() -> list[str]:
    """Return the address from which this host's apt takes the suite; empty: debootstrap's own default."""
    form = "$(CREATED_BY) $(CODENAME) $(ORIGIN) $(REPO_URI)"
    argv = ["apt-get", "indextargets", "--format", form]
    shown = subprocess.run(argv, capture_output=True, text=True, check=False).stdout if shutil.which(argv[0]) else ""
    start = f"Packages {SUITE} Debian "
    return [line.removeprefix(start) for line in shown.splitlines() if line.startswith(start)][:1]


def _debootstrap(folder: Path) -> None:
    argv = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(folder), *_mirror()]
    _do(argv, CACHE / "debian.log")
    for archive in (folder / "var/cache/apt/archives").glob("*.deb"):
        archive.unlink()
    for unit in MASKED:
        (folder / "etc/systemd/system" / unit).symlink_to("/dev/null")
    (folder / "etc/machine-id").write_text("", encoding="ascii")


def _requirements() -> tuple[str, ...]:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    return (*project["build-system"]["requires"], *project["project"]["dependencies"])


def _download(needs: tuple[str, ...], folder: Path) -> None:
    argv = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", f"--python-version={PYTHON}"]
    _do([*argv, f"--dest={folder}", *needs], CACHE / "wheels.log")


def _contents() -> Iterator[str]:
    """Yield the names and hashes of the checkout's files that an installation is made from."""
    for name in SHIPPED:
        top = CHECKOUT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{path.relative_to(CHECKOUT)} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _install(bare: Path, wheels: Path, folder: Path) -> None:
    """Run the checkout's `install.sh` as root inside the bare system and keep what it wrote."""
    source = CACHE / "source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    for name in SHIPPED:
        here = CHECKOUT / name
        if here.is_dir():
            shutil.copytree(here, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif here.exists():
            shutil.copy2(here, source / name)
    work, root = CACHE / "overlay-work", CACHE / "overlay-root"
    for place in (work, root):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
    inside = {**CLEAN, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/run/wheels", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    steps = """
        set -e
        mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"
        mount -t tmpfs tmpfs "$4/run"
        mkdir "$4/run/wheels" "$4/run/source"
        mount --bind "$5" "$4/run/wheels"
        mount --bind "$6" "$4/run/source"
        mount -t proc proc "$4/proc"
        mount --rbind /dev "$4/dev"
        root=$4
        shift 6
        exec chroot "$root" env -i "$@" sh -ec 'cd /run/source && ./install.sh'
    """
    places = [str(place) for place in (bare, folder, work, root, wheels, source)]
    settings = [f"{name}={value}" for name, value in inside.items()]
    argv = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private", "sh", "-c", steps, "sh"]
    _do([*argv, *places, *settings], CACHE / "install.log")
    for place in (source, work, root):
        shutil.rmtree(place)
