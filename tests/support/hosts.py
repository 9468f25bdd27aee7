"""Small generations for tests of apply, and what a host looks like from outside."""

from datetime import UTC, datetime

from support.fake_systemd import FakeSystemd

from delcia.core.changes import Artifact
from delcia.host.generations import Content, Origin
from delcia.host.machine import Host
from delcia.host.preview import New

View = tuple[dict[str, tuple[int, str]], list[str], list[str], dict[str, str]]


def units(**plans: str) -> tuple[Artifact, ...]:
    """Return a timer and a service per plan, the text of the timer being what is given, and the reconcile timer."""
    pairs = [("reconcile", "every 5 min"), *((f"plan-{name}", text) for name, text in plans.items())]
    return tuple(
        Artifact(f"delcia-{name}.{kind}", f"# X-Delcia: {name.replace('plan-', 'plan=')}\n# {kind} {text}\n")
        for name, text in pairs
        for kind in ("service", "timer")
    )


def new(**plans: str) -> New:
    """Return a target with these plans."""
    content = Content(f"{sorted(plans.items())}\n", units(**plans))
    return New(content, Origin("/plans"), "1.0", datetime(2026, 11, 23, 18, 41, tzinfo=UTC))


def pulling(text: str = "hourly") -> tuple[Artifact, ...]:
    """Return units that stand beside those of the plans: a timer and its service."""
    return tuple(
        Artifact(f"delcia-sync.{kind}", f"# X-Delcia: unit=sync\n# {kind} {text}\n") for kind in ("service", "timer")
    )


def view(host: Host, systemd: FakeSystemd) -> View:
    """Return all that anybody can see of what is applied: files with their modes, running timers, loaded units."""
    paths = host.paths
    roots = (paths.units, paths.generations, paths.current, paths.manifest, paths.standing)
    files = [path for root in roots for path in ([root] if root.is_file() else sorted(root.rglob("*")))]
    seen = {
        str(path.relative_to(paths.data.parents[2])): (path.stat().st_mode & 0o777, path.read_text(encoding="utf-8"))
        for path in files
        if path.is_file() and paths.stage not in path.parents
    }
    return seen, systemd.started, systemd.enabled, systemd.loaded
