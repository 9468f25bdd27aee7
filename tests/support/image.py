"""Builds the minimal Debians that the tests boot, once, and keeps them in the checkout under `.cache/`.

Four steps, each a folder named by a hash of what it was made from: the bare system (mmdebstrap), the packages
that delcia needs (downloaded with the host's own pip settings, so that the machine itself needs no network), the
bundle that `install.sh --bundle` makes of them, and the layer that its `install.sh` writes on top of the bare system.
"""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".cache"
PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}
"""The Debians that there are (systemd 252 and 257), each with its Python."""
PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "libpam-systemd", "python3", "python3-venv", "tzdata", "ca-certificates"),
    *("git", "openssh-server"),
)
PINS = ("requirements.txt", "build.txt")
MASKED = (
    *("ssh.service", "systemd-networkd-wait-online.service", "getty.target", "console-getty.service"),
    "apt-daily.timer",
)
"""Without a network the second makes services wait for two minutes; the others only cost time."""
TOOLS = ("mmdebstrap", "systemd-nspawn", "nsenter", "unshare", "setpriv")
UNUSED_S = 1200
"""A folder used within this time may be the disk of a machine that runs now."""
CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
"""The whole environment of a command inside: nothing of the host's."""
ALONE = (
    *("setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--propagation=private"),
    *("--pid", "--fork", "--kill-child"),
)
"""What a command mounts is its own, and it dies with who started it, and its mounts with it."""
SHIPPED = (
    *("delcia", "schemas", "templates", "plans", "install", "install.sh", "pyproject.toml", "README.md", "LICENSE"),
    *("action.yml", ".pre-commit-hooks.yaml"),
)


def missing() -> str | None:
    """Return why no machine can be booted here, or None."""
    if os.geteuid() != 0:
        return "booting a systemd needs root"
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


def layers(suite: str = "bookworm") -> tuple[Path, ...]:
    """Return the read-only folders of a machine with delcia installed, the uppermost first; builds what is missing."""
    from_bundle, under = bundle(suite), bare(suite)
    with _locked(suite):
        key = _hash("2", under.name, from_bundle.name)
        return _cached(f"{suite}-delcia", key, lambda folder: _install(under, from_bundle, folder)), under


def bare(suite: str) -> Path:
    """Return the folder of a Debian that has never seen delcia."""
    with _locked(suite):
        key = _hash("3", suite, *PACKAGES, *MASKED)
        return _cached(f"{suite}-bare", key, lambda folder: _make_debian(suite, folder))


def wheels(suite: str) -> Path:
    """Return a folder with all packages that building and running delcia needs, for the Python of a Debian."""
    return wheels_for(PYTHONS[suite])


def wheels_for(python: str) -> Path:
    """Return such a folder for any Python, as `3.12`."""
    pins = [(CHECKOUT / "install" / name).read_text(encoding="utf-8") for name in PINS]
    with _locked(f"wheels-{python}"):
        key = _hash("3", python, *pins)
        return _cached(f"wheels-{python}", key, lambda folder: _download(python, folder))


def bundle(suite: str) -> Path:
    """Return the folder that a bundle of this checkout unpacks to, for the Python of a Debian."""
    packages = wheels(suite)
    with _locked(suite):
        key = _hash("2", packages.name, *_contents())
        return _cached(f"{suite}-bundle", key, lambda folder: _make_bundle(PYTHONS[suite], packages, folder))


@contextmanager
def _locked(suite: str) -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
    with (CACHE / f"{suite}.lock").open("w") as lock:
        # What a step started holds the lock as long as it lives.
        os.set_inheritable(lock.fileno(), True)  # noqa: FBT003 - it takes no keyword
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _cached(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """Return the folder of this kind and key, made in a place of its own first; those long unused go."""
    done = CACHE / f"{kind}-{key}"
    if not done.is_dir():
        for old in CACHE.glob(f"{kind}-[0-9a-f]*"):
            if old.suffix == ".part" or time.time() - old.stat().st_mtime > UNUSED_S:
                (sweep if old.is_dir() else Path.unlink)(old)
        part = CACHE / f"{kind}-{key}.part"
        part.mkdir()
        make(part)
        part.rename(done)
    os.utime(done)
    return done


def sweep(folder: Path) -> None:
    """Remove a folder in which a run that was killed may have left something mounted; that itself is left alone."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    mounted = [re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), line.split()[4]) for line in lines]
    for place in reversed([name for name in mounted if Path(name).is_relative_to(folder.resolve())]):
        subprocess.run(["umount", place], check=True)
    shutil.rmtree(folder)


def _do(argv: list[str], log: Path) -> None:
    """Run a step, its output into a log; on failure the log's end is the message."""
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=900, check=False, close_fds=False
        )
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])
        msg = f"{argv[0]} ended with {done.returncode}; {log}:\n{tail}"
        raise RuntimeError(msg)


def mirror() -> str | None:
    """Return the address from which this host's apt takes Debian, None for mmdebstrap's own default."""
    argv = ["apt-get", "indextargets", "--format", "$(CREATED_BY) $(ORIGIN) $(REPO_URI)"]
    shown = subprocess.run(argv, capture_output=True, text=True, check=False).stdout if shutil.which(argv[0]) else ""
    start = "Packages Debian "
    return next((line.removeprefix(start) for line in shown.splitlines() if line.startswith(start)), None)


def _make_debian(suite: str, folder: Path) -> None:
    """Install a Debian with nothing but its essential packages, apt and ours; debootstrap takes twice the time."""
    argv = [*ALONE, "mmdebstrap", "--mode=root", "--variant=apt", f"--include={','.join(PACKAGES)}"]
    argv += ["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", "--dpkgopt=force-unsafe-io"]
    from_here = mirror()
    _do([*argv, suite, str(folder), *([from_here] if from_here else [])], CACHE / f"{suite}-bare.log")
    for unit in MASKED:
        (folder / "etc/systemd/system" / unit).symlink_to("/dev/null")
    (folder / "etc/machine-id").write_text("", encoding="ascii")


def _download(python: str, folder: Path) -> None:
    pins = [f"--requirement={CHECKOUT}/install/{name}" for name in PINS]
    argv = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    _do([*argv, f"--python-version={python}", f"--dest={folder}", *pins], CACHE / f"wheels-{python}.log")


def _contents() -> Iterator[str]:
    """Yield the names and hashes of the checkout's files that an installation is made from."""
    for name in SHIPPED:
        top = CHECKOUT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{path.relative_to(CHECKOUT)} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def source_in(folder: Path) -> Path:
    """Copy what a clone has of this checkout into a folder of its own, and return it."""
    source = folder / "source"
    source.mkdir(parents=True)
    for name in SHIPPED:
        here = CHECKOUT / name
        if here.is_dir():
            shutil.copytree(here, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif here.exists():
            shutil.copy2(here, source / name)
    return source


def _make_bundle(python: str, packages: Path, folder: Path) -> None:
    """Have a clone make a bundle of packages that are there already, and unpack it into a folder."""
    source, log = source_in(folder), CACHE / f"bundle-{python}.log"
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(packages), "PYTHON": sys.executable}
    given = [f"{name}={value}" for name, value in settings.items()]
    _do(["env", *given, str(source / "install.sh"), "--bundle", "--for", f"{python}-{platform.machine()}"], log)
    (archive,) = (source / "dist").glob("*.tar.gz")
    _do(["tar", "-xzf", str(archive), "--strip-components=1", "-C", str(folder)], log)
    shutil.rmtree(source)


def _install(under: Path, from_bundle: Path, folder: Path) -> None:
    """Run the `install.sh` of a bundle as root inside the bare system, without a network, and keep what it wrote."""
    work, root = CACHE / f"{under.name}.work", CACHE / f"{under.name}.root"
    for place in (work, root):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
    steps = """
        set -e
        mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"
        mount -t tmpfs tmpfs "$4/run"
        mkdir "$4/run/bundle"
        mount --bind "$5" "$4/run/bundle"
        mount -t proc proc "$4/proc"
        mount --rbind /dev "$4/dev"
        root=$4
        shift 5
        exec chroot "$root" env -i "$@" /run/bundle/install.sh --yes
    """
    places = [str(place) for place in (under, folder, work, root, from_bundle)]
    settings = [f"{name}={value}" for name, value in CLEAN.items()]
    argv = [*ALONE, "--net", "sh", "-c"]
    _do([*argv, steps, "sh", *places, *settings], CACHE / f"{under.name}.log")
    for place in (work, root):
        shutil.rmtree(place)


if __name__ == "__main__":  # before the tests that would wait for them; if it fails, they tell why
    from support.interrupted import heed

    heed()
    if missing() is None:
        layers()
        for each in PYTHONS:
            bundle(each)
            bare(each)
